import numpy as np
import pytest
from scipy.linalg import block_diag

from decoders.embedded.padded import Padded, padded
from decoders.embedded.random_coefficients import (
    Sums,
    coefficient_sums,
    coefficient_variances,
    coefficients,
    own_coefficients,
    own_sums,
    own_variance,
)
from decoders.embedded.rater_gp import ItemKernel, RaterProcess

INSTANCES, DESIGN = 20, 3


def made(
    raters: int, columns: int, spread: float = 0.5, seed: int = 0
) -> tuple[RaterProcess, Padded, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Residuals of raters who stray in one constant and by planted coefficients, Z x P."""
    rng = np.random.default_rng(seed)
    item_kernel = ItemKernel(
        groups=np.arange(INSTANCES) // 4,
        texts=rng.normal(size=(INSTANCES, 2)),
        item_axis=rng.normal(size=INSTANCES),
        loadings=np.zeros((INSTANCES, 0)),
    )
    process = RaterProcess(item_kernel, np.array([0.3, 0.2, 0.0, 0.0, 1.0]), 0.4)
    design = np.column_stack([np.ones(INSTANCES), item_kernel.texts])
    features, planted = rng.normal(size=(raters, columns)), rng.normal(0, spread, (columns, DESIGN))
    counts = rng.integers(2, 8, size=raters)
    chosen = rng.random((raters, INSTANCES)).argsort(axis=1)[:, :7]
    there = np.arange(7) < counts[:, None]
    known = padded(np.concatenate([[0], np.cumsum(counts)]), chosen[there])
    straying = rng.normal(0, 0.3**0.5, (raters, 1))
    straying = straying + rng.normal(0, 0.2**0.5, (raters, 5))[:, item_kernel.groups]
    straying = straying + (features @ planted) @ design.T
    values = np.take_along_axis(straying, chosen, axis=1)[there]
    residuals = known.fill(values + rng.normal(0, 0.4**0.5, len(values)))
    return process, known, residuals, features, design, planted


def test_it_is_the_posterior_of_one_dense_regression():
    """Written out: a row for each rating, a column for each product of features and design."""
    process, known, residuals, features, design, _ = made(raters=25, columns=2)
    blocks = np.tile([0, 1, 1], 2)
    variances = np.array([0.3, 0.1])
    sums = coefficient_sums(process, known, residuals, features, design)
    found = coefficients(sums, blocks, variances, DESIGN)

    rows = [
        np.kron(features[r], design[instance])
        for r in range(25)
        for instance in known.instances[r, known.there[r]]
    ]
    every = process.covariance(known)
    covariance = block_diag(*[every[r][np.ix_(m, m)] for r, m in enumerate(known.there)])
    weighed = np.linalg.solve(covariance, np.array(rows))
    precision = np.array(rows).T @ weighed + np.diag(1 / variances[blocks])
    expected = np.linalg.solve(precision, weighed.T @ residuals[known.there])
    np.testing.assert_allclose(found.ravel(), expected, atol=1e-9)


def test_planted_coefficients_and_their_variance_are_recovered():
    process, known, residuals, features, design, planted = made(raters=600, columns=6)
    sums = coefficient_sums(process, known, residuals, features, design)
    blocks = np.zeros(6 * DESIGN, dtype=np.intp)
    variances = coefficient_variances(sums, blocks)
    assert variances[0] == pytest.approx((planted**2).mean(), rel=0.15)
    found = coefficients(sums, blocks, variances, DESIGN)
    np.testing.assert_allclose(found, planted, atol=0.15)


def test_what_says_nothing_is_shrunk_to_next_to_nothing():
    process, known, residuals, features, design, _ = made(raters=600, columns=6, spread=0.0)
    sums = coefficient_sums(process, known, residuals, features, design)
    blocks = np.zeros(6 * DESIGN, dtype=np.intp)
    found = coefficients(sums, blocks, coefficient_variances(sums, blocks), DESIGN)
    unshrunk = np.linalg.solve(sums.precision, sums.pull)
    assert (found**2).mean() < 0.5 * (unshrunk**2).mean()


def test_coefficients_of_no_block_stay_zero():
    process, known, residuals, features, design, _ = made(raters=80, columns=2)
    sums = coefficient_sums(process, known, residuals, features, design)
    blocks = np.array([0, -1, -1, 1, -1, 1])
    variances = coefficient_variances(sums, blocks)
    assert len(variances) == 2
    found = coefficients(sums, blocks, variances, DESIGN).ravel()
    assert (found != 0).tolist() == (blocks >= 0).tolist()


def test_sums_do_not_depend_on_how_raters_are_cut_up():
    """More raters than are taken at a time."""
    process, known, residuals, features, design, _ = made(raters=600, columns=2)
    whole = coefficient_sums(process, known, residuals, features, design)
    parts = [
        coefficient_sums(process, known.rows(rows), residuals[rows], features[rows], design)
        for rows in (slice(0, 100), slice(100, 600))
    ]
    for name in ("precision", "pull"):
        expected = sum(getattr(part, name) for part in parts)
        np.testing.assert_allclose(getattr(whole, name), expected, atol=1e-8)


def test_coefficients_of_an_instances_own_are_ridge_regressions():
    rng = np.random.default_rng(0)
    instances, features = rng.integers(0, 5, size=200), rng.normal(size=(200, 3))
    residuals = rng.normal(size=200)
    sums = own_sums(instances, residuals, features, count=6)
    found = own_coefficients(sums, variance=0.5)
    scale = (residuals**2).mean()
    for position in range(5):
        mine = instances == position
        gram = features[mine].T @ features[mine] + scale / 0.5 * np.eye(3)
        expected = np.linalg.solve(gram, features[mine].T @ residuals[mine])
        np.testing.assert_allclose(found[position], expected, atol=1e-9)
    assert not found[5].any()  # nobody rated it


def test_the_variance_of_coefficients_of_their_own_is_recovered():
    rng = np.random.default_rng(0)
    instances, features = np.repeat(np.arange(60), 80), rng.normal(size=(4800, 2))
    planted = rng.normal(0, 0.4, size=(60, 2))
    residuals = (features * planted[instances]).sum(axis=1) + rng.normal(size=4800)
    found = own_variance(own_sums(instances, residuals, features, 60))
    assert found == pytest.approx((planted**2).mean(), rel=0.2)
    nothing = own_variance(own_sums(instances, rng.normal(size=4800), features, 60))
    assert nothing < 0.03 * (planted**2).mean() + 0.005


def test_sums_of_nothing_leave_the_prior():
    nothing = Sums(np.zeros((3, 3)), np.zeros(3))
    assert not coefficients(nothing, np.zeros(3, dtype=np.intp), np.array([1.0]), 3).any()
