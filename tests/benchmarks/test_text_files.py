"""Texts given in a file reach the model as written; logs, retries and boards have the text."""

from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from inspect_ai import eval_retry
from inspect_ai._util.error import PrerequisiteError
from inspect_ai._util.registry import registry_params
from inspect_ai.log import read_eval_log
from inspect_ai.model import ModelAPI, ModelOutput, modelapi

from benchmarks.value_portrait.task import value_portrait
from leaderboard.store.records import read_record
from scorers.scores.manifests import manifests, task_modules
from tests.evaluate import evaluate

ODD = "**Ann**, 61 # a nurse\r\n\r\n- likes: tea,\tcake\n- {text} 😀\n"
TEXTS = [
    (name, argument)
    for name, manifest in manifests().items()
    for argument, about in manifest.arguments.items()
    if about.text
]
SEEN: list[list] = []


@modelapi(name="hearing")
class Hearing(ModelAPI):
    async def generate(self, input, tools, tool_choice, config):
        SEEN.append(list(input))
        if len(SEEN) == 1:
            raise RuntimeError("the first call fails")
        return ModelOutput.from_content("hearing", "like me")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("texts") / "persona.txt"


@given(st.text().filter(str.strip))
@example(ODD)
@example("@ann")
@settings(max_examples=25)
def test_any_persona_in_a_file_is_asked_with_as_written(file: Path, text: str):
    file.write_bytes(text.encode())
    task = value_portrait(data="sample", persona=f"@{file}")
    assert registry_params(task.solver)["persona"] == text
    # What Inspect notes of the task, and gives it again on a retry, is the text.
    again = value_portrait(**registry_params(task))
    assert registry_params(again) == registry_params(task)
    assert registry_params(again.solver)["persona"] == text


@pytest.mark.parametrize(("name", "argument"), TEXTS)
def test_every_text_of_a_manifest_may_be_in_a_file(name: str, argument: str, file: Path):
    file.write_bytes(ODD.encode())
    task = getattr(import_module(task_modules()[name]), name)
    built = task(data="sample", **{argument: f"@{file}"})
    assert registry_params(built)[argument] == ODD


def test_a_persona_given_by_position_is_read_too(file: Path):
    file.write_bytes(ODD.encode())
    task = value_portrait("sample", "all", "all", "all", f"file:{file}")
    assert registry_params(task.solver)["persona"] == ODD


def test_log_retry_and_board_have_the_text_though_the_file_is_gone(tmp_path: Path):
    path = tmp_path / "nurse.txt"
    path.write_bytes(ODD.encode())
    SEEN.clear()
    task = value_portrait(data="sample", variants="v1", persona=f"@{path}")
    (log,) = evaluate(task, model="hearing/model", limit=2, log_dir=str(tmp_path))
    assert log.status == "error"
    path.unlink()
    (log,) = eval_retry(log.location, display="log", log_dir=str(tmp_path))
    assert log.status == "success", log.error
    assert {messages[0].text for messages in SEEN} == {ODD}
    header = read_eval_log(log.location, header_only=True)
    assert header.eval.task_args["persona"] == header.eval.task_args_passed["persona"] == ODD
    record = read_record(Path(log.location), "digest")
    assert record.run["persona"] == ODD
    assert str(path) not in str(record.run)


@pytest.mark.parametrize("content", [None, b"", b"\xff"])
def test_a_file_without_a_text_ends_the_run_in_one_line(content, tmp_path: Path):
    path = tmp_path / "persona.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(PrerequisiteError) as caught:
        value_portrait(data="sample", persona=f"@{path}")
    assert str(caught.value.message).startswith("persona: ")
    assert "\n" not in str(caught.value.message)
