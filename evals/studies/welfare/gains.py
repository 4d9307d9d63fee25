"""Who gains and who loses when one group decides."""

from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from evals.studies.findings import Finding
from evals.studies.welfare.population import Population
from evals.studies.welfare.settings import MEASURES, WelfareSettings
from ratings.output.numbers import number, p_value
from scorers.comparison.differences import holm
from scorers.welfare.crossfit import LEAST, Compared, compare_schemes
from scorers.welfare.matrix import CHOICE, TITLES
from scorers.welfare.verdicts import SIGNIFICANT, gains_and_losses


def compared_schemes(
    population: Population, kind: str, settings: WelfareSettings
) -> Compared | None:
    """All schemes, and each decider alone, compared with the scheme that the plan names.

    None where that scheme's pool, or every stakeholder, has too few people.
    """
    schemes = {
        name: scheme
        for name, scheme in {**population.schemes, **population.deciding()}.items()
        if population.large([scheme.pool], kind)
    }
    both = [*population.stakeholders, *population.plan.deciders]
    groups = population.large(list(dict.fromkeys(both)), kind)
    base = population.plan.compared_with
    if base not in schemes or not groups:
        return None
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


def gains(population: Population, kind: str, compared: Compared | None) -> Finding:
    """The matrix of stakeholders by deciders."""
    base = population.plan.compared_with
    name = f"gains_{population.name}_{kind}".lower()
    title = f"{population.name}: who gains and who loses {TITLES[kind]} when one group decides?"
    deciding = {scheme: one.pool for scheme, one in population.deciding().items()}
    table = None if compared is None else gains_and_losses(compared)
    if table is None or table.loc[table["scheme"].isin(deciding), "gain"].isna().all():
        reason = f"groups that decide, and {base}, need {LEAST} people"
        return Finding(name, title, f"Not compared: {reason}.", pd.DataFrame())
    table = table[table["scheme"].isin(deciding)]
    table = table.assign(
        scheme=table["scheme"].map(deciding), **{"p Holm": holm(table["p"].to_numpy())}
    )
    table = table.rename(columns={"scheme": "decides", "group": "stakeholder"})
    in_order, table = table, table.sort_values("p Holm", kind="stable", ignore_index=True)
    people = population.plan.schemes[base].people
    return Finding(
        name=name,
        title=title,
        sentence=_sentence(table, TITLES[kind], people),
        table=table,
        notes=(
            f"gain: expected {TITLES[kind]} under {MEASURES[kind].title} by {people} people of the "
            f"group less that under {base}. Half of the people choose, the others judge, both ways "
            f"over several splits; intervals over other participants.",
        ),
        draw=partial(_draw, table=in_order, label=TITLES[kind]),
        size=(6.5, 5),
    )


def _sentence(table: pd.DataFrame, title: str, people: int) -> str:
    sure = table[table["p Holm"] < SIGNIFICANT]
    first = sure.iloc[0] if len(sure) else table.iloc[int(table["gain"].abs().argmax())]
    verb = "loses" if first["gain"] < 0 else "gains"
    size = number(abs(first["gain"]), 3 if title == TITLES[CHOICE] else 1)
    case = (
        f"{first['stakeholder']} {verb} {size} of {title} when {people} of {first['decides']} "
        f"decide (p after Holm {p_value(first['p Holm'])})"
    )
    if not len(sure):
        return (
            f"No group is shown to gain or lose (0 of {len(table)} hold after Holm); the largest "
            f"estimate: {case}."
        )
    return f"{len(sure)} of {len(table)} gains and losses hold after Holm; the firmest: {case}."


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
            colour = "white" if abs(values[row, column]) > 0.7 * most else "black"
            axes.text(column, row, text, ha="center", va="center", fontsize=8, color=colour)
    axes.set_xticks(range(len(grid.columns)), list(grid.columns), rotation=45, ha="right")
    axes.set_yticks(range(len(grid.index)), list(grid.index))
    axes.set_xlabel("who decides; * holds after Holm")
    axes.figure.colorbar(image, ax=axes, label=f"gain of {label}", shrink=0.8)
