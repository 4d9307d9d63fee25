import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorers.answers.missing_answers import MISSING, missing_advice

COUNTS = st.dictionaries(
    st.sampled_from(["valid", "refusal", "empty", "truncated", "unparseable", "absent"]),
    st.integers(0, 4000),
)


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"truncated": 36}, "100.0% of the answers are missing (100.0% truncated by the limit"),
        ({"valid": 98, "empty": 2}, "2.0% of the answers are missing (2.0% empty)"),
        ({"valid": 9, "truncated": 1, "empty": 1}, "18.2% of the answers are missing (9.1% trunc"),
    ],
)
def test_what_is_said_and_which_option_to_raise(counts: dict[str, int], said: str):
    advice = missing_advice(counts)
    assert advice is not None
    assert advice.startswith(said)
    assert "--max-tokens" in advice
    assert "--reasoning-effort" in advice


@pytest.mark.parametrize(
    "counts",
    [
        {},
        {"valid": 0, "empty": 0},
        {"valid": 99, "empty": 1},  # not more than 1%
        {"valid": 1, "refusal": 50, "unparseable": 9},
        {"truncated": math.nan, "others": math.nan},  # shares where nothing was asked
    ],
)
def test_where_there_is_nothing_to_say(counts: dict[str, float]):
    assert missing_advice(counts) is None


@given(COUNTS)
def test_it_speaks_above_one_per_cent_and_numbers_and_shares_say_the_same(counts: dict[str, int]):
    total = sum(counts.values())
    missing = sum(counts.get(status, 0) for status in MISSING)
    assert (missing_advice(counts) is not None) == (100 * missing > total)
    if total and abs(100 * missing - total) > 1e-6 * total:
        shares = {status: count / total for status, count in counts.items()}
        assert missing_advice(shares) == missing_advice(counts)
