"""A census read from its file: how many people are in each cell, a combination of categories."""

import re
from pathlib import Path
from typing import Literal

import pandas as pd

from ratings.census.scheme import CensusScheme, load_scheme
from ratings.errors import DataError, unknown_name
from ratings.sources.cards import load_card
from ratings.sources.fetch import fetch

_PRISM_FILES = {
    "UK": "data/storage/census_data/uk.csv",
    "US": "data/storage/census_data/us_census_aggregate.csv",
}


def prism_census(country: Literal["UK", "US"]) -> "pd.Series[float]":
    """The census that PRISM's participants were compared with, from the files of its card.

    Returns:
        As `read_census` does: 47,204,870 people of the UK (England and Wales, 18 years and more).
        The 298,477,760 of the US are more than its adults: Hispanic origin is asked apart from
        race, and people of it, who are here under Other, can be counted by their race as well.

    Raises:
        DataError: as `fetch` does, and for another country.
    """
    if country not in _PRISM_FILES:
        raise unknown_name("country with a census", country, _PRISM_FILES)
    paths = fetch(load_card("prism"), ["census"])
    return read_census(paths[_PRISM_FILES[country]], country)


def read_census(path: Path | str, country: str | CensusScheme) -> "pd.Series[float]":
    r"""How many people a census counts in each cell, from its CSV file.

    Args:
        path: the file, in UTF-8, with or without a byte-order mark.
        country: a country that ships, a YAML file of `CensusScheme`, or a scheme.

    Returns:
        People by cell, G rows: every combination of the categories, in the scheme's order, with
        the variables as levels of the index. 0 where the file has no such row.

    Raises:
        DataError: for a file that cannot be read, a column that is not there, a count that is not
            a number from 0, a label that no category has, and a row that is there twice.

    >>> from tempfile import TemporaryDirectory
    >>> from ratings.census.scheme import Category, Variable
    >>> groups = {"young": Category(years=(18, 39)), "old": Category(years=(40, None))}
    >>> scheme = CensusScheme("Freedonia", "made up", {"age": Variable("age_group", groups)})
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "census.csv"
    ...     _ = path.write_text("age,people\n18,200\n39,100\n90,900\n")
    ...     read_census(path, scheme).to_dict()
    {'young': 300, 'old': 900}
    """
    scheme = load_scheme(country) if isinstance(country, str) else country
    try:
        table = pd.read_csv(path, dtype=str, encoding="utf-8-sig", keep_default_na=False)
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
        raise DataError(f"the census file {path} cannot be read: {reason}") from None
    try:
        return _cells(table, scheme)
    except DataError as error:
        raise DataError(f"the census file {path}: {error}") from None


def _cells(table: pd.DataFrame, scheme: CensusScheme) -> "pd.Series[float]":
    long = _long(table, scheme)
    people = pd.to_numeric(long["people"].str.replace(",", ""), errors="coerce")
    wrong = ~(people.ge(0) & people.lt(float("inf")))
    if wrong.any():
        row = long[wrong].iloc[0]
        names = ", ".join(row[list(scheme.variables)])
        raise DataError(f"{row['people']!r} is not a number of people ({names})")
    found = pd.DataFrame(
        {name: one.of_census(long[name]) for name, one in scheme.variables.items()}
    )
    found["people"] = people * (scheme.file.total or 1)
    cells = found.dropna().groupby(list(scheme.variables), observed=False)["people"].sum()
    if scheme.file.total is not None:
        cells = cells.round()
    if cells.sum() <= 0:
        raise DataError("it counts nobody")
    return cells


def _long(table: pd.DataFrame, scheme: CensusScheme) -> pd.DataFrame:
    """One row for each count of the file, with its labels as they are."""
    variables, layout = list(scheme.variables), scheme.file
    needed = [layout.rows] if layout.rows else [*variables, layout.people]
    if missing := [name for name in needed if name not in table]:
        raise DataError(f"has no column {missing[0]!r}; it has {', '.join(table.columns[:5])}, ...")
    if layout.rows is None:
        long = table[needed].set_axis([*variables, "people"], axis=1)
        repeated = long.duplicated(variables)
    else:
        matches = {name: re.fullmatch(layout.columns or "", name) for name in table.columns}
        counts = {name: match.groupdict() for name, match in matches.items() if match}
        if not counts:
            raise DataError("has no column of counts that the layout's expression matches")
        labels = pd.DataFrame.from_dict(counts, orient="index")
        if set(labels) != set(variables[1:]):
            raise DataError(f"the layout's columns must name the groups {', '.join(variables[1:])}")
        melted = table.melt(layout.rows, list(counts), "column", "people")
        long = melted.rename(columns={layout.rows: variables[0]}).join(labels, on="column")
        repeated = long.duplicated([variables[0], "column"])
    if repeated.any():
        row = long[repeated].iloc[0]
        raise DataError(f"the row {', '.join(row[variables])} is there twice")
    return long
