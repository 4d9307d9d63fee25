import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ratings.errors import DataError, UnknownNameError
from ratings.table import RatingTable
from scorers.tags.correlations import (
    FEW,
    FLAT_RATINGS,
    FLAT_SCORES,
    adjusted,
    centred_ranks,
    correlate,
    intervals,
    rank_correlations,
)


def table_of(matrix: np.ndarray, choices: int = 6) -> RatingTable:
    raters, items = matrix.shape
    return RatingTable.from_matrix(
        matrix,
        raters=pd.DataFrame(index=[f"P{r}" for r in range(raters)]),
        instances=pd.DataFrame(index=[f"item {i}" for i in range(items)]),
        choices=tuple("123456789"[:choices]),
    )


def scores_of(values: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(
        values,
        index=[f"P{r}" for r in range(len(values))],
        columns=[f"value {d}" for d in range(values.shape[1])],
    )


@pytest.mark.parametrize("gaps", [0.0, 0.1, 0.6])
@pytest.mark.parametrize("raters", [4, 9, 45])
def test_r_and_p_are_those_of_scipy_with_ties_and_gaps(raters: int, gaps: float):
    rng = np.random.default_rng(raters)
    matrix = rng.integers(1, 7, (raters, 30)).astype(float)
    values = np.round(rng.normal(size=(raters, 5)) * 2) / 2  # few values, so ties
    matrix[rng.random(matrix.shape) < gaps] = np.nan
    values[rng.random(values.shape) < gaps / 3] = np.nan
    found = correlate(table_of(matrix), scores_of(values))
    compared = 0
    for d, i in np.ndindex(found.r.shape):
        both = ~np.isnan(matrix[:, i]) & ~np.isnan(values[:, d])
        x, y = matrix[both, i], values[both, d]
        assert found.n[d, i] == both.sum()
        if both.sum() < 3 or np.ptp(x) == 0 or np.ptp(y) == 0:
            assert np.isnan([found.r[d, i], found.p[d, i]]).all()
            assert found.reason[d, i]
            continue
        expected = stats.spearmanr(x, y)
        assert found.r[d, i] == pytest.approx(expected.statistic, abs=1e-14)
        assert found.p[d, i] == pytest.approx(expected.pvalue, rel=1e-11, abs=1e-15)
        assert found.reason[d, i] == ""
        compared += 1
    assert compared > (0 if raters == 4 and gaps > 0.5 else 20)


def test_correlations_by_hand_and_why_there_are_none():
    matrix = np.array([[1.0, 3.0, 1.0, np.nan], [2.0, 3.0, 2.0, np.nan], [3.0, 3.0, np.nan, 6.0]])
    found = correlate(table_of(matrix), scores_of(np.array([[0.1, 5], [0.2, 5], [0.3, 5]])))
    assert (found.r[0, 0], found.p[0, 0]) == (1, 0)
    assert np.isnan(found.r[0, 1:]).all()
    assert np.isnan(found.r[1]).all()
    assert found.reason.tolist() == [
        ["", FLAT_RATINGS, FEW, FEW],
        [FLAT_SCORES, FLAT_RATINGS, FEW, FEW],
    ]
    assert found.n.tolist() == [[3, 3, 2, 1]] * 2
    assert np.isnan([found.low[0, 0], found.high[0, 0]]).all()  # three raters have no interval


def test_a_rater_without_a_score_is_left_out_of_its_correlations():
    matrix = np.array([[1.0], [2.0], [4.0], [3.0], [6.0]])
    scores = scores_of(np.column_stack([[0.1, 0.3, 0.2, 0.4, np.nan], np.arange(5.0)]))
    found = correlate(table_of(matrix), scores)
    without = correlate(table_of(matrix[:4]), scores.iloc[:4])
    assert (found.r[0], found.p[0]) == (without.r[0], without.p[0])
    assert found.r[:, 0] == pytest.approx([0.4, 0.9])  # of four, of all five


def test_adjusted_p_values_are_those_of_statsmodels_and_leave_gaps_out():
    from statsmodels.stats.multitest import multipletests

    p = np.random.default_rng(0).random((4, 30)) ** 3
    p[1, 3] = np.nan
    flat = p[~np.isnan(p)]
    for method, named in (("bh", "fdr_bh"), ("by", "fdr_by")):
        found = adjusted(p, method)
        assert np.isnan(found[1, 3])
        assert found[~np.isnan(p)] == pytest.approx(multipletests(flat, method=named)[1])


def test_the_rules_of_a_tag():
    rng = np.random.default_rng(1)
    values = rng.normal(size=(60, 3))
    latent = values[:, [0]] * np.linspace(-1.5, 1.5, 40) + rng.normal(size=(60, 40))
    matrix = np.clip(np.round(latent + 3.5), 1, 6)
    found = correlate(table_of(matrix), scores_of(values))
    published = found.found()
    assert (published == ((np.abs(found.r) > 0.3) & (found.p < 0.05))).all()
    assert (found.tagged() == (published & (found.r > 0))).all()
    kept, strict = found.found(rule="fdr"), found.found(rule="fdr_any_dependence")
    assert strict.sum() < kept.sum() < published.sum()
    assert not (kept & ~published).any()
    assert (found.q <= found.q_any_dependence)[~np.isnan(found.q)].all()
    assert len(found.frame()) == found.r.size
    with pytest.raises(UnknownNameError, match="fdr"):
        found.found(rule="fdrr")  # type: ignore[arg-type]


def test_scores_that_do_not_fit_the_raters_are_refused_in_one_line():
    matrix = np.array([[1.0], [2.0], [4.0], [3.0]])
    scores = scores_of(np.arange(4.0)[:, None])
    with pytest.raises(DataError, match="'P3' has ratings but no row in the scores"):
        correlate(table_of(matrix), scores.iloc[:3])
    with pytest.raises(DataError, match="'P2' is listed twice"):
        correlate(table_of(matrix), scores.iloc[[0, 1, 2, 2, 3]])
    assert correlate(table_of(matrix), scores.iloc[::-1]).r[0, 0] == pytest.approx(0.8)


def six_points(latent: np.ndarray) -> np.ndarray:
    """Ratings whose shares are those of people's: a quarter lowest, few highest."""
    return np.digitize(latent, stats.norm.ppf([0.25, 0.45, 0.6, 0.8, 0.95])) + 1.0


@pytest.mark.parametrize("relation", [0.0, 0.35, 0.7])
def test_the_interval_covers_the_correlation_of_six_point_ratings(relation: float):
    """Of 46 raters, with the population's correlation, ties included, from a million people."""
    rng = np.random.default_rng(0)
    noise = np.sqrt(1 - relation**2)

    def drawn(raters: int, items: int) -> tuple[np.ndarray, np.ndarray]:
        score = rng.normal(size=(raters, 1))
        rating = six_points(relation * score + noise * rng.normal(size=(raters, items)))
        return rating, np.round(score * 4) / 4

    true = stats.spearmanr(*(part.ravel() for part in drawn(1_000_000, 1))).statistic
    inside = []
    for _ in range(3000):
        rating, score = drawn(46, 1)
        r = rank_correlations(centred_ranks(score), centred_ranks(rating))
        low, high = intervals(r, 46)
        inside.append((low < true) & (true < high))
    assert 0.935 < np.mean(inside) < 0.967
