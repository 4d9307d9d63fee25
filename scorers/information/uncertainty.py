"""How much of the uncertainty about ratings is about whose values they express.

Total uncertainty is that of a decoder given nothing about the rater. Giving it the rater's profile
takes the value-epistemic part off; the aleatoric part stays. Everything in nats.

Source: Sorensen et al. (2025), appendix D.1 and D.2.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy

from ratings.arrays import FloatArray
from scorers.information.split_means import Labels, joint_ratio
from scorers.information.v_information import (
    check_probabilities,
    information_by,
    pointwise_information,
    v_entropy,
    v_information,
)
from scorers.intervals.estimate import Estimate


@dataclass(frozen=True)
class Uncertainty:
    """Uncertainty about ratings, in nats, and its parts.

    Attributes:
        total: V-entropy of `none`.
        value_epistemic: what knowing the profile takes off. May be negative.
        aleatoric: V-entropy given the profile, what is left.
        epistemic_share: `value_epistemic` / `total`.
        aleatoric_share: `aleatoric` / `total`.
    """

    total: Estimate
    value_epistemic: Estimate
    aleatoric: Estimate
    epistemic_share: Estimate
    aleatoric_share: Estimate


def uncertainty(
    none: FloatArray, informed: FloatArray, raters: Labels, splits: Labels, seed: int = 0
) -> Uncertainty:
    """Total, value-epistemic and aleatoric uncertainty over all ratings, with intervals.

    Args:
        none: N nats, log-losses of the decoder given nothing about the rater; or, for what the
            decoder itself believes, the `entropies` of its distributions.
        informed: N nats, the same of the decoder given the rater's profile, for the same ratings.
        raters: N labels.
        splits: N labels.
        seed: of the bootstrap.
    """
    total, aleatoric = v_entropy(np.stack([none, informed]), raters, splits, seed)
    (epistemic,) = v_information(none, informed[None], raters, splits, seed)
    return Uncertainty(
        total.estimate,
        epistemic.estimate,
        aleatoric.estimate,
        joint_ratio(epistemic, total, "the total uncertainty"),
        joint_ratio(aleatoric, total, "the total uncertainty"),
    )


def uncertainty_by_instance(
    none: FloatArray, informed: FloatArray, instances: Labels, raters: Labels
) -> pd.DataFrame:
    """The same parts for each instance.

    Args:
        none: N nats, log-losses or entropies without information about the rater.
        informed: N nats, with it.
        instances: N labels.
        raters: N labels.

    Returns:
        One row an instance with columns `instance`, `ratings`, `raters`, and `total`,
        `value_epistemic` and `aleatoric`, each with `_low` and `_high`, and `reason`: None, or why
        there are no intervals. They draw raters, and are wide with few.
    """
    parts = {
        "total": none,
        "value_epistemic": pointwise_information(none, informed),
        "aleatoric": informed,
    }
    tables = {name: information_by(values, instances, raters) for name, values in parts.items()}
    first = tables["value_epistemic"]
    columns = {"instance": first["key"], "ratings": first["ratings"], "raters": first["clusters"]}
    for name, table in tables.items():
        columns |= {
            name: table["mean"],
            f"{name}_low": table["low"],
            f"{name}_high": table["high"],
        }
    return pd.DataFrame(columns | {"reason": first["reason"]})


def entropies(probabilities: FloatArray) -> FloatArray:
    """Entropy of each row of a table of distributions, ... x K to ..., in nats.

    What the decoder expects its own loss to be. Where it is calibrated the two agree on average.

    >>> entropies(np.array([[0.5, 0.5], [1.0, 0.0]]))
    array([0.69314718, 0.        ])
    """
    check_probabilities(probabilities)
    found: FloatArray = scipy.special.entr(np.asarray(probabilities, dtype=float)).sum(axis=-1)
    return found


def profile_relevance(given: FloatArray, none: FloatArray) -> FloatArray:
    """How many nats each of V profiles tells about the ratings of an instance, ... x V.

    I(v -> Y | x) is the drop of the expected loss when a rater who holds v is predicted with v
    instead of with nothing. With such a rater's choices drawn from the decoder's distribution
    given v, it is the Kullback-Leibler divergence of that distribution from the one given
    nothing: sum over k of p(k | v) * log(p(k | v) / p(k | nothing)). Never negative; infinite
    where nothing rules out a label that v allows.

    Its mean over profiles is their `mutual_information` with the rating, plus the divergence of
    the profiles' mean distribution from the one given nothing, which is 0 for a decoder whose
    `none` is the mean over raters.

    Source: Sorensen et al. (2025), appendix D.2, with equation 1.

    Args:
        given: ... x V x K distributions of the decoder given each profile.
        none: ... x K, given nothing.

    >>> profile_relevance(np.array([[1.0, 0.0], [0.5, 0.5]]), np.array([0.5, 0.5]))
    array([0.69314718, 0.        ])
    """
    check_probabilities(given)
    check_probabilities(none)
    found: FloatArray = scipy.special.rel_entr(given, np.asarray(none)[..., None, :]).sum(axis=-1)
    return found


def mutual_information(given: FloatArray) -> FloatArray:
    """Nats that knowing which of V equally likely profiles it is tells about the rating.

    Entropy of the mean distribution less the mean entropy.

    Args:
        given: ... x V x K.

    Returns:
        One value an instance, ...

    >>> float(mutual_information(np.array([[1.0, 0.0], [0.0, 1.0]])).round(4))
    0.6931
    """
    check_probabilities(given)
    centre = np.asarray(given, dtype=float).mean(axis=-2, keepdims=True)
    found: FloatArray = scipy.special.rel_entr(given, centre).sum(axis=-1).mean(axis=-1)
    return found


def jensen_shannon(one: FloatArray, other: FloatArray) -> FloatArray:
    """Jensen-Shannon divergence of rows, ... x K twice to ..., from 0 to log 2 nats.

    Leading axes broadcast: for all pairs of V profiles of an instance, pass
    `given[:, None]` and `given[None]`, and get V x V.

    Source: Lin (1991), Divergence measures based on the Shannon entropy.

    >>> jensen_shannon(np.array([[1.0, 0.0], [0.5, 0.5]]), np.array([0.0, 1.0])).round(4)
    array([0.6931, 0.2158])
    """
    check_probabilities(one)
    check_probabilities(other)
    centre = (np.asarray(one, dtype=float) + other) / 2
    parts = scipy.special.rel_entr(one, centre) + scipy.special.rel_entr(other, centre)
    halves: FloatArray = parts.sum(axis=-1) / 2
    return np.clip(halves, 0.0, None)
