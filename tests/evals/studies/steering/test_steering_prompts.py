"""Prompts of our own wording, with the parts of the paper's in its order."""

from pathlib import Path

import pytest

from evals.studies.steering.prompts import STEERABLE, defined_prompts, given_prompts
from evals.studies.system_prompts.prompts import prompts_sha256
from ratings.instruments.dimensions import FAMILIES


@pytest.mark.parametrize("family", STEERABLE)
def test_there_is_one_for_each_value_with_all_parts(family: str):
    prompts = defined_prompts(family)
    assert tuple(one.name for one in prompts) == FAMILIES[family]
    for one in prompts:
        heading, title, definition = one.text.split("\n")
        assert heading.startswith("**")
        assert heading.endswith(f"{one.name}.")
        assert title.endswith(":")
        assert definition.startswith(f"- {one.name}: ")
        assert len(definition) > len(one.name) + 20
        assert "{" not in one.text


def test_the_hash_is_of_what_is_sent(tmp_path: Path):
    path = tmp_path / "d.yaml"
    path.write_text("schwartz: {Power: a, Hedonism: b}", encoding="utf-8")
    hashes = {
        prompts_sha256(prompts)
        for prompts in (
            defined_prompts("schwartz"),
            defined_prompts("schwartz", path),
            given_prompts("schwartz", path),
        )
    }
    assert len(hashes) == 3
    assert [one.text for one in given_prompts("schwartz", path)] == ["a", "b"]


def test_braces_in_a_definition_are_sent_as_they_are(tmp_path: Path):
    path = tmp_path / "d.yaml"
    path.write_text("schwartz: {Power: '{name} of all', Hedonism: b}", encoding="utf-8")
    assert defined_prompts("schwartz", path)[0].text.endswith("- Power: {name} of all")
