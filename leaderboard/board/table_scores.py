"""Scores of the raters of one table side by side: resampled together, ranked, compared."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ratings.arrays import BoolArray, FloatArray
from scorers.comparison.differences import SIGNIFICANCE, holm
from scorers.comparison.paired import NOT_ON_ITEMS
from scorers.comparison.power import detectable_difference
from scorers.comparison.ranks import Rank, rank_intervals, tie_counts
from scorers.intervals.bootstrap import cluster_weights
from scorers.intervals.scopes import (
    NO_ANSWER,
    Scope,
    Scoped,
    joined_scopes,
    of_replicates,
    without_error,
)
from scorers.scores.families import SPREADS, ratio_scores, spread_of
from scorers.scores.inequity import corrected_replicates, spread_replicates
from scorers.scores.manifests import Manifest, ScoreFamily
from scorers.scores.ratio_scores import RatioScores
from scorers.scores.responses import ResponseMatrix
from scorers.scores.shared_responses import SharedResponses, shared_responses

PAIRS_LIMIT = 40
_BLOCK = 64  # pairs whose answers are in memory at once


@dataclass(frozen=True, eq=False)
class JointScore:
    """One score of M raters, resampled together.

    Attributes:
        family: of the manifest.
        values: M; NaN where a rater has none.
        replicates: B x M, the same clusters drawn for all.
        carrying: M numbers of clusters.
    """

    name: str
    family: ScoreFamily
    values: FloatArray
    replicates: FloatArray
    carrying: npt.NDArray[np.intp]

    @property
    def highest_first(self) -> bool:
        """Whether rank 1 is the highest value."""
        return self.family.direction != "lower"

    def standard_errors(self) -> FloatArray:
        """M standard errors, from the replicates."""
        found: FloatArray = _spread(self.replicates)
        return found


def joint_scores(grids: Sequence[ResponseMatrix], manifest: Manifest) -> dict[str, JointScore]:
    """Every score of M raters with replicates that share the clusters drawn."""
    clusters = sorted({label for grid in grids for label in grid.clusters})
    weights = cluster_weights(len(clusters), 0)
    out: dict[str, JointScore] = {}
    for family in manifest.scores.values():
        if family.estimator in SPREADS:
            out.update(_joint_spreads(grids, family, clusters, weights))
        else:
            out.update(_joint_ratios(grids, family, clusters, weights))
    return out


def _joint_ratios(
    grids: Sequence[ResponseMatrix],
    family: ScoreFamily,
    clusters: Sequence[str],
    weights: FloatArray,
) -> dict[str, JointScore]:
    found = [ratio_scores(grid, family) for grid in grids]
    names = list(dict.fromkeys(n for scores in found if scores is not None for n in scores.names))
    values = np.full((len(grids), len(names)), np.nan)
    replicates = np.full((len(weights), len(grids), len(names)), np.nan)
    carrying = np.zeros((len(grids), len(names)), dtype=np.intp)
    for m, scores in enumerate(found):
        if scores is None:
            continue
        positions = [names.index(name) for name in scores.names]
        values[m, positions] = scores.values()
        replicates[:, m, positions] = scores.replicates(_weights_of(scores, clusters, weights))
        carrying[m, positions] = scores.carrying()
    return {
        name: JointScore(name, family, values[:, d], replicates[:, :, d], carrying[:, d])
        for d, name in enumerate(names)
    }


def _weights_of(scores: RatioScores, clusters: Sequence[str], weights: FloatArray) -> FloatArray:
    """How often the clusters of one run were drawn among those of all."""
    if len(scores.clusters) == len(clusters):
        return weights
    index = {label: c for c, label in enumerate(clusters)}
    return weights[:, [index[label] for label in scores.clusters]]


def _joint_spreads(
    grids: Sequence[ResponseMatrix],
    family: ScoreFamily,
    clusters: Sequence[str],
    weights: FloatArray,
) -> dict[str, JointScore]:
    """The index over all dimensions, or of each of them."""
    index = {label: c for c, label in enumerate(clusters)}
    people = [spread_of(grid, family) for grid in grids]
    mine = [weights[:, [index[label] for label in sorted(set(g.clusters))]] for g in grids]
    carrying = np.array([len(accuracies) for accuracies, _ in people])
    corrected = family.estimator == "group_spread_corrected"
    each: dict[str, tuple[str, ...]] = {n: (field,) for n, field in family.of_each_group.items()}
    out = {}
    for name, fields in (each or {family.name: family.groups}).items():
        drawn = [
            (corrected_replicates if corrected else _published_replicates)(
                accuracies, {field: groups[field] for field in fields}, times
            )
            for (accuracies, groups), times in zip(people, mine, strict=True)
        ]
        values, replicates = zip(*drawn, strict=True)
        out[name] = JointScore(name, family, np.array(values), np.array(replicates).T, carrying)
    return out


def _published_replicates(
    accuracies: FloatArray, groups: Mapping[str, npt.NDArray[np.intp]], weights: FloatArray
) -> tuple[float, FloatArray]:
    """The index as published, and B values of it with people resampled."""
    once = np.ones((1, weights.shape[1]))
    value = float(spread_replicates(accuracies, groups, once)[0])
    return value, spread_replicates(accuracies, groups, weights)


@dataclass(frozen=True, eq=False)
class PairTests:
    """Tests of every two of M raters on one score in one scope, each M x M.

    Attributes:
        differences: the rater of the row less that of the column, on what both answered.
        reach: half the widths of their 95% intervals.
        p_values: of no difference; NaN where there is no error to judge by.
        corrected: the same after Holm's correction over all pairs.
        scoped: what the tests are of, by pair in the order of `numpy.triu_indices`.
    """

    differences: FloatArray
    reach: FloatArray
    p_values: FloatArray
    corrected: FloatArray
    scoped: Scoped

    @property
    def different(self) -> BoolArray:
        """Which two differ significantly."""
        return self.corrected < SIGNIFICANCE

    @cached_property
    def detectable(self) -> FloatArray:
        """The smallest true difference that each test would find with a chance of 80%.

        Infinite where no p-value of so few clusters can pass the correction. Each is a search, so
        a table too large to list its pairs should not ask for them.
        """
        count = len(self.p_values)
        comparisons = max(int((~np.isnan(self.p_values)).sum()) // 2, 1)
        by_pair = zip(
            self.scoped.errors[:, 0].tolist(),
            self.scoped.freedom[:, 0].tolist(),
            self.scoped.least[:, 0].tolist(),
            strict=True,
        )
        found = [
            detectable_difference(error, comparisons, freedom=_whole(freedom), least=least)
            for error, freedom, least in by_pair
        ]
        return _square(found, count)


def pair_tests(
    grids: Sequence[ResponseMatrix], joint: Mapping[str, JointScore]
) -> dict[str, dict[Scope, PairTests]]:
    """Which raters differ in each score, on these items and beyond them.

    Differences are taken on what both raters answered, and tested as `valuegauge compare` does;
    Holm's correction is over all pairs of a score. Of spreads of groups the corrected one alone is
    compared.

    Args:
        grids: of M raters, in the order of the values of `joint`.
        joint: the scores.
    """
    found: dict[str, tuple[Scoped, Scoped]] = {}
    for family in {score.family.name: score.family for score in joint.values()}.values():
        if family.estimator not in SPREADS:
            found |= _differences(shared_responses(grids, family))
    one, other = np.triu_indices(len(grids), 1)
    nothing = without_error(np.full((len(one), 1), np.nan), NO_ANSWER)
    out: dict[str, dict[Scope, PairTests]] = {}
    for name, score in joint.items():
        on, beyond = found.get(name, (nothing, nothing))
        if score.family.estimator == "group_spread_corrected":
            on, beyond = _spread_differences(score)
        # A rater that was not scored on some of the items' tags has no such score.
        lacking = np.isnan(score.values[one] + score.values[other])
        out[name] = {
            "on": _tested(on.without(lacking), len(grids)),
            "beyond": _tested(beyond.without(lacking), len(grids)),
        }
    return out


def _differences(answers: SharedResponses) -> dict[str, tuple[Scoped, Scoped]]:
    """By score the differences of all pairs, one after the other, P x 1 in each scope."""
    parts = []
    for one in range(len(answers.numbers) - 1):
        others = range(one + 1, len(answers.numbers))
        for start in range(0, len(others), _BLOCK):
            found = answers.differences(one, others[start : start + _BLOCK])
            if found is not None:
                parts.append(found)
    names = parts[0].names if parts else []
    return {
        name: (
            joined_scopes([part.on.only([d]) for part in parts], axis=0),
            joined_scopes([part.beyond.only([d]) for part in parts], axis=0),
        )
        for d, name in enumerate(names)
    }


def _spread_differences(score: JointScore) -> tuple[Scoped, Scoped]:
    one, other = np.triu_indices(len(score.values), 1)
    gaps = (score.values[other] - score.values[one])[:, None]
    drawn = score.replicates[:, other] - score.replicates[:, one]
    return without_error(gaps, NOT_ON_ITEMS), of_replicates(
        gaps, drawn, int(score.carrying.max(initial=0))
    )


def _tested(found: Scoped, count: int) -> PairTests:
    """The tests of pairs in the order of `numpy.triu_indices`, second less first."""
    p_values = found.p_values()[:, 0]
    return PairTests(
        differences=_square(-found.values[:, 0], count, below=-1.0),
        reach=_square(found.reach()[:, 0], count),
        p_values=_square(p_values, count),
        corrected=_square(holm(p_values), count),
        scoped=found,
    )


def _square(values: npt.ArrayLike, count: int, below: float = 1.0) -> FloatArray:
    """Values of pairs as a matrix, M x M, each a second time below the diagonal by a factor."""
    one, other = np.triu_indices(count, 1)
    matrix = np.full((count, count), np.nan)
    matrix[one, other] = values
    matrix[other, one] = below * np.asarray(values)
    return matrix


def ranked(score: JointScore, different: BoolArray) -> tuple[list[Rank], list[int | None]]:
    """Ranks of M raters with their intervals, and how many each does not differ from.

    Args:
        score: with the replicates.
        different: M x M, which two differ significantly.
    """
    first = score.highest_first
    return (
        rank_intervals(score.values, score.replicates, score.carrying, highest_first=first),
        tie_counts(score.values, different),
    )


def _whole(freedom: float) -> float:
    """Degrees of freedom rounded down: a search is kept for each number of them."""
    return float(max(math.floor(min(freedom, 1e6)), 1))


def pair_rows(
    name: str, tests: Mapping[Scope, PairTests], ids: Sequence[str]
) -> list[dict[str, Any]]:
    """Differences between any two of M raters on one score, the first less the second.

    Args:
        name: of the score.
        tests: of every two in each scope.
        ids: M names.
    """
    return [
        {
            "a": ids[a],
            "b": ids[b],
            "score": name,
            **_pair(tests["beyond"], a, b),
            "on_items": _pair(tests["on"], a, b),
        }
        for a, b in zip(*(pair.tolist() for pair in np.triu_indices(len(ids), 1)), strict=True)
        if not np.isnan(tests["beyond"].differences[a, b])
    ]


def _pair(tests: PairTests, a: int, b: int) -> dict[str, Any]:
    value, reach = tests.differences[a, b], tests.reach[a, b]
    detectable = tests.detectable[a, b]
    return {
        "difference": {"value": value, "low": value - reach, "high": value + reach, "reason": None},
        "p": tests.p_values[a, b],
        "corrected": tests.corrected[a, b],
        "detectable": detectable if np.isfinite(detectable) else np.nan,
    }


def _spread(replicates: FloatArray) -> FloatArray:
    """M standard deviations over the replicates that have a value."""
    there = ~np.isnan(replicates)
    counts = there.sum(axis=0)
    means = np.where(there, replicates, 0.0).sum(axis=0) / np.maximum(counts, 1)
    squares = np.where(there, replicates - means, 0.0) ** 2
    spread: FloatArray = np.sqrt(squares.sum(axis=0) / np.maximum(counts - 1, 1))
    return spread
