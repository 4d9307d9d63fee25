"""What a user may set when an instrument is built."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import Field

from ratings.errors import DataError
from ratings.input.strict_files import Flag, StrictFields, Text, Whole, read_yaml
from ratings.sources.cards import card_ids
from ratings.sources.locations import resolve_from_start
from scorers.screening.screen import ScreeningRules


@dataclass(frozen=True)
class Screening(ScreeningRules, StrictFields):
    """The rules by which raters are left out, as a settings file gives them; null turns one off."""


@dataclass(frozen=True)
class BuildSettings(StrictFields):
    """Fields of a settings file; each may be left out.

    Attributes:
        title: of the instrument, for people.
        language: of the items and prompts.
        about: what a reader should know, for the card.
        licence: of the items and ratings.
        citation: how to cite it.
        synthetic: whether the raters are simulated; every output says so then.
        screening: rules by which raters are left out; the paper's where nothing is said.
        checks: the right answer of each attention check, by its column in the file of raters. A
            file that counts failed checks has a column `failed_checks` instead.
        fewest_items: a dimension with fewer tagged items is named as having too few.
        permutations: of raters, for the expected share of false tags.
        resamples: of raters, for the stability of tags.
    """

    title: Text | None = None
    language: Text = "English"
    about: Text | None = None
    licence: Text = "not stated"
    citation: Text | None = None
    synthetic: Flag = False
    screening: Screening = field(default_factory=Screening)
    checks: Mapping[str, Text | Whole] = field(default_factory=dict)
    fewest_items: Annotated[Whole, Field(ge=1)] = 5
    permutations: Annotated[Whole, Field(ge=20)] = 1000
    resamples: Annotated[Whole, Field(ge=20)] = 500


def load_settings(given: Path | None) -> BuildSettings:
    """The settings of a YAML file, or the usual ones.

    Raises:
        MalformedFileError: for an unknown field or a value of another kind; names the line.
    """
    if given is None:
        return BuildSettings()
    return read_yaml(resolve_from_start(str(given)), BuildSettings)


def check_name(name: str) -> str:
    """A name that can be the id of an instrument's card.

    Raises:
        DataError: for any other.
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", name):
        raise DataError(
            f"the name {name!r} must be small letters, digits, '_' and '-', 64 at most, such as "
            f"our_values_2026"
        )
    if name in card_ids() or name in ("official", "sample"):
        raise DataError(f"the name {name!r} is taken by data of valuegauge; choose another")
    return name
