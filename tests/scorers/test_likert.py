"""The six-point reader: what is read, what is not, and that all phrases fare alike."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratings.value_portrait import CHOICES
from scorers.likert import STATUSES, read_answer, read_as_published

ALL = [1, 2, 3, 4, 5, 6]
NONE = [None] * 6

# What models write around a phrase: ⟨p⟩ as it stands, ⟨P⟩ with a capital. All six are read.
FRAMES = [
    "Sure! ⟨P⟩",
    "Yes. ⟨P⟩.",
    "Yes, ⟨p⟩.",
    "⟨p⟩ 👍",
    "I'd go with ⟨p⟩.",
    "⟨p⟩ because I care",
    'I would go with "⟨p⟩".',
    "My answer: ⟨p⟩",
    "My answer is ⟨p⟩.",
    "Answer: ⟨p⟩",
    "**Answer:** ⟨p⟩",
    "**⟨P⟩**",
    "The answer is ⟨p⟩",
    "I choose ⟨p⟩",
    "I would choose '⟨p⟩'",
    "I pick ⟨p⟩",
    "I'd say ⟨p⟩",
    "I'd say it's ⟨p⟩.",
    "I'd say this is ⟨p⟩.",
    "This is ⟨p⟩.",
    "This response is ⟨p⟩.",
    "The response is ⟨p⟩",
    "It is ⟨p⟩",
    "It's ⟨p⟩",
    "That's ⟨p⟩",
    "⟨p⟩!",
    "⟨p⟩...",
    "⟨p⟩…",
    "(⟨p⟩)",
    "[⟨p⟩]",
    "<⟨p⟩>",
    "`⟨p⟩`",
    "```\n⟨p⟩\n```",
    '"⟨p⟩"',
    "“⟨p⟩”",
    "‘⟨p⟩’",
    "「⟨p⟩」",
    "⟨p⟩。",
    "*⟨p⟩*",
    "_⟨p⟩_",
    "__⟨P⟩__",
    "# ⟨P⟩",
    "> ⟨p⟩",
    "- ⟨p⟩",
    "* ⟨p⟩",
    "• ⟨p⟩",
    "⟨p⟩",
    "⟨p⟩\n\nConfidence: 75%",
    "⟨p⟩\n\nExplanation: people like me do it.",
    "⟨p⟩\n\nThe response shows empathy",
    "⟨P⟩. I would add more.",
    "⟨p⟩ (because it is kind)",
    "⟨p⟩, because I care",
    "⟨p⟩ - because",
    "⟨p⟩ — it fits",
    "⟨p⟩ – because",
    "⟨p⟩; I care",
    "⟨p⟩: I care",
    "Final answer: ⟨p⟩",
    "**Final answer: ⟨p⟩**",
    "Thinking: not sure, maybe not like me.\nAnswer: ⟨p⟩",
    "\\boxed{⟨p⟩}",
    "$\\boxed{\\text{⟨p⟩}}$",
    "<answer>⟨p⟩</answer>",
    "<b>⟨p⟩</b>",
    "<p>⟨p⟩</p>",
    "<think>not like me? hm</think>⟨p⟩",
    "hm somewhat like me </think>\n\n⟨p⟩",
    '{"rating": "⟨p⟩"}',
    "{'answer': '⟨p⟩'}",
    '{"answer": "⟨p⟩", "reason": "It is not like me to say that"}',
    '{"reasoning": "a thoughtful reply", "answer": "⟨p⟩"}',
    "Honestly, ⟨p⟩.",
    "Overall, ⟨p⟩.",
    "I think ⟨p⟩",
    "I think this is ⟨p⟩.",
    "I guess ⟨p⟩",
    "Probably ⟨p⟩",
    "I would rate this as ⟨p⟩.",
    'I would rate this response as "⟨p⟩".',
    "I'd rate it ⟨p⟩",
    "I would describe this as ⟨p⟩.",
    "My response would be ⟨p⟩.",
    "Based on my values, I would say ⟨p⟩.",
    "As an AI, I don't have personal thoughts, but I'd say ⟨p⟩.",
    "As an AI, I do not have feelings, but if I had to choose: ⟨p⟩",
    "I am an AI without personal experience. However, I would answer: ⟨p⟩",
    "Hmm, ⟨p⟩",
    "Well, ⟨p⟩.",
    "Okay. ⟨P⟩",
    "Ok, ⟨p⟩",
    "Certainly! ⟨P⟩",
    "⟨p⟩\n",
    "\n\n⟨p⟩",
    "\t⟨p⟩",
    "⟨p⟩\u200b",
    "\ufeff⟨p⟩",
    "⟨p⟩<|im_end|>",
    "⟨p⟩</s>",
    "⟨p⟩<|eot_id|>",
    "After reading the response, I'd say ⟨p⟩.",
    "I find this response ⟨p⟩",
    "This response is closest to ⟨p⟩.",
    "The best match is ⟨p⟩",
    'The phrase that fits best is "⟨p⟩".',
    "I would select: ⟨p⟩",
    "Selected: ⟨p⟩",
    "Response: ⟨p⟩",
    "Rating: ⟨p⟩",
    "> **⟨p⟩**",
    "⟨P⟩ it is.",
    "⟨P⟩ is my answer.",
    "I'll go with ⟨p⟩",
    "I will go with ⟨p⟩ here.",
    "I lean towards ⟨p⟩.",
    "Without more information, ⟨p⟩.",
    "If I had to pick one, ⟨p⟩.",
    "If I must choose, I'd go with ⟨p⟩.",
    "If pressed, I would say ⟨p⟩.",
    "I'm not certain, but ⟨p⟩.",
    "Not sure, but ⟨p⟩",
    "It depends, but I'd say ⟨p⟩.",
    "Hard to say, but ⟨p⟩",
    "⟨p⟩ I think",
    "⟨p⟩ overall",
    "⟨p⟩, I think.",
    "⟨p⟩, I guess",
    "⟨p⟩, overall",
    "⟨p⟩, though I might add more",
    "⟨p⟩ although I'd be gentler",
    "⟨p⟩ in this case",
    "⟨p⟩ to some extent",
    "⟨p⟩ :)",
    "🙂 ⟨p⟩",
    "✅ ⟨p⟩",
    "→ ⟨p⟩",
    "=> ⟨p⟩",
    "⟨p⟩ ✅",
    "In my opinion, ⟨p⟩.",
    "In my opinion this is ⟨p⟩.",
    "To be honest, ⟨p⟩.",
    "So, ⟨p⟩.",
    "So: ⟨p⟩",
    "Therefore, ⟨p⟩",
    "Thus, my answer is ⟨p⟩.",
    "In conclusion, ⟨p⟩.",
    "Similarity: ⟨p⟩",
    "Result - ⟨p⟩",
    "Answer - ⟨p⟩",
    "answer=⟨p⟩",
    "<response>⟨p⟩</response>",
    '{"choice":"⟨p⟩"}',
    '["⟨p⟩"]',
    "⟨p⟩\n---",
    "---\n⟨p⟩",
    "***⟨p⟩***",
    "⟨p⟩\n\n(Note: I am an AI)",
    "⟨p⟩\n\nNote: As an AI, I cannot have thoughts.",
    "⟨p⟩\n\nI cannot really have thoughts, but it is close to what I would say.",
    "Here is my answer: ⟨p⟩",
    "Here's my rating:\n\n⟨p⟩",
    "Assistant: ⟨p⟩",
    "Me: ⟨p⟩",
    "⟨p⟩ is how I'd describe it",
    "⟨p⟩ would be my answer.",
    "⟨p⟩ best describes it",
    "⟨p⟩ (75%)",
    "⟨p⟩ (confidence: 0.8)",
    "⟨p⟩, 80% sure",
    "I feel this is ⟨p⟩",
    "I feel ⟨p⟩",
    "Gut feeling: ⟨p⟩",
    "Reading this, ⟨p⟩",
    "This sounds ⟨p⟩.",
    "It seems ⟨p⟩",
    "That would be ⟨p⟩",
    "It would be ⟨p⟩.",
    "it's ⟨p⟩",
    "you're ⟨p⟩",
    "I am ⟨p⟩",
    "this response ⟨p⟩",
    "Absolutely ⟨p⟩",
    "Definitely ⟨p⟩",
]

# Where a phrase is denied, doubted, asked about, numbered or only mentioned: none is read.
HELD_OPEN = [
    "people like me often think so",
    "Like me, many people do not plan ahead",
    "someone like me would know",
    "There is nothing like me",
    "He is a lot like me",
    "kids like me",
    "If you would like me to go on, say so.",
    "Would you like me to explain?",
    "It is for people like me.",
    "Many people, like me, think so.",
    "He is shy, like me.",
    "Anything but ⟨p⟩",
    "⟨P⟩ is not my answer",
    "What does ⟨p⟩ mean?",
    'What does "⟨p⟩" mean?',
    "⟨p⟩?",
    "Is it ⟨p⟩?",
    "I don't think this is ⟨p⟩",
    "This is far from ⟨p⟩",
    "I doubt this is ⟨p⟩",
    "I doubt, to be honest, this is ⟨p⟩",
    "I don't think, honestly, this is ⟨p⟩",
    "Nicht ⟨p⟩",
    "Das ist nicht ⟨p⟩",
    "Pas ⟨p⟩",
    "Ce n'est pas ⟨p⟩",
    "No es ⟨p⟩",
    "不是⟨p⟩",
    "不是「⟨p⟩」",
    "⟨p⟩ではありません",
    "⟨p⟩ değil",
    "это не ⟨p⟩",
    "❌ ⟨p⟩",
    "☐ ⟨p⟩",
    "~~⟨p⟩~~",
    "<s>⟨p⟩</s>",
    "<del>⟨p⟩</del>",
    "I would never say ⟨p⟩",
    "It would be wrong to say ⟨p⟩",
    "The options are ⟨p⟩ and others.",
    "If this were ⟨p⟩, I would say so.",
    "If it were my son, I'd say ⟨p⟩",
    "My mother would say ⟨p⟩",
    "He said ⟨p⟩",
    "Some would say ⟨p⟩.",
    "⟨P⟩ would be too strong.",
    "⟨P⟩ is too strong.",
    "⟨P⟩ would be wrong.",
    "more than ⟨p⟩",
    "less than ⟨p⟩",
    "rather than ⟨p⟩",
    "instead of ⟨p⟩",
    "neither ⟨p⟩ nor anything",
    "I cannot say ⟨p⟩",
    "I can't rate this as ⟨p⟩",
    "unlike me",
    "5",
    "Rating: 5",
    "B) ⟨p⟩",
    "5. ⟨p⟩",
    "⟨p⟩ (5)",
    "⟨p⟩ 5",
    "5 (⟨p⟩)",
    "Thinking: ⟨p⟩",
    "Example: ⟨p⟩",
    'For example: "⟨p⟩", but I cannot answer.',
    '{"answer": "⟨p⟩"} is an example, but I cannot answer.',
    "⟨p⟩ or so I was asked to say? No.",
    "I was asked whether this is ⟨p⟩.",
    'The phrase "⟨p⟩" seems odd.',
    "hardly ⟨p⟩",
    "by no means ⟨p⟩",
    "in no way ⟨p⟩",
    "⟨p⟩... not!",
    "⟨p⟩, not.",
    "⟨p⟩ - no.",
    "I reject ⟨p⟩.",
    "I'd exclude ⟨p⟩.",
    "⟨p⟩ people tend to agree",
    "I used to be ⟨p⟩.",
    "You asked me to say ⟨p⟩.",
    "I wonder if ⟨p⟩",
    "⟨p⟩-time",
    "They say it is ⟨p⟩, but I can't tell",
    "❌ ⟨p⟩ ✅",
    "is this ⟨p⟩, or not?",
    "Scratch that. ⟨p⟩? no",
    "⟨p⟩. Scratch that.",
    "⟨p⟩. No wait.",
    "⟨p⟩, no wait",
    "It's not that it is ⟨p⟩",
    "It isn't ⟨p⟩",
    "isn't ⟨p⟩",
    "That is not, in my view, ⟨p⟩",
    "this is not quite ⟨p⟩",
    "Nobody is ⟨p⟩.",
    "People are ⟨p⟩.",
    "She is ⟨p⟩.",
    "Is this how a person ⟨p⟩ would reply",
]

# One right reading, or None; a third entry says why the model stopped.
ANSWERS = [
    ("Like me\n\nNot like me at all would be too strong.", 5, "stop"),
    ("Not like me, no wait: like me", 5, "stop"),
    ("**Final answer: like me**", 5, "stop"),
    ("Very much like me at first. **Final answer: like me**", 5, "stop"),
    ("Thinking: not like me maybe\nAnswer: like me", 5, "stop"),
    ("like me。", 5, "stop"),
    ("「like me」", 5, "stop"),
    ("not at all like me", 1, "stop"),
    ("Not At All Like Me.", 1, "stop"),
    ("Not like me at", None, "max_tokens"),
    ("not like me, at all", 1, "stop"),
    ("not like me - at all.", 1, "stop"),
    ("not like me\nat all", 1, "stop"),
    ("❌ Not like me ✅ Like me", 5, "stop"),
    ("☐ Not like me at all\n☐ Not like me\n☑ Like me", 5, "stop"),
    ("- [ ] not like me\n- [x] like me\n- [ ] very much like me", 5, "stop"),
    ("~~not like me~~ like me", 5, "stop"),
    ("Not like me? Like me.", None, "stop"),
    ("Not like me. Actually, like me.", 5, "stop"),
    ("Not like me... hmm, actually somewhat like me.", 4, "stop"),
    ("Like me. Actually I do this often.", 5, "stop"),
    ("Not like me. Wait, no: very much like me.", 6, "stop"),
    ('{"draft":"not like me","final":"like me"}', 5, "stop"),
    ('{"person":"like me","mine":"not like me"}', None, "stop"),
    ('{"answer":"like me"} but I cannot answer', None, "stop"),
    ("not like me → like me", None, "stop"),
    ("Very much like me would be wrong. My answer is: not like me.", 2, "stop"),
    (
        "Options: not like me at all, not like me, a little like me, somewhat like me, like me, very much like me. Answer: like me",
        5,
        "stop",
    ),
    (
        "not like me at all\nnot like me\na little like me\nsomewhat like me\nlike me\nvery much like me",
        None,
        "stop",
    ),
    ("Not like me (actually: like me)", 5, "stop"),
    ("very much, like me", None, "stop"),
    ("somewhat, like me", None, "stop"),
    ("not - like me", None, "stop"),
    ("l\u200bike m\u200be", 5, "stop"),
    ("not\u200b like\u200b me", 2, "stop"),
    ("not\u200blike\u200bme", 2, "stop"),
    ("Ver\xady much like me", 6, "stop"),
    ("not_like_me_at_all", 1, "stop"),
    ("NOT-LIKE-ME", 2, "stop"),
    ("I'd say like me, not very much like me.", 5, "stop"),
    ("Like me, but not very much like me", 5, "stop"),
    ("It is between like me and somewhat like me.", None, "stop"),
    ("like me/somewhat like me", None, "stop"),
    ("Somewhat like me to like me", None, "stop"),
    ("<think>like me", None, "stop"),
    ("I am somewhat like you", None, "stop"),
    ("Not like me ❌ Like me ✅", 5, "stop"),
    ("not like me at all times, but like me", None, "stop"),
    ("The person is kind. This is very much like me, and", None, "max_tokens"),
    ("Like me. The resp", 5, "max_tokens"),
    ("Final answer: like me", 5, "max_tokens"),
    ("like me like me like me like me", None, "stop"),
    ("My initial answer: not like me. My final answer: like me.", 5, "stop"),
    ("Answer: not like me\nAnswer: like me", None, "stop"),
    ("I'd say like me. Others would say not like me.", 5, "stop"),
    ("not like me at all. At all!", 1, "stop"),
    ("Not\nlike me", 2, "stop"),
    ("<i>not</i> <b>like</b> me", 2, "stop"),
    ("very&nbsp;much like me", 6, "stop"),
    ("not like me {at all}", 1, "stop"),
    ("Somewhat like me. On second thought, like me.", 5, "stop"),
    ("Correction: like me", 5, "stop"),
    ("Not like me. Correction: like me", 5, "stop"),
    ("Not like me. EDIT: like me", 5, "stop"),
    ("Sorry, I meant: like me", 5, "stop"),
    ("**Not like me** at all", 1, "stop"),
]


def fill(frame: str, phrase: str) -> str:
    return frame.replace("⟨p⟩", phrase).replace("⟨P⟩", phrase[0].upper() + phrase[1:])


def readings(frame: str, stop_reason: str = "stop") -> list[int | None]:
    return [read_answer(fill(frame, phrase), stop_reason).rating for phrase in CHOICES]


@pytest.mark.parametrize(("rating", "phrase"), list(enumerate(CHOICES, start=1)))
def test_each_phrase_is_read_to_the_letter(rating: int, phrase: str):
    reading = read_answer(phrase)
    assert (reading.rating, reading.status, reading.how) == (rating, "valid", "exact")


@pytest.mark.parametrize("frame", FRAMES)
def test_all_six_phrases_are_read_in_a_usual_frame(frame: str):
    assert readings(frame) == ALL


@pytest.mark.parametrize("frame", HELD_OPEN)
def test_none_of_the_six_is_read_where_a_phrase_is_not_the_answer(frame: str):
    assert readings(frame) == NONE


@pytest.mark.parametrize(("text", "rating", "stop_reason"), ANSWERS)
def test_an_answer_has_one_right_reading(text: str, rating: int | None, stop_reason: str):
    reading = read_answer(text, stop_reason)
    assert reading.rating == rating
    assert (reading.status == "valid") == (rating is not None)


CASES = {"lower": str.lower, "upper": str.upper, "title": str.title, "capital": str.capitalize}
MARK_UP = [
    "%s", "**%s**", "*%s*", "_%s_", "`%s`", '"%s"', "“%s”", "<b>%s</b>", "<em>%s</em>", "\\textbf{%s}",
    "{%s}", "「%s」", "\u200b%s\u200b", "\n%s", "&nbsp;%s",
]  # fmt: skip


@given(st.sampled_from(FRAMES), st.sampled_from(MARK_UP), st.sampled_from(sorted(CASES)))
def test_frames_with_mark_up_and_in_any_case_lose_all_six_or_none(frame, mark_up, case):
    found = [read_answer(fill(frame, mark_up % CASES[case](phrase))).rating for phrase in CHOICES]
    assert found in (ALL, NONE)


@given(st.sampled_from(CHOICES), st.data())
def test_mark_up_and_white_space_within_a_phrase_change_nothing(phrase: str, data: st.DataObject):
    words = phrase.split()
    place = data.draw(st.integers(0, len(words) - 1))
    words[place] = data.draw(st.sampled_from(MARK_UP)) % words[place]
    gap = data.draw(
        st.sampled_from([" ", "\n", "\t", "\u00a0", "\u3000", "<br>", "\r\n", "  \n  "])
    )
    assert read_answer(gap.join(words)).rating == CHOICES.index(phrase) + 1


WORDS = (
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
