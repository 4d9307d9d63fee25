"""Which adjectives people use, with a tagger of parts of speech.

Source: Kirk et al. (2024), The PRISM alignment dataset, appendix M, Tables 15, 17 and 19, whose
tagger is NLTK's.
"""

import warnings
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import TypeAlias

import numpy as np
import pandas as pd

from ratings.errors import DataError, with_extra
from scorers.participants.answers import wilson

Tagger: TypeAlias = Callable[[str], list[tuple[str, str]]]

ADJECTIVE = "JJ"
EXTRA = "words"


def load_tagger() -> Tagger:
    """The tagger of TextBlob: words of a text with their parts of speech, in the Penn tags.

    Raises:
        DataError: where the extra is not installed.
    """
    try:
        tag: Tagger = import_module("textblob.en").tag
    except ImportError:
        raise DataError(f"adjectives need a tagger; install it: {with_extra(EXTRA)}") from None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        tag("a word")  # it reads its lexicon now, and leaves the files open
    return tag


def top_adjectives(
    texts: "pd.Series[str]",
    people: "pd.Series[str]",
    tag: Tagger,
    seed: int,
    *,
    top: int = 20,
    question: str = "",
    window: int = 5,
    examples: int = 3,
) -> pd.DataFrame:
    """The adjectives that most texts have, each with examples.

    Args:
        texts: N.
        people: N, who wrote each.
        tag: parts of speech.
        seed: of which examples are shown.
        top: how many adjectives.
        question: what people were asked; its adjectives do not count.
        window: words that an example shows on either side.
        examples: how many are shown.

    Returns:
        Rows by how many texts have the adjective, ties by the alphabet, with the columns adjective,
        texts (a text counts once, as in the release, whose tables call this a frequency), people
        (who use it), share, share low and share high (of people, Wilson's interval) and examples.

    >>> said = pd.Series(["a good and good day", "a good man"])
    >>> tag = lambda text: [(word, "JJ" if word == "good" else "NN") for word in text.split()]
    >>> found = top_adjectives(said, pd.Series(["ann", "bob"]), tag, seed=0)
    >>> found[["adjective", "texts"]].values.tolist()
    [['good', 2]]
    """
    asked = set(_adjectives(tag(question))) if question else set()
    rows = [
        (number, word, position)
        for number, tagged in enumerate(map(tag, texts))
        for word, position in _adjectives(tagged).items()
        if word not in asked
    ]
    found = pd.DataFrame(rows, columns=["text", "adjective", "position"])
    person, known = pd.factorize(people)
    found["person"] = person[found["text"].to_numpy(dtype=int)]
    by_word = found.groupby("adjective")
    table = pd.DataFrame({"texts": by_word.size(), "people": by_word["person"].nunique()})
    table = table.sort_values("texts", ascending=False, kind="stable").head(top).reset_index()
    table["share"] = table["people"] / max(len(known), 1)
    table["share low"], table["share high"] = wilson(table["people"], len(known))
    rng = np.random.default_rng(seed)
    shown = []
    for word in table["adjective"]:
        uses = found[found["adjective"].eq(word)]
        drawn = uses.sample(min(examples, len(uses)), random_state=rng).sort_index()
        where = zip(drawn["text"].tolist(), drawn["position"].tolist(), strict=True)
        shown.append(" | ".join(_window(tag(texts.iloc[t]), p, window) for t, p in where))
    table["examples"] = shown
    return table


def _adjectives(tagged: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Each adjective in lower case, and where it first is."""
    found: dict[str, int] = {}
    for position, (word, part) in enumerate(tagged):
        if part == ADJECTIVE and word.isalpha():
            found.setdefault(word.lower(), position)
    return found


def _window(tagged: list[tuple[str, str]], position: int, size: int) -> str:
    words = [word for word, _ in tagged]
    return " ".join(words[max(0, position - size) : position + size + 1])
