"""Whether another distribution has a package of the name of one of ours, and which.

The packages have plain names, and `evals` is also what OpenAI's distribution of that name installs.
Whichever is first on the path hides the other; in one environment both lie in one folder, and
what was installed last has written over the other's `__init__.py`.
"""

import base64
import hashlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from importlib.metadata import Distribution, PackageNotFoundError, distribution, distributions
from importlib.util import find_spec
from pathlib import Path

NAME = "valuegauge"
# As in pyproject.toml, which a test compares.
PACKAGES = (
    "data_cards",
    "ratings",
    "scorers",
    "providers",
    "decoders",
    "benchmarks",
    "evals",
    "leaderboard",
    "valuegauge",
)
# Of folders alone links are followed: some installers make a link of each file.
_HOME = Path(__file__).parent.resolve().parent
_WHAT_TO_DO = "install valuegauge into an environment of its own"


@dataclass(frozen=True)
class Clash:
    """A package of ours whose name another distribution uses.

    Attributes:
        line: what is wrong and what to do, one line for people.
        hides_ours: whether Python finds theirs. If not, it is theirs that does not work.
    """

    line: str
    hides_ours: bool


def find_clash(packages: Sequence[str] = PACKAGES) -> Clash | None:
    """The first clash over some of our packages, one that hides ours before all others.

    Nothing of them is imported. It takes some milliseconds, unless there is a clash.
    """
    for package in packages:
        found = _found_at(package)
        if found != _ours(package):
            return Clash(_hidden(package, found), hides_ours=True)
    written = _written_by_us()
    for package in packages if written else ():
        if _is_overwritten(package, written) and (owner := _owner(package, _ours(package))):
            line = f"{owner} has overwritten the package {package!r} of valuegauge in {_HOME}"
            return Clash(f"{line}; {_WHAT_TO_DO}", hides_ours=True)
    for package in packages if written else ():
        if _has_more_than(package, written) and (owner := _owner(package, _ours(package))):
            line = f"valuegauge has overwritten the package {package!r} of {owner} in {_HOME}"
            return Clash(f"{line}, which does not work now; {_WHAT_TO_DO}", hides_ours=False)
    return None


def require_own(packages: Sequence[str] = PACKAGES) -> None:
    """Refuse to continue where another distribution hides one of our packages.

    Raises:
        ImportError: names the package, the distribution and what to do, in one line.
    """
    clash = find_clash(packages)
    if clash is not None and clash.hides_ours:
        raise ImportError(clash.line)


def tells_itself() -> bool:
    """Whether this process is a command line, which says by itself when it misses a package.

    That is `valuegauge`, `python -m valuegauge` or `inspect`, which may not need all packages.
    """
    started = (getattr(sys, "argv", None) or [""])[0]
    return started == "-m" or Path(started).stem.removesuffix("-script") in (NAME, "inspect")


def _found_at(package: str) -> Path | None:
    """Where Python would import a package from; None where it finds none."""
    loaded = sys.modules.get(package)
    try:
        spec = loaded.__spec__ if loaded is not None else find_spec(package)
    except ValueError:
        return None
    locations = _locations(spec)
    if spec is not None and spec.origin is None and _ours(package) in locations:
        return _ours(package)  # a folder without code, to which others may add
    return next(iter(locations), None)


def _ours(package: str) -> Path:
    return (_HOME / package).resolve()


def _locations(spec: ModuleSpec | None) -> list[Path]:
    if spec is None:
        return []
    folders = list(spec.submodule_search_locations or ())
    return [Path(folder).resolve() for folder in folders or filter(None, [spec.origin])]


def _hidden(package: str, found: Path | None) -> str:
    if found is None:
        return f"the package {package!r} of valuegauge is not in {_HOME}; install valuegauge again"
    owner = _owner(package, found)
    whose = f" of {owner}" if owner else ""
    return (
        f"Python finds {found}{whose} before the package {package!r} of valuegauge in {_HOME}; "
        f"{_WHAT_TO_DO}, and start it in a folder without {found.name!r}"
    )


def _written_by_us() -> dict[str, str]:
    """The digest of each file that installing valuegauge wrote here; empty for a clone."""
    try:
        ours = distribution(NAME)
    except PackageNotFoundError:
        return {}
    if Path(str(ours.locate_file(""))).resolve() != _HOME:
        return {}
    return dict(_record(ours))


def _record(one: Distribution) -> Iterator[tuple[str, str]]:
    """Each file of a distribution that is in a package, with its digest."""
    for line in (one.read_text("RECORD") or "").splitlines():
        path, _, rest = line.partition(",")
        if "/" in path and not path.startswith(".."):
            yield path, rest.rpartition(",")[0].removeprefix("sha256=")


def _is_overwritten(package: str, written: dict[str, str]) -> bool:
    name = f"{package}/__init__.py"
    if not written.get(name):
        return False
    digest = hashlib.sha256((_HOME / name).read_bytes()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != written[name]


def _has_more_than(package: str, written: dict[str, str]) -> bool:
    """Whether a package's folder holds what installing valuegauge did not write."""
    ours = {path.split("/")[1] for path in written if path.startswith(f"{package}/")}
    there = {path.name for path in (_HOME / package).iterdir()}
    return bool(there - ours - {"__pycache__"})


def _owner(package: str, location: Path) -> str | None:
    """The other distribution that installed a package there, by name and version."""
    for one in distributions():
        name = one.metadata["Name"]
        if name == NAME or Path(str(one.locate_file(location.name))).resolve() != location:
            continue
        if any(path.startswith(f"{package}/") or path == location.name for path, _ in _record(one)):
            return f"the distribution {name} {one.version}"
    return None
