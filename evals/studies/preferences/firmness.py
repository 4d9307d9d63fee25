"""How firm ranks are: under other thresholds, priors and subsets, and with fewer people."""

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from evals.reports.picture import label
from evals.studies.findings import Finding
from evals.studies.preferences.draw import draw_ranks
from evals.studies.preferences.settings import PreferenceSettings
from ratings.arrays import FloatArray
from ratings.output.numbers import number
from scorers.preferences.cohorts import PROPERTIES, battle_properties, cohort_scores
from scorers.preferences.replies import ScoredReplies
from scorers.preferences.sensitivity import (
    THRESHOLDS,
    Sensitivity,
    by_regularisation,
    by_subset,
    by_threshold,
)
from scorers.preferences.tallies import Tallies

COHORTS = (500, 100, 50, 10)


def thresholds(replies: ScoredReplies, settings: PreferenceSettings) -> Finding:
    """Ranks by the difference up to which two replies tie (Figure 32)."""
    return _compared(
        "ranks_by_threshold",
        "Does the rank depend on what counts as a tie?",
        "tie thresholds",
        by_threshold(
            replies, sorted({*THRESHOLDS, settings.threshold}), aggregation=settings.aggregation
        ),
        f"{settings.threshold:g}",
    )


def regularisations(tallies: Tallies) -> Finding:
    """Ranks by how many wins every pair starts with (Figure 33b)."""
    return _compared(
        "ranks_by_regularisation",
        "Does the rank depend on regularisation?",
        "priors of rank centrality",
        by_regularisation(tallies),
        "1",
    )


def subsets(parts: Mapping[str, Tallies], settings: PreferenceSettings) -> Finding:
    """Ranks by which conversations and people are counted (Figure 33a)."""
    return _compared(
        "ranks_by_subset",
        "Does the rank depend on which conversations are counted?",
        "subsets",
        by_subset(parts, settings.aggregation),
        settings.subset,
    )


def cohorts(replies: ScoredReplies, tallies: Tallies, settings: PreferenceSettings) -> Finding:
    """How many battles smaller cohorts have, and how their scores scatter (Table 26, Figure 34)."""
    people = len(tallies.people)
    sizes = [people, *(size for size in COHORTS if size < people)]
    table = battle_properties(replies, sizes, settings.replicates, settings.seed)
    smallest = min(size for size in sizes if size >= min(100, people))
    draws = cohort_scores(
        tallies, smallest, settings.aggregation, settings.replicates, settings.seed
    )
    seen = ~np.isnan(draws).all(axis=0)
    firsts = np.nanargmax(draws[:, seen], axis=1)
    winners = np.array(tallies.models)[seen]
    ahead = pd.Series(winners[firsts]).value_counts(normalize=True)
    return Finding(
        name="cohorts",
        title="How many people does a ranking need?",
        sentence=f"Of draws of {smallest} of the {people} people, {ahead.index[0]} ranks first in "
        f"{100 * ahead.iloc[0]:.0f}%; {len(ahead)} models rank first in some draw.",
        table=table.assign(property=table["property"].map(PROPERTIES)),
        notes=(f"Mean and standard deviation over {settings.replicates} draws of people.",),
        draw=lambda axes: _draw_cohort(axes, draws[:, seen], winners.tolist(), smallest),
        size=(7, 1 + 0.27 * int(seen.sum())),
        rows=len(table),
    )


def _compared(name: str, title: str, what: str, found: Sensitivity, base: str) -> Finding:
    """Ranks side by side, models in the order of the base setting."""
    taus = found.tau[base].drop(index=base).dropna()
    table = found.ranks.astype("Int64").rename_axis("model").reset_index()
    moved = (found.ranks.max(axis=1) - found.ranks.min(axis=1)).max()
    between = f"{number(taus.min())} to {number(taus.max())}" if len(taus) else "undefined"
    return Finding(
        name=name,
        title=title,
        sentence=f"Kendall's tau with {base} is {between} over {len(taus)} other {what}; a model "
        f"moves by up to {0 if np.isnan(moved) else moved:.0f} ranks.",
        table=table.sort_values(base, ignore_index=True),
        notes=tuple(f"{setting}: {reason}" for setting, reason in found.reasons.items()),
        draw=partial(draw_ranks, ranks=found.ranks),
        size=(8, 5.5),
    )


def _draw_cohort(axes: Axes, draws: FloatArray, models: list[str], size: int) -> None:
    """A box a model: scores by cohorts, the highest median first."""
    order = np.argsort(np.nanmedian(draws, axis=0))
    axes.boxplot(
        [column[~np.isnan(column)] for column in draws[:, order].T],
        orientation="horizontal",
        tick_labels=[label(models[m]) for m in order],
        showfliers=False,
    )
    axes.tick_params(axis="y", labelsize=8)
    axes.set_xlabel(f"score by {len(draws)} cohorts of {size} people; boxes: quartiles")
