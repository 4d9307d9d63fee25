"""How scorers leave answers in a log, read into one response matrix.

`variants`: `Score.value` holds a rating under the name of each prompt variant and
`Score.metadata["statuses"]` how each was read. `choices`: `Score.metadata` holds the lists of
`ChosenAnswers` and, in the same order, whether each choice is `right`. `predictions`: it likewise
holds the lists of `ChosenAnswers` and, by name, each number that the manifest takes means of;
samples may ask unequally many. `Score.answer` is for people.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inspect_ai.scorer import SampleScore, Score

from scorers.scores.manifests import Manifest
from scorers.scores.responses import ResponseMatrix

# Under which `Score.metadata` has the numbers of the choices.
CHOSEN = "chosen"


@dataclass(frozen=True)
class ChosenAnswers:
    """What a sample was answered, in the layouts `choices` and `predictions`.

    Attributes:
        chosen: number of each choice, from 1; None where the answer is missing.
        statuses: how each answer was read, in the same order.
    """

    chosen: Sequence[int | None]
    statuses: Sequence[str]

    @property
    def text(self) -> str:
        """The choices for people, as `Score.answer` shows them.

        >>> ChosenAnswers([1, None, 3], ["valid", "empty", "valid"]).text
        '1 - 3'
        """
        return " ".join("-" if number is None else str(number) for number in self.chosen)

    def as_metadata(self) -> dict[str, Any]:
        """What readers of the log need, for `Score.metadata`."""
        return {CHOSEN: list(self.chosen), "statuses": list(self.statuses)}


def chosen_of(score: Score) -> list[int | None]:
    """The number of each choice in a score; None where the answer is missing."""
    kept: list[int | None] | None = (score.metadata or {}).get(CHOSEN)
    return chosen_in_older_log(score.answer) if kept is None else kept


def chosen_in_older_log(answer: str | None) -> list[int | None]:
    """The choices of a log that has them in the text of `Score.answer` alone, as older ones do.

    >>> chosen_in_older_log("1 - 3")
    [1, None, 3]
    """
    return [None if part == "-" else int(part) for part in (answer or "").split()]


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
        ratings: list[Sequence[object]] = [
            _rated(score, [name + suffix for name in columns]) for score in ordered
        ]
    else:
        statuses = [list(one["statuses"]) for one in left]
        columns = [str(number + 1) for number in range(max(map(len, statuses), default=0))]
        ratings = [chosen_of(score.score) for score in ordered]
    return ResponseMatrix.from_log(
        samples=[str(score.sample_id) for score in ordered],
        epochs=[epochs[s] for s in order],
        clusters=[str(about[manifest.answers.cluster]) for about in known],
        columns=columns,
        ratings=ratings,
        right=[one["right"] for one in left] if layout == "choices" else None,
        statuses=statuses,
        attributes=[_kept(about, manifest) for about in known],
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


def _kept(about: Mapping[str, Any], manifest: Manifest) -> dict[str, Any]:
    """What the scores need to know of a sample."""
    families = manifest.scores.values()
    fields = {"tags", *(f.by.get("sample", "tags") for f in families)}
    fields |= {group for family in families for group in family.groups}
    return {name: about[name] for name in sorted(fields & about.keys())}


def _rated(score: SampleScore, names: Sequence[str]) -> list[object]:
    value = score.score.value
    return [value.get(name) if isinstance(value, dict) else None for name in names]
