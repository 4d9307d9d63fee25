"""Which items of a questionnaire measure what, and how raw answers become scores.

The keys are facts; the items' texts are their owners' and are not here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from ratings.arrays import BoolArray, FloatArray
from ratings.errors import DataError, unknown_name
from ratings.input.strict_files import Flag, StrictFields, Text, Whole, read_yaml

QUESTIONNAIRES = ("pvq21", "pvq40", "pvq_rr", "bfi10", "ess_pvq21")

_KEYS = Path(__file__).with_name("keys")


@dataclass(frozen=True)
class Questionnaire:
    """What scoring needs to know of a questionnaire.

    Attributes:
        name: of its file of keys.
        items: names of its I items, in their order: numbers as text, or names of variables.
        scale: the least and the greatest answer.
        keys: the items of each of D dimensions. Aggregates, such as the four higher-order values,
            are dimensions with the items of all their parts.
        reversed_items: whose answer counts as the sum of the scale's ends less the answer.
        centred: whether a person's mean over all items is subtracted from the person's scores.
        most_missing: who leaves out more items than this is not scored.
        most_same: who gives one answer to more items than this did not choose; see `usable`.
        source: of the keys and rules.
    """

    name: str
    items: tuple[str, ...]
    scale: tuple[int, int]
    keys: Mapping[str, tuple[str, ...]]
    reversed_items: frozenset[str]
    centred: bool
    most_missing: int
    most_same: int
    source: str


@dataclass(frozen=True)
class _Keys(StrictFields):
    """A file of keys."""

    items: tuple[Text, ...]
    scale: tuple[Whole, Whole]
    keys: dict[Text, tuple[Text, ...]]
    centred: Flag
    most_missing: Whole
    most_same: Whole
    source: Text
    reversed_items: tuple[Text, ...] = field(default=())


@lru_cache
def load_questionnaire(name: str) -> Questionnaire:
    """A questionnaire by its name.

    >>> load_questionnaire("pvq21").keys["Universalism"]
    ('3', '8', '19')

    Raises:
        UnknownNameError: for a name that is not one of `QUESTIONNAIRES`; names the nearest.
    """
    if name not in QUESTIONNAIRES:
        raise unknown_name("questionnaire", name, QUESTIONNAIRES)
    found = read_yaml(_KEYS / f"{name}.yaml", _Keys)
    return Questionnaire(
        name=name,
        items=found.items,
        scale=found.scale,
        keys=found.keys,
        reversed_items=frozenset(found.reversed_items),
        centred=found.centred,
        most_missing=found.most_missing,
        most_same=found.most_same,
        source=found.source,
    )


def score_answers(answers: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """R raters x D scores from R raters x I raw answers.

    A score is the mean of the answers to the dimension's items, those of reversed items turned
    round, less the rater's mean over all items where the questionnaire is centred (Schwartz's
    MRAT). Missing answers are left out of both means. A rater with more than `most_missing` of
    them has no scores: a row of NaN.

    Args:
        answers: a row a rater, with a column for each item (others are not read); NaN where there
            is no answer.
        questionnaire: as `load_questionnaire` gives it.

    Raises:
        DataError: when an item has no column, or an answer is not a whole number of the scale.

    >>> answers = pd.DataFrame({str(item): [6 if item in (2, 17) else 3] for item in range(1, 22)})
    >>> score_answers(answers, load_questionnaire("pvq21")).round(2)["Power"].item()
    2.71
    """
    values = _numbers(answers, questionnaire)
    kept = (np.isnan(values).sum(axis=1) <= questionnaire.most_missing)[:, None]
    low, high = questionnaire.scale
    turned = [item in questionnaire.reversed_items for item in questionnaire.items]
    values = np.where(turned, low + high - values, values)
    counted = np.array(
        [[item in keyed for item in questionnaire.items] for keyed in questionnaire.keys.values()]
    )
    scores = _means(values, counted)
    if questionnaire.centred:
        scores -= _means(values, np.ones((1, values.shape[1]), dtype=bool))
    return pd.DataFrame(
        np.where(kept, scores, np.nan), index=answers.index, columns=list(questionnaire.keys)
    )


def usable(answers: pd.DataFrame, questionnaire: Questionnaire) -> pd.Series:
    """R: whether a rater answered enough items, and not too many of them alike.

    Args:
        answers: as for `score_answers`.
        questionnaire: whose `most_missing` and `most_same` are the limits.

    Raises:
        DataError: as `score_answers`.
    """
    values = _numbers(answers, questionnaire)
    low, high = questionnaire.scale
    alike = np.max([(values == one).sum(axis=1) for one in range(low, high + 1)], axis=0)
    missing = np.isnan(values).sum(axis=1)
    return pd.Series(
        (missing <= questionnaire.most_missing) & (alike <= questionnaire.most_same),
        index=answers.index,
    )


def _numbers(answers: pd.DataFrame, questionnaire: Questionnaire) -> FloatArray:
    """R x I answers as numbers; refuses columns that are not there and answers off the scale."""
    named = answers.rename(columns=str)
    absent = [item for item in questionnaire.items if item not in named.columns]
    if absent:
        more = f" and {len(absent) - 1} more" if len(absent) > 1 else ""
        raise DataError(
            f"answers to {questionnaire.name} lack the column {absent[0]!r}{more}; "
            f"its {len(questionnaire.items)} items are {', '.join(questionnaire.items)}"
        )
    asked = named[list(questionnaire.items)]
    twice = asked.columns[asked.columns.duplicated()]
    if len(twice):
        raise DataError(f"answers to {questionnaire.name} have two columns {twice[0]!r}")
    numbers = asked.apply(pd.to_numeric, errors="coerce").astype(float)
    low, high = questionnaire.scale
    odd = asked.notna() & ~numbers.isin(range(low, high + 1))
    if odd.to_numpy().any():
        row, column = np.argwhere(odd.to_numpy())[0]
        raise DataError(
            f"{questionnaire.name}: the answer of rater {answers.index[row]} to item "
            f"{questionnaire.items[column]} is {str(asked.iat[row, column])!r}; answers are whole "
            f"numbers from {low} to {high}"
        )
    found: FloatArray = numbers.to_numpy()
    return found


def _means(values: FloatArray, counted: BoolArray) -> FloatArray:
    """R x D means over the answers that there are; NaN where there is none.

    Args:
        values: R x I.
        counted: D x I.
    """
    there = (~np.isnan(values)).astype(float) @ counted.T.astype(float)
    sums = np.nan_to_num(values) @ counted.T.astype(float)
    means: FloatArray = np.divide(sums, there, out=np.full(sums.shape, np.nan), where=there > 0)
    return means
