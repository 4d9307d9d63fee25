"""Models whose view of groups follows people's, ignores it, or exaggerates it threefold."""

import numpy as np
import pandas as pd
import pytest

from evals.studies.personas.compare import ALL, amplification_table
from evals.studies.personas.study import model_sides
from ratings.instruments.dimensions import SCHWARTZ
from scorers.amplification.printed import printed_amplification
from scorers.intervals.estimate import undefined
from tests.evals.studies.personas.simulated import GROUPS, TRUTH, simulated

NUMBERS = np.unique([grouping for grouping, _ in GROUPS], return_inverse=True)[1]


def simulate(follows: float, seeds: int) -> pd.DataFrame:
    """A row a seed, grouping and scope: the slope, its interval, and what it should be.

    On these items it should be that of the answers without the scatter of asking, beyond them what
    was planted.
    """
    found = []
    for seed in range(seeds):
        one = simulated(follows, seed)
        table = amplification_table(
            model_sides(one.found),
            one.human,
            GROUPS,
            SCHWARTZ,
            contrasts=True,
            own=undefined("not asked"),
            seed=seed,
        )
        exact = {}
        for name in dict.fromkeys(table["grouping"]):
            rows = [b for b, (grouping, _) in enumerate(GROUPS) if name in (grouping, ALL)]
            figures = printed_amplification(
                one.on_items[rows], TRUTH[rows], NUMBERS[rows], rounding=0
            ).figures
            exact[name] = figures["slope"].value
        on = table["scope"] == "on these items"
        table["truth"] = table["grouping"].map(exact).where(on, follows)
        found.append(table)
    return pd.concat(found, ignore_index=True)


def covered(table: pd.DataFrame) -> pd.Series:
    """Shares of intervals of slopes that hold the truth, by grouping and scope."""
    inside = table["truth"].between(table["slope low"], table["slope high"])
    return inside.groupby([table["grouping"], table["scope"]], sort=False).mean()


def check(table: pd.DataFrame, follows: float, seeds: int) -> None:
    least = 0.95 - 3 * np.sqrt(0.95 * 0.05 / seeds)
    assert covered(table).min() >= least, covered(table)
    overall = table[(table["grouping"] == ALL) & (table["scope"] == "beyond these items")]
    error = overall["slope"].std() / np.sqrt(seeds)
    assert overall["slope"].mean() == pytest.approx(follows, abs=4 * error)
    tests = {1.0: "p slope 1", 0.0: "p slope 0"}
    for slope, column in tests.items():
        refused = (overall[column] < 0.05).mean()
        assert refused <= 1 - least if slope == follows else refused > 0.9
    biased = (overall["p no bias"] < 0.05).mean()
    assert biased <= 1 - least if follows == 1 else biased > 0.9
    if follows:
        for title in ("same sign", "rank correlation"):
            assert overall[title].mean() > 0.9
            assert (overall[f"{title} high"] >= 1 - 1e-9).mean() >= least
    else:
        held = (overall["rank correlation low"] <= 0) & (overall["rank correlation high"] >= 0)
        assert held.mean() >= least


@pytest.mark.slow
@pytest.mark.parametrize("follows", [0.0, 1.0, 3.0])
def test_intervals_of_planted_amplification_cover(follows: float, in_full: bool):
    seeds = 100 if in_full else 10
    check(simulate(follows, seeds), follows, seeds)
