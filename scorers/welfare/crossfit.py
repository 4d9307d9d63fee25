"""Schemes compared where those who choose and those who judge are different people.

Where the same people choose a model and say what it is worth, it looks better than it is: their
noise picks it. So a random half of the people choose and the other half judge, then the other way
round, over several splits. A bootstrap over people repeats all of it; whoever is drawn twice is in
one half twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ratings.arrays import BoolArray, FloatArray, IntArray
from ratings.errors import DataError
from scorers.welfare.dominance import excess_below
from scorers.welfare.matrix import weighted_worth
from scorers.welfare.plan import Scheme
from scorers.welfare.rules import Rule
from scorers.welfare.sampling import (
    Uniforms,
    choice_shares,
    chosen_models,
    expected_worth,
    most_people,
)

REPLICATES, SPLITS, DRAWS = 500, 20, 200
LEAST = 10  # people that a group needs: half of them choose or judge


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
        gains: B x S x G, the same of resampled people.
        excess: S x G x K, how much more often the base chooses one of the j worst models.
        excesses: B x S x G x K.
    """

    schemes: tuple[str, ...]
    base: str
    groups: tuple[str, ...]
    pools: IntArray
    sizes: IntArray
    gain: FloatArray
    gains: FloatArray
    excess: FloatArray
    excesses: FloatArray


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
        replicates: B, of the bootstrap over people; each takes one split both ways.
        splits: of the estimate.
        draws: of each scheme in each half.

    Raises:
        DataError: when a pool or a group has fewer than `LEAST` people.
    """
    for name in {*(scheme.pool for scheme in schemes.values()), *groups}:
        if masks[name].sum() < LEAST:
            raise DataError(
                f"the group {name!r} has {masks[name].sum()} people; half of them choose and half "
                f"judge, which needs {LEAST}"
            )
    rng = np.random.default_rng(seed)
    at = list(schemes).index(base)
    members = np.stack([masks[name] for name in groups])
    people, models = worth.shape

    def both_ways(weights: IntArray) -> tuple[FloatArray, FloatArray]:
        """Gain S x G and excess S x G x K of one split, both ways."""
        half = rng.random(people) < 0.5
        gains, excesses = [], []
        for choosers in (half, ~half):
            uniforms = Uniforms.of(draws, most_people(schemes), models, rng)
            chosen = _chosen_or_none(worth, masks, schemes, rule, uniforms, weights * choosers)
            judged = weighted_worth(worth, (members * (weights * ~choosers)).astype(float))
            expected = expected_worth(chosen, judged)
            gains.append(expected - expected[at])
            excesses.append(excess_below(chosen[at], chosen[:, None, :], judged))
        return np.mean(gains, axis=0), np.mean(excesses, axis=0)

    once = np.ones(people, dtype=np.intp)
    point = [both_ways(once) for _ in range(splits)]
    drawn = rng.multinomial(people, np.full(people, 1 / people), size=replicates)
    again = [both_ways(weights) for weights in drawn]
    return Compared(
        schemes=tuple(schemes),
        base=base,
        groups=tuple(groups),
        pools=np.array([masks[scheme.pool].sum() for scheme in schemes.values()]),
        sizes=members.sum(axis=1),
        gain=np.nanmean([gain for gain, _ in point], axis=0),
        gains=np.stack([gain for gain, _ in again]),
        excess=np.nanmean([excess for _, excess in point], axis=0),
        excesses=np.stack([excess for _, excess in again]),
    )


def _chosen_or_none(
    worth: FloatArray,
    masks: Mapping[str, BoolArray],
    schemes: Mapping[str, Scheme],
    rule: Rule,
    uniforms: Uniforms,
    weights: IntArray,
) -> FloatArray:
    """Shares of choices, S x K; NaN for a scheme whose pool has nobody in this half."""
    inside = weights > 0
    found = np.full((len(schemes), worth.shape[1]), np.nan)
    for row, (name, scheme) in enumerate(schemes.items()):
        if (masks[scheme.pool] & inside).any():
            chosen = chosen_models(worth, masks, {name: scheme}, rule, uniforms, weights)
            found[row] = choice_shares(chosen, worth.shape[1])[0]
    return found
