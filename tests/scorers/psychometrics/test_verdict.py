import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorers.intervals.estimate import Estimate, undefined
from scorers.psychometrics.verdict import Verdict, reliability_verdict

HIGH, LOW = Estimate(0.91, 0.88, 0.94), Estimate(0.5, 0.35, 0.62)
BETWEEN, POINT = Estimate(0.75, 0.66, 0.82), Estimate(0.8)


@pytest.mark.parametrize(
    ("alpha", "coefficient", "valid", "verdict", "why"),
    [
        (HIGH, HIGH, 1.0, "consistent",
         "Alpha 0.91 (0.88 to 0.94) and the G coefficient 0.91 (0.88 to 0.94) are at least 0.70, "
         "and 100% of the answers are valid."),
        (HIGH, LOW, 1.0, "inconsistent",
         "The G coefficient 0.50 (0.35 to 0.62) is below 0.70 with its whole interval."),
        (LOW, BETWEEN, 0.8, "inconsistent",
         "Alpha 0.50 (0.35 to 0.62) is below 0.70 with its whole interval."),
        (HIGH, HIGH, 0.4, "inconsistent",
         "Only 40% of the answers are valid (less than 50%)."),
        (undefined("the cases do not differ"), HIGH, 0.4, "inconsistent",
         "Only 40% of the answers are valid (less than 50%)."),
        (HIGH, BETWEEN, 1.0, "doubtful",
         "The G coefficient 0.75 (0.66 to 0.82) may be below 0.70."),
        (Estimate(0.65, 0.5, 0.72), HIGH, 1.0, "doubtful",
         "Alpha 0.65 (0.50 to 0.72) may be below 0.70."),
        (HIGH, HIGH, 0.5, "doubtful", "Only 50% of the answers are valid (90% are needed)."),
        (HIGH, HIGH, math.nan, "doubtful", "The share of valid answers is not known."),
        (HIGH, POINT, 1.0, "doubtful", "The G coefficient 0.80 has no interval."),
        (undefined("the cases do not differ"), HIGH, 1.0, "doubtful",
         "Alpha is not defined (the cases do not differ)."),
    ],
)  # fmt: skip
def test_verdicts(alpha, coefficient, valid, verdict, why):
    found = reliability_verdict({"alpha": alpha, "g_coefficient": coefficient}, valid)
    assert found == Verdict(verdict, why)


def test_what_was_not_measured_is_doubtful():
    found = reliability_verdict({"g_coefficient": HIGH, "icc": LOW}, 1.0)
    assert found == Verdict("doubtful", "Alpha is not defined (it was not measured).")


def test_a_single_prompts_agreement_decides_nothing():
    both = {"alpha": HIGH, "g_coefficient": HIGH}
    assert reliability_verdict({**both, "icc": LOW}, 1.0) == reliability_verdict(both, 1.0)


@pytest.mark.parametrize(("low", "valid", "verdict"), [(0.7, 0.9, "consistent"),
    (0.7, 0.8999, "doubtful"), (0.6999, 0.9, "doubtful")])  # fmt: skip
def test_thresholds_belong_to_the_better_side(low: float, valid: float, verdict: str):
    estimate = Estimate(0.8, low, 0.9)
    consistency = {"alpha": estimate, "g_coefficient": estimate}
    assert reliability_verdict(consistency, valid).verdict == verdict


def estimates() -> st.SearchStrategy[Estimate]:
    ends = st.lists(st.floats(-1, 1), min_size=3, max_size=3).map(sorted)
    known = ends.map(lambda three: Estimate(three[1], three[0], three[2]))
    return known | ends.map(lambda three: Estimate(three[1])) | st.just(undefined("why not"))


@given(estimates(), estimates(), st.floats(0, 1) | st.just(math.nan))
def test_any_figures_have_a_verdict_in_one_sentence(alpha, coefficient, valid):
    found = reliability_verdict({"alpha": alpha, "g_coefficient": coefficient}, valid)
    assert found.why.endswith(".")
    assert found.why[0].isupper()
    assert "nan" not in found.why
    assert ". " not in found.why
    swapped = reliability_verdict({"alpha": coefficient, "g_coefficient": alpha}, valid)
    assert swapped.verdict == found.verdict
    if found.verdict == "consistent":
        assert min(alpha.low, coefficient.low) >= 0.7
        assert valid >= 0.9
