import numpy as np
import pytest

from scorers.intervals.joint_errors import JointErrors

RNG = np.random.default_rng(0)
ROOT = RNG.normal(size=(4, 6))
COVARIANCE = ROOT @ ROOT.T
FREEDOM = np.array([5.0, 9.0, 40.0, 103.0])
JOINT = JointErrors(COVARIANCE, FREEDOM, "why not")


def test_the_error_of_a_weighted_sum_counts_the_covariances():
    weights = np.array([1.0, -2.0, 0.5, 0.0])
    drawn = RNG.normal(size=(200_000, 6)) @ ROOT.T @ weights
    assert JOINT.error(weights)[0] == pytest.approx(drawn.std(), rel=0.01)


def test_one_number_has_its_own_degrees_of_freedom():
    assert JOINT.error(np.array([0.0, 3.0, 0.0, 0.0])) == pytest.approx(
        (3 * np.sqrt(COVARIANCE[1, 1]), 9.0)
    )


def test_without_an_error_there_is_a_reason():
    lost = COVARIANCE.copy()
    lost[0], lost[:, 0] = np.nan, np.nan
    joint = JointErrors(lost, FREEDOM, "asked once")
    found = joint.estimate(1.0, np.array([1.0, 0, 0, 0]))
    assert (found.value, found.reason) == (1.0, "asked once")
    assert np.isnan([found.low, found.high, joint.p_greater(1.0, np.array([1.0, 0, 0, 0]))]).all()
    assert joint.estimate(1.0, np.array([0, 1.0, 0, 0])).low < 1  # others have theirs


def test_an_interval_reaches_as_far_as_in_the_narrower_scope():
    wide = JointErrors(0.01 * COVARIANCE, FREEDOM, "", within=JOINT)
    ones = np.ones(4)
    assert wide.estimate(2.0, ones) == JOINT.estimate(2.0, ones)
    assert wide.p_greater(2.0, ones) == JOINT.p_greater(2.0, ones)


def test_a_p_value_is_one_sided_and_certain_without_an_error():
    certain = JointErrors(np.zeros((2, 2)), np.zeros(2), "")
    one = np.array([1.0, 0.0])
    assert [certain.p_greater(value, one) for value in (0.1, 0.0, -0.1)] == [0.0, 1.0, 1.0]
    up, down = JOINT.p_greater(1.0, np.ones(4)), JOINT.p_greater(-1.0, np.ones(4))
    assert up + down == pytest.approx(1.0)
    assert up < 0.5 < down


def test_an_interval_is_cut_off_at_the_ends():
    found = JOINT.estimate(1.2, np.ones(4), (-1.0, 1.0))
    assert (found.value, found.high) == (1.0, 1.0)
