"""How scorers leave answers in a log, read into one response matrix.

`variants`: `Score.value` holds a rating under the name of each prompt variant and
`Score.metadata["statuses"]` how each was read. `choices`: `Score.answer` holds the numbers of the
chosen statements, `-` for none, and `Score.metadata` lists, in the same order, whether each is
`right` and its `statuses`. `predictions`: `Score.answer` likewise holds the numbers of the choices,
and `Score.metadata` lists, in the same order, their `statuses` and, by name, each number that the
manifest takes means of; samples may ask unequally many.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from inspect_ai.scorer import SampleScore

from scorers.scores.manifests import Manifest
from scorers.scores.responses import ResponseMatrix


def read_grid(
    scores: Sequence[SampleScore],
    manifest: Manifest,
    task_metadata: Mapping[str, Any],
    epochs: Sequence[int] | None = None,
    suffix: str = "",
) -> ResponseMatrix:
    """The answers of a run, rows in the order of the samples' ids and epochs.

    Args:
        scores: of a scorer that the manifest names.
        manifest: of the benchmark.
        task_metadata: what the task says of itself in the log.
        epochs: of each score; by default all of the first.
        suffix: of the ratings' names; empty for the ratings that were chosen.

    Raises:
        ValueError: for answers that do not fit together; a phrase with the log as its subject.
    """
    epochs = [1] * len(scores) if epochs is None else epochs
    order = sorted(range(len(scores)), key=lambda s: (str(scores[s].sample_id), epochs[s]))
    ordered = [scores[s] for s in order]
    known = [known_of(score) for score in ordered]
    left = [score.score.metadata or {} for score in ordered]
    layout = manifest.answers.layout
    if layout == "variants":
        columns = list(left[0]["statuses"]) if left else []
        statuses = [[one["statuses"][name] for name in columns] for one in left]
        ratings = [_rated(score, [name + suffix for name in columns]) for score in ordered]
    else:
        statuses = [list(one["statuses"]) for one in left]
        columns = [str(number + 1) for number in range(max(map(len, statuses), default=0))]
        ratings = [_chosen(score.score.answer) for score in ordered]
    return ResponseMatrix.from_log(
        samples=[str(score.sample_id) for score in ordered],
        epochs=[epochs[s] for s in order],
        clusters=[str(about[manifest.answers.cluster]) for about in known],
        columns=columns,
        ratings=ratings,
        right=[one["right"] for one in left] if layout == "choices" else None,
        statuses=statuses,
        attributes=_kept(known, manifest),
        labels={
            name: list(task_metadata[name])
            for name in label_names(manifest)
            if name in task_metadata
        },
        values={name: [one[name] for one in left] for name in number_names(manifest)},
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


def _kept(known: Sequence[Mapping[str, Any]], manifest: Manifest) -> list[dict[str, Any]]:
    """What the scores need to know of each sample."""
    families = manifest.scores.values()
    fields = {"tags", *(f.by.get("sample", "tags") for f in families)}
    fields |= {group for family in families for group in family.groups}
    return [{name: about[name] for name in sorted(fields & about.keys())} for about in known]


def _rated(score: SampleScore, names: Sequence[str]) -> list[object]:
    value = score.score.value
    return [value.get(name) if isinstance(value, dict) else None for name in names]


def _chosen(answer: str | None) -> list[object]:
    """The numbers of the chosen statements, as `Score.answer` has them."""
    return [math.nan if part == "-" else float(part) for part in (answer or "").split()]
