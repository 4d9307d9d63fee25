"""Texts as points: directions of weighted words, or a sentence-transformers model."""

from collections.abc import Callable, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from decoders.embedded.text_features import TextFeatures
from evals.topics.kept_embeddings import kept_embeddings, model_digest
from evals.topics.word_points import word_points
from ratings.arrays import FloatArray
from ratings.errors import DataError, DataMissingError, with_extra

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

TFIDF = "tfidf"
DIMENSIONS = 100  # of `tfidf`, at most
POINTS = 20  # dimensions of `tfidf` for topics, at most: as many as the paper's map has
PAPER_MODEL = "sentence-transformers/all-mpnet-base-v2"

_AT_A_TIME = 64  # texts given to a model
_PATIENCE = 20  # seconds for the hub to answer
_CONFIGURED = ("modules.json", "config.json")  # either is in the folder of a model


def embed(texts: Sequence[str], model: str = TFIDF, seed: int = 0) -> FloatArray:
    """Texts as rows of length 1.

    Args:
        texts: N; those with white space only, and for `tfidf` those without a word, are rows of
            zeros.
        model: `tfidf`, for at most `DIMENSIONS` directions of weighted words and pairs of words
            (latent semantic analysis, of the texts given); else the path or name of a
            sentence-transformers model, which the extra `prism` reads. Such a model reads the
            beginning of a long text only, and each text once: its rows are kept on disk.
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


def topic_points(texts: Sequence[str], model: str = TFIDF, seed: int = 0) -> FloatArray:
    """Texts as rows of length 1 in which those about one topic are close.

    Args:
        texts: N.
        model: `tfidf`, for `POINTS` numbers from the words that the texts use together, see
            `word_points`; else as `embed` takes it.
        seed: of the decomposition.

    Returns:
        N x D; rows of zeros for texts without content, and for `tfidf` without a word that counts.

    Raises:
        DataMissingError: when the extra is not installed.
        DataError: when there is no such model.
    """
    return word_points(texts, POINTS, seed) if model == TFIDF else embed(texts, model, seed)


def _by_transformer(texts: Sequence[str], model: str) -> FloatArray:
    if find_spec("sentence_transformers") is None:
        raise DataMissingError(
            f"the embedding model {model!r} needs sentence-transformers: {with_extra('prism')}; "
            f"or leave --model out for {TFIDF}, which needs nothing"
        )
    different = {text: n for n, text in enumerate(dict.fromkeys(filter(str.strip, texts)))}
    if not different:
        return np.zeros((len(texts), 0))
    folder = _folder_of(model)
    if folder is None:
        _fetch_model(model)
        folder = _folder_of(model)
    encode = partial(_encoded, partial(_encoder, str(folder or model)))
    new = list(different)
    rows = kept_embeddings(new, model_digest(folder), encode) if folder else encode(new)
    of_nothing = np.zeros((1, rows.shape[1]))
    found: FloatArray = np.concatenate([rows, of_nothing])[[different.get(t, -1) for t in texts]]
    return found.astype(np.float64)


def _folder_of(model: str) -> Path | None:
    """Where the files of a model are; None where they are not on this machine."""
    folder = Path(model)
    if folder.is_dir():
        if not any((folder / name).is_file() for name in _CONFIGURED):
            raise _no_model(model, f"the folder has no {' or '.join(_CONFIGURED)}")
        return folder
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(model, local_files_only=True))
    except (OSError, ValueError):  # not there, or not a name
        return None


def _fetch_model(model: str) -> None:
    """Bring a model of the hub to this machine, which loading it does."""
    from huggingface_hub import HfApi

    try:
        HfApi().model_info(model, timeout=_PATIENCE)  # loading tries a dead line for minutes
    except Exception as error:  # the libraries below raise their own
        reason = str(error).strip().partition("\n")[0]
        raise _no_model(model, f"no such folder, and the hub: {reason}") from error
    _encoder(model)


def _encoder(model: str) -> "SentenceTransformer":
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()
    try:
        return SentenceTransformer(model)
    except (OSError, ValueError, RuntimeError, ImportError) as error:
        raise _no_model(model, str(error).strip().partition("\n")[0]) from error


def _no_model(model: str, reason: str) -> DataError:
    return DataError(
        f"no embedding model {model!r}: {reason}; give the folder or name of a "
        f"sentence-transformers model, or {TFIDF}"
    )


def _encoded(encoder: "Callable[[], SentenceTransformer]", texts: Sequence[str]) -> FloatArray:
    rows = encoder().encode(
        list(texts), batch_size=_AT_A_TIME, normalize_embeddings=True, show_progress_bar=False
    )
    return np.asarray(rows)
