"""System prompts from a YAML file: kept as written, and every fault in one line."""

from pathlib import Path

import pytest

from evals.studies.system_prompts.prompts import (
    SystemPrompt,
    load_system_prompts,
    parse_system_prompts,
    prompts_sha256,
)
from ratings.errors import DataError, DataMissingError

WRITTEN = """\
Gender:
  Male: "**Profile** # yes\\nYou are a man."
  Female: |
    You are a woman.
Age:
  Male: x
"""


def test_prompts_are_read_in_order_and_as_written(tmp_path: Path):
    path = tmp_path / "prompts.yaml"
    path.write_text(WRITTEN, encoding="utf-8")
    assert load_system_prompts(path) == [
        SystemPrompt("Male", "Gender", "**Profile** # yes\nYou are a man."),
        SystemPrompt("Female", "Gender", "You are a woman.\n"),
        SystemPrompt("Male", "Age", "x"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "p.yaml: the file is empty"),
        ("Gender: {}", "p.yaml line 1: Gender: "),
        ("Gender: text", "p.yaml line 1: Gender: must be a mapping, found 'text'"),
        ("- a", "p.yaml line 1: must be a mapping"),
        ("Gender:\n  Male: ' '", "p.yaml line 2: Gender.Male: must be text that is not blank"),
        ("Gender:\n  Male: 3", "p.yaml line 2: Gender.Male: must be text, found 3"),
        ("Gender:\n  Male: a\n  Male: b", "p.yaml line 3: the key 'Male' is listed twice"),
        ("Age:\n  20-39: a\n  80: b", "p.yaml line 3: a key must be text; put 80 in quotes"),
        ("A:\n  one: x\nB:\n  two: x", "p.yaml line 4: B.two: has the same text as A: one"),
        ("A: [", "p.yaml line 2: not valid YAML"),
    ],
)
def test_a_fault_is_named_with_its_line(text: str, message: str):
    with pytest.raises(DataError) as caught:
        parse_system_prompts(text, "p.yaml")
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(DataMissingError, match=r"no file of system prompts at .*none.yaml"):
        load_system_prompts(tmp_path / "none.yaml")


def test_the_hash_changes_with_any_name_or_text():
    one, other = SystemPrompt("a", "g", "x"), SystemPrompt("a", "g", "y")
    renamed = SystemPrompt("b", "g", "x")
    assert len({prompts_sha256([each]) for each in (one, other, renamed)}) == 3
