"""PRISM as four tables in the codebook's types, and parts of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from ratings.errors import unknown_name
from ratings.prism.truth import PrismTruth
from ratings.sources.cards import Card

OPENING_TURN = 0


@dataclass(frozen=True, eq=False)
class Prism:
    """What R participants said of themselves, their conversations, and N scored replies.

    Attributes:
        survey: R rows indexed by `user_id`; some people answered the survey only.
        conversations: indexed by `conversation_id`.
        utterances: N rows indexed by `utterance_id`, one scored reply each; `score` is 1 to 100,
            NaN where it is missing. A reply that a model failed to give is `EMPTY STRING`, as in
            the release.
        metadata: one row a text, with what tools found in it; None where it was not asked for.
        card: where it came from.
        models: what models are called: indexed by `short_name` (the names in `utterances`) with
            `long_name` (those in `conversation_history`), `longcode` and `model_family`; None
            where there is no such table.
        truth: what was planted, of made data only.
        notes: a line for each thing that is not as the card or the codebook says.
    """

    survey: pd.DataFrame
    conversations: pd.DataFrame
    utterances: pd.DataFrame
    metadata: pd.DataFrame | None
    card: Card
    models: pd.DataFrame | None = None
    truth: PrismTruth | None = None
    notes: tuple[str, ...] = ()

    def openers(self) -> pd.DataFrame:
        """The scored replies of the first turn of each conversation, which is turn 0."""
        return self.utterances[self.utterances["turn"].eq(OPENING_TURN)]

    def of_people(self, people: Iterable[str]) -> "Prism":
        """The part of some participants, in the order of the survey.

        Raises:
            UnknownNameError: for somebody who is not in the survey.
        """
        wanted = pd.Index(list(people), dtype=self.survey.index.dtype)
        for name in wanted.difference(self.survey.index):
            raise unknown_name("participant", name, self.survey.index[:20])
        metadata = self.metadata
        return replace(
            self,
            survey=self.survey[self.survey.index.isin(wanted)],
            conversations=self.conversations[self.conversations["user_id"].isin(wanted)],
            utterances=self.utterances[self.utterances["user_id"].isin(wanted)],
            metadata=None if metadata is None else metadata[metadata["user_id"].isin(wanted)],
        )

    def balanced(self) -> "Prism":
        """The conversations flagged as balanced over the three types, and their replies.

        The flag is the data's own: how the subset was made is not published, and its size is
        6,696 conversations in the data and 6,669 in the paper's text. Participants without
        such a conversation are left out.
        """
        flag = "included_in_balanced_subset"
        kept = self.conversations[self.conversations[flag]]
        part = self.of_people(self.survey.index[self.survey.index.isin(kept["user_id"])])
        of_kept = part.utterances["conversation_id"].isin(kept.index)
        return replace(part, conversations=kept, utterances=part.utterances[of_kept])

    def census(self, country: Literal["UK", "US"]) -> "Prism":
        """The people of the sample that was rebalanced to the census of a country.

        Raises:
            UnknownNameError: for another country.
        """
        if country not in ("UK", "US"):
            raise unknown_name("country with a census sample", country, ("UK", "US"))
        return self.of_people(self.survey.index[self.survey[f"included_in_{country}_REP"]])
