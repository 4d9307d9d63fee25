"""PRISM: which of two responses of language models people prefer, in the first turn of a chat."""

import numpy as np
import pandas as pd

from ratings.data_sets.data_set import DataSet
from ratings.data_sets.sources import of_active_raters, said, table_of
from ratings.prism.answers import ANSWERS, short_answers
from ratings.prism.prism import load_prism
from ratings.sources.cards import load_card

CARD = "prism_chat"
TASK = (
    "A rater wrote a message to language models, read two of their responses, and says which of "
    "the two the rater prefers."
)
CHOICES = ("response A", "response B")


def load_prism_chat(seed: int = 0) -> DataSet:
    """The chosen response against the next highest rated one: two choices without an order.

    An instance is the first turn of a conversation: its prompt and two responses, in an order
    drawn by seed. Only its own rater rated it. First turns without a chosen response, or with
    no other rated one, are left out.

    Source: Value Profiles, section 11 and Table 3.

    Args:
        seed: of the order of the two responses.

    Raises:
        DataError: when files of PRISM are missing, changed, or not in its layout.
    """
    prism = load_prism(parts=("survey", "utterances"))
    pairs = _pairs(prism.openers())
    chosen_first = np.random.default_rng(seed).random(len(pairs)) < 0.5
    first = pairs["chosen"].where(chosen_first, pairs["other"])
    second = pairs["other"].where(chosen_first, pairs["chosen"])
    ratings = pd.DataFrame(
        {
            "rater": pairs["user_id"],
            "instance": pairs["conversation_id"],
            "rating": np.where(chosen_first, 1, 2),
            "text": pairs["user_prompt"] + "\nResponse A: " + first + "\nResponse B: " + second,
        }
    )
    answers = short_answers(prism.survey).reset_index()
    known = answers["user_id"].isin(pairs["user_id"])
    data = DataSet(
        name=CARD,
        table=table_of(ratings, said(answers[known], "user_id", ANSWERS), CHOICES),
        task=TASK,
        ordered=False,
        demographics=ANSWERS,
        card=load_card(CARD),
    )
    return of_active_raters(data)


def _pairs(openers: pd.DataFrame) -> pd.DataFrame:
    """One row a first turn: who wrote which prompt, the chosen response and the next highest."""
    first = openers.dropna(subset=["user_prompt", "model_response"])
    first = first.sort_values("within_turn_id", kind="stable")
    picked = first["if_chosen"]
    chosen = first[picked].drop_duplicates("conversation_id")
    others = first[~picked & first["score"].notna()].sort_values(
        "score", ascending=False, kind="stable"
    )
    others = others.drop_duplicates("conversation_id")
    both = chosen.merge(
        others[["conversation_id", "model_response"]].rename(columns={"model_response": "other"}),
        on="conversation_id",
    )
    return both.rename(columns={"model_response": "chosen"}).sort_values(
        "conversation_id", ignore_index=True
    )
