import numpy as np
import pytest

from decoders.embedded.loadings import FACTORS, learned_loadings

RATERS, INSTANCES, EACH = 250, 40, 20


def drawn(loadings: np.ndarray, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Raters with factors of variance 1, residuals with noise, each of some instances."""
    rng = np.random.default_rng(seed)
    count = len(loadings)
    factors = rng.normal(size=(RATERS, loadings.shape[1]))
    values = factors @ loadings.T + 0.7 * rng.normal(size=(RATERS, count))
    rated = rng.random((RATERS, count)).argsort(axis=1) < EACH
    raters, instances = np.nonzero(rated)
    return raters, instances, values[raters, instances]


def learned(loadings: np.ndarray, features: np.ndarray | None = None, **drawing) -> np.ndarray:
    raters, instances, values = drawn(loadings, **drawing)
    count = len(loadings)
    return learned_loadings(
        raters,
        instances,
        values,
        known=np.zeros((count, 0)),
        features=np.ones((count, 1)) if features is None else features,
        seed=0,
    )


def off_diagonal(loadings: np.ndarray) -> np.ndarray:
    """Covariances between instances: what loadings say, whichever way they are turned."""
    return (loadings @ loadings.T)[~np.eye(len(loadings), dtype=bool)]


@pytest.fixture(scope="module")
def two_factors() -> np.ndarray:
    return np.random.default_rng(1).normal(0, 0.6, size=(INSTANCES, 2))


def test_planted_structure_is_recovered_up_to_rotation(two_factors: np.ndarray):
    found = learned(two_factors)
    assert found.shape == (INSTANCES, FACTORS)
    one, other = off_diagonal(found), off_diagonal(two_factors)
    assert np.corrcoef(one, other)[0, 1] > 0.95
    assert one @ other / (other @ other) == pytest.approx(1, abs=0.15)
    # more factors than were planted shrink away
    lengths = np.linalg.svd(found, compute_uv=False)
    assert lengths[2] < 0.25 * lengths[1]


def test_without_structure_there_is_next_to_nothing():
    found = learned(np.zeros((INSTANCES, 1)))
    assert (found**2).sum(axis=1).mean() < 0.02 * 0.7**2


def test_what_known_loadings_explain_is_not_learned_again():
    """Raters differ in one constant only, which is given."""
    raters, instances, values = drawn(np.full((INSTANCES, 1), 0.8))
    ones = np.ones((INSTANCES, 1))
    given = learned_loadings(raters, instances, values, known=ones, features=ones, seed=0)
    alone = learned_loadings(
        raters, instances, values, known=np.zeros((INSTANCES, 0)), features=ones, seed=0
    )
    assert np.abs(off_diagonal(given)).mean() < 0.1 * np.abs(off_diagonal(alone)).mean()
    assert off_diagonal(alone).mean() == pytest.approx(0.64, rel=0.25)


def test_an_instance_nobody_rated_gets_what_its_features_say():
    """Loadings are a function of a feature; the last ten instances are rated by nobody."""
    rng = np.random.default_rng(2)
    features = np.column_stack([np.ones(INSTANCES + 10), rng.normal(size=INSTANCES + 10)])
    truth = 0.7 * features[:, 1:]
    raters, instances, values = drawn(truth[:INSTANCES])
    found = learned_loadings(
        raters,
        instances,
        values,
        known=np.zeros((INSTANCES + 10, 0)),
        features=features,
        seed=0,
    )
    between = found[INSTANCES:] @ found[:INSTANCES].T
    expected = truth[INSTANCES:] @ truth[:INSTANCES].T
    assert np.corrcoef(between.ravel(), expected.ravel())[0, 1] > 0.9


def test_the_same_seed_learns_the_same(two_factors: np.ndarray):
    np.testing.assert_array_equal(learned(two_factors), learned(two_factors))


def test_values_that_do_not_vary_teach_nothing():
    raters, instances, _ = drawn(np.zeros((INSTANCES, 1)))
    ones = np.ones((INSTANCES, 1))
    found = learned_loadings(
        raters, instances, np.zeros(len(raters)), known=ones, features=ones, seed=0
    )
    assert np.isfinite(found).all()
    assert (found**2).mean() < 1e-3
