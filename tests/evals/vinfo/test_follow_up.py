from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from evals.vinfo.follow_up import best_groupings
from evals.vinfo.table import Stacked
from ratings.representations.names import Representation, parse_representation


def test_the_difference_of_clusters_and_a_grouping_is_paired():
    """Every rater's loss is 0.1 lower with clusters: no doubt, however raters differ."""
    rng = np.random.default_rng(0)
    split, rater = np.repeat([0, 1, 2], 40), np.tile(np.repeat(np.arange(20), 2), 3)
    right = rng.uniform(0.2, 0.8, size=120)
    shares = {"demographics:two": right, "cluster:2": right * np.exp(0.1)}
    stacked = Stacked(
        representations=tuple(map(parse_representation, shares)),
        raters=rater,
        splits=split,
        instances=np.zeros(120, dtype=np.intp),
        ratings=np.ones(120, dtype=np.intp),
        probabilities=[np.stack([share, 1 - share], axis=1) for share in shares.values()],
    )
    raters = pd.DataFrame({"two": ["a", "b"]})
    data: Any = SimpleNamespace(table=SimpleNamespace(raters=raters))
    rows = [grouping_row("demographics:two", 0.1), grouping_row("cluster:2", 0.2)]
    (entry,) = best_groupings(rows, stacked, data)
    assert entry["difference"] == pytest.approx(
        {"value": 0.1, "low": 0.1, "high": 0.1, "reason": None}
    )


def grouping_row(name: str, value: float) -> Any:
    information = SimpleNamespace(estimate=SimpleNamespace(value=value))
    return SimpleNamespace(representation=parse_representation(name), information=information)


def no_ratings_of(*representations: Representation) -> Stacked:
    """One rating, of which all predict the same."""
    one = np.ones(1, dtype=np.intp)
    return Stacked(
        representations, one, one, one, one, [np.full((1, 2), 0.5) for _ in representations]
    )


def test_a_grouping_of_more_groups_than_clusters_is_no_rival():
    raters = pd.DataFrame({"two": ["a", "b", "a", "b"], "three": ["a", "b", "c", "a"]})
    data: Any = SimpleNamespace(table=SimpleNamespace(raters=raters))

    rows = [
        grouping_row("demographics:two", 0.1),
        grouping_row("demographics:three", 0.3),
        grouping_row("demographics:two+examples:1", 0.9),
        grouping_row("cluster:2", 0.2),
        grouping_row("cluster:3", 0.2),
    ]
    stacked = no_ratings_of(*(row.representation for row in rows))
    two, three = best_groupings(rows, stacked, data)
    assert (two["best_grouping"], two["its_information"]) == ("demographics:two", 0.1)
    assert (three["best_grouping"], three["its_information"]) == ("demographics:three", 0.3)
    (alone,) = best_groupings([grouping_row("cluster:2", 0.2)], stacked, data)
    assert (alone["best_grouping"], alone["its_information"]) == (None, None)
    assert alone["difference"] is None
