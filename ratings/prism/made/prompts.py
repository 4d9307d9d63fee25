"""Opening prompts about a topic: its words in many frames, and what many people write alike."""

import numpy as np

from ratings.arrays import BoolArray, IntArray
from ratings.prism.made.texts import GREETING, drawn, texts, topic_names

_OWN_FRAMES = 0.5  # share of worded prompts in a frame of their topic, else in one for any topic
_STRAY = 0.1  # share of worded prompts of which one word is another topic's
_VAGUE = 0.04  # share of worded prompts without a word of their topic
_FRAMED = 0.3  # share of worded prompts that begin, and that end, with what people add
_SLOTS = "abc"


def opening_prompts(topic: IntArray, common: float, rng: np.random.Generator) -> list[str]:
    """A prompt about each topic given.

    A greeting is a greeting. Of the others `common` are among the few sentences of the topic that
    many people write, and the rest put one to three words of the topic into a frame, either the
    topic's or one for any topic; a few have a word of another topic, or none. Around each is what
    people add.

    Args:
        topic: N, positions in `topic_names()`.
        common: share of prompts other than greetings that many people write alike.
        rng: of the prompts.
    """
    count = len(topic)
    lists = [entry["prompts"] for entry in texts()["topics"].values()]
    before, after = texts()["prefixes"], texts()["suffixes"]
    which = rng.integers([len(lists[t]) for t in topic])
    prefix = rng.integers(len(before), size=count)
    suffix = rng.integers(len(after), size=count)
    greeting = topic == topic_names().index(GREETING)
    wording = rng.spawn(1)[0]  # leaves the other draws of a sample as they are
    alike = greeting | (wording.random(count) < common)
    written = np.array([lists[t][w] for t, w in zip(topic, which, strict=True)], dtype=object)
    written[~alike] = _worded(topic[~alike], wording)
    bare = np.where(alike, greeting, wording.random((2, count)) > _FRAMED)
    return [
        f"{'' if begins else before[p]}{text}{'' if ends else after[s]}"
        for text, p, s, begins, ends in zip(written, prefix, suffix, *bare, strict=True)
    ]


def _worded(topic: IntArray, rng: np.random.Generator) -> list[str]:
    """A frame with words of each topic."""
    count = len(topic)
    entries = list(texts()["topics"].values())
    named = np.array([number for number, entry in enumerate(entries) if "words" in entry])
    words, other = _words(topic, rng), _words(rng.choice(named, count), rng)
    slot = rng.integers(len(_SLOTS), size=count)
    stray: BoolArray = rng.random(count) < _STRAY
    own, vague = rng.random(count) < _OWN_FRAMES, rng.random(count) < _VAGUE
    shared = drawn(texts()["frames"], count, rng)
    about_nothing = drawn(texts()["vague"], count, rng)
    of_topic = rng.random(count)
    out = []
    for n, t in enumerate(topic):
        frames = entries[t]["frames"]
        frame = frames[int(of_topic[n] * len(frames))] if own[n] else shared[n]
        filled = dict(zip(_SLOTS, words[n], strict=True))
        if stray[n]:
            filled[_SLOTS[slot[n]]] = other[n][0]
        text = about_nothing[n] if vague[n] else frame.format(**filled)
        out.append(text[0].upper() + text[1:])
    return out


def _words(topic: IntArray, rng: np.random.Generator) -> list[list[str]]:
    """Three different words of each topic; the first of its list are the most frequent."""
    out: list[list[str]] = [[] for _ in topic]
    for t in np.unique(topic):
        known = list(texts()["topics"].values())[t]["words"]
        rows = np.flatnonzero(topic == t)
        weight = -0.5 * np.log(np.arange(1, len(known) + 1))
        keys = weight + rng.gumbel(size=(len(rows), len(known)))  # the greatest keys are a draw
        for row, order in zip(rows, np.argsort(-keys, axis=1)[:, : len(_SLOTS)], strict=True):
            out[row] = [known[position] for position in order]
    return out
