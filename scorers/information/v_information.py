"""How much usable information a representation of a rater carries about the rater's ratings.

A decoder is trained for each representation and one for `none`, which tells nothing of the rater.
Their mean held-out losses are V-entropies, in nats, and what a representation takes off the loss
of `none` is its V-information. Estimates may be negative, and are reported as they are.

Source: Sorensen et al. (2025), Value profiles for encoding human variation, section 3, equations 1
to 3 and algorithm 1, after Xu et al. (2020) and Ethayarajh et al. (2022).
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from ratings.arrays import FloatArray
from ratings.errors import DataError
from scorers.information.split_means import Labels, SplitMean, joint_ratio, numbered, split_means
from scorers.intervals.bootstrap import CONFIDENCE
from scorers.intervals.estimate import Estimate
from scorers.intervals.quantiles import student_quantile

IntArray = npt.NDArray[np.integer]

_SUM_TOLERANCE = 1e-6


def log_losses(probabilities: FloatArray, ratings: IntArray) -> FloatArray:
    """Minus the log probability of each chosen label, N nats.

    A chosen label with probability 0 has an infinite loss. It is not clipped: what such a decoder
    would lose depends on nothing but the clipping.

    Args:
        probabilities: N x K, rows summing to 1; 0 beyond an instance's last choice.
        ratings: N chosen labels, from 1.

    Raises:
        DataError: when a row is not a distribution, or a rating is not among the K choices.

    >>> log_losses(np.array([[0.5, 0.5, 0.0], [0.0, 0.0, 1.0]]), np.array([2, 3]))
    array([0.69314718, 0.        ])
    """
    chosen = _chosen(probabilities, ratings)
    out: FloatArray = np.full(len(chosen), np.inf)
    np.log(chosen, out=out, where=chosen > 0)
    return np.abs(out)  # logs of probabilities are 0 or less, and those of 0 were filled in


def hits(probabilities: FloatArray, ratings: IntArray) -> FloatArray:
    """Whether the most probable label is the chosen one, N values of 0 or 1.

    Where T labels are the most probable together and the chosen one is among them, 1 / T: what
    breaking the tie at random gets on average.

    Args:
        probabilities: N x K, rows summing to 1.
        ratings: N chosen labels, from 1.

    >>> hits(np.array([[0.4, 0.4, 0.2], [0.1, 0.2, 0.7]]), np.array([2, 3]))
    array([0.5, 1. ])
    """
    chosen = _chosen(probabilities, ratings)
    top = probabilities.max(axis=1, initial=0.0)
    ties = (probabilities == top[:, None]).sum(axis=1)
    return np.where(chosen == top, 1 / ties, 0.0)


def v_entropy(losses: FloatArray, raters: Labels, splits: Labels, seed: int = 0) -> list[SplitMean]:
    """Mean held-out loss of M representations in each split and over splits, in nats.

    What the intervals cover is described in `scorers.information.split_means.split_means`.

    Args:
        losses: M x N log-losses of the same ratings, in nats; infinite ones are kept.
        raters: N labels.
        splits: N labels of the split, or seed, in which the rating was held out.
        seed: of the bootstrap.

    Raises:
        DataError: when a loss is missing; representations are compared on the same ratings.
    """
    _complete(losses)
    return split_means(losses, raters, splits, seed)


def v_information(
    none: FloatArray, losses: FloatArray, raters: Labels, splits: Labels, seed: int = 0
) -> list[SplitMean]:
    """Mean drop of the held-out loss that M representations bring, in nats. Equation 2.

    Source: Sorensen et al. (2025), equation 2 and algorithm 1.

    Args:
        none: N log-losses of the decoder that is given nothing about the rater.
        losses: M x N log-losses of the same ratings.
        raters: N labels.
        splits: N labels.
        seed: of the bootstrap.

    Raises:
        DataError: when a loss is missing.

    >>> raters, splits = ["a", "a", "b", "b"], [0, 0, 0, 0]
    >>> none, given = np.array([0.75, 0.75, 0.5, 0.5]), np.array([[0.25, 0.25, 0.5, 0.5]])
    >>> v_information(none, given, raters, splits)[0].estimate.value
    0.25
    """
    return split_means(pointwise_information(none, losses), raters, splits, seed)


def accuracy(right: FloatArray, raters: Labels, splits: Labels, seed: int = 0) -> list[SplitMean]:
    """Share of ratings that M representations predict, in each split and over splits.

    Args:
        right: M x N values of 0 to 1, from `hits`.
        raters: N labels.
        splits: N labels.
        seed: of the bootstrap.
    """
    _complete(right)
    return split_means(right, raters, splits, seed)


def information_preserved(information: SplitMean, of_most_examples: SplitMean) -> Estimate:
    """Share of the demonstrations' information that a profile made from them keeps. Equation 3.

    May be above 1, or below 0. The interval comes from joint replicates: raters and training
    move both alike.

    Args:
        information: V-information of the profile.
        of_most_examples: V-information of as many demonstrations as the profile was made from,
            on the same ratings, from the same call or one with the same seed.

    Returns:
        NaN with the reason where the interval of the demonstrations' information is not above 0.
    """
    return joint_ratio(information, of_most_examples, "the information of the most examples")


def pointwise_information(none: FloatArray, losses: FloatArray) -> FloatArray:
    """The loss of `none` less that of a representation, rating by rating, in nats.

    Minus infinity where the representation gave the chosen label probability 0, and NaN where
    both did.

    Source: Ethayarajh et al. (2022), pointwise V-information.

    Args:
        none: N log-losses.
        losses: N, or M x N.

    Raises:
        DataError: when a loss is missing.
    """
    _complete(none)
    _complete(losses)
    with np.errstate(invalid="ignore"):
        found: FloatArray = none - losses
    return found


def information_by(information: FloatArray, keys: Labels, clusters: Labels) -> pd.DataFrame:
    """Means of pointwise information, or of losses, within instances or within raters.

    For instances give raters as clusters, and for raters instances: the interval is Student's,
    with the variance between the sums of clusters (for one rating a cluster, the textbook's
    interval of a mean), so that a rating that was held out in several splits counts as one
    witness. With few clusters it is wide, and the percentile bootstrap would be too narrow.

    Source: Cochran (1977), Sampling techniques, section 9A.1, the variance of a mean over clusters.

    Args:
        information: N values in nats.
        keys: N labels of what to take means within.
        clusters: N labels of what is drawn at random.

    Returns:
        One row a key, in sorted order, with columns `key`, `mean`, `low`, `high`, `ratings`,
        `clusters` and `reason`: None, or why there is no interval.
    """
    names, key = numbered(keys, "keys")
    _, cluster = numbered(clusters, "clusters")
    count = len(names)
    ratings = np.bincount(key, minlength=count)
    with np.errstate(invalid="ignore"):
        means = np.bincount(key, weights=information, minlength=count) / ratings
        residuals = information - means[key]
    pairs, pair = np.unique(key * (cluster.max(initial=0) + 1) + cluster, return_inverse=True)
    sums = np.bincount(pair, weights=residuals, minlength=len(pairs))
    owner = pairs // (cluster.max(initial=0) + 1)
    people = np.bincount(owner, minlength=count)
    squares = np.bincount(owner, weights=sums**2, minlength=count)
    several = np.maximum(people, 2)
    error = np.sqrt(squares * several / (several - 1)) / ratings
    reach = student_quantile((1 + CONFIDENCE) / 2, several - 1) * error
    reach[(people < 2) | ~np.isfinite(means)] = np.nan
    reason = np.full(count, None, dtype=object)
    reason[people < 2] = "no interval: rests on a single rater or instance"
    reason[~np.isfinite(means)] = "probability 0 was given to a chosen label"
    return pd.DataFrame(
        {
            "key": names,
            "mean": means,
            "low": means - reach,
            "high": means + reach,
            "ratings": ratings,
            "clusters": people,
            "reason": pd.Series(reason, dtype=object),
        }
    )


def check_probabilities(probabilities: FloatArray) -> None:
    """Refuses rows of an N x K table that are no distributions, naming the first.

    Raises:
        DataError: when a row has a negative or missing value or does not sum to 1 within 1e-6.
    """
    bad = ~np.isfinite(probabilities).all(axis=-1) | (probabilities < 0).any(axis=-1)
    with np.errstate(invalid="ignore"):
        bad |= ~(np.abs(probabilities.sum(axis=-1, dtype=float) - 1) <= _SUM_TOLERANCE)
    if bad.any():
        where = tuple(int(axis[0]) for axis in np.nonzero(bad))
        row = np.array2string(np.asarray(probabilities)[where], threshold=8, precision=6)
        raise DataError(
            f"row {where[0] if len(where) == 1 else where} of the probabilities, {row}, is not "
            "a distribution: values must be finite, not negative and sum to 1"
        )


def _chosen(probabilities: FloatArray, ratings: IntArray) -> FloatArray:
    """Probability of the chosen label, N."""
    if len(probabilities) != len(ratings):
        raise DataError(
            f"{len(probabilities)} rows of probabilities for {len(ratings)} ratings; give one each"
        )
    check_probabilities(probabilities)
    choices = probabilities.shape[1]
    outside = (ratings < 1) | (ratings > choices)
    if outside.any():
        first = int(np.flatnonzero(outside)[0])
        raise DataError(
            f"rating {ratings[first]} in row {first} is not one of the choices 1 to {choices}"
        )
    return np.asarray(probabilities, dtype=float)[np.arange(len(ratings)), ratings - 1]


def _complete(losses: FloatArray) -> None:
    missing = int(np.isnan(losses).sum())
    if missing:
        raise DataError(
            f"{missing} of {losses.size} losses or scores are missing; leave those ratings out of "
            "every representation, so that all are compared on the same ratings"
        )
