"""Predicted ratings in a log of Inspect become losses, information and calibration.

A task leaves in the metadata of a sample's output, under `ANSWERS`, two lists of answers, `told`
and `none`, one for each rating asked about; and in the sample's metadata the `rater`, the
`ratings` themselves (from 1), the `places` and `instances` they are of, and `counts`, the number of
choices of each.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from inspect_ai.scorer import Metric, SampleScore, Score, Scorer, ScoreReason, Target
from inspect_ai.scorer import metric as inspect_metric
from inspect_ai.scorer import scorer as inspect_scorer
from inspect_ai.solver import TaskState

from ratings.arrays import FloatArray
from scorers.answers.choice_distribution import (
    STATUSES,
    begins_sentence,
    letter_distribution,
    prediction_numbers,
)
from scorers.answers.log_probabilities import checked_logprobs
from scorers.answers.spoken import CUT_OFF, spoken, status_without_answer
from scorers.answers.verbalized_probabilities import stated_distribution
from scorers.information.calibration import CalibrationError, expected_calibration_error
from scorers.inspect_adapter.asking import asking
from scorers.inspect_adapter.end_of_run import at_end, warn_at_end
from scorers.inspect_adapter.layouts import ChosenAnswers
from scorers.inspect_adapter.manifest_scores import manifest_scores
from scorers.inspect_adapter.run_log import MIXED
from scorers.intervals.estimate import with_ends

ANSWERS = "answers"
TASK = "decode_ratings"
LOGPROBS, STATED = "logprobs", "stated"
_MEANS = {"accuracy": "right", "loss": "loss", "loss_none": "loss_none",
          "information": "information"}  # fmt: skip


@dataclass(frozen=True)
class Predicted:
    """An answer as it was read: the distribution, or None and why."""

    distribution: FloatArray | None
    status: str
    way: str


def read_prediction(answer: Mapping[str, Any] | None, choices: int) -> Predicted:
    """Read one answer.

    Args:
        answer: with its `way`, `text`, `stop_reason` and, from a provider that gives them,
            `tokens`, whose last are the log-probabilities at the first token of the answer.
        choices: K.
    """
    if answer is None:
        return Predicted(None, "unasked", "-")
    text, stop_reason, way = answer["text"], answer["stop_reason"], answer["way"]
    otherwise = "unreadable"
    if way == LOGPROBS:
        tokens = checked_logprobs((answer.get("tokens") or [None])[-1])
        found = None
        if tokens is None:
            otherwise = "no_logprobs"
        elif not begins_sentence(text):
            found = letter_distribution(tokens, choices)
        if stop_reason in CUT_OFF and spoken(text).text.strip():
            stop_reason = "stop"  # a limit on tokens takes nothing from the first one
    else:
        found = stated_distribution(text, choices, stop_reason)
    if found is not None:
        return Predicted(found, "valid", way)
    return Predicted(None, status_without_answer(text, stop_reason, otherwise), way)


def calibration_of(scores: Sequence[SampleScore]) -> CalibrationError | None:
    """How far confidence is from how often it is right; None where nothing could be read."""
    confidence, right, raters = confidences(scores)
    return expected_calibration_error(confidence, right, raters) if len(right) else None


def confidences(scores: Sequence[SampleScore]) -> tuple[FloatArray, FloatArray, list[str]]:
    """N confidences, whether each was right, and the rater of each, where answers could be read."""
    found = [
        (confidence, right, str((score.sample_metadata or {})["rater"]))
        # Samples come in the order they finished in; that of the ids makes runs repeat exactly.
        for score in sorted(scores, key=lambda score: str(score.sample_id))
        for confidence, right in zip(
            _metadata(score)["confidence"], _metadata(score)["right"], strict=True
        )
        if confidence is not None
    ]
    confidence, right, raters = zip(*found, strict=True) if found else ((), (), ())
    return np.array(confidence, dtype=float), np.array(right, dtype=float), list(raters)


def way_counts(scores: Sequence[SampleScore]) -> dict[str, int]:
    """How many distributions were read in which way, with what is given about the rater.

    What was asked for and could not be read counts for no way.
    """
    ways = [
        way
        for score in scores
        for way, loss in zip(_metadata(score)["way"], _metadata(score)["loss"], strict=True)
        if loss is not None
    ]
    return {way: ways.count(way) for way in (LOGPROBS, STATED) if way in ways}


@inspect_metric(scores="unreduced")
def decoder_calibration() -> Metric:
    """`ece`, as commonly defined and corrected, and the share of the answers that were stated."""

    @at_end
    def compute(scores: list[SampleScore]) -> dict[str, float]:
        if not scores:
            return {}
        found, ways = calibration_of(scores), way_counts(scores)
        total = sum(ways.values())
        share = ways.get(STATED, 0) / total if total else math.nan
        if found is None:
            names = ("ece", "ece_corrected", "ece_corrected_low", "ece_corrected_high",
                     "ece_if_calibrated")  # fmt: skip
            return {**dict.fromkeys(names, math.nan), "stated_share": share}
        return {
            "ece": found.raw,
            **with_ends({"ece_corrected": found.corrected}),
            "ece_if_calibrated": found.if_calibrated.value,
            "stated_share": share,
        }

    return compute


@inspect_scorer(metrics=[manifest_scores(TASK, STATUSES), decoder_calibration()])
def decoded_ratings() -> Scorer:
    """How well each rating was predicted, with and without what is given about the rater."""

    async def score(state: TaskState, target: Target) -> Score:
        about = state.metadata
        answers = (state.output.metadata or {}).get(ANSWERS, {})
        nothing = [None] * len(about["ratings"])
        told, none = (
            [
                read_prediction(answer, count)
                for answer, count in zip(answers.get(arm, nothing), about["counts"], strict=True)
            ]
            for arm in ("told", "none")
        )
        scored = _score(told, none, about)
        kept = [answer for arm in ("told", "none") for answer in answers.get(arm, ())]
        scored.metadata = {**(scored.metadata or {}), **asking(kept)}
        return scored

    return score


def _score(told: Sequence[Predicted], none: Sequence[Predicted], about: Mapping[str, Any]) -> Score:
    numbers = prediction_numbers(
        [one.distribution for one in told], [one.distribution for one in none], about["ratings"]
    )
    pairs = list(zip(told, none, strict=True))
    statuses = [
        "none_missing" if one.status == "valid" != other.status else one.status
        for one, other in pairs
    ]
    warn_at_end(statuses)
    found = ChosenAnswers([_most_probable(one.distribution) for one in told], statuses)
    ways = {one.way for pair in pairs for one in pair} - {"-"}
    return Score(
        value={name: _mean(numbers[of]) for name, of in _MEANS.items()},
        answer=found.text,
        explanation=_explanation(told, none, about["instances"]),
        reason=_reason(statuses),
        metadata={
            "instance": list(about["instances"]),
            "place": list(about["places"]),
            "rating": list(about["ratings"]),
            **numbers,
            **found.as_metadata(),
            "way": [one.way for one in told],
            "way_none": [one.way for one in none],
            "options": _options(ways, about),
        },
    )


def _options(ways: set[str], about: Mapping[str, Any]) -> dict[str, str]:
    """What was asked for in truth: how, and of profiles which, whatever their file is called."""
    out = {"elicitation": ways.pop() if len(ways) == 1 else MIXED} if ways else {}
    if about.get("profiles_sha256"):
        out["representation"] = f"{about['setup']['representation']} {about['profiles_sha256']}"
    return out


def _most_probable(row: FloatArray | None) -> int | None:
    return None if row is None else int(row.argmax()) + 1


def _mean(values: Sequence[float | None]) -> float:
    there = [value for value in values if value is not None]
    return sum(there) / len(there) if there else math.nan


def _explanation(
    told: Sequence[Predicted], none: Sequence[Predicted], instances: Sequence[str]
) -> str | None:
    missing = [
        f"{instance}, {arm}: {one.status}"
        for arm, found in (("told", told), ("nothing told", none))
        for instance, one in zip(instances, found, strict=True)
        if one.status != "valid"
    ]
    if not missing:
        return None
    advice = ""
    if any(one.status == "no_logprobs" for one in (*told, *none)):
        advice = "\nThe provider gave no log-probabilities: run with -T elicitation=stated."
    return "no distribution: " + "; ".join(missing) + advice


def _reason(statuses: Sequence[str]) -> ScoreReason | None:
    found = set(statuses)
    if "valid" in found:
        return None
    if "refusal" in found:
        return "refusal"
    return "no_response" if found <= {"empty", "unasked"} else "invalid_response_format"


def _metadata(score: SampleScore) -> Mapping[str, Any]:
    return score.score.metadata or {}
