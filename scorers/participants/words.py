"""Words and n-grams of free texts.

Source: Kirk et al. (2024), The PRISM alignment dataset, appendix M, Tables 11 to 20, and the
authors' notebook 10 for the rules.
"""

import string
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from scorers.participants.answers import wilson

if TYPE_CHECKING:
    from scipy.sparse import csc_matrix

_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)
_WORD = r"\S+"
_FREQUENT, _MORE = 300, 8  # how many words are taken for frequent at first, and how many times more
# The English stop words of the Snowball project, as NLTK has them, without those with an
# apostrophe: punctuation is dropped before words are compared with them.
_STOP_WORDS = """
i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her
hers herself it its itself they them their theirs themselves what which who whom this that these
those am is are was were be been being have has had having do does did doing a an the and but if or
because as until while of at by for with about against between into through during before after
above below to from up down in out on off over under again further then once here there when where
why how all any both each few more most other some such no nor not only own same so than too very s
t can will just don should now d ll m o re ve y ain aren couldn didn doesn hadn hasn haven isn ma
mightn mustn needn shan shouldn wasn weren won wouldn
"""
STOP_WORDS = tuple(_STOP_WORDS.split())


def plain_words(text: str) -> str:
    """Lower case, without ASCII punctuation.

    >>> plain_words("It's well-known, I'd say.")
    'its wellknown id say'
    """
    return text.lower().translate(_NO_PUNCTUATION)


def word_numbers(texts: "pd.Series[str]") -> "pd.Series[float]":
    """N numbers of words, which white space parts; an empty text has 0, a missing one NaN."""
    return texts.str.count(_WORD).astype(float)


def distinct_words(texts: "pd.Series[str]") -> int:
    """How many different words there are, as they are written."""
    return len(set(" ".join(texts.dropna()).split()))


def released_words(texts: "pd.Series[str]") -> tuple["pd.Series[float]", int]:
    r"""N numbers of words and how many differ, by the rule of the authors' release.

    Single spaces part words, so that two spaces in a row hold an empty word, words across a line
    break are one word, and an empty text has one word.

    >>> numbers, distinct = released_words(pd.Series(["a  b", "b\nc"]))
    >>> numbers.tolist(), distinct
    ([3.0, 1.0], 4)
    """
    numbers = texts.str.count(" ").astype(float) + 1
    return numbers, len(set(" ".join(texts.dropna()).split(" ")))


def top_ngrams(
    texts: "pd.Series[str]",
    people: "pd.Series[str]",
    length: int,
    top: int = 10,
    left_out: Sequence[str] = (),
) -> pd.DataFrame:
    """The most frequent n-grams of words, in lower case and without punctuation.

    Args:
        texts: N.
        people: N, who wrote each.
        length: words in an n-gram.
        top: how many n-grams.
        left_out: words that are dropped before n-grams are made.

    Returns:
        Rows by how often the n-gram occurs, ties by the alphabet, with the columns n-gram, times,
        texts (that have it), people (who use it), share, share low and share high (of people,
        Wilson's interval). Empty where no text has so many words.

    >>> texts = pd.Series(["Good, good answer", "a good answer"])
    >>> top_ngrams(texts, pd.Series(["ann", "bob"]), 2, top=1)[["n-gram", "times"]].values.tolist()
    [['good answer', 2]]
    """
    person, known = pd.factorize(people)
    counts, names = _counts(texts, length, top, frozenset(left_out))
    times = np.asarray(counts.sum(axis=0)).ravel().astype(int)
    first = np.argsort(-times, kind="stable")[:top]
    having = [counts[:, [k]].nonzero()[0] for k in first]
    users = np.array([len(np.unique(person[rows])) for rows in having], dtype=int)
    low, high = wilson(users, len(known))
    return pd.DataFrame(
        {
            "n-gram": names[first],
            "times": times[first],
            "texts": np.array([len(rows) for rows in having], dtype=int),
            "people": users,
            "share": users / max(len(known), 1),
            "share low": low,
            "share high": high,
        }
    )


def _counts(
    texts: "pd.Series[str]", length: int, top: int, left_out: frozenset[str]
) -> "tuple[csc_matrix, np.ndarray[tuple[int], np.dtype[np.object_]]]":
    """N x K counts of n-grams, among which are the `top` most frequent, and their K names sorted.

    An n-gram occurs no more often than the rarest of its words. So those of frequent words are
    counted first, and of rarer ones only while they could be among the most frequent.
    """
    from scipy.sparse import csc_matrix
    from sklearn.feature_extraction.text import CountVectorizer  # slow to import

    def words(text: str) -> list[str]:
        return [word for word in plain_words(text).split() if word not in left_out]

    ranked = Counter(chain.from_iterable(map(words, texts))).most_common()
    size = _FREQUENT
    while True:
        frequent = {word for word, _ in ranked[:size]}
        most_of_others = ranked[size][1] if size < len(ranked) else 0

        def ngrams(text: str, frequent: set[str] = frequent) -> list[str]:
            kept = [word if word in frequent else "" for word in words(text)]
            rows = zip(*(kept[k:] for k in range(length)), strict=False)
            return [" ".join(row) for row in rows if all(row)]

        try:
            counter = CountVectorizer(analyzer=ngrams, dtype=np.int32)
            counts = counter.fit_transform(texts).tocsc()
            names = counter.get_feature_names_out().astype(object)
        except ValueError:  # there is none
            counts, names = csc_matrix((len(texts), 0), dtype=np.int32), np.array([], dtype=object)
        times = np.sort(np.asarray(counts.sum(axis=0)).ravel())
        if not most_of_others or (len(times) >= top and times[-top] > most_of_others):
            return counts, names
        size *= _MORE
