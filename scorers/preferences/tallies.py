"""What each person's replies and battles add up to, so that resampling people is a product."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from ratings.arrays import BoolArray, FloatArray, IntArray
from scorers.preferences.battles import TIE_THRESHOLD, Battles, battles_of
from scorers.preferences.replies import ScoredReplies


@dataclass(frozen=True, eq=False)
class ScoreSums:
    """Sums over the scored replies of each person to each model, all R x K.

    Attributes:
        replies: how many.
        score: of scores.
        normalised: of scores less the person's mean, over the person's standard deviation.
        compared: how many were shown with another scored reply.
        beaten: of the shares of the other replies of the turn that score less; equal ones count
            half.
    """

    replies: FloatArray
    score: FloatArray
    normalised: FloatArray
    compared: FloatArray
    beaten: FloatArray


@dataclass(frozen=True, eq=False)
class Tallies:
    """The battles of R people between K models, summed within each person.

    Attributes:
        battles: what was summed.
        threshold: the margin up to which a battle is a tie.
        wins: sparse R x K K, in row K i + j how often i beat j.
        ties: the same for ties, which count in i j and in j i.
        scores: sums of scores; None where only the outcome of battles is known.
    """

    battles: Battles
    threshold: float
    wins: sparse.csr_array
    ties: sparse.csr_array
    scores: ScoreSums | None

    @classmethod
    def of(cls, replies: ScoredReplies, threshold: float = TIE_THRESHOLD) -> "Tallies":
        """Of scored replies."""
        return cls.of_battles(battles_of(replies), threshold, _score_sums(replies))

    @classmethod
    def of_battles(
        cls, battles: Battles, threshold: float = TIE_THRESHOLD, scores: ScoreSums | None = None
    ) -> "Tallies":
        """Of battles alone."""
        outcome = battles.outcomes(threshold)
        won = np.where(outcome < 0, battles.second, battles.first)
        lost = np.where(outcome < 0, battles.first, battles.second)
        even = outcome == 0
        size = (len(battles.people), len(battles.models))
        wins = _summed(battles.person[~even], won[~even], lost[~even], size)
        ties = _summed(battles.person[even], won[even], lost[even], size)
        ties = ties + _summed(battles.person[even], lost[even], won[even], size)
        return cls(battles, threshold, wins, ties, scores)

    @property
    def models(self) -> tuple[str, ...]:
        """K names."""
        return self.battles.models

    @property
    def people(self) -> tuple[str, ...]:
        """R identities."""
        return self.battles.people

    @property
    def everyone(self) -> FloatArray:
        """The weights of all people once, 1 x R."""
        return np.ones((1, len(self.people)))

    def counts(self, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Wins of the row's model over the column's, and ties, both B x K x K.

        Args:
            weights: B x R, how often each person counts.
        """
        size = len(self.models)
        wins, ties = (
            np.ascontiguousarray((kind.T @ weights.T).T).reshape(len(weights), size, size)
            for kind in (self.wins, self.ties)
        )
        return wins, ties

    def amounts(self, of_battles: bool) -> FloatArray:
        """R x K, how many battles of each model, or scored replies of it, are each person's.

        Args:
            of_battles: battles; otherwise replies, where their scores are known.
        """
        if self.scores is not None and not of_battles:
            return self.scores.replies
        size = len(self.people), len(self.models)
        sides = np.concatenate([self.battles.first, self.battles.second])
        cell = np.tile(self.battles.person, 2) * size[1] + sides
        return np.bincount(cell, minlength=size[0] * size[1]).astype(float).reshape(size)

    def raters(self, of_battles: bool) -> IntArray:
        """K, how many people have any such amount of each model."""
        return np.asarray((self.amounts(of_battles) > 0).sum(axis=0))

    def of_people(self, kept: BoolArray) -> "Tallies":
        """Those of a mask of R people; models keep their positions."""
        new = np.cumsum(kept) - 1
        mine = self.battles.where(kept[self.battles.person])
        people = tuple(np.array(self.people, dtype=object)[kept])
        battles = Battles(
            self.models, people, new[mine.person], mine.first, mine.second, mine.margin
        )
        scores = self.scores
        if scores is not None:
            scores = ScoreSums(**{name: sums[kept] for name, sums in vars(scores).items()})
        return Tallies(battles, self.threshold, self.wins[kept], self.ties[kept], scores)


def _summed(
    person: IntArray, winner: IntArray, loser: IntArray, size: tuple[int, int]
) -> sparse.csr_array:
    """Battles counted by person and ordered pair of models."""
    people, models = size
    pairs = (person, winner * models + loser)
    return sparse.coo_array((np.ones(len(person)), pairs), shape=(people, models**2)).tocsr()


def _score_sums(replies: ScoredReplies) -> ScoreSums:
    there = replies.where(replies.scored)
    size = len(replies.people), len(replies.models)
    cell = there.person * size[1] + there.model

    def summed(values: FloatArray) -> FloatArray:
        found = np.bincount(cell, values, minlength=size[0] * size[1])
        return found.astype(np.float64).reshape(size)

    shares = _shares_beaten(there)
    return ScoreSums(
        replies=summed(np.ones(len(cell))),
        score=summed(there.score),
        normalised=summed(_within_person(there)),
        compared=summed((~np.isnan(shares)).astype(float)),
        beaten=summed(np.nan_to_num(shares)),
    )


def _within_person(there: ScoredReplies) -> FloatArray:
    """Scores less the person's mean over the standard deviation (n - 1); 0 where that is 0."""
    count = np.maximum(np.bincount(there.person, minlength=len(there.people)), 1)
    mean = np.bincount(there.person, there.score, minlength=len(there.people)) / count
    off = there.score - mean[there.person]
    squares = np.bincount(there.person, off**2, minlength=len(there.people))
    spread = np.sqrt(squares / np.maximum(count - 1, 1))[there.person]
    normalised: FloatArray = np.zeros_like(off)
    np.divide(off, spread, out=normalised, where=spread > 1e-9)
    return normalised


def _shares_beaten(there: ScoredReplies) -> FloatArray:
    """N, the share of the other replies of the turn that each beats; NaN where it is alone."""
    turns = pd.Series(there.score).groupby(there.turn)
    others = turns.transform("size").to_numpy() - 1.0
    lower = turns.rank().to_numpy() - 1
    shares: FloatArray = np.full(len(lower), np.nan)
    np.divide(lower, others, out=shares, where=others > 0)
    return shares
