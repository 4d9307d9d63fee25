"""How many people, chosen how, are enough."""

from functools import partial

import pandas as pd
from matplotlib.axes import Axes

from evals.studies.findings import Finding
from evals.studies.welfare.population import Population
from evals.studies.welfare.settings import MEASURES, WelfareSettings
from scorers.welfare.crossfit import LEAST
from scorers.welfare.enough import ENOUGH, EVERY, Enough, people_enough
from scorers.welfare.matrix import TITLES
from scorers.welfare.plan import EVERYONE

WIDE = 0.5  # width of an interval of a chance from which on the data say too little


def enough(population: Population, kind: str, settings: WelfareSettings) -> Finding:
    """The chance that n people choose a model within a margin of the best for every group.

    Of a group of fewer than `LEAST` raters hardly more is known than was assumed, so that it is
    left out, and nothing is said where everyone together are fewer.
    """
    margin = settings.margin_of(kind)
    name = f"enough_{population.name}_{kind}".lower()
    title = f"{population.name}: how many people are enough to choose by {TITLES[kind]}?"
    pools = population.large(population.pools(), kind)
    groups = population.large(population.stakeholders, kind)
    if EVERYONE not in pools or not groups:
        reason = f"that needs {LEAST} people who rated a model, in all and of some group"
        return Finding(name, title, f"Not said: {reason}.", pd.DataFrame())
    wanted = dict.fromkeys([*population.pools(), *population.stakeholders])
    few = [group for group in wanted if group not in pools + groups]
    found = people_enough(
        population.matrices[kind].worth,
        population.masks,
        pools,
        groups,
        MEASURES[kind],
        margin,
        grid=settings.grid,
        seed=settings.seed,
        worlds=settings.worlds,
    )
    # every group at once first
    table = found.table.sort_values(
        "group", key=lambda column: column.ne(EVERY), kind="stable", ignore_index=True
    )
    return Finding(
        name=name,
        title=title,
        sentence=_sentence(found, margin, TITLES[kind], settings.grid),
        table=table,
        notes=(
            f"chance: that {MEASURES[kind].title} by so many people of the pool gives a model "
            f"within {margin:g} of the best one for every group at once, or for one group.",
            f"Mean and 95% interval over {settings.worlds} worlds that fit the data "
            f"(docs/prism_studies.md): what people chose by is not what they are judged by.",
            *([f"Left out, with fewer than {LEAST} raters: {', '.join(few)}."] if few else []),
        ),
        draw=partial(_draw, table=table, margin=margin),
    )


def _sentence(found: Enough, margin: float, title: str, grid: tuple[int, ...]) -> str:
    people, sure = found.enough[EVERYONE], found.surely[EVERYONE]
    share = f"{100 * ENOUGH:.0f}%"
    aim = f"within {margin:g} of the best for every group"
    mine = found.table[found.table["group"].eq(EVERY) & found.table["pool"].eq(EVERYONE)]
    most = mine["chance"].max()
    row = mine[mine["people"].eq(max(grid) if people is None else people)].iloc[0]
    low, high = row["chance low"], row["chance high"]
    if high - low > WIDE and high >= ENOUGH:
        return (
            f"These data do not say how many people are enough: with {row['people']} of everyone "
            f"the chance of a choice {aim} ({title}) is {100 * row['chance']:.0f}%, but may be "
            f"anything from {100 * low:.0f}% to {100 * high:.0f}%."
        )
    if people is None:
        return (
            f"No number of people up to {max(grid)} reaches a {share} chance of a choice {aim} "
            f"({title}); the most is {100 * most:.0f}%."
        )
    surely = (
        f"the interval's lower end reaches it at {sure}"
        if sure is not None
        else f"the interval's lower end does not reach it up to {max(grid)}"
    )
    pools = {pool: n for pool, n in found.enough.items() if pool != EVERYONE}
    others = ", ".join(f"{pool} {n if n is not None else 'never'}" for pool, n in pools.items())
    return (
        f"{people} people of everyone are enough for a {share} chance of a choice {aim} ({title}); "
        f"{surely}. Asked alone: {others}."
    )


def _draw(axes: Axes, table: pd.DataFrame, margin: float) -> None:
    every = table[table["group"].eq(EVERY)]
    for pool, mine in every.groupby("pool", sort=False):
        line = axes.plot(mine["people"], mine["chance"], "o-", markersize=3, label=str(pool))[0]
        if pool == EVERYONE:
            axes.fill_between(
                mine["people"],
                mine["chance low"],
                mine["chance high"],
                color=line.get_color(),
                alpha=0.2,
            )
    axes.axhline(ENOUGH, color="grey", linestyle="--", linewidth=0.8)
    axes.set_xscale("log")
    people = sorted(every["people"].unique())
    axes.set_xticks(people, [f"{n}" for n in people])
    axes.minorticks_off()
    axes.set_ylim(0, 1.02)
    axes.set_xlabel("people asked; the choice must be within the margin for every group at once")
    axes.set_ylabel(f"chance of a choice within {margin:g} of the best")
    axes.legend(frameon=False, title="chosen from")
