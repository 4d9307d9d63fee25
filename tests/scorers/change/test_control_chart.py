import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scorers.change.control_chart import control_chart


def drifts(shift_each: float, checks: int, seeds: int) -> float:
    """Share of histories of which some check says that the score has drifted."""
    rng = np.random.default_rng(0)
    found = []
    for _ in range(seeds):
        baseline = 0.04 * rng.normal()
        differences = shift_each * np.arange(checks) + 0.06 * rng.normal(size=checks) - baseline
        errors = np.full(checks, np.hypot(0.04, 0.06))
        found.append(control_chart(differences, errors, np.full(checks, 0.04)).drifted.any())
    return float(np.mean(found))


def test_a_steady_rater_seldom_drifts_and_a_slow_drift_is_found():
    assert drifts(0.0, 50, 400) < 0.05
    assert drifts(0.01, 50, 100) > 0.95


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=30), st.floats(0.01, 1))
def test_averages_lie_between_nothing_and_the_largest_difference(values: list[float], error: float):
    differences = np.array(values)
    errors = np.full(len(values), error)
    chart = control_chart(differences, errors, errors / 2)
    assert (np.abs(chart.averages) <= np.abs(differences).max() + 1e-12).all()
    assert (np.diff(chart.limits) >= -1e-12).all()
    assert (chart.limits > 0).all()


def test_limits_hold_for_all_scores_of_a_check():
    rng = np.random.default_rng(1)
    ever = 0
    for _ in range(100):
        baseline = rng.normal(size=11)
        runs = rng.normal(size=(50, 11)) - baseline
        charts = [
            control_chart(one, np.full(50, 2**0.5), np.full(50, 1.0), scores=11) for one in runs.T
        ]
        ever += any(chart.drifted.any() for chart in charts)
    assert ever <= 9
