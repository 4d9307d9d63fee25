"""Scores of a run with their intervals on these items, for reports."""

from scorers.inspect_adapter.run_log import RunLog
from scorers.intervals.estimate import Estimate
from scorers.scores.families import SPREADS, score_rows


def on_items_of(run: RunLog) -> dict[str, Estimate]:
    """Each score of the manifest, in its unit, with its interval on these items (or people).

    Spreads of groups have none.
    """
    if not run.scores:
        return {}
    families = [f for f in run.manifest.scores.values() if f.estimator not in SPREADS]
    return {row.name: row.on_items for row in score_rows(run.grid(), families)}
