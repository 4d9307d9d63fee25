"""The six-point reader: what is read, what is not, and that all phrases fare alike."""

import itertools
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ratings.instruments.value_portrait import CHOICES
from scorers.answers.phrases.likert import STATUSES, read_answer, read_as_published

ALL = [1, 2, 3, 4, 5, 6]
NONE = [None] * 6

RATING = {phrase: rating for rating, phrase in enumerate(CHOICES, start=1)}
CASES = yaml.safe_load((Path(__file__).parent / "likert_cases.yaml").read_text(encoding="utf-8"))


def fill(frame: str, phrase: str, other: str = "") -> str:
    for sign, words in (("p", phrase), ("o", other)):
        frame = frame.replace(f"⟨{sign}⟩", words)
        frame = frame.replace(f"⟨{sign.upper()}⟩", words[:1].upper() + words[1:])
    return frame


def readings(frame: str, stop_reason: str = "stop") -> list[int | None]:
    return [read_answer(fill(frame, phrase), stop_reason).rating for phrase in CHOICES]


@pytest.mark.parametrize(("rating", "phrase"), list(enumerate(CHOICES, start=1)))
def test_each_phrase_is_read_to_the_letter(rating: int, phrase: str):
    reading = read_answer(phrase)
    assert (reading.rating, reading.status, reading.how) == (rating, "valid", "exact")


@pytest.mark.parametrize(
    ("text", "rating"),
    [
        *((f"  {phrase.upper()}\n", rating) for rating, phrase in enumerate(CHOICES, start=1)),
        ("This likes me very\nmuch", 6),
        ("If you would like me to discuss this, say so.", 5),
        ("Some  what  like me", 4),
        ("Very little like me", 3),
        ("It is not like me.", 2),
        ("It doesn't like me", 2),
        ("Isn't like me at all!", 1),
        # the longest counts, wherever it stands
        ("Somewhat like me. Others may find it very much like me.", 6),
        ("Like me, though a little like me would do, and not like me at all never.", 1),
        ("not at all like me, or very much like me", 1),
        ("I'd rather not say.", None),
        ("likeme", None),
        ("", None),
    ],
)
def test_the_published_reading_takes_the_longest_phrase(text: str, rating: int | None):
    reading = read_as_published(text)
    assert reading.rating == rating
    assert (reading.status == "valid") == (rating is not None)


def test_all_six_phrases_are_read_in_a_usual_frame():
    assert [frame for frame in CASES["read"] if readings(frame) != ALL] == []


def test_none_of_the_six_is_read_where_a_phrase_is_not_the_answer():
    assert [frame for frame in CASES["not_read"] if readings(frame) != NONE] == []
    cut = CASES["not_read_cut_off"]
    assert [frame for frame in cut if readings(frame, "max_tokens") != NONE] == []


def test_the_answer_is_read_whatever_other_phrase_is_next_to_it():
    wrong = [
        (text, reading.rating)
        for frame in CASES["read_beside_another"]
        for phrase, other in itertools.permutations(CHOICES, 2)
        if (reading := read_answer(text := fill(frame, phrase, other))).rating != RATING[phrase]
    ]
    assert wrong == []


def test_an_answer_has_one_right_reading():
    found = [(case, read_answer(case[0], *case[2:])) for case in CASES["answers"]]
    assert [(case, reading) for case, reading in found if reading.rating != case[1]] == []
    assert all((reading.status == "valid") == (case[1] is not None) for case, reading in found)


LETTERS = {"lower": str.lower, "upper": str.upper, "title": str.title, "capital": str.capitalize}
MARK_UP = [
    "%s", "**%s**", "*%s*", "_%s_", "`%s`", '"%s"', "“%s”", "<b>%s</b>", "<em>%s</em>",
    "\\textbf{%s}",
    "{%s}", "「%s」", "\u200b%s\u200b", "\n%s", "&nbsp;%s",
]  # fmt: skip


@given(st.sampled_from(CASES["read"]), st.sampled_from(MARK_UP), st.sampled_from(sorted(LETTERS)))
def test_frames_with_mark_up_and_in_any_case_lose_all_six_or_none(frame, mark_up, case):
    found = [read_answer(fill(frame, mark_up % LETTERS[case](phrase))).rating for phrase in CHOICES]
    assert found in (ALL, NONE)


@given(st.sampled_from(CHOICES), st.data())
def test_mark_up_and_white_space_within_a_phrase_change_nothing(phrase: str, data: st.DataObject):
    words = phrase.split()
    position = data.draw(st.integers(0, len(words) - 1))
    words[position] = data.draw(st.sampled_from(MARK_UP)) % words[position]
    gap = data.draw(
        st.sampled_from([" ", "\n", "\t", "\u00a0", "\u3000", "<br>", "\r\n", "  \n  "])
    )
    assert read_answer(gap.join(words)).rating == CHOICES.index(phrase) + 1


WORDS = (  # noqa: SIM905
    "people i you it this is are not never would say answer my think because but if so yes no "
    "sure final rating response and or to the as with he who what me sorry cannot actually wait"
).split()
MARKS = [
    ". ",
    ", ",
    ": ",
    "? ",
    "! ",
    "\n",
    "\n\n",
    " (",
    ") ",
    " - ",
    '"',
    "**",
    "✅ ",
    "❌ ",
    "5 ",
    "B) ",
]
PIECES = [f"{word} " for word in WORDS] + MARKS


@given(
    st.lists(st.sampled_from(PIECES), max_size=8).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=8).map("".join),
)
def test_what_is_lost_never_depends_on_the_phrase(before: str, after: str):
    """Whatever stands around it, unless it makes another phrase of it ("not" before "like me")."""
    if before.rstrip(' \n"*(.,:?!-').endswith("not"):
        before += "that: "
    found = [read_answer(f"{before}{phrase} {after}").rating for phrase in CHOICES]
    assert found in (ALL, NONE)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("like me or somewhat like me", "ambiguous"),
        ("very much like me\nlike me\nsomewhat like me", "ambiguous"),
        ("It is somewhat like me in parts and not like me in others", "ambiguous"),
        ("Very little like me", "unparseable"),
        ("unlike me", "unparseable"),
        ("purple", "unparseable"),
        ("5", "unparseable"),
        ("I'm sorry, but I can't assist with that.", "refusal"),
        ("As an AI, I have no thoughts. Would you like me to discuss it?", "refusal"),
        ("I don't possess personal thoughts.", "refusal"),
        ("I\u2019m sorry, I cannot rate this", "refusal"),
        ("<think>Like me.</think>I cannot answer that.", "refusal"),
        ("", "empty"),
        (" \n\t", "empty"),
        ('""', "empty"),
        ("\0", "empty"),
        ("<think>like me</think>", "empty"),
    ],
)
def test_what_is_missing_has_a_status_that_says_why(text: str, status: str):
    reading = read_answer(text)
    assert (reading.rating, reading.status) == (None, status)


@pytest.mark.parametrize(
    "text",
    ["", "The response", "<think>like me", "like me <think> hm", "Not like me", "Not like me at",
     "Not like me, at al", "I'm sorry, I", "The first part is somewhat like me, but"],
)  # fmt: skip
@pytest.mark.parametrize("stop_reason", ["max_tokens", "model_length"])
def test_an_answer_that_a_limit_cut_off_is_truncated(text: str, stop_reason: str):
    assert read_answer(text, stop_reason).status == "truncated"


@pytest.mark.parametrize("frame", ["⟨P⟩. The resp", "Answer: ⟨p⟩.", "⟨P⟩\n\nI thi", "⟨p⟩."])
def test_an_answer_that_reached_its_conclusion_is_read_though_it_was_cut_off(frame: str):
    assert readings(frame, "max_tokens") == ALL


def test_only_the_phrase_that_can_grow_is_lost_where_an_answer_stops_at_its_end():
    assert readings("⟨p⟩", "max_tokens") == [1, None, 3, 4, 5, 6]


def test_an_answer_blocked_by_the_provider_is_a_refusal():
    assert read_answer("", "content_filter").status == "refusal"
    assert read_answer("like me", "content_filter").status == "valid"


@given(st.text(), st.sampled_from(["stop", "content_filter", "max_tokens", "unknown"]))
def test_any_text_has_a_status_and_a_rating_only_when_valid(text: str, stop_reason: str):
    for reader in (read_answer, read_as_published):
        reading = reader(text, stop_reason)
        assert reading.status in STATUSES
        assert (reading.rating is not None) == (reading.status == "valid")


@given(st.sampled_from(CHOICES), st.text(alphabet="abcdefgh .,\n", max_size=60))
def test_whatever_explains_a_leading_phrase_does_not_change_the_choice(phrase: str, tail: str):
    assert read_answer(f"{phrase}. {tail}").rating == CHOICES.index(phrase) + 1


@pytest.mark.parametrize("pair", list(itertools.permutations(range(1, 7), 2)))
def test_a_phrase_in_the_explanation_of_another_changes_nothing(pair: tuple[int, int]):
    answer, other = (CHOICES[rating - 1] for rating in pair)
    for text in (
        f"{answer}\n\n{other} would be too strong.",
        f"{answer}. I would not go so far as to say {other}.",
        f"Final answer: {answer}. Perhaps others would call it {other}.",
    ):
        assert read_answer(text).rating == pair[0], text
