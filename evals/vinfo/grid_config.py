"""What a grid of fits is made of, from a YAML file, checked before anything is trained."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from decoders.families import family_named
from decoders.family import Family
from evals.suites.suite_yaml import Part, read_parts
from evals.vinfo.preflight import require_available
from evals.vinfo.study import VinfoStudy, plan_study
from ratings.data_sets.registry import load_data_set
from ratings.errors import DataError
from ratings.representations.names import parse_representation
from ratings.sources.locations import resolve_from_start

T = TypeVar("T")

_REQUIRED, _OPTIONAL = ("data", "representations"), ("families", "seeds")
_SEEDS = 5
_PATHS = (".csv", ".parquet", ".yaml", ".yml")


@dataclass(frozen=True, eq=False)
class Grid:
    """Fits to make.

    Attributes:
        name: of the file.
        studies: one for each data set and family, families in turn within a data set.
    """

    name: str
    studies: tuple[VinfoStudy, ...]

    @property
    def fits(self) -> int:
        """How many there are."""
        return sum(len(study.representations) * study.seeds for study in self.studies)


def read_grid(path: Path, note: Callable[[str], None]) -> Grid:
    """The grid of a file.

    Args:
        path: of the YAML file.
        note: is told what the user should know of the data, a line each.

    Raises:
        DataError: for a field, data set, representation or family that is none, or a data set
            that lacks what is to be told; says where in the file.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise DataError(f"the grid {path} cannot be read: {error}") from error
    parts = read_parts(text, path.name).fields(_REQUIRED, _OPTIONAL)
    families: dict[str, Part | None] = dict.fromkeys(["default"])
    if "families" in parts:
        families = dict(_texts(parts["families"]))
    _require_apart({name: _told(part, family_named, name) for name, part in families.items()})
    told = {
        _told(part, parse_representation, name): part
        for name, part in _texts(parts["representations"]).items()
    }
    seeds = parts["seeds"].whole_number(1) if "seeds" in parts else _SEEDS
    studies: list[VinfoStudy] = []
    for name, part in _texts(parts["data"]).items():
        data, notes = _told(part, load_data_set, name)
        for line in notes:
            note(f"{data.name}: {line}")
        if any(data.name == study.data.name for study in studies):
            raise part.error(f"two data sets have the name {data.name!r}")
        studies += [_told(part, plan_study, data, list(told), family, seeds) for family in families]
        for representation, asked in told.items():
            _told(asked, require_available, studies[-1].data, [representation], seeds)
    return Grid(path.stem, tuple(studies))


def _texts(part: Part) -> dict[str, Part]:
    """The texts of a list, each once; paths are absolute, so that every process finds them."""
    found = {}
    for item in part.items():
        text = item.text()
        if Path(text).suffix.lower() in _PATHS:
            text = str(resolve_from_start(text))
        if text in found:
            raise item.error(f"{text!r} is listed twice")
        found[text] = item
    return found


def _told(part: Part | None, make: Callable[..., T], *arguments: object) -> T:
    """What is made, or the error with its place in the file."""
    try:
        return make(*arguments)
    except DataError as error:
        raise error if part is None else part.error(error) from error


def _require_apart(families: Mapping[str, Family]) -> None:
    """Refuse two families whose rows would have the same name."""
    seen: dict[str, str] = {}
    for place, family in families.items():
        other = seen.setdefault(family.name, place)
        if other != place:
            raise DataError(
                f"two families of the grid are called {family.name!r}, {other} and {place}: give "
                f"one of them another 'name'"
            )
