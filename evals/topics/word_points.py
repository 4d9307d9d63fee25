"""Texts as points without a model: what words the texts themselves use together.

Singular values of weighted texts (latent semantic analysis) follow how people ask rather than what
about, where prompts are short. So words get positions first, from the words that they occur with,
and a text lies at the weighted mean of its words.

Source: Levy and Goldberg (2014), Neural word embedding as implicit matrix factorization, with the
context distribution raised to 0.75 (Levy, Goldberg and Dagan, 2015); Arora, Liang and Ma (2017), A
simple but tough-to-beat baseline for sentence embeddings, for the weights of words.
"""

from collections.abc import Sequence

import numpy as np
from scipy import sparse
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer

from ratings.arrays import FloatArray

_WORD = r"(?u)\b\w+\b"
_FEWEST = 2  # texts that have a word which counts
_SMOOTHING = 0.75  # power of the frequency of a word as a context
_RARE = 1e-3  # a: the share of words at which a word's weight is halved


def word_points(texts: Sequence[str], dimensions: int, seed: int = 0) -> FloatArray:
    """Texts as rows of length 1, close where their words occur in the same texts.

    Words of two texts or more count, other than English stop words. A word's position is its row of
    U S^(1/2), of the largest singular values of the positive pointwise mutual information between
    words of the same text; a text's the mean of its words with weights a / (a + p), p the word's
    share of all words.

    Args:
        texts: N.
        dimensions: D, at most.
        seed: of the decomposition.

    Returns:
        N x D; rows of zeros for texts without a word that occurs elsewhere and with others. D is
        less where words are few, and 0 where there are none.

    >>> found = word_points(["red roses grow", "roses are red", "big dogs bark", "big dogs"], 2)
    >>> (found @ found.T > 0.5)[0].tolist()
    [True, True, False, False]
    """
    counter = CountVectorizer(
        binary=True, stop_words="english", token_pattern=_WORD, min_df=min(_FEWEST, len(texts))
    )
    try:
        words = counter.fit_transform(texts).astype(np.float64)
    except ValueError:  # no word counts
        return np.zeros((len(texts), 0))
    information = _mutual_information(words)
    size = min(dimensions, information.shape[0] - 1)
    if size < 1 or not information.nnz:
        return np.zeros((len(texts), 0))
    directions = TruncatedSVD(size, random_state=seed)
    scaled = directions.fit_transform(information)
    roots = np.sqrt(directions.singular_values_)
    positions = np.divide(scaled, roots, out=np.zeros_like(scaled), where=roots > 0)
    share = np.asarray(words.sum(axis=0)).ravel() / words.sum()
    found = words.multiply(_RARE / (_RARE + share)).tocsr() @ positions
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    unit: FloatArray = np.divide(found, lengths, out=np.zeros_like(found), where=lengths > 1e-9)
    return unit


def _mutual_information(words: sparse.csr_matrix) -> sparse.csr_matrix:
    """Positive pointwise mutual information of W words, W x W, from N x W occurrences in texts."""
    together = (words.T @ words).tocoo()
    apart = together.row != together.col
    row, column, count = together.row[apart], together.col[apart], together.data[apart]
    size = together.shape[0]
    of_word = np.bincount(row, count, size)
    of_context = of_word**_SMOOTHING
    expected = of_word[row] * of_context[column] / max(of_context.sum(), 1)
    information = np.log(count / expected)
    kept = information > 0
    shape = (size, size)
    return sparse.csr_matrix((information[kept], (row[kept], column[kept])), shape=shape)
