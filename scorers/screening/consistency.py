"""How consistently a person answers questions that ask for the same.

Source: Johnson (2005), Ascertaining the validity of individual protocols, and Meade and Craig
(2012), Identifying careless responses in survey data, for correlations within a person.
"""

from itertools import combinations

import numpy as np
import pandas as pd

from ratings.arrays import FloatArray
from ratings.questionnaires.questionnaire import Questionnaire
from scorers.intervals.means import mean_of_present, ratio

LEAST_PAIRS = 4


def related_pairs(questionnaire: Questionnaire) -> list[tuple[str, str]]:
    """Pairs of items of one dimension; aggregates, whose items are those of others, do not count.

    >>> from ratings.questionnaires.questionnaire import load_questionnaire
    >>> related_pairs(load_questionnaire("bfi10"))[:2]
    [('5', '10'), ('3', '8')]
    """
    keys = [frozenset(items) for items in questionnaire.keys.values()]
    basic = [
        items
        for items in questionnaire.keys.values()
        if not any(other < frozenset(items) for other in keys)
    ]
    return [pair for items in basic for pair in combinations(items, 2)]


def consistency(answers: pd.DataFrame, questionnaire: Questionnaire) -> pd.Series:
    """Within each person the correlation between answers to two items of one dimension, R.

    Answers to reversed items are turned round, and each item's mean over people is subtracted:
    what everybody answers is no sign of care. Which item of a pair comes first means nothing, so
    each pair is entered both ways (an intraclass correlation). 1 for a person who answers
    related items alike and others differently; at random it is -1 / (2k - 1) with k pairs: -.04
    for PVQ-21 and -.11 for BFI-10, whose five pairs make it a rough index.

    Args:
        answers: R x items, a column for each item; NaN where there is no answer.
        questionnaire: whose keys say which items are related.

    Returns:
        NaN for a person with fewer than four answered pairs, or whose answers do not vary.
    """
    low, high = questionnaire.scale
    values = answers.rename(columns=str)[list(questionnaire.items)].to_numpy(dtype=float)
    turned = [item in questionnaire.reversed_items for item in questionnaire.items]
    values = np.where(turned, low + high - values, values)
    values = values - mean_of_present(values, axis=0)
    column = {item: position for position, item in enumerate(questionnaire.items)}
    first, second = np.array(
        [[column[item] for item in pair] for pair in related_pairs(questionnaire)]
    ).T
    one, other = values[:, first], values[:, second]
    found = _intraclass(np.hstack([one, other]), np.hstack([other, one]))
    return pd.Series(found, index=answers.index, name=questionnaire.name)


def _intraclass(one: FloatArray, other: FloatArray) -> FloatArray:
    """Correlation within each row over the columns present in both, entered both ways."""
    both = ~np.isnan(one) & ~np.isnan(other)
    one, other = (np.where(both, part, np.nan) for part in (one, other))
    mean = mean_of_present(one, axis=1)[:, None]
    variance = mean_of_present((one - mean) ** 2, axis=1)
    shared = mean_of_present((one - mean) * (other - mean), axis=1)
    enough = (both.sum(axis=1) >= 2 * LEAST_PAIRS) & (variance > 1e-12)
    return ratio(np.where(enough, shared, np.nan), variance)
