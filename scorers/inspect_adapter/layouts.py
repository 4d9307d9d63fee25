"""How scorers leave answers in a log, read into one grid.

`variants`: `Score.value` holds a rating under the name of each prompt variant and
`Score.metadata["statuses"]` how each was read. `choices`: `Score.answer` holds the numbers of the
chosen statements, `-` for none, and `Score.metadata` lists, in the same order, whether each is
`right` and its `statuses`. `predictions`: `Score.answer` likewise holds the numbers of the choices,
and `Score.metadata` lists, in the same order, their `statuses` and, by name, each number that the
manifest takes means of; samples may ask unequally many.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from inspect_ai.scorer import SampleScore

from scorers.scores.manifests import Manifest
from scorers.scores.responses import NOT_ASKED, AnswerGrid

FloatArray = npt.NDArray[np.float64]


def read_grid(
    scores: Sequence[SampleScore],
    manifest: Manifest,
    task_metadata: Mapping[str, Any],
    epochs: Sequence[int] | None = None,
) -> AnswerGrid:
    """The answers of a run, rows in the order of the samples' ids and epochs.

    Args:
        scores: of a scorer that the manifest names.
        manifest: of the benchmark.
        task_metadata: what the task says of itself in the log.
        epochs: of each score; by default all of the first.
    """
    numbers = [1] * len(scores) if epochs is None else list(epochs)
    order = sorted(range(len(scores)), key=lambda s: (str(scores[s].sample_id), numbers[s]))
    ordered = [scores[s] for s in order]
    known = [known_of(score) for score in ordered]
    columns, ratings, right, statuses = _LAYOUTS[manifest.answers.layout](ordered)
    shape = (len(ordered), len(columns))
    return AnswerGrid(
        samples=[str(score.sample_id) for score in ordered],
        epochs=[numbers[s] for s in order],
        clusters=[str(about[manifest.answers.cluster]) for about in known],
        columns=columns,
        ratings=np.array(ratings, dtype=float).reshape(shape),
        right=None if right is None else np.array(right, dtype=float).reshape(shape),
        statuses=np.array(statuses, dtype=str).reshape(shape),
        attributes=[_kept(about, manifest) for about in known],
        labels={name: list(task_metadata[name]) for name in label_names(manifest)},
        values={
            name: _padded([_metadata(score)[name] for score in ordered], len(columns))
            for name in number_names(manifest)
        },
    )


def known_of(score: SampleScore) -> dict[str, Any]:
    """What is known of a sample; a scorer that counts it for other dimensions has the last word."""
    kept = score.score.metadata or {}
    return {**(score.sample_metadata or {}), **({"tags": kept["tags"]} if "tags" in kept else {})}


def number_names(manifest: Manifest) -> list[str]:
    """Numbers of each answer that the families take means of."""
    return list(dict.fromkeys(f.of for f in manifest.scores.values() if f.of))


def label_names(manifest: Manifest) -> list[str]:
    """Lists in the task's metadata that label the columns."""
    return [f.by["column"] for f in manifest.scores.values() if "column" in f.by]


def _kept(about: Mapping[str, Any], manifest: Manifest) -> dict[str, Any]:
    """What the scores need to know of a sample."""
    families = manifest.scores.values()
    fields = {"tags", *(f.by.get("sample", "tags") for f in families)}
    fields |= {group for family in families for group in family.groups}
    return {name: about[name] for name in sorted(fields & about.keys())}


_Read = tuple[list[str], list[list[float]], list[list[float]] | None, list[list[str]]]


def _variants(scores: Sequence[SampleScore]) -> _Read:
    columns = list(_metadata(scores[0])["statuses"]) if scores else []
    values = [score.score.value if isinstance(score.score.value, dict) else {} for score in scores]
    ratings = [[_number(value.get(name)) for name in columns] for value in values]
    statuses = [[_metadata(score)["statuses"][name] for name in columns] for score in scores]
    return columns, ratings, None, statuses


def _choices(scores: Sequence[SampleScore]) -> _Read:
    found = [_metadata(score) for score in scores]
    columns = [str(place + 1) for place in range(len(found[0]["right"]) if found else 0)]
    chosen = [_numbers(score.score.answer) for score in scores]
    return columns, chosen, [one["right"] for one in found], [one["statuses"] for one in found]


def _predictions(scores: Sequence[SampleScore]) -> _Read:
    found = [list(_metadata(score)["statuses"]) for score in scores]
    width = max(map(len, found), default=0)
    chosen = [_numbers(score.score.answer) for score in scores]
    statuses = [[*one, *[NOT_ASKED] * (width - len(one))] for one in found]
    columns = [str(place + 1) for place in range(width)]
    return columns, _padded(chosen, width).tolist(), None, statuses


_LAYOUTS: Mapping[str, Callable[[Sequence[SampleScore]], _Read]] = {
    "variants": _variants,
    "choices": _choices,
    "predictions": _predictions,
}


def _numbers(answer: str | None) -> list[float]:
    return [math.nan if part == "-" else float(part) for part in (answer or "").split()]


def _padded(rows: Sequence[Sequence[object]], width: int) -> FloatArray:
    """S x `width` numbers, NaN where missing and beyond what a sample asked."""
    out = np.full((len(rows), width), np.nan)
    for s, row in enumerate(rows):
        out[s, : len(row)] = [_number(value) for value in row]
    return out


def _metadata(score: SampleScore) -> Mapping[str, Any]:
    return score.score.metadata or {}


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else math.nan
