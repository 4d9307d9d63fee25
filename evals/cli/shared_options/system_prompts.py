"""What the studies of system prompts share: how a model is asked, what it costs, and its runs."""

import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
import yaml

from evals.cli.shared_options.costs import dollars, price_option, prices_for
from evals.cli.shared_options.suites import limit_option
from evals.exit_codes import INCOMPLETE, INTERRUPTED
from ratings.sources.locations import resolve_from_start

if TYPE_CHECKING:
    from evals.studies.system_prompts.prompts import SystemPrompt
    from evals.studies.system_prompts.runs import Asking
    from evals.suites.forecast import Forecast

C = TypeVar("C", bound=Callable[..., Any])

CHEAP = 1.0  # US dollars up to which nobody is asked
_LONGEST_NAME = 100

_OPTIONS = (
    click.option(
        "-M",
        "model_args",
        multiple=True,
        metavar="NAME=VALUE",
        help="Argument of the model's provider, as inspect eval has it; may be repeated.",
    ),
    click.option(
        "--data", default="official", show_default=True, help="official, or sample (made up)."
    ),
    click.option(
        "--variants", default="all", show_default=True, help="Prompt variants, with commas."
    ),
    click.option("--items", default="all", show_default=True, help="all, or regression."),
    click.option("--epochs", type=click.IntRange(1), help="How often each item is asked."),
    limit_option,
    click.option("--max-connections", type=click.IntRange(1), help="Calls at a time."),
    price_option,
    click.option("--yes", is_flag=True, help="Do not ask whether the cost is all right."),
    click.option(
        "--seed", default=0, show_default=True, type=click.IntRange(0, 2**32 - 1), help="Of draws."
    ),
    click.option(
        "--out",
        type=click.Path(path_type=Path),
        help="Folder of logs, tables, pictures and JSON; the same folder is resumed where it "
        "stopped. Default: studies/STUDY/MODEL.",
    ),
    click.option("--json", "as_json", is_flag=True, help="Print JSON."),
)


def asking_options(command: C) -> C:
    """The options of a study that asks a model under several system prompts."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def read_model_args(given: Sequence[str]) -> dict[str, Any]:
    """Arguments of a provider; values are read as YAML, as Inspect reads them.

    Raises:
        click.UsageError: for one that is not NAME=VALUE.
    """
    found = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not (name and equals):
            raise click.UsageError(f"-M takes NAME=VALUE, found {one!r}")
        try:
            found[name.replace("-", "_")] = yaml.safe_load(value)
        except yaml.YAMLError:
            found[name.replace("-", "_")] = value
    return found


def study_folder(out: Path | None, study: str, model: str) -> Path:
    """The folder that a study writes to, refused before any work where it cannot.

    Raises:
        DataError: when it is a file or cannot be written to.
    """
    from evals.studies.findings import check_folder

    name = re.sub(r"[^\w.-]+", "-", model).strip("-.")[:_LONGEST_NAME] or "model"
    folder = resolve_from_start(str(out or Path("studies") / study / name))
    check_folder(folder)
    return folder


def logs_of(
    asking: "Asking",
    prompts: "Sequence[SystemPrompt]",
    folder: Path,
    *,
    max_connections: int | None,
    price_file: Path | None,
    yes: bool,
) -> Sequence[Path] | int:
    """Logs of the model without a system prompt and with each, run or resumed; or an exit code.

    What it will take is said first, and whether to go on is asked where it costs.
    """
    from evals.studies.system_prompts.runs import forecast_prompts, ready_prompts, run_prompts

    ready = ready_prompts(asking, prompts)
    prices, why = prices_for([one.run for one in ready], price_file)
    if why:
        click.echo(f"no prices: {why}", err=True)
    _agree(forecast_prompts(asking, prompts, prices), yes)
    logs = folder / "logs"
    found = run_prompts(ready, prompts, logs, asking.limit, max_connections)
    if found.others:
        click.echo(f"left as they are: {found.others} logs of other runs in {logs}", err=True)
    if found.left:
        reasons = "; ".join(f"{label}: {reason}" for label, reason in found.left.items())
        click.echo(
            f"{len(found.left)} of {len(prompts) + 1} runs are not complete ({reasons}); the same "
            f"command resumes them",
            err=True,
        )
        return INTERRUPTED if found.interrupted else INCOMPLETE
    return found.logs


def _agree(forecasts: "Sequence[Forecast]", yes: bool) -> None:
    """Say what the runs will take; ask whether to go on where they cost, or may.

    Raises:
        click.UsageError: where they do and nobody can be asked.
        click.Abort: when the answer is no.
    """
    costs = [one.cost for one in forecasts]
    known = [cost for cost in costs if cost is not None]
    total = sum(known[1:], known[0]) if len(known) == len(costs) else None
    calls = sum(one.calls or 0 for one in forecasts)
    cost = "cost not known" if total is None else f"cost in US dollars {dollars(total)}"
    click.echo(f"{len(forecasts)} runs, {calls:,} calls, {cost}", err=True)
    if yes or (total is not None and total.high <= CHEAP):
        return
    if not sys.stdin.isatty():
        raise click.UsageError("this costs money, or may: add --yes to go on")
    click.confirm("go on?", abort=True, err=True)
