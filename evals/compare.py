"""Two runs of the same task, compared unit by unit."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ratings.errors import DataError
from scorers.comparison import Change, changes
from scorers.inspect_adapter.run_log import MEASURED, RunLog, without_nan
from scorers.paired import common_answers, names_of, paired_scores


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
        changes: of each score.
    """

    task: str
    before: str
    after: str
    units: int
    unit: str
    units_of_scores: dict[str, str]
    synthetic: bool
    changes: list[Change]

    def as_json(self) -> dict[str, Any]:
        """The comparison as JSON data; a number that is not defined is null."""
        cleaned = without_nan(asdict(self))
        assert isinstance(cleaned, dict)
        return cleaned


def compare_runs(before: RunLog, after: RunLog) -> Comparison:
    """Compare two runs of the same task on the units that both answered.

    Raises:
        DataError: when the runs did not ask the same of the same, or share no unit.
    """
    require_same(before, after)
    try:
        one, other = common_answers(before.grid(), after.grid())
    except DataError as error:
        raise DataError(f"{before.path} and {after.path} cannot be compared: {error}") from None
    found = paired_scores(one, other, before.manifest.scores.values())
    if not found:
        raise DataError(f"{before.path} and {after.path} have no score in common")
    names = names_of(found)
    variants = [noise for part in found for noise in part.per_variant]
    choices = one.right is not None
    answered = ~np.isnan(one.ratings).all(axis=1)
    return Comparison(
        task=before.task,
        before=before.model,
        after=after.model,
        units=len(set(one.clusters)) if choices else int(answered.sum()),
        unit=before.manifest.answers.unit,
        units_of_scores={name: part.family.unit for part in found for name in part.names},
        synthetic=bool(before.metadata.get("synthetic")),
        changes=changes(
            names,
            np.concatenate([part.before for part in found]),
            np.concatenate([part.after for part in found]),
            [difference for part in found for difference in part.differences],
            np.concatenate([part.p_values for part in found]),
            dict(zip(names, variants, strict=True)),
        ),
    )


def require_same(before: RunLog, after: RunLog) -> None:
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
