"""Topics of texts, with what says what they are about."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from evals.topics.clusters import Topics, find_topics
from evals.topics.names import TopicText, names_by_model, names_of_words
from ratings.arrays import FloatArray, IntArray
from ratings.errors import DataError
from scorers.topics.words import nearest_texts, top_words

if TYPE_CHECKING:
    from inspect_ai.model import Model


@dataclass(frozen=True, eq=False)
class NamedTopics:
    """Topics of N texts.

    Attributes:
        found: which text is of which topic.
        names: T.
        words: T lists, the heaviest first.
        closest: T arrays of positions of texts, the closest to the centre first.
        furthest: T arrays of positions of texts, the furthest first.
    """

    found: Topics
    names: list[str]
    words: list[list[str]]
    closest: list[IntArray]
    furthest: list[IntArray]


def named_topics(
    texts: Sequence[str],
    embedded: FloatArray,
    *,
    seed: int = 0,
    smallest: int | None = None,
    name_with: "Model | None" = None,
    logs: Path,
) -> NamedTopics:
    """Find topics of embedded texts, and name them.

    Args:
        texts: N.
        embedded: N x D.
        seed: of the clusters.
        smallest: texts that a topic has at least; None for 1 per cent.
        name_with: model that names them; None for names from words.
        logs: folder of that model's log.

    Raises:
        DataError: when texts are too few or all the same, or the model fails.
    """
    if len({text.strip().casefold() for text in texts} - {""}) == 1:
        raise DataError(f"all {len(texts)} texts are the same: there are no topics to find")
    found = find_topics(embedded, seed, smallest)
    words = top_words(texts, found.topic)
    closest = nearest_texts(embedded, found.topic)
    given = [
        TopicText(terms, [texts[n] for n in rows])
        for terms, rows in zip(words, closest, strict=True)
    ]
    if name_with is None or not given:
        names = names_of_words(given)
    else:
        names = names_by_model(given, name_with, logs)
    return NamedTopics(
        found, names, words, closest, nearest_texts(embedded, found.topic, furthest=True)
    )
