import hashlib
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ratings.instruments.indie_value import DIMENSIONS, load_catalog
from ratings.survey.generator import generate_columns, generate_survey
from ratings.survey.survey import MISSING_CODE
from ratings.survey.world_values_survey import needed_columns


@pytest.fixture(scope="module")
def made():
    return generate_survey(load_catalog("sample"), 4_000, seed=1)


def test_the_same_seed_makes_the_same_people(made):
    survey, truth = made
    again, same = generate_survey(load_catalog("sample"), 4_000, seed=1)
    other, _ = generate_survey(load_catalog("sample"), 4_000, seed=2)
    np.testing.assert_array_equal(survey.codes, again.codes)
    pd.testing.assert_frame_equal(survey.people, again.people)
    np.testing.assert_array_equal(truth.positions, same.positions)
    assert (survey.codes != other.codes).any()


@pytest.mark.processes
@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_another_process_makes_the_same_people(hash_seed: str):
    """Nothing may depend on the order in which Python happens to keep a set."""
    script = (
        "import hashlib; from ratings.instruments.indie_value import load_catalog; "
        "from ratings.survey.generator import generate_columns; "
        "columns, _ = generate_columns(load_catalog('sample'), 300, 0); "
        "print(hashlib.sha256(b''.join(columns[n].tobytes() for n in sorted(columns))).hexdigest())"
    )
    surroundings = {**os.environ, "PYTHONHASHSEED": hash_seed}
    done = subprocess.run(
        [sys.executable, "-c", script], env=surroundings, capture_output=True, text=True, check=True
    )
    columns, _ = generate_columns(load_catalog("sample"), 300, 0)
    here = hashlib.sha256(b"".join(columns[name].tobytes() for name in sorted(columns)))
    assert done.stdout.strip() == here.hexdigest()


def test_the_columns_are_those_that_the_loader_needs():
    catalog = load_catalog("sample")
    columns, _ = generate_columns(catalog, 3, seed=0)
    assert set(columns) == set(needed_columns(catalog))
    assert {len(column) for column in columns.values()} == {3}


@pytest.mark.parametrize("people", [1, 2, 7])
def test_any_number_of_people(people: int):
    survey, truth = generate_survey(load_catalog("sample"), people, seed=0)
    assert len(survey) == people == len(truth.positions)
    assert survey.codes.shape == (people, 253)


def test_people_of_a_country_lie_together(made):
    """Countries lie around their continent, people around their country."""
    survey, truth = made
    for dimension in ("Country", "Continent"):
        groups = survey.groups(dimension).cat.codes.to_numpy()
        p_values = [
            stats.f_oneway(*(column[groups == g] for g in np.unique(groups))).pvalue
            for column in truth.positions.T
        ]
        assert max(p_values) < 1e-6, dimension


def test_demographics_matter_a_little(made):
    survey, truth = made
    education = survey.groups("Education").cat.codes.to_numpy()
    parts = [
        [column[education == g] for g in np.unique(education[education >= 0])]
        for column in truth.positions.T
    ]
    assert min(stats.f_oneway(*part).pvalue for part in parts) < 1e-3
    within = np.mean([np.mean([group.var() for group in part]) for part in parts])
    assert 0.9 < within < 1


def test_answers_follow_the_planted_position(made):
    """What is planted for a question orders its codes, as strongly for everybody alike."""
    survey, truth = made
    signal = truth.positions @ truth.loadings.T
    found = []
    for question in range(0, 253, 10):
        there = survey.codes[:, question] != MISSING_CODE
        found.append(
            stats.spearmanr(signal[there, question], survey.codes[there, question]).statistic
        )
    assert np.median(found) > 0.5
    assert min(found) > 0.3


def test_noisier_people_follow_it_less(made):
    survey, truth = made
    signal = truth.positions @ truth.loadings.T
    noisy = truth.noise > np.quantile(truth.noise, 0.8)
    quiet = truth.noise < np.quantile(truth.noise, 0.2)
    fit = {}
    for name, who in (("noisy", noisy), ("quiet", quiet)):
        codes = np.where(survey.codes == MISSING_CODE, np.nan, survey.codes.astype(float))[who]
        fit[name] = np.mean(
            [
                stats.spearmanr(signal[who, q], codes[:, q], nan_policy="omit").statistic
                for q in range(0, 253, 25)
            ]
        )
    assert fit["noisy"] < fit["quiet"] - 0.1


def test_some_answers_are_missing_and_most_people_answer_nearly_all(made):
    survey, _ = made
    missing = survey.codes == MISSING_CODE
    assert 0.02 < missing.mean() < 0.08
    assert np.median(missing.sum(axis=1)) <= 3
    assert survey.people[list(DIMENSIONS.values())].notna().mean().min() > 0.9


def test_sizes_of_groups_allow_a_balanced_sample(made):
    survey, _ = made
    shares = survey.groups("Continent").value_counts(normalize=True)
    assert shares.drop("Oceania").min() > 0.1
    assert 0 < shares["Oceania"] < 0.08
    assert survey.groups("Country").nunique() > 40
