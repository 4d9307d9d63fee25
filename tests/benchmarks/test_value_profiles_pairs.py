"""Which pairs of profiles are asked about, and in which order."""

from collections import Counter
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon

from benchmarks.value_profiles._material import Setup, load_material
from benchmarks.value_profiles._pairs import (
    draw_questions,
    load_distributions,
    planted_distributions,
)
from benchmarks.value_profiles.tell_profiles_apart import tell_profiles_apart
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


def test_of_each_instance_the_two_that_differ_most_are_asked_about():
    """As the divergences say when they are written out pair by pair."""
    rows = np.random.default_rng(0).dirichlet(np.ones(3), size=(40, 12))
    drawn = draw_questions(made(rows), seed=1)
    assert sorted(question.instance for question in drawn) == list(range(40))
    assert [question.instance for question in drawn] != list(range(40))
    for question in drawn:
        gaps = {
            frozenset(pair): jensenshannon(*rows[question.instance, list(pair)])
            for pair in combinations(range(12), 2)
        }
        assert frozenset(question.profiles) == max(gaps, key=lambda pair: gaps[pair])


def test_an_instance_is_asked_about_once_however_many_profiles_there_are():
    rows = np.array([[[0.9, 0.1], [0.1, 0.9], [0.4, 0.6], [0.6, 0.4]]])
    (only,) = draw_questions(made(rows), seed=0)
    assert set(only.profiles) == {0, 1}


def test_profiles_that_are_as_unlike_as_others_are_drawn_at_random():
    rows = np.tile([[0.9, 0.1], [0.9, 0.1], [0.1, 0.9], [0.1, 0.9]], (200, 1, 1))
    found = Counter(frozenset(q.profiles) for q in draw_questions(made(rows), seed=0))
    assert set(found) == {frozenset((a, b)) for a in (0, 1) for b in (2, 3)}
    assert min(found.values()) > 25


@given(st.integers(1, 60), st.integers(0, 1000))
@settings(max_examples=25, deadline=None)
def test_orders_are_balanced_in_every_four(instances: int, seed: int):
    rows = np.random.default_rng(0).dirichlet(np.ones(4), size=(instances, 20))
    drawn = draw_questions(made(rows), seed)
    assert len(drawn) == instances
    for start in range(0, len(drawn) - 3, 4):
        block = drawn[start : start + 4]
        assert Counter(q.x for q in block) == {0: 2, 1: 2}
        first = Counter((q.profiles[0] < q.profiles[1], q.x) for q in block)
        assert set(first.values()) == {1}
    assert draw_questions(made(rows), seed) == drawn


def test_pairs_that_look_alike_are_left_out():
    same = np.array([[[0.501, 0.499], [0.499, 0.501]], [[0.5, 0.5], [0.5, 0.5]]])
    with pytest.raises(DataError, match="there is nothing to tell"):
        draw_questions(made(same), seed=0)
    rows = np.array([[[0.9, 0.1], [0.1, 0.9]]])
    with pytest.raises(DataError, match="there is nothing to tell"):
        draw_questions(made(rows, ["the same", "the same"]), seed=0)
    (only,) = draw_questions(made(np.concatenate([same, rows])), seed=0)
    assert only.instance == 2


def test_instances_that_a_file_lacks_are_missing_from_a_full_run(tmp_path: Path):
    """So that the run counts as a part of one, and not as one over all instances."""
    found = planted_distributions(0)
    path = tmp_path / "d.json"
    few = replace(found, instances=found.instances[:20], probabilities=found.probabilities[:20])
    write_profile_distributions(path, few)
    for distributions, asked in ((str(path), 20), (None, 60)):
        task = tell_profiles_apart(data="planted", distributions=distributions)
        assert len(task.dataset) == asked
        assert (task.metadata or {})["answers_in_full"] == 60


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
