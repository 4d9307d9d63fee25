"""What a model reads: what is known of a participant, a conversation, and replies to it."""

from collections.abc import Mapping, Sequence
from importlib import resources

from benchmarks._ask_distribution import LETTER, stated_form
from ratings.input.prompt_template import LETTERS, fill, load_template, template_hash
from scorers.inspect_adapter.decoded import LOGPROBS, STATED

QUESTION, BY_LETTER, AS_STATED = "template.txt", "answer_letter.txt", "answer_stated.txt"
FIELDS = ("known", "conversation", "replies", "answer")
Turns = Sequence[tuple[str, str]]


def prompt_templates(path: str | None) -> dict[str, str]:
    """The template of the question and the two ways to ask for the answer.

    Args:
        path: of the user's template of the question; None for the one that ships.

    Raises:
        DataError: when there is no file at the path, it is not text, or it lacks a field.
    """
    folder = resources.files("benchmarks.prism")
    shipped = {
        name: (folder / name).read_text(encoding="utf-8").strip()
        for name in (QUESTION, BY_LETTER, AS_STATED)
    }
    return {**shipped, QUESTION: load_template(shipped[QUESTION], FIELDS, path)}


def templates_hash(templates: Mapping[str, str]) -> str:
    """SHA-256 of all three."""
    return template_hash(*templates.values())


def render_prompts(
    templates: Mapping[str, str], known: str, earlier: Turns, message: str, replies: Sequence[str]
) -> dict[str, str]:
    """The question about one turn, by the way in which the answer is asked for.

    Args:
        templates: by `prompt_templates`.
        known: what is known of the participant.
        earlier: message and chosen reply of each earlier turn of the conversation.
        message: of the turn.
        replies: texts in the order shown.
    """
    lines = [part for said, reply in earlier for part in (f"Person: {said}", f"Model: {reply}")]
    parts = {
        "known": known,
        "conversation": "\n\n".join([*lines, f"Person: {message}"]),
        "replies": "\n\n".join(
            f"Reply {letter}:\n{text}" for letter, text in zip(LETTERS, replies, strict=False)
        ),
    }
    stated = fill(templates[AS_STATED], {"form": stated_form(len(replies))})
    by_letter = fill(templates[QUESTION], {**parts, "answer": templates[BY_LETTER]})
    return {
        LETTER: by_letter,
        LOGPROBS: by_letter,
        STATED: fill(templates[QUESTION], {**parts, "answer": stated}),
    }
