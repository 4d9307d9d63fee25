"""Whether groups of people prefer different models: a permutation test, and by how much."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ratings.arrays import BoolArray, FloatArray, IntArray
from ratings.errors import DataError
from scorers.comparison.differences import holm
from scorers.intervals.bootstrap import cluster_intervals, cluster_weights
from scorers.intervals.estimate import Estimate
from scorers.preferences.aggregations.aggregation import DEFAULT, Aggregation, aggregation_named
from scorers.preferences.preference_ranks import point_scores
from scorers.preferences.tallies import Tallies

PERMUTATIONS = 4_999
REPLICATES = 1_000
_ROWS = 1_000  # people left out, one each, at a time
_LABELLED = 4_000_000  # labels permuted at a time
_ROUNDING = 1e-12


@dataclass(frozen=True)
class ModelDifference:
    """How much scores of a model differ between groups.

    Attributes:
        model: its name.
        p_value: of the same score in all groups.
        corrected: the same after Holm's correction over models.
        effects: by group, its score less that of the people of all other groups.
    """

    model: str
    p_value: float
    corrected: float
    effects: dict[str, Estimate]


@dataclass(frozen=True)
class GroupTest:
    """Whether scores differ between groups.

    Attributes:
        aggregation: the name of how scores are made.
        groups: how many people of each take part.
        left_out: how many people are in no group.
        p_value: of the same scores of all models in all groups.
        models: the models that have a score, in the order of the tallies.
        permutations: how many relabellings the p-values rest on.
        seed: of these and of the intervals.
    """

    aggregation: str
    groups: dict[str, int]
    left_out: int
    p_value: float
    models: tuple[ModelDifference, ...]
    permutations: int
    seed: int


def group_differences(
    tallies: Tallies,
    groups: Sequence[str | None],
    aggregation: str = DEFAULT,
    *,
    seed: int = 0,
    permutations: int = PERMUTATIONS,
    replicates: int = REPLICATES,
) -> GroupTest:
    """Test whether groups of people differ in the scores they give to models.

    A person's part in a score is found by the jackknife, at everybody's score, and divided by
    the person's share in the battles of the model (or its scored replies, where scores are means
    of these). A group's mean of these, weighted by the shares, is what its score is, less
    everybody's, to first order. For each model the statistic is Welch's: squared distances of
    the groups' means from their common one, each over its own squared standard error, so that
    groups may differ in size, scatter and number of battles a person; for all models together it
    is the sum. Its distribution is that over permutations of the labels of people, which is exact
    where groups differ in nothing, and right in large groups where scores alone are the same.

    Parts are of everybody's score, so regularisation does not pull small groups further than
    large ones. For the same reason effects are computed with each group's people counted as many
    times as make up all people.

    Several groupings are several tests: correct their p-values too.

    Source: Chung and Romano (2013), Exact and asymptotically robust permutation tests, for the
    studentised statistic; Efron and Tibshirani (1993), An introduction to the bootstrap, chapter
    11, for the jackknife's influence values.

    Args:
        tallies: of R people.
        groups: of each person; None (or NaN) is in no group, as who prefers not to say, or whose
            group is too small.
        aggregation: a name of `AGGREGATIONS`, but `elo`, which draws an order for every set of
            battles, so that one person's part in it is lost.
        seed: of permutations and intervals.
        permutations: how many; a corrected p-value of a model is at least the number of models
            over one more than these.
        replicates: of the bootstrap within groups.

    Raises:
        DataError: fewer than two groups, a group of one person, no label for some people, the
            aggregation is `elo` or has no answer with a person left out, or what `rank_models`
            refuses.
        UnknownNameError: there is no such aggregation.
    """
    chosen = aggregation_named(aggregation)
    if aggregation == "elo":
        raise DataError("elo depends on the order of battles: test elo_mle instead")
    names, label, kept = _groups_of(groups, len(tallies.people))
    mine = tallies.of_people(kept)
    values = point_scores(mine, chosen)
    known = np.flatnonzero(~np.isnan(values))
    parts = _parts(mine, chosen, values)[:, known]
    shares = _shares(mine, chosen)[:, known]
    sums = np.concatenate([parts, shares, parts**2, parts * shares, shares**2], axis=1)
    observed = _statistics(sums, label[None], len(names))[0]
    drawn = _permuted(sums, label, len(names), permutations, seed)
    p_values = _shares_beyond(observed, drawn)
    overall = _shares_beyond(observed.sum(keepdims=True), drawn.sum(axis=1, keepdims=True))
    effects = _effects(mine, chosen, label, names, seed, replicates)
    corrected = holm(p_values)
    return GroupTest(
        aggregation,
        {name: int((label == g).sum()) for g, name in enumerate(names)},
        int((~kept).sum()),
        float(overall[0]),
        tuple(
            ModelDifference(
                mine.models[m],
                float(p_values[k]),
                float(corrected[k]),
                {name: effects[g][m] for g, name in enumerate(names)},
            )
            for k, m in enumerate(known.tolist())
        ),
        permutations,
        seed,
    )


def _groups_of(groups: Sequence[str | None], people: int) -> tuple[list[str], IntArray, BoolArray]:
    """Names of groups, labels of the people in one, and who is."""
    if len(groups) != people:
        raise DataError(f"{len(groups)} labels of groups for {people} people")
    given = pd.Series(list(groups), dtype=object)
    kept = given.notna().to_numpy()
    names, label, sizes = np.unique(
        given[kept].to_numpy(str), return_inverse=True, return_counts=True
    )
    if len(names) < 2:
        raise DataError(f"a comparison needs two groups or more, but has {len(names)}")
    if sizes.min() < 2:
        raise DataError(f"the group {names[sizes.argmin()]} has one person; leave it out")
    return names.tolist(), label, kept


def _parts(tallies: Tallies, chosen: Aggregation, values: FloatArray) -> FloatArray:
    """What each person adds to each score, R x K, about 0."""
    people = len(tallies.people)
    without = []
    for begin in range(0, people, _ROWS):
        rows = np.arange(begin, min(begin + _ROWS, people))
        weights = np.ones((len(rows), people))
        weights[np.arange(len(rows)), rows] = 0
        without.append(chosen.aggregate(tallies, weights))
    left = np.concatenate(without)
    lost = np.isnan(left[:, ~np.isnan(values)]).any(axis=1)
    if lost.any():
        raise DataError(
            f"{chosen.title}: without one of {lost.sum()} people there is no answer for some "
            "model; leave the models with the fewest battles out"
        )
    parts = values - left
    return np.asarray(parts - parts.mean(axis=0))


def _shares(tallies: Tallies, chosen: Aggregation) -> FloatArray:
    """Each person's share in the battles of each model, or in its scored replies, R x K."""
    amounts = tallies.amounts(chosen.compares)
    return np.asarray(amounts / np.maximum(amounts.sum(axis=0), 1))


def _statistics(sums: FloatArray, labels: IntArray, groups: int) -> FloatArray:
    """Welch's statistic of each of K models for each of P labellings, P x K.

    Args:
        sums: R x 5 K: parts p, shares s, and p p, p s and s s.
        labels: P x R.
        groups: G.
    """
    size = (len(labels), sums.shape[1] // 5)
    weight_sum, first, second = (np.zeros(size) for _ in range(3))
    for group in range(groups):
        inside = (labels == group).astype(float)
        part, share, part2, cross, share2 = np.split(inside @ sums, 5, axis=1)
        people = inside.sum(axis=1, keepdims=True)
        mean = np.divide(part, share, out=np.zeros(size), where=share > 0)
        scatter = (part2 - 2 * mean * cross + mean**2 * share2) * people / (people - 1)
        # A group in which nobody has any part in a score says nothing of it.
        counts = (share > 0) & (scatter > _ROUNDING**2)
        weight = np.divide(share**2, scatter, out=np.zeros(size), where=counts)
        weight_sum += weight
        first += weight * mean
        second += weight * mean**2
    common = np.divide(first**2, weight_sum, out=np.zeros(size), where=weight_sum > 0)
    return np.asarray(np.maximum(second - common, 0.0))


def _permuted(
    sums: FloatArray, label: IntArray, groups: int, permutations: int, seed: int
) -> FloatArray:
    """Statistics of relabellings, P x K."""
    rng = np.random.default_rng(seed)
    at_a_time = max(1, _LABELLED // len(label))
    return np.concatenate(
        [
            _statistics(
                sums,
                rng.permuted(np.tile(label, (min(at_a_time, permutations - begin), 1)), axis=1),
                groups,
            )
            for begin in range(0, permutations, at_a_time)
        ]
    )


def _shares_beyond(observed: FloatArray, drawn: FloatArray) -> FloatArray:
    """p-values, the observed labelling counted as one of them."""
    beyond = (drawn >= observed * (1 - _ROUNDING) - _ROUNDING).sum(axis=0)
    return np.asarray((1 + beyond) / (1 + len(drawn)))


def _effects(
    tallies: Tallies,
    chosen: Aggregation,
    label: IntArray,
    names: Sequence[str],
    seed: int,
    replicates: int,
) -> list[list[Estimate]]:
    """For each group and model the group's score less that of all others."""
    found = []
    for group in range(len(names)):
        inside = label == group
        point, drawn = (
            _scaled_scores(tallies, chosen, inside, seed, number)
            - _scaled_scores(tallies, chosen, ~inside, seed + 1, number)
            for number in (None, replicates)
        )
        people = tallies.amounts(chosen.compares) > 0
        raters = np.minimum(people[inside].sum(axis=0), people[~inside].sum(axis=0))
        low, high = cluster_intervals(point[0], drawn, raters)
        found.append(
            [
                Estimate(
                    *ends, reason=None if np.isfinite(ends).all() else "too few people scored it"
                )
                for ends in zip(point[0].tolist(), low.tolist(), high.tolist(), strict=True)
            ]
        )
    return found


def _scaled_scores(
    tallies: Tallies, chosen: Aggregation, inside: BoolArray, seed: int, replicates: int | None
) -> FloatArray:
    """Scores of some people, counted as often as makes up all, or of draws of them; B x K."""
    size = int(inside.sum())
    drawn = np.ones((1, size)) if replicates is None else cluster_weights(size, seed, replicates)
    weights = np.zeros((len(drawn), len(inside)))
    weights[:, inside] = drawn * len(inside) / size
    return chosen.aggregate(tallies, weights)
