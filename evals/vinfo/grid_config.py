"""What a grid of fits is made of, from a YAML file, checked before anything is trained."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import Field

from decoders.families import family_named
from decoders.family import Family
from evals.vinfo.preflight import require_available
from evals.vinfo.study import VinfoStudy, plan_study
from ratings.data_sets.registry import load_data_set
from ratings.errors import DataError
from ratings.input.strict_files import (
    Document,
    MalformedFileError,
    StrictFields,
    Text,
    Whole,
    parse_yaml,
    read_text,
)
from ratings.representations.names import parse_representation
from ratings.sources.locations import resolve_from_start

T = TypeVar("T")
Fault = Callable[[object], MalformedFileError]

_PATHS = (".csv", ".parquet", ".yaml", ".yml")
_Names = Annotated[tuple[Text, ...], Field(min_length=1)]


@dataclass(frozen=True)
class _File(StrictFields):
    data: _Names
    representations: _Names
    families: _Names = ("default",)
    seeds: Annotated[Whole, Field(ge=1)] = 5


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
        note: takes what the user should know of the data, one line per call.

    Raises:
        DataError: for a field, data set, representation or family that does not exist, or a data
            set that lacks what is to be given; says where in the file.
    """
    document = parse_yaml(read_text(path), path.name)
    found = document.check(_File)
    families = _each_once(document, "families", found.families)
    _require_apart({name: _made(part, family_named, name) for name, part in families.items()})
    representations = {
        _made(part, parse_representation, name): part
        for name, part in _each_once(document, "representations", found.representations).items()
    }
    studies: list[VinfoStudy] = []
    for name, part in _each_once(document, "data", found.data).items():
        data, notes = _made(part, load_data_set, name)
        for line in notes:
            note(f"{data.name}: {line}")
        if any(data.name == study.data.name for study in studies):
            raise part(f"two data sets have the name {data.name!r}")
        asked = (data, list(representations))
        studies += [_made(part, plan_study, *asked, family, found.seeds) for family in families]
        for representation, where in representations.items():
            _made(where, require_available, studies[-1].data, [representation], found.seeds)
    return Grid(path.stem, tuple(studies))


def _each_once(document: Document, key: str, texts: Sequence[str]) -> dict[str, Fault]:
    """The error for each text; paths are absolute, so that every process finds them."""
    found: dict[str, Fault] = {}
    for index, given in enumerate(texts):
        text = given
        if Path(given).suffix.lower() in _PATHS:
            text = str(resolve_from_start(given))
        location = (key, index) if key in document.value else ()
        fault = partial(document.error, location)
        if text in found:
            raise fault(f"{text!r} is listed twice")
        found[text] = fault
    return found


def _made(fault: Fault, make: Callable[..., T], *arguments: object) -> T:
    """What is made, or the error with its location in the file."""
    try:
        return make(*arguments)
    except DataError as error:
        raise fault(error) from error


def _require_apart(families: Mapping[str, Family]) -> None:
    """Refuse two families whose rows would have the same name."""
    seen: dict[str, str] = {}
    for name, family in families.items():
        other = seen.setdefault(family.name, name)
        if other != name:
            raise DataError(
                f"two families of the grid are called {family.name!r}, {other} and {name}: give "
                f"one of them another 'name'"
            )
