"""How often a participant would prefer the same reply again: what the noise of people allows.

A participant who scores the same reply again gives another score. Repeats say how far apart two
such scores lie. The first score is noise in part, and the highest of a turn more than others, so
that it tends to come out lower again: scores are therefore first drawn together by the reliability
that the repeats leave them, and then moved up or down. Some other reply may come out first; the
more often, the closer the first scores were.

So the ceiling is about the accuracy that participants would reach if they predicted themselves by
answering again. It is not a bound for all: who knew what a participant thinks on average would be
above it, because noise is then in one of the two scores alone.

Source: the shrinkage is that of classical test theory, Kelley (1947), Fundamentals of statistics.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from ratings.arrays import BoolArray, FloatArray
from ratings.input.strict_files import Number, StrictFields, Whole, parse_yaml, read_text
from ratings.prism.container import OPENING_TURN
from scorers.intervals.bootstrap import cluster_interval, cluster_sums, cluster_weights, resampled
from scorers.intervals.estimate import Estimate, undefined
from scorers.intervals.means import ratio
from scorers.neighbourhoods.repeats import other_turn_sites
from scorers.preferences.preferred_choice import PAIRS, pair_shares

ACCURACY = "accuracy"
ENOUGH_SITES = 30  # repeats below which the published ones are taken
_PUBLISHED = Path(__file__).with_name("published_repeats.yaml")
_POINTS = 100  # scores are 1 to 100
_FINE = 10  # steps of a point in which scores that are drawn together are kept
_NOISE_DRAWS = 100
_NOISE_TURNS = 1_000  # on which it is found how far the repeats' own sampling moves a ceiling
_BLOCK = 2_000


@dataclass(frozen=True)
class _PublishedRepeats(StrictFields):
    source: str
    sites: Whole
    shares: tuple[Number, ...]
    quantiles: tuple[Number, ...]
    mean: Number
    sd: Number


@dataclass(frozen=True, eq=False)
class RepeatNoise:
    """How far apart scores of the same reply by the same participant lie.

    Attributes:
        differences: M, in points, one a site: how far two scores of somebody's lie apart, of one
            prompt and reply. The published ones are mostly of two replies of one turn that read
            alike, and may be smaller than those of a reply that is met again.
        source: where they are from.
    """

    differences: FloatArray
    source: str


def repeat_noise(utterances: pd.DataFrame) -> RepeatNoise:
    """The noise of the data's own repeats where there are enough, else the published one.

    Args:
        utterances: N rows with `interaction_id`, `user_id`, `turn`, `user_prompt`,
            `model_response` and `score`.
    """
    found = repeat_differences(utterances)
    if len(found) < ENOUGH_SITES:
        return published_noise()
    return RepeatNoise(found, f"{len(found)} repeats in these data")


def repeat_differences(utterances: pd.DataFrame) -> FloatArray:
    """How far two scores of the same person, opening prompt and reply lie apart, M sorted.

    The two are of different turns: replies of one turn that read alike are no repeat.

    Args:
        utterances: as for `repeat_noise`.
    """
    sites = other_turn_sites(utterances[utterances["turn"].eq(OPENING_TURN)])
    return np.sort(sites["range"].to_numpy(dtype=float))


@lru_cache
def published_noise() -> RepeatNoise:
    """The published repeats, rebuilt from their quantiles.

    Between two quantiles differences rise evenly; above the third quartile as a power of the share
    that gives the published mean (the standard deviation is then 8.9, published 9.35).
    """
    found = parse_yaml(read_text(_PUBLISHED), str(_PUBLISHED)).check(_PublishedRepeats)
    shares, values = np.array(found.shares), np.array(found.quantiles)
    below = float((np.diff(shares)[:-1] * (values[:-2] + values[1:-1]) / 2).sum())
    start, width = values[-2], values[-1] - values[-2]
    tail = (found.mean - below) / (shares[-1] - shares[-2])
    power = width / (tail - start) - 1
    at = (np.arange(found.sites) + 0.5) / found.sites
    rising = np.clip((at - shares[-2]) / (shares[-1] - shares[-2]), 0, None) ** power
    differences = np.where(at < shares[-2], np.interp(at, shares, values), start + width * rising)
    return RepeatNoise(differences, f"{found.sites} published repeats: {found.source}")


def reliability(scores: FloatArray, differences: FloatArray) -> float:
    """The share of the variance of scores within turns that is not noise, 0 to 1.

    Two scores of one reply differ by the noise of both, so its variance is half the mean square of
    the differences.

    Args:
        scores: N x K, NaN where there is no such reply.
        differences: M, points.

    >>> reliability(np.array([[40.0, 60.0, np.nan]]), np.array([10.0]))
    0.75
    """
    there = ~np.isnan(scores)
    count = there.sum(axis=1)
    centre = ratio(np.where(there, scores, 0.0).sum(axis=1), count)
    squares = np.where(there, scores - centre[:, None], 0.0) ** 2
    freedom = int(np.maximum(count - 1, 0).sum())
    variance = float(squares.sum()) / freedom if freedom else 0.0
    noise = float(np.mean(differences**2)) / 2
    return max(1 - noise / variance, 0.0) if variance > 0 else 1.0


def chances_again(scores: FloatArray, differences: FloatArray, reliable: float = 1.0) -> FloatArray:
    """The chance of each reply to be preferred when all are scored again, N x K.

    With reliability r, a score keeps r of its distance from the mean of its turn. To each is then
    added one of the differences, up or down, times the root of (1 + r) / 2: so a second score
    spreads about what the first lets expect as of two normal scores with correlation r. Scores fall
    on the next whole points in proportion, and stay within 1 to 100; of replies that tie for the
    top each is preferred with the same chance.

    Args:
        scores: N x K, NaN where there is no such reply.
        differences: M, points.
        reliable: r; with 1 scores stay as they are.
    """
    there = ~np.isnan(scores)
    centre = ratio(np.where(there, scores, 0.0).sum(axis=1), there.sum(axis=1))[:, None]
    drawn = np.where(there, centre + reliable * (scores - centre), 1.0)
    rows = np.round(_FINE * (np.clip(drawn, 1, _POINTS) - 1)).astype(int)
    chance = _rescored(differences * np.sqrt((1 + reliable) / 2))
    blocks = [slice(start, start + _BLOCK) for start in range(0, len(scores), _BLOCK)]
    found = [highest_chances(chance[rows[b]] * there[b][..., None]) for b in blocks]
    return np.concatenate(found) if found else np.zeros(scores.shape)


def highest_chances(chances: FloatArray) -> FloatArray:
    """The chance of each of K independent scores to be the highest, N x K; ties are shared.

    Args:
        chances: N x K x V, of each value, from the lowest; all 0 where there is no such score.

    >>> highest_chances(np.array([[[0.5, 0.5], [0.0, 1.0]]])).tolist()
    [[0.25, 0.75]]
    """
    there = chances.any(axis=2, keepdims=True)
    below = chances.cumsum(axis=2) - chances
    out: FloatArray = np.zeros(chances.shape[:2])
    # The mean of 1 / (1 + ties) is the integral over u of the product of the others' chances to be
    # below, or with u to be level; of such a polynomial Gauss's rule is exact.
    nodes, weights = np.polynomial.legendre.leggauss((chances.shape[1] + 1) // 2)
    for node, weight in zip((nodes + 1) / 2, weights / 2, strict=True):
        level = np.where(there, below + node * chances, 1.0)
        for k in range(chances.shape[1]):
            others = np.delete(level, k, axis=1).prod(axis=1)
            out[:, k] += weight * (chances[:, k] * others).sum(axis=1)
    return out


def noise_ceilings(
    scores: FloatArray,
    preferred: BoolArray,
    people: Sequence[str],
    noise: RepeatNoise,
    seed: int = 0,
) -> dict[str, Estimate]:
    """How accurate the participants would be as predictors of themselves, as shares.

    `accuracy` is a mean over participants of each one's turns, as that of a model is; those of
    `PAIRS` are means over turns. The intervals hold for other participants and other repeats.

    Args:
        scores: N x K; NaN where there is no such reply. Turns that lack a score do not count.
        preferred: N x K, whether a reply is right.
        people: N labels.
        noise: of repeats.
        seed: of the bootstrap.
    """
    known = (~np.isnan(scores)).sum(axis=1) > 1
    scores, preferred = scores[known], preferred[known]
    names, owner = np.unique(np.asarray(people, dtype=str)[known], return_inverse=True)
    if not len(names):
        return dict.fromkeys((ACCURACY, *PAIRS), undefined("no turn has two scores"))
    tops, bottoms = _sums(scores, preferred, noise.differences)
    own_tops, own_bottoms = (cluster_sums(of, owner, len(names)) for of in (tops, bottoms))
    # Of the accuracy every person counts once.
    own_tops[0], own_bottoms[0] = ratio(own_tops[0], own_bottoms[0]), 1.0
    values = ratio(own_tops.sum(axis=1), own_bottoms.sum(axis=1))
    weights = cluster_weights(len(names), seed)
    drawn = ratio(resampled(weights, own_tops), resampled(weights, own_bottoms))
    drawn += _moved_by_repeats(scores, preferred, noise.differences, seed, len(drawn))
    carrying = (own_bottoms > 0).sum(axis=1)
    return {
        name: _estimate(values[d], drawn[:, d], int(carrying[d]))
        for d, name in enumerate((ACCURACY, *PAIRS))
    }


def _estimate(value: float, drawn: FloatArray, people: int) -> Estimate:
    if np.isnan(value):
        return undefined("no pair of replies has such a margin")
    low, high = cluster_interval(value, drawn, people, ends=(0.0, 1.0))
    return Estimate(float(value), low, high, "one participant" if people < 2 else None)


def _sums(
    scores: FloatArray, preferred: BoolArray, differences: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Of the accuracy and each bin of pairs what a turn adds, and what it counts for, D x N."""
    again = chances_again(scores, differences, reliability(scores, differences))
    shares = pair_shares(scores)
    has = ~np.isnan(shares)
    right = (again * preferred).sum(axis=1)
    agree = np.einsum("nk,nkb->bn", again, np.where(has, shares, 0.0))
    count = np.einsum("nk,nkb->bn", again, has.astype(float))
    return np.vstack([right, agree]), np.vstack([np.ones(len(right)), count])


def _moved_by_repeats(
    scores: FloatArray, preferred: BoolArray, differences: FloatArray, seed: int, size: int
) -> FloatArray:
    """`size` x D: how far ceilings move when other repeats of the kind had been at hand."""
    rng = np.random.default_rng([seed, 11])
    rows = np.sort(rng.permutation(len(scores))[:_NOISE_TURNS])
    scores, preferred = scores[rows], preferred[rows]
    drawn = [differences, *rng.choice(differences, (_NOISE_DRAWS, len(differences)))]
    found = []
    for one in drawn:
        top, bottom = (of.sum(axis=1) for of in _sums(scores, preferred, one))
        found.append(ratio(top, bottom))
    moved = np.nan_to_num(np.array(found[1:]) - found[0])
    widened = np.sqrt(len(differences) / max(len(differences) - 1, 1))
    moves: FloatArray = widened * moved[np.arange(size) % _NOISE_DRAWS]
    return moves


def _rescored(differences: FloatArray) -> FloatArray:
    """By score, in steps of a point's `_FINE`th from 1, and new score, from 1, the chance of it."""
    steps = np.concatenate([differences, -differences])
    first = np.arange(_FINE * (_POINTS - 1) + 1) / _FINE
    again = np.clip(first[:, None] + steps, 0, _POINTS - 1)
    below = np.minimum(again.astype(int), _POINTS - 2)
    above = again - below
    cell = below + _POINTS * np.arange(len(first))[:, None]
    size = len(first) * _POINTS
    chance = np.bincount(cell.ravel(), (1 - above).ravel(), size)
    chance += np.bincount((cell + 1).ravel(), above.ravel(), size)
    return chance.reshape(len(first), _POINTS) / len(steps)
