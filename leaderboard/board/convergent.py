"""Do the benchmarks agree on models?"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import combinations
from typing import Any

import numpy as np

from leaderboard.board.table_scores import JointScore
from scorers.psychometrics.convergent_validity import convergence, reliability_from_errors

Joint = Mapping[str, JointScore]


def convergent_matrix(
    tables: Sequence[tuple[Mapping[str, Any], Joint, Sequence[str]]],
) -> list[dict[str, Any]]:
    """Correlations over raters between headline scores of two benchmarks.

    Tables are paired when their benchmarks differ, and both are of real data or both of samples.

    Args:
        tables: each with its board table, its joint scores and its M raters.
    """
    out = []
    for (one, joint, raters), (other, theirs, others) in combinations(tables, 2):
        if one["benchmark"] == other["benchmark"] or one["synthetic"] != other["synthetic"]:
            continue
        common = [rater for rater in raters if rater in set(others)]
        positions = [list(raters).index(rater) for rater in common]
        other_positions = [list(others).index(rater) for rater in common]
        for x, y in ((x, y) for x in _headline(joint) for y in _headline(theirs)):
            out.append(
                {
                    "x": {"table": one["id"], "benchmark": one["benchmark"], "score": x.name},
                    "y": {"table": other["id"], "benchmark": other["benchmark"], "score": y.name},
                    "models": len(common),
                    **_agreement(x, y, positions, other_positions),
                }
            )
    return out


def _agreement(
    x: JointScore, y: JointScore, positions: Sequence[int], other_positions: Sequence[int]
) -> dict[str, Any]:
    pairs = ((x, list(positions)), (y, list(other_positions)))
    values = [score.values[mine] for score, mine in pairs]
    reliabilities = [
        reliability_from_errors(score.values[mine], score.standard_errors()[mine])
        if len(mine) > 1
        else np.nan
        for score, mine in pairs
    ]
    plain, corrected = convergence(values[0], values[1], reliabilities[0], reliabilities[1])
    return {"correlation": asdict(plain), "corrected": asdict(corrected)}


def _headline(joint: Joint) -> list[JointScore]:
    return [score for score in joint.values() if score.family.headline]
