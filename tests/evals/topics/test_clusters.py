"""Topics are recovered; degenerate texts are defined or refused."""

import warnings
from importlib.util import find_spec

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import adjusted_rand_score, homogeneity_score
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline

from evals.topics.clusters import OUTLIER, find_topics
from evals.topics.embeddings import embed, topic_points
from evals.topics.named import named_topics
from ratings.arrays import FloatArray
from ratings.errors import DataError, DataMissingError, with_extra
from ratings.prism.prism import load_prism
from tests.evals.topics.test_embeddings import small_model

needs_umap = pytest.mark.skipif(
    find_spec("umap") is None, reason="umap-learn is not installed: pip install '.[prism]'"
)
WORDS = {
    "garden": "rose soil seed prune compost tulip weed lawn water spade",
    "tax": "income levy budget refund deduct audit invoice customs duty rate",
    "chess": "knight bishop castle gambit opening endgame pawn queen check mate",
    "sea": "harbour tide sail anchor reef wave captain deck storm gull",
}


def corpus(count: int = 400, seed: int = 0):
    rng = np.random.default_rng(seed)
    topic = rng.integers(len(WORDS), size=count)
    pools = [text.split() for text in WORDS.values()]
    return [
        "tell me about " + " ".join(rng.choice(pools[t], 6, replace=False)) for t in topic
    ], topic


@pytest.fixture(params=["none", pytest.param("umap", marks=needs_umap)])
def reduction(request) -> str:
    return request.param


def points_of(texts: list[str], reduction: str) -> FloatArray:
    """Points of few dimensions, or of many, which need a map."""
    return topic_points(texts) if reduction == "none" else embed(texts)


def sample(people: int, seed: int = 0):
    prism = load_prism("sample", people=people, seed=seed)
    topic = prism.truth.topic.loc[prism.conversations.index].to_numpy()
    return prism.conversations["opening_prompt"].tolist(), topic


def test_topics_with_words_of_their_own_are_recovered(reduction):
    texts, truth = corpus()
    found = find_topics(points_of(texts, reduction))
    assert found.reduction == reduction
    assert found.dimensions == 20
    assert found.count >= 4
    sizes = np.bincount(found.topic[found.topic >= 0])
    assert (np.diff(sizes) <= 0).all()
    assert sizes.min() >= found.smallest == 5
    larger = find_topics(points_of(texts, reduction), smallest=40)
    assert larger.count == 4
    assert adjusted_rand_score(truth, larger.topic) > 0.9


@pytest.mark.parametrize("seed", range(3))
def test_the_samples_prompts_fall_into_their_topics(seed: int):
    """Ten seeds have indices of .57 to .70, and of .79 to .91 among prompts in topics."""
    texts, truth = sample(400, seed)
    found = find_topics(topic_points(texts))
    kept = found.topic != OUTLIER
    assert 10 <= found.count <= 20  # of 12
    assert kept.mean() > 0.78
    assert adjusted_rand_score(truth, found.topic) > 0.53
    assert adjusted_rand_score(truth[kept], found.topic[kept]) > 0.75
    assert homogeneity_score(truth[kept], found.topic[kept]) > 0.85


def test_the_samples_topics_are_neither_hidden_nor_plain():
    """What a classifier with labels reaches, by its words: .9; by sentences repeated, nothing."""
    texts, truth = sample(400)
    reader = make_pipeline(TfidfVectorizer(sublinear_tf=True), LogisticRegression(C=20))
    index = adjusted_rand_score(truth, cross_val_predict(reader, texts, truth, cv=5))
    assert 0.8 < index < 0.95
    assert len(set(texts)) > 0.9 * len(texts)


@needs_umap
def test_a_small_model_and_the_papers_settings_find_the_samples_topics():
    texts, truth = sample(400)
    found = find_topics(embed(texts, small_model()))
    assert found.reduction == "umap"
    kept = found.topic != OUTLIER
    assert kept.mean() > 0.85
    assert adjusted_rand_score(truth, found.topic) > 0.7  # .80
    assert adjusted_rand_score(truth[kept], found.topic[kept]) > 0.78  # .86


@pytest.mark.slow
def test_topics_are_recovered_at_the_size_of_prism(in_full):
    for seed in range(5 if in_full else 1):
        texts, truth = sample(1_500, seed)
        found = find_topics(topic_points(texts)).topic
        assert adjusted_rand_score(truth, found) > 0.45  # five seeds: .49 to .63
        kept = found != OUTLIER
        assert adjusted_rand_score(truth[kept], found[kept]) > 0.75  # .81 to .85


def test_a_seed_gives_the_same_topics_again(reduction):
    rows = points_of(corpus()[0], reduction)
    assert find_topics(rows, 3).topic.tolist() == find_topics(rows, 3).topic.tolist()


def test_many_dimensions_without_a_map_say_what_to_install(monkeypatch):
    monkeypatch.setattr("evals.topics.clusters.find_spec", lambda name: None)
    with pytest.raises(DataMissingError, match="need umap-learn") as error:
        find_topics(embed(corpus()[0]))
    assert with_extra("prism") in str(error.value)


def test_empty_long_foreign_and_repeated_texts_have_their_topics(reduction):
    texts, _ = corpus(120)
    odd = ["", "   ", "\n"]
    long = " ".join([texts[0]] * 500)[:30_000]
    foreign = ["¿Cómo se cultivan las rosas?", "如何种植玫瑰", "كيف تزرع الورود"]
    rows = points_of([*texts, *odd, long, *foreign, *[texts[0]] * 30], reduction)
    found = find_topics(rows)
    assert (found.topic[120:123] == OUTLIER).all()
    assert not rows[120:123].any()
    assert np.linalg.norm(rows[123]) == pytest.approx(1)
    assert rows[123] @ rows[0] > 0.9
    same = found.topic[127:]
    assert len(set(same.tolist())) == 1
    assert same[0] == found.topic[0] != OUTLIER


def test_too_few_texts_and_texts_all_the_same_are_refused_in_one_line(tmp_path):
    with pytest.raises(DataError, match="9 of 11 texts can be compared .* too few") as error:
        find_topics(embed([*corpus(9)[0], "", " "]))
    assert "\n" not in str(error.value)
    for texts in (["hello"] * 40, ["hello there", "Hello there "] * 20):
        with pytest.raises(DataError, match="all 40 texts are the same"):
            named_topics(texts, topic_points(texts), logs=tmp_path)
    with pytest.raises(DataError, match="40 texts are the same"):
        find_topics(np.tile([[0.6, 0.8]], (40, 1)))


def test_a_handful_of_different_texts_is_clustered_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = find_topics(embed(corpus(12)[0]))
    assert found.reduction == "none"
    assert found.topic.min() >= OUTLIER
