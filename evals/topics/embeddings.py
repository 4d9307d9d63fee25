"""Texts as points: directions of weighted words, or a sentence-transformers model."""

from collections.abc import Sequence
from importlib.util import find_spec

import numpy as np

from decoders.embedded.text_features import TextFeatures
from ratings.arrays import FloatArray
from ratings.errors import DataError, DataMissingError, with_extra

TFIDF = "tfidf"
DIMENSIONS = 100  # of `tfidf`, at most
PAPER_MODEL = "sentence-transformers/all-mpnet-base-v2"

_AT_A_TIME = 64  # texts given to a model


def embed(texts: Sequence[str], model: str = TFIDF, seed: int = 0) -> FloatArray:
    """Texts as rows of length 1.

    Args:
        texts: N; those with white space only, and for `tfidf` those without a word, are rows of
            zeros.
        model: `tfidf`, for at most `DIMENSIONS` directions of weighted words and pairs of words
            (latent semantic analysis, of the texts given); else the path or name of a
            sentence-transformers model, which the extra `prism` reads. Such a model reads the
            beginning of a long text only.
        seed: of the decomposition.

    Returns:
        N x D; D is 0 where no text has content, or `tfidf` sees no difference between them.

    Raises:
        DataMissingError: when the extra is not installed.
        DataError: when there is no such model.

    >>> embed(["the sea", "", "a mountain lake"]).round(2).any(axis=1).tolist()
    [True, False, True]
    """
    if model == TFIDF:
        return TextFeatures(texts, DIMENSIONS, pairs=True, seed=seed).of(texts)
    return _by_transformer(texts, model)


def _by_transformer(texts: Sequence[str], model: str) -> FloatArray:
    if find_spec("sentence_transformers") is None:
        raise DataMissingError(
            f"the embedding model {model!r} needs sentence-transformers: {with_extra('prism')}; "
            f"or leave --model out for {TFIDF}, which needs nothing"
        )
    from sentence_transformers import SentenceTransformer

    try:
        encoder = SentenceTransformer(model)
    except (OSError, ValueError, RuntimeError, ImportError) as error:
        reason = str(error).strip().partition("\n")[0]
        raise DataError(
            f"no embedding model {model!r}: {reason}; give the folder of a sentence-transformers "
            f"model, or {TFIDF}"
        ) from error
    different = {text: n for n, text in enumerate(dict.fromkeys(filter(str.strip, texts)))}
    if not different:
        return np.zeros((len(texts), 0))
    rows = encoder.encode(
        list(different),
        batch_size=_AT_A_TIME,
        normalize_embeddings=True,
        show_progress_bar=False,
    )
    of_nothing = np.zeros((1, rows.shape[1]))
    found: FloatArray = np.concatenate([rows, of_nothing])[[different.get(t, -1) for t in texts]]
    return found.astype(np.float64)
