import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats
from sklearn.linear_model import LogisticRegression
from statsmodels.discrete.discrete_model import MNLogit

from decoders.embedded import polytomous_logit
from decoders.embedded.polytomous_logit import fit_logit, logit_probabilities
from decoders.embedded.score_functions import score_functions

CHOICES = 4


def drawn(size: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features with a constant, choices that depend on them, and the number of choices."""
    rng = np.random.default_rng(seed)
    features = np.column_stack([np.ones(size), rng.normal(size=(size, 2))])
    weights = rng.normal(0, 0.7, size=(3, CHOICES))
    odds = np.exp(features @ weights)
    shares = (odds / odds.sum(axis=1, keepdims=True)).cumsum(axis=1)
    choices = (rng.random((size, 1)) > shares).sum(axis=1).clip(max=CHOICES - 1)
    return features, choices, np.full(size, CHOICES)


@pytest.mark.parametrize("ordered", [True, False])
def test_without_a_penalty_it_is_the_multinomial_logit(ordered: bool):
    """Score functions span all choices, so the likeliest distributions are the same."""
    features, choices, counts = drawn(400)
    scores = score_functions(CHOICES, ordered)
    weights = fit_logit(features, choices, scores, counts, np.full(3, 1e-9))
    found = logit_probabilities(features, weights, scores, counts)
    expected = MNLogit(choices, features).fit(disp=False).predict()
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_penalised_it_is_the_ridge_of_scikit_learn():
    """Indicators without an order: a square in the scores is one in scikit-learn's logits."""
    features, choices, counts = drawn(300, seed=1)
    scores = score_functions(CHOICES, ordered=False)
    scale = scores[CHOICES, 0, 0] - scores[CHOICES, 1, 0]
    penalty = 3.0
    weights = fit_logit(features, choices, scores, counts, np.full(3, penalty * scale**2))
    found = logit_probabilities(features, weights, scores, counts)
    # centred indicators times weights are logits scale * weight, but for a constant
    rival = LogisticRegression(C=1 / penalty, fit_intercept=False, tol=1e-8, max_iter=2000)
    rival.fit(features, choices)
    np.testing.assert_allclose(found, rival.predict_proba(features), atol=2e-4)


@pytest.mark.parametrize("ordered", [True, False])
def test_the_gradient_is_that_of_the_loss(ordered: bool, monkeypatch: pytest.MonkeyPatch):
    """Of instances with different numbers of choices, by finite differences."""
    rng = np.random.default_rng(0)
    features, scores = rng.normal(size=(40, 3)), score_functions(5, ordered)
    counts = rng.integers(2, 6, size=40)
    choices = rng.integers(0, counts)
    asked = []

    def minimize(loss, start, **options):
        asked.append((loss, start))
        return optimize.minimize(loss, start, **options)

    monkeypatch.setattr(polytomous_logit, "minimize", minimize)
    fit_logit(features, choices, scores, counts, np.array([0.1, 1.0, 5.0]))
    loss, start = asked[0]
    for _ in range(3):
        point = rng.normal(size=len(start))
        error = optimize.check_grad(lambda x: loss(x)[0], lambda x: loss(x)[1], point)
        assert error < 1e-5 * max(1.0, float(np.abs(loss(point)[1]).max()))


@given(st.integers(0, 10_000), st.booleans())
def test_rows_sum_to_one_and_choices_that_are_not_there_get_nothing(seed: int, ordered: bool):
    rng = np.random.default_rng(seed)
    scores, counts = score_functions(6, ordered), rng.integers(2, 7, size=20)
    weights = rng.normal(0, 100, size=(3, scores.shape[2]))
    found = logit_probabilities(rng.normal(size=(20, 3)), weights, scores, counts)
    np.testing.assert_allclose(found.sum(axis=1), 1)
    assert np.isfinite(found).all()
    assert not found[np.arange(6) >= counts[:, None]].any()


def test_with_all_the_penalty_there_is_every_choice_is_as_likely():
    features, choices, counts = drawn(100)
    scores = score_functions(CHOICES, ordered=True)
    weights = fit_logit(features, choices, scores, counts, np.full(3, 1e9))
    found = logit_probabilities(features, weights, scores, counts)
    np.testing.assert_allclose(found, 1 / CHOICES, atol=1e-5)


def test_where_it_starts_does_not_matter():
    features, choices, counts = drawn(300)
    scores = score_functions(CHOICES, ordered=True)
    penalties = np.full(3, 0.5)
    one = fit_logit(features, choices, scores, counts, penalties)
    start = np.random.default_rng(0).normal(size=one.shape)
    other = fit_logit(features, choices, scores, counts, penalties, start)
    np.testing.assert_allclose(one, other, atol=1e-3)


def test_a_constant_alone_gives_the_shares():
    rng = np.random.default_rng(0)
    choices = rng.choice(4, size=500, p=[0.1, 0.2, 0.3, 0.4])
    scores, counts = score_functions(4, ordered=True), np.full(500, 4)
    ones = np.ones((500, 1))
    weights = fit_logit(ones, choices, scores, counts, np.array([1e-9]))
    shares = np.bincount(choices) / 500
    found = logit_probabilities(ones[:1], weights, scores, counts[:1])[0]
    np.testing.assert_allclose(found, shares, atol=1e-4)
    assert stats.entropy(found) == pytest.approx(stats.entropy(shares), abs=1e-6)
