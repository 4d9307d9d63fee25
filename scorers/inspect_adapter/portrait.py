"""Ratings of Value Portrait's items in a log of Inspect become scores and metrics.

A task leaves in the metadata of a sample's output, under `ANSWERS`, what each prompt variant was
answered, and in the sample's metadata the item's `query`, its `tags` (the dimensions it counts
for), `tags_as_published` where the source's own scores count it for others, the `variants` asked,
and the `answer_phrases` of an instrument in another language. One scorer reads the answers; its
value is the rating of each variant. The metrics of a run are the scores of the dimensions with
their intervals, the share of answers that could be read, and how far the variants agree.

One scorer, not one a metric: every further scorer costs three events in the log of each sample.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from inspect_ai._util.error import PrerequisiteError
from inspect_ai.scorer import Metric, SampleScore, Score, Scorer, ScoreReason, Target
from inspect_ai.scorer import metric as inspect_metric
from inspect_ai.scorer import scorer as inspect_scorer
from inspect_ai.solver import TaskState
from rich.markup import escape

from ratings.errors import unknown_name
from ratings.instruments.dimensions import ALL_DIMENSIONS
from scorers.answers.expected_rating import phrase_probabilities
from scorers.answers.phrases.likert import READINGS, STATUSES, Reading
from scorers.answers.phrases.own_phrases import read_by_phrases
from scorers.inspect_adapter.asking import NO_ANSWER, asking
from scorers.inspect_adapter.end_of_run import at_end, warn_at_end
from scorers.inspect_adapter.layouts import read_grid
from scorers.inspect_adapter.manifest_scores import status_shares
from scorers.intervals.estimate import Estimate, undefined, with_ends
from scorers.psychometrics.generalizability import GStudy
from scorers.psychometrics.variant_consistency import variant_consistency as _variant_consistency
from scorers.scores.families import ScoreRow, ratio_scores, score_rows
from scorers.scores.manifests import manifest_of
from scorers.scores.profile_variance import ProfileVariance, variance_of

Values = dict[str, float]

TASK = "value_portrait"
ANSWERS = "answers"
PHRASES = "answer_phrases"
EXPECTED = "_expected"

_NO_ANSWER = {"text": "", "stop_reason": "unknown"}


def portrait_rows(
    scores: Sequence[SampleScore], dimensions: Sequence[str], suffix: str = ""
) -> dict[str, ScoreRow]:
    """Scores of some dimensions, in the manifest's order, from the samples of a run.

    Args:
        scores: of the scorer `portrait`.
        dimensions: names of those wanted; one that no item is tagged with is NaN.
        suffix: empty for the chosen ratings, `EXPECTED` for the expected ones.
    """
    if not scores:
        return {}
    manifest = manifest_of(TASK)
    wanted = [one for one in manifest.scores.values() if set(one.names) & set(dimensions)]
    rows = score_rows(read_grid(scores, manifest, {}, suffix=suffix), wanted)
    found = {row.name: row for row in rows}
    nothing = undefined("no item is tagged with it")
    return {
        name: found.get(name)
        or ScoreRow(name, family.name, nothing, nothing, math.nan, math.nan, math.nan, 0)
        for family in manifest.scores.values()
        for name in family.names
        if name in dimensions
    }


def variance_of_values(scores: Sequence[SampleScore]) -> ProfileVariance | None:
    """The variance of the ten values; None where no sample counts for any of them."""
    manifest = manifest_of(TASK)
    found = ratio_scores(read_grid(scores, manifest, {}), manifest.scores["schwartz"])
    return None if found is None else variance_of(found)


def consistency_of(scores: Sequence[SampleScore]) -> tuple[dict[str, Estimate], GStudy]:
    """Reliability over the variants, the order effect and the generalizability study."""
    items = read_grid(scores, manifest_of(TASK), {}).by_sample()
    return _variant_consistency(items.ratings, list(items.columns), items.clusters)


@inspect_metric(scores="unreduced")
def dimension_scores(dimensions: Sequence[str] = ALL_DIMENSIONS) -> Metric:
    """One metric a dimension, plain name, with the ends of its interval.

    `_low` and `_high` are the interval. Where answers are missing, `_lowest` and `_highest`
    bound the score over all readings of them; where none is, they would repeat the score.
    """

    @at_end
    def compute(scores: list[SampleScore]) -> Values:
        found = portrait_rows(scores, dimensions)
        out: Values = {}
        for name, score in found.items():
            out |= with_ends({name: score.estimate})
            if score.moves_with_missing:
                out[f"{name}_lowest"] = score.lowest
                out[f"{name}_highest"] = score.highest
        return out

    return compute


@inspect_metric(scores="unreduced")
def expected_scores(dimensions: Sequence[str] = ALL_DIMENSIONS) -> Metric:
    """The same scores from expected ratings, `<dimension>_expected`, with their intervals."""

    @at_end
    def compute(scores: list[SampleScore]) -> Values:
        found = portrait_rows(scores, dimensions, EXPECTED)
        return with_ends({f"{name}{EXPECTED}": score.estimate for name, score in found.items()})

    return compute


@inspect_metric(scores="unreduced")
def profile_variance() -> Metric:
    """Variance of the ten values, as published and without noise, with the ends of its interval."""

    @at_end
    def compute(scores: list[SampleScore]) -> Values:
        found = variance_of_values(scores)
        if found is None:
            return {}
        estimates = {
            "profile_variance": found.published,
            "profile_variance_corrected": found.corrected,
        }
        return with_ends(estimates)

    return compute


@inspect_metric(scores="unreduced")
def answer_shares() -> Metric:
    """Share of the answers that are valid, refusals, empty, ambiguous and unparseable."""

    def compute(scores: list[SampleScore]) -> Values:
        return status_shares(scores, STATUSES)

    return compute


@inspect_metric(scores="unreduced")
def variant_consistency() -> Metric:
    """Reliability over the variants, order effect, G coefficient and shares of variance."""

    @at_end
    def compute(scores: list[SampleScore]) -> Values:
        if not scores:
            return {}
        estimates, study = consistency_of(scores)
        shares = {f"share {name}": share.value for name, share in study.shares.items()}
        return with_ends(estimates) | shares

    return compute


# A task sets its own metrics, for its dimensions; these are what `inspect score` falls back on.
@inspect_scorer(
    metrics=[dimension_scores(), profile_variance(), answer_shares(), variant_consistency()]
)
def portrait(reading: str = "careful") -> Scorer:
    """The rating of each variant, their mean over the valid ones, and the share of valid ones.

    Args:
        reading: `careful` or `published`, how answers are read.
    """
    reader = _reader(reading)

    async def score(state: TaskState, target: Target) -> Score:
        return _score(state, _answers(state), reader, reading)

    return score


@inspect_scorer(
    metrics=[
        dimension_scores(),
        expected_scores(),
        profile_variance(),
        answer_shares(),
        variant_consistency(),
    ]
)
def portrait_with_expected(reading: str = "careful") -> Scorer:
    """As `portrait`, and the expected rating of each variant from its log-probabilities."""
    reader = _reader(reading)

    async def score(state: TaskState, target: Target) -> Score:
        if PHRASES in state.metadata:
            raise PrerequisiteError("log-probabilities are read as the English phrases only")
        recorded = _answers(state)
        found = _score(state, recorded, reader, reading)
        phrases = {name: phrase_probabilities(a.get("tokens", ())) for name, a in recorded.items()}
        assert isinstance(found.value, dict)
        found.value.update({name + EXPECTED: p.expected for name, p in phrases.items()})
        found.explanation = f"{found.explanation}\n" + "\n".join(
            f"{variant}: expected {p.expected:.2f}; probability on the scale {p.covered:.3f}, "
            f"of which not told apart {p.shared:.3f}"
            for variant, p in phrases.items()
        )
        return found

    return score


def _score(
    state: TaskState,
    recorded: Mapping[str, Mapping[str, Any]],
    reader: Callable[[str, str], Reading],
    reading: str,
) -> Score:
    as_published = state.metadata.get("tags_as_published") if reading == "published" else None
    if phrases := state.metadata.get(PHRASES):
        if reading == "published":
            raise PrerequisiteError("reading=published reads the English phrases only")
        reader = partial(read_by_phrases, phrases=phrases)
    readings = {v: reader(a["text"], a["stop_reason"]) for v, a in recorded.items()}
    ratings = {v: math.nan if r.rating is None else float(r.rating) for v, r in readings.items()}
    warn_at_end(found.status for found in readings.values())
    there = [rating for rating in ratings.values() if not math.isnan(rating)]
    summary = {
        "rating": sum(there) / len(there) if there else math.nan,
        "valid": len(there) / len(ratings) if ratings else math.nan,
    }
    return Score(
        value={**ratings, **summary},
        answer=" ".join(f"{v}={r.rating or r.status}" for v, r in readings.items()),
        explanation="\n".join(
            f"{variant}: {found.rating or 'missing'} ({found.status}, "
            f"{recorded[variant].get(NO_ANSWER, found.how)}): {recorded[variant]['text']!r:.200}"
            for variant, found in readings.items()
        ),
        reason=_reason(readings.values()),
        metadata={
            "options": {"reading": reading},
            "statuses": {variant: found.status for variant, found in readings.items()},
            "usage": {variant: a["usage"] for variant, a in recorded.items() if "usage" in a},
            **({} if as_published is None else {"tags": as_published}),
            **asking(recorded.values()),
        },
    )


def _answers(state: TaskState) -> dict[str, Mapping[str, Any]]:
    """What each variant asked for was answered; nothing, where the sample was cut off before."""
    found = (state.output.metadata or {}).get(ANSWERS, {})
    return {variant: found.get(variant, _NO_ANSWER) for variant in state.metadata["variants"]}


def _reader(reading: str) -> Callable[[str, str], Reading]:
    if reading not in READINGS:
        raise PrerequisiteError(escape(str(unknown_name("reading", reading, READINGS))))
    return READINGS[reading]


def _reason(readings: Iterable[Reading]) -> ScoreReason | None:
    statuses = {found.status for found in readings}
    if "valid" in statuses:
        return None
    if "refusal" in statuses:
        return "refusal"
    return "no_response" if statuses <= {"empty"} else "invalid_response_format"
