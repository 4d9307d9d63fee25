"""Scores of models that are plain means: of outcomes, of scores, of places within a turn."""

import numpy as np

from ratings.arrays import FloatArray
from ratings.errors import DataError
from scorers.preferences.tallies import ScoreSums, Tallies


def win_rate(tallies: Tallies, weights: FloatArray) -> FloatArray:
    """Mean over the other models of the share of battles won against each, B x K, 0 to 1.

    A tie is nobody's win, and counts as a battle; a model that was not met is left out of the
    mean. So the release counts: half a win for ties would make the rates of models that all met
    average one half, and its printed rates of 14 models average .39974, which is half of the
    share that is no tie.

    Source: Kirk et al. (2024), appendices T.3 and T.9, figure 37b.

    >>> people = np.zeros(4, dtype=int)
    >>> from scorers.preferences.battles import Battles
    >>> margin = np.array([50.0, 50.0, -50.0, 0.0])
    >>> battles = Battles(("a", "b"), ("p",), people, people, people + 1, margin)
    >>> win_rate(Tallies.of_battles(battles), np.ones((1, 1)))
    array([[0.5 , 0.25]])
    """
    wins, ties = tallies.counts(weights)
    battles = wins + wins.transpose(0, 2, 1) + ties
    met = (battles > 0).sum(axis=2)
    shares = np.divide(wins, battles, out=np.zeros_like(wins), where=battles > 0).sum(axis=2)
    return _ratio(shares, met)


def mean_score(tallies: Tallies, weights: FloatArray) -> FloatArray:
    """Mean score of each model's replies, B x K, in points of the scale."""
    sums = _scores(tallies)
    return _ratio(weights @ sums.score, weights @ sums.replies)


def mean_normalised_score(tallies: Tallies, weights: FloatArray) -> FloatArray:
    """Mean of scores less their person's mean over their person's standard deviation, B x K.

    The standard deviation is that of n - 1; where it is 0, so is the normalised score.
    """
    sums = _scores(tallies)
    return _ratio(weights @ sums.normalised, weights @ sums.replies)


def borda(tallies: Tallies, weights: FloatArray) -> FloatArray:
    """Mean share of the other replies of a turn that score less, B x K, 0 to 1.

    Equal ones count half; replies scored alone do not count. With n replies in every turn it is
    (n - r) / (n - 1) of the mean within-turn rank r, where equal scores share their mean rank.
    """
    sums = _scores(tallies)
    return _ratio(weights @ sums.beaten, weights @ sums.compared)


def _scores(tallies: Tallies) -> ScoreSums:
    if tallies.scores is None:
        raise DataError("battles alone have no scores: choose an aggregation of battles")
    return tallies.scores


def _ratio(sums: FloatArray, counts: FloatArray) -> FloatArray:
    return np.divide(sums, counts, out=np.full_like(sums, np.nan), where=counts > 0)
