"""Runs of `indie_value` in tests: models that answer by a function, their logs and reports."""

import json
from collections.abc import Callable
from pathlib import Path

from inspect_ai import Task
from inspect_ai.event import ModelEvent
from inspect_ai.log import EvalLog
from inspect_ai.model import ModelAPI, ModelOutput, ModelUsage, modelapi

from benchmarks.indie_value._setup import Setup
from evals.reports.indie_value import IndieValueReport, read_indie_value
from tests.evaluate import evaluate

SETUP = Setup("sample", None, 0, 200, "polar", "polar", "none")
Answer = Callable[[str, dict[str, str], int], ModelOutput | str]


def run(task: Task, model: object, folder: Path, **options: object) -> EvalLog:
    (log,) = evaluate(task, model=model, log_dir=str(folder), **options)
    assert log.status == "success", log.error
    return log


def report_of(log: EvalLog) -> IndieValueReport:
    return read_indie_value(Path(log.location))


def answering(name: str, answer: Answer, tokens: int = 0) -> str:
    """A model that answers by a function of the prompt, the questions and the number of calls."""
    calls: list[str] = []

    class Answering(ModelAPI):
        async def generate(self, input, tools, tool_choice, config):
            calls.append(input[-1].text)
            found = answer(input[-1].text, input[-1].metadata["questions"], len(calls))
            output = found if isinstance(found, ModelOutput) else None
            output = output or ModelOutput.from_content(name, found)
            output.usage = ModelUsage(output_tokens=tokens, total_tokens=tokens)
            return output

    modelapi(name=name)(Answering)
    return f"{name}/model"


def first_of_all(labels: object) -> str:
    return json.dumps({label: {"choice": f"{label}_s1"} for label in labels})


def events(log: EvalLog) -> list[ModelEvent]:
    return [e for sample in log.samples for e in sample.events if isinstance(e, ModelEvent)]
