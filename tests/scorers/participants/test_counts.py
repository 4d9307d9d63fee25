"""Counts by person and shares of rows: by hand, and how often intervals cover."""

import numpy as np
import pandas as pd
import pytest

from scorers.participants.counts import count_summary, row_shares


def test_summaries_are_those_of_pandas():
    values = pd.Series(np.random.default_rng(0).poisson(5, 50), dtype=float)
    values[3] = np.nan
    row = count_summary(values, np.arange(50), 0, 200).iloc[0]
    about = values.describe()
    for mine, theirs in (
        ("n", "count"), ("mean", "mean"), ("sd", "std"), ("min", "min"), ("25%", "25%"),
        ("median", "50%"), ("75%", "75%"), ("max", "max"),
    ):  # fmt: skip
        assert row[mine] == pytest.approx(about[theirs])
    assert row["mean low"] < row["mean"] < row["mean high"]


@pytest.mark.parametrize("values", [[], [np.nan], [4.0]])
def test_hardly_any_numbers(values):
    row = count_summary(
        pd.Series(values, dtype=float), [f"p{n}" for n in range(len(values))], 0, 50
    )
    found = row.iloc[0]
    assert found["people"] == np.isfinite(values).sum()
    assert np.isnan(found["mean low"])
    assert np.isnan(found["mean"]) == (found["people"] == 0)


def test_shares_of_rows_by_hand():
    flags = pd.DataFrame({"a": [1, 0, np.nan, 1], "never": [0, 0, 0, 0], "always": [1.0] * 4})
    found = row_shares(flags, ["ann", "ann", "bob", "eve"], 0, 500)
    assert found["rows"].tolist() == [3, 4, 4]
    assert found["flagged"].tolist() == [2, 0, 4]
    assert found["share"].tolist() == pytest.approx([2 / 3, 0, 1])
    # of three people none: the true share may well be some per cent
    assert found.loc["never", "share low"] == pytest.approx(0)
    assert 0.4 < found.loc["never", "share high"] < 0.7
    assert found.loc["always", "share low"] == pytest.approx(1 - found.loc["never", "share high"])


def test_intervals_of_shares_cover_where_the_rows_of_people_are_alike():
    """Rows of a person have the flag together; intervals of independent rows cover too rarely."""
    rng = np.random.default_rng(1)
    people, rows = 60, 20
    names = np.repeat(np.arange(people), rows)
    covered, too_narrow = 0, 0
    for draw in range(200):
        own = rng.beta(0.6, 1.4, people)  # mean 0.3
        flags = rng.random(people * rows) < np.repeat(own, rows)
        found = row_shares(pd.DataFrame({"flag": flags}), names, draw, 300).iloc[0]
        covered += found["share low"] <= 0.3 <= found["share high"]
        reach = 1.96 * np.sqrt(found["share"] * (1 - found["share"]) / flags.size)
        too_narrow += abs(found["share"] - 0.3) > reach
    assert 0.9 < covered / 200 <= 0.985
    assert too_narrow / 200 > 0.3
