"""Chosen statements in a log of Inspect become accuracies and sigma-INEQUITY.

A task leaves in the metadata of a sample's output, under `ANSWERS`, every answer with the groups
it was asked for; as the sample's target the right statement of each group; and in the sample's
metadata the `person`, the `probe` set, how many statements each group has (`counts`), and the
person's group in each demographic dimension, under the dimension's name.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from inspect_ai.scorer import Metric, SampleScore, Score, Scorer, ScoreReason, Target
from inspect_ai.scorer import metric as inspect_metric
from inspect_ai.scorer import scorer as inspect_scorer
from inspect_ai.solver import TaskState

from ratings.instruments.indie_value import DIMENSIONS
from scorers.answers.statement_choice import STATUSES, ChoiceReading, read_choices
from scorers.inspect_adapter.asking import asking
from scorers.inspect_adapter.end_of_run import warn_at_end
from scorers.intervals.estimate import Estimate, undefined, with_ends
from scorers.scores.accuracy import mean_over_people
from scorers.scores.inequity import Inequity, sigma_inequity

FloatArray = npt.NDArray[np.float64]
Values = dict[str, float]

ANSWERS = "answers"
CORRECTED = "_corrected"


@dataclass(frozen=True, eq=False)
class ChoiceAnswers:
    """What a run found out: S samples of Q questions each, of n people.

    Attributes:
        right: S x Q, 1 where the chosen statement is the person's, 0 where it is not or none
            was chosen.
        answered: S x Q, whether a statement was chosen.
        statuses: S x Q, how each choice was read.
        probes: S, the probe set of each sample.
        person: S, the place of the sample's person in `people`.
        people: n ids, sorted.
        labels: by dimension, the group of each of the n people, None where not told.
    """

    right: FloatArray
    answered: npt.NDArray[np.bool_]
    statuses: npt.NDArray[np.str_]
    probes: npt.NDArray[np.intp]
    person: npt.NDArray[np.intp]
    people: list[str]
    labels: Mapping[str, list[str | None]]

    @cached_property
    def groups(self) -> dict[str, npt.NDArray[np.intp]]:
        """By dimension, the number of the group of each of the n people, or -1."""
        return {name: pd.factorize(np.array(told, object))[0] for name, told in self.labels.items()}

    @cached_property
    def person_accuracy(self) -> FloatArray:
        """Accuracy of each of the n people over all that was asked of them."""
        return self.by_person(np.ones_like(self.answered))

    def by_person(self, cells: npt.NDArray[np.bool_]) -> FloatArray:
        """Share of right choices of each of the n people over some of the S x Q cells."""
        right = np.bincount(self.person, (self.right * cells).sum(axis=1), len(self.people))
        asked = np.bincount(self.person, cells.sum(axis=1), len(self.people))
        share: FloatArray = np.full(len(self.people), np.nan)
        return np.divide(right, asked, out=share, where=asked > 0)


def combine_answers(
    answers: Sequence[Mapping[str, Any]], counts: Mapping[str, int]
) -> dict[str, ChoiceReading]:
    """The choice of each group from several answers: the first that is valid.

    Args:
        answers: each with its `groups`, `text` and `stop_reason`, in the order given.
        counts: number of statements of each group.
    """
    found = {label: ChoiceReading(None, "unasked") for label in counts}
    for answer in answers:
        for label, reading in choices_of(answer, counts).items():
            if found[label].choice is None:
                found[label] = reading
    return found


def choices_of(answer: Mapping[str, Any], counts: Mapping[str, int]) -> dict[str, ChoiceReading]:
    """The choice of each group that one answer was asked for."""
    asked = {label: counts[label] for label in answer["groups"] if label in counts}
    return read_choices(answer["text"], asked, answer["stop_reason"])


def choice_answers(scores: Sequence[SampleScore]) -> ChoiceAnswers:
    """The answers of a run from its scored samples."""
    known = [(_metadata(score), score.sample_metadata or {}) for score in scores]
    people = sorted({str(about["person"]) for _, about in known})
    place = {person: i for i, person in enumerate(people)}
    who = {str(about["person"]): about for _, about in known}
    shape = (len(known), len(known[0][0]["right"]) if known else 0)
    statuses = np.array([found["statuses"] for found, _ in known], dtype=str).reshape(shape)
    return ChoiceAnswers(
        right=np.array([found["right"] for found, _ in known], dtype=float).reshape(shape),
        answered=statuses == "valid",
        statuses=statuses,
        probes=np.array([about["probe"] for _, about in known], dtype=np.intp),
        person=np.array([place[str(about["person"])] for _, about in known], dtype=np.intp),
        people=people,
        labels={name: [who[person].get(name) for person in people] for name in DIMENSIONS},
    )


def accuracy_estimates(answers: ChoiceAnswers, categories: Sequence[str]) -> dict[str, Estimate]:
    """Accuracy overall, among answered questions, of each probe set and of each category.

    Each is a mean over people of a person's share of right choices, with an interval that draws
    people anew.

    Args:
        answers: of a run.
        categories: the category of each of the Q questions, the same for every probe set; or
            nothing, for no accuracies by category.
    """
    if not answers.people:
        names = ["accuracy", "accuracy_answered", *dict.fromkeys(categories)]
        return {name: undefined("nobody was asked") for name in names}
    everything = np.ones_like(answers.answered)
    cells = {"accuracy": everything, "accuracy_answered": answers.answered}
    for probe in np.unique(answers.probes):
        cells[f"probe {probe}"] = everything & (answers.probes == probe)[:, None]
    for category in dict.fromkeys(categories):
        cells[category] = everything & (np.array(categories) == category)
    columns = np.column_stack([answers.by_person(chosen) for chosen in cells.values()])
    return dict(zip(cells, mean_over_people(columns, ends=(0.0, 1.0)), strict=True))


def inequity_of(answers: ChoiceAnswers) -> tuple[dict[str, Inequity], Inequity]:
    """sigma-INEQUITY of each dimension and their mean."""
    return sigma_inequity(answers.person_accuracy, answers.groups)


def status_counts(answers: ChoiceAnswers) -> dict[str, int]:
    """How many choices were read as each of the statuses."""
    return {status: int((answers.statuses == status).sum()) for status in STATUSES}


@inspect_metric(scores="unreduced")
def choice_accuracy(categories: Sequence[str] = ()) -> Metric:
    """Accuracy overall, among answered, by probe set and category, each with its interval.

    Args:
        categories: the category of each question of a probe set; none for no accuracies by it.
    """

    def compute(scores: list[SampleScore]) -> Values:
        if not scores:
            return {}
        return with_ends(accuracy_estimates(choice_answers(scores), categories))

    return compute


@inspect_metric(scores="unreduced")
def choice_inequity() -> Metric:
    """sigma-INEQUITY as published, corrected with its interval, and its p-value."""

    def compute(scores: list[SampleScore]) -> Values:
        if not scores:
            return {}
        dimensions, mean = inequity_of(choice_answers(scores))
        out = {
            "sigma_inequity": mean.raw,
            **with_ends({f"sigma_inequity{CORRECTED}": mean.corrected}),
            "sigma_inequity_null": mean.null.value,
            "sigma_inequity_p": mean.p_value,
        }
        for name, found in dimensions.items():
            out[f"sigma {name}"] = found.raw
            out[f"sigma {name}{CORRECTED}"] = found.corrected.value
        return out

    return compute


@inspect_metric(scores="unreduced")
def choice_statuses() -> Metric:
    """Share of the choices read as each of the statuses."""

    def compute(scores: list[SampleScore]) -> Values:
        if not scores:
            return {}
        counts = status_counts(choice_answers(scores))
        total = sum(counts.values())
        return {status: count / total for status, count in counts.items()}

    return compute


# A task sets its own metrics, for its categories; these stand in where no task does.
@inspect_scorer(metrics=[choice_accuracy(), choice_inequity(), choice_statuses()])
def statement_choices() -> Scorer:
    """Which statements were chosen, and which choices are the person's own."""

    async def score(state: TaskState, target: Target) -> Score:
        counts = state.metadata["counts"]
        labels = [f"NSG{place + 1}" for place in range(len(counts))]
        answers = (state.output.metadata or {}).get(ANSWERS, [])
        found = combine_answers(answers, dict(zip(labels, counts, strict=True)))
        scored = _score([found[label] for label in labels], labels, list(target))
        scored.metadata = {**(scored.metadata or {}), **asking(answers)}
        return scored

    return score


def _score(readings: Sequence[ChoiceReading], labels: Sequence[str], truth: Sequence[str]) -> Score:
    chosen = [f"{label}_s{reading.choice}" for label, reading in zip(labels, readings, strict=True)]
    right = [int(choice == own) for choice, own in zip(chosen, truth, strict=True)]
    statuses = [reading.status for reading in readings]
    warn_at_end(statuses)
    answered = statuses.count("valid")
    return Score(
        value={
            "accuracy": sum(right) / len(right),
            "accuracy_answered": sum(right) / answered if answered else math.nan,
            "answered": answered / len(right),
        },
        answer=" ".join(str(reading.choice or "-") for reading in readings),
        explanation=_explanation(labels, readings),
        reason=_reason(statuses),
        metadata={"right": right, "statuses": statuses},
    )


def _explanation(labels: Sequence[str], readings: Sequence[ChoiceReading]) -> str | None:
    missing = [
        f"{label}: {reading.status}"
        for label, reading in zip(labels, readings, strict=True)
        if reading.choice is None
    ]
    if not missing:
        return None
    advice = ""
    if any(reading.status == "truncated" for reading in readings):
        advice = "\nThe answer was cut off by a limit on tokens: raise --max-tokens."
    return "no choice: " + ", ".join(missing) + advice


def _reason(statuses: Sequence[str]) -> ScoreReason | None:
    if "valid" in statuses:
        return None
    if "refusal" in statuses:
        return "refusal"
    return "no_response" if set(statuses) <= {"empty", "unasked"} else "invalid_response_format"


def _metadata(score: SampleScore) -> Mapping[str, Any]:
    metadata = score.score.metadata
    assert metadata is not None
    return metadata
