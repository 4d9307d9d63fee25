"""What one run of IndieValueCatalog says: read from its log, scored again in full."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evals.reports.on_items import on_items_of
from ratings.errors import DataError
from ratings.output.json_values import json_object
from scorers.inspect_adapter.choices import (
    ChoiceAnswers,
    accuracy_estimates,
    choice_answers,
    inequity_of,
    status_counts,
)
from scorers.inspect_adapter.run_log import RunLog, read_run
from scorers.intervals.estimate import Estimate
from scorers.scores.accuracy import paired_difference
from scorers.scores.inequity import Inequity

TASK = "indie_value"


@dataclass(frozen=True)
class Difference:
    """The accuracy of one run less that of another, over the people of both.

    Attributes:
        people: how many people both asked about.
        estimate: mean difference of a person's accuracies, as a share, with its interval.
        p_value: of no difference, by Student's t.
    """

    people: int
    estimate: Estimate
    p_value: float


@dataclass(frozen=True, eq=False)
class ChoiceReport:
    """Everything a run of IndieValueCatalog says.

    Attributes:
        run: the log.
        answers: what was chosen and whether it is right.
        accuracy: overall, among answered, by probe set and by category.
        on_items: scores, in per cent, with their intervals on these people; see `on_items_of`.
        dimensions: sigma-INEQUITY of each demographic dimension.
        inequity: their mean.
        counts: number of choices by status.
    """

    run: RunLog
    answers: ChoiceAnswers
    accuracy: dict[str, Estimate]
    on_items: dict[str, Estimate]
    dimensions: dict[str, Inequity]
    inequity: Inequity
    counts: dict[str, int]

    @property
    def complete(self) -> bool:
        """Whether the run finished every sample it was to make."""
        return self.run.complete

    @property
    def synthetic(self) -> bool:
        """Whether the people are simulated."""
        return bool(self.run.metadata.get("synthetic"))

    def as_json(self) -> dict[str, Any]:
        """The report as JSON data; a number that is not defined is null."""
        run, answers = self.run, self.answers
        data = {
            "model": run.model,
            "task": run.task,
            "log": str(run.path),
            "status": run.header.status,
            "complete": run.complete,
            "people": len(answers.people),
            "metadata": run.metadata,
            "arguments": run.arguments,
            "accuracy": {name: asdict(found) for name, found in self.accuracy.items()},
            "on_items": {name: asdict(found) for name, found in self.on_items.items()},
            "sigma_inequity": {
                "mean": asdict(self.inequity),
                "dimensions": {name: asdict(found) for name, found in self.dimensions.items()},
            },
            "counts": self.counts,
            "person_accuracy": dict(
                zip(answers.people, answers.person_accuracy.tolist(), strict=True)
            ),
        }
        return json_object(data)


def read_choice_report(path: str | Path) -> ChoiceReport:
    """Read and score the log of a run of IndieValueCatalog, an `.eval` or `.json` file.

    Raises:
        DataMissingError: when there is no log at the path.
        DataError: when it is not a log, or of another task.
    """
    return choice_report(read_run(Path(path), (TASK,)))


def choice_report(run: RunLog) -> ChoiceReport:
    """Score a run of IndieValueCatalog."""
    answers = choice_answers(run.scores)
    dimensions, inequity = inequity_of(answers)
    return ChoiceReport(
        run=run,
        answers=answers,
        accuracy=accuracy_estimates(answers, run.metadata["categories"]),
        on_items=on_items_of(run),
        dimensions=dimensions,
        inequity=inequity,
        counts=status_counts(answers),
    )


def difference(one: ChoiceReport, other: ChoiceReport) -> Difference:
    """How much more accurate one run is than another: paired and clustered by person.

    Only samples that both have count: the same questions of the same people.

    Raises:
        DataError: when the runs have no sample in common.
    """
    mine, theirs = on_common_samples(one.run, other.run)
    found = paired_difference(mine.person_accuracy, theirs.person_accuracy)
    return Difference(len(mine.people), *found)


def on_common_samples(one: RunLog, other: RunLog) -> tuple[ChoiceAnswers, ChoiceAnswers]:
    """The answers of two runs to the samples that both have.

    Raises:
        DataError: when they have none in common.
    """
    common = {s.sample_id for s in one.scores} & {s.sample_id for s in other.scores}
    if not common:
        raise DataError(f"{one.path} and {other.path} have no people and probe sets in common")
    kept = [[s for s in run.scores if s.sample_id in common] for run in (one, other)]
    return choice_answers(kept[0]), choice_answers(kept[1])
