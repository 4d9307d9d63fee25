"""Words and n-grams of free texts.

Source: Kirk et al. (2024), The PRISM alignment dataset, appendix M, Tables 11 to 20, and the
authors' notebook 10 for the rules.
"""

import string
from collections.abc import Sequence

import numpy as np
import pandas as pd

from scorers.participants.answers import wilson

_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)
_WORD = r"\S+"
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
    from sklearn.feature_extraction.text import CountVectorizer  # slow to import

    person, known = pd.factorize(people)
    counter = CountVectorizer(
        preprocessor=plain_words,
        token_pattern=_WORD,
        ngram_range=(length, length),
        stop_words=list(left_out) or None,
        dtype=np.int32,
    )
    try:
        counts = counter.fit_transform(texts).tocsc()
    except ValueError:  # no text has a word, or so many
        counts, names = None, np.array([], dtype=object)
    else:
        names = counter.get_feature_names_out()
    times = np.zeros(0, dtype=int) if counts is None else np.asarray(counts.sum(axis=0)).ravel()
    first = np.argsort(-times, kind="stable")[:top]
    having = [counts[:, [k]].nonzero()[0] for k in first] if counts is not None else []
    users = np.array([len(np.unique(person[rows])) for rows in having], dtype=int)
    low, high = wilson(users, len(known))
    return pd.DataFrame(
        {
            "n-gram": names[first].astype(object),
            "times": times[first].astype(int),
            "texts": np.array([len(rows) for rows in having], dtype=int),
            "people": users,
            "share": users / max(len(known), 1),
            "share low": low,
            "share high": high,
        }
    )
