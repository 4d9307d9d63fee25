"""Groups of people, and schemes by which people are asked: the paper's, or a user's from a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd
from pydantic import Field

from ratings.arrays import BoolArray
from ratings.errors import DataError, unknown_name
from ratings.input.strict_files import StrictFields, Text, Whole, read_yaml

_SHIPPED = Path(__file__).with_name("paper.yaml")
EVERYONE = "everyone"


@dataclass(frozen=True)
class Group(StrictFields):
    """People by their answer to one question of the survey; everybody where no column is given.

    Attributes:
        column: of the survey.
        only: the answers of the group; or
        without: the answers that the group does not have. Somebody without an answer is in no
            group; `Prefer not to say` is an answer.
    """

    column: Text | None = None
    only: tuple[Text, ...] = ()
    without: tuple[Text, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a group that does not say who is in it, or says it twice.

        Raises:
            DataError: says what to give.
        """
        if self.column is None and (self.only or self.without):
            raise DataError("a group with 'only' or 'without' needs a 'column'")
        if self.column is not None and bool(self.only) == bool(self.without):
            raise DataError("a group by a column needs one of 'only' and 'without'")

    def members(self, survey: pd.DataFrame) -> BoolArray:
        """Who is in the group, a mask of R.

        Raises:
            UnknownNameError: for a column that the survey does not have.
        """
        if self.column is None:
            return np.ones(len(survey), dtype=np.bool_)
        if self.column not in survey:
            raise unknown_name("column of the survey", self.column, survey.columns)
        answers = survey[self.column]
        listed = answers.astype(str).isin(self.only or self.without)
        mask: BoolArray = (listed if self.only else ~listed & answers.notna()).to_numpy(bool)
        return mask


@dataclass(frozen=True)
class Scheme(StrictFields):
    """How people are asked: so many of a group, with replacement.

    Attributes:
        pool: name of the group.
        people: n, how many are drawn.
    """

    pool: Text
    people: Annotated[Whole, Field(ge=1)]


@dataclass(frozen=True)
class WelfarePlan(StrictFields):
    """Who may decide and who has to live with it.

    Attributes:
        groups: by name.
        schemes: by name.
        compared_with: the scheme that others are compared with.
        stakeholders: names of the groups whose welfare counts.
        deciders: names of the groups that decide alone, compared with everyone deciding.
    """

    groups: Mapping[Text, Group]
    schemes: Mapping[Text, Scheme]
    compared_with: Text
    stakeholders: tuple[Text, ...]
    deciders: tuple[Text, ...] = field(default=())

    def __post_init__(self) -> None:
        """Refuse names of groups and schemes that the plan does not have.

        Raises:
            DataError: names the one, and those that there are.
        """
        if not self.stakeholders:
            raise DataError("a plan needs a stakeholder")
        if EVERYONE not in self.groups or self.groups[EVERYONE].column is not None:
            raise DataError(f"a plan needs the group '{EVERYONE}: {{}}'")
        used = (
            *self.stakeholders,
            *self.deciders,
            *(scheme.pool for scheme in self.schemes.values()),
        )
        for name in used:
            if name not in self.groups:
                raise unknown_name("group of the plan", name, self.groups)
        if self.compared_with not in self.schemes:
            raise unknown_name("scheme of the plan", self.compared_with, self.schemes)

    def masks(self, survey: pd.DataFrame) -> dict[str, BoolArray]:
        """Members of each group, masks of R; a group may be empty.

        Raises:
            UnknownNameError: for a column that the survey does not have.
        """
        return {name: group.members(survey) for name, group in self.groups.items()}


@lru_cache
def load_plan(path: str | None = None) -> WelfarePlan:
    """The paper's plan, or that of a YAML file of the same form.

    Raises:
        DataError: when the file cannot be read or is malformed.
    """
    return read_yaml(_SHIPPED if path is None else Path(path), WelfarePlan)
