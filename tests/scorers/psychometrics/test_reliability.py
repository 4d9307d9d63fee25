import numpy as np
import pandas as pd
import pingouin
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from statsmodels.multivariate.factor import Factor

from scorers.psychometrics.reliability import cronbach_alpha, intraclass_correlation, mcdonald_omega

MEASURES = [cronbach_alpha, mcdonald_omega, intraclass_correlation]
MATRICES = arrays(
    float,
    st.tuples(st.integers(0, 7), st.integers(0, 5)),
    elements=st.sampled_from([1.0, 2.0, 5.0, 6.0, np.nan]),
)
# Shrout and Fleiss (1979), Psychological Bulletin 86, Table 2: six targets, four judges.
SHROUT_FLEISS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]],
    dtype=float,
)


def one_factor(loadings: np.ndarray, cases: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    common = rng.normal(size=(cases, 1)) * loadings
    return common + rng.normal(size=(cases, len(loadings))) * np.sqrt(1 - loadings**2)


def test_icc_is_that_of_shrout_and_fleiss():
    estimate = intraclass_correlation(SHROUT_FLEISS)
    assert estimate.value == pytest.approx(0.29, abs=0.005)
    assert (estimate.low, estimate.high) == pytest.approx((0.02, 0.76), abs=0.005)


def test_alpha_after_leaving_out_incomplete_cases_is_the_published_one():
    data = pingouin.read_dataset("cronbach_wide_missing").to_numpy(dtype=float)
    assert cronbach_alpha(data).value == pytest.approx(0.8016949, abs=1e-6)


def test_alpha_and_omega_agree_when_all_parts_load_alike():
    matrix = one_factor(np.full(6, 0.7), 2000, seed=1)
    alpha, omega = cronbach_alpha(matrix), mcdonald_omega(matrix)
    true = (6 * 0.7) ** 2 / ((6 * 0.7) ** 2 + 6 * (1 - 0.49))
    assert alpha.value == pytest.approx(omega.value, abs=0.005)
    assert omega.low < true < omega.high


def test_omega_agrees_with_the_factor_model_of_statsmodels():
    loadings = np.array([0.9, 0.7, 0.5, 0.4, 0.6])
    matrix = one_factor(loadings, 1000, seed=2) * np.array([1.0, 2.0, 1.0, 3.0, 1.0])
    fitted = Factor(matrix, n_factor=1, method="ml").fit()
    found = np.abs(fitted.loadings[:, 0]) * matrix.std(axis=0, ddof=1)
    unique = fitted.uniqueness * matrix.var(axis=0, ddof=1)
    expected = found.sum() ** 2 / (found.sum() ** 2 + unique.sum())
    assert mcdonald_omega(matrix).value == pytest.approx(expected, abs=0.005)


@settings(deadline=None)
@given(MATRICES)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_any_matrix_has_a_coefficient_or_a_reason(matrix: np.ndarray):
    for measure in MEASURES:
        estimate = measure(matrix)
        assert np.isnan(estimate.low) == (estimate.reason is not None)
        if np.isnan(estimate.value):
            assert np.isnan(estimate.low)
        assert np.isnan(estimate.low) == np.isnan(estimate.high)
        assert not estimate.low > estimate.high


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize(
    ("matrix", "reason"),
    [
        (np.ones((1, 1)), "needs two parts or more"),
        (np.ones((5, 1)), "needs two parts or more"),
        (np.ones((5, 3)), "the cases do not differ"),
        (np.full((5, 3), np.nan), "complete cases or more, found 0"),
        (np.array([[1.0, 2.0, 4.0]]), "complete cases or more, found 1"),
        (np.array([[1.0, 3.0, 2.0], [3.0, 1.0, 2.0], [2.0, 2.0, 2.0]]), "the total does not vary"),
    ],
)
def test_what_defines_no_coefficient_says_why(measure, matrix: np.ndarray, reason: str):
    estimate = measure(matrix)
    assert np.isnan(estimate.value)
    assert reason in str(estimate.reason)


def test_a_constant_part_leaves_alpha_defined_and_omega_not():
    matrix = np.column_stack([SHROUT_FLEISS, np.full(6, 3.0)])
    assert not np.isnan(cronbach_alpha(matrix).value)
    assert mcdonald_omega(matrix).reason == "a part does not vary"


def test_alpha_can_be_negative_and_is_reported_as_it_is():
    matrix = pd.DataFrame(
        {"a": [1, 2, 3, 4.5], "b": [4, 3, 2, 1.0], "c": [2, 2, 1, 2.0]}
    ).to_numpy()
    assert cronbach_alpha(matrix).value < 0


CLUSTERED = [cronbach_alpha, intraclass_correlation]


@pytest.mark.filterwarnings("ignore")  # of pingouin's own making
@pytest.mark.parametrize("seed", range(5))
def test_coefficients_with_clusters_are_those_of_pingouin(seed: int):
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(40, 1)) + rng.normal(size=(40, 6)) + rng.normal(size=6)
    clusters = np.repeat(np.arange(10), 4).tolist()
    alpha, _ = pingouin.cronbach_alpha(pd.DataFrame(matrix))
    long = pd.DataFrame(matrix).melt(ignore_index=False, var_name="part").reset_index()
    table = pingouin.intraclass_corr(long, targets="index", raters="part", ratings="value")
    icc = table.set_index("Type").loc["ICC(A,1)", "ICC"]
    assert cronbach_alpha(matrix, clusters).value == pytest.approx(alpha, abs=1e-12)
    assert intraclass_correlation(matrix, clusters).value == pytest.approx(icc, abs=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("measure", CLUSTERED)
@pytest.mark.parametrize(("clusters", "size"), [(33, 6), (60, 5)])
def test_clustered_cases_keep_their_coverage(measure, clusters: int, size: int, in_full: bool):
    """At least 90%: models with six wordings, or queries with several items, are resampled.

    Parts hold what is common to a cluster (variance 1), what a cluster does to one part (0.5),
    and of each case what is common (0.3) and noise (1).
    """
    repeats = 1_000 if in_full else (60 if measure is cronbach_alpha else 20)
    parts = 8
    between, within = 1.3, 1.5
    truth = {
        cronbach_alpha: parts * between / (parts * between + within),
        intraclass_correlation: between / (between + within),
    }[measure]
    labels = np.repeat(np.arange(clusters), size)
    covered = 0
    for seed in range(repeats):
        rng = np.random.default_rng([seed, clusters])
        shared = rng.normal(size=(clusters, 1)) + np.sqrt(0.5) * rng.normal(size=(clusters, parts))
        cases = np.sqrt(0.3) * rng.normal(size=(len(labels), 1)) + shared[labels]
        found = measure(cases + rng.normal(size=(len(labels), parts)), labels.tolist())
        covered += found.low <= truth <= found.high
    error = np.sqrt(0.95 * 0.05 / repeats)
    print(f"{measure.__name__}, {clusters} clusters of {size}: {covered / repeats:.3f}")
    assert 0.92 - 2 * error <= covered / repeats <= 1


@pytest.mark.parametrize("measure", CLUSTERED)
def test_clusters_move_the_interval_and_not_the_value(measure):
    alone = measure(SHROUT_FLEISS)
    found = measure(SHROUT_FLEISS, ["a", "a", "b", "b", "c", "c"])
    assert found.value == pytest.approx(alone.value)
    assert found.low < found.value < found.high < 1
    one = measure(SHROUT_FLEISS, ["a"] * 6)
    assert one.reason == "no interval: all cases belong to one cluster"
    alike = np.tile(np.arange(6.0)[:, None], (1, 4))
    same = measure(alike, list("abcdef"))
    assert (same.low, same.value, same.high) == pytest.approx((1, 1, 1))


@settings(deadline=None)
@given(MATRICES, st.integers(1, 4))
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_any_clusters_have_an_interval_or_a_reason(matrix: np.ndarray, count: int):
    for measure in CLUSTERED:
        found = measure(matrix, [case % count for case in range(len(matrix))])
        assert np.isnan(found.low) == np.isnan(found.high) == (found.reason is not None)
        assert not found.low > found.high
        assert np.isnan(found.value) or found.reason or found.high <= 1 + 1e-9
