"""Schemes compared where those who choose and those who judge are different people.

Where the same people choose a model and say what it is worth, it looks better than it is: their
noise picks it. So a random half of the people choose and the other half judge, then the other way
round, over several splits. A bootstrap over people repeats all of it; whoever is drawn twice is in
one half twice.

What chance alone does to dominance is found by permuting who is in which group: a choice is the
greatest of means, jumps from one model to another where these are nearly equal, and a bootstrap
takes the jumps for smaller than they are. Two schemes that ask the same pool have no labels to
permute; they differ in the number of people, and are equal only where all models are worth the
same. For those it is the bootstrap, less the estimate.

A hundred draws from 30 people say less than a hundred from 120, so a large group would look better
for its size alone: the larger of two pools is cut to a random part as large as the smaller.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ratings.arrays import BoolArray, FloatArray, IntArray
from ratings.errors import DataError
from scorers.intervals.means import mean_of_present
from scorers.welfare.dominance import excess_below
from scorers.welfare.matrix import weighted_worth
from scorers.welfare.plan import Scheme
from scorers.welfare.rules import Rule
from scorers.welfare.sampling import (
    Uniforms,
    choice_shares,
    expected_worth,
    most_people,
    sample_counts,
)

REPLICATES, SPLITS, DRAWS = 500, 20, 200
LEAST = 20  # people that a group needs: half of them choose or judge


@dataclass(frozen=True, eq=False)
class Compared:
    """S schemes compared with one of them, for G groups of stakeholders.

    Attributes:
        schemes: S names.
        base: the one that others are compared with.
        groups: G names.
        pools: S, how many people are in each scheme's pool.
        sizes: G, how many people are in each group.
        gain: S x G, expected worth of what the scheme chooses less that of what the base does.
        gains: B x S x G, the same of resampled people, less `gain`.
        excess: S x G x K, how much more often the base chooses one of the j worst models.
        by_chance: B x S x G x K, the same where the schemes are equally good: of people whose
            groups are permuted or, of schemes with the base's pool, resampled and less `excess`.
    """

    schemes: tuple[str, ...]
    base: str
    groups: tuple[str, ...]
    pools: IntArray
    sizes: IntArray
    gain: FloatArray
    gains: FloatArray
    excess: FloatArray
    by_chance: FloatArray


def compare_schemes(
    worth: FloatArray,
    masks: Mapping[str, BoolArray],
    schemes: Mapping[str, Scheme],
    base: str,
    groups: Sequence[str],
    rule: Rule,
    *,
    seed: int = 0,
    replicates: int = REPLICATES,
    splits: int = SPLITS,
    draws: int = DRAWS,
) -> Compared:
    """Compare schemes with one of them, with resampled people.

    Args:
        worth: R x K of the rule's kind, NaN unseen.
        masks: members of each group, R.
        schemes: S of them, the base among them.
        base: name of the scheme that others are compared with.
        groups: names of the stakeholders.
        rule: how a sample chooses.
        seed: of splits, draws and resamples.
        replicates: B, of the bootstrap over people and of permutations of their groups; each takes
            two splits both ways.
        splits: of the estimate.
        draws: of each scheme in each half.

    Raises:
        DataError: when a pool or a group has fewer than `LEAST` people.
    """
    has = ~np.isnan(worth).all(axis=1)
    for name in dict.fromkeys([*(scheme.pool for scheme in schemes.values()), *groups]):
        if (many := (masks[name] & has).sum()) < LEAST:
            raise DataError(
                f"the group {name!r} has {many} people who rated a model; half of them choose and "
                f"half judge, which needs {LEAST}"
            )
    rng = np.random.default_rng(seed)
    members = np.stack([masks[name] for name in groups])
    people, models = worth.shape

    def both_ways(weights: IntArray, rated: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Gain S x G and excess S x G x K of one split, both ways."""
        half = rng.random(people) < 0.5
        gains, excesses = [], []
        for choosers in (half, ~half):
            uniforms = Uniforms.of(draws, most_people(schemes), models, rng)
            judged = weighted_worth(rated, (members * (weights * ~choosers)).astype(float))
            order = rng.permutation(people)
            deciding = weights * choosers
            shares, of_base = (np.full((len(schemes), models), np.nan) for _ in range(2))
            for row, scheme in enumerate(schemes.values()):
                pool = deciding * masks[scheme.pool]
                base_pool = deciding * masks[schemes[base].pool]
                many = min((pool > 0).sum(), (base_pool > 0).sum())
                if many:
                    shares[row] = _shares(rated, _first(pool, order, many), scheme, rule, uniforms)
                    of_base[row] = _shares(
                        rated, _first(base_pool, order, many), schemes[base], rule, uniforms
                    )
            gains.append(expected_worth(shares, judged) - expected_worth(of_base, judged))
            excesses.append(excess_below(of_base[:, None], shares[:, None], judged))
        return np.mean(gains, axis=0), np.mean(excesses, axis=0)

    def twice(weights: IntArray, rated: FloatArray) -> list[FloatArray]:
        """Two splits, of gains 2 x S x G and of excesses 2 x S x G x K."""
        return [
            np.stack(both)
            for both in zip(*(both_ways(weights, rated) for _ in range(2)), strict=True)
        ]

    once = np.ones(people, dtype=np.intp)
    gain, excess = (
        mean_of_present(np.stack(parts), axis=0)
        for parts in zip(*(both_ways(once, worth) for _ in range(splits)), strict=True)
    )
    drawn = rng.multinomial(people, np.full(people, 1 / people), size=replicates)
    again = [twice(weights, worth) for weights in drawn]
    shuffled = [twice(once, worth[rng.permutation(people)]) for _ in range(replicates)]
    gains = _off(np.stack([pair[0] for pair in again]), gain, splits)
    by_chance = _off(np.stack([pair[1] for pair in shuffled]), np.zeros_like(excess), splits)
    same = [scheme.pool == schemes[base].pool for scheme in schemes.values()]
    resampled = _off(np.stack([pair[1] for pair in again]), excess, splits)
    by_chance[:, same] = resampled[:, same]
    return Compared(
        schemes=tuple(schemes),
        base=base,
        groups=tuple(groups),
        pools=np.array([masks[scheme.pool].sum() for scheme in schemes.values()]),
        sizes=members.sum(axis=1),
        gain=gain,
        gains=gains,
        excess=excess,
        by_chance=by_chance,
    )


def _off(pairs: FloatArray, point: FloatArray, splits: int) -> FloatArray:
    """How far resampled people take an estimate from what it is, B x ....

    The estimate is a mean over many splits, a replicate one over two. What two splits add to the
    spread is estimated by their difference, and replicates are drawn together by as much.

    Args:
        pairs: B x 2 x ..., of two splits of each replicate.
        point: the estimate.
        splits: that it is a mean of.
    """
    mean = pairs.mean(axis=1)
    total = mean_of_present((mean - mean_of_present(mean, axis=0)) ** 2, axis=0)
    of_split = mean_of_present((pairs[:, 0] - pairs[:, 1]) ** 2, axis=0) / 2
    kept = np.maximum(total - of_split * (1 / 2 - 1 / splits), of_split / splits)
    shrink = np.sqrt(np.divide(kept, total, out=np.ones_like(total), where=total > 0))
    found: FloatArray = (mean - point) * np.minimum(shrink, 1.0)
    return found


def _first(pool: IntArray, order: IntArray, many: int) -> IntArray:
    """The first so many people of a pool in an order, R; the others are 0."""
    inside = order[pool[order] > 0][:many]
    kept = np.zeros_like(pool)
    kept[inside] = pool[inside]
    return kept


def _shares(
    worth: FloatArray, pool: IntArray, scheme: Scheme, rule: Rule, uniforms: Uniforms
) -> FloatArray:
    """How often n people of a pool choose each model, K."""
    inside = pool > 0
    counts = sample_counts(pool[inside], scheme.people, uniforms.picks)
    chosen = rule.choose(counts, worth[inside], uniforms.tie_breaks)
    shares: FloatArray = choice_shares(chosen[None], worth.shape[1])[0]
    return shares
