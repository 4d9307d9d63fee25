"""Rules by which raters are left out, and what each rule removes.

Source: Value Portrait, Appendix E, for the rules and their numbers. It does not say how low an
intercorrelation is low, but that about 5 per cent fell to that rule; which index it was is not said
either: see `consistency`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ratings.arrays import BoolArray
from ratings.questionnaires.questionnaire import load_questionnaire
from scorers.screening.consistency import consistency

FAILED_CHECKS = "failed_checks"
MINUTES = "minutes"


@dataclass(frozen=True)
class ScreeningRules:
    """The rules; None turns one off.

    Attributes:
        most_failed_checks: who fails more attention checks than this is left out.
        least_minutes: who takes less time than this is left out.
        same_answer: whether who gives one answer to a whole questionnaire is left out.
        inconsistent_share: the share of raters who are left out for the least consistent answers
            within a questionnaire. It removes as many where everybody answers with care.
        least_consistency: in place of the share, a cut: who is below it in any questionnaire is
            left out.
    """

    most_failed_checks: int | None = 2
    least_minutes: float | None = 6.0
    same_answer: bool = True
    inconsistent_share: float | None = 0.05
    least_consistency: float | None = None


@dataclass(frozen=True, eq=False)
class Screening:
    """What screening left.

    Attributes:
        kept: the raters that are left, in their order.
        table: a row a rule in the order of application: `rule`; `broken by`, how many raters break
            it; `removed`, how many of them no earlier rule removed; `remaining`; and `note`, why
            a rule was not applied.
        removed: of each rater that was removed, the rule.
        consistency: raters x questionnaires, of those left when that rule was reached; the indices
            the rule looks at.
    """

    kept: pd.Index
    table: pd.DataFrame
    removed: pd.Series
    consistency: pd.DataFrame


def screen(
    raters: pd.DataFrame,
    answers: Mapping[str, pd.DataFrame] | None = None,
    rules: ScreeningRules | None = None,
) -> Screening:
    """Leave out raters who did not answer with care.

    A rule that needs what is not there is not applied, and the table says so; a rater of whom it
    is missing is not removed by it.

    Args:
        raters: a row a rater, indexed by rater; `failed_checks` counts attention checks answered
            wrongly, `minutes` is the time taken. Who is listed more than once is left out: nobody
            knows which answers are whose.
        answers: by name of a questionnaire (one of `QUESTIONNAIRES`) its raw answers, raters x
            items, in scale and without gaps filled; raters need not be in the same order.
        rules: the paper's by default.

    Raises:
        UnknownNameError: for a questionnaire that is not known.
    """
    rules = rules or ScreeningRules()
    given = dict(answers or {})
    people = raters.index.unique()
    steps = _Steps(people)
    twice = set(raters.index[raters.index.duplicated()])
    for frame in given.values():
        twice |= set(frame.index[frame.index.duplicated()])
    steps.apply("listed more than once", people.isin(list(twice)))
    once = raters[~raters.index.duplicated()]
    given = {name: frame[~frame.index.duplicated()] for name, frame in given.items()}
    if rules.most_failed_checks is not None:
        name = f"more than {rules.most_failed_checks} attention checks failed"
        steps.apply(name, *_compared(once, FAILED_CHECKS, above=rules.most_failed_checks))
    if rules.least_minutes is not None:
        name = f"less than {rules.least_minutes:g} minutes"
        steps.apply(name, *_compared(once, MINUTES, below=rules.least_minutes))
    if rules.same_answer:
        flat = [_flat(frame.reindex(people), name) for name, frame in given.items()]
        missing = None if given else "no answers to a questionnaire"
        broken = np.any(flat, axis=0) if flat else np.zeros(len(people), dtype=bool)
        steps.apply("one answer to all items of a questionnaire", broken, missing)
    left = steps.left()
    indices = pd.DataFrame(
        {
            name: consistency(frame.reindex(left), load_questionnaire(name))
            for name, frame in given.items()
        },
        index=left,
    )
    if rules.least_consistency is not None:
        name = f"consistency below {rules.least_consistency:g} in a questionnaire"
        low = left[(indices < rules.least_consistency).any(axis=1).to_numpy()]
        steps.apply(name, people.isin(low), None if given else "no answers to a questionnaire")
    elif rules.inconsistent_share is not None:
        name = f"the least consistent {100 * rules.inconsistent_share:g} per cent"
        # By the questionnaire in which a rater ranks lowest; without an index nobody is removed.
        lowest = indices.rank(pct=True).min(axis=1).dropna().sort_values(kind="stable")
        low = lowest.index[: int(rules.inconsistent_share * len(left))]
        missing = None if given else "no answers to a questionnaire"
        steps.apply(name, people.isin(low), missing)
    return Screening(steps.left(), steps.table(), steps.removed(), indices)


class _Steps:
    """The rules applied so far."""

    def __init__(self, people: pd.Index) -> None:
        self._people = people
        self._by = pd.Series("", index=people, dtype=object)
        self._rows: list[dict[str, object]] = []

    def apply(self, rule: str, broken: BoolArray, note: str | None = None) -> None:
        fresh = broken & (self._by == "").to_numpy()
        self._by[fresh] = rule
        self._rows.append(
            {
                "rule": rule,
                "broken by": int(np.sum(broken)),
                "removed": int(fresh.sum()),
                "remaining": int((self._by == "").sum()),
                "note": f"not applied: {note}" if note else "",
            }
        )

    def left(self) -> pd.Index:
        return self._people[(self._by == "").to_numpy()]

    def removed(self) -> pd.Series:
        return self._by[self._by != ""]

    def table(self) -> pd.DataFrame:
        return pd.DataFrame(self._rows)


def _compared(
    raters: pd.DataFrame, column: str, *, above: float = np.inf, below: float = -np.inf
) -> tuple[BoolArray, str | None]:
    """Who is above or below in a column, and why nobody is looked at."""
    if column not in raters:
        return np.zeros(len(raters), dtype=bool), f"raters have no column {column!r}"
    values = pd.to_numeric(raters[column], errors="coerce").to_numpy(dtype=float)
    unknown = int(np.isnan(values).sum())
    note = f"to {unknown} raters without {column}" if unknown else None
    return (values > above) | (values < below), note


def _flat(answers: pd.DataFrame, name: str) -> BoolArray:
    """Who gives one answer to all items; with a gap or none answered, nobody."""
    items = answers.rename(columns=str)[list(load_questionnaire(name).items)].to_numpy(dtype=float)
    found: BoolArray = np.ptp(items, axis=1) == 0  # a gap makes it NaN
    return found
