"""Which answers of a survey, and which labels of a census, fall into one category."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias, cast

import pandas as pd

from ratings.errors import DataError, unknown_name
from ratings.input.strict_files import Number, StrictFields, Text, Whole, read_yaml

Categories: TypeAlias = "pd.Series[pd.CategoricalDtype[str]]"

_SHIPPED = Path(__file__).with_name("countries")


@dataclass(frozen=True)
class Category(StrictFields):
    """One category of a variable.

    Attributes:
        survey: the survey's labels; the category's own name where there are none.
        census: the census's labels; the category's own name where there are none.
        years: first and last year of age, both included, for a census by single years; the last
            is None where there is none. Instead of `census`.
    """

    survey: tuple[Text, ...] = ()
    census: tuple[Text, ...] = ()
    years: tuple[Whole, Whole | None] | None = None


@dataclass(frozen=True)
class Variable(StrictFields):
    """What a survey and a census both ask.

    Attributes:
        survey_column: of the table of people.
        categories: by name, in the order of tables.
        outside_survey: labels of people whom the census does not count as they see themselves, or
            who did not say: they take no part.
        outside_census: labels of the census that are no people of their own, such as totals.
    """

    survey_column: Text
    categories: dict[Text, Category]
    outside_survey: tuple[Text, ...] = ()
    outside_census: tuple[Text, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a label that falls into two categories."""
        for labels in (self._survey_labels(), self._census_labels()):
            seen: set[str] = set()
            for label, _ in labels:
                if label in seen:
                    raise DataError(f"the label {label!r} is in two categories")
                seen.add(label)

    def of_survey(self, answers: "pd.Series[str]") -> Categories:
        """The category of each person; missing for those outside.

        Raises:
            DataError: for a label that is in no category.
        """
        known = dict(self._survey_labels())
        return self._mapped(answers, known, self.outside_survey, "survey")

    def of_census(self, labels: "pd.Series[str]") -> Categories:
        """The category of each row of a census; missing for those outside.

        Raises:
            DataError: for a label that is in no category, or that is no age.
        """
        if any(one.years is None for one in self.categories.values()):
            return self._mapped(labels, dict(self._census_labels()), self.outside_census, "census")
        counted = labels[~labels.isin(self.outside_census)]
        ages = pd.to_numeric(counted.str.removesuffix("+"), errors="coerce")
        if ages.isna().any():
            odd = counted[ages.isna()].iloc[0]
            raise DataError(f"{self.survey_column}: {odd!r} is not a year of age")
        found = pd.Series(pd.NA, index=labels.index, dtype="object")
        for name, category in self.categories.items():
            first, last = category.years or (0, 0)
            inside = ages.between(first, float("inf") if last is None else last)
            found[ages.index[inside]] = name
        return cast("Categories", found.astype(self._kind()))

    def _mapped(
        self, labels: "pd.Series[str]", known: dict[str, str], outside: tuple[str, ...], where: str
    ) -> Categories:
        plain = labels.astype("object")
        there = plain[plain.notna() & ~plain.isin(outside)]
        if len(odd := there[~there.isin(list(known))]):
            name = f"{self.survey_column} of the {where}"
            raise unknown_name(name, odd.iloc[0], [*known, *outside])
        return there.map(known).reindex(plain.index).astype(self._kind())

    def _kind(self) -> pd.CategoricalDtype:
        return pd.CategoricalDtype(list(self.categories))

    def _survey_labels(self) -> list[tuple[str, str]]:
        every = self.categories.items()
        return [(label, name) for name, one in every for label in one.survey or (name,)]

    def _census_labels(self) -> list[tuple[str, str]]:
        every = self.categories.items()
        return [(label, name) for name, one in every for label in one.census or (name,)]


@dataclass(frozen=True)
class FileLayout(StrictFields):
    """How a census's file in CSV is laid out.

    Attributes:
        rows: the column that holds the labels of the first variable, in a file with a column for
            each combination of the others; None for a long file, with a column for each variable.
        columns: with `rows`, a regular expression that the name of a column of counts matches as
            a whole, with a named group for each of the other variables. Columns that do not match
            are left out.
        people: of a long file, the column of counts.
        total: how many people are counted, where the file holds shares of them.
    """

    rows: Text | None = None
    columns: Text | None = None
    people: Text = "people"
    total: Number | None = None

    def __post_init__(self) -> None:
        """Refuse half a layout."""
        if (self.rows is None) != (self.columns is None):
            raise DataError("rows and columns are given together or not at all")
        try:
            re.compile(self.columns or "")
        except re.error as error:
            raise DataError(f"columns is not a regular expression: {error}") from None


@dataclass(frozen=True)
class CensusScheme(StrictFields):
    """A country's census and how a survey's answers fall into its categories.

    Attributes:
        country: a name.
        source: who counted, when, and what.
        variables: by name; the first is the one in a wide file's rows.
        file: how the census's file is laid out.
    """

    country: Text
    source: Text
    variables: dict[Text, Variable]
    file: FileLayout = field(default_factory=FileLayout)

    def cells_of(self, people: pd.DataFrame) -> pd.DataFrame:
        """The census category of each person in each variable.

        Args:
            people: R rows, with the variables' survey columns.

        Returns:
            R rows, the variables as categoricals; missing where a person is outside.

        Raises:
            DataError: for a column that is not there or a label that no category has.
        """
        for variable in self.variables.values():
            if variable.survey_column not in people:
                raise DataError(
                    f"the table of people has no column {variable.survey_column!r}, which the "
                    f"census of {self.country} needs"
                )
        return pd.DataFrame(
            {name: one.of_survey(people[one.survey_column]) for name, one in self.variables.items()}
        )


@lru_cache
def load_scheme(country: str) -> CensusScheme:
    """The scheme of a country that ships (`UK`, `US`), or of a YAML file of the same form.

    Raises:
        DataError: for a country that does not ship, or a file that is malformed.
    """
    if country.endswith((".yaml", ".yml")):
        return read_yaml(Path(country), CensusScheme)
    shipped = sorted(path.stem for path in _SHIPPED.glob("*.yaml"))
    if country not in shipped:
        raise unknown_name("country", country, [*shipped, "<file>.yaml"])
    return read_yaml(_SHIPPED / f"{country}.yaml", CensusScheme)
