"""One made sample for all tests of PRISM, and its files in the layout of the release."""

import shutil
from pathlib import Path

import pytest

from ratings.prism.container import Prism
from ratings.prism.prism import PARTS, load_prism
from ratings.prism.release import write_release


@pytest.fixture(scope="session")
def sample() -> Prism:
    return load_prism("sample", people=30, parts=PARTS)


@pytest.fixture(scope="session")
def written(sample: Prism, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release")
    write_release(sample, folder)
    return folder


@pytest.fixture
def release(written: Path, tmp_path: Path) -> Path:
    """A copy that the test may damage."""
    return Path(shutil.copytree(written, tmp_path / "release"))
