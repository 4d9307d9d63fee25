import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratings.value_portrait import CHOICES
from scorers.likert import STATUSES, read_answer, read_as_published


@pytest.mark.parametrize(("rating", "phrase"), list(enumerate(CHOICES, start=1)))
def test_each_phrase_is_read_exactly_and_tolerantly(rating: int, phrase: str):
    assert read_answer(phrase).how == "exact"
    for text in (
        phrase.capitalize(),
        f" {phrase.upper()}.\n",
        f'"{phrase}"',
        f"**{phrase}**",
        f"- {phrase}",
        f"{phrase}\n\nExplanation: I would add that others differ, like me or not.",
        f"My answer is: {phrase}",
        f"After some thought about it, this is {phrase}.",
    ):
        reading = read_answer(text)
        assert (reading.rating, reading.status) == (rating, "valid"), text


@pytest.mark.parametrize(
    ("text", "rating", "status"),
    [
        ("some like me", 4, "valid"),
        ("Some like me.", 4, "valid"),
        ("somewhat\u00a0like me", 4, "valid"),
        ("Not like me at all. I would never do that; somewhat like me it is not.", 1, "valid"),
        ("not my business either, somewhat like me", 4, "valid"),
        ("like me or somewhat like me", None, "ambiguous"),
        ("very much like me\nlike me\nsomewhat like me", None, "ambiguous"),
        ("It is somewhat like me in parts and not like me in others", None, "ambiguous"),
        ("I don't think this response is very much like me.", None, "unparseable"),
        ("Very little like me", None, "unparseable"),
        ("I am somewhat like you.", None, "unparseable"),
        ("There is nothing like me", None, "unparseable"),
        ("People like me would agree", None, "unparseable"),
        ("Like me, many people do not plan ahead.", None, "unparseable"),
        ("unlike me", None, "unparseable"),
        ("somewhat like me-time", None, "unparseable"),
        ("If you would like me to go on, say so.", None, "unparseable"),
        ("I'm sorry, but I can't assist with that.", None, "refusal"),
        ("As an AI, I have no thoughts. Would you like me to discuss it?", None, "refusal"),
        ("I don't possess personal thoughts.", None, "refusal"),
        ("I\u2019m sorry, I cannot rate this", None, "refusal"),
        ("", None, "empty"),
        (" \n\t", None, "empty"),
        ('""', None, "empty"),
        ("5", None, "unparseable"),
        ("\0", None, "unparseable"),
    ],
)
def test_an_answer_is_read_as_what_it_says(text: str, rating: int | None, status: str):
    reading = read_answer(text)
    assert (reading.rating, reading.status) == (rating, status)


FRAMES = [
    '{"answer": "%s"}', "<answer>%s</answer>", "\\boxed{%s}", "5 (%s)", "5. %s", "| %s |",
    "My response would be %s.", 'I would describe this as "%s".', "%s, because I value this",
    "<think>not like me? hm</think>%s", "%s \u2013 because", "Answer: B) %s",
    "%s 5", "**%s**", "- %s",
]  # fmt: skip


@pytest.mark.parametrize("frame", FRAMES)
def test_a_frame_treats_all_phrases_alike(frame: str):
    """Or answers would be missing by what they say."""
    assert [read_answer(frame % phrase).rating for phrase in CHOICES] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    "text",
    [
        "This is far from very much like me",
        "It would be wrong to say this is very much like me",
        "I doubt this is very much like me",
        "If this were very much like me, I would say so; it is not.",
        "I don't think, honestly, this is very much like me",
        "I am unsure whether this is somewhat like me",
        "more than a little like me",
        "Very much like me would be wrong. My answer is: not like me.",
        "Very much like me? I would never say that. Not like me at all.",
    ],
)
def test_what_is_held_open_or_turned_round_is_not_guessed(text: str):
    assert read_answer(text).rating is None


def test_an_answer_cut_off_where_at_all_could_follow_is_not_guessed():
    assert read_answer("not like me", "max_tokens").status == "ambiguous"
    assert read_answer("not like me", "stop").rating == 2
    assert read_answer("not like me at all", "max_tokens").rating == 1


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
def test_whatever_follows_a_leading_phrase_does_not_change_the_choice(phrase: str, tail: str):
    assert read_answer(f"{phrase}. {tail}").rating == CHOICES.index(phrase) + 1
