"""How people are spread, checked by hand and with what the people row says."""

from typing import Any

import numpy as np
import pytest

from leaderboard.board.people_spread import STEPS, people_spread
from ratings.instruments.dimensions import ALL_DIMENSIONS, SCHWARTZ
from ratings.instruments.value_portrait import load_human_ratings, load_instrument
from scorers.psychometrics.human_norms import scores_of_people
from scorers.scores.data_at_hand import People
from scorers.scores.families import score_rows
from scorers.scores.manifests import manifest_of
from scorers.scores.responses import ResponseMatrix

MANIFEST = manifest_of("value_portrait")


def people_of(data: str) -> People:
    instrument = load_instrument(data)
    table, tagged = load_human_ratings(data), instrument.tagged()
    items = ResponseMatrix.from_ratings(
        np.full((len(instrument.items), 1), np.nan),
        [str(one) for one in instrument.items.index],
        instrument.items["query"].astype(str).tolist(),
        ["none"],
        [
            [name for name, mine in zip(ALL_DIMENSIONS, column, strict=True) if mine]
            for column in tagged.T
        ],
    )
    position = {str(instance): i for i, instance in enumerate(table.instances.index)}
    ratings = table.matrix()[:, [position[sample] for sample in items.samples]]
    grid = ResponseMatrix.from_people(ratings, items)
    return People("card", list(items.samples), ratings, grid)


def mean_of(spread: dict[str, Any]) -> float:
    points = spread["low"] + spread["step"] * np.arange(len(spread["density"]))
    return float(np.average(points, weights=spread["density"]))


def test_a_persons_score_is_on_their_own_mean_of_the_items_they_rated():
    people = np.array([[1.0, 5.0, np.nan, 6.0], [2.0, np.nan, 4.0, np.nan]])
    tagged = np.array([[True, True, False, False], [False, False, True, False]])
    scores, counts = scores_of_people(people, tagged, centred=True)
    # The last item counts for neither, so it is in nobody's centre.
    np.testing.assert_allclose(scores, [[0.0, np.nan], [-1.0, 1.0]])
    np.testing.assert_array_equal(counts, [[2, 0], [1, 1]])
    plain, _ = scores_of_people(people, tagged, centred=False)
    np.testing.assert_allclose(plain, [[3.0, np.nan], [2.0, 4.0]])


def test_densities_are_on_equal_steps_and_add_up_to_nearly_one():
    spread = people_spread(people_of("sample"), MANIFEST)
    assert set(SCHWARTZ) <= set(spread)
    for name, found in spread.items():
        assert len(found["density"]) == STEPS
        assert 0.9 < sum(found["density"]) * found["step"] <= 1.01, name
        assert min(found["density"]) >= 0
        assert found["items"] >= 2
        assert 5 <= found["people"] <= 240


def test_a_trait_is_spread_on_its_own_scale():
    spread = people_spread(people_of("sample"), MANIFEST)
    found = spread["Openness"]
    assert found["low"] >= 0.83
    assert found["low"] + (STEPS - 1) * found["step"] <= 5 + 1e-9


@pytest.mark.usefixtures("mirror")
def test_the_mean_of_the_density_is_near_the_people_row():
    people = people_of("official")
    spread = people_spread(people, MANIFEST)
    rows = {
        row.name: row.estimate.value for row in score_rows(people.grid, MANIFEST.scores.values())
    }
    gaps = {name: mean_of(spread[name]) - rows[name] for name in spread}
    assert set(gaps) == set(ALL_DIMENSIONS)
    assert max(map(abs, gaps.values())) < 0.05, gaps
    assert spread["Power"]["people"] > 400


def test_too_few_people_or_people_all_alike_have_no_density():
    people = people_of("sample")
    few = People("card", people.instances, people.ratings[:4], people.grid)
    assert people_spread(few, MANIFEST) == {}
    alike = np.where(np.isnan(people.ratings), np.nan, 3.0)
    grid = ResponseMatrix.from_people(alike, people.grid)
    assert people_spread(People("card", people.instances, alike, grid), MANIFEST) == {}
