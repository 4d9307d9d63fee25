"""Two runs of the same task, compared unit by unit."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from evals.choice_report import on_common_samples
from evals.run_log import RunLog, without_nan
from ratings.dimensions import FAMILIES
from ratings.errors import DataError
from scorers.accuracy import mean_over_people
from scorers.bootstrap import cluster_sums
from scorers.comparison import Change, changes, sign_flip_p_values
from scorers.inspect_adapter.choices import ChoiceAnswers
from scorers.inspect_adapter.portrait import ratings_matrix
from scorers.schwartz import BIG_FIVE_FACTOR, Score, score_family

FloatArray = npt.NDArray[np.float64]

# What must be alike for two runs to have asked the same of the same.
_SAME = ("card", "card_revision", "survey_sha256", "template_sha256", "synthetic")
_MAY_DIFFER = {
    "value_portrait": {"persona"},
    "indie_value": {"demonstrations", "demonstration_form", "demographics", "people", "grouping"},
}


@dataclass(frozen=True)
class Comparison:
    """What changed from one run to another.

    Attributes:
        task: of both.
        before: who answered in the first run.
        after: who answered in the second.
        units: how many items or people both answered.
        unit: what they are.
        unit_of_score: what the differences are counted in.
        changes: of each score.
    """

    task: str
    before: str
    after: str
    units: int
    unit: str
    unit_of_score: str
    synthetic: bool
    changes: list[Change]

    def as_json(self) -> dict[str, Any]:
        """The comparison as JSON data; a number that is not defined is null."""
        cleaned = without_nan(asdict(self))
        assert isinstance(cleaned, dict)
        return cleaned


@dataclass(frozen=True, eq=False)
class _Family:
    """One family of D dimensions: its scores in both runs, and of the items' differences."""

    before: FloatArray
    after: FloatArray
    differences: list[Score]
    p_values: FloatArray


def compare_runs(before: RunLog, after: RunLog) -> Comparison:
    """Compare two runs of the same task on the units that both answered.

    Raises:
        DataError: when the runs did not ask the same of the same, or share no unit.
    """
    _require_same(before, after)
    compare = _compare_choices if before.task == "indie_value" else _compare_portraits
    return compare(before, after)


def _require_same(before: RunLog, after: RunLog) -> None:
    pairs: list[tuple[str, object, object]] = [
        ("task", before.task, after.task),
        ("comparability version", before.header.eval.task_version, after.header.eval.task_version),
    ]
    pairs += [(name, before.metadata.get(name), after.metadata.get(name)) for name in _SAME]
    may_differ = _MAY_DIFFER[before.task] if before.task == after.task else set()
    names = (set(before.all_arguments) | set(after.all_arguments)) - may_differ - {"survey"}
    pairs += [
        (f"argument {name}", before.all_arguments.get(name), after.all_arguments.get(name))
        for name in sorted(names)
    ]
    for name, one, other in pairs:
        if one != other:
            raise DataError(
                f"{before.path} and {after.path} cannot be compared: {name} is {one!r} in one "
                f"and {other!r} in the other"
            )


def _compare_portraits(before: RunLog, after: RunLog) -> Comparison:
    common = {s.sample_id for s in before.scores} & {s.sample_id for s in after.scores}
    if not common:
        raise DataError(f"{before.path} and {after.path} have no items in common")
    kept = [[s for s in run.scores if s.sample_id in common] for run in (before, after)]
    one, other = (ratings_matrix(scores)[0] for scores in kept)
    # An answer that one run lacks says nothing about a difference.
    lost = np.isnan(one) | np.isnan(other)
    one[lost], other[lost] = np.nan, np.nan
    known = {str(s.sample_id): s.sample_metadata or {} for s in kept[0]}
    items = [known[instance] for instance in sorted(known)]
    found = [
        _family_changes(name, names, items, one, other)
        for name, names in FAMILIES.items()
        if set(names) & set(before.metadata["dimensions"])
    ]
    scored = [score for part in found for score in part.differences]
    return Comparison(
        task=before.task,
        before=before.model,
        after=after.model,
        units=int((~lost).any(axis=1).sum()),
        unit="items",
        unit_of_score="points of the scale",
        synthetic=bool(before.metadata.get("synthetic")),
        changes=changes(
            [score.dimension for score in scored],
            np.concatenate([part.before for part in found]),
            np.concatenate([part.after for part in found]),
            [score.estimate for score in scored],
            np.concatenate([part.p_values for part in found]),
            {score.dimension: score.per_variant for score in scored},
        ),
    )


def _family_changes(
    family: str,
    dimensions: Sequence[str],
    items: Sequence[dict[str, Any]],
    one: FloatArray,
    other: FloatArray,
) -> _Family:
    queries = [item["query"] for item in items]
    tagged = np.array([[name in item["tags"] for item in items] for name in dimensions])
    normalised = family != "big_five"
    before, after, differences = (
        score_family(matrix, tagged, queries, dimensions, normalised=normalised)
        for matrix in (one, other, other - one)
    )
    return _Family(
        before=np.array([score.estimate.value for score in before]),
        after=np.array([score.estimate.value for score in after]),
        differences=differences,
        p_values=sign_flip_p_values(_contributions(other - one, tagged, queries, normalised)),
    )


def _contributions(
    differences: FloatArray,
    tagged: npt.NDArray[np.bool_],
    queries: Sequence[object],
    normalised: bool,
) -> FloatArray:
    """What each query adds to the difference of each dimension's score, D x C."""
    there = ~np.isnan(differences)
    counts = there.sum(axis=1)
    mean = np.divide(
        np.where(there, differences, 0).sum(axis=1), counts, out=np.zeros(len(counts)),
        where=counts > 0,
    )  # fmt: skip
    counted = tagged & (counts > 0)
    own = counted / np.maximum(counted.sum(axis=1, keepdims=True), 1)
    family = counted.any(axis=0) / max(counted.any(axis=0).sum(), 1)
    weights = own - family if normalised else BIG_FIVE_FACTOR * own
    _, clusters = np.unique(np.asarray(queries, dtype=str), return_inverse=True)
    sums = cluster_sums(weights * mean, clusters, int(clusters.max()) + 1)
    sums[~counted.any(axis=1)] = np.nan
    return sums


def _compare_choices(before: RunLog, after: RunLog) -> Comparison:
    one, other = on_common_samples(before, after)
    categories = before.metadata["categories"]
    columns = [_accuracies(answers, categories) for answers in (one, other)]
    names = list(columns[0])
    values = [100 * np.column_stack(list(found.values())) for found in columns]
    differences = values[1] - values[0]
    return Comparison(
        task=before.task,
        before=before.model,
        after=after.model,
        units=len(one.people),
        unit="people",
        unit_of_score="percentage points",
        synthetic=bool(before.metadata.get("synthetic")),
        changes=changes(
            names,
            values[0].mean(axis=0),
            values[1].mean(axis=0),
            mean_over_people(differences),
            sign_flip_p_values(differences.T),
        ),
    )


def _accuracies(answers: ChoiceAnswers, categories: Sequence[str]) -> dict[str, FloatArray]:
    """Accuracy of each person overall, in each probe set and in each category."""
    everything = np.ones_like(answers.answered)
    out = {"accuracy": answers.by_person(everything)}
    for probe in np.unique(answers.probes):
        mine = everything & (answers.probes == probe)[:, None]
        out[f"probe {probe}"] = answers.by_person(mine)
    for category in dict.fromkeys(categories):
        out[category] = answers.by_person(everything & (np.array(categories) == category))
    return out
