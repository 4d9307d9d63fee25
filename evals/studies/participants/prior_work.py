"""People compared with those of earlier data sets of human feedback."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from evals.studies.findings import Finding
from evals.studies.participants.people import DEMOGRAPHICS
from ratings.input.strict_files import Number, StrictFields, Text, Whole, read_yaml
from scorers.participants.answers import wilson

_FILE = Path(__file__).with_suffix(".yaml")
_TITLES = {**DEMOGRAPHICS, "location_reside_country": "residence"}


@dataclass(frozen=True)
class Group(StrictFields):
    """A group of people: the answers that fall into it, and its percentage in each study."""

    answers: tuple[Text, ...]
    percent: tuple[Number | None, ...]


@dataclass(frozen=True)
class PriorWork(StrictFields):
    """What earlier studies reported.

    Attributes:
        studies: names.
        people: of each study who answered.
        questions: groups by name, by survey column.
    """

    studies: tuple[Text, ...]
    people: tuple[Whole, ...]
    questions: dict[Text, dict[Text, Group]]


def compared_with_prior_work(survey: pd.DataFrame) -> Finding:
    """Shares of groups here and in five earlier studies (Tables 6 and 7)."""
    prior = read_yaml(_FILE, PriorWork)
    rows = []
    for column, groups in prior.questions.items():
        answers = survey[column].astype(object)
        answered = int(answers.notna().sum())
        for name, group in groups.items():
            count = int(answers.isin(group.answers).sum())
            low, high = wilson([count], [answered])
            rows.append(
                {
                    "question": _TITLES[column],
                    "group": name,
                    "share": count / (answered or np.nan),
                    "share low": low[0],
                    "share high": high[0],
                    **{
                        study: np.nan if percent is None else percent / 100
                        for study, percent in zip(prior.studies, group.percent, strict=True)
                    },
                }
            )
    table = pd.DataFrame(rows)
    largest, people = max(prior.people), ", ".join(map(str, prior.people))
    return Finding(
        name="prior_work",
        title="How do people compare with those of earlier studies?",
        sentence=f"{len(survey):,} people, where the largest of {len(prior.studies)} earlier "
        f"studies that describe theirs has {largest:,}.",
        table=table,
        notes=(
            f"As the studies reported, of {people} people; a dash where one did not. They "
            "recruited in different ways.",
        ),
        rows=len(table),
        columns=("question", "group", "share", *prior.studies),
    )
