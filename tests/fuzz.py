"""Malformed answers for the readers of answers: random ones by a seed, and endless loops."""

import time
from collections.abc import Callable, Iterator, Sequence

from numpy.random import Generator

# What goes wrong in the middle of a text: mark-up, quotes, signs that nobody sees, control signs.
NOISE = (
    *"{}[]()<>\"'`:,;.!?%/\\|-_*#~=&@0123456789\n\t ",
    "\u201c", "\u201d", "\u2019", "\u300c", "\u300d", "\u3002", "\uff1a", "\uff21", "\u200b",
    "\u200d", "\ufeff", "\u00a0", "\u2028", "\u0130", "\u00df", "\u0301", "\x00", "\x85", "\ud800",
    "\U0001f44d", "\\u0041", "\\n", "\\\"", "&nbsp;", "&lt;", "<b>", "</b>", "<br>", "**", "```",
    "```json", "\\boxed{", "\\text{", "$", "null", "NaN", "true", "1e400", "9" * 400,
)  # fmt: skip
FRAMES = (
    "{}", " {} ", "**{}**", "# {}", "> {}", "- {}", '"{}"', "'{}'", "`{}`", "```\n{}\n```",
    "```json\n{}\n```", "({})", "[{}]", "{{{}}}", "<b>{}</b>",
    "<answer>{}</answer>", "\\boxed{{{}}}",
    "$\\text{{{}}}$", '{{"answer": "{}"}}', '{{"draft": {}, "final": {}}}', "<think>{}</think>",
    "<think>{}", "{}</think>", "Answer: {}", "Final answer: {}", "Sure! {}", "{}?", "Not {}",
    "I would not say {}", "{}, no wait: {}", "Either {} or {}", "{} because of that.", "{} {}",
    "Let me think. {} Hmm. {}",
)  # fmt: skip
JOINS = ("", " ", "\n", "\n\n", ", ", ". ", "; ", " or ", " and ", " but ", ": ", " - ", "\u200b")


def malformed(rng: Generator, seeds: Sequence[str]) -> str:
    """An answer that is wrong in some way: pieces joined, framed, repeated, cut and changed.

    Args:
        rng: what is drawn; the same state gives the same text.
        seeds: answers, parts of answers, and whatever looks like either.
    """
    text = arranged(rng, seeds)
    for _ in range(int(rng.integers(0, 7))):
        start = int(rng.integers(0, len(text) + 1))
        end = min(len(text), start + int(rng.choice([0, 1, 1, 2, 5, 60])))
        kind = rng.integers(0, 6)
        if kind == 0:
            piece = ""
        elif kind == 1:
            piece = text[start:end] * int(rng.integers(2, 5))
        elif kind == 2:
            piece = text[start:end].swapcase()
        elif kind == 3:
            piece = _one(rng, seeds)
        else:
            piece = _one(rng, NOISE)
        text = text[:start] + piece + text[end:]
    if rng.random() < 0.2:
        text = text[: int(rng.integers(0, len(text) + 1))]
    return text


def arranged(rng: Generator, pieces: Sequence[str]) -> str:
    """Some of the pieces, each of them whole, joined and framed in ways that models use."""
    parts = [_one(rng, pieces)]
    for _ in range(int(rng.integers(0, 4))):
        parts += [_one(rng, JOINS), _one(rng, pieces)]
    if rng.random() < 0.1:
        parts *= int(rng.integers(2, 12))
    text = "".join(parts)
    for _ in range(int(rng.integers(0, 3))):
        frame = _one(rng, FRAMES)
        text = frame.format(*[text] * 2)
    return text


def loops(tokens: Sequence[str], length: int) -> Iterator[str]:
    """Texts of a looping model, each some `length` long: every token and pair of tokens repeated.

    Also each token before and behind a long run of white space, letters, digits or brackets.
    """
    for token in tokens:
        yield token * (length // len(token))
        for other in tokens:
            if other != token:
                yield (token + other) * (length // (len(token) + len(other)))
                yield token + other * (length // len(other))
        for run in (" ", "\n", "a", "1", "{", "[", "(", '"', "*", "\u200b"):
            yield token + run * length
            yield run * length + token
            yield (token + run * 40) * (length // (len(token) + 40))


def processor_seconds(read: Callable[[str], object], text: str) -> float:
    """Processor time that reading a text takes."""
    start = time.process_time()
    read(text)
    return time.process_time() - start


def slowest(read: Callable[[str], object], texts: Iterator[str]) -> tuple[float, str]:
    """Processor seconds of the text that takes longest, and that text's first 80 characters."""
    worst, which = 0.0, ""
    for text in texts:
        took = processor_seconds(read, text)
        if took > worst:
            # what else the machine does may take time once, not twice
            took = min(took, processor_seconds(read, text))
        if took > worst:
            worst, which = took, text[:80]
    return worst, which


def _one(rng: Generator, of: Sequence[str]) -> str:
    return of[int(rng.integers(0, len(of)))]
