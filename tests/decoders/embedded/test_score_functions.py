import numpy as np
import pytest

from decoders.embedded.score_functions import has_score, score_functions

EVERY = range(2, 11)


@pytest.mark.parametrize("count", EVERY)
@pytest.mark.parametrize("ordered", [True, False])
def test_functions_have_mean_zero_and_mean_square_one(count: int, ordered: bool):
    scores = score_functions(10, ordered)[count, :count]
    there = np.abs(scores).sum(axis=0) > 0
    np.testing.assert_allclose(scores.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose((scores[:, there] ** 2).mean(axis=0), 1)
    assert there.sum() == (count - 1 if ordered else count)


@pytest.mark.parametrize("count", EVERY)
def test_of_ordered_choices_functions_are_orthogonal_polynomials(count: int):
    scores = score_functions(10, ordered=True)[count, :count, : count - 1]
    np.testing.assert_allclose(scores.T @ scores, count * np.eye(count - 1), atol=1e-9)
    positions = np.arange(count)
    assert (np.diff(scores[:, 0]) > 0).all()  # the direction rises
    for degree in range(1, count):
        fitted = np.polynomial.Polynomial.fit(positions, scores[:, degree - 1], degree)
        np.testing.assert_allclose(fitted(positions), scores[:, degree - 1], atol=1e-9)
        assert fitted.convert().coef[-1] > 0  # and every polynomial ends upwards


@pytest.mark.parametrize("count", EVERY)
def test_reversed_choices_turn_every_other_function_round(count: int):
    scores = score_functions(count, ordered=True)[count]
    signs = (-1.0) ** np.arange(1, count)
    np.testing.assert_allclose(scores[::-1], scores * signs, atol=1e-9)


@pytest.mark.parametrize("count", EVERY)
def test_choices_without_order_are_treated_alike(count: int):
    scores = score_functions(count, ordered=False)[count]
    order = np.random.default_rng(count).permutation(count)
    np.testing.assert_allclose(scores[np.ix_(order, order)], scores, atol=1e-12)


@pytest.mark.parametrize("ordered", [True, False])
def test_every_distribution_is_within_reach(ordered: bool):
    """With as many functions as free probabilities any distribution has its logits."""
    rng = np.random.default_rng(0)
    for count in EVERY:
        scores = score_functions(10, ordered)[count, :count]
        logits = np.log(rng.dirichlet(np.ones(count)))
        weights = np.linalg.lstsq(scores, logits - logits.mean(), rcond=None)[0]
        np.testing.assert_allclose(scores @ weights, logits - logits.mean(), atol=1e-9)


@pytest.mark.parametrize("ordered", [True, False])
def test_choices_and_functions_an_instance_does_not_have_are_zero(ordered: bool):
    scores = score_functions(6, ordered)
    assert scores.shape == (7, 6, 5 if ordered else 6)
    for count in range(2, 7):
        assert not scores[count, count:].any()
    there = has_score(scores, np.array([2, 3, 6]))
    assert there.sum(axis=1).tolist() == ([1, 2, 5] if ordered else [2, 3, 6])
