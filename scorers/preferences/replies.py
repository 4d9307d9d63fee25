"""Scored replies: what people said of the replies that they were shown together."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ratings.arrays import BoolArray, FloatArray, IntArray
from ratings.errors import DataError

COLUMNS = ("interaction_id", "user_id", "model_name", "score")


@dataclass(frozen=True, eq=False)
class ScoredReplies:
    """N replies of K models, scored by R people.

    Attributes:
        models: K names, sorted.
        people: R identities, sorted; they are what a bootstrap resamples.
        turn: N numbers, the same for replies that were shown together.
        person: N positions in `people`.
        model: N positions in `models`.
        score: N; NaN is missing.
    """

    models: tuple[str, ...]
    people: tuple[str, ...]
    turn: IntArray
    person: IntArray
    model: IntArray
    score: FloatArray

    @classmethod
    def of(cls, utterances: pd.DataFrame) -> "ScoredReplies":
        """Read off a frame with one row a reply.

        Args:
            utterances: with the columns `interaction_id` (the replies shown together),
                `user_id`, `model_name` and `score` (NaN is missing). Others are passed over.

        Raises:
            DataError: a column is missing, a name is missing, a score is not a number, or one
                set of replies has two people.
        """
        missing = [name for name in COLUMNS if name not in utterances]
        if missing:
            raise DataError(f"scored replies need the columns {', '.join(missing)}")
        for name in COLUMNS[:3]:
            if utterances[name].isna().any():
                raise DataError(f"{utterances[name].isna().sum()} replies have no {name}")
        try:
            score = pd.to_numeric(utterances["score"]).to_numpy(float, na_value=np.nan)
        except (TypeError, ValueError) as error:
            raise DataError(f"a score is not a number: {error}") from error
        if np.isinf(score).any():
            raise DataError(f"{np.isinf(score).sum()} scores are infinite")
        turn, _ = pd.factorize(utterances["interaction_id"])
        person, people = pd.factorize(utterances["user_id"].astype(str), sort=True)
        model, models = pd.factorize(utterances["model_name"].astype(str), sort=True)
        asked = pd.Series(person).groupby(turn).nunique()
        if (asked > 1).any():
            named = utterances["interaction_id"].to_numpy()[turn == asked.idxmax()][0]
            raise DataError(f"the replies of {named} belong to {asked.max()} people; one was asked")
        return cls(tuple(models), tuple(people), turn, person, model, score)

    @property
    def scored(self) -> BoolArray:
        """N, whether a reply has a score."""
        return ~np.isnan(self.score)

    def where(self, kept: BoolArray) -> "ScoredReplies":
        """The replies of a mask of N; models and people keep their positions."""
        return replace(
            self,
            turn=self.turn[kept],
            person=self.person[kept],
            model=self.model[kept],
            score=self.score[kept],
        )
