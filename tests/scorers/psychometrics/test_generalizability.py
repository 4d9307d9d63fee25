import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scorers.psychometrics.generalizability import g_study, order_effect

FACETS = ("wording", "order")
CELLS = arrays(
    float,
    st.tuples(st.integers(0, 5), st.integers(1, 3), st.integers(1, 2)),
    elements=st.sampled_from([1.0, 2.0, 5.0, 6.0, np.nan]),
)


def queries(count: int) -> list[str]:
    return [str(i) for i in range(count)]


def simulated(items: int, seed: int, **sd: float) -> np.ndarray:
    rng = np.random.default_rng(seed)
    shapes = {
        "item": (items, 1, 1),
        "wording": (1, 3, 1),
        "order": (1, 1, 2),
        "item_wording": (items, 3, 1),
        "item_order": (items, 1, 2),
        "wording_order": (1, 3, 2),
        "residual": (items, 3, 2),
    }
    return 3.5 + sum(size * rng.normal(size=shapes[name]) for name, size in sd.items())


def test_components_are_recovered():
    cells = simulated(3000, 1, item=1.0, item_wording=0.6, item_order=0.4, residual=0.8)
    study = g_study(cells, FACETS, queries(3000))
    truth = {"item": 1.0, "item x wording": 0.36, "item x order": 0.16, "residual": 0.64}
    for name, variance in truth.items():
        assert study.components[name] == pytest.approx(variance, abs=0.06), name
    for name in ("wording", "order", "wording x order"):
        assert study.components[name] == pytest.approx(0, abs=0.01), name
    g = 1.0 / (1.0 + 0.36 / 3 + 0.16 / 2 + 0.64 / 6)
    assert study.g_coefficient.value == pytest.approx(g, abs=0.02)
    assert study.g_coefficient.low < g < study.g_coefficient.high
    assert sum(share.value for share in study.shares.values()) == pytest.approx(1)


def test_mean_squares_agree_with_an_analysis_of_variance_by_statsmodels():
    import statsmodels.api as sm
    from statsmodels.formula.api import ols

    cells = simulated(12, 3, item=1.0, wording=0.5, order=0.3, item_wording=0.4, residual=0.7)
    index = pd.MultiIndex.from_product([range(12), range(3), range(2)], names=["i", "w", "o"])
    frame = pd.Series(cells.ravel(), index=index, name="y").reset_index()
    model = ols("y ~ C(i) + C(w) + C(o) + C(i):C(w) + C(i):C(o) + C(w):C(o)", frame).fit()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        table = sm.stats.anova_lm(model)
    ms = table["sum_sq"] / table["df"]
    residual, iw, io = ms["Residual"], ms["C(i):C(w)"], ms["C(i):C(o)"]
    study = g_study(cells, FACETS, queries(12))
    assert study.components["residual"] == pytest.approx(residual)
    assert study.components["item x wording"] == pytest.approx((iw - residual) / 2)
    assert study.components["item x order"] == pytest.approx((io - residual) / 3)
    assert study.components["wording x order"] == pytest.approx((ms["C(w):C(o)"] - residual) / 12)
    assert study.components["item"] == pytest.approx((ms["C(i)"] - iw - io + residual) / 6)
    assert study.components["wording"] == pytest.approx(
        (ms["C(w)"] - iw - ms["C(w):C(o)"] + residual) / 24
    )


def test_with_one_facet_the_g_coefficient_is_cronbachs_alpha():
    """Brennan (2001), section 2.3: for persons x items the two are the same."""
    from scorers.psychometrics.reliability import cronbach_alpha

    matrix = simulated(60, 4, item=1.0, residual=1.0)[:, :, 0]
    study = g_study(matrix, ("variant",), queries(60))
    assert study.g_coefficient.value == pytest.approx(cronbach_alpha(matrix).value)


def test_a_negative_component_is_kept_and_shares_nothing():
    """Two items whose answers swap between two wordings: no variance is the items'."""
    study = g_study(np.array([[1.0, 5.0], [5.0, 1.0], [1.0, 5.0]]), ("variant",), queries(3))
    assert study.components["item"] < 0
    assert study.shares["item"].value == 0
    assert study.g_coefficient.value == 0


def test_items_with_a_missing_answer_are_left_out():
    cells = simulated(30, 5, item=1.0, residual=0.5)
    holed = cells.copy()
    holed[3, 1, 0] = np.nan
    study = g_study(holed, FACETS, queries(30))
    kept = np.delete(cells, 3, axis=0)
    assert study.items == 29
    assert (
        study.components == g_study(kept, FACETS, [q for q in queries(30) if q != "3"]).components
    )


@settings(deadline=None)
@given(CELLS)
def test_any_answers_have_a_study_or_a_reason(cells: np.ndarray):
    study = g_study(cells, FACETS, queries(len(cells)))
    for estimate in (study.g_coefficient, *study.shares.values()):
        if np.isnan(estimate.value):
            assert estimate.reason
        else:
            assert -1e-9 <= estimate.value <= 1 + 1e-9


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (np.ones((1, 1, 1)), "needs two prompt variants or more"),
        (np.full((4, 3, 2), np.nan), "needs two items answered in every variant, found 0"),
        (np.full((4, 3, 2), 3.0), "all answers are the same"),
    ],
)
def test_what_defines_no_study_says_why(cells: np.ndarray, reason: str):
    study = g_study(cells, FACETS, queries(len(cells)))
    assert study.g_coefficient.reason == reason
    assert all(np.isnan(share.value) for share in study.shares.values())


def test_the_order_effect_is_the_mean_difference_with_its_interval():
    rng = np.random.default_rng(6)
    forward = rng.normal(size=(400, 3))
    backward = forward + 0.3 + 0.5 * rng.normal(size=(400, 3))
    backward[:50, 1] = np.nan
    effect = order_effect(forward, backward, queries(400))
    assert effect.value == pytest.approx(np.nanmean(backward - forward))
    assert effect.low < 0.3 < effect.high
    assert effect.high - effect.low < 0.1
    assert order_effect(forward[:, :0], backward[:, :0], queries(400)).reason
    single = order_effect(forward, backward, ["q"] * 400)
    assert np.isnan(single.low)
    assert single.reason
