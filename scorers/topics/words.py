"""What a topic is about: its words, and the texts closest to its centre."""

from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from ratings.arrays import FloatArray, IntArray

WORDS = 10
TEXTS = 5


def top_words(texts: Sequence[str], topic: IntArray, words: int = WORDS) -> list[list[str]]:
    """The words, and pairs of neighbouring words, that set a topic apart.

    The weight of a term x in topic t is tf(x, t) log(1 + A / f(x)): the term's share of the topic's
    terms, the mean number A of terms of a topic, and how often the term occurs in all. English stop
    words do not count. Source: Grootendorst (2022), BERTopic, equation 2.

    Args:
        texts: N.
        topic: N, 0 to T - 1, or -1 for texts of no topic, which are left out.
        words: how many terms at most.

    Returns:
        T lists, the heaviest term first, equal weights by the alphabet.

    >>> found = top_words(["a red rose", "red tulips", "old cars", "cars"], np.array([0, 0, 1, 1]))
    >>> [one[0] for one in found]
    ['red', 'cars']
    """
    count = int(topic.max(initial=-1)) + 1
    pages = [" ".join(texts[int(n)] for n in np.flatnonzero(topic == t)) for t in range(count)]
    counter = CountVectorizer(stop_words="english", ngram_range=(1, 2))
    try:
        table = counter.fit_transform(pages)
    except ValueError:  # nothing but stop words
        return [[] for _ in range(count)]
    terms = counter.get_feature_names_out()
    sizes = np.asarray(table.sum(axis=1)).ravel()
    inverse = np.log1p(sizes.mean() / np.asarray(table.sum(axis=0)).ravel())
    out = []
    for row, size in zip(table, sizes, strict=True):
        weight = row.data / max(size, 1) * inverse[row.indices]
        order = np.lexsort((terms[row.indices], -weight))[:words]
        out.append(terms[row.indices[order]].tolist())
    return out


def nearest_texts(
    embedded: FloatArray, topic: IntArray, texts: int = TEXTS, *, furthest: bool = False
) -> list[IntArray]:
    """The texts of each topic with the smallest cosine distance to the mean of its texts.

    Args:
        embedded: N x D rows of length 1.
        topic: N, 0 to T - 1 or -1.
        texts: how many.
        furthest: those with the greatest distance, the furthest first.

    Returns:
        T arrays of positions, equal distances in the order of the texts.
    """
    out = []
    for t in range(int(topic.max(initial=-1)) + 1):
        rows = np.flatnonzero(topic == t)
        near = np.round(embedded[rows] @ embedded[rows].mean(axis=0), 12)
        out.append(rows[np.argsort(near if furthest else -near, kind="stable")[:texts]])
    return out
