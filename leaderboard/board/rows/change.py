"""What changed from a rater's run before to its newest, tested as `valuegauge compare` does."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from leaderboard.store.stored_runs import Row
from ratings.errors import DataError
from scorers.comparison.differences import Change, ScopedDifference, scoped_differences
from scorers.comparison.paired import paired_scores
from scorers.scores.manifests import Manifest
from scorers.scores.responses import ResponseMatrix


def runs_before(runs: Sequence[Row], replaced: Sequence[Row]) -> dict[str, Row]:
    """By run of a table the newest of the same rater's complete runs that it replaced.

    Args:
        runs: of the table.
        replaced: earlier runs of the table.
    """
    newest: dict[str, Row] = {}
    for run in sorted(replaced, key=lambda run: (run["started"] or "", run["run"])):
        newest[run["rater"]] = run
    return {run["run"]: newest[run["rater"]] for run in runs if run["rater"] in newest}


def change_since(
    earlier: Row, before: ResponseMatrix, after: ResponseMatrix, manifest: Manifest
) -> dict[str, Any] | None:
    """The newest run less the one before, score by score in both scopes.

    p-values are corrected by Holm's method over the scores, those that a manifest corrects apart
    among themselves. None where the two have no score in common.

    Args:
        earlier: the run before, of the store's table `runs`.
        before: its answers.
        after: those of the newest run.
        manifest: of the benchmark.
    """
    try:
        found = paired_scores(before, after, manifest.scores.values())
    except DataError:
        return None
    if not found:
        return None
    apart = [part.family.apart for part in found]
    on = scoped_differences([part.on for part in found], apart)
    beyond = scoped_differences([part.beyond for part in found], apart)
    names = [name for part in found for name in part.names]
    ends = [pair for part in found for pair in zip(part.before, part.after, strict=True)]
    changes = [
        Change(name, float(first), float(last), one, other)
        for name, (first, last), one, other in zip(names, ends, on, beyond, strict=True)
    ]
    kept_apart = {name for part in found if part.family.apart for name in part.names}
    return {
        "run": earlier["run"],
        "started": earlier["started"],
        "finding": _sentence([one for one in changes if one.name not in kept_apart] or changes),
        "scores": {one.name: _change(one) for one in changes},
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "before": change.before,
        "after": change.after,
        "on_items": _test(change.on),
        "beyond": _test(change.beyond),
    }


def _test(found: ScopedDifference) -> Mapping[str, Any]:
    return {
        "difference": asdict(found.difference),
        "p": found.p_value,
        "corrected": found.corrected,
    }


def _sentence(changes: Sequence[Change]) -> str:
    on = sum(one.on.differs for one in changes)
    beyond = sum(one.beyond.differs for one in changes)
    total = f"{len(changes):,} score{'s' if len(changes) > 1 else ''}"
    if all(math.isnan(one.on.corrected) for one in changes):  # each was asked once
        if beyond:
            return f"{beyond:,} of {total} changed beyond these items."
        return f"No change is shown in {total} beyond these items."
    if not on and not beyond:
        return f"No change is shown in {total}, on these items or beyond them."
    return f"{on:,} of {total} changed on these items, {beyond or 'none'} beyond them."
