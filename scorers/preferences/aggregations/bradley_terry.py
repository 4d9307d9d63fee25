"""Strengths of models by maximum likelihood: Bradley-Terry with ties, and the Arena's Elo."""

import numpy as np
from scipy import special

from ratings.arrays import BoolArray, FloatArray
from ratings.errors import unknown_name
from scorers.preferences.aggregations.win_graph import reachable, strongly_connected, taking_part
from scorers.preferences.tallies import Tallies

ELO_SCALE, ELO_START, ELO_ANCHORED = 400.0, 1_000.0, 800.0
_STEPS = 100
_LONGEST_STEP = 2.0
_CLOSE = 1e-10


def bradley_terry(tallies: Tallies, weights: FloatArray) -> FloatArray:
    """Log-strengths with mean zero, B x K, by Davidson's model of wins and ties.

    With strengths s, i beats j with the chance s_i / (s_i + s_j + t sqrt(s_i s_j)) and ties it
    with t sqrt(s_i s_j) over the same; t is estimated. Chosen before half a win for each side
    (which is `elo_mle`), because it gives ties a chance of their own: log-odds of winning over
    losing do not shrink as the threshold of ties is raised.

    A row is NaN where the likelihood has no maximum: some models never win against, or tie with,
    any of the others, or no models beat one another in a circle. A model without any battle
    takes no part and is NaN.

    Source: Davidson (1970), On extending the Bradley-Terry model to accommodate ties in paired
    comparison experiments; Ford (1957), Solution of a ranking problem from binary comparisons,
    for when there is a maximum.

    Args:
        tallies: battles by person.
        weights: B x R, how often each person counts.
    """
    return davidson_of(*tallies.counts(weights))


def elo_mle(tallies: Tallies, weights: FloatArray, anchor: str | None = None) -> FloatArray:
    """Elo ratings by maximum likelihood as the Chatbot Arena computed them, B x K.

    A logistic regression without intercept of who won, base 10, scale 400, on battles counted
    twice with a tie as one win of each side, and with half the sum of squared coefficients as a
    penalty (scikit-learn's default), which also sets their mean to zero: 1,000 points. It is
    defined for a model that never wins.

    Source: `compute_mle_elo` of FastChat, which the release uses.

    Args:
        tallies: battles by person.
        weights: B x R, how often each person counts.
        anchor: a model whose rating is set to 800, in place of the mean to 1,000. The release
            anchors flan-t5-xxl.
    """
    if anchor is not None and anchor not in tallies.models:
        raise unknown_name("anchor", anchor, tallies.models)
    wins, ties = tallies.counts(weights)
    ratings = ELO_START + ELO_SCALE * _penalised(2 * wins + ties, np.log(10.0))
    if anchor is None:
        return ratings
    own = ratings[:, [tallies.models.index(anchor)]]
    return ratings + ELO_ANCHORED - own


def davidson_of(wins: FloatArray, ties: FloatArray) -> FloatArray:
    """Log-strengths from counts of wins and of ties, B x K x K each to B x K.

    >>> wins = np.array([[[0.0, 6.0], [3.0, 0.0]]])
    >>> np.exp(davidson_of(wins, np.zeros((1, 2, 2)))).round(9) ** 2
    array([[2. , 0.5]])
    """
    count, size = wins.shape[:2]
    battles = wins + wins.transpose(0, 2, 1) + ties
    there = taking_part(battles)
    defined = _has_maximum(wins, ties, there)
    tied = ties.sum(axis=(1, 2)) / 2
    scored = wins.sum(axis=2) - wins.sum(axis=1)
    strength, tie_odds = np.zeros((count, size)), np.zeros(count)
    eye = np.eye(size + 1)[:size, :size]
    for _ in range(_STEPS):
        half = (strength[:, :, None] - strength[:, None, :]) / 2
        win = np.exp(half)
        tie = np.where(tied > 0, np.exp(tie_odds), 0.0)[:, None, None]
        total = win + win.transpose(0, 2, 1) + tie
        win, tie = win / total, tie / total
        lead = win - win.transpose(0, 2, 1)  # what is won less what is lost
        # Derivatives by strengths (through half of a difference), and by the odds of a tie.
        gradient = (scored - (battles * lead).sum(axis=2)) / 2
        by_odds = tied - (battles * tie).sum(axis=(1, 2)) / 2
        bend = battles * (win + win.transpose(0, 2, 1) - lead**2) / 4
        cross = -(battles * lead * tie).sum(axis=2) / 2
        system = np.zeros((count, size + 1, size + 1))
        system[:, :size, :size] = bend.sum(axis=2)[:, :, None] * eye - bend
        system[:, :size, :size] += there[:, :, None] & there[:, None, :]
        system[:, :size, :size] += ~there[:, :, None] * eye
        system[:, size, :size] = system[:, :size, size] = cross
        system[:, size, size] = (battles * tie * (1 - tie)).sum(axis=(1, 2)) / 2
        system[~defined] = np.eye(size + 1)
        system[tied == 0, size, size] = 1.0
        change = np.linalg.solve(system, np.column_stack([gradient, by_odds])[:, :, None])[:, :, 0]
        change[~defined] = 0.0
        furthest = np.abs(change).max(axis=1, initial=0.0)
        change *= np.minimum(1.0, _LONGEST_STEP / np.maximum(furthest, _CLOSE))[:, None]
        strength += change[:, :size]
        tie_odds += change[:, size]
        if (furthest < _CLOSE).all():
            break
    defined &= furthest < 1e-6
    return np.where(defined[:, None] & there, strength, np.nan)


def _has_maximum(wins: FloatArray, ties: FloatArray, there: BoolArray) -> BoolArray:
    """B, whether the likelihood has one; without a circle of wins ties could explain it all."""
    circle = reachable(wins > 0).diagonal(axis1=1, axis2=2).any(axis=1)
    return circle & strongly_connected(wins + ties > 0, there)


def _penalised(wins: FloatArray, unit: float) -> FloatArray:
    """Coefficients of a logistic regression of wins on models with a penalty of half squares.

    Args:
        wins: B x K x K.
        unit: the log-odds of one unit of difference.
    """
    battles = wins + wins.transpose(0, 2, 1)
    won = wins.sum(axis=2)
    eye = np.eye(wins.shape[-1])
    found = np.zeros(won.shape)
    for _ in range(_STEPS):
        expected = special.expit(unit * (found[:, :, None] - found[:, None, :]))
        gradient = unit * (won - (battles * expected).sum(axis=2)) - found
        bend = unit**2 * battles * expected * (1 - expected)
        system = (bend.sum(axis=2) + 1)[:, :, None] * eye - bend
        change = np.linalg.solve(system, gradient[:, :, None])[:, :, 0]
        furthest = unit * np.abs(change).max(axis=1, initial=0.0)
        found += change * np.minimum(1.0, _LONGEST_STEP / np.maximum(furthest, _CLOSE))[:, None]
        if (furthest < _CLOSE).all():
            break
    return np.where(taking_part(battles), found, np.nan)
