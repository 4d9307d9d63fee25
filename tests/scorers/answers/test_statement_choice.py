import json
import random
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorers.answers.statement_choice import STATUSES, read_choices

COUNTS = {f"NSG{i}": 2 + i % 3 for i in range(1, 40)}
MUTATIONS = 600


def good(seed: int) -> tuple[str, dict[str, int]]:
    """An answer as the task asks for, and what it chooses."""
    draw = random.Random(seed)
    chosen = {label: draw.randint(1, count) for label, count in COUNTS.items()}
    rationale = ['it\'s "likely"', "they value {order}, as ever", "café – yes", "because of NSG 3"]
    content = {
        label: {"rationale": draw.choice(rationale), "choice": f"{label}_s{choice}"}
        for label, choice in chosen.items()
    }
    indent = draw.choice([None, 2])
    return json.dumps(content, indent=indent, ensure_ascii=draw.random() < 0.5), chosen


def choices(text: str, stop_reason: str = "stop") -> dict[str, int | None]:
    return {label: r.choice for label, r in read_choices(text, COUNTS, stop_reason).items()}


def statuses(text: str, counts: dict[str, int], stop_reason: str = "stop") -> list[str]:
    return [reading.status for reading in read_choices(text, counts, stop_reason).values()]


@pytest.mark.parametrize("seed", range(20))
def test_an_answer_as_asked_for_is_read_whole(seed: int):
    text, chosen = good(seed)
    assert choices(text) == chosen


@pytest.mark.parametrize(
    "dress",
    [
        "```json\n{}\n```",
        "Here is my answer:\n{}\nI hope that helps {{or not}}.",
        "[Your Response]:\n{}",
        "<think>maybe {{'NSG1': {{'choice': 'NSG1_s2'}}}}</think>{}",
        '<think>{{"NSG1": {{"choice": "NSG1_s1"}}, "NSG2": {{"choice": "NSG2_s1"}}}}</think>{}',
        'I lean to {{"NSG1": {{"choice": "NSG1_s1"}}}} at first.</think>{}',
        'Draft: {{"NSG1": {{"choice": "NSG1_s1"}}, "NSG2": {{"choice": "NSG2_s1"}}}} Final: {}',
        '{{"response": {}}}',
        "json\n{}",
    ],
)
def test_an_answer_in_another_dress_is_read_whole(dress: str):
    text, chosen = good(3)
    assert choices(dress.format(text)) == chosen


def test_single_quotes_and_trailing_commas():
    text = "{'NSG1': {'rationale': \"it's\", 'choice': 'NSG1_s2',}, 'NSG2': {'choice': 'NSG2_s4'},}"
    found = choices(text)
    assert (found["NSG1"], found["NSG2"], found["NSG3"]) == (2, 4, None)


@pytest.mark.parametrize("cut", range(0, 400, 7))
def test_a_cut_answer_keeps_what_was_said_before(cut: int):
    text, chosen = good(5)
    found = read_choices(text[:cut], COUNTS, "max_tokens")
    for label, reading in found.items():
        assert reading.choice in (None, chosen[label])
        assert reading.status in ("valid", "truncated")
    said = {label for label in COUNTS if f'"{label}_s{chosen[label]}"' in text[:cut]}
    assert {label for label, reading in found.items() if reading.choice} == said


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", "empty"),
        ("  \n", "empty"),
        ("I'm sorry, but I cannot predict a person's values.", "refusal"),
        ("They would choose the first.", "unreadable"),
        ("[1, 2]", "unreadable"),
        ('{"NSG2": {"choice": "NSG2_s1"}}', "absent"),
        ('{"NSG1": {"rationale": "no choice"}, "NSG2": {"choice": "NSG2_s1"}}', "absent"),
        ('{"NSG1": {"choice": "NSG1_s4"}}', "impossible"),
        ('{"NSG1": {"choice": "NSG1_s0"}}', "impossible"),
        ('{"NSG1": {"choice": "NSG2_s1"}}', "impossible"),
        ('{"NSG1": {"choice": "NSG1_s1 or NSG1_s2"}}', "ambiguous"),
        ('{"NSG1": {"choice": ["NSG1_s1"]}}', "impossible"),
        ('{"NSG1": {"choice": 1.5}}', "impossible"),
        ('{"NSG1": {"choice": true}}', "impossible"),
        ('{"NSG1": {"choice": 0}}', "impossible"),
        ('{"NSG1": {"choice": 4}}', "impossible"),
        ('{"NSG1": {"choice": -1}}', "impossible"),
        ('{"NSG1": 1e400}', "impossible"),
        ('{"NSG1": {"choice": 1' + "0" * 400 + "}}", "impossible"),
        ('{"NSG1": {"choice": "1 or 2"}}', "impossible"),
        ('{"NSG1": {"choice": "NSG1_s1"}, "NSG1": {"choice": "NSG1_s2"}}', "ambiguous"),
        ("{'NSG1': {'choice': 'NSG1_s1', 'choice': 'NSG1_s2'}}", "ambiguous"),
        ('{"NSG1": {"choice": "NSG1_s99999999999999999999"}}', "impossible"),
        ('{"NSG1": {"choice": "NSG1_s1/2"}}', "ambiguous"),
        ('{"NSG1": {"choice": "NSG1_s1-2"}}', "ambiguous"),
        ('{"NSG1": {"choice": "NSG1_s1 or 2"}}', "ambiguous"),
        ('{"NSG1": {"choice": "NSG1_s1 and NSG1_2"}}', "ambiguous"),
        ('{"NSG1": {"choice": "NSG1_s<number>"}}', "impossible"),
        ('<think>{"NSG1": {"choice": "NSG1_s1"}}', "empty"),
    ],
)
def test_what_is_no_choice_says_why(text: str, status: str):
    assert statuses(text, {"NSG1": 3})[0] == status


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ('{"NSG1": "NSG1_s2"}', 2),
        ('{"NSG1": {"choice": "s3"}}', 3),
        ('{"NSG1": {"choice": "NSG1_s2: I trust people"}}', 2),
        ('{"new statement group 1 (NSG1)": {"choice": "NSG1_s1"}}', 1),
        ("\u201cNSG1\u201d: {\u201cchoice\u201d: \u201cNSG1_s2\u201d}", 2),
    ],
)
def test_what_says_one_thing_is_read(text: str, choice: int):
    assert read_choices(text, {"NSG1": 3})["NSG1"].choice == choice


def test_a_filter_and_a_limit_have_their_own_kinds():
    assert statuses("", {"NSG1": 2}, "content_filter") == ["refusal"]
    assert statuses("", {"NSG1": 2}, "max_tokens") == ["truncated"]
    assert statuses('{"NSG1": {"choice": "NSG1_s1"}', {"NSG1": 2}, "max_tokens") == ["valid"]


def mutated(text: str, draw: random.Random) -> str:
    """Some of what goes wrong on the way: cuts, repeats, lost and changed characters."""
    for _ in range(draw.randint(1, 6)):
        start = draw.randrange(len(text) + 1)
        end = min(len(text), start + draw.choice([1, 1, 1, 5, 60]))
        piece = draw.choice(
            ["", "", text[start:end] * 2, draw.choice("{}[]\"':,\\\n\0\u201c"), "choice", "NSG7_s9"]
        )
        text = text[:start] + piece + text[end:]
    if draw.random() < 0.1:
        text = text.replace('"', "'")
    return text[: draw.randrange(len(text) + 1)] if draw.random() < 0.2 else text


def assert_nothing_invented(text: str) -> None:
    for label, reading in read_choices(text, COUNTS).items():
        assert reading.status in STATUSES
        assert (reading.choice is None) == (reading.status != "valid")
        if reading.choice is not None:
            assert 1 <= reading.choice <= COUNTS[label]
            named = rf"(?<![A-Za-z0-9_])(?:{label}_)?s?0*{reading.choice}(?!\w)"
            assert re.search(named, text, re.I), f"{label}: {reading.choice} is not in the text"


def test_mutations_of_good_answers_never_crash_or_invent():
    """Line 6 of what the benchmark must show, the mutations."""
    for seed in range(MUTATIONS):
        draw = random.Random(seed)
        text, chosen = good(seed)
        changed = mutated(text, draw)
        assert_nothing_invented(changed)
        # What is read of a group is what the answer says of it, unless its label was changed.
        for label, choice in choices(changed).items():
            untouched = f'"choice": "{label}_s{chosen[label]}"' in changed
            if choice not in (None, chosen[label]):
                assert not untouched or changed.count(f"{label}_s") > 1


@settings(max_examples=250, deadline=None)
@given(
    st.recursive(
        st.one_of(
            st.text(max_size=8),
            st.sampled_from(
                [*list(COUNTS)[:4], "choice", "NSG1_s1", "NSG2_s9", "{", "}", '"', "'"]
            ),
        ),
        lambda parts: st.lists(parts, max_size=6).map("".join),
        max_leaves=40,
    )
)
def test_a_fuzzers_text_never_crashes_or_invents(text: str):
    assert_nothing_invented(text)


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(st.sampled_from(["NSG1", "NSG2", "choice", "x"]), inner, max_size=4),
        ),
        max_leaves=20,
    )
)
def test_any_json_never_crashes_or_invents(value: object):
    assert_nothing_invented(json.dumps(value))


def test_a_decision_that_was_cut_off_does_not_fall_back_on_the_draft():
    draft = '{"NSG1": {"choice": "NSG1_s1"}, "NSG2": {"choice": "NSG2_s1"}}'
    cut = f'{draft} On reflection: {{"NSG1": {{"choice": "NSG1_s2"}}, "NSG2": {{"cho'
    found = read_choices(cut, {"NSG1": 2, "NSG2": 2}, "max_tokens")
    assert [(r.choice, r.status) for r in found.values()] == [(2, "valid"), (None, "truncated")]


def test_a_bracket_too_many_and_an_object_a_line_lose_nothing():
    text, chosen = good(4)
    label = '"NSG20"'
    position = text.index(label)
    closed = text[:position].rstrip().rstrip(",") + "}, " + text[position:]
    assert choices(closed) == chosen
    lines = [f'{{"{k}": {{"choice": "{k}_s{v}"}}}}' for k, v in chosen.items()]
    assert choices("\n".join(lines)) == chosen
    assert choices("[" + ", ".join(lines) + "]") == chosen


def test_the_shipped_template_read_as_an_answer_chooses_nothing():
    from benchmarks.indie_value._prompt import prompt_template

    assert set(choices(prompt_template()).values()) == {None}


def test_few_choices_are_lost_from_answers_that_are_slightly_wrong():
    """A choice left untouched in a mutated answer is nearly always read."""
    intact, read = 0, 0
    for seed in range(400):
        text, chosen = good(seed)
        changed = mutated(text, random.Random(seed))
        found = choices(changed)
        for label, choice in chosen.items():
            entry = (
                rf'"{label}": {{\s*"rationale": "(?:[^"\\]|\\.)*",\s*"choice": "{label}_s{choice}"'
            )
            if re.search(entry, changed):
                intact += 1
                read += found[label] == choice
    assert intact > 10_000
    assert read >= 0.995 * intact


@pytest.mark.parametrize(
    "text",
    [
        '"' + "NSG1" * 50_000,
        '"NSG' + "1" * 200_000,
        '{"' + "NSG1 " * 40_000,
        '"NSG1": ' * 25_000,
        "'choice': " * 20_000,
        '{"NSG1": {"choice": ' * 10_000,
        "<think>" * 30_000,
        '"choice"' + " " * 200_000,
    ],
)
def test_what_a_looping_model_writes_is_read_in_no_time(text: str):
    """Linear in the length: an hour's worth of time limit for what takes milliseconds."""
    start = time.process_time()
    assert set(choices(text).values()) == {None}
    assert time.process_time() - start < 5


def test_brackets_a_thousand_deep():
    for text in ("{" * 100_000, '{"a":' * 100_000, '{"NSG1":' * 5_000 + "1" + "}" * 5_000):
        assert set(choices(text).values()) == {None}
