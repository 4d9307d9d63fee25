"""What tests share: where the mirrors of the published data are, and clean surroundings."""

import functools
import gc
import importlib.metadata
import signal
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from ratings.instruments.value_portrait import _load_instrument
from ratings.sources.locations import mirror_root

# How long an example takes says how busy the machine is, and nothing of the code.
settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")


def pytest_configure():
    """Interrupts count, though whoever started the tests may ignore them, as `nohup` does.

    What tests start would ignore them too, and some tests interrupt it. What is installed is looked
    up once: Inspect asks for each run, which takes half a second.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    found = functools.cache(importlib.metadata.packages_distributions)
    importlib.metadata.packages_distributions = found


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path, parent: pytest.Collector):
    """Tests are no examples: asked for doctests, one that cannot be imported would be skipped."""
    found = yield
    return [one for one in found if type(one).__name__ != "DoctestModule"]


def pytest_collection_finish():
    """What is imported by now stays: collecting garbage need not look at it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def _all_surroundings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("surroundings")


@pytest.fixture(autouse=True)
def _clean_surroundings(_all_surroundings: Path, monkeypatch: pytest.MonkeyPatch):
    """No test reads or writes the user's cache, configuration or logs."""
    # `mktemp` of pytest looks at all folders before, which thousands of tests notice
    folder = Path(tempfile.mkdtemp(dir=_all_surroundings))
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "INSPECT_LOG_DIR"):
        monkeypatch.setenv(name, str(folder / name.lower()))
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture(scope="session")
def mirror_or_none() -> Path | None:
    """The folder of mirrors at the start of the tests, absolute, if there is one."""
    root = mirror_root()
    return root if root is not None and (root / "value_portrait").is_dir() else None


@pytest.fixture
def mirror(mirror_or_none: Path | None, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of mirrors; the test is skipped where there is none."""
    if mirror_or_none is None:
        pytest.skip("needs a mirror of the published data: set VALUEGAUGE_DATA")
    monkeypatch.setenv("VALUEGAUGE_DATA", str(mirror_or_none))
    return mirror_or_none


@pytest.fixture
def no_data(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No mirror and no network: the proxy named here does not exist, and is soon given up."""
    _load_instrument.cache_clear()  # another test may have read the data where they were
    monkeypatch.setenv("VALUEGAUGE_DATA", str(tmp_path_factory.mktemp("no_data")))
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.setattr("ratings.sources.download.FIRST_WAIT", 0.01)


@pytest.fixture
def in_full(request: pytest.FixtureRequest) -> bool:
    """Whether studies marked `slow` run in full: `pytest -m slow`; else in a reduced size."""
    return "slow" in request.config.getoption("-m")
