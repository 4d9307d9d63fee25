"""What one run of a task of value profiles says: read from its log, scored again in full."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from evals.reports.decoded_family import FamilyDifference, family_difference
from evals.reports.on_items import on_items_of
from ratings.output.json_values import json_object
from scorers.information.calibration import CalibrationError
from scorers.inspect_adapter.decoded import TASK, calibration_of, way_counts
from scorers.inspect_adapter.manifest_scores import manifest_estimates
from scorers.inspect_adapter.profile_answers import APART, ENCODE, above_chance
from scorers.inspect_adapter.run_log import RunLog
from scorers.intervals.estimate import Estimate

TASKS = (ENCODE, TASK, APART)


@dataclass(frozen=True, eq=False)
class DecodedReport:
    """Everything a run of a task of value profiles says.

    Attributes:
        run: the log.
        estimates: scores by name, as the manifest has them but unscaled: shares, nats, words.
        on_items: scores in the manifest's units with their intervals on these items.
        counts: number of answers by status.
        asked: number of answers asked for.
        calibration: of `decode_ratings`, where anything could be read.
        ways: of `decode_ratings`, how many distributions were got in which way.
        chance_p: of `tell_profiles_apart`, p-value of guessing; NaN otherwise.
        beside: a family's loss beside the run's, where one was asked for.
    """

    run: RunLog
    estimates: Mapping[str, Estimate]
    on_items: Mapping[str, Estimate]
    counts: Mapping[str, int]
    asked: int
    calibration: CalibrationError | None
    ways: Mapping[str, int]
    chance_p: float
    beside: FamilyDifference | None

    @property
    def complete(self) -> bool:
        """Whether the run finished every sample it was to make."""
        return self.run.complete

    @property
    def synthetic(self) -> bool:
        """Whether the raters are made up."""
        return bool(self.run.metadata.get("synthetic"))

    def as_json(self) -> dict[str, Any]:
        """The report as JSON data; a number that is not defined is null."""
        run = self.run
        return json_object(
            {
                "model": run.model,
                "task": run.task,
                "log": str(run.path),
                "status": run.header.status,
                "complete": run.complete,
                "metadata": run.metadata,
                "arguments": run.arguments,
                "scores": {name: asdict(found) for name, found in self.estimates.items()},
                "on_items": {name: asdict(found) for name, found in self.on_items.items()},
                "calibration": None if self.calibration is None else asdict(self.calibration),
                "ways": dict(self.ways),
                "chance_p": self.chance_p,
                "asked": self.asked,
                "counts": dict(self.counts),
                "family": None if self.beside is None else asdict(self.beside),
            }
        )


def decoded_report(run: RunLog, family: str | None = None) -> DecodedReport:
    """Score a run of a task of value profiles.

    Args:
        run: of one of `TASKS`.
        family: name of a family to fit and set beside a run of `decode_ratings`.

    Raises:
        UnknownNameError: for no family.
        DataError: when the run's data are not at hand, or are others by now.
    """
    decodes = run.task == TASK
    grid = run.grid()
    beside = None
    if family is not None:
        beside = family_difference(run, family)
    return DecodedReport(
        run=run,
        estimates=manifest_estimates(grid, run.task),
        on_items=on_items_of(run),
        counts=grid.counts(),
        asked=int(grid.asked.sum()),
        calibration=calibration_of(run.scores) if decodes else None,
        ways=way_counts(run.scores) if decodes else {},
        chance_p=above_chance(run.scores)[1] if run.task == APART and run.scores else math.nan,
        beside=beside,
    )
