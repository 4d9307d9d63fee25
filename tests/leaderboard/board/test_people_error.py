"""A model that rates as people do on average differs from a sample of them in 5% of cases."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from leaderboard.board.pairs import pair_tests
from leaderboard.board.table_humans import people_row_error
from leaderboard.board.table_scores import joint_scores
from ratings.instruments.dimensions import ALL_DIMENSIONS
from scorers.scores.data_at_hand import People
from scorers.scores.manifests import manifest_of
from scorers.scores.responses import ResponseMatrix

VALUES = ALL_DIMENSIONS[:10]
ITEMS, QUERIES, VARIANTS = 120, 30, 6
TAGS = [[VALUES[i % 10]] for i in range(ITEMS)]
MANIFEST = manifest_of("value_portrait")


@dataclass(frozen=True)
class World:
    model: ResponseMatrix
    people: People


def world(seed: int) -> World:
    """60 people who lean to values as a whole, and a model that rates as all such people do."""
    rng = np.random.default_rng(seed)
    means = rng.normal(3.5, 0.7, ITEMS)
    leanings = rng.normal(0, 0.5, (60, 10))[:, np.arange(ITEMS) % 10]
    ratings = means + leanings + rng.normal(0, 1.0, (60, ITEMS))
    ratings[rng.random((60, ITEMS)) > 0.4] = np.nan
    model = means[:, None] + rng.normal(0, 0.3, (ITEMS, VARIANTS))
    samples = [f"{i:03}" for i in range(ITEMS)]
    clusters = [str(i % QUERIES) for i in range(ITEMS)]
    grid = ResponseMatrix.from_ratings(
        model, samples, clusters, [f"v{v}" for v in range(VARIANTS)], TAGS
    )
    return World(grid, People("made", samples, ratings, ResponseMatrix.from_people(ratings, grid)))


@cache
def alarms(with_error: bool, worlds: int = 40) -> float:
    """The share of values, uncorrected, on which the model is called different on these items."""
    found = []
    for seed in range(worlds):
        made = world(seed)
        grids = [made.model, made.people.grid]
        error = people_row_error(made.people, MANIFEST, 1) if with_error else None
        pairs = pair_tests(grids, joint_scores(grids, MANIFEST), [0, 1], error)
        names = list(pairs.families)
        found.append(pairs.tests["on"].p_values[0, [names.index(one) for one in VALUES]] < 0.05)
    return float(np.mean(found))


def test_other_people_are_part_of_the_error():
    # 400 tests of which ten a world go together: a standard error of about a point
    assert alarms(with_error=True) == pytest.approx(0.05, abs=0.03)


def test_without_it_the_model_is_called_different_far_too_often():
    assert alarms(with_error=False) > 0.2
