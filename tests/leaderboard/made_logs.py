"""Logs as Inspect writes them, with answers made up on the spot: no model, no waiting."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from inspect_ai.log import (
    EvalConfig,
    EvalDataset,
    EvalLog,
    EvalResults,
    EvalSample,
    EvalSpec,
    EvalStats,
    write_eval_log,
)
from inspect_ai.model import ModelOutput, ModelUsage
from inspect_ai.scorer import Score

from ratings.instruments.dimensions import ALL_DIMENSIONS
from ratings.instruments.indie_value import DIMENSIONS
from ratings.instruments.value_portrait import VARIANTS, load_instrument
from ratings.sources.cards import load_card
from ratings.survey.source import load_survey

START = datetime(2026, 1, 1, tzinfo=UTC)


@lru_cache
def _items(data: str) -> list[tuple[str, str, list[str]]]:
    instrument = load_instrument(data)
    tagged = instrument.tagged()
    return [
        (
            str(instance),
            str(query),
            [name for d, name in enumerate(ALL_DIMENSIONS) if tagged[d, i]],
        )
        for i, (instance, query) in enumerate(instrument.items["query"].items())
    ]


def portrait_ratings(seed: int, items: int, spread: float = 0.5) -> np.ndarray:
    """I x 6 whole ratings of a rater with leanings of its own and noise between variants."""
    own = np.random.default_rng(seed).normal(3.5, 1.2, size=(items, 1))
    noise = np.random.default_rng([seed, 1]).normal(0, spread, size=(items, len(VARIANTS)))
    return np.clip(np.round(own + noise), 1, 6)


def portrait_log(
    path: Path,
    model: str = "openai/test",
    seed: int = 0,
    *,
    data: str = "sample",
    ratings: np.ndarray | None = None,
    items: int | None = None,
    arguments: Mapping[str, Any] | None = None,
    status: str = "success",
    day: int = 0,
    task_id: str | None = None,
    task_version: str = "1-A",
    metadata: Mapping[str, Any] | None = None,
    model_args: Mapping[str, Any] | None = None,
    dimensions: Sequence[str] = ALL_DIMENSIONS,
    characters: np.ndarray | None = None,
) -> Path:
    """Write a log of `value_portrait`; a NaN rating is a refusal.

    Texts of answers are in it where I x 6 numbers of characters are given.
    """
    known = _items(data)
    asked = known[: items or len(known)]
    found = portrait_ratings(seed, len(known)) if ratings is None else ratings
    samples = [
        _portrait_sample(
            model,
            instance,
            query,
            [t for t in tags if t in dimensions],
            found[i],
            None if characters is None else characters[i],
        )
        for i, (instance, query, tags) in enumerate(asked)
    ]
    card = load_instrument(data).card
    header = {
        "card": card.id,
        "card_revision": card.revision,
        "synthetic": card.synthetic,
        "answers_in_full": len(known) * len(VARIANTS),
        "dimensions": list(dimensions),
        "template_sha256": "0" * 64,
        **(metadata or {}),
    }
    defaults = {"data": data, "variants": "all", "dimensions": "all", "persona": None,
                "threshold": 0.3, "reading": "careful", "logprobs": False}  # fmt: skip
    return _write(
        path, "value_portrait", model, samples, header, {**defaults, **(arguments or {})},
        status, day, task_id or f"task-{model}-{seed}", task_version,
        model_args=dict(model_args or {}),
    )  # fmt: skip


def _portrait_sample(
    model: str,
    instance: str,
    query: str,
    tags: list[str],
    ratings: np.ndarray,
    characters: np.ndarray | None,
) -> EvalSample:
    statuses = {
        v: "refusal" if np.isnan(r) else "valid" for v, r in zip(VARIANTS, ratings, strict=True)
    }
    there = ratings[~np.isnan(ratings)]
    value = {variant: float(rating) for variant, rating in zip(VARIANTS, ratings, strict=True)}
    value |= {"rating": float(there.mean()) if there.size else float("nan"),
              "valid": there.size / len(ratings)}  # fmt: skip
    one = {"input_tokens": 200, "output_tokens": 5, "seconds": 0.5}
    output = ModelOutput.from_content(model, "made up")
    if characters is not None:
        output.metadata = {
            "answers": {
                v: {"text": "x" * int(n)} for v, n in zip(VARIANTS, characters, strict=True)
            }
        }
    return EvalSample(
        id=instance, epoch=1, input="made up", target="",
        metadata={"query": query, "variants": list(VARIANTS), "tags": tags},
        scores={"portrait": Score(value=value, answer="", metadata={
            "statuses": statuses, "usage": dict.fromkeys(VARIANTS, one)})},
        model_usage={model: ModelUsage(input_tokens=1200, output_tokens=30, total_tokens=1230)},
        total_time=3.0, working_time=3.0, output=output,
    )  # fmt: skip


def choice_log(
    path: Path,
    model: str = "openai/test",
    seed: int = 0,
    *,
    accuracy: float = 0.6,
    people: int = 40,
    questions: int = 6,
    gap: float = 0.0,
    arguments: Mapping[str, Any] | None = None,
    day: int = 0,
    solver: str | None = None,
    solver_args: Mapping[str, Any] | None = None,
    model_args: Mapping[str, Any] | None = None,
) -> Path:
    """Write a log of `indie_value`: as often right as given, `gap` more for one sex."""
    rng = np.random.default_rng(seed)
    samples = []
    known = load_survey("sample").people.index
    for person in range(people):
        name = str(known[person])
        groups = {name: f"group {(person * (d + 3)) % (2 + d % 3)}"
                  for d, name in enumerate(DIMENSIONS)}  # fmt: skip
        chance = accuracy + (gap if groups["Sex"] == "group 0" else 0.0)
        for probe in (1, 2, 3):
            right = (rng.random(questions) < chance).astype(int).tolist()
            samples.append(
                EvalSample(
                    id=f"{name}-{probe}", epoch=1, input="made up", target=["NSG1_s1"],
                    metadata={"person": name, "place": person, "probe": probe,
                              "counts": [2] * questions, **groups},
                    scores={"statement_choices": Score(
                        value={"accuracy": sum(right) / questions},
                        metadata={"right": right, "chosen": [2 - one for one in right],
                                  "statuses": ["valid"] * questions})},
                )
            )  # fmt: skip
    header = {
        "card": "indie_value_sample", "card_revision": "1", "synthetic": True,
        "answers_in_full": people * 3 * questions, "survey_sha256": "1" * 64,
        "template_sha256": "2" * 64,
        "categories": [f"Category {question % 2}" for question in range(questions)],
    }  # fmt: skip
    defaults = {"data": "sample", "survey": None, "probe": "all", "demonstrations": 200,
                "demonstration_form": "polar", "probe_form": "polar", "demographics": "none",
                "people": people, "grouping": "all", "seed": 0, "prompt": None}  # fmt: skip
    return _write(
        path, "indie_value", model, samples, header, {**defaults, **(arguments or {})},
        "success", day, f"task-{model}-{solver}-{seed}", "1-A", solver, dict(solver_args or {}),
        dict(model_args or {}),
    )  # fmt: skip


def decoded_log(
    path: Path,
    model: str = "openai/test",
    seed: int = 0,
    *,
    gain: float = 0.2,
    way: str = "logprobs",
    raters: int = 30,
    day: int = 0,
    data: str = "planted",
    representation: str = "groundtruth",
) -> Path:
    """Write a log of `decode_ratings`: each loss is `gain` nats lower on average when informed."""
    rng = np.random.default_rng(seed)
    counts = 3 + np.arange(raters) % 4
    samples = []
    for rater, count in enumerate(counts.tolist()):
        none = rng.uniform(1.2, 1.8, size=count)
        losses = none - gain + rng.normal(0, 0.05, size=count)
        losses += (none - gain - losses).mean()  # exactly as much as was asked for
        lost = rater == 0
        numbers = {
            "loss": losses.tolist(), "loss_none": none.tolist(),
            "information": (none - losses).tolist(),
            "right": (rng.random(count) < 0.3 + gain).astype(float).tolist(),
            "brier": (losses / 2).tolist(), "confidence": [0.5] * count,
        }  # fmt: skip
        if lost:  # the last answer of the first rater is a refusal
            for name in ("loss", "information", "right", "brier", "confidence"):
                numbers[name][-1] = None
            numbers["information"][:-1] = [gain] * (count - 1)
        statuses = ["valid"] * (count - 1) + ["refusal" if lost else "valid"]
        name = f"rater{rater:04}"
        samples.append(
            EvalSample(
                id=name, epoch=1, input="made up", target="", metadata={"rater": name},
                scores={"decoded_ratings": Score(
                    value={"loss": float(losses.mean())},
                    metadata={**numbers, "statuses": statuses, "way": [way] * count,
                              "chosen": [1 if s == "valid" else None for s in statuses],
                              "options": {"elicitation": way}})},
            )
        )  # fmt: skip
    card = load_card(data)
    context_of = {"card": card.id, "card_revision": card.revision, "synthetic": card.synthetic,
               "data_set": data,
               "notes": [], "template_sha256": "3" * 64,
               "answers_in_full": int((3 + np.arange(30) % 4).sum())}  # fmt: skip
    arguments = {"data": data, "representation": representation, "seed": 0, "raters": 300,
                 "ratings": 10, "elicitation": "auto", "prompt": None}  # fmt: skip
    return _write(path, "decode_ratings", model, samples, context_of, arguments, "success", day,
                  f"task-{model}-{seed}", "1-A")  # fmt: skip


def _write(
    path: Path,
    task: str,
    model: str,
    samples: list[EvalSample],
    metadata: Mapping[str, Any],
    arguments: Mapping[str, Any],
    status: str,
    day: int,
    task_id: str,
    task_version: str,
    solver: str | None = None,
    solver_args: dict[str, Any] | None = None,
    model_args: dict[str, Any] | None = None,
) -> Path:
    started = START + timedelta(days=day)
    log = EvalLog(
        status=status,
        eval=EvalSpec(
            created=started.isoformat(), task=f"benchmarks/{task}", task_id=task_id,
            eval_id=f"eval-{task_id}", run_id="run", task_version=task_version, model=model,
            dataset=EvalDataset(name="made", samples=len(samples)), config=EvalConfig(),
            task_args=dict(arguments), metadata=dict(metadata), solver=solver,
            solver_args=solver_args, model_args=model_args or {},
        ),
        results=EvalResults(total_samples=len(samples), completed_samples=len(samples))
        if status == "success" else None,
        stats=EvalStats(started_at=started.isoformat(),
                        completed_at=(started + timedelta(hours=1)).isoformat()),
        samples=samples,
    )  # fmt: skip
    write_eval_log(log, str(path))
    return path
