"""`family/<name>`: a family that is fitted on this machine answers in a model's place.

It answers `decode_ratings`: fitted on the training raters of the split that is asked about, once
for each representation and once for nothing, it predicts the test raters. So its row is comparable
with those of the models that are prompted. Of `prism` it answers which reply a participant prefers.
"""

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from inspect_ai.model import ChatMessage, GenerateConfig, ModelOutput

from providers.distribution_output import letter_output
from providers.fitted_preferences import FittedPreferences
from providers.offline_model import OfflineModel
from ratings.arrays import FloatArray
from ratings.asked import AskedPreference, AskedRating, read_asked
from ratings.prepared import load_prepared
from ratings.representations.names import parse_representation

if TYPE_CHECKING:
    from decoders.fit_split import SplitFit


class FamilyAPI(OfflineModel):
    """A fitted family as a model provider."""

    provider = "family"
    takes_time = True

    def load(self) -> None:
        """Look the family up; nothing is fitted before the first call."""
        from decoders.families import family_named

        self._family = family_named(self.model_name)
        self._preferences = FittedPreferences(self.name, self._family)
        self._fits: dict[tuple[str, int, str, int | None], SplitFit] = {}
        self._lock = threading.Lock()

    def answer(self, messages: Sequence[ChatMessage], config: GenerateConfig) -> ModelOutput:
        """What the family predicts for the rating, or the replies, that are asked about."""
        preference = read_asked(messages[-1].metadata)
        if isinstance(preference, AskedPreference):
            row = self._preferences.predicted(preference)
            return letter_output(self.name, row, preference.answer, config)
        asked = self.asked(messages, AskedRating, " and prism")
        return letter_output(self.name, self.predicted(asked), asked.answer, config)

    def predicted(self, asked: AskedRating) -> FloatArray:
        """K probabilities of the choices."""
        fit = self._fit(asked)
        table = fit.prepared.data.table
        # When nothing is given, every rater is predicted alike.
        rater = 0 if asked.rater is None else _position(table.raters.index, asked.rater)
        instance = _position(table.instances.index, asked.instance)
        rows = fit.predict(np.array([rater]), np.array([instance]))
        row: FloatArray = rows[0, : asked.choices] / rows[0, : asked.choices].sum()
        return row

    def _fit(self, asked: AskedRating) -> "SplitFit":
        """The family fitted for a split and representation, by the first call that needs it."""
        from decoders.fit_split import fit_split, redrawable

        # Profiles were written from one partition of the ratings. What is fitted with nothing
        # given, to be compared with them, has to be fitted to that one too.
        partitions = None if redrawable(parse_representation(asked.run_representation)) else 1
        key = (asked.data, asked.seed, asked.representation, partitions)
        with self._lock:
            if key not in self._fits:
                prepared, _ = load_prepared(asked.data, asked.seed)
                given = parse_representation(asked.representation)
                self._fits[key] = fit_split(prepared, self._family, given, partitions)
            return self._fits[key]


def _position(index: pd.Index, name: str) -> int:
    """Position of a name in a table, whatever kind its own names are of."""
    return int(index.map(str).get_indexer(pd.Index([name]))[0])
