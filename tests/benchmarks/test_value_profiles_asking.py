"""Answers that samples share, and prompts as a model reads them."""

import anyio
import pytest

from benchmarks._ask_distribution import SharedAnswers, stated_form
from benchmarks.value_profiles._decode import decode_prompts, decode_samples, decode_templates
from benchmarks.value_profiles._material import Setup, load_material
from benchmarks.value_profiles._prompt import check_letters, lettered
from ratings.errors import DataError


def test_the_first_asks_and_the_others_wait():
    shared, asked, got = SharedAnswers(), [], []

    async def ask() -> dict[str, object]:
        asked.append(1)
        await anyio.sleep(0.01)
        return {"text": str(len(asked))}

    async def want(key: tuple[object, ...]) -> None:
        got.append((key, (await shared.get(key, ask))["text"]))

    async def everybody() -> None:
        async with anyio.create_task_group() as group:
            for key in (("run", 1, 7), ("run", 2, 7), ("other", 1, 7), ("run", 1, 8)):
                for _ in range(5):
                    group.start_soon(want, key)

    anyio.run(everybody)
    assert len(asked) == 4  # runs, epochs and instances apart
    assert len(got) == 20
    assert len(set(got)) == 4


def test_who_fails_leaves_the_question_to_the_next():
    shared, tries = SharedAnswers(), []

    async def ask() -> dict[str, object]:
        tries.append(1)
        await anyio.sleep(0)
        if len(tries) == 1:
            raise ValueError("the first call failed")
        return {"text": "answered"}

    async def both() -> None:
        with pytest.raises(ValueError, match="the first call failed"):
            await shared.get(("run",), ask)
        with anyio.move_on_after(0):
            await shared.get(("run",), ask)  # cancelled
        assert (await shared.get(("run",), ask))["text"] == "answered"

    anyio.run(both)


def test_calls_about_one_rater_begin_alike():
    material = load_material(Setup("planted", 0, "examples:max+groundtruth"))
    (sample,) = decode_samples(material, 1, 10)
    about = sample.metadata
    assert about is not None
    templates = decode_templates(None)
    one, other = (
        decode_prompts(templates, material, about["place"], position)["stated"]
        for position in about["places"][:2]
    )
    shared = next(at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    profile = material.data.table.raters["profile"].iloc[about["place"]]
    assert one.index(profile) + len(profile) < shared
    assert "What this rater was shown:" in one[:shared]
    assert '{"A": ..., "B": ..., "C": ..., "D": ..., "E": ...}' in one
    assert "E. strongly agree" in one


def test_what_is_given_is_never_taken_for_a_field_of_the_template():
    material = load_material(Setup("planted", 0))
    templates = {**decode_templates(None)}
    prompts = decode_prompts(templates, material, None, 0)
    assert "(nothing)" in prompts["logprobs"]
    for prompt in prompts.values():
        assert "{" not in prompt.replace(stated_form(5), "")


def test_more_choices_than_letters_are_refused():
    check_letters(26)
    assert lettered(["x"] * 26).endswith("Z. x")
    with pytest.raises(DataError, match="an instance has 27 choices; a model is asked about 26"):
        check_letters(27)
