"""Samples of people by a scheme, what they choose, and what that is worth to whom."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ratings.arrays import BoolArray, FloatArray, IntArray
from ratings.errors import DataError
from scorers.intervals.means import ratio
from scorers.welfare.plan import Scheme
from scorers.welfare.rules import Rule

DRAWS = 1_000


@dataclass(frozen=True, eq=False)
class Uniforms:
    """Random numbers behind B draws, the same for every scheme, rule and stakeholder.

    The first n of a draw's numbers pick the people of a scheme with n people, so that schemes of
    the same pool have people in common and differences between schemes have less noise.

    Attributes:
        picks: B x the most people of a scheme, 0 to 1.
        tie_breaks: B x K, 0 to 1.
    """

    picks: FloatArray
    tie_breaks: FloatArray

    @classmethod
    def of(cls, draws: int, people: int, models: int, rng: np.random.Generator) -> "Uniforms":
        """B draws of up to so many people, for so many models."""
        return cls(rng.random((draws, people)), rng.random((draws, models)))


def sample_counts(pool: IntArray, people: int, picks: FloatArray) -> FloatArray:
    """How often each person is in each sample drawn with replacement, B x R; rows sum to n.

    Args:
        pool: R, how often each person is in the pool.
        people: n.
        picks: B x at least n random numbers from 0 to 1.

    Raises:
        DataError: when nobody is in the pool.

    >>> sample_counts(np.array([1, 0, 1]), 2, np.array([[0.1, 0.9], [0.2, 0.3]]))
    array([[1., 0., 1.],
           [2., 0., 0.]])
    """
    members = np.repeat(np.arange(len(pool)), pool)
    if not len(members):
        raise DataError("nobody is in the pool that people are drawn from")
    drawn = members[(picks[:, :people] * len(members)).astype(np.intp)]
    cells = drawn + len(pool) * np.arange(len(picks))[:, None]
    counts = np.bincount(cells.ravel(), minlength=len(picks) * len(pool))
    return counts.reshape(len(picks), len(pool)).astype(float)


def chosen_models(
    worth: FloatArray,
    masks: Mapping[str, BoolArray],
    schemes: Mapping[str, Scheme],
    rule: Rule,
    uniforms: Uniforms,
    weights: IntArray | None = None,
) -> IntArray:
    """Which model the sample of each draw chooses, S x B positions of models.

    Args:
        worth: R x K of the rule's kind, NaN unseen.
        masks: members of each group.
        schemes: S of them.
        rule: how a sample chooses.
        uniforms: of the draws.
        weights: R, how often each person is in the population; once by default.

    Raises:
        DataError: when nobody is in the pool of a scheme.
    """
    everyone = np.ones(len(worth), dtype=np.intp) if weights is None else weights
    found = []
    for name, scheme in schemes.items():
        inside = masks[scheme.pool] & (everyone > 0)
        if not inside.any():
            raise DataError(f"nobody is in the pool {scheme.pool!r} of the scheme {name!r}")
        counts = sample_counts(everyone[inside], scheme.people, uniforms.picks)
        found.append(rule.choose(counts, worth[inside], uniforms.tie_breaks))
    return np.stack(found)


def choice_shares(chosen: IntArray, models: int) -> FloatArray:
    """How often each model is chosen, S x B to S x K; rows sum to one.

    >>> choice_shares(np.array([[0, 2, 2, 2]]), 3).tolist()
    [[0.25, 0.0, 0.75]]
    """
    return np.stack([np.bincount(row, minlength=models) / len(row) for row in chosen])


def expected_worth(shares: FloatArray, worth: FloatArray) -> FloatArray:
    """Mean worth of the chosen model, S x K and G x K to S x G.

    Models whose worth to a group is not known are left out of its mean; NaN where that leaves none.
    """
    known = ~np.isnan(worth)
    return ratio(shares @ np.where(known, worth, 0.0).T, shares @ known.T.astype(float))


def most_people(schemes: Mapping[str, Scheme]) -> int:
    """The greatest n of the schemes."""
    return max(scheme.people for scheme in schemes.values())
