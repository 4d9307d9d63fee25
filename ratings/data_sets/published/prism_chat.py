"""PRISM: which of two responses of language models people prefer, in the first turn of a chat."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from ratings.data_sets.data_set import DataSet
from ratings.data_sets.sources import of_active_raters, read_json_lines, said, table_of
from ratings.sources.cards import load_card
from ratings.sources.fetch import fetch

CARD = "prism_chat"
TASK = (
    "A rater wrote a message to language models, read two of their responses, and says which of "
    "the two the rater prefers."
)
CHOICES = ("response A", "response B")
DEMOGRAPHICS = (
    "lm_familiarity",
    "lm_indirect_use",
    "lm_direct_use",
    "lm_frequency_use",
    "lm_usecases",
    "self_description",
    "system_string",
    "religion",
    "stated_prefs",
    "order_lm_usecases",
    "order_stated_prefs",
    "age",
    "gender",
    "employment_status",
    "education",
    "marital_status",
    "english_proficiency",
    "study_locale",
    "location",
    "ethnicity",
)

_SURVEY, _UTTERANCES = "data/survey.jsonl", "data/utterances.jsonl"
_OF_AN_UTTERANCE = [
    "conversation_id",
    "user_id",
    "turn",
    "within_turn_id",
    "user_prompt",
    "model_response",
    "score",
    "if_chosen",
]
_FIRST_TURN = 0


def load_prism_chat(seed: int = 0) -> DataSet:
    """The chosen response against the next highest rated one: two choices without an order.

    An instance is the first turn of a conversation: its prompt and two responses, in an order
    drawn by seed. Only its own rater rated it. First turns without a chosen response, or with
    no other rated one, are left out.

    Source: Value Profiles, section 11 and Table 3.

    Args:
        seed: of the order of the two responses.

    Raises:
        DataError: when files are missing, changed, or not in the layout of the card.
    """
    card = load_card(CARD)
    paths = fetch(card, ["survey", "utterances"])
    survey = read_json_lines(paths[_SURVEY], ["user_id", *DEMOGRAPHICS])
    survey = survey.assign(**{name: survey[name].map(tell) for name, tell in _TELLERS.items()})
    pairs = _pairs(read_json_lines(paths[_UTTERANCES], _OF_AN_UTTERANCE))
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
    known = survey["user_id"].isin(pairs["user_id"])
    data = DataSet(
        name=CARD,
        table=table_of(ratings, said(survey[known], "user_id", DEMOGRAPHICS), CHOICES),
        task=TASK,
        ordered=False,
        demographics=DEMOGRAPHICS,
        card=card,
    )
    return of_active_raters(data)


def _pairs(utterances: pd.DataFrame) -> pd.DataFrame:
    """One row a first turn: who wrote which prompt, the chosen response and the next highest."""
    texts = ["user_prompt", "model_response"]
    first = utterances[utterances["turn"].eq(_FIRST_TURN)].dropna(subset=texts)
    first = first.sort_values("within_turn_id", kind="stable")
    picked = first["if_chosen"].eq(True)
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


def _part(*names: str) -> Callable[[Any], Any]:
    """The first entry that is there of an answer with several, such as a group and own words.

    >>> _part("simplified", "self_described")({"self_described": "a bit of everything"})
    'a bit of everything'
    """

    def tell(given: Any) -> Any:  # noqa: ANN401 - whatever the file holds
        if not isinstance(given, Mapping):
            return given
        return next((given[name] for name in names if given.get(name)), None)

    return tell


def _held(given: Any) -> Any:  # noqa: ANN401 - whatever the file holds
    """Names of what holds, such as the uses that somebody ticked.

    >>> _held({"research": 1, "games": 0, "other_text": None})
    'research'
    """
    if not isinstance(given, Mapping):
        return given
    return ", ".join(name for name, value in given.items() if value in (1, "1", "True"))


def _ranked(sign: int) -> Callable[[Any], Any]:
    """Names in the order of their numbers, the lowest first, or the highest with sign -1.

    >>> _ranked(-1)({"safety": 40, "fluency": 90, "other": None})
    'fluency, safety'
    """

    def tell(given: Any) -> Any:  # noqa: ANN401 - whatever the file holds
        if not isinstance(given, Mapping):
            return given
        numbers = {name: v for name, v in given.items() if isinstance(v, int | float)}
        return ", ".join(sorted(numbers, key=lambda name: sign * numbers[name]))

    return tell


_TELLERS: dict[str, Callable[[Any], Any]] = {
    "lm_usecases": _held,
    "stated_prefs": _ranked(-1),
    "order_lm_usecases": _ranked(1),
    "order_stated_prefs": _ranked(1),
    "religion": _part("simplified", "self_described"),
    "ethnicity": _part("simplified", "self_described"),
    "location": _part("special_region"),
}
