"""Elo ratings as a running tournament gives them, averaged over orders of the battles."""

import numpy as np

from ratings.arrays import FloatArray, IntArray
from scorers.preferences.aggregations.bradley_terry import ELO_SCALE, ELO_START
from scorers.preferences.tallies import Tallies

GAIN = 4.0
ORDERS = 10
_LANES = 1_000  # tournaments played at a time
_BLOCK = 256  # steps looked up at a time


def elo(
    tallies: Tallies,
    weights: FloatArray,
    gain: float = GAIN,
    orders: int = ORDERS,
    seed: int = 0,
) -> FloatArray:
    """Ratings at the end of a tournament, mean over random orders of its battles, B x K.

    Everyone starts at 1,000. After each battle the first model gets from the second `gain` times
    its result (1, 1/2 or 0) less its chance to win, 1 / (1 + 10^((second - first) / 400)).
    Ratings depend on the order, most of all on what comes last, so one order is one draw. A model
    without a battle is NaN.

    Source: Elo (1978), The rating of chessplayers; the constants are the release's and FastChat's.

    Args:
        tallies: battles by person.
        weights: B x R whole numbers; the battles of a person who counts twice come twice.
        gain: points that one battle moves at most.
        orders: how many orders.
        seed: of the orders; what a row of weights gives does not depend on the other rows.
    """
    battles, size = tallies.battles, len(tallies.models)
    outcome = battles.outcomes(tallies.threshold) + 1
    code = ((battles.first * size + battles.second) * 3 + outcome).astype(
        np.min_scalar_type(3 * size**2)
    )
    times = weights.astype(np.intp)
    rows = np.repeat(np.arange(len(weights)), orders)
    of = np.tile(np.arange(orders), len(weights))
    ratings = np.empty((len(rows), size))
    for begin in range(0, len(rows), _LANES):
        now = slice(begin, begin + _LANES)
        drawn = [
            np.random.default_rng((seed, order)).permutation(
                np.repeat(code, times[row, battles.person])
            )
            for row, order in zip(rows[now], of[now], strict=True)
        ]
        ratings[now] = _played(drawn, size, gain)
    mean: FloatArray = ratings.reshape(len(weights), orders, size).mean(axis=1)
    wins, ties = tallies.counts(weights)
    return np.where((wins + wins.transpose(0, 2, 1) + ties).any(axis=2), mean, np.nan)


def _played(drawn: list[IntArray], size: int, gain: float) -> FloatArray:
    """Ratings after each of L tournaments, L x K.

    Args:
        drawn: battles in their order, as 3 (K first + second) + 0 for a loss, 1 tie, 2 win.
        size: K.
        gain: points that one battle moves at most.
    """
    played = np.ones((max(map(len, drawn)), len(drawn)), dtype=drawn[0].dtype)
    for lane, battles in enumerate(drawn):
        played[: len(battles), lane] = battles  # the rest are ties of the first model with itself
    codes = np.arange(3 * size**2)
    first, second, result = codes // 3 // size, codes // 3 % size, gain * (codes % 3 / 2)
    ratings = np.full(len(drawn) * size, ELO_START)
    lanes = np.arange(len(drawn)) * size
    unit = np.log(10) / ELO_SCALE
    for begin in range(0, len(played), _BLOCK):
        block = played[begin : begin + _BLOCK]
        steps = zip(lanes + first[block], lanes + second[block], result[block], strict=True)
        for one, other, earned in steps:
            own, theirs = ratings.take(one), ratings.take(other)
            chance = np.exp(unit * (theirs - own))
            chance += 1
            change = earned - gain / chance
            ratings[one] = own + change
            ratings[other] = theirs - change
    return ratings.reshape(len(drawn), size)
