"""How welfare is distributed over draws of people, as the paper shows it."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ratings.arrays import BoolArray, FloatArray, IntArray
from scorers.intervals.bootstrap import CONFIDENCE
from scorers.intervals.means import mean_of_present
from scorers.intervals.quantiles import normal_quantile
from scorers.welfare.dominance import weakly_dominates
from scorers.welfare.matrix import group_worth, weighted_worth
from scorers.welfare.plan import Scheme
from scorers.welfare.rules import Rule
from scorers.welfare.sampling import (
    DRAWS,
    Uniforms,
    choice_shares,
    chosen_models,
    expected_worth,
    most_people,
)

PERCENTILES = (5, 25, 50, 75, 95)


def outcomes(
    worth: FloatArray,
    masks: Mapping[str, BoolArray],
    schemes: Mapping[str, Scheme],
    groups: Sequence[str],
    rule: Rule,
    *,
    seed: int = 0,
    draws: int = DRAWS,
) -> FloatArray:
    """Welfare of each group under what each draw of each scheme chooses, S x G x B.

    The same draws serve all groups, so that groups can be compared draw by draw; the release drew
    anew for each.

    Args:
        worth: R x K of the rule's kind, NaN unseen.
        masks: members of each group, R.
        schemes: S of them.
        groups: G names of stakeholders.
        rule: how a sample chooses.
        seed: of the draws.
        draws: B.

    Raises:
        DataError: when nobody is in the pool of a scheme.
    """
    rng = np.random.default_rng(seed)
    uniforms = Uniforms.of(draws, most_people(schemes), worth.shape[1], rng)
    chosen = chosen_models(worth, masks, schemes, rule, uniforms)
    of_groups = group_worth(worth, np.stack([masks[name] for name in groups]))
    return np.ascontiguousarray(of_groups[:, chosen].swapaxes(0, 1))


def summary(
    outcome: FloatArray, schemes: Sequence[str], groups: Sequence[str], base: str
) -> pd.DataFrame:
    """Mean and percentiles of welfare by scheme and group, and whether the base dominates.

    Args:
        outcome: S x G x B.
        schemes: S names.
        groups: G names.
        base: the scheme that may dominate others.

    Returns:
        Columns `group`, `scheme`, `mean`, `p5` to `p95`, and `dominated` (by the base, weakly, as
        printed; None for the base). NaN where the worth to a group of a chosen model is not known.
    """
    at = list(schemes).index(base)
    rows = []
    for g, group in enumerate(groups):
        for s, scheme in enumerate(schemes):
            values = outcome[s, g]
            cuts = np.percentile(values, PERCENTILES)
            rows.append(
                {
                    "group": group,
                    "scheme": scheme,
                    "mean": values.mean(),
                    **{f"p{cut}": value for cut, value in zip(PERCENTILES, cuts, strict=True)},
                    "dominated": None if s == at else weakly_dominates(outcome[at, g], values),
                }
            )
    return pd.DataFrame(rows)


def resampled_means(
    worth: FloatArray,
    masks: Mapping[str, BoolArray],
    schemes: Mapping[str, Scheme],
    groups: Sequence[str],
    rule: Rule,
    *,
    seed: int = 0,
    draws: int = 200,
    replicates: int = 200,
) -> FloatArray:
    """Half the width of 95% intervals of mean welfare over other people, S x G.

    People are resampled and the schemes run again; the interval is the normal one, as resampled
    people choose and judge in one, which moves their means up.
    """
    rng = np.random.default_rng([seed, 1])
    people = len(worth)
    members = np.stack([masks[name] for name in groups])
    drawn = rng.multinomial(people, np.full(people, 1 / people), size=replicates)
    used = [masks[scheme.pool] for scheme in schemes.values()]

    def again(weights: IntArray) -> FloatArray:
        if not all((weights * pool).any() for pool in used):
            return np.full((len(schemes), len(groups)), np.nan)
        uniforms = Uniforms.of(draws, most_people(schemes), worth.shape[1], rng)
        chosen = chosen_models(worth, masks, schemes, rule, uniforms, weights)
        shares = choice_shares(chosen, worth.shape[1])
        return expected_worth(shares, weighted_worth(worth, (members * weights).astype(float)))

    means = np.stack([again(weights) for weights in drawn])
    error = np.sqrt(mean_of_present((means - mean_of_present(means, axis=0)) ** 2, axis=0))
    reach: FloatArray = normal_quantile((1 + CONFIDENCE) / 2) * error
    return reach
