"""The one place where scorers meet Inspect: answers in a sample become scores and metrics.

A task leaves in a sample's store, under `ANSWERS`, what each prompt variant was answered, and
in its metadata the `query` and the `dimensions` (each with whether the item is tagged with it).
Three scorers read them, and a fourth where log-probabilities were asked for:

- `portrait`: the ratings; metrics are one score a dimension, with its interval;
- `answers`: how the answers could be read; metrics are their shares, and bounds on each score;
- `consistency`: how far the variants agree; metrics are reliability and generalizability;
- `expected`: the expected ratings; metrics as of `portrait`.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from inspect_ai.scorer import Metric, SampleScore, Score, Scorer, ScoreReason, Target
from inspect_ai.scorer import metric as inspect_metric
from inspect_ai.scorer import scorer as inspect_scorer
from inspect_ai.solver import TaskState

from ratings.dimensions import FAMILIES
from scorers import schwartz
from scorers.estimate import Estimate
from scorers.expected_rating import phrase_probabilities
from scorers.likert import READINGS, STATUSES, Reading
from scorers.reliability import cronbach_alpha, intraclass_correlation, mcdonald_omega
from scorers.sensitivity import GStudy, g_study, order_effect

FloatArray = npt.NDArray[np.float64]
Values = dict[str, float]

ANSWERS = "answers"
REVERSED = "_reversed"


def ratings_matrix(scores: Sequence[SampleScore]) -> tuple[FloatArray, list[str]]:
    """Ratings of a scorer's samples, I x V, and the V variants.

    Several epochs of a sample are averaged, answer by answer, over those that are valid.
    """
    variants = list(scores[0].score.metadata["variants"]) if scores else []  # type: ignore[index]
    rows: dict[str, list[list[float]]] = {}
    for score in scores:
        value = score.score.value
        assert isinstance(value, Mapping)
        rows.setdefault(str(score.sample_id), []).append(
            [_number(value.get(variant)) for variant in variants]
        )
    matrix = np.full((len(rows), len(variants)), np.nan)
    for i, epochs in enumerate(rows.values()):
        stacked = np.asarray(epochs, dtype=float)
        there = ~np.isnan(stacked)
        sums, counts = np.where(there, stacked, 0.0).sum(axis=0), there.sum(axis=0)
        matrix[i] = np.divide(
            sums, counts, out=np.full(len(variants), np.nan), where=counts > 0
        )
    return matrix, variants


def portrait_scores(scores: Sequence[SampleScore]) -> dict[str, schwartz.Score]:
    """Scores by dimension, in the fixed order, from the samples of a scorer."""
    matrix, _ = ratings_matrix(scores)
    metadata = list({str(s.sample_id): s.sample_metadata or {} for s in scores}.values())
    if not metadata:
        return {}
    queries = [item["query"] for item in metadata]
    out: dict[str, schwartz.Score] = {}
    for family, names in FAMILIES.items():
        asked = [name for name in names if name in metadata[0]["dimensions"]]
        if not asked:
            continue
        tagged = np.array(
            [[bool(item["dimensions"][name]) for item in metadata] for name in asked]
        )
        found = schwartz.score_family(
            matrix, tagged, queries, asked, normalised=family != "big_five"
        )
        out.update({score.dimension: score for score in found})
    return out


def consistency_of(scores: Sequence[SampleScore]) -> tuple[dict[str, Estimate], GStudy | None]:
    """Reliability over the variants, the order effect and the generalizability study."""
    matrix, variants = ratings_matrix(scores)
    if not scores:
        return {}, None
    queries = list({str(s.sample_id): (s.sample_metadata or {})["query"] for s in scores}.values())
    cells, facets = _crossed(matrix, variants)
    study = g_study(cells, facets, queries)
    wordings = [v for v in variants if not v.endswith(REVERSED) and v + REVERSED in variants]
    forward = matrix[:, [variants.index(v) for v in wordings]]
    backward = matrix[:, [variants.index(v + REVERSED) for v in wordings]]
    estimates = {
        "alpha": cronbach_alpha(matrix),
        "omega": mcdonald_omega(matrix),
        "icc": intraclass_correlation(matrix),
        "g_coefficient": study.g_coefficient,
        "order_effect": order_effect(forward, backward, queries),
    }
    return estimates, study


@inspect_metric(scores="unreduced")
def dimension_scores() -> Metric:
    """One metric a dimension, plain name, with `_low` and `_high` ends of its interval."""

    def compute(scores: list[SampleScore]) -> Values:
        out: Values = {}
        found = portrait_scores(scores)
        out.update({name: score.estimate.value for name, score in found.items()})
        for name, score in found.items():
            out[f"{name}_low"] = score.estimate.low
            out[f"{name}_high"] = score.estimate.high
        return out

    return compute


@inspect_metric(scores="unreduced")
def answer_shares() -> Metric:
    """Share of the answers that are valid, refusals, empty, ambiguous and unparseable."""

    def compute(scores: list[SampleScore]) -> Values:
        counts = {status: 0.0 for status in STATUSES}
        for score in scores:
            value = score.score.value
            assert isinstance(value, Mapping)
            for status in STATUSES:
                counts[status] += _number(value[status])
        total = sum(counts.values())
        return {status: count / total if total else math.nan for status, count in counts.items()}

    return compute


@inspect_metric(scores="unreduced")
def missing_bounds() -> Metric:
    """Bounds of each score, `_lowest` and `_highest`, over all readings of missing answers."""

    def compute(scores: list[SampleScore]) -> Values:
        out: Values = {}
        for name, score in portrait_scores(_as_ratings(scores)).items():
            out[f"{name}_lowest"] = score.lowest
            out[f"{name}_highest"] = score.highest
        return out

    return compute


@inspect_metric(scores="unreduced")
def variant_consistency() -> Metric:
    """Reliability over the variants, order effect, G coefficient and shares of variance."""

    def compute(scores: list[SampleScore]) -> Values:
        estimates, study = consistency_of(_as_ratings(scores))
        out = {name: estimate.value for name, estimate in estimates.items()}
        if study is not None:
            out.update({f"share {name}": share.value for name, share in study.shares.items()})
        for name, estimate in estimates.items():
            out[f"{name}_low"], out[f"{name}_high"] = estimate.low, estimate.high
        return out

    return compute


@inspect_scorer(metrics=[dimension_scores()])
def portrait(reading: str = "careful") -> Scorer:
    """The rating of each variant, and their mean over the valid ones."""

    async def score(state: TaskState, target: Target) -> Score:
        readings = _read(state, reading)
        ratings = {variant: _rating(found) for variant, found in readings.items()}
        return Score(
            value={**ratings, "rating": _mean(ratings.values())},
            answer=" ".join(f"{v}={f.rating or f.status}" for v, f in readings.items()),
            explanation=_explain(state, readings),
            reason=_reason(readings),
            metadata={"variants": list(ratings)},
        )

    return score


@inspect_scorer(metrics=[answer_shares(), missing_bounds()])
def answers(reading: str = "careful") -> Scorer:
    """How many of the item's answers were valid, refused, empty, ambiguous and unparseable."""

    async def score(state: TaskState, target: Target) -> Score:
        readings = _read(state, reading)
        found = [reading.status for reading in readings.values()]
        return Score(
            value={status: found.count(status) for status in STATUSES},
            metadata=_ratings_metadata(readings),
        )

    return score


@inspect_scorer(metrics=[variant_consistency()])
def consistency(reading: str = "careful") -> Scorer:
    """Spread of the item's ratings over the variants, and reversed minus forward order."""

    async def score(state: TaskState, target: Target) -> Score:
        readings = _read(state, reading)
        ratings = {variant: _rating(found) for variant, found in readings.items()}
        values = [value for value in ratings.values() if not math.isnan(value)]
        effects = [
            ratings[variant + REVERSED] - rating
            for variant, rating in ratings.items()
            if variant + REVERSED in ratings
        ]
        return Score(
            value={
                "spread": float(np.std(values, ddof=1)) if len(values) > 1 else math.nan,
                "order_effect": _mean(effects),
            },
            metadata=_ratings_metadata(readings),
        )

    return score


@inspect_scorer(metrics=[dimension_scores()])
def expected() -> Scorer:
    """The expected rating of each variant, where the provider gave log-probabilities."""

    async def score(state: TaskState, target: Target) -> Score:
        found = {
            variant: phrase_probabilities(answer["tokens"])
            for variant, answer in state.store.get(ANSWERS).items()
        }
        ratings = {variant: phrases.expected for variant, phrases in found.items()}
        return Score(
            value={**ratings, "rating": _mean(ratings.values())},
            explanation="\n".join(
                f"{variant}: expected {phrases.expected:.2f}, probability on the scale "
                f"{phrases.covered:.3f}, of which not told apart {phrases.shared:.3f}"
                for variant, phrases in found.items()
            ),
            metadata={"variants": list(ratings)},
        )

    return score


def _read(state: TaskState, reading: str) -> dict[str, Reading]:
    reader: Callable[[str, str], Reading] = READINGS[reading]
    return {
        variant: reader(answer["text"], answer["stop_reason"])
        for variant, answer in state.store.get(ANSWERS, {}).items()
    }


def _explain(state: TaskState, readings: Mapping[str, Reading]) -> str:
    recorded = state.store.get(ANSWERS, {})
    return "\n".join(
        f"{variant}: {found.rating if found.rating else 'missing'} "
        f"({found.status}, {found.how}): {recorded[variant]['text']!r:.200}"
        for variant, found in readings.items()
    )


def _reason(readings: Mapping[str, Reading]) -> ScoreReason | None:
    statuses = [found.status for found in readings.values()]
    if "valid" in statuses:
        return None
    if "refusal" in statuses:
        return "refusal"
    return "no_response" if set(statuses) <= {"empty"} else "invalid_response_format"


def _ratings_metadata(readings: Mapping[str, Reading]) -> dict[str, Any]:
    """What metrics beside the ratings need: null stands for a missing rating."""
    return {
        "variants": list(readings),
        "ratings": {variant: found.rating for variant, found in readings.items()},
    }


def _as_ratings(scores: Sequence[SampleScore]) -> list[SampleScore]:
    """The same samples with the ratings of their metadata as the value."""
    return [
        SampleScore(
            score=Score(
                value={k: _number(v) for k, v in (s.score.metadata or {})["ratings"].items()},
                metadata=s.score.metadata,
            ),
            sample_id=s.sample_id,
            sample_metadata=s.sample_metadata,
        )
        for s in scores
    ]


def _crossed(matrix: FloatArray, variants: Sequence[str]) -> tuple[FloatArray, tuple[str, ...]]:
    """Ratings as I x wording x order where the variants are fully crossed, else I x variant."""
    wordings = [variant for variant in variants if not variant.endswith(REVERSED)]
    crossed = [name for wording in wordings for name in (wording, wording + REVERSED)]
    if wordings and sorted(crossed) == sorted(variants):
        columns = [variants.index(name) for name in crossed]
        return matrix[:, columns].reshape(len(matrix), len(wordings), 2), ("wording", "order")
    return matrix, ("variant",)


def _rating(reading: Reading) -> float:
    return math.nan if reading.rating is None else float(reading.rating)


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else math.nan


def _mean(values: Any) -> float:
    there = [value for value in values if not math.isnan(value)]
    return sum(there) / len(there) if there else math.nan


