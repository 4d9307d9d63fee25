"""Chosen replies in a log of Inspect: which were right, how sure, and what people would score."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import numpy as np
from inspect_ai.scorer import SampleScore, Score, Scorer, ScoreReason, Target, scorer
from inspect_ai.solver import TaskState
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from benchmarks._ask_distribution import LETTER
from ratings.arrays import FloatArray
from ratings.errors import DataError
from scorers.answers import choice_distribution
from scorers.answers.letter_choice import read_letter
from scorers.inspect_adapter.asking import asking
from scorers.inspect_adapter.decoded import ANSWERS, read_prediction
from scorers.inspect_adapter.end_of_run import warn_at_end
from scorers.inspect_adapter.layouts import ChosenAnswers
from scorers.inspect_adapter.manifest_scores import manifest_scores
from scorers.intervals.estimate import Estimate
from scorers.preferences.noise_ceiling import RepeatNoise, noise_ceilings
from scorers.preferences.preferred_choice import choice_numbers

STATUSES = tuple(name for name in choice_distribution.STATUSES if name != "none_missing")
_PER_CENT = 100.0


@scorer(metrics=[manifest_scores("prism", STATUSES)])
def preferred_replies() -> Scorer:
    """Whether the reply that was chosen is one that the participant preferred."""

    async def score(state: TaskState, target: Target) -> Score:
        about = state.metadata
        (answer,) = (state.output.metadata or {}).get(ANSWERS, [None])
        chosen, status, row = _read(answer, about["counts"][0], str(state.sample_id))
        warn_at_end([status])
        right = int(chosen in about["preferred"])
        loss = None
        if row is not None:
            loss = -math.log(min(sum(float(row[k - 1]) for k in about["preferred"]), 1.0))
        numbers = {
            "loss": loss if loss is None else round(loss, 9),
            **choice_numbers(chosen, about["scores"], about["preferred"]),
        }
        found = ChosenAnswers([chosen], [status])
        return Score(
            value=float(right),
            answer=found.text,
            explanation=None if status == "valid" else f"no choice: {status}",
            reason=_REASONS.get(status, "invalid_response_format") if chosen is None else None,
            metadata={
                "right": [right],
                **found.as_metadata(),
                **{name: [number] for name, number in numbers.items()},
                "options": {} if answer is None else {"elicitation": answer["way"]},
                **asking([answer]),
            },
        )

    return score


_REASONS: Mapping[str, ScoreReason] = {
    "refusal": "refusal", "empty": "no_response", "unasked": "no_response",
}  # fmt: skip


def _read(
    answer: Mapping[str, Any] | None, choices: int, sample: str
) -> tuple[int | None, str, FloatArray | None]:
    """The position of the chosen reply, how the answer was read, and its probabilities."""
    if answer is not None and answer["way"] == LETTER:
        read = read_letter(answer["text"], choices, answer["stop_reason"])
        return read.choice, read.status, None
    found = read_prediction(answer, choices)
    row = found.distribution
    if row is None:
        return None, found.status, None
    # One of equally probable replies, by the sample alone, so that no position is favoured.
    best = np.flatnonzero(row >= row.max() - 1e-9)
    draw = int.from_bytes(hashlib.sha256(sample.encode()).digest()[:4], "big")
    return int(best[draw % len(best)]) + 1, found.status, row


_Points = Annotated[float, Field(ge=0, le=100)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Noise(_Strict):
    source: str
    differences: Annotated[list[_Points], Field(min_length=2, max_length=100_000)]


class _Turn(_Strict):
    participant: str
    scores: Annotated[list[_Points | None], Field(min_length=2, max_length=4)]
    preferred: list[Annotated[int, Field(ge=1, le=4)]]


def ceilings(scores: Sequence[SampleScore], metadata: Mapping[str, Any]) -> dict[str, Estimate]:
    """What participants would score by answering again, in per cent, by name of the score.

    Args:
        scores: of the samples of a run.
        metadata: what the task says of itself.

    Raises:
        DataError: when a log lacks what is needed.
    """
    try:
        noise = _Noise.model_validate(metadata.get("noise"))
        turns = {
            str(score.sample_id): _Turn.model_validate(score.sample_metadata) for score in scores
        }
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise DataError(f"the log lacks what a ceiling needs: {where}: {first['msg']}") from None
    known = [turns[name] for name in sorted(turns) if None not in turns[name].scores]
    points = np.full((len(known), 4), np.nan)
    right = np.zeros((len(known), 4), dtype=bool)
    for n, turn in enumerate(known):
        points[n, : len(turn.scores)] = np.array(turn.scores, dtype=float)
        right[n, [k - 1 for k in turn.preferred]] = True
    people = [turn.participant for turn in known]
    differences = np.array(noise.differences)
    found = noise_ceilings(points, right, people, RepeatNoise(differences, noise.source))
    return {
        name: Estimate(_PER_CENT * one.value, _PER_CENT * one.low, _PER_CENT * one.high, one.reason)
        for name, one in found.items()
    }
