"""Topics are recovered; degenerate texts are defined or refused."""

import warnings
from importlib.util import find_spec

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score, homogeneity_score

from evals.topics.clusters import OUTLIER, dense_clusters, find_topics
from evals.topics.embeddings import embed
from evals.topics.named import named_topics
from ratings.errors import DataError
from ratings.prism.prism import load_prism

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


@pytest.fixture(params=["spectral", "umap"])
def reduction(request, monkeypatch):
    if request.param == "umap" and find_spec("umap") is None:
        pytest.skip("umap-learn is not installed: pip install '.[prism]'")
    if request.param == "spectral":
        monkeypatch.setattr("evals.topics.clusters.find_spec", lambda name: None)
    return request.param


def test_topics_with_words_of_their_own_are_recovered(reduction):
    texts, truth = corpus()
    found = find_topics(embed(texts))
    assert found.reduction == reduction
    assert found.reduced.shape == (400, 20)
    assert found.count >= 4
    sizes = np.bincount(found.topic[found.topic >= 0])
    assert (np.diff(sizes) <= 0).all()
    assert sizes.min() >= found.smallest == 5
    larger = find_topics(embed(texts), smallest=40)
    assert larger.count == 4
    assert adjusted_rand_score(truth, larger.topic) > 0.9


def test_the_samples_prompts_fall_into_their_topics(reduction):
    """Prompts of a topic share no words, so clusters are prompts, within the planted topics."""
    prism = load_prism("sample", people=400)
    truth = prism.truth.topic.loc[prism.conversations.index].to_numpy()
    found = find_topics(embed(prism.conversations["opening_prompt"].tolist()))
    kept = found.topic != OUTLIER
    assert kept.mean() > 0.9
    assert adjusted_rand_score(truth, found.topic) > 0.25  # a cluster a prompt gives 0.33
    assert homogeneity_score(truth[kept], found.topic[kept]) > 0.9


def test_a_seed_gives_the_same_topics_again(reduction):
    rows = embed(corpus()[0])
    assert find_topics(rows, 3).topic.tolist() == find_topics(rows, 3).topic.tolist()


def test_empty_long_foreign_and_repeated_texts_have_their_topics(reduction):
    texts, _ = corpus(120)
    odd = ["", "   ", "\n"]
    long = " ".join([texts[0]] * 500)[:30_000]
    foreign = ["¿Cómo se cultivan las rosas?", "如何种植玫瑰", "كيف تزرع الورود"]
    rows = embed([*texts, *odd, long, *foreign, *[texts[0]] * 30])
    found = find_topics(rows)
    assert (found.topic[120:123] == OUTLIER).all()
    assert not rows[120:123].any()
    assert np.linalg.norm(rows[123]) == pytest.approx(1)
    assert rows[123] @ rows[0] > 0.9
    same = found.topic[127:]
    assert len(set(same.tolist())) == 1
    assert same[0] == found.topic[0] != OUTLIER


def test_too_few_texts_and_texts_all_the_same_are_refused_in_one_line(tmp_path):
    with pytest.raises(DataError, match="9 of 11 texts have content: too few for topics") as error:
        find_topics(embed([*corpus(9)[0], "", " "]))
    assert "\n" not in str(error.value)
    for texts in (["hello"] * 40, ["hello there", "Hello there"] * 20):
        with pytest.raises(DataError, match="texts (are the same|have content)"):
            named_topics(texts, embed(texts), logs=tmp_path)
    with pytest.raises(DataError, match="40 texts are the same"):
        find_topics(np.tile([[0.6, 0.8]], (40, 1)))
    with pytest.raises(DataError, match="3 texts are too few"):
        dense_clusters(np.eye(3), 5)


def test_a_handful_of_different_texts_is_clustered_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = find_topics(embed(corpus(12)[0]))
    assert found.reduction == "spectral"
    assert found.topic.min() >= OUTLIER
