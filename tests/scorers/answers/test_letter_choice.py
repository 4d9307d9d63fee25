"""Which answers name one choice by its letter, and which do not."""

import pytest

from scorers.answers.letter_choice import read_letter


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("B", 2), ("**B**", 2), ("(B).", 2), ("B.", 2), ("\n\nB\n", 2),
        ("Reply B", 2), ("reply B.", 2), ("Answer: B", 2), ("The answer is **B**.", 2),
        ("I would choose reply B because A is too long.", 2),
        ("The person would prefer B.", 2), ("B: it is shorter", 2), ("B) it is shorter", 2),
        ("<think>A or B? A.</think>B", 2), ("It is short and kind.\n\nB", 2),
        ("C", 3), ("The preferred reply is A", 1), ("Option C", 3),
    ],
)  # fmt: skip
def test_a_letter_that_is_named(text: str, choice: int):
    found = read_letter(text, 3, "stop")
    assert (found.choice, found.status) == (choice, "valid")


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", "empty"), ("D", "unreadable"), ("b", "unreadable"),
        ("Reply A or reply B", "unreadable"),
        ("A\nB", "unreadable"), ("A person like this would like the short one", "unreadable"),
        ("I'm sorry, I can't tell.", "refusal"), ("All of them", "unreadable"),
        ("I like them", "unreadable"), ("the second", "unreadable"), ("AB", "unreadable"),
        ("<think>B", "empty"),
    ],
)  # fmt: skip
def test_an_answer_that_names_none_or_several(text: str, status: str):
    found = read_letter(text, 3, "stop")
    assert (found.choice, found.status) == (None, status)


def test_a_thought_that_was_cut_off_is_no_answer():
    assert read_letter("<think>B", 3, "max_tokens").status == "truncated"
    assert read_letter("B", 3, "max_tokens").choice == 2
