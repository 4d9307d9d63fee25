"""How far groups truly differ: the variance of their means without noise, and its interval."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

from ratings.arrays import FloatArray
from scorers.intervals.estimate import Estimate
from scorers.intervals.means import ratio

Groups = npt.NDArray[np.intp]

DRAWS = 1_000
_TAIL = 0.025


@dataclass(frozen=True, eq=False)
class Dimension:
    """People in groups, as a sparse n x G matrix of memberships, and how many each group has."""

    members: "scipy.sparse.csr_array"
    sizes: FloatArray

    @property
    def groups(self) -> int:
        """G, the number of groups."""
        return len(self.sizes)


@dataclass(frozen=True, eq=False)
class SpreadNoise:
    """What the variance of one dimension's group means is made of.

    Attributes:
        left: variance of the groups' means, less what noise adds; can be below zero.
        shape: variance of the group effects that `along` and `own` were computed with.
        along: by person, how much noise moves `left` along these effects (halved).
        own: variance of the sum of `along` over people, less its plug-in value.
        chance: B values of `left` with people put into random groups.
    """

    left: float
    shape: float
    along: FloatArray
    own: float
    chance: FloatArray


def group_layout(codes: Groups) -> Dimension:
    """The dimension of n codes, groups from 0; negative ones are people of no known group."""
    there = np.flatnonzero(codes >= 0)
    _, group = np.unique(codes[there], return_inverse=True)
    shape = (len(codes), int(group.max(initial=-1)) + 1)
    members = scipy.sparse.csr_array((np.ones(len(there)), (there, group)), shape=shape)
    return Dimension(members, np.bincount(group, minlength=shape[1]).astype(float))


def raw_spread(layout: Dimension, rows: FloatArray) -> FloatArray:
    """Standard deviation (n - 1) over the groups' means, for B x n values."""
    means = (rows @ layout.members) / layout.sizes
    spread: FloatArray = means.std(axis=1, ddof=1)
    return spread


def variance_left(layout: Dimension, y: FloatArray) -> float:
    """Variance of the groups' means of n values, less what noise adds to it."""
    return float(_left(layout, y[None])[0])


def spread_noises(layouts: Sequence[Dimension], y: FloatArray, seed: int = 0) -> list[SpreadNoise]:
    """The noise of each dimension, with people permuted alike in all.

    Args:
        layouts: of dimensions with two groups or more and more people than groups.
        y: n values.
        seed: of the permutations.
    """
    if not layouts:
        return []
    rng = np.random.default_rng([seed, 7])
    permuted = rng.permuted(np.tile(np.arange(len(y)), (DRAWS, 1)), axis=1)
    return [_noise(layout, y, permuted) for layout in layouts]


def spread_interval(noises: Sequence[SpreadNoise], seed: int = 0) -> Estimate:
    """The root of the mean variance over dimensions, with a 95% interval by inversion.

    If the true value were t, the mean variance would be t^2 + 2 t e + c, where e is the noise
    along the groups' effects (normal) and c the variance that noise makes by itself (from people
    in random groups). The interval holds every t at which the observed value is within the
    central 95% of this distribution: its lower end is 0 where even t = 0 is. Where the observed
    value is below that range at t = 0, no t fits; then there is no interval.

    The variance of e adds over people, not over dimensions, because the effects of another
    dimension are noise in this one, and the other way about. How e is estimated (group effects
    drawn in towards their mean, residuals brought to the variance within groups) is a heuristic,
    chosen among several because its coverage came closest to 95%; docs/statistics.md has it.

    Source: Steiger (2004), Beyond the F test, for intervals of a spread of means by inversion.

    Args:
        noises: of D dimensions.
        seed: of the normal draws.
    """
    left = float(np.mean([noise.left for noise in noises]))
    chance = np.mean([noise.chance for noise in noises], axis=0)
    along = np.sum([noise.along for noise in noises], axis=0)
    shape = sum(noise.shape for noise in noises)
    variance = max(float(along @ along) + sum(noise.own for noise in noises), 0.0)
    error = np.sqrt(variance / (shape * len(noises))) if shape > 0 else 0.0
    noise = error * np.random.default_rng([seed, 8]).standard_normal(len(chance))

    def excess(t: float, tail: float) -> float:
        return float(np.quantile(t**2 + 2 * t * noise + chance, tail)) - left

    def end(tail: float) -> float:
        if excess(0.0, tail) >= 0:
            return 0.0
        far = max(1.0, 2 * np.sqrt(max(left, 0.0)))
        while excess(far, tail) < 0:
            far *= 2
        return float(scipy.optimize.brentq(excess, 0.0, far, args=(tail,)))

    value = float(np.sqrt(max(left, 0.0)))
    # Equal values computed in another order differ in the last bits.
    if excess(0.0, _TAIL) > 1e-9:
        return Estimate(value, reason="no interval: the groups differ less than by chance alone")
    return Estimate(value, min(end(1 - _TAIL), value), max(end(_TAIL), value))


def _left(layout: Dimension, rows: FloatArray) -> FloatArray:
    """B values of the variance that is left, for B x n values; people of no group are ignored."""
    means = (rows @ layout.members) / layout.sizes
    there = layout.members.sum(axis=1) > 0
    squares = ((rows[:, there] - rows[:, there].mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
    apart = means - rows[:, there].mean(axis=1, keepdims=True)
    within = np.maximum(squares - (apart**2) @ layout.sizes, 0.0)
    within /= layout.sizes.sum() - layout.groups
    left: FloatArray = means.var(axis=1, ddof=1) - within * (1 / layout.sizes).mean()
    return left


def _noise(layout: Dimension, y: FloatArray, permuted: npt.NDArray[np.intp]) -> SpreadNoise:
    members, sizes, free = layout.members, layout.sizes, layout.groups - 1
    there = members.sum(axis=1) > 0
    means = (y @ members) / sizes
    apart = means - means.mean()
    left = variance_left(layout, y)
    # The mean square within groups, from what was taken off.
    within = max(float(np.var(means, ddof=1)) - left, 0.0) / float((1 / sizes).mean())
    true = max(left, 0.0)
    total = true + within / sizes
    trust = ratio(true, total, empty=0.0)
    # Residuals around means drawn in by `trust`, brought to the variance within groups. A person
    # alone in a group has a residual as well.
    residuals = np.where(there, y - means.mean() - members @ (trust * apart), 0.0)
    residuals /= np.where(there, np.sqrt(np.maximum(1 - members @ (trust / sizes), 1e-12)), 1.0)
    residuals = np.where(there, residuals - residuals[there].mean(), 0.0)
    size = float((residuals[there] ** 2).mean())
    residuals *= np.sqrt(within / size) if size > 0 else 0.0
    # On average over the noise the squares of these are those of the true effects.
    effects = np.sqrt(trust) * apart
    effects -= effects.mean()
    # These are closest to the true effects one by one.
    drawn_in = trust * apart
    drawn_in -= drawn_in.mean()
    along = (members @ (drawn_in / sizes)) * residuals / free
    own = float((effects**2 * within / sizes).sum()) / free**2 - float(along @ along)
    sources = _within(permuted, there)
    chance = _left(layout, np.where(there, residuals[sources], 0.0))
    return SpreadNoise(left, float(effects.var(ddof=1)), along, own, chance)


def _within(permuted: npt.NDArray[np.intp], there: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    """B x n permutations among the people who are there: others are passed over."""
    sources = permuted
    while (missing := ~there[sources] & there).any():
        sources = np.where(missing, np.take_along_axis(permuted, sources, axis=1), sources)
    return sources
