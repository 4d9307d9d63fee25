"""Chosen statements in a log of Inspect become accuracies and sigma-INEQUITY.

A task leaves in the metadata of a sample's output, under `ANSWERS`, every answer with the groups
it was asked for; as the sample's target the right statement of each group; and in the sample's
metadata the `person`, the `probe` set, how many statements each group has (`counts`), and the
person's group in each demographic dimension, under the dimension's name.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from inspect_ai.scorer import Metric, SampleScore, Score, Scorer, ScoreReason, Target
from inspect_ai.scorer import metric as inspect_metric
from inspect_ai.scorer import scorer as inspect_scorer
from inspect_ai.solver import TaskState

from scorers.answers.statement_choice import STATUSES, ChoiceReading, read_choices
from scorers.inspect_adapter.asking import asking
from scorers.inspect_adapter.end_of_run import at_end, warn_at_end
from scorers.inspect_adapter.layouts import ChosenAnswers, read_grid
from scorers.inspect_adapter.manifest_scores import status_shares, unscaled
from scorers.intervals.estimate import Estimate, undefined, with_ends
from scorers.scores.families import score_rows, spread_of
from scorers.scores.inequity import sigma_inequity
from scorers.scores.manifests import Estimator, Manifest, ScoreFamily, manifest_of, manifests
from scorers.scores.responses import ResponseMatrix

Values = dict[str, float]

SCORER = "statement_choices"
ANSWERS = "answers"
CORRECTED = "_corrected"


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


def accuracy_estimates(
    grid: ResponseMatrix, manifest: Manifest, labels: Sequence[str]
) -> dict[str, Estimate]:
    """Accuracy overall, among answered questions, and as the manifest splits it.

    Each is a mean over people of a person's share of right choices, unscaled.

    Args:
        grid: of a run.
        manifest: of its benchmark.
        labels: a label for each of the Q questions, where a family splits the accuracy by them; or
            nothing, for no accuracies by label.
    """
    shares = _of_estimator(manifest, "share_right")
    (overall,) = (family for family in shares if not family.by)
    among = f"{overall.name}_answered"
    if not grid.samples:
        names = [overall.name, among, *dict.fromkeys(labels)]
        return {name: undefined("nobody was asked") for name in names}
    assert grid.right is not None
    answered = replace(grid, right=np.where(grid.statuses == "valid", grid.right, np.nan))
    by_column = {family.by["column"] for family in shares if "column" in family.by}
    grid = replace(grid, labels={name: list(labels) for name in by_column} if labels else {})
    rows = score_rows(grid, [one for one in shares if labels or "column" not in one.by])
    found = {row.name: row.estimate for row in rows}
    (row,) = score_rows(answered, [overall])
    out = {overall.name: found[overall.name], among: row.estimate, **found}
    return {name: unscaled(estimate, overall.scale) for name, estimate in out.items()}


def _of_estimator(manifest: Manifest, estimator: Estimator) -> list[ScoreFamily]:
    return [family for family in manifest.scores.values() if family.estimator == estimator]


def _manifest(benchmark: str | None) -> Manifest:
    """Of a benchmark; where none is named, of the one whose answers `statement_choices` leaves.

    Raises:
        ValueError: when several benchmarks have that scorer.
    """
    if benchmark is not None:
        return manifest_of(benchmark)
    found = [one for one in manifests().values() if SCORER in one.answers.scorers]
    if len(found) != 1:
        names = ", ".join(sorted(one.name for one in found))
        raise ValueError(f"the scorer {SCORER} is of several benchmarks ({names}): name one")
    return found[0]


@inspect_metric(scores="unreduced")
def choice_accuracy(categories: Sequence[str] = (), benchmark: str | None = None) -> Metric:
    """Accuracy overall, among answered, and as the manifest splits it, each with its interval.

    Args:
        categories: a label for each question of a sample; none for no accuracies by it.
        benchmark: whose manifest has the scores; by default the one that has `statement_choices`.
    """

    @at_end
    def compute(scores: list[SampleScore]) -> Values:
        if not scores:
            return {}
        manifest = _manifest(benchmark)
        grid = read_grid(scores, manifest, {})
        return with_ends(accuracy_estimates(grid, manifest, categories))

    return compute


@inspect_metric(scores="unreduced")
def choice_inequity(benchmark: str | None = None) -> Metric:
    """sigma-INEQUITY as published, corrected with its interval, and its p-value.

    Args:
        benchmark: whose manifest has the scores; by default the one that has `statement_choices`.
    """

    @at_end
    def compute(scores: list[SampleScore]) -> Values:
        if not scores:
            return {}
        manifest = _manifest(benchmark)
        (family,) = _of_estimator(manifest, "group_spread")
        grid = read_grid(scores, manifest, {})
        dimensions, mean = sigma_inequity(*spread_of(grid, family))
        out = {
            family.name: mean.raw,
            **with_ends({f"{family.name}{CORRECTED}": mean.corrected}),
            f"{family.name}_null": mean.null.value,
            f"{family.name}_p": mean.p_value,
        }
        for each in _of_estimator(manifest, "group_spread_each"):
            for name, dimension in each.of_each_group.items():
                out[name] = dimensions[dimension].raw
                out[f"{name}{CORRECTED}"] = dimensions[dimension].corrected.value
        return out

    return compute


@inspect_metric(scores="unreduced")
def choice_statuses(benchmark: str | None = None) -> Metric:
    """Share of the choices read as each of the statuses.

    Args:
        benchmark: whose answers they are; by default of the one that has `statement_choices`.
    """

    def compute(scores: list[SampleScore]) -> Values:
        if not scores:
            return {}
        return status_shares(read_grid(scores, _manifest(benchmark), {}), STATUSES)

    return compute


# A task sets its own metrics, for its categories; these stand in where no task does.
@inspect_scorer(metrics=[choice_accuracy(), choice_inequity(), choice_statuses()])
def statement_choices() -> Scorer:
    """Which statements were chosen, and which choices are the person's own."""

    async def score(state: TaskState, target: Target) -> Score:
        counts = state.metadata["counts"]
        labels = [f"NSG{number + 1}" for number in range(len(counts))]
        answers = (state.output.metadata or {}).get(ANSWERS, [])
        found = combine_answers(answers, dict(zip(labels, counts, strict=True)))
        scored = _score([found[label] for label in labels], labels, list(target))
        scored.metadata = {**(scored.metadata or {}), **asking(answers)}
        return scored

    return score


def _score(readings: Sequence[ChoiceReading], labels: Sequence[str], truth: Sequence[str]) -> Score:
    chosen = [f"{label}_s{reading.choice}" for label, reading in zip(labels, readings, strict=True)]
    right = [int(choice == own) for choice, own in zip(chosen, truth, strict=True)]
    found = ChosenAnswers(
        [reading.choice for reading in readings], [reading.status for reading in readings]
    )
    warn_at_end(found.statuses)
    answered = found.statuses.count("valid")
    return Score(
        value={
            "accuracy": sum(right) / len(right),
            "accuracy_answered": sum(right) / answered if answered else math.nan,
            "answered": answered / len(right),
        },
        answer=found.text,
        explanation=_explanation(labels, readings),
        reason=_reason(found.statuses),
        metadata={"right": right, **found.as_metadata()},
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
