"""Value Portrait under several system prompts and without one, as one resumable eval set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.studies.system_prompts.prompts import SystemPrompt
from evals.suites.build import ReadyRun, make_ready
from evals.suites.forecast import Forecast, plan_suite
from evals.suites.run import read_outcomes, run_suite
from evals.suites.suite import Entry, ModelChoice, Run, Suite, runs_of
from ratings.errors import DataMissingError
from ratings.input.text_files import as_kept
from ratings.sources.prices import Prices
from scorers.inspect_adapter.log_files import find_logs

TASK = "value_portrait"
VANILLA = "no system prompt"


@dataclass(frozen=True)
class Asking:
    """What is asked, and of whom; the same under every system prompt.

    Attributes:
        model: as Inspect names it.
        model_args: of its provider.
        data: the instrument.
        variants: prompt variants with commas, or `all`.
        items: which of its items.
        epochs: how often each; None for once.
        limit: ask only the first items; None for all.
    """

    model: str
    model_args: Mapping[str, Any]
    data: str
    variants: str
    items: str
    epochs: int | None
    limit: int | None


@dataclass(frozen=True)
class PromptRuns:
    """What became of the runs.

    Attributes:
        logs: of the model without a system prompt, then of each prompt; empty where a run is not
            complete.
        left: by the label of a run why it is not complete.
        interrupted: whether somebody stopped it.
        others: how many logs of other runs there are in the folder.
    """

    logs: tuple[Path, ...]
    left: Mapping[str, str]
    interrupted: bool
    others: int


def prompt_runs(asking: Asking, prompts: Sequence[SystemPrompt]) -> list[Run]:
    """The runs: without a system prompt, then with each."""
    same = {"data": asking.data, "variants": asking.variants, "items": asking.items}
    entry = Entry(
        task=TASK,
        arguments=[same, *({**same, "persona": as_kept(one.text)} for one in prompts)],
        epochs=asking.epochs,
        solvers=(),
        models=[ModelChoice(asking.model, arguments=asking.model_args)],
        location="study of system prompts",
    )
    return runs_of(Suite("system_prompts", "", [entry], (), "the command line"))


def ready_prompts(asking: Asking, prompts: Sequence[SystemPrompt]) -> list[ReadyRun]:
    """The runs made ready; nothing is asked yet.

    Raises:
        UnknownNameError, DataError: for arguments that are wrong.
        DataMissingError: when data or the model are not at hand.
    """
    ready = make_ready(prompt_runs(asking, prompts), asking.limit)
    lacking = next((one.lacks for one in ready if one.lacks), None)
    if lacking is not None:
        raise DataMissingError(lacking)
    return ready


def forecast_prompts(
    asking: Asking, prompts: Sequence[SystemPrompt], prices: Prices | None
) -> list[Forecast]:
    """What each of the runs would take, in their order.

    The prompts are like one another in length, so the longest is looked at for all.

    Args:
        asking: what is asked, and of whom.
        prompts: the system prompts.
        prices: litellm's price table, None where it is not at hand.

    Raises:
        UnknownNameError, DataError: for arguments that are wrong.
    """
    runs = prompt_runs(asking, prompts)
    longest = max(range(len(prompts)), key=lambda i: len(prompts[i].text)) + 1
    vanilla, prompted = plan_suite([runs[0], runs[longest]], prices, asking.limit)
    return [vanilla, *[prompted] * len(prompts)]


def run_prompts(
    ready: Sequence[ReadyRun],
    prompts: Sequence[SystemPrompt],
    log_dir: Path,
    limit: int | None = None,
    max_connections: int | None = None,
) -> PromptRuns:
    """Run or resume the model without a system prompt and with each of them.

    What counts as done is read from the logs on disk.

    Args:
        ready: as `ready_prompts` gives them.
        prompts: the system prompts.
        log_dir: its runs are resumed, logs of others are left.
        limit: ask only the first items; None for all.
        max_connections: how many calls at a time.

    Raises:
        DataError: when the folder holds the same run with other data, or a log cannot be read.
    """
    interrupted = run_suite(ready, log_dir, limit, max_connections)
    outcomes = read_outcomes(ready, log_dir)
    labels = [VANILLA, *(one.label for one in prompts)]
    left = {
        label: one.reason
        for label, one in zip(labels, outcomes, strict=True)
        if one.status != "complete"
    }
    logs = tuple(Path(one.log) for one in outcomes if one.log)
    others = len(find_logs([log_dir])) - len(logs)
    return PromptRuns(() if left else logs, left, interrupted, others)
