"""The people of a country compared with its census."""

from typing import Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from evals.reports.picture import BLUE, BROWN
from evals.studies.findings import Finding
from evals.studies.participants.settings import ParticipantSettings
from ratings.census.census import prism_census
from ratings.census.rebalance import cell_shares, shortfall
from ratings.census.scheme import load_scheme
from ratings.census.weights import weights
from ratings.errors import DataError
from scorers.participants.answers import wilson

Country = Literal["UK", "US"]

COUNTRIES: tuple[Country, ...] = ("UK", "US")
BALANCED = "included_in_balanced_subset"


def eligible(survey: pd.DataFrame, country: Country) -> pd.DataFrame:
    """The census categories of the people who can be compared with a census.

    As in the paper: recruited in the country, with balanced conversations, and in a category of
    every variable. Who prefers not to say, or is neither a man nor a woman, is in none.
    """
    here = survey["study_locale"].astype(str).str.lower().eq(country.lower())
    return load_scheme(country).cells_of(survey[here & survey[BALANCED]]).dropna()


def compared(survey: pd.DataFrame, country: Country, settings: ParticipantSettings) -> Finding:
    """Cells of the census, what a sample of the target's size needs in each, and what there is.

    Args:
        survey: R rows.
        country: whose census.
        settings: of the study.
    """
    name, title = f"census_{country}", f"Are the people of the {country} like its census?"
    try:
        cells = prism_census(country)
        people = eligible(survey, country)
        found = shortfall(people, cells, settings.target)
    except DataError as error:
        return Finding(name, title, f"Not compared: {error}", pd.DataFrame())
    if people.empty:
        return Finding(name, title, "Not compared: nobody is eligible.", pd.DataFrame())
    low, high = wilson(found["have"], len(people))
    table = found.assign(**{"sample_share low": low, "sample_share high": high}).reset_index()
    table = table.sort_values("short", ascending=False, kind="stable", ignore_index=True)
    variables = list(map(str, found.index.names))
    worst = table.to_dict("records")[0]
    cell = ", ".join(str(worst[variable]) for variable in variables)
    short, flagged = int(table["short"].gt(0).sum()), survey[f"included_in_{country}_REP"].sum()
    return Finding(
        name=name,
        title=title,
        sentence=f"{len(people)} people are eligible. For {settings.target} by the census they are "
        f"{table['short'].sum():.1f} too few in {short} of {len(table)} cells, most in {cell} "
        f"(needs {worst['needed']:.1f}, has {worst['have']}). Filled as far as there are people, "
        f"the sample has {table['draw'].sum()}; the data flag {flagged}.",
        table=table,
        notes=(
            "needed: people of the target by the cell's share of the census; draw: the next whole "
            "number, or all there are; short: by how many there are too few.",
            _weighed(people, cells),
        ),
        draw=lambda axes: _draw(axes, people, cells),
        size=(7, 4.5),
        columns=(*variables, "census_share", "sample_share", "needed", "have", "short"),
    )


def _weighed(people: pd.DataFrame, cells: "pd.Series[float]") -> str:
    """What weights by margins would cost."""
    try:
        found = weights(people, cells, "margins")
    except DataError as error:
        return f"No weights by margins: {error}."
    return (
        f"Weighed by age, ethnicity and gender (raking), {len(people)} people say as much as "
        f"{found.effective:.0f} unweighted ones, where weights and answers have nothing in common."
    )


def _draw(axes: Axes, people: pd.DataFrame, cells: "pd.Series[float]") -> None:
    """Shares of each variable's categories less those of the census (Figure 8)."""
    shares = cell_shares(cells)
    names: list[str] = []
    rows: list[tuple[float, float, float]] = []
    for variable in map(str, cells.index.names):
        census = shares.groupby(variable, observed=True).sum()
        have = people[variable].value_counts().reindex(census.index, fill_value=0)
        low, high = wilson(have, len(people))
        names += [f"{variable}: {name}" for name in census.index]
        rows += zip(have / len(people) - census, low - census, high - census, strict=True)
    value, low, high = 100 * np.array(rows).T
    at = np.arange(len(names))[::-1]
    axes.barh(at, value, color=np.where(value < 0, BROWN, BLUE).tolist(), alpha=0.6)
    axes.hlines(at, low, high, color="black", linewidth=1)
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set_yticks(at, names, fontsize=8)
    axes.set_xlabel("share of the sample less that of the census, percentage points")
