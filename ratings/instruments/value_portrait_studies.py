"""Value Portrait's studies of people: the main one made whole, and the two pilots."""

import json

import numpy as np
import pandas as pd

from ratings.errors import DataError
from ratings.instruments.dimensions import ALL_DIMENSIONS, SCHWARTZ, dimension_name
from ratings.instruments.value_portrait import CHOICES, load_human_ratings
from ratings.sources.cards import load_card
from ratings.sources.fetch import fetch
from ratings.table import RatingTable

# The person of whom the release has no scores, and scores in the order of ALL_DIMENSIONS. They are
# INFERRED, not published: of all ranks that a person can have among the first survey group, one on
# each dimension gives the group's published correlations, and these scores have those ranks.
WITHOUT_SCORES = "P186-group-0"
INFERRED = (
    *(0.667, 0.667, 0.667, -0.917, 0.667, 0.190, -2.333, -0.333, -0.333, 0.643),
    *(0.667, 0.139, -1.071, 0.155),
    *(4.0, 4.5, 1.0, 5.0, 4.0),
)
_SAME = 0.001  # the source keeps more digits, so a score this near is the same one
PILOTS = (1, 2)
_SURVEY = "data/prolific/survey/pilot/pilot_{}.json"
_SCORES = "data/prolific/value/pilot/pilot_{}.json"
# As the pilots' files name the values.
_SHORT = {name.replace("-", "")[:3]: name for name in SCHWARTZ}


def complete_human_ratings(data: str = "official") -> RatingTable:
    """The ratings of people as `load_human_ratings` has them, with the scores that it lacks.

    With the inferred scores of one person all correlations and p-values of the official data are
    the published ones. Other data are as they are.

    Raises:
        UnknownNameError: for data that are not known.
        DataError: when files are missing, changed or do not fit each other.
    """
    table = load_human_ratings(data)
    if data != "official":
        return table
    raters = table.raters.copy()
    first = table.instances.index[table.instances["group"] == 0]
    others = raters.loc[table.ratings.loc[table.ratings["instance"].isin(first), "rater"].unique()]
    for name, score in zip(ALL_DIMENSIONS, INFERRED, strict=True):
        same = others.loc[(others[name] - score).abs() < _SAME, name]
        raters.loc[WITHOUT_SCORES, name] = same.iloc[0] if len(same) else score
    return RatingTable(table.ratings, raters, table.instances, CHOICES)


def load_pilot(number: int) -> RatingTable:
    """A pilot's ratings of responses that were each written for a value (Appendix D).

    40 people rate how similar each response is to their own thoughts. Rater columns are the ten
    values; instances have the `query` and the value that they are written for as `target`.

    Args:
        number: 1 or 2.

    Raises:
        DataError: for another number, or when files are missing or changed.
    """
    if number not in PILOTS:
        raise DataError(f"there is no pilot {number}; there are {PILOTS}")
    paths = fetch(load_card("value_portrait"), ["pilot_ratings"])
    asked = json.loads(paths[_SURVEY.format(number)].read_bytes())["questions"]
    people = json.loads(paths[_SCORES.format(number)].read_bytes())
    raters = pd.DataFrame({person: about["pvq"] for person, about in people.items()}).T
    raters.columns = raters.columns.map(dimension_name)
    rows = [
        (person, f"{query}-{target}", rating, query, _SHORT[target])
        for query, targets in asked.items()
        for target, forms in targets.items()
        if target in _SHORT and "similar" in forms
        for rating, person in forms["similar"]["responses"]
    ]
    ratings = pd.DataFrame(rows, columns=["rater", "instance", "rating", "query", "target"])
    instances = ratings.groupby("instance", sort=False)[["query", "target"]].first()
    return RatingTable(ratings, raters[list(SCHWARTZ)].astype(np.float64), instances, CHOICES)
