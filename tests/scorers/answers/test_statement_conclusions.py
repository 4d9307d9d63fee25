"""Which of the choices that an answer names is its answer, and forms of it that are no JSON."""

import itertools
import json

import pytest

from ratings.instruments.indie_value import Catalog, load_catalog
from scorers.answers.statement_choice import ChoiceReading, read_choices

GROUPS = {"NSG1": 3, "NSG2": 2}


def one(choice: object, label: str = "NSG1") -> str:
    return json.dumps({label: {"rationale": "-", "choice": choice}})


S1, S2 = one("NSG1_s1"), one("NSG1_s2")


def read(text: str, stop_reason: str = "stop") -> ChoiceReading:
    return read_choices(text, GROUPS, stop_reason)["NSG1"]


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize(
    "form",
    [
        '{"NSG1": {"choice": "NSG1_s%d"}}',
        '{"NSG1": {"Choice": "NSG1_s%d"}}',
        '{"NSG1": {"CHOICE": "NSG1_S%d"}}',
        '{"NSG1": {" choice ": " NSG1_s%d "}}',
        '{"nsg1": {"choice": "nsg1_s%d"}}',
        '{"Nsg1": {"choice": "S%d"}}',
        '{"NSG1": %d}',
        '{"NSG1": {"choice": %d}}',
        '{"NSG1": {"choice": "%d"}}',
        '{"NSG1": "%d"}',
        '{"NSG1": {"choice": "**NSG1_s%d**"}}',
        '{"NSG1": {"choice": "[NSG1_s%d]"}}',
        '{"NSG1": {"choice": "NSG1_s%d."}}',
        '{"NSG1": {"choice": "NSG1_s%d - I trust people"}}',
        '{"NSG1": {"choice": "NSG1_s%d (I trust people)"}}',
        "{NSG1: {choice: NSG1_s%d}}",
        '{NSG1: {choice: "NSG1_s%d"}}',
        "{NSG1: {rationale: as for NSG2, choice: NSG1_s%d}}",
        "{NSG1: %d}",
        "{NSG1: {choice: %d,},}",
        "{'NSG1': %d}",
        "{'NSG1': {'Choice': 'nsg1_s%d'}}",
        "NSG1: NSG1_s%d",
        "- **NSG1**: s%d\n- **NSG2**: s1",
        "```yaml\nNSG1:\n  choice: NSG1_s%d\n```",
        '[{"NSG1": {"choice": "NSG1_s%d"}}]',
        '{"choices": [{"NSG1": {"choice": "NSG1_s%d"}}]}',
        '{"NSG1": {"rationale": "-", "final_choice": "NSG1_s%d"}}',
        '{"NSG1": {"draft": {"choice": "NSG1_s9"}, "final": {"choice": "NSG1_s%d"}}}',
        '\\boxed{{"NSG1": {"choice": "NSG1_s%d"}}}',
        '\u200b{"NSG1":\u00a0{"choice": "NSG1_s\u200b%d"}}',
        "{&quot;NSG1&quot;: {&quot;choice&quot;: &quot;NSG1_s%d&quot;}}",
    ],
)
def test_a_choice_beyond_doubt_is_read_in_whatever_form(form: str, number: int):
    assert read(form % number).choice == number


@pytest.mark.parametrize(
    "text",
    [
        S1 + S2,
        S2 + S1,
        f"{S1}\n\n{S2}",
        f"{S1} or {S2}",
        f'{{"person": {S1}, "mine": {S2}}}',
        f'{{"mine": {S2}, "person": {S1}}}',
        f'{{"answers": [{S1}, {S2}]}}',
        f"Final answer: {S1}\nFinal answer: {S2}",
        f"Final answer: {S1}\n{S2}",
        '{"NSG1": {"choice": "NSG1_s1"}, "nsg1": {"choice": "NSG1_s2"}}',
        '{"NSG1": {"choice": "NSG1_s1", "Choice": "NSG1_s2"}}',
        '{"NSG1": 1, "NSG1": 2}',
        "{NSG1: 1, NSG1: 2}",
        "{NSG1: {choice: NSG1_s1, choice: NSG1_s2}}",
        "NSG1: s1\nNSG1: s2",
        f"{S1} Actually, the second statement.",
        f"{S1}\nWait, I mixed up NSG1.",
        f"{S1} - that's wrong.",
        *(
            one(f"NSG1_s1{then}")
            for then in (
                ". Actually, the second statement",
                " - actually s2",
                ", no, the second",
                ": no",
                " (not sure)",
                " (or the other one)",
                ". Wait, the other",
                "; on reflection the last one",
                ", but the second fits too",
                " / NSG1_s2",
                ", 2",
                " is not the one",
                " - not this one",
                ". Correction: second",
                " or maybe the next",
                "; perhaps not",
                ". Or rather the second",
                " NSG1_s1 NSG1_s2",
                "? No, the third",
                ". The second one.",
                " (although the alternative is tempting)",
                ": " + "I trust people " * 100,
            )
        ),
    ],
)
def test_what_says_two_things_is_ambiguous(text: str):
    assert read(text) == ChoiceReading(None, "ambiguous")
    assert read(text, "max_tokens") == ChoiceReading(None, "truncated")


@pytest.mark.parametrize(
    "text",
    [
        S2 + S2,
        f'{{"person": {S2}, "mine": {S2}}}',
        '{"NSG1": {"rationale": "a", "choice": "NSG1_s2"}, "NSG1": {"choice": 2}}',
        f'{{"draft": {S1}, "final": {S2}}}',
        f'{{"final": {S2}, "draft": {S1}}}',
        f'{{"person": {S1}, "answer": {S2}}}',
        f'{{"answer": {S1}, "Final Answer": {S2}}}',
        f'{{"rationales": {{"NSG1": "both"}}, "choices": {S2}}}',
        f'{{"example": {S1}, "mine": {S2}}}',
        f"{S1}\nFinal answer: {S2}",
        f"{S1}\n**Final answer**\n```json\n{S2}\n```",
        f"Answer: {S1}\nCorrected: {S2}",
        f"Final: {S1}. Wait, no. {S2}",
        f"Draft: {S1} {S2}",
        f"For example {S1}. {S2}",
        f"Not {S1} but rather: {S2}",
        f"Is it {S1}? {S2}",
        "Final answer: {NSG1: NSG1_s2}",
        "{NSG1: s1}\nFinal answer: {NSG1: s2}",
        f'{S1}\nFinal answer: {{"NSG1": {{"choice": "NSG1_s2"}}, "NSG2": {{"cho',
        f"{S2}\n\nI cannot be certain, of course.",
        f"{S2}\n\nActually, NSG2 was harder.",
        f"<think>{S1}</think>{S2}",
        f"{S1} ◁/think▷ {S2}",
        f"{S1}</THOUGHT>{S2}",
    ],
)
def test_a_marked_conclusion_counts(text: str):
    assert read(text).choice == 2


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (f"For example: {S1} but I cannot answer", "refusal"),
        (f"{S1} but I cannot answer", "refusal"),
        (f"{S1}\n\nI'm not able to predict what Person A would choose.", "refusal"),
        (f"{S1}\n\nThis is only an example of the format.", "unreadable"),
        (f"For instance:\n```json\n{S1}\n```", "unreadable"),
        (f"An answer would be {S1}", "unreadable"),
        (f"It is not {S1}", "unreadable"),
        (f"{S1}?", "unreadable"),
        (f'{{"draft": {S1}}}', "unreadable"),
        ("For example:\nNSG1: s1", "unreadable"),
        ("Not {NSG1: s1}", "unreadable"),
        (f"<think>{S1}", "empty"),
        (f"{S1}</think>", "empty"),
        (f"<|channel|>analysis<|message|>{S1}", "empty"),
        ('{"NSG1_s1": "I trust people"}', "unreadable"),
        ("Statement 1 of NSG1", "unreadable"),
        ('{"NSG11": 1}', "absent"),
    ],
)
def test_an_example_a_draft_or_a_thought_is_no_answer(text: str, status: str):
    assert read(text) == ChoiceReading(None, status)


@pytest.mark.parametrize("stop_reason", ["max_tokens", "model_length"])
@pytest.mark.parametrize(
    "text", ["", "<think>hm", f"{S1}<think>or", f"Draft: {S1} Final:", "NSG1: s1"]
)
def test_what_was_cut_off_is_truncated(text: str, stop_reason: str):
    assert read(text, stop_reason) == ChoiceReading(None, "truncated")


def statements(catalog: Catalog) -> list[str]:
    return [text for form in catalog.statements.values() for texts in form for text in texts]


SEPARATORS = [": {}", " - {}", ". {}", " ({})", ': "{}"', ", {}"]


@pytest.mark.parametrize("data", ["sample", "official"])
def test_no_statement_behind_its_label_is_taken_for_a_second_thought(
    data: str, request: pytest.FixtureRequest
):
    """What is lost must not depend on the answer: statements deny, count and compare."""
    if data == "official":
        request.getfixturevalue("mirror")
    found = statements(load_catalog(data))
    assert len(found) > 100
    lost = [
        (separator, statement)
        for statement, separator in itertools.product(found, SEPARATORS)
        if read(one("NSG1_s2" + separator.format(statement))).choice != 2
    ]
    assert lost == []
