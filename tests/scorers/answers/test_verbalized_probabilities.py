"""Percentages that a model states, in every form in which it may state them, or none."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorers.answers.verbalized_probabilities import SLACK, SMOOTHING, stated_distribution

AB, BA = '{"A": 60, "B": 40}', '{"A": 40, "B": 60}'


def first(text: str, stop_reason: str = "stop") -> float | None:
    """The share of A that an answer about two choices states, before it is smoothed."""
    found = stated_distribution(text, 2, stop_reason)
    if found is None:
        return None
    assert found.sum() == pytest.approx(1, abs=1e-12)
    return round((float(found[0]) - SMOOTHING / 2) / (1 - SMOOTHING), 6)


def test_stated_percentages_are_smoothed():
    found = stated_distribution('Sure:\n```json\n{"A": "75%", "B": 25, "C": 0}\n```', 3)
    assert found == pytest.approx((1 - SMOOTHING) * np.array([0.75, 0.25, 0]) + SMOOTHING / 3)


@pytest.mark.parametrize(
    "text",
    [
        "B",
        "",
        '{"A": 50}',
        '{"A": 50, "B": 50, "C": 0}',
        '{"A": -1, "B": 101}',
        '{"A": 0, "B": 0}',
        '{"A": true, "B": 10}',
        '{"A": true, "B": false}',
        '{"A": 1, "B": false}',
        '{"A": null, "B": 100}',
        '{"A": "much", "B": 10}',
        '{"A": NaN, "B": 10}',
        '{"A": Infinity, "B": 10}',
        '{"A": "nan", "B": "100"}',
        '{"A": [50], "B": 50}',
        '{"A": {"percentage": 50}, "B": 50}',
        AB + " or " + BA,
        '{"A": 60 "B": 40}',
        # scales: mixed, neither, several
        '{"A": 0.6, "B": "40%"}',
        '{"A": "60%", "B": 0.4}',
        '{"A": 0.6, "B": 40}',
        '{"A": 0.05, "B": 95}',
        '{"A": 0.05, "B": "95%"}',
        '{"A": "0.6%", "B": "0.4%"}',
        '{"A": 3, "B": 1}',
        '{"A": 6, "B": 4}',
        '{"A": 60, "B": 20}',
        '{"A": 100, "B": 100}',
        '{"A": 600, "B": 400}',
        '{"A": 1, "B": "0%"}',
        # numbers beyond reason
        '{"A": 1' + "0" * 400 + "}",
        '{"A": 1' + "0" * 400 + ', "B": 0}',
        '{"A": 1' + "0" * 5000 + ', "B": 0}',
        '{"A": 1e400, "B": 0}',
        '{"A": 1e308, "B": 1e308}',
        '{"A": "1_0", "B": "9_0"}',
        '{"A": "１０", "B": "９０"}',
        # one letter with several numbers
        '{"A": 70, "A": 10, "B": 30}',
        '{"A": 70, " a": 10, "B": 30}',
        '{"A": 60, "B": 40, "B": "41"}',
        # several objects of which none is marked as the answer
        AB + BA,
        f'{{"person": {AB}, "mine": {BA}}}',
        f'{{"x": {{"person": {AB}, "mine": {BA}}}}}',
        f'{{"answers": [{AB}, {BA}]}}',
        f"Final answer: {AB}\nFinal answer: {BA}",
        f"Final answer: {AB}\nor perhaps {BA}",
        # examples, drafts, denials, and what follows
        f"For example: {AB}",
        f"For example {AB}, but I cannot answer.",
        f"{AB} but I cannot answer",
        f"{AB}\n\nThat said, I can't predict what this person chose.",
        f"{AB}\n\nThis is only an example, not my answer.",
        f"{AB} - these are placeholder values.",
        f"{AB} Wait, I mixed them up.",
        f"{AB}\nActually, B should have more.",
        f"{AB}?",
        f"It is not {AB}",
        f"I would never say {AB}.",
        f"Draft: {AB}",
        f'{{"draft": {AB}}}',
        f'{{"example": {AB}}}',
        f"The expected format is {AB}.",
        # thoughts
        f"<think>{AB}</think>",
        f"<think>{AB}",
        f"{AB}</think>",
        f"{AB} </thought> I'm sorry, I can't say.",
    ],
)
def test_what_states_no_distribution_is_never_guessed(text: str):
    assert stated_distribution(text, 2) is None


@pytest.mark.parametrize(
    "text",
    [
        AB,
        '{"A": 0.6, "B": 0.4}',
        '{"A": "60%", "B": "40%"}',
        '{"A": "60 percent", "B": "40 percent"}',
        '{"A": "60%", "B": 40}',
        '{"a": 60, "b": 40}',
        '{"B": 40, "A": 60}',
        '{"A": 60, "A": 60, "B": 40}',
        '{"A": 6e1, "B": "40.0"}',
        "{\u201cA\u201d: 60, \u201cB\u201d: 40}",
        "{&quot;A&quot;: 60, &quot;B&quot;: 40}",
        '\u200b{"A":\u00a060, "B": 40}\u200b',
        f"```json\n{AB}\n```",
        f"\\boxed{{{AB}}}",
        '$\\boxed{\\{"A": 60, "B": 40\\}}$',
        f"{{{AB}}}",
        f"[{AB}]",
        f'{{"answer": {AB}}}',
        f'{{"response": {{"answer": {AB}}}}}',
        f'{{"reasoning": "B is rare", "answer": {AB}, "confidence": 0.8}}',
        f'{{"draft": {BA}, "final": {AB}}}',
        f'{{"final": {AB}, "draft": {BA}}}',
        f'{{"person": {BA}, "final_answer": {AB}}}',
        f'{{"answer": {BA}, "final answer": {AB}}}',
        f'{{"person": {AB}, "mine": {AB}}}',
        f'{{"example": {BA}, "mine": {AB}}}',
        AB + AB,
        AB + ' i.e. {"A": "60%", "B": "40%"}',
        f"Draft: {BA}. {AB}",
        f"For example {BA} would be wrong. {AB}",
        f"{BA}\n\nFinal answer:\n```json\n{AB}\n```",
        f"Thinking: {BA}\nAnswer: {AB}",
        f"**Final answer**: {BA}\n\nCorrected: {AB}",
        f"Not {BA} but rather: {AB}",
        f'You asked for {{"A": ..., "B": ...}}: {AB}',
        f"The set {{A, B}} gets {AB}",
        f"<think>{BA}</think>{AB}",
        f"{BA}</think>\n{AB}",
        f"<|channel|>analysis<|message|>{BA}<|end|>"
        f"<|start|>assistant<|channel|>final<|message|>{AB}",
        f"I cannot know this person, but my estimate is {AB}",
        f"{AB}\n\nI cannot be certain, as the person was not described in detail.",
        f"{AB}\n\nNote that these are estimates.",
        AB + "\n" * 100_000,
    ],
)
def test_what_states_one_distribution_is_read(text: str):
    assert first(text) == 0.6


SCALES = ["{}", "{}%", "{}.0", '"{}%"']


@given(st.integers(0, 100))
def test_no_number_is_lost_more_than_another(percent: int):
    """Every way of writing is read for all percentages, or for none."""
    shares = [percent, 100 - percent]
    ways = {
        "numbers": json.dumps(dict(zip("AB", shares, strict=True))),
        "shares": json.dumps({name: share / 100 for name, share in zip("AB", shares, strict=True)}),
        "signs": json.dumps({name: f"{share}%" for name, share in zip("AB", shares, strict=True)}),
        "first": json.dumps({"A": f"{percent}%", "B": 100 - percent}),
    }
    for text in ways.values():
        assert first(text) == percent / 100


@given(
    st.lists(st.integers(0, 10_000), min_size=2, max_size=8).filter(lambda row: sum(row) > 0),
    st.floats(0.5, 1.5),
    st.sampled_from([1, 100]),
)
def test_a_set_is_read_when_it_sums_to_its_scale(row: list[int], off: float, scale: int):
    values = [off * scale * number / sum(row) for number in row]
    found = stated_distribution(json.dumps(dict(zip("ABCDEFGH", values, strict=False))), len(row))
    if abs(off - 1) > SLACK + 1e-9:
        assert found is None
    elif abs(off - 1) < SLACK - 1e-9:
        if found is None:  # what is also a set of shares and percentages mixed
            assert scale == 100
            assert min(value for value in values if value) < 1
            return
        assert found.sum() == pytest.approx(1, abs=1e-12)
        expected = (1 - SMOOTHING) * np.array(row) / sum(row) + SMOOTHING / len(row)
        assert found == pytest.approx(expected)


@given(st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=3)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["A", "B", "final", "draft", "x"]), inner, max_size=3),
    ),
    max_leaves=12,
))  # fmt: skip
def test_any_json_gives_a_distribution_or_none(value: object):
    found = stated_distribution(json.dumps(value), 2)
    assert found is None or found.sum() == pytest.approx(1, abs=1e-12)


def test_an_answer_that_was_cut_off_is_read_as_far_as_it_went():
    assert first(AB + " since this rat", "max_tokens") == 0.6
    assert first('{"A": 60, "B": 4', "max_tokens") is None
    assert first(f"{AB} <think> or {BA}", "max_tokens") is None
