"""What the studies of system prompts share: how a model is asked, what it costs, and its runs."""

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import yaml

from evals.cli.shared_options.costs import dollars, price_option, prices_for
from evals.cli.shared_options.suites import limit_option
from evals.exit_codes import INCOMPLETE, INTERRUPTED
from ratings.output.numbers import how_many
from ratings.sources.locations import resolve_from_start

if TYPE_CHECKING:
    from evals.studies.system_prompts.differences import PromptDifferences
    from evals.studies.system_prompts.prompts import SystemPrompt
    from evals.studies.system_prompts.runs import Asking
    from evals.suites.forecast import Forecast

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


@dataclass(frozen=True)
class AskingOptions:
    """What the options say of how a model is asked, and where what was found goes.

    Attributes:
        model_args: of the model's provider, NAME=VALUE.
        data: official or sample.
        variants: prompt variants, with commas.
        items: all or regression.
        epochs: how often each item is asked.
        limit: of the first samples only.
        max_connections: calls at a time.
        price_file: of prices.
        yes: whether the cost is agreed to.
        seed: of draws.
        out: folder to write to.
        as_json: whether to print JSON.
    """

    model_args: Sequence[str]
    data: str
    variants: str
    items: str
    epochs: int | None
    limit: int | None
    max_connections: int | None
    price_file: Path | None
    yes: bool
    seed: int
    out: Path | None
    as_json: bool

    def asking(self, model: str) -> "Asking":
        """How the model is asked.

        Raises:
            click.UsageError: for an argument of the provider that is not NAME=VALUE.
        """
        from evals.studies.system_prompts.runs import Asking

        given = read_model_args(self.model_args)
        return Asking(model, given, self.data, self.variants, self.items, self.epochs, self.limit)


def asking_options(command: Callable[..., int]) -> Callable[..., int]:
    """The options of a study that asks a model under several system prompts, given as `asked`."""
    names = [one.name for one in fields(AskingOptions)]

    @wraps(command)
    def with_asked(**options: Any) -> int:  # noqa: ANN401 - click's
        asked = AskingOptions(**{name: options.pop(name) for name in names})
        return command(**options, asked=asked)

    found: Callable[..., int] = with_asked
    for option in reversed(_OPTIONS):
        found = option(found)
    return found


def study_facts(
    study: str,
    asking: "Asking",
    found: "PromptDifferences",
    logs: Sequence[Path],
    prompts: Mapping[str, "SystemPrompt"],
    seed: int,
) -> dict[str, Any]:
    """Settings and data of a study of system prompts, for its JSON.

    Args:
        study: its name.
        asking: how the model was asked.
        found: what each prompt changed.
        logs: the run without a system prompt, and one with each.
        prompts: by the names that they are written with.
        seed: of draws.
    """
    from evals.studies.system_prompts.prompts import prompts_sha256
    from scorers.inspect_adapter.run_log import read_run

    first = read_run(logs[0])
    layout = found.answers[0].layout
    return {
        "study": study,
        "model": first.model,
        "model_args": asking.model_args,
        "data": asking.data,
        "card": first.metadata["card"],
        "card_revision": first.metadata.get("card_revision"),
        "synthetic": first.metadata["synthetic"],
        "variants": list(layout.columns),
        "items": len(layout.samples),
        "epochs": asking.epochs or 1,
        "prompts_sha256": prompts_sha256(list(prompts.values())),
        "prompts": {name: one.text for name, one in prompts.items()},
        "scores_without_prompt": dict(zip(found.scores, found.vanilla.tolist(), strict=True)),
        "logs": [path.name for path in logs],
        "seed": seed,
    }


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
    asked: AskingOptions,
) -> Sequence[Path] | int:
    """Logs of the model without a system prompt and with each, run or resumed; or an exit code.

    What it will take is said first, and whether to go on is asked where it costs.
    """
    from evals.studies.system_prompts.runs import forecast_prompts, ready_prompts, run_prompts

    ready = ready_prompts(asking, prompts)
    prices, why = prices_for([one.run for one in ready], asked.price_file)
    if why:
        click.echo(f"no prices: {why}", err=True)
    _agree(forecast_prompts(asking, prompts, prices), asked.yes)
    logs = folder / "logs"
    found = run_prompts(ready, prompts, logs, asking.limit, asked.max_connections)
    if found.others:
        click.echo(
            f"left as they are: {how_many(found.others, 'logs')} of other runs in {logs}", err=True
        )
    if found.left:
        reasons = "; ".join(f"{label}: {reason}" for label, reason in found.left.items())
        click.echo(
            f"{len(found.left)} of {how_many(len(prompts) + 1, 'runs')} are not complete "
            f"({reasons}); the same "
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
    click.echo(f"{how_many(len(forecasts), 'runs')}, {how_many(calls, 'calls')}, {cost}", err=True)
    if yes or (total is not None and total.high <= CHEAP):
        return
    if not sys.stdin.isatty():
        raise click.UsageError("this costs money, or may: add --yes to go on")
    click.confirm("go on?", abort=True, err=True)
