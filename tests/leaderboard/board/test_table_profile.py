import numpy as np
import pytest

from leaderboard.board.table_profile import circle_family, circle_of_all, profiles_by_chance
from leaderboard.board.table_scores import joint_scores
from ratings.instruments.dimensions import SCHWARTZ
from scorers.scores.manifests import manifest_of
from scorers.scores.responses import ResponseMatrix

MANIFEST = manifest_of("value_portrait")
SIZES = (1, 2, 3, 4)  # of queries, so that each keeps to itself


def grid_of(levels: list[float], rng: np.random.Generator) -> ResponseMatrix:
    """A rater with one level for each query, asked twice; some answers are missing."""
    items = [f"{query}-{i}" for query, size in enumerate(SIZES) for i in range(size)]
    samples = items + items
    queries = [sample.split("-")[0] for sample in samples]
    ratings = np.array([[levels[int(query)]] * 6 for query in queries])
    ratings[rng.random(ratings.shape) < 0.2] = np.nan
    tags = [[SCHWARTZ[i], SCHWARTZ[(3 * i + 1) % 10]] for i in range(len(items))]
    return ResponseMatrix(
        samples=samples,
        epochs=[1] * len(items) + [2] * len(items),
        clusters=queries,
        columns=[str(v) for v in range(6)],
        ratings=ratings,
        right=None,
        statuses=np.where(np.isnan(ratings), "refusal", "valid"),
        attributes=[{"tags": one} for one in tags * 2],
        labels={},
    )


def test_ratings_that_have_nowhere_to_go_give_the_profiles_of_the_runs():
    rng = np.random.default_rng(0)
    grids = [grid_of(rng.integers(1, 7, size=4).astype(float).tolist(), rng) for _ in range(6)]
    family = circle_family(MANIFEST)
    assert family is not None
    joint, chance = joint_scores(grids, MANIFEST), profiles_by_chance(grids, family)
    profiles = np.column_stack([joint[name].values for name in family.names])
    np.testing.assert_allclose(chance, np.broadcast_to(profiles, chance.shape), atol=1e-12)
    found = circle_of_all(joint, family, chance)
    assert found["p"] == 1
    assert found["by_chance"] == pytest.approx(found["fit"]["value"])
    assert (found["models"], found["order"]) == (6, list(family.names))
