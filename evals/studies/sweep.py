"""A study: `indie_value` run several ways, as a suite, resumed where it stopped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.reports.indie_value import TASK, IndieValueReport, read_indie_value
from evals.suites.build import make_ready
from evals.suites.run import Outcome, read_outcomes, run_suite
from evals.suites.suite import Entry, ModelChoice, Suite, runs_of
from ratings.errors import DataMissingError

Arguments = Mapping[str, Any]
Reports = Mapping[str, IndieValueReport]


@dataclass(frozen=True)
class Variation:
    """One way to run the task.

    Attributes:
        label: how the study's table names it.
        arguments: task arguments in which it differs from the study's other runs.
    """

    label: str
    arguments: Arguments


@dataclass(frozen=True)
class StudyRuns:
    """What a study's runs came to.

    Attributes:
        reports: by model and label, of each complete run.
        left: by the run's name, why it is not complete.
        interrupted: whether somebody stopped it.
    """

    reports: Mapping[str, Reports]
    left: Mapping[str, str]
    interrupted: bool


def run_study(
    variations: Sequence[Variation],
    common: Arguments,
    models: Sequence[str],
    log_dir: Path,
    max_connections: int | None = None,
) -> StudyRuns:
    """Run, or resume, all variations by all models, and read what each came to.

    What counts as done is read from the logs on disk.

    Args:
        variations: of the task.
        common: task arguments of all of them.
        models: who answers.
        log_dir: one folder per study; its runs are resumed, logs of others are left.
        max_connections: how many calls at a time.

    Raises:
        DataMissingError: when data or a model are not at hand.
        DataError: when the folder holds the same run with another survey or prompt, a log cannot be
            read, or a model is listed twice.
    """
    asked = Entry(
        task=TASK,
        arguments=[{**common, **v.arguments} for v in variations],
        epochs=None,
        solvers=(),
        models=[ModelChoice(model) for model in models],
        location=f"study of {TASK}",
    )
    runs = runs_of(Suite("study", "", [asked], (), "the command line"))
    ready = make_ready(runs)
    lacking = next((one.lacks for one in ready if one.lacks), None)
    if lacking is not None:
        raise DataMissingError(lacking)
    interrupted = run_suite(ready, log_dir, max_connections=max_connections)
    # The runs of a suite: for each variation every model.
    names = [(variation.label, model) for variation in variations for model in models]
    outcomes = dict(zip(names, read_outcomes(ready, log_dir), strict=True))
    return StudyRuns(
        reports={
            model: {
                v.label: read_indie_value(log)
                for v in variations
                if (log := _log_of(outcomes[v.label, model])) is not None
            }
            for model in models
        },
        left={
            label if len(models) == 1 else f"{label} by {model}": outcome.reason
            for (label, model), outcome in outcomes.items()
            if outcome.status != "complete"
        },
        interrupted=interrupted,
    )


def _log_of(outcome: Outcome) -> str | None:
    return outcome.log if outcome.status == "complete" else None
