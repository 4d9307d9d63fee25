from dataclasses import replace

import numpy as np
import pytest
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import Kernel, StationaryKernelMixin

from decoders.embedded.padded import padded
from decoders.embedded.rater_gp import ItemKernel, RaterProcess, fitted_process

INSTANCES = 30
WEIGHTS = np.array([0.4, 0.3, 0.2, 0.15, 1.0])
NOISE = 0.5


def item_kernel(loadings: int = 2, seed: int = 0) -> ItemKernel:
    rng = np.random.default_rng(seed)
    texts = rng.normal(size=(INSTANCES, 3))
    return ItemKernel(
        groups=np.arange(INSTANCES) // 10,
        texts=texts / np.linalg.norm(texts, axis=1, keepdims=True),
        item_axis=rng.normal(size=INSTANCES),
        loadings=0.5 * rng.normal(size=(INSTANCES, loadings)),
    )


def covariance(process: RaterProcess) -> np.ndarray:
    """Between all instances, written out, without noise."""
    found = process.item_kernel
    same = (found.groups[:, None] == found.groups).astype(float)
    kernels = (
        np.ones_like(same),
        same,
        found.texts @ found.texts.T,
        np.outer(found.item_axis, found.item_axis),
        found.loadings @ found.loadings.T,
    )
    return sum(w * k for w, k in zip(process.weights, kernels, strict=True))


class Table(StationaryKernelMixin, Kernel):
    """A kernel of instances by number, read off a table."""

    def __init__(self, table: np.ndarray) -> None:
        self.table = table

    def __call__(self, X, Y=None, eval_gradient=False):
        one, other = X[:, 0].astype(int), (X if Y is None else Y)[:, 0].astype(int)
        found = self.table[np.ix_(one, other)]
        return (found, np.zeros((*found.shape, 0))) if eval_gradient else found

    def diag(self, X):
        return self.table.diagonal()[X[:, 0].astype(int)]


def simulated(raters: int, each: int, process: RaterProcess, seed: int = 0):
    """Raters' residuals on instances of their own, side by side; the last rater knows fewer."""
    rng = np.random.default_rng(seed)
    root = np.linalg.cholesky(covariance(process) + 1e-9 * np.eye(INSTANCES))
    straying = rng.normal(size=(raters, INSTANCES)) @ root.T
    chosen = np.argsort(rng.random((raters, INSTANCES)), axis=1)[:, :each]
    counts = np.full(raters, each)
    counts[-1] = max(1, each // 3)
    kept = np.arange(each) < counts[:, None]
    starts = np.concatenate([[0], np.cumsum(counts)])
    known = padded(starts, chosen[kept])
    values = np.take_along_axis(straying, chosen, axis=1)[kept]
    return known, known.fill(values + rng.normal(0, process.noise**0.5, len(values)))


def test_what_is_expected_is_the_posterior_mean_of_scikit_learn():
    process = RaterProcess(item_kernel(), WEIGHTS, NOISE)
    known, residuals = simulated(5, 9, process)
    weighed = process.solve(known, residuals)
    everywhere = np.arange(INSTANCES)
    for rater in range(5):
        mine = known.there[rater]
        rival = GaussianProcessRegressor(Table(covariance(process)), alpha=NOISE, optimizer=None)
        rival.fit(known.instances[rater, mine, None], residuals[rater, mine])
        expected = rival.predict(everywhere[:, None])
        found = process.expected(known, weighed, np.full(INSTANCES, rater), everywhere)
        np.testing.assert_allclose(found, expected, atol=1e-8)


def test_the_likelihood_is_that_of_scikit_learn():
    process = RaterProcess(item_kernel(), WEIGHTS, NOISE)
    known, residuals = simulated(4, 8, process)
    found = process.log_likelihood(known, residuals)
    expected = 0.0
    for rater in range(4):
        mine = known.there[rater]
        rival = GaussianProcessRegressor(Table(covariance(process)), alpha=NOISE, optimizer=None)
        rival.fit(known.instances[rater, mine, None], residuals[rater, mine])
        constant = 0.5 * mine.sum() * np.log(2 * np.pi)
        expected += rival.log_marginal_likelihood_value_ + constant
    assert found == pytest.approx(expected)


def test_positions_without_a_rating_change_nothing():
    process = RaterProcess(item_kernel(), WEIGHTS, NOISE)
    known, residuals = simulated(6, 9, process)
    wide = replace(
        known,
        instances=np.pad(known.instances, ((0, 0), (0, 4)), constant_values=7),
        there=np.pad(known.there, ((0, 0), (0, 4))),
    )
    rubbish = np.pad(residuals, ((0, 0), (0, 4)), constant_values=99.0)
    one, other = process.solve(known, residuals), process.solve(wide, rubbish)
    np.testing.assert_allclose(other[:, :9], one, atol=1e-10)
    assert not other[:, 9:].any()
    raters, instances = np.repeat(np.arange(6), 5), np.tile(np.arange(5), 6)
    np.testing.assert_allclose(
        process.expected(wide, other, raters, instances),
        process.expected(known, one, raters, instances),
        atol=1e-10,
    )


def test_a_rater_who_rated_nothing_is_expected_to_be_like_the_others():
    process = RaterProcess(item_kernel(), WEIGHTS, NOISE)
    known = padded(np.array([0, 0, 2]), np.array([3, 4]))
    weighed = process.solve(known, np.array([[0.0, 0.0], [1.0, 1.0]]))
    found = process.expected(known, weighed, np.zeros(INSTANCES, int), np.arange(INSTANCES))
    assert not found.any()


def test_variances_are_recovered_from_simulated_raters():
    truth = RaterProcess(item_kernel(loadings=0), WEIGHTS, NOISE)
    known, residuals = simulated(1500, 15, truth, seed=1)
    found = fitted_process(truth.item_kernel, known, residuals)
    np.testing.assert_allclose(found.weights[:4], WEIGHTS[:4], rtol=0.25)
    assert found.noise == pytest.approx(NOISE, rel=0.1)


def test_what_raters_do_not_share_gets_no_variance():
    nothing = RaterProcess(item_kernel(loadings=0), np.array([0, 0, 0, 0, 1.0]), 1.0)
    known, residuals = simulated(400, 15, nothing, seed=2)
    found = fitted_process(nothing.item_kernel, known, residuals)
    assert found.weights[:4].max() < 0.05
    assert found.noise == pytest.approx(1.0, abs=0.1)


def test_fitting_makes_the_residuals_more_likely():
    truth = RaterProcess(item_kernel(), WEIGHTS, NOISE)
    known, residuals = simulated(60, 10, truth, seed=3)
    found = fitted_process(truth.item_kernel, known, residuals)
    likelihood = found.log_likelihood(known, residuals)
    for weights, noise in ((np.array([0.15, 0.1, 0.1, 0.05, 1]), 0.6), (0 * WEIGHTS, 1.5)):
        other = RaterProcess(truth.item_kernel, weights, noise)
        assert likelihood > other.log_likelihood(known, residuals)
    assert found.weights[-1] == 1.0  # learned loadings keep their variance


def test_residuals_of_nothing_have_no_variance():
    known = padded(np.array([0, 3, 6]), np.array([0, 1, 2, 3, 4, 5]))
    found = fitted_process(item_kernel(), known, np.zeros((2, 3)))
    assert found.weights[:4].tolist() == [0.0] * 4
    assert np.isfinite(found.solve(known, np.zeros((2, 3)))).all()
