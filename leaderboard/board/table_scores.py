"""Scores of the raters of one table side by side, resampled together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ratings.arrays import FloatArray
from scorers.intervals.bootstrap import cluster_weights
from scorers.scores.families import SPREADS, ratio_scores, ratio_scores_of, spread_of
from scorers.scores.inequity import corrected_replicates, spread_replicates
from scorers.scores.manifests import Manifest, ScoreFamily
from scorers.scores.ratio_scores import RatioScores
from scorers.scores.responses import ResponseMatrix
from scorers.scores.shared_responses import RATED, SharedResponses, shared_responses


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
    rated: list[SharedResponses] = []
    for family in manifest.scores.values():
        if family.estimator in SPREADS:
            out.update(_joint_spreads(grids, family, clusters, weights))
            continue
        if family.estimator in RATED:  # families of the same ratings, which are read once
            rated = rated or [shared_responses([grid], family) for grid in grids]
            found = [ratio_scores_of(answers.for_family(family)) for answers in rated]
        else:
            found = [ratio_scores(grid, family) for grid in grids]
        out.update(_joint_ratios(found, family, clusters, weights))
    return out


def _joint_ratios(
    found: Sequence[RatioScores | None],
    family: ScoreFamily,
    clusters: Sequence[str],
    weights: FloatArray,
) -> dict[str, JointScore]:
    names = list(dict.fromkeys(n for scores in found if scores is not None for n in scores.names))
    values = np.full((len(found), len(names)), np.nan)
    replicates = np.full((len(weights), len(found), len(names)), np.nan)
    carrying = np.zeros((len(found), len(names)), dtype=np.intp)
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


def _spread(replicates: FloatArray) -> FloatArray:
    """M standard deviations over the replicates that have a value."""
    there = ~np.isnan(replicates)
    counts = there.sum(axis=0)
    means = np.where(there, replicates, 0.0).sum(axis=0) / np.maximum(counts, 1)
    squares = np.where(there, replicates - means, 0.0) ** 2
    spread: FloatArray = np.sqrt(squares.sum(axis=0) / np.maximum(counts - 1, 1))
    return spread
