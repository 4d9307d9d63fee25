"""Entropy of neighbourhoods: by hand, its expectation by simulation, and bands that cover."""

import numpy as np
import pandas as pd
import pytest

from scorers.neighbourhoods.entropy import (
    PAPER_DRAWS,
    adjusted_entropies,
    entropies,
    expected_entropy,
    simulated_entropies,
)

# Notebook on neighbourhoods of Kirk et al. (2024): shares of the authors' genders; mean and
# standard deviation of the entropy of 10 prompts over 100 draws.
GENDER = np.array([0.4995631, 0.48495818, 0.0149794, 0.00049931])
PRINTED_MEAN, PRINTED_SD = 0.9818880083, 0.1737881073


def test_entropy_by_hand():
    group = np.repeat([0, 1, 2], [4, 4, 2])
    value = ["f", "m", "x", "y", "f", "f", "f", "f", None, "f"]
    assert entropies(group, value, 4).tolist() == [2.0, 0.0, 1.0, 0.0]
    shares = np.array([0.47, 0.52, 0.01])  # a sample of 100 in the notebook
    value = np.repeat(["f", "m", "n"], [47, 52, 1])
    found = entropies(np.zeros(100, dtype=np.intp), value, 1)[0]
    np.testing.assert_allclose([found, -shares @ np.log2(shares)], 1.0689707760528673)


def test_expected_entropy_of_ten_is_the_one_printed():
    error = PRINTED_SD / np.sqrt(PAPER_DRAWS)
    assert abs(expected_entropy(GENDER, 10) - PRINTED_MEAN) < 2 * error
    levels = pd.DataFrame({"gender": np.repeat(["m", "f", "n", "p"], [4002, 3885, 120, 4])})
    drawn = simulated_entropies(levels, 10, 20_000)[:, 0]
    exact = expected_entropy(np.array([4002, 3885, 120, 4]) / 8011, 10)
    assert abs(drawn.mean() - exact) < 4 * drawn.std() / np.sqrt(20_000)
    # a standard deviation of 100 draws has an error of about 7 per cent
    assert abs(PRINTED_SD / drawn.std() - 1) < 0.2


@pytest.mark.parametrize("size", [1, 2, 5, 60])
def test_the_exact_expectation_is_the_limit_of_the_simulated_one(size: int):
    levels = pd.DataFrame({"a": np.repeat([0, 1, 2], [50, 30, 20]), "b": np.arange(100)})
    drawn = simulated_entropies(levels, size, 4_000, seed=size)
    for column, name in enumerate(levels):
        exact = expected_entropy(levels[name].value_counts(normalize=True).to_numpy(), size)
        error = drawn[:, column].std() / np.sqrt(4_000)
        assert abs(drawn[:, column].mean() - exact) < 4 * error + 1e-9


def population(people: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {"gender": rng.choice(["f", "m"], people), "age": rng.choice(["1", "2", "3"], people)}
    )


def test_a_mixed_and_a_one_sided_neighbourhood():
    levels = pd.DataFrame({"gender": list("ffmm" + "ffff" + "ffffmmmmmm")})
    cluster = np.r_[[0] * 4, [1] * 4, np.arange(2, 12)]
    found = adjusted_entropies(cluster, np.arange(18), levels)
    share = 10 / 18
    exact = expected_entropy(np.array([share, 1 - share]), 4)
    np.testing.assert_allclose(found["gender"], [1 / exact - 1, -1])
    np.testing.assert_allclose(found["total"], found["gender"])
    assert found["single"].tolist() == [0, 1]
    assert found.index.tolist() == [0, 1]


def test_random_neighbourhoods_are_inside_and_divided_ones_below():
    levels = population(2_000, 1)
    cluster = np.random.default_rng(2).permutation(np.repeat(np.arange(200), 10))
    found = adjusted_entropies(cluster, np.arange(2_000), levels)
    assert found["position"].eq("inside").mean() > 0.97
    assert abs(found["total"].mean()) < 4 * found["total"].std() / np.sqrt(200)
    np.testing.assert_allclose(found["author"], 0, atol=0.02)
    alike = levels.sort_values(["gender", "age"], ignore_index=True)
    divided = adjusted_entropies(np.repeat(np.arange(200), 10), np.arange(2_000), alike)
    assert divided["position"].eq("below").mean() > 0.95
    assert set(divided["printed position"]) <= {"inside", "below"}


def test_checks_are_no_part_of_the_total():
    levels = population(100, 3)
    cluster = np.repeat(np.arange(50), 2)
    topic = pd.DataFrame({"topic": np.repeat([0, 1], 50)})
    found = adjusted_entropies(cluster, np.arange(100), levels, topic)
    assert (found["topic"] == -1).all()
    np.testing.assert_allclose(found["total"], found["gender"] + found["age"])


def test_a_population_of_one_kind_or_one_person_has_no_adjusted_entropy():
    alike = pd.DataFrame({"gender": ["f"] * 4})
    found = adjusted_entropies(np.array([0, 0, 1, 2]), list("abcd"), alike)
    assert found["total"].isna().all()
    assert found["position"].tolist() == [None]
    assert adjusted_entropies(np.array([0, 0]), list("aa"), alike[:2]).empty
    assert adjusted_entropies(np.array([], dtype=np.intp), [], alike[:0]).empty


def test_the_same_seed_gives_the_same_band():
    levels = population(60, 4)
    cluster = np.repeat(np.arange(20), 3)
    first, again, other = (
        adjusted_entropies(cluster, np.arange(60), levels, draws=50, seed=seed)
        for seed in (0, 0, 1)
    )
    pd.testing.assert_frame_equal(first, again)
    assert not first["printed half"].equals(other["printed half"])
