import numpy as np
import pandas as pd
import pytest
from statsmodels.regression.mixed_linear_model import MixedLM

from decoders.embedded.instance_effects import Rated, expected_scores


def rated(instances: np.ndarray, scores: np.ndarray) -> Rated:
    """Ratings with one score each; who gave them does not matter here."""
    there = np.ones((len(scores), 1), dtype=bool)
    return Rated(np.arange(len(scores)), instances, scores[:, None], there)


def balanced(count: int, each: int, spread: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    instances = np.repeat(np.arange(count), each)
    scores = 0.3 + rng.normal(0, spread, count)[instances] + rng.normal(size=count * each)
    return instances, scores


@pytest.mark.parametrize("spread", [0.5, 1.5])
def test_shrunken_means_are_those_of_a_random_intercept(spread: float):
    """Against statsmodels' MixedLM where every instance has as many ratings."""
    instances, scores = balanced(40, 12, spread, seed=1)
    features, groups = np.zeros((40, 0)), np.zeros(40, dtype=np.intp)
    found = expected_scores(rated(instances, scores), features, groups)[:, 0]
    frame = pd.DataFrame({"y": scores, "g": instances})
    model = MixedLM.from_formula("y ~ 1", frame, groups="g").fit(reml=False)
    effects = np.array([model.random_effects[g].iloc[0] for g in range(40)])
    expected = model.fe_params.iloc[0] + effects
    assert np.abs(found - expected).max() < 0.05 * expected.std()


def test_without_differences_every_instance_gets_about_the_mean():
    instances, scores = balanced(60, 5, 0.0, seed=2)
    features, groups = np.zeros((60, 0)), np.arange(60)
    found = expected_scores(rated(instances, scores), features, groups)[:, 0]
    raw = np.bincount(instances, scores) / 5
    assert found.std() < 0.5 * raw.std()
    assert found.mean() == pytest.approx(scores.mean(), abs=1e-6)


def test_an_instance_nobody_rated_gets_what_its_group_gets():
    """Two groups far apart, ten instances each; the last of each is not rated."""
    rng = np.random.default_rng(0)
    groups = np.repeat([0, 1], 10)
    seen = np.flatnonzero(np.arange(20) % 10 < 9)
    instances = np.repeat(seen, 20)
    scores = np.where(groups[instances] == 1, 1.0, -1.0) + rng.normal(0, 0.3, len(instances))
    found = expected_scores(rated(instances, scores), np.zeros((20, 0)), groups)[:, 0]
    assert found[9] == pytest.approx(found[:9].mean(), abs=0.1)
    assert found[19] == pytest.approx(found[10:19].mean(), abs=0.1)
    assert found[19] - found[9] > 1.5


def test_an_instance_nobody_rated_gets_what_its_text_says():
    rng = np.random.default_rng(0)
    features = rng.normal(size=(80, 2))
    truth = features @ np.array([1.0, -0.5])
    instances = np.repeat(np.arange(60), 10)
    scores = truth[instances] + rng.normal(0, 0.5, len(instances))
    found = expected_scores(rated(instances, scores), features, np.arange(80))[:, 0]
    assert np.corrcoef(found[60:], truth[60:])[0, 1] > 0.97


def test_an_instance_of_which_nothing_is_known_gets_the_mean():
    instances, scores = balanced(20, 10, 1.0, seed=3)
    found = expected_scores(rated(instances, scores), np.zeros((21, 0)), np.arange(21))[:, 0]
    assert found[20] == pytest.approx(scores.mean(), abs=0.02)


def test_more_ratings_are_shrunk_less():
    instances = np.concatenate([np.repeat(np.arange(30), 10), np.full(1, 30), np.full(200, 31)])
    rng = np.random.default_rng(0)
    scores = rng.normal(0, 1, len(instances))
    scores[:300] += rng.normal(0, 0.5, 30)[instances[:300]]
    scores[instances == 30], scores[instances == 31] = 2.0, 2.0
    found = expected_scores(rated(instances, scores), np.zeros((32, 0)), np.arange(32))[:, 0]
    assert scores.mean() < found[30] < found[31]
    assert found[31] == pytest.approx(2.0, abs=0.15)


def test_a_score_an_instance_does_not_have_does_not_count():
    """The second score is there for the first half only; rows without it hold rubbish."""
    rng = np.random.default_rng(0)
    instances = np.repeat(np.arange(20), 10)
    scores = rng.normal(size=(200, 2))
    there = np.column_stack([np.ones(200), instances < 10]).astype(bool)
    who = np.arange(200)
    features, groups = np.zeros((20, 0)), np.arange(20)
    found = expected_scores(Rated(who, instances, scores, there), features, groups)
    scores[~there] = 1e6
    again = expected_scores(Rated(who, instances, scores, there), features, groups)
    np.testing.assert_array_equal(found, again)
    nothing = expected_scores(
        Rated(who, instances, scores, np.zeros((200, 2), dtype=bool)), features, groups
    )
    assert not nothing.any()


def test_equal_scores_have_no_effects():
    found = expected_scores(
        rated(np.repeat(np.arange(4), 3), np.full(12, 0.7)), np.eye(4)[:, :2], np.arange(4)
    )
    np.testing.assert_allclose(found, 0.7)
