"""Written profiles, and profiles told apart, in a log of Inspect become scores and metrics."""

import math
import re
from collections.abc import Sequence

import numpy as np
from inspect_ai.scorer import Metric, SampleScore, Score, Scorer, Target
from inspect_ai.scorer import metric as inspect_metric
from inspect_ai.scorer import scorer as inspect_scorer
from inspect_ai.solver import TaskState

from ratings.manifests import manifest_of
from scorers.accuracy import paired_difference
from scorers.choice_distribution import status_of
from scorers.estimate import Estimate
from scorers.inspect_adapter.end_of_run import warn_at_end
from scorers.inspect_adapter.layouts import read_grid
from scorers.inspect_adapter.manifest_scores import manifest_scores
from scorers.refusal import declines

ENCODE, APART = "encode_profiles", "tell_profiles_apart"
WRITTEN_STATUSES = ("valid", "refusal", "empty", "truncated")
APART_STATUSES = ("valid", "refusal", "empty", "truncated", "unreadable")
CHANCE = 0.5
_WORD = re.compile(r"\w[\w'’-]*")


def written_status(text: str, stop_reason: str) -> str:
    """Whether a text is a profile: `valid`, or why not.

    A profile that a limit on tokens cut off is not whole, so it is none.

    >>> written_status("- Cares for nature.", "stop")
    'valid'
    """
    if stop_reason == "content_filter" or declines(text[:200]):
        return "refusal"
    if not _WORD.search(text):
        return "empty"
    return "truncated" if stop_reason == "max_tokens" else "valid"


@inspect_scorer(metrics=[manifest_scores(ENCODE, WRITTEN_STATUSES)])
def profiles_written() -> Scorer:
    """Whether a profile was written, and how many words it has."""

    async def score(state: TaskState, target: Target) -> Score:
        text = state.output.completion
        stop_reason = state.output.stop_reason if state.output.choices else "unknown"
        status = written_status(text, stop_reason)
        warn_at_end([status])
        words = len(_WORD.findall(text)) if status == "valid" else None
        written = int(status == "valid")
        return Score(
            value={"written": written, "words": math.nan if words is None else words},
            answer="1" if written else "-",
            reason="refusal" if status == "refusal" else None,
            metadata={"statuses": [status], "written": [written], "words": [words]},
        )

    return score


def read_profile_number(text: str, stop_reason: str) -> tuple[int | None, str]:
    """Which profile an answer names, 1 or 2, and how it was read.

    It must name one of the two and not the other: as `Profile 1`, or as the bare number.

    >>> read_profile_number("**Profile 2**", "stop")
    (2, 'valid')
    >>> read_profile_number("Profile 1, or perhaps profile 2", "stop")
    (None, 'unreadable')
    """
    named = {int(number) for number in re.findall(r"profile\W{0,3}([12])\b", text.casefold())}
    bare = re.fullmatch(r"\W*([12])\W*", text)
    if bare:
        named = {int(bare[1])}
    if len(named) == 1:
        return named.pop(), "valid"
    return None, status_of(text, stop_reason)


@inspect_metric(scores="unreduced")
def against_chance() -> Metric:
    """`above_chance`, the accuracy less one half, and its p-value by sign flips of instances."""

    def compute(scores: list[SampleScore]) -> dict[str, float]:
        if not scores:
            return {}
        estimate, p_value = above_chance(scores)
        return {"above_chance": estimate.value, "above_chance_p": p_value}

    return compute


def above_chance(scores: Sequence[SampleScore]) -> tuple[Estimate, float]:
    """Accuracy less one half, with its interval and p-value; instances are drawn, or flip signs."""
    grid = read_grid(scores, manifest_of(APART), {})
    assert grid.right is not None
    place = np.unique(np.asarray(grid.clusters, dtype=str), return_inverse=True)[1]
    shares = np.bincount(place, grid.right[:, 0]) / np.bincount(place)
    return paired_difference(shares, np.full(len(shares), CHANCE))


@inspect_scorer(metrics=[manifest_scores(APART, APART_STATUSES), against_chance()])
def profiles_apart() -> Scorer:
    """Whether the right profile was named; a missing answer is not right."""

    async def score(state: TaskState, target: Target) -> Score:
        stop_reason = state.output.stop_reason if state.output.choices else "unknown"
        number, status = read_profile_number(state.output.completion, stop_reason)
        warn_at_end([status])
        right = int(str(number) == target.text)
        return Score(
            value={"accuracy": right, "answered": int(number is not None)},
            answer=str(number or "-"),
            reason="refusal" if status == "refusal" else None,
            metadata={"right": [right], "statuses": [status]},
        )

    return score
