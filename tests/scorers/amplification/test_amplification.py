"""Slope, agreement and tests of model differences of groups against human ones."""

import numpy as np
import pytest

from scorers.amplification.amplification import NO_GROUPS, NO_HUMAN_DIFFERENCE, amplification
from scorers.amplification.differences import GroupDifferences, degrees_of_freedom
from scorers.amplification.sides import Sides

GROUPINGS = np.array([0, 0, 1, 1, 1, 2, 2, 2, 2])
B, D = len(GROUPINGS), 10


def human_differences(seed: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 0.15, (B, D))


def drawn(
    follows: float,
    seed: int,
    *,
    model_error: float = 0.1,
    human_error: float = 0.03,
    freedom: float = np.inf,
    deviation: np.ndarray | float = 0.0,
) -> tuple[GroupDifferences, GroupDifferences]:
    """Both sides as they may be observed; prompts share the error of the run without any."""
    truth, random = human_differences(), np.random.default_rng(seed)
    scale = np.linspace(0.7, 1.3, D) * model_error
    errors = np.kron(np.eye(B) + 1.0, np.diag(scale**2))
    root = np.linalg.cholesky(errors)
    y = follows * truth + deviation + 0.2 + (root @ random.standard_normal(B * D)).reshape(B, D)
    if np.isfinite(freedom):
        scattered = random.standard_normal((int(freedom), B * D)) @ root.T
        errors = scattered.T @ scattered / freedom
    x = truth + random.normal(0, human_error, (B, D))
    return (
        GroupDifferences(y, errors, np.full((B, D), freedom)),
        GroupDifferences.known(x, np.full((B, D), human_error)),
    )


def test_contrasts_are_groups_less_the_mean_of_their_grouping():
    model, _ = drawn(1.0, 0)
    found = model.contrasts(GROUPINGS)
    for grouping in range(3):
        rows = grouping == GROUPINGS
        expected = model.values[rows] - model.values[rows].mean(axis=0)
        np.testing.assert_allclose(found.values[rows], expected)
    # the error that all groups share with the run without a prompt drops out
    scale = np.linspace(0.7, 1.3, D) * 0.1
    np.testing.assert_allclose(found.errors[0], scale * np.sqrt(1 / 2))
    np.testing.assert_allclose(found.errors[-1], scale * np.sqrt(3 / 4))


def test_what_is_missing_on_one_side_is_in_no_mean_of_either():
    model, human = drawn(1.0, 0)
    whole = amplification(model, human, GROUPINGS)
    assert whole.cells == 90
    human.values[2] = np.nan
    human.values[0, 3] = np.nan  # so the other group of the grouping has no contrast there
    found = amplification(model, human, GROUPINGS)
    assert found.cells == 90 - 10 - 2
    model.values[2] = 100.0
    assert amplification(model, human, GROUPINGS) == found


def test_known_differences_give_plain_figures():
    truth = human_differences()
    human = GroupDifferences.known(truth)
    found = amplification(GroupDifferences.known(-2 * truth + 0.3), human, GROUPINGS)
    assert found.slope.value == pytest.approx(-2)
    assert found.slope.low == pytest.approx(found.slope.high)
    assert found.sign_agreement.value == found.sign_agreement.high == 0
    assert found.rank_correlation.value == pytest.approx(-1)
    raw = amplification(GroupDifferences.known(truth + np.eye(B, D)), human)
    assert raw.slope.value == pytest.approx(1 + np.trace(truth[:, :B]) / (truth**2).sum())


@pytest.mark.parametrize("follows", [0.0, 1.0, 3.0])
def test_the_slope_is_not_pulled_to_zero_by_the_error_of_people(follows: float):
    slopes, plain = [], []
    for seed in range(200):
        model, human = drawn(follows, seed, human_error=0.1)
        two = Sides.of(model, human, GROUPINGS)
        slopes.append(two.slope())
        plain.append(two.x @ two.y / (two.x @ two.x))
    error = np.std(slopes) / np.sqrt(len(slopes))
    assert np.mean(slopes) == pytest.approx(follows, abs=3.5 * error)
    if follows:
        assert np.mean(plain) < 0.8 * follows


@pytest.mark.parametrize("freedom", [np.inf, 25.0])
@pytest.mark.parametrize("follows", [0.0, 1.0, 3.0])
def test_intervals_cover_and_tests_hold_their_level(follows: float, freedom: float):
    seeds = 60
    found = [amplification(*drawn(follows, s, freedom=freedom), GROUPINGS) for s in range(seeds)]
    covers = np.mean([one.slope.low <= follows <= one.slope.high for one in found])
    assert covers >= 0.95 - 2.6 * np.sqrt(0.95 * 0.05 / seeds)
    least = 0.05 + 2.6 * np.sqrt(0.95 * 0.05 / seeds)
    refused = {
        1.0: np.mean([one.p_as_large < 0.05 for one in found]),
        0.0: np.mean([one.p_unrelated < 0.05 for one in found]),
    }
    for slope, share in refused.items():
        assert share <= least if slope == follows else share > 0.9
    no_bias = np.mean([one.p_no_bias < 0.05 for one in found])
    assert no_bias <= least if follows == 1 else no_bias > 0.9
    if follows:
        for name in ("sign_agreement", "rank_correlation"):
            high = [getattr(one, name).high for one in found]
            assert np.mean(np.array(high) >= 1 - 1e-9) > 0.9
            assert np.mean([getattr(one, name).low for one in found]) > 0.5
    else:
        ranks = [one.rank_correlation for one in found]
        assert np.mean([one.low <= 0 <= one.high for one in ranks]) > 0.85


def test_agreement_with_deviations_is_covered():
    """The truth is neither a line nor noise: half of what the model thinks is its own."""
    deviation = np.random.default_rng(9).normal(0, 0.15, (B, D))
    exact = [GroupDifferences.known(one) for one in (human_differences(), human_differences())]
    exact[0] = GroupDifferences.known(human_differences() + deviation)
    truth = amplification(*exact, GROUPINGS)
    found = [amplification(*drawn(1.0, s, deviation=deviation), GROUPINGS) for s in range(60)]
    for name in ("slope", "sign_agreement", "rank_correlation"):
        true = getattr(truth, name).value
        ends = [(getattr(one, name).low, getattr(one, name).high) for one in found]
        assert np.mean([low - 1e-9 <= true <= high + 1e-9 for low, high in ends]) > 0.85


def test_unknown_errors_and_no_difference_are_said():
    model, human = drawn(1.0, 0)
    asked_once = GroupDifferences(model.values, np.full((B * D, B * D), np.nan), model.freedom)
    found = amplification(asked_once, human, GROUPINGS, reason="asked once")
    assert found.slope.reason == "asked once"
    assert found.slope.value == pytest.approx(amplification(model, human, GROUPINGS).slope.value)
    assert np.isnan([found.slope.low, found.p_no_bias]).all()

    still = GroupDifferences.known(np.zeros((B, D)), np.full((B, D), 0.1))
    found = amplification(model, still, GROUPINGS)
    assert found.slope.reason == NO_HUMAN_DIFFERENCE
    assert np.isnan(found.slope.value)

    alone = amplification(model.of_groups([0]), human.of_groups([0]), np.zeros(1, dtype=int))
    assert alone.cells == 0
    assert alone.slope.reason == NO_GROUPS


def test_degrees_of_freedom_add_up_over_values_and_have_a_limit():
    each, two = np.ones(4), np.array([0, 0, 1, 1])
    freedom = np.array([10.0, 10.0, 30.0, 30.0])
    assert degrees_of_freedom(each, np.eye(4), freedom, two) == pytest.approx(30)
    assert degrees_of_freedom(each, np.eye(4), freedom, np.zeros(4, int)) == pytest.approx(10)
