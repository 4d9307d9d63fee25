"""Hatespeech-Kumar: comments from social media, and whether raters find them toxic."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ratings.data_sets.data_set import DataSet
from ratings.data_sets.sources import (
    json_lines,
    of_active_raters,
    requested_file,
    require_columns,
    said,
    table_of,
)
from ratings.errors import DataError
from ratings.sources.cards import load_card

CARD = "hatespeech_kumar"
FILE = "classified_data_final_w_worker_hash.json"
TASK = "A rater reads a comment from social media and says whether it is toxic."
CHOICES = ("not toxic", "toxic")
RATERS = 5000
# Table 3's names; the file spells one of them with an f less.
DEMOGRAPHICS = (
    "gender",
    "gender_other",
    "race",
    "identify_as_transgender",
    "lgbtq_status",
    "education",
    "age_range",
    "political_affiliation",
    "is_parent",
    "religion_important",
    "technology_impact",
    "uses_media_social",
    "uses_media_news",
    "uses_media_video",
    "uses_media_forums",
    "personally_seen_toxic_content",
    "personally_been_target",
    "toxic_comments_problem",
)

_SPELT = {"political_affiliation": "political_affilation"}
_GRADES = ("0", "1", "2", "3", "4")


def load_hatespeech_kumar(seed: int = 0) -> DataSet:
    """The ratings of 5,000 raters drawn by seed: two choices, eighteen columns of demographics.

    A comment counts as toxic from the second of the five grades (`toxic_score` 1 to 4); the card
    says why. The first thing that a rater said of themselves counts.

    Source: Value Profiles, section 11 and Table 3.

    Args:
        seed: of the draw of raters.

    Raises:
        DataError: when the file is missing or not in the layout of the card.
    """
    card = load_card(CARD)
    path = requested_file(card, FILE)
    frame = _read(path, _drawn(path, seed))
    ratings = pd.DataFrame(
        {
            "rater": frame["worker_id"],
            "instance": frame["comment_id"],
            "rating": 1 + (_grades(path, frame["toxic_score"]) > 0).astype(np.int16),
            "text": frame["comment"],
        }
    )
    data = DataSet(
        name=CARD,
        table=table_of(ratings, said(frame, "worker_id", DEMOGRAPHICS), CHOICES),
        task=TASK,
        ordered=True,
        demographics=DEMOGRAPHICS,
        card=card,
    )
    return of_active_raters(data)


def _drawn(path: Path, seed: int) -> set[str]:
    """The raters that are used, of all in the file."""
    everybody: set[str] = set()
    for _, rating in _rated(path):
        if not everybody:
            _check_fields(path, list(rating))
        if rating.get("worker_id") is not None:
            everybody.add(str(rating["worker_id"]))
    if not everybody:
        raise DataError(f"{path} holds no rating with a 'worker_id'")
    number = min(RATERS, len(everybody))
    drawn = np.random.default_rng(seed).choice(sorted(everybody), size=number, replace=False)
    return set(map(str, drawn))


def _read(path: Path, raters: set[str]) -> pd.DataFrame:
    """One row a rating of the raters that are used; the file is too large to keep all of it."""
    fields = ["worker_id", "toxic_score", *(_SPELT.get(name, name) for name in DEMOGRAPHICS)]
    rows = [
        (comment["comment_id"], comment["comment"], *map(rating.get, fields))
        for comment, rating in _rated(path)
        if str(rating.get("worker_id")) in raters
    ]
    columns = ["comment_id", "comment", "worker_id", "toxic_score", *DEMOGRAPHICS]
    frame = pd.DataFrame(rows, columns=columns).dropna(subset="toxic_score")
    return frame.astype({"worker_id": str, "comment_id": str})


def _rated(path: Path) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each rating with its comment."""
    for number, comment in json_lines(path):
        require_columns(path, comment, ["comment_id", "comment", "ratings"])
        ratings = comment["ratings"]
        if not isinstance(ratings, list) or not all(isinstance(one, dict) for one in ratings):
            raise DataError(f"{path}: 'ratings' of line {number} is not a list of ratings")
        for rating in ratings:
            yield comment, rating


def _check_fields(path: Path, found: list[str]) -> None:
    if "worker_id" not in found:
        raise DataError(
            f"{path} lacks the column 'worker_id' in its ratings: the public file has no raters; "
            f"ask the author for the one with worker ids"
        )
    asked = [_SPELT.get(name, name) for name in DEMOGRAPHICS]
    require_columns(path, found, ["toxic_score", *asked])


def _grades(path: Path, column: pd.Series) -> pd.Series:
    numbers = pd.to_numeric(column, errors="coerce")
    wrong = ~numbers.isin(range(len(_GRADES)))
    if wrong.any():
        odd = column[wrong].iloc[0]
        raise DataError(
            f"{path}: the column 'toxic_score' holds {str(odd)!r}, which is not one of "
            f"{', '.join(_GRADES)}"
        )
    return numbers
