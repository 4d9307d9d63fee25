"""What the commands on suites share: which suite, who answers, how much of it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from evals.cli.shared_options.completions import completing
from evals.suites.suite import ready_suites

if TYPE_CHECKING:
    from evals.suites.suite import Run, Suite

suite_argument = click.argument(
    "given", metavar="SUITE", shell_complete=completing(ready_suites, files=True)
)
model_option = click.option(
    "--model",
    "models",
    multiple=True,
    help="Who answers, as Inspect names it, instead of the suite's models. Several are separated "
    "by commas, as inspect eval has it, or given one by one.",
)
limit_option = click.option(
    "--limit", type=click.IntRange(1), help="Ask only the first N samples of each task."
)


def read_runs(given: str, models: Sequence[str]) -> "tuple[Suite, list[Run]]":
    """A suite and its runs.

    Raises:
        click.UsageError: when it is not a suite, or nobody is named to answer.
    """
    from evals.suites.suite import load_suite, runs_of
    from ratings.input.strict_files import MalformedFileError

    try:
        suite = load_suite(given)
        return suite, runs_of(suite, [one for given in models for one in _apart(given)])
    except MalformedFileError as error:
        raise click.UsageError(str(error)) from error


def _apart(models: str) -> list[str]:
    """Models separated by commas; one with an object in its name keeps the object's commas."""
    return [models] if "{" in models else [one.strip() for one in models.split(",") if one.strip()]
