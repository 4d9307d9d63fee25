"""Scores that a benchmark's manifest defines, as metrics of a run.

What the log says of a run, what `valuegauge show` prints and what a leaderboard has are then the
same numbers, made in one way.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain

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


def status_shares(scores: Sequence[SampleScore], statuses: Sequence[str]) -> dict[str, float]:
    """Share of the answers read as each of some statuses; NaN when nothing was asked.

    Counted without a matrix of the answers: Inspect asks about once a second while a run is under
    way.
    """
    counts = Counter(chain.from_iterable(map(_statuses, scores)))
    total = counts.total()
    return {name: counts[name] / total if total else math.nan for name in statuses}


def _statuses(score: SampleScore) -> Iterable[str]:
    """How each answer of a sample was read."""
    noted = (score.score.metadata or {})["statuses"]
    return noted.values() if isinstance(noted, dict) else noted


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
        shares = status_shares(scores, statuses)
        if under_way(scores):
            return shares
        grid = read_grid(scores, manifest_of(benchmark), {})
        return with_ends(manifest_estimates(grid, benchmark)) | shares

    return compute
