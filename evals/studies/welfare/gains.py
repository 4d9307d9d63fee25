"""Who gains and who loses when one group decides."""

from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from evals.studies.findings import Finding
from evals.studies.welfare.population import Population
from evals.studies.welfare.settings import MEASURES, WelfareSettings
from ratings.errors import DataError
from ratings.output.numbers import number, p_value
from scorers.welfare.crossfit import LEAST, Compared, compare_schemes
from scorers.welfare.matrix import TITLES
from scorers.welfare.plan import EVERYONE, Scheme
from scorers.welfare.verdicts import SIGNIFICANT, gains_and_losses


def compared_schemes(
    population: Population, kind: str, settings: WelfareSettings
) -> Compared | None:
    """Schemes of the plan compared with the one it names; None where there are too few people."""
    schemes = {
        name: scheme
        for name, scheme in population.schemes.items()
        if population.large([scheme.pool])
    }
    base = population.plan.compared_with
    groups = population.large(population.stakeholders)
    if base not in schemes or not groups:
        return None
    return _compare(population, kind, schemes, base, groups, settings)


def gains(population: Population, kind: str, settings: WelfareSettings) -> Finding:
    """The matrix of stakeholders by deciders."""
    people = population.plan.schemes[population.plan.compared_with].people
    deciders = population.large(population.plan.deciders)
    both = [*population.stakeholders, *population.plan.deciders]
    groups = population.large(list(dict.fromkeys(both)))
    name = f"gains_{population.name}_{kind}".lower()
    title = f"{population.name}: who gains and who loses when one group decides?"
    if EVERYONE not in groups or not deciders:
        reason = f"a group that decides, or judges, needs {LEAST} people"
        return Finding(name, title, f"Not compared: {reason}.", pd.DataFrame())
    schemes = {group: Scheme(group, people) for group in (EVERYONE, *deciders)}
    try:
        compared = _compare(population, kind, schemes, EVERYONE, groups, settings)
    except DataError as error:
        return Finding(name, title, f"Not compared: {error}.", pd.DataFrame())
    table = gains_and_losses(compared).rename(columns={"scheme": "decides", "group": "stakeholder"})
    table = table.sort_values("p Holm", kind="stable", ignore_index=True)
    return Finding(
        name=name,
        title=title,
        sentence=_sentence(table, TITLES[kind], people),
        table=table,
        notes=(
            f"gain: expected {TITLES[kind]} under {MEASURES[kind].title} by {people} people of the "
            f"group less that by {people} of everyone. Half of the people choose, the others "
            f"judge, both ways over several splits; intervals over other participants.",
        ),
        draw=partial(_draw, table=table, label=TITLES[kind]),
        size=(6.5, 5),
    )


def _compare(
    population: Population,
    kind: str,
    schemes: dict[str, Scheme],
    base: str,
    groups: tuple[str, ...],
    settings: WelfareSettings,
) -> Compared:
    return compare_schemes(
        population.matrices[kind].worth,
        population.masks,
        schemes,
        base,
        groups,
        MEASURES[kind],
        seed=settings.seed,
        replicates=settings.replicates,
    )


def _sentence(table: pd.DataFrame, title: str, people: int) -> str:
    sure = table[table["p Holm"] < SIGNIFICANT]
    first = table.iloc[table["gain"].abs().argmax()] if len(sure) == 0 else sure.iloc[0]
    verb = "loses" if first["gain"] < 0 else "gains"
    size = number(abs(first["gain"]), 3 if title == "MEANCHOICE" else 1)
    largest = (
        f"the {'firmest' if len(sure) else 'largest'}: {first['stakeholder']} {verb} {size} when "
        f"{people} of {first['decides']} decide (p after Holm {p_value(first['p Holm'])})"
    )
    return f"{len(sure)} of {len(table)} gains and losses of {title} hold after Holm; {largest}."


def _draw(axes: Axes, table: pd.DataFrame, label: str) -> None:
    grid = table.pivot_table(index="stakeholder", columns="decides", values="gain", sort=False)
    values = grid.to_numpy(dtype=float)
    most = np.nanmax(np.abs(values)) or 1.0
    image = axes.imshow(values, cmap="RdBu", vmin=-most, vmax=most)
    sure = table[table["p Holm"] < SIGNIFICANT].set_index(["stakeholder", "decides"]).index
    for row, stakeholder in enumerate(grid.index):
        for column, decider in enumerate(grid.columns):
            star = "*" if (stakeholder, decider) in sure else ""
            text = f"{values[row, column]:.2g}{star}"
            axes.text(column, row, text, ha="center", va="center", fontsize=8)
    axes.set_xticks(range(len(grid.columns)), list(grid.columns), rotation=45, ha="right")
    axes.set_yticks(range(len(grid.index)), list(grid.index))
    axes.set_xlabel("who decides; * holds after Holm")
    axes.figure.colorbar(image, ax=axes, label=f"gain of {label}", shrink=0.8)
