"""How many people gave each answer, with Wilson's interval of its share.

Source: Wilson (1927), Probable inference, the law of succession, and statistical inference.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from ratings.arrays import FloatArray
from scorers.intervals.bootstrap import CONFIDENCE

UNSAID = "Prefer not to say"


def answer_shares(answers: pd.Series) -> pd.DataFrame:
    """How many people gave each answer to a question, the most frequent first.

    "Prefer not to say" is an answer, and comes last. Missing answers are none: shares are of those
    who answered.

    Args:
        answers: R labels; where they are categorical, categories that nobody chose have a row.

    Returns:
        A row for each answer with the columns answer, people, share, share low, share high (of
        those who answered; NaN where nobody did), share of all (of the R people, answered or not),
        answered and missing (people).

    >>> found = answer_shares(pd.Series(["yes", "no", "yes", None]))
    >>> found[["answer", "people", "share", "missing"]].to_dict("records")[0]
    {'answer': 'yes', 'people': 2, 'share': 0.6666666666666666, 'missing': 1}
    """
    counts = answers.value_counts(sort=False)
    order = np.lexsort((np.arange(len(counts)), -counts.to_numpy(), counts.index == UNSAID))
    ordered = counts.iloc[order]
    return _shares(
        pd.Series(ordered.index.astype(str), name="answer"),
        ordered.to_numpy(),
        np.full(len(ordered), int(answers.notna().sum())),
        len(answers),
    )


def question_shares(survey: pd.DataFrame, questions: Mapping[str, str]) -> pd.DataFrame:
    """The same for several questions, one after another.

    Args:
        survey: R rows.
        questions: what each is called in the table, by column; columns that are not there are left
            out.

    Returns:
        As `answer_shares`, with the column question first; empty where no column is there.
    """
    parts = {
        title: answer_shares(survey[column])
        for column, title in questions.items()
        if column in survey
    }
    if not parts:
        return answer_shares(pd.Series(dtype=object)).assign(question="").iloc[:0]
    table = pd.concat(parts, names=["question", None]).reset_index("question")
    return table.reset_index(drop=True)


def option_shares(ticks: pd.DataFrame) -> pd.DataFrame:
    """How many people ticked each option of a question with several, the most frequent first.

    Args:
        ticks: R x K, 1 or 0; missing where somebody was not asked.

    Returns:
        As `answer_shares`; shares are of those who were asked.
    """
    ticked = ticks.eq(1).sum().to_numpy()
    order = np.argsort(-ticked, kind="stable")
    return _shares(
        pd.Series([str(ticks.columns[k]) for k in order], name="answer", dtype=object),
        ticked[order],
        ticks.notna().sum().to_numpy()[order],
        len(ticks),
    )


def wilson(counts: npt.ArrayLike, totals: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Wilson's intervals of shares, element by element; NaN where the total is 0.

    >>> low, high = wilson([8, 0], [10, 0])
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.49, nan], [0.943, nan])
    """
    from statsmodels.stats.proportion import proportion_confint  # slow to import

    top, bottom = np.broadcast_arrays(np.asarray(counts, float), np.asarray(totals, float))
    low, high = np.full(top.shape, np.nan), np.full(top.shape, np.nan)
    there = bottom > 0
    low[there], high[there] = proportion_confint(
        top[there], bottom[there], alpha=1 - CONFIDENCE, method="wilson"
    )
    return low, high


def _shares(
    labels: pd.Series, counts: npt.ArrayLike, answered: npt.ArrayLike, everybody: int
) -> pd.DataFrame:
    table = labels.to_frame().reset_index(drop=True)
    table["people"] = np.asarray(counts, dtype=int)
    asked = np.asarray(answered, dtype=int)
    table["share"] = table["people"] / np.where(asked > 0, asked, np.nan)
    table["share low"], table["share high"] = wilson(table["people"], asked)
    table["share of all"] = table["people"] / (everybody or np.nan)
    table["answered"] = asked
    table["missing"] = everybody - asked
    return table
