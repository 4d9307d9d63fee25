"""Tables 9 to 14 of Han et al. (2025): group differences of people and of GPT-4o with personas.

A person's figure is a group's mean less everyone's (European Social Survey, round 11); GPT-4o's is
its score with a persona less that without one. There are no human figures for race, religion and
income, nor for the Big Five.
"""

from collections.abc import Sequence
from importlib import resources

import pandas as pd

HUMAN, MODEL = "human", "gpt-4o"
DIFFERENCE = "Male-Female"
PEOPLE = 37_498
ROUNDING = 0.005


def published_personas() -> pd.DataFrame:
    """A row a printed figure: `source`, `grouping`, `group`, `rater`, `score` and `value`."""
    path = resources.files("ratings.published") / "personas.csv"
    with path.open(encoding="utf-8") as stream:
        return pd.read_csv(stream)


def published_differences(rater: str, scores: Sequence[str]) -> pd.DataFrame:
    """The printed differences of one side: a row a grouping and group, a column a score.

    NaN where the paper prints none. The row of the difference between men and women is left out:
    it follows from theirs.

    Args:
        rater: `human` or `gpt-4o`.
        scores: columns, in order.

    >>> published_differences("human", ["Power", "Tradition"]).loc[("Gender", "Male")].tolist()
    [0.08, -0.06]
    """
    rows = published_personas()
    rows = rows[(rows["rater"] == rater) & (rows["group"] != DIFFERENCE)]
    found = rows.pivot_table(
        index=["grouping", "group"], columns="score", values="value", sort=False
    )
    return found.reindex(columns=list(scores)).dropna(how="all")
