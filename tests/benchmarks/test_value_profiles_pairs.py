"""Which pairs of profiles are asked about, and in which order."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.value_profiles._material import Setup, load_material
from benchmarks.value_profiles._pairs import (
    draw_questions,
    load_distributions,
    planted_distributions,
)
from ratings.errors import DataError
from ratings.representations.profile_distributions import (
    ProfileDistributions,
    write_profile_distributions,
)


def made(probabilities: np.ndarray, profiles: list[str] | None = None) -> ProfileDistributions:
    instances, number = probabilities.shape[:2]
    return ProfileDistributions(
        data="planted",
        representation="profile:a",
        family="default",
        seed=0,
        profiles=tuple(profiles or [f"profile {v}" for v in range(number)]),
        instances=tuple(f"i{i}" for i in range(instances)),
        probabilities=probabilities,
    )


def test_the_two_that_differ_most_are_asked_first_then_the_rest():
    rows = np.array([[[0.9, 0.1], [0.1, 0.9], [0.4, 0.6], [0.6, 0.4]]])
    first, second = draw_questions(made(rows), 2, seed=0)
    assert set(first.profiles) == {0, 1}
    assert set(second.profiles) == {2, 3}
    assert len(draw_questions(made(rows), 100, seed=0)) == 2  # each profile once an instance


def test_instances_take_turns():
    rows = np.random.default_rng(0).dirichlet(np.ones(3), size=(5, 8))
    drawn = draw_questions(made(rows), 12, seed=1)
    order = [question.instance for question in drawn]
    assert sorted(order[:5]) == list(range(5))
    assert order[5:10] == order[:5]


@given(st.integers(1, 60), st.integers(0, 1000))
@settings(max_examples=25, deadline=None)
def test_orders_are_balanced_in_every_four(pairs: int, seed: int):
    rows = np.random.default_rng(0).dirichlet(np.ones(4), size=(9, 20))
    drawn = draw_questions(made(rows), pairs, seed)
    kinds = [(q.profiles[0] < q.profiles[1], q.x) for q in drawn]
    assert len(drawn) == pairs
    for start in range(0, len(drawn) - 3, 4):
        block = drawn[start : start + 4]
        assert Counter(q.x for q in block) == {0: 2, 1: 2}
    assert draw_questions(made(rows), pairs, seed) == drawn
    assert len(set(kinds)) <= 4


def test_pairs_that_look_alike_are_left_out():
    same = np.array([[[0.501, 0.499], [0.499, 0.501]], [[0.5, 0.5], [0.5, 0.5]]])
    with pytest.raises(DataError, match="there is nothing to tell"):
        draw_questions(made(same), 10, seed=0)
    rows = np.array([[[0.9, 0.1], [0.1, 0.9]]])
    with pytest.raises(DataError, match="there is nothing to tell"):
        draw_questions(made(rows, ["the same", "the same"]), 10, seed=0)


def test_the_simulated_raters_give_a_hundred_different_profiles():
    found = planted_distributions(seed=0)
    assert len(set(found.profiles)) == len(found.profiles) == 100
    assert found.probabilities.shape == (60, 100, 5)
    assert planted_distributions(1).profiles != found.profiles
    # Only the stance towards its own value moves a statement: three distributions each.
    assert len(np.unique(found.probabilities[0].round(9), axis=0)) == 3


def test_distributions_of_other_data_are_refused(tmp_path: Path):
    material = load_material(Setup("value_portrait_humans_sample", 0))
    path = tmp_path / "d.json"
    write_profile_distributions(path, planted_distributions(0))
    with pytest.raises(DataError, match="has distributions of planted, and the run is on value_"):
        load_distributions(str(path), material)
    material = load_material(Setup("planted", 0))
    assert load_distributions(str(path), material).seed == 0
    rows = np.array([[[0.9, 0.1], [0.1, 0.9]]])
    write_profile_distributions(path, made(rows))
    with pytest.raises(DataError, match="planted has no instance 'i0'"):
        load_distributions(str(path), material)
