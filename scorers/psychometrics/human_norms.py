"""Models among people: where a model stands, item by item, value by value and as a profile."""

from functools import lru_cache

import numpy as np

from ratings.arrays import BoolArray, FloatArray
from scorers.intervals.bootstrap import CONFIDENCE, cluster_interval, cluster_weights, resampled
from scorers.intervals.estimate import Estimate, undefined
from scorers.intervals.means import ratio
from scorers.psychometrics.correlation import row_correlations

LEAST_VALUES = 3

_ENDS = ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2)
_WITHIN = (-0.9999, 0.9999)  # where Fisher's scale is finite
_EQUAL = 1e-9  # equal means computed in another order differ in the last bits


def standing(
    model: FloatArray,
    people: FloatArray,
    tagged: BoolArray,
    *,
    centred: bool = True,
    seed: int = 0,
) -> list[Estimate]:
    """Chance that the model's score exceeds that of a person's own ratings, ties counting half.

    Nobody rates all items, and which ones somebody rated moves a score. So the model is compared
    with each person on exactly the items that the person rated: a score is the mean over the rated
    items of the dimension and, when centred, minus the mean over all rated items that carry a tag
    of the family.

    This is not the model's percentile among people's values. A person's score from a few items
    scatters more than the person's values do, which pulls the chance towards one half: with one to
    four items a person, of loading 0.7 and rating noise 1.2, a model at the true 75th, 90th and
    97.5th percentile has chances of 0.67, 0.80 and 0.90. The interval holds that chance, for
    other people who rate as many items. It speaks of other people, not of other items: the
    model's own error is not in it.

    Source: the common language effect size, McGraw and Wong (1992), and ties as in Mann and Whitney
    (1947). Where nobody is below, or nobody above, the bootstrap does not move and the far end is
    that of Clopper and Pearson (1934).

    Args:
        model: mean rating of I items; NaN where there is none, which takes the item out.
        people: R x I ratings; NaN where a person did not rate an item.
        tagged: D x I, whether an item counts for a dimension.
        centred: whether scores are minus the mean over the family, as for values.
        seed: of the bootstrap over people.

    Returns:
        D shares from 0 to 1. People without a rated item of the dimension are left out.

    >>> people = np.array([[2.0, 5.0], [5.0, 2.0], [np.nan, 3.0]])
    >>> standing(np.array([4.0, 4.0]), people, np.array([[True, False]]), centred=False)[0].value
    0.5
    """
    both = ~np.isnan(people) & ~np.isnan(model)
    theirs = np.where(both, people, 0.0)
    own = np.where(np.isnan(model), 0.0, model)
    # Scores are linear in the ratings, so the difference of scores is the score of differences.
    ahead = _scores(np.where(both, own - theirs, 0.0), both, tagged, centred)
    wins = np.where(np.abs(ahead) <= _EQUAL, 0.5, (ahead > 0).astype(float))
    there = ~np.isnan(ahead)
    wins[~there] = 0.0
    counts = there.sum(axis=0)
    replicates = _drawn_shares(wins, there, seed)
    return [
        _share(wins[there[:, d], d], replicates[:, d], tagged[d], counts[d])
        for d in range(len(tagged))
    ]


def item_standing(model: FloatArray, people: FloatArray) -> FloatArray:
    """Where the model stands among the people who rated an item: mid-rank, 0 to 1, of each of I.

    The share of ratings below the model's plus half the share of equal ones.

    Args:
        model: mean rating of I items.
        people: R x I ratings, NaN where there is none.

    Returns:
        I shares; NaN where the model or everybody has no rating.

    >>> item_standing(np.array([3.0]), np.array([[1.0], [3.0], [3.0], [6.0]]))
    array([0.5])
    """
    rated = ~np.isnan(people)
    ahead = np.where(rated, model - people, np.nan)
    below = (ahead > _EQUAL).sum(axis=0) + 0.5 * (np.abs(ahead) <= _EQUAL).sum(axis=0)
    counts = np.where(np.isnan(model), 0, rated.sum(axis=0))
    return ratio(below, counts)


def profile_distance(
    model: FloatArray,
    human: FloatArray,
    model_replicates: FloatArray,
    human_replicates: FloatArray,
) -> tuple[Estimate, Estimate]:
    """Euclidean distance and Pearson correlation of a model's profile and the people's mean one.

    Noise pushes profiles apart: the expected square of the observed distance is the square of
    the true one plus the variances of all D differences. Their sum V, estimated from the
    replicates, is taken away by the method of moments:

        distance = square root of max(0, observed^2 - V)

    so 0 means 'no farther than noise would put them'. A replicate holds that noise twice, its own
    and the observed profiles', so its squared distance is lowered by 2 V; the interval is from
    the percentiles of these. In simulations (10 values, standard errors of .1 to .3) it covered
    the true distance in 94 to 100 per cent; plain percentiles often in fewer than half.

    The correlation is as observed: noise pulls it towards 0, and that of replicates once more. The
    interval reflects their percentiles at the observed value on Fisher's scale, which mends this
    in part; it still covers less than 95 per cent when the noise is as large as the profile.

    Args:
        model: D scores.
        human: D scores of the people.
        model_replicates: B x D, bootstrap replicates of the model's scores.
        human_replicates: B x D, of the people's, drawn independently of the model's.

    Returns:
        Distance, in the unit of the scores, and correlation. Both are undefined when a value has
        no score, the correlation also with fewer than three values or when a profile is flat.
        Replicates with a NaN are left out.
    """
    if not len(model) or np.isnan(model).any() or np.isnan(human).any():
        missing = undefined("a value has no score")
        return missing, missing
    kept = ~np.isnan(model_replicates).any(axis=1) & ~np.isnan(human_replicates).any(axis=1)
    drawn = model_replicates[kept], human_replicates[kept]
    return _distance(model - human, drawn[0] - drawn[1]), _likeness(model, human, *drawn)


def _distance(difference: FloatArray, drawn: FloatArray) -> Estimate:
    if len(drawn) < 2:
        return undefined("fewer than two replicates to tell noise from distance")
    noise = float(drawn.var(axis=0, ddof=1).sum())
    value = float(np.sqrt(max(0.0, float(difference @ difference) - noise)))
    squares = np.maximum((drawn**2).sum(axis=1) - 2 * noise, 0.0)
    low, high = np.sqrt(np.quantile(squares, _ENDS))
    return Estimate(value, min(float(low), value), max(float(high), value))


def _likeness(
    model: FloatArray, human: FloatArray, model_drawn: FloatArray, human_drawn: FloatArray
) -> Estimate:
    value = float(row_correlations(model[None, :], human)[0])
    if len(model) < LEAST_VALUES:
        return undefined(f"needs {LEAST_VALUES} values or more, found {len(model)}")
    if np.isnan(value):
        return undefined("a profile is flat")
    replicates = row_correlations(model_drawn, human_drawn)
    replicates = replicates[~np.isnan(replicates)]
    if not replicates.size:
        return Estimate(value, reason="no interval: no replicate is defined")
    below, above = np.arctanh(np.clip(np.quantile(replicates, _ENDS), *_WITHIN))
    centre = np.arctanh(np.clip(value, *_WITHIN))
    low, high = np.tanh(2 * centre - above), np.tanh(2 * centre - below)
    return Estimate(value, min(float(low), value), max(float(high), value))


def scores_of_people(
    people: FloatArray, tagged: BoolArray, *, centred: bool
) -> tuple[FloatArray, FloatArray]:
    """Each person's own scores, and on how many rated items each rests.

    Args:
        people: R x I ratings; NaN where a person did not rate an item.
        tagged: D x I, whether an item counts for a dimension.
        centred: whether scores are minus the person's mean over the rated items with any tag.

    Returns:
        R x D scores, NaN for a person without a rated item of the dimension, and R x D counts.

    >>> people = np.array([[2.0, 4.0, np.nan]])
    >>> scores_of_people(people, np.array([[True, True, True], [True, False, False]]), centred=True)
    (array([[ 0., -1.]]), array([[2., 1.]]))
    """
    there = ~np.isnan(people)
    scores = _scores(np.where(there, people, 0.0), there, tagged, centred)
    return scores, there.astype(float) @ tagged.T.astype(float)


def _scores(ratings: FloatArray, there: BoolArray, tagged: BoolArray, centred: bool) -> FloatArray:
    """R x D scores of each person's own items; NaN for a person without one of the dimension."""
    groups = np.vstack([tagged, tagged.any(axis=0)]).astype(float)
    sums = np.einsum("ri,di->rd", ratings, groups)
    counts = np.einsum("ri,di->rd", there.astype(float), groups)
    means = ratio(sums, counts)
    scores: FloatArray = means[:, :-1] - means[:, -1:] if centred else means[:, :-1]
    return scores


def _drawn_shares(wins: FloatArray, there: BoolArray, seed: int) -> FloatArray:
    """B x D shares over the people drawn; NaN where none of them has a score."""
    weights = _person_weights(len(wins), seed)
    return ratio(resampled(weights, wins.T), _drawn_counts(there.tobytes(), *there.shape, seed))


@lru_cache(maxsize=4)  # the models of a board have mostly rated the same items
def _drawn_counts(there: bytes, people: int, dimensions: int, seed: int) -> FloatArray:
    """B x D numbers of the people drawn that have a score, of R x D booleans as bytes."""
    counted = np.frombuffer(there, dtype=bool).reshape(people, dimensions).T.astype(float)
    return resampled(_person_weights(people, seed), counted)


def _person_weights(people: int, seed: int) -> FloatArray:
    return cluster_weights(people, seed) if people else np.empty((1, 0))


def _share(wins: FloatArray, replicates: FloatArray, tagged: BoolArray, people: int) -> Estimate:
    if not tagged.any():
        return undefined("no item is tagged with it")
    if people == 0:
        return undefined("nobody rated an item of it that the model rated")
    value = float(wins.mean())
    if people == 1:
        return Estimate(value, reason="no interval: one person rated its items")
    low, high = cluster_interval(value, replicates, people, ends=(0.0, 1.0))
    exact = ((1 - CONFIDENCE) / 2) ** (1 / people)
    if value in (0.0, 1.0):
        low, high = (0.0, 1 - exact) if value == 0 else (exact, 1.0)
    return Estimate(value, low, high)
