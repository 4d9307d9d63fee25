"""Chosen statements in a log of Inspect become accuracies and sigma-INEQUITY.

A task leaves in the metadata of a sample's output, under `ANSWERS`, every answer with the groups
it was asked for; as the sample's target the right statement of each group; and in the sample's
metadata the `person`, the `probe` set, how many statements each group has (`counts`), and the
person's group in each demographic dimension, under the dimension's name.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from inspect_ai.scorer import Metric, SampleScore, Score, Scorer, ScoreReason, Target
from inspect_ai.scorer import metric as inspect_metric
from inspect_ai.scorer import scorer as inspect_scorer
from inspect_ai.solver import TaskState

from ratings.instruments.indie_value import DIMENSIONS
from scorers.answers.statement_choice import STATUSES, ChoiceReading, read_choices
from scorers.inspect_adapter.asking import asking
from scorers.inspect_adapter.end_of_run import warn_at_end
from scorers.inspect_adapter.layouts import read_grid
from scorers.inspect_adapter.manifest_scores import status_shares, unscaled
from scorers.intervals.estimate import Estimate, undefined, with_ends
from scorers.scores.families import score_rows, spread_of
from scorers.scores.inequity import Inequity, sigma_inequity
from scorers.scores.manifests import manifest_of
from scorers.scores.responses import ResponseMatrix

FloatArray = npt.NDArray[np.float64]
Values = dict[str, float]

TASK = "indie_value"
ANSWERS = "answers"
CORRECTED = "_corrected"


@dataclass(frozen=True, eq=False)
class ChoiceAnswers:
    """The answers of a run by the n people that they are about, in the order of their ids."""

    grid: ResponseMatrix

    @property
    def statuses(self) -> npt.NDArray[np.str_]:
        """S x Q, how each choice was read."""
        return self.grid.statuses

    @property
    def people(self) -> list[str]:
        """The n ids."""
        return sorted(set(self.grid.clusters))

    @property
    def labels(self) -> dict[str, list[str | None]]:
        """By dimension, the group of each of the n people, None where unknown."""
        known = dict(zip(self.grid.clusters, self.grid.attributes, strict=True))
        return {name: [known[one].get(name) for one in self.people] for name in DIMENSIONS}

    @cached_property
    def person_accuracy(self) -> FloatArray:
        """Accuracy of each of the n people over all that was asked of them."""
        return spread_of(self.grid, manifest_of(TASK).scores["sigma_inequity"])[0]


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
    return ChoiceAnswers(read_grid(scores, manifest_of(TASK), {}))


def accuracy_estimates(answers: ChoiceAnswers, categories: Sequence[str]) -> dict[str, Estimate]:
    """Accuracy overall, among answered questions, of each probe set and of each category.

    Each is a mean over people of a person's share of right choices.

    Args:
        answers: of a run.
        categories: the category of each of the Q questions, the same for every probe set; or
            nothing, for no accuracies by category.
    """
    if not answers.people:
        names = ["accuracy", "accuracy_answered", *dict.fromkeys(categories)]
        return {name: undefined("nobody was asked") for name in names}
    overall, probe, category = (
        manifest_of(TASK).scores[name] for name in ("accuracy", "probe", "category")
    )
    grid = replace(answers.grid, labels={"categories": list(categories)} if categories else {})
    assert grid.right is not None
    answered = replace(grid, right=np.where(grid.statuses == "valid", grid.right, np.nan))
    (among,) = score_rows(answered, [overall])
    rows = score_rows(grid, [overall, probe, *([category] if categories else [])])
    out = {"accuracy": rows[0], "accuracy_answered": among, **{row.name: row for row in rows}}
    return {name: unscaled(row.estimate, overall.scale) for name, row in out.items()}


def inequity_of(answers: ChoiceAnswers) -> tuple[dict[str, Inequity], Inequity]:
    """sigma-INEQUITY of each dimension and their mean."""
    return sigma_inequity(*spread_of(answers.grid, manifest_of(TASK).scores["sigma_inequity"]))


def status_counts(answers: ChoiceAnswers) -> dict[str, int]:
    """How many choices were read as each of the statuses."""
    counts = answers.grid.counts()
    return {status: counts.get(status, 0) for status in STATUSES}


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
        return status_shares(choice_answers(scores).grid, STATUSES)

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
