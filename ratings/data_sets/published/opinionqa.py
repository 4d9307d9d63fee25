"""OpinionQA: what people in the United States answered in a wave of a survey."""

import ast
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ratings.data_sets.data_set import TEXT, DataSet
from ratings.data_sets.sources import of_active_raters, read_csv, requested_file, said
from ratings.errors import DataError
from ratings.sources.cards import load_card
from ratings.table import RatingTable

# The wave that the paper must have used, and the one that it names; the cards say why.
WAVES = (92, 27)
TASK = (
    "A rater who lives in the United States answers a question of an opinion survey by one of "
    "its options."
)
DEMOGRAPHICS = (
    "CREGION",
    "SEX",
    "EDUCATION",
    "CITIZEN",
    "MARITAL",
    "INCOME",
    "RACE",
    "RELIG",
    "RELIGATTEND",
    "POLPARTY",
    "POLIDEOLOGY",
)

_REFUSED = "Refused"
_MOST_OPTIONS = 6


def load_opinionqa(wave: int) -> DataSet:
    """The answers of one wave of the American Trends Panel, as OpinionQA gives them.

    A rater is a row of the file. A question's options are in the order that OpinionQA gives
    them, lowest first; questions with more than six, of which the paper has none, are left out.
    Refusals are missing.

    Source: Value Profiles, section 11 and Table 3.

    Args:
        wave: one of `WAVES`, each with a card of its own.

    Raises:
        DataError: when files are missing or not in the layout of the card.
    """
    card = load_card(f"opinionqa_w{wave}")
    folder = f"human_resp/American_Trends_Panel_W{wave}"
    info = requested_file(card, f"{folder}/info.csv")
    answers = requested_file(card, f"{folder}/responses.csv")
    questions = _questions(info)
    frame = read_csv(answers, [*questions.index, *DEMOGRAPHICS])
    frame = frame.set_axis([f"w{wave}-{row}" for row in range(1, len(frame) + 1)])
    table = RatingTable.from_positions(
        _positions(answers, frame, questions),
        raters=said(frame.rename_axis("rater").reset_index(), "rater", DEMOGRAPHICS),
        instances=questions[[TEXT]],
        choices=list(questions["choices"]),
    )
    data = DataSet(
        name=card.id,
        table=table,
        task=TASK,
        ordered=True,
        demographics=DEMOGRAPHICS,
        card=card,
    )
    return of_active_raters(data)


def _questions(path: Path) -> pd.DataFrame:
    """I questions, indexed by key, with columns `text` and `choices`."""
    frame = read_csv(path, ["key", "question", "references", "option_ordinal"]).dropna()
    choices = [_choices(path, *row) for row in frame.drop(columns="question").to_numpy()]
    found = pd.DataFrame(
        {TEXT: frame["question"].to_numpy(), "choices": choices},
        index=pd.Index(frame["key"], name="instance"),
    )
    number = found["choices"].map(len)
    return found[number.between(2, _MOST_OPTIONS)]


def _choices(path: Path, key: str, options: str, order: str) -> tuple[str, ...]:
    offered = [
        str(option) for option in _literal(path, key, "references", options) if option != _REFUSED
    ]
    ranks = _literal(path, key, "option_ordinal", order)
    if len(ranks) != len(offered):
        raise DataError(
            f"{path}: question {key} has {len(offered)} 'references' but the refusal, and "
            f"{len(ranks)} in 'option_ordinal'"
        )
    return ordered(offered, ranks)


def ordered(options: Sequence[str], ranks: Sequence[float]) -> tuple[str, ...]:
    """A question's options, the lowest first.

    >>> ordered(["More", "Less", "The same"], [1.0, 2.0, 1.5])
    ('More', 'The same', 'Less')
    """
    return tuple(options[position] for position in np.argsort(ranks, kind="stable"))


def _literal(path: Path, key: str, column: str, text: str) -> Any:  # noqa: ANN401 - a list
    try:
        found = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        found = None
    if not isinstance(found, list):
        raise DataError(f"{path}: {column!r} of question {key} is not a list: {text[:60]!r}")
    return found


def _positions(path: Path, frame: pd.DataFrame, questions: pd.DataFrame) -> npt.NDArray[np.int8]:
    """R x I: position of each answer among the question's choices, 0 for refused and missing."""
    out = np.zeros((len(frame), len(questions)), dtype=np.int8)
    for index, (key, choices) in enumerate(questions["choices"].items()):
        column = frame[str(key)].str.strip()
        out[:, index] = pd.Index(choices).get_indexer(pd.Index(column)) + 1
        given = column[column.notna() & column.ne(_REFUSED)]
        if len(given) and not out[:, index].any():
            raise DataError(
                f"{path}: no answer in the column {str(key)!r} is one of its options "
                f"({', '.join(choices)}); found {given.iloc[0]!r}"
            )
    return out
