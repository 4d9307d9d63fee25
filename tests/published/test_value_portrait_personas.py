"""Tables 9 to 14 of Value Portrait as the package has them, against themselves."""

import numpy as np
import pandas as pd
import pytest
import scipy

from evals.studies.personas.human import (
    DIFFERENCE_ROW,
    GPT_4O,
    HUMAN,
    ROUNDING,
    printed_figures,
)
from evals.studies.personas.printed import printed_findings
from evals.studies.personas.scale import OWN, load_scale
from leaderboard.published.figures import published_lines
from ratings.instruments.dimensions import BIG_FIVE, SCHWARTZ
from ratings.questionnaires.questionnaire import load_questionnaire

KEYS = load_questionnaire("pvq21").keys
LINES = published_lines("personas")


def table(rater: str, scores: tuple[str, ...] = SCHWARTZ) -> pd.DataFrame:
    found = printed_figures(LINES, rater, scores)
    index = pd.MultiIndex.from_tuples(found.groups)
    return pd.DataFrame(found.differences.values, index=index, columns=list(scores))


def test_every_printed_figure_is_there_once():
    rows = pd.DataFrame(LINES)
    assert len(rows) == 525
    assert not rows.duplicated(["grouping", "group", "rater", "score"]).any()
    assert rows.groupby("source").size().to_dict() == {
        "Han et al. (2025), Table 9": 60,
        "Han et al. (2025), Table 10": 80,
        "Han et al. (2025), Table 11": 60,
        "Han et al. (2025), Table 12": 80,
        "Han et al. (2025), Table 13": 120,
        "Han et al. (2025), Table 14": 125,
    }
    human, model = table(HUMAN), table(GPT_4O)
    assert human.shape == (13, 10)
    assert model.shape == (25, 10)
    assert human.notna().all().all()
    assert model.notna().all().all()
    assert table(GPT_4O, BIG_FIVE).shape == (25, 5)
    assert not ((rows["rater"] == HUMAN) & rows["score"].isin(BIG_FIVE)).any()
    without = set(model.index.get_level_values(0)) - set(human.index.get_level_values(0))
    assert without == {"Race", "Religion", "Income"}


@pytest.mark.parametrize("rater", [HUMAN, GPT_4O])
def test_the_row_of_men_less_women_is_their_difference(rater: str):
    printed = {
        line["score"]: float(line["value"])
        for line in LINES
        if line["rater"] == rater and line["group"] == DIFFERENCE_ROW
    }
    gender = table(rater).loc["Gender"]
    apart = gender.loc["Male"] - gender.loc["Female"]
    assert len(printed) == 10
    # every one of the twenty is the difference of the two printed figures, not only within rounding
    assert (apart - pd.Series(printed)[list(SCHWARTZ)]).abs().max() < 1e-9


def test_centred_human_scores_add_up_to_zero_within_rounding():
    counts = np.array([len(KEYS[name]) for name in SCHWARTZ])
    sums = np.abs(table(HUMAN).to_numpy() @ counts)
    assert sums.max() <= ROUNDING * counts.sum()
    assert sums.max() == pytest.approx(0.05)


def implied_shares(grouping: str) -> pd.DataFrame:
    """Sizes of groups with which the printed means of all groups average to 0, within rounding."""
    means = table(HUMAN).loc[grouping]
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


@pytest.fixture(scope="module")
def findings() -> dict:
    return {found.name: found for found in printed_findings(LINES, load_scale("official"), seed=0)}


@pytest.mark.parametrize(
    ("name", "slopes", "same_sign", "ranks"),
    [
        (
            "amplification",
            [-0.73, 0.24, 0.90, -0.28, 0.19],
            [0.40, 0.70, 0.75, 0.41, 0.57],
            [-0.36, 0.49, 0.55, -0.22, 0.16],
        ),
        (
            "amplification_raw",
            [-0.65, 0.33, 1.04, -0.84, 0.13],
            [0.37, 0.68, 0.52, 0.37, 0.50],
            [-0.14, 0.34, 0.26, -0.36, 0.04],
        ),
    ],
)
def test_amplification_of_the_printed_tables(findings, name: str, slopes, same_sign, ranks):
    """GPT-4o does not exaggerate: it hardly follows, but for political orientation."""
    rows = findings[name].table
    assert rows["grouping"].tolist() == [
        "Gender", "Age", "Political orientation", "Education", "all",
    ]  # fmt: skip
    np.testing.assert_allclose(rows["slope"], slopes, atol=0.006)
    np.testing.assert_allclose(rows["same sign"], same_sign, atol=0.006)
    np.testing.assert_allclose(rows["rank correlation"], ranks, atol=0.006)
    assert "Race, Religion, Income" in findings[name].notes[-1]


def test_the_slope_is_the_plain_regression_through_zero(findings):
    human, model = table(HUMAN).loc["Age"], table(GPT_4O).loc["Age"]
    x, y = (side - side.mean() for side in (human, model))
    slope = (x * y).to_numpy().sum() / (x**2).to_numpy().sum()
    row = findings["amplification"].table.set_index("grouping").loc["Age"]
    assert row["slope"] == pytest.approx(slope)
    without = [
        (x.drop(columns=v) * y.drop(columns=v)).to_numpy().sum()
        / (x.drop(columns=v) ** 2).to_numpy().sum()
        for v in SCHWARTZ
    ]
    error = np.sqrt(0.9 * ((without - np.mean(without)) ** 2).sum())
    reach = scipy.stats.t.ppf(0.975, 9) * error
    assert row["slope high"] - row["slope"] == pytest.approx(reach)


def test_what_the_paper_says_in_words(findings):
    claims = findings["claims"].table
    assert len(claims) == 34
    assert claims.loc[claims["holds"] != "yes", ["claim", "holds"]].to_numpy().tolist() == [
        ["people: Self-Direction falls with age", "no"],
        ["people: Self-Direction rises with education", "within rounding"],
        ["GPT-4o exaggerates differences of left and right", "on 6 of 10"],
    ]


def test_people_themselves_differ_by_an_eighth_of_it_on_these_items(findings):
    """So 0.19 is no smaller than what the same people would show, and 0.90 seven times that."""
    scale = findings["instrument_scale"].table.set_index("value")
    assert scale.loc["all"].round(3).tolist() == [0.124, 0.085, 0.163]
    rows = findings["amplification"].table.set_index("grouping")
    assert rows.loc["all", OWN] == pytest.approx(0.192 / 0.124, abs=0.01)
    assert rows.loc["Political orientation", OWN] == pytest.approx(7.25, abs=0.05)


def test_two_thirds_of_what_personas_do_is_what_all_of_them_do(findings):
    assert findings["any_persona"].sentence.startswith("67 % of the squared changes")
    shared = findings["any_persona"].table.set_index("score")
    assert shared.loc["Benevolence", "personas that raise it"] == 0
    assert shared.loc["Security", "personas that raise it"] == 25
