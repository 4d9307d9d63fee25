"""Mark-up is taken off without changing the words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorers.answers.phrases.plain_text import LONGEST, plain_text

WRAPPED = [
    "<b>%s</b>", "<p class='x'>%s</p>", "**%s**", "__%s__", "`%s`", "```\n%s\n```",
    "```text\n%s\n```",
    "\\textbf{%s}", "\\emph{%s}", "$\\text{%s}$", "\\[\\mathrm{%s}\\]", "{%s}", '"%s"', "“%s”",
    "«%s»", "「%s」", "『%s』", "> %s", "# %s", "| %s |", "<|im_start|>%s<|im_end|>",
    "\ufeff%s\u200b",
    "&nbsp;%s&nbsp;", "[%s](https://example.org)", "<!-- note -->%s", "%s 🙂",
    "\\textcolor{red}{%s}",
    "\\begin{center}%s\\end{center}", "\u2022 %s",
]  # fmt: skip


@pytest.mark.parametrize("wrapped", WRAPPED)
def test_mark_up_around_words_is_taken_off(wrapped: str):
    assert plain_text(wrapped % "Very much like me") == "very much like me"


@pytest.mark.parametrize(
    "wrapped", [w for w in WRAPPED if "\n" not in w and w[0] not in ">#|\u2022"]
)
def test_mark_up_within_words_is_taken_off(wrapped: str):
    words = plain_text(f"very {wrapped % 'much'} like me").split()
    assert words == ["very", "much", "like", "me"]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("~~not like me~~ like me", "like me"),
        ("<s>not like me</s> like me", "like me"),
        ("n\u0336o\u0336t\u0336 like me", "like me"),
        ("\\sout{not} like me", "like me"),
        ("\\boxed{like me}", "final answer: like me"),
        ("<answer>like me</answer>", "answer: like me"),
        ("☐ no ☑ yes", "✗ no ✓ yes"),
        ("- [ ] no\n- [x] yes", "- ✗ no\n- ✓ yes"),
        ("ｌｉｋｅ　ｍｅ。", "like me."),
        ("one\r\n\r\ntwo\u2028three", "one\ntwo\nthree"),
        ("it\u2019s", "it's"),
        ('{"answer":"like me\\nbecause"}', "answer:like me\nbecause"),
    ],
)
def test_what_changes_the_words_is_kept(text: str, plain: str):
    assert plain_text(text) == plain


@given(st.text())
def test_any_text_has_a_plain_form_that_is_short(text: str):
    plain = plain_text(text)
    assert plain == plain.strip()
    assert "\r" not in plain


def test_of_a_very_long_answer_both_ends_are_kept():
    plain = plain_text("First. " + "loop " * LONGEST + "Final answer: like me")
    assert plain.startswith("first.")
    assert plain.endswith("final answer: like me")
    assert len(plain) <= LONGEST + 1
