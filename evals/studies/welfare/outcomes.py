"""How welfare is distributed by scheme and stakeholder (Figures 5, 38 and 39)."""

from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from evals.reports.picture import BLUE
from evals.studies.findings import Finding
from evals.studies.welfare.population import Population
from evals.studies.welfare.settings import MEASURES, WelfareSettings
from ratings.errors import DataError
from scorers.welfare.crossfit import Compared
from scorers.welfare.imputation import imputed
from scorers.welfare.matrix import TITLES
from scorers.welfare.outcomes import outcomes, resampled_means, summary
from scorers.welfare.verdicts import dominance_tests

_SHOWN = ("group", "scheme", "mean", "p5", "p50", "p95", "dominated", "verdict")
_DOMINATED, _OTHER = "#c0392b", "#8d99ae"


def distributions(
    population: Population, kind: str, compared: Compared | None, settings: WelfareSettings
) -> Finding:
    """Welfare by scheme and group as coded in the release, with the test of dominance."""
    table = _table(population, kind, settings)
    notes = [
        "p5 to p95: percentiles over draws of people; the interval of the mean is over other "
        "participants.",
        f"dominated: sorted draws of {population.plan.compared_with} are all at least as good "
        f"(as printed, no test). Choosers and judges are the same people, as in the paper.",
    ]
    tested = ""
    if compared is not None:
        tests = dominance_tests(compared).drop(columns=["violation", "reverse"])
        table = table.merge(
            tests,
            on=["scheme", "group"],
            how="left",
        )
        shown = tests["scheme"].isin(population.schemes) & tests["group"].isin(table["group"])
        sure = int(tests.loc[shown, "verdict"].eq("base is better").sum())
        notes.append(
            f"p: that {population.plan.compared_with} first-order dominates (p reverse: is "
            f"dominated), small where that is violated; choosers and judges are different people."
        )
        tested = f"; a test with the sampling error of people shows it for {sure}"
    others = table["dominated"].dropna()
    return Finding(
        name=f"outcomes_{population.name}_{kind}".lower(),
        title=f"{population.name}: {TITLES[kind]} by who is asked ({MEASURES[kind].title} chooses)",
        sentence=f"{population.plan.compared_with} weakly dominates {int(others.sum())} of "
        f"{len(others)} schemes and groups as printed{tested}.",
        table=table,
        notes=(*notes, *population.left_out()),
        draw=partial(_draw, table=table, label=TITLES[kind]),
        size=(7, 1 + 0.25 * len(table)),
        rows=len(table),
        columns=tuple(name for name in _SHOWN if name in table),
    )


def with_imputation(population: Population, kind: str, settings: WelfareSettings) -> Finding:
    """The same with what people never saw imputed (Figure 39)."""
    name = f"imputed_{population.name}_{kind}".lower()
    title = f"{population.name}: {TITLES[kind]} with gaps imputed"
    try:
        filled = imputed(population.matrices[kind])
    except DataError as error:
        return Finding(name, title, f"Not imputed: {error}.", pd.DataFrame())
    table = _table(population, kind, settings, filled.worth)
    others = table["dominated"].dropna()
    guessed = 1 - population.matrices[kind].seen.mean()
    return Finding(
        name=name,
        title=title,
        sentence=f"With {100 * guessed:.0f}% of the matrix imputed, "
        f"{population.plan.compared_with} weakly dominates {int(others.sum())} of {len(others)} "
        f"schemes and groups.",
        table=table,
        notes=("Intervals take imputed values for observations, so they are too narrow.",),
        draw=partial(_draw, table=table, label=TITLES[kind]),
        size=(7, 1 + 0.25 * len(table)),
        columns=tuple(name for name in _SHOWN if name in table),
    )


def _table(
    population: Population,
    kind: str,
    settings: WelfareSettings,
    worth: "np.ndarray[tuple[int, int], np.dtype[np.float64]] | None" = None,
) -> pd.DataFrame:
    """Means with intervals, percentiles and flags, groups first."""
    values = population.matrices[kind].worth if worth is None else worth
    schemes, groups, rule = population.schemes, population.stakeholders, MEASURES[kind]
    drawn = outcomes(
        values, population.masks, schemes, groups, rule, seed=settings.seed, draws=settings.draws
    )
    reach = resampled_means(
        values,
        population.masks,
        schemes,
        groups,
        rule,
        seed=settings.seed,
        draws=min(settings.draws, 200),
        replicates=min(settings.replicates, 200),
    )
    table = summary(drawn, list(schemes), groups, population.plan.compared_with)
    half = reach.T.ravel()  # groups first, as the table
    table.insert(3, "mean low", table["mean"] - half)
    table.insert(4, "mean high", table["mean"] + half)
    return table


def _draw(axes: Axes, table: pd.DataFrame, label: str) -> None:
    """A row for each scheme and group: percentiles, red where dominated."""
    at = np.arange(len(table))[::-1]
    colours = [
        BLUE if flag is None else _DOMINATED if flag else _OTHER for flag in table["dominated"]
    ]
    axes.hlines(at, table["p5"], table["p95"], color=colours, linewidth=1)
    axes.hlines(at, table["p25"], table["p75"], color=colours, linewidth=4)
    axes.scatter(table["mean"], at, color="white", edgecolors=colours, s=18, zorder=3)
    names = [f"{g}: {s}" for g, s in zip(table["group"], table["scheme"], strict=True)]
    axes.set_yticks(at, names, fontsize=7)
    for edge in np.flatnonzero(table["group"].ne(table["group"].shift()))[1:]:
        axes.axhline(len(table) - edge - 0.5, color="lightgrey", linewidth=0.8)
    axes.set_xlabel(
        f"{label}: 5th to 95th percentile of draws, quartiles, mean.\nRed: dominated by the "
        f"blue scheme, as printed"
    )
