"""Written profiles, and profiles matched to raters, as scores and metrics of Inspect logs."""

import math
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from inspect_ai.scorer import Metric, SampleScore, Score, Scorer, Target
from inspect_ai.scorer import metric as inspect_metric
from inspect_ai.scorer import scorer as inspect_scorer
from inspect_ai.solver import TaskState

from scorers.answers.phrases.named_profile import read_profile_number
from scorers.answers.spoken import spoken, status_without_answer
from scorers.inspect_adapter.asking import ABOUT, asking
from scorers.inspect_adapter.end_of_run import at_end, warn_at_end
from scorers.inspect_adapter.layouts import ChosenAnswers, read_grid
from scorers.inspect_adapter.manifest_scores import manifest_scores
from scorers.intervals.estimate import Estimate
from scorers.scores.accuracy import paired_difference
from scorers.scores.families import spread_of
from scorers.scores.manifests import manifest_of

ENCODE, APART = "encode_profiles", "tell_profiles_apart"
WRITTEN_STATUSES = ("valid", "refusal", "empty", "truncated")
APART_STATUSES = ("valid", "refusal", "empty", "truncated", "unreadable")
CHANCE = 0.5
_WORD = re.compile(r"\w[\w'’-]*")


def written_profile(text: str, stop_reason: str) -> tuple[str, str]:
    """The profile that an answer is, without the model's thoughts, and how it was read.

    A profile that a limit on tokens cut off is not whole, so it is none.

    Returns:
        The profile, empty unless it is `valid`; and the status.

    >>> written_profile("<think>Green?</think>- Cares for nature.", "stop")
    ('- Cares for nature.', 'valid')
    """
    said = spoken(text).text.strip()
    words = said if _WORD.search(said) else ""
    status = status_without_answer(words[:200], stop_reason, "valid")
    return (said if status == "valid" else ""), status


@inspect_scorer(metrics=[manifest_scores(ENCODE, WRITTEN_STATUSES)])
def profiles_written() -> Scorer:
    """Whether a profile was written, and how many words it has."""

    async def score(state: TaskState, target: Target) -> Score:
        stop_reason = state.output.stop_reason if state.output.choices else "unknown"
        text, status = written_profile(state.output.completion, stop_reason)
        warn_at_end([status])
        words = len(_WORD.findall(text)) if status == "valid" else None
        written = int(status == "valid")
        found = ChosenAnswers([1 if written else None], [status])
        return Score(
            value={"written": written, "words": math.nan if words is None else words},
            answer=found.text,
            reason="refusal" if status == "refusal" else None,
            metadata={
                **found.as_metadata(),
                "written": [written],
                "words": [words],
                **_asking(state),
            },
        )

    return score


@inspect_metric(scores="unreduced")
def against_chance() -> Metric:
    """`above_chance`, the accuracy less one half, and its p-value over instances."""

    @at_end
    def compute(scores: list[SampleScore]) -> dict[str, float]:
        if not scores:
            return {}
        estimate, p_value = above_chance(scores)
        return {"above_chance": estimate.value, "above_chance_p": p_value}

    return compute


def above_chance(scores: Sequence[SampleScore]) -> tuple[Estimate, float]:
    """Accuracy less one half, with its interval and p-value, over instances."""
    manifest = manifest_of(APART)
    shares, _ = spread_of(read_grid(scores, manifest, {}), manifest.scores["accuracy"])
    return paired_difference(shares, np.full(len(shares), CHANCE))


@inspect_scorer(metrics=[manifest_scores(APART, APART_STATUSES), against_chance()])
def profiles_apart() -> Scorer:
    """Whether the right profile was named; a missing answer is not right."""

    async def score(state: TaskState, target: Target) -> Score:
        stop_reason = state.output.stop_reason if state.output.choices else "unknown"
        number, status = read_profile_number(state.output.completion, stop_reason)
        warn_at_end([status])
        right = int(str(number) == target.text)
        found = ChosenAnswers([number], [status])
        return Score(
            value={"accuracy": right, "answered": int(number is not None)},
            answer=found.text,
            reason="refusal" if status == "refusal" else None,
            metadata={"right": [right], **found.as_metadata(), **_asking(state)},
        )

    return score


def _asking(state: TaskState) -> dict[str, Any]:
    return asking([(state.output.metadata or {}).get(ABOUT)])
