"""Runs whose answers are cut off, empty or unreadable say so at every end."""

import asyncio
import json
import logging
import math
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inspect_ai.log import EvalLog
from inspect_ai.model import ModelAPI, ModelOutput, ModelUsage, modelapi
from inspect_ai.scorer import Target
from inspect_ai.solver import TaskState

from benchmarks.indie_value.task import indie_value
from benchmarks.value_portrait.task import value_portrait
from benchmarks.value_profiles.decode_ratings import decode_ratings
from benchmarks.value_profiles.encode_profiles import encode_profiles
from evals.cli.main import main
from evals.reports.missing_show import quoted
from scorers.answers.missing_answers import MISSING
from scorers.answers.phrases import likert
from scorers.inspect_adapter import profile_answers
from scorers.inspect_adapter.run_log import read_run
from scorers.inspect_adapter.unread_answers import EACH, LONGEST, unread_answers
from tests.evaluate import evaluate

HOSTILE = ("\x1b[2J\x1b]0;x\x07 [red]who knows[/red]", "‮gnp 1\x00", "no idea " * 400)
SAID = {
    "silent": ("", "stop"),
    "cut": ("", "max_tokens"),
    "thinking": ("<think> Not like me? The person", "max_tokens"),
}
TASKS = {
    "value_portrait": lambda: value_portrait(data="sample", variants="v1,v2"),
    "indie_value": lambda: indie_value(data="sample", people=2),
    "decode_ratings": lambda: decode_ratings(data="planted", elicitation="stated", raters=2),
    "encode_profiles": lambda: encode_profiles(data="planted", raters=2),
}


@cache
def answering(name: str) -> str:
    """A model that always says the same, or one hostile text after the other."""
    asked: list[int] = []

    class Answering(ModelAPI):
        async def generate(self, input, tools, tool_choice, config):
            asked.append(1)
            text, stop = SAID.get(name, (HOSTILE[len(asked) % len(HOSTILE)], "stop"))
            output = ModelOutput.from_content(name, text, stop_reason=stop)
            output.usage = ModelUsage()
            return output

    modelapi(name=f"says_{name}")(Answering)
    return f"says_{name}/model"


def run(task: str, says: str, folder: Path) -> EvalLog:
    (log,) = evaluate(TASKS[task](), model=answering(says), limit=2, log_dir=str(folder))
    assert log.status == "success", log.error
    return log


def shown(capsys, *arguments: str) -> str:
    with pytest.raises(SystemExit) as caught:
        main(["show", *arguments])
    assert caught.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("task", "says"),
    [*((task, "cut") for task in TASKS), *(("value_portrait", says) for says in SAID),
     ("indie_value", "thinking"), ("decode_ratings", "silent")],
)  # fmt: skip
def test_a_run_without_answers_says_so_at_its_end_and_when_shown(
    task: str, says: str, tmp_path: Path, capsys, caplog
):
    if (task, says) == ("value_portrait", "thinking") and "truncated" not in likert.STATUSES:
        pytest.skip("the six-point reader knows no thoughts")
    with caplog.at_level(logging.WARNING):
        log = run(task, says, tmp_path)
    warnings = [record.getMessage() for record in caplog.records if "are missing" in record.message]
    assert len(warnings) == 1
    assert warnings[0].startswith(f"{task}, says_{says}/model: 100.0% of the answers are missing")
    assert "--max-tokens" in warnings[0]
    out = shown(capsys, log.location)
    assert "100.0% of the answers are missing" in out
    assert "Examples of answers that were not read" in out
    assert repr(SAID[says][0]) in out
    found = json.loads(shown(capsys, log.location, "--json"))
    assert "--max-tokens" in found["advice"]
    assert {one["text"] for one in found["unread"]} == {SAID[says][0]}
    assert {one["stop_reason"] for one in found["unread"]} == {SAID[says][1]}


@pytest.mark.parametrize("task", ["value_portrait", "indie_value", "decode_ratings"])
def test_texts_that_cannot_be_read_are_quoted_and_harmless(task: str, tmp_path: Path, capsys):
    log = run(task, "hostile", tmp_path)
    out = shown(capsys, log.location)
    assert "Examples of answers that were not read" in out
    assert not set(out) & {"\x1b", "\x07", "\x00", "‮"}
    assert "--max-tokens" not in out
    examples = unread_answers(read_run(Path(log.location)))
    assert examples
    statuses = [one.status for one in examples]
    assert all(statuses.count(status) <= EACH for status in statuses)
    assert len({(one.status, one.text) for one in examples}) == len(examples)
    assert {one.text for one in examples} <= {text[:LONGEST] for text in HOSTILE}


def test_a_log_in_json_gives_the_same_examples(tmp_path: Path):
    logs = [
        evaluate(
            TASKS["value_portrait"](),
            model=answering("cut"),
            limit=2,
            log_dir=str(tmp_path),
            log_format=kind,
        )[0]
        for kind in ("eval", "json")
    ]
    one, other = (unread_answers(read_run(Path(log.location))) for log in logs)
    assert one == other != []


def test_a_run_that_answers_says_nothing_of_it(tmp_path: Path, capsys, caplog):
    with caplog.at_level(logging.WARNING):
        (log,) = evaluate(
            TASKS["value_portrait"](), model="respondent/power", limit=2, log_dir=str(tmp_path)
        )
    assert "missing" not in caplog.text
    out = shown(capsys, log.location)
    assert "Examples" not in out
    assert "--max-tokens" not in out
    found = json.loads(shown(capsys, log.location, "--json"))
    assert (found["unread"], found["advice"]) == ([], None)


def test_no_way_has_a_share_where_nothing_could_be_read(tmp_path: Path):
    metrics = run("decode_ratings", "silent", tmp_path).results.scores[0].metrics
    assert metrics["valid"].value == 0
    assert math.isnan(metrics["stated_share"].value)


def test_examples_show_each_text_of_a_status_with_what_was_asked(tmp_path: Path, capsys):
    log = run("value_portrait", "hostile", tmp_path)
    examples = unread_answers(read_run(Path(log.location)))
    assert {one.text for one in examples} == {text[:LONGEST] for text in HOSTILE}
    assert {one.place for one in examples} <= {"v1", "v2"}
    assert "[red]who knows[/red]" in shown(capsys, log.location)


def test_a_matched_profile_counts_like_any_answer(monkeypatch):
    warnings: list[str] = []
    monkeypatch.setattr(profile_answers, "warn_at_end", warnings.extend)
    state = TaskState("m", "s", 1, "input", [], output=ModelOutput.from_content("m", ""))
    state.output.choices[0].stop_reason = "max_tokens"
    asyncio.run(profile_answers.profiles_apart()(state, Target("1")))
    assert len(warnings) == 1
    assert warnings[0] in MISSING


@given(st.text())
def test_nothing_that_is_shown_moves_a_cursor(text: str):
    assert all(sign.isprintable() for sign in quoted(text))
