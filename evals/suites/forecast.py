"""What a suite would take: calls, tokens and money, before anything is spent.

A simulated rater answers a few samples of each task in full, so the prompts are those that a model
would read and the calls those that it would get. Tokens are estimated from characters.
"""

import contextlib
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from inspect_ai import Task, task_with
from inspect_ai import eval as inspect_eval
from inspect_ai.dataset import MemoryDataset
from inspect_ai.event import ModelEvent
from inspect_ai.log import read_eval_log
from inspect_ai.model import get_model

from evals.suites.build import build_task, sample_count
from evals.suites.suite import ModelChoice, Run, SolverChoice
from ratings.errors import DataError, DataMissingError, HashMismatchError, TermsError
from ratings.sources.prices import Price, Prices, price_of
from scorers.scores.manifests import manifest_of, offline_providers

SAMPLED = 24
# Inspect's own providers that answer on one's own machine.
LOCAL = (
    "none", "hf", "vllm", "vllm-completions", "sglang", "ollama", "llama-cpp-python",
    "transformer_lens", "nnterp",
)  # fmt: skip
# Characters a token, least and most, measured with four published vocabularies (docs/suites.md).
PROMPT_CHARACTERS = (3.5, 5.0)
ANSWER_CHARACTERS = (2.5, 5.0)


@dataclass(frozen=True)
class Range:
    """A lower and an upper estimate of one quantity."""

    low: float
    high: float

    def __add__(self, other: "Range") -> "Range":
        return Range(self.low + other.low, self.high + other.high)


@dataclass(frozen=True)
class Asked:
    """What the sampled part of a task took, a sample.

    Attributes:
        calls: calls a sample.
        prompt: characters of the prompts a sample.
        answer: characters of the simulated rater's answers a sample.
    """

    calls: float
    prompt: float
    answer: float


@dataclass(frozen=True)
class Forecast:
    """What one run would take.

    Attributes:
        samples: number of samples, epochs counted.
        calls: model calls, without those that ask again for what was not answered.
        input_tokens: read by the model.
        output_tokens: written by the model, without reasoning.
        price: what a token costs, None where it is not known.
        local: whether nobody sends a bill.
        lacks: data that are missing; then numbers of samples, calls and tokens are None.
    """

    task: str
    arguments: Mapping[str, Any]
    who: str
    samples: int | None
    calls: int | None
    input_tokens: Range | None
    output_tokens: Range | None
    price: Price | None
    local: bool
    lacks: str = ""

    @property
    def cost(self) -> Range | None:
        """US dollars; None where the price or the number of tokens is not known."""
        read, written = self.input_tokens, self.output_tokens
        if self.local:
            return Range(0.0, 0.0)
        if self.price is None or read is None or written is None:
            return None
        return Range(
            read.low * self.price.input + written.low * self.price.output,
            read.high * self.price.input + written.high * self.price.output,
        )

    def as_json(self) -> dict[str, Any]:
        """The forecast as plain data."""
        cost = self.cost
        return {**asdict(self), "cost_usd": None if cost is None else asdict(cost)}


def is_local(model: str) -> bool:
    """Whether a model is answered without a bill: recorded, simulated, or on one's own machine.

    >>> is_local("respondent/power"), is_local("openai/gpt-4o")
    (True, False)
    """
    provider = model.partition("/")[0]
    return provider in LOCAL or provider in offline_providers()


def plan_suite(
    runs: Sequence[Run], prices: Prices | None, limit: int | None = None, seed: int = 0
) -> list[Forecast]:
    """What each run of a suite would take.

    Args:
        runs: of a suite.
        prices: litellm's price table, None where it is not at hand.
        limit: number of samples of each task, None for all.
        seed: of the samples that are looked at.

    Raises:
        UnknownNameError, DataError: for arguments that are wrong.
    """
    tasks: dict[str, Task | str] = {}
    for run in runs:
        key = run.task_key
        if key not in tasks:
            try:
                tasks[key] = build_task(run)
            except (DataMissingError, HashMismatchError, TermsError) as error:
                tasks[key] = str(error)
    samples = {k: sample_count(t, limit) for k, t in tasks.items() if isinstance(t, Task)}
    asked = ask_some(
        {
            run.task_key: (run.task, task)
            for run in runs
            if isinstance(run.who, ModelChoice) and isinstance(task := tasks[run.task_key], Task)
        },
        limit,
        seed,
    )
    found = []
    for run in runs:
        key = run.task_key
        lacks = tasks[key]
        if isinstance(lacks, str):
            found.append(_unknown(run, lacks, prices))
        else:
            found.append(_forecast(run, samples[key], asked.get(key), prices))
    return found


def ask_some(
    tasks: Mapping[str, tuple[str, Task]], limit: int | None = None, seed: int = 0
) -> dict[str, Asked]:
    """Let a simulated rater answer some samples of each task, and measure what was asked.

    Args:
        tasks: by any key a benchmark's name and its task; their data sets are cut down.
        limit: number of samples that there are to be, None for all.
        seed: of the draw of at most 24 of them.

    Raises:
        DataError: when a task cannot be answered so.
    """
    if not tasks:
        return {}
    for name, task in tasks.values():
        plan = manifest_of(name).plan
        if plan is None:
            raise DataError(f"{name} cannot be planned: its manifest names no respondent")
        chosen = _draw(len(task.dataset), limit, seed)
        dataset = MemoryDataset([task.dataset[int(index)] for index in chosen])
        task_with(task, dataset=dataset, model=get_model(plan.respondent), epochs=1)
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(sys.stderr):
        logs = inspect_eval(
            [task for _, task in tasks.values()], model=None, log_dir=folder, display="none",
            log_realtime=False, score=False,
        )  # fmt: skip
        # Inspect gives the logs back in the order of the tasks.
        return {key: _asked(log.location) for key, log in zip(tasks, logs, strict=True)}


def _asked(location: str) -> Asked:
    log = read_eval_log(location, resolve_attachments=True)
    if log.status != "success" or not log.samples:
        reason = log.error.message if log.error else log.status
        raise DataError(f"the prompts of {log.eval.task} cannot be rendered: {reason}")
    events = [e for s in log.samples for e in s.events if isinstance(e, ModelEvent)]
    count = len(log.samples)
    return Asked(
        calls=len(events) / count,
        prompt=sum(len(message.text) for e in events for message in e.input) / count,
        answer=sum(len(e.output.completion) for e in events) / count,
    )


def _draw(total: int, limit: int | None, seed: int) -> Sequence[int]:
    there = total if limit is None else min(limit, total)
    rng = np.random.default_rng(seed)
    positions: list[int] = np.sort(rng.choice(there, min(SAMPLED, there), replace=False)).tolist()
    return positions


def _forecast(run: Run, samples: int, asked: Asked | None, prices: Prices | None) -> Forecast:
    if asked is None or not isinstance(run.who, ModelChoice):  # a baseline calls nobody
        return Forecast(
            run.task, run.arguments, run.who.label, samples, 0, Range(0, 0), Range(0, 0), None, True
        )
    calls = samples * asked.calls
    low, high = ANSWER_CHARACTERS
    plan = manifest_of(run.task).plan
    talkative = plan.talkative if plan else 1.0
    written = Range(samples * asked.answer / high, samples * asked.answer * talkative / low)
    return Forecast(
        task=run.task,
        arguments=run.arguments,
        who=run.who.label,
        samples=samples,
        calls=round(calls),
        input_tokens=Range(
            samples * asked.prompt / PROMPT_CHARACTERS[1],
            samples * asked.prompt / PROMPT_CHARACTERS[0],
        ),
        output_tokens=_with_settings(written, calls, run.who.generate),
        price=None if prices is None else price_of(run.who.name, prices),
        local=is_local(run.who.name),
    )


def _with_settings(written: Range, calls: float, generate: Mapping[str, Any]) -> Range:
    """No more than `max_tokens` a call; and up to `reasoning_tokens` a call beyond the answer."""
    reasoning = calls * (generate.get("reasoning_tokens") or 0)
    high = written.high + reasoning
    most = generate.get("max_tokens")
    if most is None:
        return Range(written.low, high)
    return Range(min(written.low, calls * most), min(high, calls * most))


def _unknown(run: Run, lacks: str, prices: Prices | None) -> Forecast:
    """A run whose data are not at hand; the model's price may be known all the same."""
    local = isinstance(run.who, SolverChoice) or is_local(run.who.name)
    price = None if prices is None or local else price_of(run.who.name, prices)
    return Forecast(
        run.task, run.arguments, run.who.label, None, None, None, None, price, local, lacks
    )
