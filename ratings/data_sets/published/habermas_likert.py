"""Habermas-Likert: how far people in the United Kingdom agree with statements on public issues."""

from pathlib import Path

import pandas as pd

from ratings.data_sets.data_set import DataSet
from ratings.data_sets.sources import (
    of_active_raters,
    positions,
    read_parquet,
    requested_file,
    require_columns,
    said,
    table_of,
)
from ratings.sources.cards import load_card

CARD = "habermas_likert"
FILE = "hm_all_position_statement_ratings.parquet"
TASK = (
    "A rater who lives in the United Kingdom reads a question of public interest and a statement "
    "that answers it, and says how far the rater agrees with the statement."
)
CHOICES = (
    "strongly disagree",
    "disagree",
    "somewhat disagree",
    "neutral",
    "somewhat agree",
    "agree",
    "strongly agree",
)
DEMOGRAPHICS = (
    "party_id",
    "religion",
    "age",
    "education",
    "ethnicity",
    "gender_id",
    "immigration_status",
    "income",
    "region",
)
AT_LEAST = 9

_AGREEMENT = "ratings.agreement"
_COLUMNS = [
    "worker_id",
    "question.id",
    "question.text",
    "question.affirming_statement",
    "metadata.provenance",
    "rating_index",
    _AGREEMENT,
]
PERSON = "HUMAN_CITIZEN"
_NOT_ASKED, _BEFORE = "mock", 0


def load_habermas_likert() -> DataSet:
    """People's agreement before they discussed: seven choices, at least nine ratings a rater.

    An instance is a question with the statement that affirms it. Of the nine columns of
    demographics in Table 3 those that the file holds, as `demographics.<name>`, are known.

    Source: Value Profiles, section 11 and Table 3.

    Raises:
        DataError: when the file is missing or not in the layout of the card.
    """
    card = load_card(CARD)
    path = requested_file(card, FILE)
    frame = _read(path)
    known = tuple(name for name in DEMOGRAPHICS if f"demographics.{name}" in frame)
    frame = frame.rename(columns={f"demographics.{name}": name for name in known})
    ratings = pd.DataFrame(
        {
            "rater": frame["worker_id"],
            "instance": frame["question.id"],
            "rating": positions(path, _AGREEMENT, frame[_AGREEMENT], CHOICES),
            "text": frame["question.text"].fillna("")
            + "\nStatement: "
            + frame["question.affirming_statement"].fillna(""),
        }
    )
    data = DataSet(
        name=CARD,
        table=table_of(ratings, said(frame, "worker_id", known), CHOICES),
        task=TASK,
        ordered=True,
        demographics=known,
        card=card,
    )
    return of_active_raters(data, AT_LEAST)


def _read(path: Path) -> pd.DataFrame:
    """One row an answer that a person gave before the discussion."""
    frame = read_parquet(path)
    require_columns(path, frame.columns, _COLUMNS)
    asked = frame["metadata.provenance"].eq(PERSON) & frame["rating_index"].eq(_BEFORE)
    frame = frame[asked & frame["worker_id"].notna() & frame[_AGREEMENT].notna()]
    # an answer is a list of one, such as ["SOMEWHAT_AGREE"]
    answer = frame[_AGREEMENT].map(
        lambda given: given if isinstance(given, str) else " ".join(given)
    )
    answer = answer.str.replace("_", " ").str.casefold()
    frame = frame.assign(**{_AGREEMENT: answer})[answer.ne(_NOT_ASKED)]
    return frame.astype({"worker_id": str, "question.id": str})
