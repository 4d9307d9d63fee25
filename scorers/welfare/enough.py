"""How many people, chosen how, are enough for the choice to be nearly the best for every group.

What the data show is not what is true: the model that comes out best is partly the luckiest, and
if the same people choose and judge, too few of them seem enough. So welfare is first estimated by
a model with random effects, which draws estimates together as far as they are noise; worlds are
then drawn that fit the data; and in each the schemes are run, and judged by that world's truth.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ratings.arrays import BoolArray, FloatArray
from ratings.errors import DataError
from scorers.intervals.bootstrap import CONFIDENCE
from scorers.welfare.matrix import LOWEST, group_worth
from scorers.welfare.plausible import plausible_worths
from scorers.welfare.rules import Rule, sample_means
from scorers.welfare.sampling import Uniforms, sample_counts

GRID = (5, 10, 20, 50, 100, 200, 500, 1_000)
WORLDS, DRAWS = 300, 800
EVERY = "every group"
ENOUGH = 0.9


@dataclass(frozen=True, eq=False)
class Enough:
    """How often the choice of n people is nearly the best.

    Attributes:
        table: a row for each pool, n and group, and for `every group` at once: `pool`, `people`,
            `group`, `chance` (with ` low` and ` high`).
        margin: how far below the best model the choice may be, in units of the welfare.
        enough: the smallest n of the grid with a chance of at least `ENOUGH` for every group, by
            pool; None where no n of the grid reaches it.
        surely: the same for the lower end of the interval.
    """

    table: pd.DataFrame
    margin: float
    enough: Mapping[str, int | None]
    surely: Mapping[str, int | None]


def people_enough(
    worth: FloatArray,
    masks: Mapping[str, BoolArray],
    pools: Sequence[str],
    groups: Sequence[str],
    rule: Rule,
    margin: float,
    *,
    grid: Sequence[int] = GRID,
    seed: int = 0,
    worlds: int = WORLDS,
    draws: int = DRAWS,
) -> Enough:
    """The chance that n people of a pool choose a model within a margin of the best, by n.

    The chance is the mean over worlds, its interval the 2.5th to the 97.5th percentile of them.

    Args:
        worth: R x K of the rule's kind, NaN unseen.
        masks: members of each group, R.
        pools: names of the groups that may decide.
        groups: names of the stakeholders.
        rule: how a sample chooses; `max_rating` or `max_choice`.
        margin: in units of the welfare, at least 0.
        grid: numbers of people.
        seed: of worlds and draws.
        worlds: W.
        draws: of people, in each world the same.

    Raises:
        DataError: when a pool or a group has nobody, the margin is negative or the grid empty.
    """
    if not grid or min(grid) < 1:
        raise DataError("numbers of people must be at least 1")
    if not margin >= 0:
        raise DataError(f"the margin is {margin:g}; it must be at least 0")
    names = list(dict.fromkeys([*pools, *groups]))
    for name in names:
        if not masks[name].any():
            raise DataError(f"the group {name!r} has nobody")
    rng = np.random.default_rng(seed)
    worth = worth[:, ~np.isnan(worth).all(axis=0)]  # models that anybody rated
    if not worth.size:
        raise DataError("nobody rated a model")
    members = np.stack([masks[name] for name in names])
    true = plausible_worths(worth, members, worlds, rng)
    judged = true[:, [names.index(name) for name in groups]]
    good = judged >= judged.max(axis=2, keepdims=True) - margin
    good = np.concatenate([good, good.all(axis=1, keepdims=True)], axis=1)
    shown = group_worth(worth, members)
    uniforms = Uniforms.of(draws, max(grid), worth.shape[1], rng)
    rows = []
    for pool in pools:
        at = names.index(pool)
        shift = np.nan_to_num(true[:, at] - shown[at])
        inside = masks[pool]
        for people in grid:
            counts = sample_counts(np.ones(inside.sum(), dtype=np.intp), people, uniforms.picks)
            means = sample_means(counts, worth[inside], np.nan)
            shares = _chosen_in(means, shift, LOWEST[rule.kind], uniforms.tie_breaks)
            chances = np.einsum("wk,wgk->wg", shares, good)
            rows += _rows(pool, people, [*groups, EVERY], chances)
    table = pd.DataFrame(rows)
    every = table[table["group"].eq(EVERY)]
    return Enough(
        table,
        margin,
        {pool: _smallest(every, pool, "chance") for pool in pools},
        {pool: _smallest(every, pool, "chance low") for pool in pools},
    )


def _chosen_in(
    means: FloatArray, shift: FloatArray, unrated: float, tie_breaks: FloatArray
) -> FloatArray:
    """How often draws choose each model in each world, W x K.

    Args:
        means: B x K of the people as they are; NaN for a model that a draw did not rate.
        shift: W x K, how far the world's truth is from what they show.
        unrated: the value of a model without a rating.
        tie_breaks: B x K.
    """
    found = np.empty(shift.shape)
    breaks = 1e-7 * tie_breaks
    for world, moved in enumerate(shift):
        values = np.where(np.isnan(means), unrated, means + moved) + breaks
        found[world] = np.bincount(values.argmax(axis=1), minlength=len(moved)) / len(means)
    return found


def _rows(
    pool: str, people: int, groups: Sequence[str], chances: FloatArray
) -> list[dict[str, object]]:
    tail = (1 - CONFIDENCE) / 2
    mean = chances.mean(axis=0)
    low, high = np.quantile(chances, [tail, 1 - tail], axis=0)
    # where nearly all worlds agree, the mean may lie beyond their percentiles
    low, high = np.minimum(low, mean), np.maximum(high, mean)
    return [
        {
            "pool": pool,
            "people": people,
            "group": group,
            "chance": mean[g],
            "chance low": low[g],
            "chance high": high[g],
        }
        for g, group in enumerate(groups)
    ]


def _smallest(every: pd.DataFrame, pool: str, column: str) -> int | None:
    """The smallest n from which on all of the grid reach `ENOUGH`."""
    mine = every[every["pool"].eq(pool)].sort_values("people")
    below = mine.loc[mine[column] < ENOUGH, "people"]
    reached = mine if below.empty else mine[mine["people"] > below.max()]
    return None if reached.empty else int(reached["people"].iloc[0])
