"""The runs of a study of system prompts: one without, one with each, and what they take."""

from pathlib import Path

import pytest

from evals.studies.system_prompts.prompts import SystemPrompt
from evals.studies.system_prompts.runs import (
    Asking,
    forecast_prompts,
    prompt_runs,
    ready_prompts,
    run_prompts,
)
from ratings.errors import DataMissingError
from scorers.inspect_adapter.run_log import read_run

PROMPTS = [SystemPrompt("One", "G", "@one # x\n"), SystemPrompt("Two", "G", "two " * 50)]


def asking(model: str = "respondent/power", limit: int | None = 3) -> Asking:
    return Asking(model, {"seed": 2}, "sample", "v1", "all", None, limit)


def test_a_text_arrives_as_it_is_written(tmp_path: Path):
    ready = ready_prompts(asking(), PROMPTS)
    found = run_prompts(ready, PROMPTS, tmp_path / "logs", 3)
    assert (found.left, found.interrupted, found.others) == ({}, False, 0)
    plain, one, two = (read_run(path).header.eval for path in found.logs)
    assert "persona" not in plain.task_args_passed
    # kept with a backslash, since it begins like the name of a file
    assert one.task_args_passed["persona"] == "\\" + PROMPTS[0].text
    assert two.task_args_passed["persona"] == PROMPTS[1].text
    assert plain.model_args == {"seed": 2}


def test_the_first_run_is_without_a_prompt():
    runs = prompt_runs(asking(), PROMPTS)
    assert [run.arguments.get("persona") for run in runs] == [
        None, "\\" + PROMPTS[0].text, PROMPTS[1].text,
    ]  # fmt: skip


def test_a_forecast_counts_the_longest_prompt():
    plain, one, two = forecast_prompts(asking(limit=None), PROMPTS, None)
    assert (plain.calls, plain.local) == (120, True)
    assert one == two
    assert plain.input_tokens
    assert two.input_tokens
    # characters that the longest prompt adds to each call, five a token
    assert two.input_tokens.low - plain.input_tokens.low == pytest.approx(120 * 200 / 5)


def test_a_model_that_is_not_at_hand_is_named_before_anything_is_asked():
    with pytest.raises(DataMissingError, match="nosuch/model cannot be asked"):
        ready_prompts(asking("nosuch/model"), PROMPTS)
