"""Texts as a few numbers, without a rating seen."""

from collections.abc import Sequence

import numpy as np
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from ratings.arrays import FloatArray

_WORD = r"(?u)\b\w+\b"


class TextFeatures:
    """Leading directions of the weighted words of some texts (latent semantic analysis)."""

    def __init__(self, texts: Sequence[str], dimensions: int, *, pairs: bool, seed: int) -> None:
        """Learn words and directions.

        Args:
            texts: to learn from.
            dimensions: at most; texts with few words give fewer.
            pairs: count pairs of neighbouring words too.
            seed: of the decomposition.
        """
        self._learned: tuple[TfidfVectorizer, TruncatedSVD] | None = None
        different = sorted(set(filter(str.strip, texts)))
        if len(different) < 2:
            return
        words = TfidfVectorizer(
            sublinear_tf=True, ngram_range=(1, 2 if pairs else 1), token_pattern=_WORD
        )
        try:
            table = words.fit_transform(different)
        except ValueError:  # texts without a word
            return
        size = min(dimensions, *table.shape)
        if size > 1:  # along one direction texts of length 1 do not differ
            with np.errstate(invalid="ignore"):  # the variance of texts that differ in case only
                self._learned = words, TruncatedSVD(size, random_state=seed).fit(table)

    @property
    def dimensions(self) -> int:
        """F; 0 where the texts do not differ."""
        return 0 if self._learned is None else int(self._learned[1].n_components)

    def of(self, texts: Sequence[str]) -> FloatArray:
        """The features of T texts, T x F, of length 1 unless a text has no known word."""
        if self._learned is None:
            return np.zeros((len(texts), 0))
        words, directions = self._learned
        found = directions.transform(words.transform(texts))
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        unit: FloatArray = np.divide(found, lengths, out=np.zeros_like(found), where=lengths > 1e-9)
        return unit
