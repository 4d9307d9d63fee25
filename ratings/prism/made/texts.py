"""English sentences of our own wording, put together as prompts, replies and people's own texts."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from ratings.arrays import BoolArray, IntArray
from ratings.prism.codebook import EMPTY_REPLY, STATED
from ratings.sources.cards import load_card
from ratings.sources.fetch import fetch

GREETING = "greeting"
PHRASES = ("de_anthropomorphise", "refusal", "self_identification")
FEATURES = ("characters", "line_breaks", "question_marks", "enumeration", *PHRASES, "empty")


@lru_cache
def texts() -> dict[str, Any]:
    """The sentences of the sample's card."""
    path = fetch(load_card("prism_sample"), ["texts"])["texts.json"]
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def topic_names() -> tuple[str, ...]:
    """The T topics."""
    return tuple(texts()["topics"])


def follow_ups(count: int, rng: np.random.Generator) -> list[str]:
    """Prompts of later turns."""
    return drawn(texts()["follow_ups"], count, rng)


def replies(
    topic: IntArray,
    sentences: IntArray,
    features: pd.DataFrame,
    canned: IntArray,
    rng: np.random.Generator,
) -> list[str]:
    """N replies.

    Args:
        topic: N.
        sentences: N, how many sentences each has.
        features: N rows of booleans `line_breaks`, `question_marks`, `enumeration`, `empty` and
            the phrases: what each is to contain.
        canned: N, which greeting it is word by word; -1 for none.
        rng: of the sentences.
    """
    if not len(topic):
        return []
    given = texts()
    pools = [[*entry["sentences"], *given["sentences"]] for entry in given["topics"].values()]
    sizes = np.array([len(pool) for pool in pools])[topic]
    ends = np.cumsum(sentences)
    picked = (rng.random(int(ends[-1])) * np.repeat(sizes, sentences)).astype(int)
    flags = [features[name].to_numpy() for name in ("line_breaks", "enumeration", "empty")]
    starts = np.array(drawn(given["openings"], len(topic), rng), dtype=object)
    for phrase in PHRASES:
        said = features[phrase].to_numpy()
        starts[said] = np.array(drawn(given["phrases"][phrase], int(said.sum()), rng), object)
    closings = np.array(drawn(given["questions"], len(topic), rng), dtype=object)
    closings[~features["question_marks"].to_numpy()] = ""
    greetings, out, first = given["greetings"], [], 0
    for n, end in enumerate(ends):
        if flags[2][n]:
            out.append(EMPTY_REPLY)
        elif canned[n] >= 0:
            out.append(greetings[canned[n]])
        else:
            pool = pools[topic[n]]
            body = [pool[i] for i in picked[first:end]]
            out.append(_reply(starts[n], body, closings[n], flags[0][n], flags[1][n]))
        first = end
    return out


def _reply(start: str, body: list[str], closing: str, breaks: bool, enumeration: bool) -> str:
    if enumeration:
        listed = [f"{number}. {sentence}" for number, sentence in enumerate(body, 1)]
        parts = [start, *listed]
    elif breaks:
        half = len(body) // 2
        parts = [" ".join([start, *body[:half]]), " ".join(body[half:])]
    else:
        parts = [" ".join([start, *body])]
    if closing:
        parts[-1] = f"{parts[-1]} {closing}"
    return "\n".join(parts)


def measured(written: Sequence[str], planned: pd.DataFrame, canned: BoolArray) -> pd.DataFrame:
    """What N replies contain: `FEATURES`, of which only `characters` is a number."""
    text = pd.Series(written, index=planned.index, dtype="str")
    own = ~canned & ~planned["empty"]
    frame = {
        "characters": text.str.len(),
        "line_breaks": text.str.contains("\n", regex=False),
        "question_marks": text.str.contains("?", regex=False),
        "enumeration": text.str.contains("\n1.", regex=False),
        **{phrase: planned[phrase] & own for phrase in PHRASES},
        "empty": planned["empty"],
    }
    return pd.DataFrame(frame)[list(FEATURES)]


def self_descriptions(count: int, rng: np.random.Generator) -> list[str]:
    """What people write of themselves."""
    return _filled(texts()["descriptions"], texts()["values"], count, rng)


def system_strings(first: IntArray, second: IntArray, rng: np.random.Generator) -> list[str]:
    """What people tell a model to do: the attributes with the given positions in `STATED`."""
    behaviours = texts()["behaviours"]
    named = [behaviours[name] for name in STATED if name in behaviours]
    forms = drawn(texts()["instructions"], len(first), rng)
    return [
        form.format(named[a], named[b]) for form, a, b in zip(forms, first, second, strict=True)
    ]


def open_feedback(count: int, rng: np.random.Generator) -> list[str]:
    """What people write of a conversation."""
    forms = drawn(texts()["feedback"], count, rng)
    judged, wished = (drawn(texts()[name], count, rng) for name in ("judgements", "wishes"))
    return [form.format(a, b) for form, a, b in zip(forms, judged, wished, strict=True)]


def _filled(
    forms: Sequence[str], words: Sequence[str], count: int, rng: np.random.Generator
) -> list[str]:
    first = rng.integers(len(words), size=count)
    second = (first + rng.integers(1, len(words), size=count)) % len(words)
    chosen = drawn(forms, count, rng)
    return [
        form.format(words[a], words[b]) for form, a, b in zip(chosen, first, second, strict=True)
    ]


def drawn(sentences: Sequence[str], count: int, rng: np.random.Generator) -> list[str]:
    """Sentences drawn evenly, with replacement."""
    return [sentences[i] for i in rng.integers(len(sentences), size=count)]
