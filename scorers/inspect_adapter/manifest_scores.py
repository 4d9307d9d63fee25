"""Scores that a benchmark's manifest defines, as metrics of a run.

What the log says of a run, what `valuegauge show` prints and what a leaderboard has are then the
same numbers, made in one way.
"""

import math
from collections.abc import Sequence

from inspect_ai.scorer import Metric, SampleScore
from inspect_ai.scorer import metric as inspect_metric

from scorers.inspect_adapter.end_of_run import under_way
from scorers.inspect_adapter.layouts import read_grid
from scorers.intervals.estimate import Estimate, with_ends
from scorers.scores.families import score_rows
from scorers.scores.manifests import manifest_of
from scorers.scores.responses import ResponseMatrix


def manifest_estimates(grid: ResponseMatrix, benchmark: str) -> dict[str, Estimate]:
    """Every score of a benchmark, unscaled: a share is a share and no percentage.

    Scores by column are left out where the responses have no label for each column.
    """
    families = {
        name: family
        for name, family in manifest_of(benchmark).scores.items()
        if "column" not in family.by or family.by["column"] in grid.labels
    }
    return {
        row.name: unscaled(row.estimate, families[row.family].scale)
        for row in score_rows(grid, families.values())
    }


def unscaled(found: Estimate, scale: float) -> Estimate:
    """An estimate before it was multiplied by the scale of its family."""
    return Estimate(found.value / scale, found.low / scale, found.high / scale, found.reason)


def status_shares(grid: ResponseMatrix, statuses: Sequence[str]) -> dict[str, float]:
    """Share of the answers read as each of some statuses; NaN when nothing was asked."""
    counts, total = grid.counts(), int(grid.asked.sum())
    return {name: counts.get(name, 0) / total if total else math.nan for name in statuses}


@inspect_metric(scores="unreduced")
def manifest_scores(benchmark: str, statuses: Sequence[str]) -> Metric:
    """Scores with the ends of their intervals, and the share of answers by status.

    A metric does not get the task's metadata: scores by column, which need a label for each, are
    in reports alone.

    Args:
        benchmark: whose manifest defines the scores.
        statuses: as which answers can be read.
    """

    def compute(scores: list[SampleScore]) -> dict[str, float]:
        if not scores:
            return {}
        grid = read_grid(scores, manifest_of(benchmark), {})
        found = {} if under_way(scores) else manifest_estimates(grid, benchmark)
        return with_ends(found) | status_shares(grid, statuses)

    return compute
