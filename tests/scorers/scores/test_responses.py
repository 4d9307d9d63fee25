"""The response matrix: every way to it, and what does not fit together."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorers.scores.responses import NOT_ASKED, ResponseMatrix
from tests.scorers.scores.test_families import portrait, reading


def assert_same(one: ResponseMatrix, other: ResponseMatrix) -> None:
    for name in ("samples", "epochs", "clusters", "columns", "attributes"):
        assert list(getattr(one, name)) == list(getattr(other, name))
    assert {name: list(of) for name, of in one.labels.items()} == other.labels
    np.testing.assert_array_equal(one.ratings, other.ratings)
    np.testing.assert_array_equal(one.statuses, other.statuses)
    assert (one.right is None) == (other.right is None)
    if one.right is not None:
        np.testing.assert_array_equal(one.right, other.right)
    assert set(one.values) == set(other.values)
    for name, of in one.values.items():
        np.testing.assert_array_equal(of, other.values[name])


@pytest.mark.parametrize(
    ("part", "wrong", "said"),
    [
        ("epochs", [1], "has 1 epochs for 30 samples"),
        ("clusters", ["q"] * 31, "has 31 clusters for 30 samples"),
        ("attributes", [{}], "has 1 attributes for 30 samples"),
        ("labels", {"categories": ["one"]}, "has 1 categories for 4 answers of a sample"),
        ("ratings", np.ones((30, 3)), r"has ratings of shape \(30, 3\)"),
        ("statuses", np.full((29, 4), "valid"), r"has statuses of shape \(29, 4\)"),
        ("right", np.ones((30, 4, 1)), r"has right of shape \(30, 4, 1\)"),
        ("values", {"loss": np.ones(30)}, r"has loss of shape \(30,\)"),
    ],
)
def test_parts_that_do_not_fit_are_refused(part: str, wrong: object, said: str):
    with pytest.raises(ValueError, match=said):
        replace(portrait(0), **{part: wrong})


@given(st.integers(0, 100), st.booleans())
def test_what_is_written_is_read_again(seed: int, choices: bool):
    grid = reading(seed) if choices else portrait(seed)
    grid = replace(grid, values={"loss": np.where(np.isnan(grid.ratings), np.nan, 0.5)})
    twice = grid.rows(sorted([*range(len(grid.samples)), 0]))
    twice = replace(twice, epochs=[1, 2, *twice.epochs[2:]])
    for one in (grid, twice):
        text = json.dumps(one.as_json(), allow_nan=False)
        assert_same(one, ResponseMatrix.from_json(json.loads(text)))


def test_a_store_gives_answers_one_after_the_other():
    grid = reading(0)
    assert grid.right is not None
    columns = {"sample": grid.samples, "epoch": grid.epochs, "cluster": grid.clusters}
    found = ResponseMatrix.from_store(
        {name: np.array(of) for name, of in columns.items()},
        {
            "rating": grid.ratings.ravel(),
            "correct": grid.right.ravel(),
            "status": grid.statuses.ravel(),
        },
        columns=grid.columns,
        attributes=grid.attributes,
        labels=grid.labels,
        choices=True,
        values={},
    )
    assert_same(grid, found)


def test_samples_that_asked_less_are_filled_up():
    found = ResponseMatrix.from_log(
        samples=["a", "b"],
        epochs=[1, 1],
        clusters=["a", "b"],
        columns=["1", "2"],
        ratings=[[1, None], [2]],
        right=None,
        statuses=[["valid", "empty"], ["valid"]],
        attributes=[{}, {}],
        labels={},
        values={"loss": [[0.5, None], [0.25]]},
    )
    np.testing.assert_array_equal(found.ratings, [[1, np.nan], [2, np.nan]])
    np.testing.assert_array_equal(found.values["loss"], [[0.5, np.nan], [0.25, np.nan]])
    assert found.statuses.tolist() == [["valid", "empty"], ["valid", NOT_ASKED]]
    assert (found.asked.sum(), found.valid) == (3, pytest.approx(2 / 3))


def test_people_are_a_run_of_their_mean_ratings():
    items = portrait(0, items=3).of_columns([])
    ratings = np.array([[1.0, np.nan, np.nan], [2.0, 4.0, np.nan]])
    found = ResponseMatrix.from_people(ratings, items)
    np.testing.assert_array_equal(found.ratings[:, 0], [1.5, 4.0, np.nan])
    assert found.statuses[:, 0].tolist() == ["valid", "valid", "empty"]
    assert (found.samples, found.clusters) == (items.samples, items.clusters)
    assert list(found.attributes) == list(items.attributes)
