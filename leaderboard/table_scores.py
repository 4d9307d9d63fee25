"""Scores of the raters of one table side by side: drawn anew together, ranked, compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from ratings.manifests import Manifest, ScoreFamily
from scorers.answer_grid import AnswerGrid
from scorers.bootstrap import cluster_intervals, cluster_weights
from scorers.comparison import SIGNIFICANCE, holm
from scorers.detectable import detectable_difference
from scorers.estimators import SPREADS, ratio_scores, spread_of
from scorers.inequity import corrected_replicates, spread_replicates
from scorers.ranks import Rank, rank_intervals, tie_counts
from scorers.ratio_scores import RatioScores

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

PAIRS_LIMIT = 40


@dataclass(frozen=True, eq=False)
class JointScore:
    """One score of M raters, drawn anew together.

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


def joint_scores(grids: Sequence[AnswerGrid], manifest: Manifest) -> dict[str, JointScore]:
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
    grids: Sequence[AnswerGrid],
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
        places = [names.index(name) for name in scores.names]
        values[m, places] = scores.values()
        replicates[:, m, places] = scores.replicates(_weights_of(scores, clusters, weights))
        carrying[m, places] = scores.carrying()
    return {
        name: JointScore(name, family, values[:, d], replicates[:, :, d], carrying[:, d])
        for d, name in enumerate(names)
    }


def _weights_of(scores: RatioScores, clusters: Sequence[str], weights: FloatArray) -> FloatArray:
    """How often the clusters of one run were drawn among those of all."""
    if len(scores.clusters) == len(clusters):
        return weights
    place = {label: c for c, label in enumerate(clusters)}
    return weights[:, [place[label] for label in scores.clusters]]


def _joint_spreads(
    grids: Sequence[AnswerGrid],
    family: ScoreFamily,
    clusters: Sequence[str],
    weights: FloatArray,
) -> dict[str, JointScore]:
    """The index over all dimensions, or of each of them."""
    place = {label: c for c, label in enumerate(clusters)}
    people = [spread_of(grid, family) for grid in grids]
    mine = [weights[:, [place[label] for label in sorted(set(g.clusters))]] for g in grids]
    carrying = np.array([len(accuracies) for accuracies, _ in people])
    corrected = family.estimator == "group_spread_corrected"
    wanted = {name: (field,) for name, field in family.of_each_group.items()}
    out = {}
    for name, fields in (wanted or {family.name: family.groups}).items():
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
    """The index as published, and B values of it with people drawn anew."""
    once = np.ones((1, weights.shape[1]))
    value = float(spread_replicates(accuracies, groups, once)[0])
    return value, spread_replicates(accuracies, groups, weights)


@dataclass(frozen=True, eq=False)
class PairTests:
    """Tests of every two of M raters on one score, each M x M and symmetric.

    Attributes:
        p_values: of no difference; NaN where one has no value.
        corrected: the same after Holm's correction over all pairs.
        errors: standard errors of the differences.
    """

    p_values: FloatArray
    corrected: FloatArray
    errors: FloatArray

    @property
    def different(self) -> BoolArray:
        """Which two differ significantly."""
        return self.corrected < SIGNIFICANCE


def pair_tests(score: JointScore) -> PairTests:
    """Which raters differ in a score.

    The p-value of a pair is that of Student's t, the difference over its standard error in the
    replicates, which share their clusters; Holm's correction is over all pairs of the score.
    """
    count = len(score.values)
    upper = np.triu_indices(count, 1)
    covariance = _covariance(score.replicates)
    variances = np.diag(covariance)
    errors = np.sqrt(np.maximum(variances[:, None] + variances[None, :] - 2 * covariance, 0.0))
    gaps = np.abs(score.values[:, None] - score.values[None, :])
    freedom = np.maximum(np.minimum(score.carrying[:, None], score.carrying[None, :]) - 1, 1)
    # A difference that no draw moves is certain; none at all is none.
    ratio = np.divide(gaps, errors, out=np.where(gaps > 1e-9, np.inf, 0.0), where=errors > 1e-12)
    p_values = 2 * stats.t.sf(ratio, freedom)
    p_values[np.isnan(gaps)] = np.nan
    corrected = np.full((count, count), np.nan)
    corrected[upper] = holm(p_values[upper])
    corrected.T[upper] = corrected[upper]
    return PairTests(p_values, corrected, errors)


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


def pair_rows(score: JointScore, tests: PairTests, ids: Sequence[str]) -> list[dict[str, Any]]:
    """Differences between any two of M raters on one score.

    Args:
        score: with the replicates.
        tests: of every two.
        ids: M names.
    """
    one, other = np.triu_indices(len(ids), 1)
    gaps = score.values[one] - score.values[other]
    drawn = score.replicates[:, one] - score.replicates[:, other]
    carrying = np.minimum(score.carrying[one], score.carrying[other])
    low, high = cluster_intervals(gaps, drawn, carrying)
    comparisons = max(int((~np.isnan(gaps)).sum()), 1)
    detectable = [
        detectable_difference(error, comparisons, freedom=max(int(units) - 1, 1))
        for error, units in zip(tests.errors[one, other], carrying, strict=True)
    ]
    return [
        {
            "a": ids[a],
            "b": ids[b],
            "score": score.name,
            "difference": {"value": gaps[k], "low": low[k], "high": high[k], "reason": None},
            "p": tests.p_values[a, b],
            "corrected": tests.corrected[a, b],
            "detectable": detectable[k],
        }
        for k, (a, b) in enumerate(zip(one.tolist(), other.tolist(), strict=True))
        if not np.isnan(gaps[k])
    ]


def _covariance(replicates: FloatArray) -> FloatArray:
    """M x M covariances over the replicates in which both have a value."""
    there = ~np.isnan(replicates)
    counts = there.sum(axis=0)
    means = np.where(there, replicates, 0.0).sum(axis=0) / np.maximum(counts, 1)
    centred = np.where(there, replicates - means, 0.0)
    both = there.T.astype(float) @ there.astype(float)
    covariance: FloatArray = centred.T @ centred / np.maximum(both - 1, 1)
    return covariance


def _spread(replicates: FloatArray) -> FloatArray:
    return np.sqrt(np.diag(_covariance(replicates)))
