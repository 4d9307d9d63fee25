"""Tables 9 to 14 of Value Portrait as the package has them, against themselves."""

import numpy as np
import pandas as pd
import pytest
import scipy

from ratings.instruments.dimensions import BIG_FIVE, SCHWARTZ
from ratings.published.personas import (
    DIFFERENCE,
    HUMAN,
    MODEL,
    ROUNDING,
    published_differences,
    published_personas,
)
from ratings.questionnaires.questionnaire import load_questionnaire

KEYS = load_questionnaire("pvq21").keys


def test_every_printed_figure_is_there_once():
    rows = published_personas()
    assert len(rows) == 525
    assert not rows.duplicated(["grouping", "group", "rater", "score"]).any()
    tables = rows.groupby("source").size().to_dict()
    assert tables == {
        "Han et al. (2025), Table 9": 60,
        "Han et al. (2025), Table 10": 80,
        "Han et al. (2025), Table 11": 60,
        "Han et al. (2025), Table 12": 80,
        "Han et al. (2025), Table 13": 120,
        "Han et al. (2025), Table 14": 125,
    }
    human = published_differences(HUMAN, SCHWARTZ)
    model = published_differences(MODEL, SCHWARTZ)
    assert human.shape == (13, 10)
    assert model.shape == (25, 10)
    assert human.notna().all().all()
    assert model.notna().all().all()
    assert published_differences(HUMAN, BIG_FIVE).empty
    assert published_differences(MODEL, BIG_FIVE).shape == (25, 5)
    without = set(model.index.get_level_values(0)) - set(human.index.get_level_values(0))
    assert without == {"Race", "Religion", "Income"}


@pytest.mark.parametrize("rater", [HUMAN, MODEL])
def test_the_row_of_men_less_women_is_their_difference(rater: str):
    rows = published_personas()
    printed = rows[(rows["rater"] == rater) & (rows["group"] == DIFFERENCE)].set_index("score")
    table = published_differences(rater, SCHWARTZ).loc["Gender"]
    apart = table.loc["Male"] - table.loc["Female"]
    assert len(printed) == 10
    # every one of the twenty is the difference of the two printed figures, not only within rounding
    assert (apart - printed["value"][list(SCHWARTZ)]).abs().max() < 1e-9


def test_centred_human_scores_add_up_to_zero_within_rounding():
    human = published_differences(HUMAN, SCHWARTZ)
    counts = np.array([len(KEYS[name]) for name in SCHWARTZ])
    assert np.abs(human.to_numpy() @ counts).max() <= ROUNDING * counts.sum()
    assert np.abs(human.to_numpy() @ counts).max() == pytest.approx(0.05)


def implied_shares(grouping: str) -> pd.DataFrame:
    """Sizes of groups with which the printed means of all groups average to 0, within rounding."""
    means = published_differences(HUMAN, SCHWARTZ).loc[grouping]
    values = means.to_numpy()
    bounds = np.vstack([(values - ROUNDING).T, -(values + ROUNDING).T])
    ends = {
        end: [
            sign
            * scipy.optimize.linprog(
                sign * np.eye(len(means))[group],
                A_ub=bounds,
                b_ub=np.zeros(len(bounds)),
                A_eq=np.ones((1, len(means))),
                b_eq=[1],
            ).fun
            for group in range(len(means))
        ]
        for end, sign in (("low", 1), ("high", -1))
    }
    return pd.DataFrame(ends, index=means.index)


@pytest.mark.parametrize(
    ("grouping", "low", "high"),
    [
        ("Gender", [0.44, 0.50], [0.50, 0.56]),
        ("Age", [0.17, 0.23, 0.20, 0.03], [0.32, 0.55, 0.41, 0.09]),
        ("Political orientation", [0.10, 0.67, 0.11], [0.17, 0.78, 0.18]),
        ("Education", [0.58, 0.08, 0.09, 0.09], [0.63, 0.15, 0.20, 0.17]),
    ],
)
def test_the_printed_means_imply_how_groups_were_cut(grouping: str, low, high):
    """Seven in ten people are "centered", and six in ten have "less than high school"."""
    found = implied_shares(grouping)
    np.testing.assert_allclose(found["low"], low, atol=0.006)
    np.testing.assert_allclose(found["high"], high, atol=0.006)
