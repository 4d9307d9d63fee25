"""What each model is worth to each person: a mean rating, or how often it was chosen."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ratings.arrays import BoolArray, FloatArray
from ratings.errors import DataError
from scorers.intervals.means import ratio

RATING, CHOICE = "rating", "choice"
TITLES = {RATING: "MEANRATING", CHOICE: "MEANCHOICE"}
LOWEST = {RATING: 1.0, CHOICE: 0.0}
HIGHEST = {RATING: 100.0, CHOICE: 1.0}
_COLUMNS = {RATING: "score", CHOICE: "if_chosen"}


@dataclass(frozen=True, eq=False)
class WelfareMatrix:
    """What K models are worth to R people.

    Attributes:
        kind: `rating` (1 to 100) or `choice` (0 to 1).
        people: R identities.
        models: K names, sorted.
        worth: R x K; NaN where the person never saw the model.
    """

    kind: str
    people: tuple[str, ...]
    models: tuple[str, ...]
    worth: FloatArray

    @classmethod
    def of(
        cls, openers: pd.DataFrame, kind: str = RATING, people: pd.Index | None = None
    ) -> "WelfareMatrix":
        """Read off scored replies of first turns.

        A rating is the mean score that the person gave the model; a choice the share of the turns
        with a reply of the model in which the person chose it. Somebody who saw a model twice
        counts once.

        Args:
            openers: one row a reply, with `user_id`, `model_name` and `score` or `if_chosen`.
            kind: `rating` or `choice`.
            people: who is in the population, with or without replies; by default those with one.

        Raises:
            DataError: when nobody is in the population, or no reply of theirs is scored.
        """
        column = _COLUMNS[kind]
        frame = pd.DataFrame(
            {
                "person": openers["user_id"].astype(str),
                "model": openers["model_name"].astype(str),
                "value": pd.to_numeric(openers[column]).astype(float),
            }
        )
        table = frame.pivot_table(index="person", columns="model", values="value", aggfunc="mean")
        index = pd.Index(frame["person"].unique()) if people is None else people.astype(str)
        table = table.reindex(index=index, columns=sorted(frame["model"].unique()))
        if not len(index):
            raise DataError("the population has no people")
        if not table.notna().to_numpy().any():
            raise DataError(f"no reply to the population's people has a {column}")
        return cls(kind, tuple(index), tuple(table.columns), table.to_numpy(dtype=float))

    @property
    def seen(self) -> BoolArray:
        """R x K, whether a person saw a model and said what it is worth."""
        return ~np.isnan(self.worth)


def group_worth(worth: FloatArray, members: BoolArray) -> FloatArray:
    """Mean worth of each model to each group, over the members who rated it.

    Args:
        worth: R x K, NaN unseen.
        members: G x R masks.

    Returns:
        G x K; NaN where no member rated the model.

    >>> group_worth(np.array([[1.0, np.nan], [3.0, 5.0]]), np.array([[True, True], [True, False]]))
    array([[ 2.,  5.],
           [ 1., nan]])
    """
    return weighted_worth(worth, members.astype(float))


def weighted_worth(worth: FloatArray, weights: FloatArray) -> FloatArray:
    """The same where people count as often as weights say, G x R to G x K."""
    seen = ~np.isnan(worth)
    return ratio(weights @ np.where(seen, worth, 0.0), weights @ seen.astype(float))
