"""The same models in another arena's battles."""

from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from evals.reports.picture import BLUE, BROWN, label
from evals.studies.findings import Finding
from evals.studies.preferences.settings import PreferenceSettings
from evals.studies.preferences.tidy import tidy
from ratings.input.strict_files import Text, read_yaml
from ratings.output.numbers import interval, number, percent
from scorers.preferences.arenas import compare_arenas, read_arena
from scorers.preferences.tallies import Tallies


def arena(
    tallies: Tallies, battles: Path, names: Path | None, settings: PreferenceSettings
) -> Finding:
    """Win rates and rank centrality in two arenas on the models of both (T.9, Figure 37)."""
    renamed = None if names is None else read_yaml(names, dict[str, Text])
    theirs = Tallies.of_battles(read_arena(battles, renamed), 0.0)
    found = compare_arenas(tallies, theirs, replicates=settings.replicates, seed=settings.seed)
    table = tidy(found.table)
    correlation = found.rank_correlation
    apart = table[(table["difference_even low"] > 0) | (table["difference_even high"] < 0)]
    counts, ties = found.pairs[["ours", "theirs"]].sum(), found.winners.loc["tie"].to_dict()
    return Finding(
        name="arena",
        title="Do people elsewhere prefer the same models?",
        sentence=f"On {len(table)} shared models win rates correlate at "
        f"{number(correlation.value)} ({interval(correlation)}); with pairs sampled evenly "
        f"{len(apart)} models differ.",
        table=table,
        notes=(
            f"ours, theirs: average win rates. *_even: rank centrality on {found.slots} battles of "
            f"each pair that both have, median and 95% of {found.replicates} draws.",
            f"Battles between them: {counts['ours']:,} here ({percent(ties['ours'])} ties), "
            f"{counts['theirs']:,} in {battles.name} ({percent(ties['theirs'])} ties).",
        ),
        draw=partial(_draw, table=table),
        rows=len(table),
    )


def _draw(axes: Axes, table: pd.DataFrame) -> None:
    table = table.sort_values("ours_even")
    at = np.arange(len(table))
    for side, colour, shift in (("ours_even", BLUE, 0.12), ("theirs_even", BROWN, -0.12)):
        axes.hlines(at + shift, table[f"{side} low"], table[f"{side} high"], color=colour)
        axes.plot(table[side], at + shift, "o", color=colour, markersize=4, label=side[:-5])
    axes.set_yticks(at, table["model"].map(label), fontsize=8)
    axes.set_xlabel("rank centrality, pairs sampled evenly, 95% of draws")
    axes.legend(frameon=False)
