"""Figures 5, 38 and 39 of PRISM's paper, from the published draws of its welfare analysis.

Kirk et al. (2024), The PRISM alignment dataset, section 3.3 and appendix U; printed numbers are
those of the authors' notebook 11a, on welfare plots. A file that is not there is skipped.
"""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from ratings.prism.results.welfare import (
    EVERYONE,
    SCHEMES,
    read_welfare_file,
    welfare_file_name,
)
from scorers.welfare.dominance import weakly_dominates
from scorers.welfare.outcomes import PERCENTILES, summary
from tests.published.prism_results import at_hand

pytestmark = pytest.mark.usefixtures("mirror")
GROUPS = (EVERYONE, "nonmale", "nonwhite", "below_45")
PANELS = [
    (country, kind, imputed)
    for imputed, country, kind in product((False, True), ("US", "UK"), ("rating", "choice"))
]
# What Rep (100) does not dominate; all else is red in the figures.
NOT_DOMINATED = {
    ("US", "rating", False): {
        EVERYONE: {"white_100", "above_45_100"},
        "nonmale": {"white_100", "above_45_100"},
        "nonwhite": {"male_100", "white_100", "above_45_100"},
        "below_45": {"male_100", "white_100", "above_45_100"},
    },
    ("US", "choice", False): {
        EVERYONE: {"white_100"},
        "nonmale": {"white_100"},
        "nonwhite": {"rep_10", "rep_20", "rep_50", "white_100", "above_45_100"},
        "below_45": {"white_100"},
    },
    ("US", "rating", True): {group: {"white_100", "above_45_100"} for group in GROUPS},
    ("US", "choice", True): {
        **{group: {"white_100", "above_45_100"} for group in GROUPS},
        "nonwhite": {"rep_20", "rep_50", "male_100", "white_100"},
    },
}
# The least and the greatest percentile of all groups and schemes, as printed.
LIMITS = {
    ("UK", "rating", False): (56.81935483870968, 79.2037037037037),
    ("UK", "choice", False): (0.17333333333333337, 0.5434782608695652),
    ("US", "rating", False): (57.95121951219513, 75.12222222222222),
    ("US", "choice", False): (0.18055555555555555, 0.5166666666666667),
    ("UK", "rating", True): (59.32653249592285, 77.91727414974596),
    ("UK", "choice", True): (0.2277405409538394, 0.5153741222140149),
    ("US", "rating", True): (62.87349014545799, 75.10119752702043),
    ("US", "choice", True): (0.23721027292634767, 0.4777054208870469),
}
# Welfare of what the first and last draws of UK, choice, chose, as printed, by scheme.
PRINTED_UK_CHOICE = """
0.452991   0.452991   0.366463    0.465021     0.465021      0.465021   0.452991
0.341398   0.352321   0.465021    0.465021     0.465021      0.465021   0.465021
0.366463   0.452991   0.465021    0.465021     0.452991      0.452991   0.465021
0.298246   0.465021   0.352321    0.465021     0.465021      0.465021   0.352321
0.323045   0.465021   0.452991    0.465021     0.465021      0.465021   0.339394
0.250524   0.452991   0.298246    0.465021     0.452991      0.452991   0.465021
0.304167   0.323045   0.452991    0.452991     0.465021      0.465021   0.366463
0.304167   0.339394   0.452991    0.465021     0.465021      0.452991   0.250524
0.465021   0.452991   0.465021    0.452991     0.452991      0.452991   0.452991
0.452991   0.323045   0.465021    0.366463     0.465021      0.465021   0.465021
"""


def draws(country: str, group: str, kind: str, imputed: bool) -> pd.DataFrame:
    """A column for each scheme, a row for each draw."""
    table = read_welfare_file(at_hand(welfare_file_name(country, group, kind, imputed)))
    return table.pivot_table(index="draw", columns="scheme", values="welfare")[list(SCHEMES)]


def panel(country: str, kind: str, imputed: bool) -> tuple[np.ndarray, pd.DataFrame]:
    """Draws S x G x B of one row of panels of a figure, and their summary."""
    groups = [draws(country, group, kind, imputed) for group in GROUPS]
    outcome = np.stack([group.to_numpy().T for group in groups], axis=1)
    return outcome, summary(outcome, SCHEMES, GROUPS, "rep_100")


@pytest.mark.parametrize(("country", "kind", "imputed"), PANELS)
def test_means_and_percentiles(country: str, kind: str, imputed: bool):
    """All rows of the figures, against sorted lists."""
    outcome, table = panel(country, kind, imputed)
    assert outcome.shape == (7, 4, 1_000)
    assert len(table) == 28
    for row in table.to_dict("records"):
        ordered = sorted(outcome[SCHEMES.index(row["scheme"]), GROUPS.index(row["group"])])
        assert row["mean"] == pytest.approx(sum(ordered) / 1_000, rel=1e-12)
        for cut in PERCENTILES:
            below, share = divmod(999 * cut, 100)
            between = ordered[below + 1] - ordered[below]
            expected = ordered[below] + share / 100 * between
            assert row[f"p{cut}"] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("country", "kind", "imputed"), PANELS)
def test_the_limits_of_the_axes_to_the_last_digit(country: str, kind: str, imputed: bool):
    _, table = panel(country, kind, imputed)
    cuts = table[[f"p{cut}" for cut in PERCENTILES]].to_numpy()
    assert (cuts.min(), cuts.max()) == LIMITS[country, kind, imputed]


@pytest.mark.parametrize(("country", "kind", "imputed"), list(NOT_DOMINATED))
def test_which_distributions_are_red(country: str, kind: str, imputed: bool):
    _, table = panel(country, kind, imputed)
    others = table[table["scheme"].ne("rep_100")]
    assert len(others) == 24
    left = others[~others["dominated"].astype(bool)]
    found = {group: set(rows["scheme"]) for group, rows in left.groupby("group")}
    assert found == NOT_DOMINATED[country, kind, imputed]


@pytest.mark.parametrize(("countries", "count"), [("US", 36), ("UK", 28), ("US UK", 64)])
def test_how_many_of_the_comparisons_are_not_dominated(countries: str, count: int):
    parts = [panel(*one)[1] for one in PANELS if one[0] in countries.split()]
    flags = pd.concat(parts)["dominated"].dropna()
    assert len(flags) == 96 * len(countries.split())
    assert (~flags.astype(bool)).sum() == count


def test_what_the_text_says_of_the_us():
    """Males alone are dominated; asking white people alone is better for all and not for others."""
    everyone = draws("US", EVERYONE, "choice", imputed=False)
    others = draws("US", "nonwhite", "choice", imputed=False)
    rating = draws("US", EVERYONE, "rating", imputed=False)
    assert weakly_dominates(rating["rep_100"].to_numpy(), rating["male_100"].to_numpy())
    assert weakly_dominates(everyone["white_100"].to_numpy(), everyone["rep_100"].to_numpy())
    assert others["white_100"].mean() < others["rep_100"].mean()


def test_larger_samples_are_better_on_average_everywhere():
    means = pd.concat(
        [panel("US", kind, imputed)[1] for _, kind, imputed in PANELS[:2] + PANELS[4:6]]
    ).pivot_table(index="group", columns="scheme", values="mean", aggfunc="first")
    ordered = means[["rep_10", "rep_20", "rep_50", "rep_100"]].to_numpy()
    assert (np.diff(ordered, axis=1) > 0).all()


def test_files_are_not_paired():
    """Draw i of two files is not the same sample: the models of equal draws do not go together."""
    first = draws("US", EVERYONE, "rating", imputed=False)["rep_10"]
    second = draws("US", "nonmale", "rating", imputed=False)["rep_10"]
    assert abs(first.corr(second, method="spearman")) < 0.1
    pairs = pd.crosstab(first.round(9), second.round(9))
    # of the same sample, each model of one file would be one model of the other
    assert (pairs.gt(0).sum(axis=1) > 1).mean() > 0.5


@pytest.mark.parametrize(
    ("kind", "models", "greatest"), [("rating", 20, 71.41318944844126), ("choice", 21, None)]
)
def test_the_welfare_of_each_model_of_the_us_is_recovered(
    kind: str, models: int, greatest: float | None
):
    values = np.unique(draws("US", EVERYONE, kind, imputed=False).to_numpy())
    assert len(values) == models
    if greatest is not None:
        assert values.max() == greatest
        return
    # 139 people whose shares add up to 64.2: some saw the model more than once
    assert values.max() == pytest.approx(64.2 / 139, rel=1e-15)


def test_the_45_per_cent_of_the_text_is_the_imputed_maximum():
    """'max 45% MEANCHOICE': the base files, of which the figure is made, have .4619."""
    base = draws("US", EVERYONE, "choice", imputed=False).to_numpy().max()
    filled = draws("US", EVERYONE, "choice", imputed=True).to_numpy().max()
    assert (round(100 * base, 1), round(100 * filled, 1)) == (46.2, 45.0)


def test_the_welfare_of_models_of_the_uk():
    table = draws("UK", EVERYONE, "choice", imputed=False)
    counts = table["rep_100"].value_counts()
    assert len(np.unique(table.to_numpy())) <= 21
    assert table.to_numpy().max() == pytest.approx(113 / 243, rel=1e-12)
    # two simple fractions, and the rest of printed figures: some people saw a model twice
    for share, digits, times in (
        (113 / 243, 1e-12, 503),
        (106 / 234, 1e-12, 411),
        (0.366463, 5e-7, 32),
    ):
        nearest = counts.index[np.abs(counts.index - share).argmin()]
        assert nearest == pytest.approx(share, abs=digits)
        assert counts[nearest] == times


def test_printed_draws_of_the_uk():
    table = draws("UK", EVERYONE, "choice", imputed=False).to_numpy()
    printed = np.array([line.split() for line in PRINTED_UK_CHOICE.split("\n") if line], float)
    assert np.array_equal(np.vstack([table[:5], table[-5:]]).round(6), printed)
