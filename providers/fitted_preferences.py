"""Which reply a fitted family expects a participant of PRISM to prefer."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ratings.arrays import FloatArray, IntArray
from ratings.asked import AskedPreference
from ratings.errors import DataError
from ratings.preferences.coarse import coarse_scores
from ratings.preferences.turns import Halves, participants_in_halves
from ratings.prepared import PreparedSplit
from ratings.prism.prism import load_prism
from ratings.representations.names import parse_representation
from ratings.splits import LEAST_RATINGS, Split, require_apart
from scorers.preferences.noise_ceiling import highest_chances

if TYPE_CHECKING:
    from decoders.family import Family
    from decoders.fit_split import SplitFit

# What a family is given for each part that a model is given in words.
_GIVEN = {
    "none": "none",
    "demographics": "demographics",
    "stated": "measured",
    "description": "groundtruth",
}


class FittedPreferences:
    """Predicts scores of replies by a family fitted on the training participants.

    The family predicts in which fifth of 1 to 100 a participant scores each reply, from the
    reply's text, the model that wrote it and what is given of the participant. A reply is preferred
    as often as its score comes out highest.
    """

    def __init__(self, name: str, family: "Family") -> None:
        """Nothing is fitted before the first call.

        Args:
            name: of the provider's model, for errors.
            family: to fit.
        """
        self._name, self._family = name, family
        self._fits: dict[tuple[str, int, str], SplitFit] = {}
        self._lock = threading.Lock()

    def predicted(self, asked: AskedPreference) -> FloatArray:
        """K probabilities of the replies in the order shown.

        Raises:
            DataError: for what the family cannot be given, or of a participant who is unknown.
        """
        fit = self._fit(asked)
        table = fit.prepared.data.table
        rater = _positions(table.raters.index, [asked.participant])
        if rater[0] < 0:
            raise DataError(
                f"{self._name}: {asked.participant} has fewer than {LEAST_RATINGS} scored replies"
            )
        replies = _positions(table.instances.index, asked.replies)
        rows = fit.predict(np.repeat(rater, len(replies)), replies)
        chances: FloatArray = highest_chances(rows[None])[0]
        return chances

    def _fit(self, asked: AskedPreference) -> "SplitFit":
        from decoders.fit_split import fit_split

        given = self._given(asked.known)
        key = (asked.data, asked.seed, given)
        with self._lock:
            if key not in self._fits:
                prism = load_prism(asked.data)
                data = coarse_scores(prism).with_at_least(LEAST_RATINGS)
                halves = participants_in_halves(prism, asked.seed)
                drawn = PreparedSplit.of(data, asked.seed)
                split = _split(halves, data.table.raters.index, asked.seed)
                prepared = replace(drawn, split=split)
                self._fits[key] = fit_split(prepared, self._family, parse_representation(given))
            return self._fits[key]

    def _given(self, known: str) -> str:
        parts = known.split("+")
        for part in parts:
            if part not in _GIVEN:
                raise DataError(
                    f"{self._name} cannot be given {part!r}: ask it with -T known= "
                    f"{', '.join(_GIVEN)}, or several joined with +"
                )
        return "+".join(_GIVEN[part] for part in parts)


def _split(halves: Halves, raters: pd.Index, seed: int) -> Split:
    """The halves as positions of raters; who scored too few replies is in none."""
    train, test = (
        np.sort(where[where >= 0])
        for where in (_positions(raters, half) for half in (halves.train, halves.test))
    )
    split = Split(seed, train, test)
    require_apart(split)
    return split


def _positions(index: pd.Index, names: Sequence[str]) -> IntArray:
    return index.get_indexer(pd.Index(list(names), dtype=index.dtype)).astype(np.intp)
