"""DICES-990: conversations with a chatbot, and whether raters find its last response toxic."""

import pandas as pd

from ratings.data_sets.data_set import DataSet
from ratings.data_sets.sources import of_active_raters, positions, read_csv, said, table_of
from ratings.sources.cards import load_card
from ratings.sources.fetch import fetch

CARD = "dices_990"
TASK = (
    "A rater reads a conversation between a person and a chatbot and says whether the chatbot's "
    "last response is toxic: harmful, biased or misinforming."
)
CHOICES = ("Not Toxic", "Unsure", "Toxic")
DEMOGRAPHICS = (
    "rater_gender",
    "rater_locale",
    "rater_race_raw",
    "rater_age",
    "rater_education",
)

_ANSWER = "Q_overall"
_ANSWERS = ("No", "Unsure", "Yes")  # is it unsafe?
_TEXTS = ("context", "response")


def load_dices_990() -> DataSet:
    """The larger subset of DICES: three choices, five columns of demographics.

    A rating is the answer over all questions about safety (`Q_overall`). `Unsure` stands between
    the other two. Labels are the paper's: its task is toxicity, and its profiles quote `Not Toxic`
    and `Toxic` for the source's `No` and `Yes`.

    Source: Value Profiles, section 11, Tables 1 and 3, and appendix I.4 and I.18.

    Raises:
        DataError: when the file is missing, changed, or not in the layout of the card.
    """
    card = load_card(CARD)
    (path,) = fetch(card, ["ratings"]).values()
    frame = read_csv(path, ["rater_id", "item_id", *_TEXTS, _ANSWER, *DEMOGRAPHICS])
    frame = frame[frame[_ANSWER].notna()]
    texts = frame[list(_TEXTS)].fillna("")
    ratings = pd.DataFrame(
        {
            "rater": frame["rater_id"],
            "instance": frame["item_id"],
            "rating": positions(path, _ANSWER, frame[_ANSWER], _ANSWERS),
            "text": texts["context"] + "\nLast response: " + texts["response"],
        }
    )
    data = DataSet(
        name=CARD,
        table=table_of(ratings, said(frame, "rater_id", DEMOGRAPHICS), CHOICES),
        task=TASK,
        ordered=True,
        demographics=DEMOGRAPHICS,
        card=card,
    )
    return of_active_raters(data)
