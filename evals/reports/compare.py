"""Two runs of the same task, compared unit by unit."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from evals.check.any_task import CheckedRun, manifest_for, same_categories
from ratings.errors import DataError, unknown_name
from ratings.output.json_values import json_object
from ratings.output.numbers import ends, how_many, number
from scorers.comparison.differences import Change, scoped_differences
from scorers.comparison.paired import common_answers, paired_scores
from scorers.comparison.score_checks import FEWEST_CLUSTERS
from scorers.inspect_adapter.run_log import model_name
from scorers.scores.response_checks import MEASURED


@dataclass(frozen=True)
class Comparison:
    """What changed from one run to another.

    Attributes:
        task: of both.
        before: who answered in the first run.
        after: who answered in the second.
        units: how many items or people both answered.
        unit: what they are.
        units_of_scores: what the differences of each score are counted in.
        few: scores that rest on so few queries or people that none can differ beyond them.
        correction: by which method, and over how many scores, p-values are corrected.
        changes: of each score.
        apart: scores whose p-values are corrected apart from the others'.
        margins: by score, the largest difference that does not matter.
    """

    task: str
    before: str
    after: str
    units: int
    unit: str
    units_of_scores: dict[str, str]
    synthetic: bool
    few: list[str]
    correction: str
    changes: list[Change]
    apart: list[str]
    margins: dict[str, float]

    @property
    def finding(self) -> str:
        """What moved, in a sentence; scores that are corrected apart are counted apart."""
        main = [one for one in self.changes if one.name not in self.apart]
        apart = [one for one in self.changes if one.name in self.apart]
        lead = "On made-up data, " if self.synthetic else ""
        who = f"{model_name(self.before)} and {model_name(self.after)}"
        said = _differing(main or apart, self.unit)
        if main and apart:
            said += f" ({_separately(apart, self.unit)})"
        return f"{lead}{who} {said}{self._most(main or apart)}."

    def _most(self, changes: Sequence[Change]) -> str:
        """The score that moved farthest, in margins, of those that differ in the widest scope."""
        scopes = {
            "beyond": {one.name: one.beyond for one in changes if one.beyond.differs},
            "on these": {one.name: one.on for one in changes if one.on.differs},
        }
        for where, sure in scopes.items():
            if sure:
                sizes = {n: abs(one.difference.value) / self.margins[n] for n, one in sure.items()}
                name = max(sizes, key=sizes.__getitem__)
                found = sure[name].difference
                return f"; most on {name} ({number(found.value)}, {ends(found)} {where})"
        return ""

    def as_json(self) -> dict[str, Any]:
        """The comparison as JSON data; a number that is not defined is null."""
        found = asdict(self)
        for change, one in zip(found["changes"], self.changes, strict=True):
            change["differs"] = one.differs
        return json_object({"finding": self.finding, **found})


def _counts(changes: Sequence[Change]) -> tuple[int | str, int | str]:
    """How many differ on these items, and beyond them."""
    on, beyond = (sum(getattr(c, s).differs for c in changes) for s in ("on", "beyond"))
    return on or "none", beyond or "none"


def _differing(changes: Sequence[Change], unit: str) -> str:
    """On how many scores two runs differ, in the scopes that could be tested."""
    on, beyond = _counts(changes)
    on_tested, beyond_tested = _tested(changes)
    of = f"of {how_many(len(changes), 'scores')}"
    if on_tested and beyond_tested:
        return f"differ on {on} {of} on these {unit}, on {beyond} beyond them"
    if on_tested:
        return f"differ on {on} {of} on these {unit}; beyond them none could be tested"
    if beyond_tested:
        return (
            f"differ on {beyond} {of} beyond these {unit}; on these {unit} too little was asked "
            f"twice to say"
        )
    return f"cannot be compared: none {of} could be tested"


def _tested(changes: Sequence[Change]) -> tuple[bool, bool]:
    """Whether any could be tested on these items, and beyond them."""
    on, beyond = (
        any(not math.isnan(getattr(one, scope).corrected) for one in changes)
        for scope in ("on", "beyond")
    )
    return on, beyond


def _separately(changes: Sequence[Change], unit: str) -> str:
    """On how many of the scores that are corrected apart two runs differ."""
    counts, tested = _counts(changes), _tested(changes)
    said = [
        f"{count if known else 'not tested'} {where}"
        for count, known, where in zip(
            counts, tested, (f"on these {unit}", "beyond them"), strict=True
        )
    ]
    return f"of {how_many(len(changes), 'scores')} tested separately, {' and '.join(said)}"


def compare_runs(before: CheckedRun, after: CheckedRun, scores: Sequence[str] = ()) -> Comparison:
    """Compare two runs of the same task on the units that both answered.

    Args:
        before: the first run.
        after: the second.
        scores: names of those to compare, of which alone p-values are corrected; all by default.

    Raises:
        DataError: when the runs did not ask the same of the same, or share no unit.
        UnknownNameError: for a score that the runs do not have.
    """
    require_same(before, after)
    one_run, other_run = before.grid(), after.grid()
    grids = same_categories(one_run, other_run), same_categories(other_run, one_run)
    try:
        one, _ = common_answers(*grids)
    except DataError as error:
        raise DataError(f"{before.path} and {after.path} cannot be compared: {error}") from None
    found = paired_scores(*grids, manifest_for(before.task, grids[0]).scores.values())
    if not found:
        raise DataError(f"{before.path} and {after.path} have no score in common")
    known = [name for part in found for name in part.names]
    for name in scores:
        if name not in known:
            raise unknown_name("score", name, known)
    if scores:
        found = [part for part in (part.only(scores) for part in found) if part.names]
    names = [name for part in found for name in part.names]
    apart = [part.family.apart for part in found]
    on = scoped_differences([part.on for part in found], apart)
    beyond = scoped_differences([part.beyond for part in found], apart)
    aside = sum(len(part.names) for part in found if part.family.apart)
    corrections = [
        f"over the {how_many(count, 'scores')} compared" for count in [len(names) - aside] if count
    ]
    corrections += [f"over {aside} that are corrected apart" for _ in range(aside > 0)]
    first, second = (
        np.concatenate([getattr(p, end) for p in found]) for end in ("before", "after")
    )
    answered = ~np.isnan(one.ratings).all(axis=1)
    return Comparison(
        task=before.task,
        before=before.model,
        after=after.model,
        units=len(set(one.clusters)) if one.right is not None else int(answered.sum()),
        unit=before.manifest.answers.units,
        units_of_scores={name: part.family.unit for part in found for name in part.names},
        synthetic=bool(before.metadata.get("synthetic")),
        few=[
            name
            for part in found
            for name, count in zip(part.names, part.carrying.tolist(), strict=True)
            if count < FEWEST_CLUSTERS
        ],
        correction=f"Holm {' and '.join(corrections)}",
        changes=[
            Change(name, float(first[d]), float(second[d]), on[d], beyond[d])
            for d, name in enumerate(names)
        ],
        apart=[name for part in found if part.family.apart for name in part.names],
        margins={name: part.family.margin for part in found for name in part.names},
    )


def require_same(before: CheckedRun, after: CheckedRun) -> None:
    """Refuse two runs that did not ask the same of the same.

    Raises:
        DataError: names the first thing that differs.
    """
    one, other = before.measured, after.measured
    pairs = [(name, one[name], other[name]) for name in MEASURED if name != "settings"]
    if before.task == after.task:
        settings = [run.arguments_of("setting") for run in (before, after)]
        pairs += [
            (f"argument {name}", settings[0][name], settings[1][name]) for name in settings[0]
        ]
    for name, first, second in pairs:
        if first != second:
            raise DataError(
                f"{before.path} and {after.path} cannot be compared: {name} is {first!r} in "
                f"one and {second!r} in the other"
            )
