"""Weighted group differences of a survey and their errors."""

import numpy as np
import pytest

from scorers.amplification.survey_means import survey_differences


def sample(people: int, random: np.random.Generator, drift: float = 0.6):
    """People of 30 clusters in three strata; clusters share a part of their values."""
    clusters = random.integers(0, 30, people)
    shared = random.normal(0, drift, (30, 2))
    members = np.stack([random.random(people) < 0.4, clusters % 3 == 0], axis=1)
    values = shared[clusters] + random.normal(0, 1, (people, 2)) + members @ [[0.5, 0], [0, -0.3]]
    return values, random.gamma(4, 0.25, people), members, clusters % 3, clusters


def test_differences_are_of_weighted_means():
    values, weights, members, strata, clusters = sample(500, np.random.default_rng(0))
    values[:7, 0] = np.nan
    found = survey_differences(values, weights, members, strata, clusters)
    for group in range(2):
        for dimension in range(2):
            there = ~np.isnan(values[:, dimension])
            mine = there & members[:, group]
            expected = np.average(values[mine, dimension], weights=weights[mine]) - np.average(
                values[there, dimension], weights=weights[there]
            )
            assert found.values[group, dimension] == pytest.approx(expected)
    assert (found.freedom == 27).all()


def test_one_person_a_cluster_is_the_plain_error_of_a_difference():
    random = np.random.default_rng(1)
    values, members = random.normal(0, 1, (4_000, 1)), np.arange(4_000)[:, None] < 1_000
    found = survey_differences(
        values, np.ones(4_000), members, np.zeros(4_000, int), np.arange(4_000)
    )
    # a quarter of people less everyone is three quarters of it less the others
    plain = 0.75 * np.sqrt(values[:1_000].var() / 1_000 + values[1_000:].var() / 3_000)
    assert found.errors[0, 0] == pytest.approx(plain, rel=0.01)


def test_errors_are_how_the_differences_scatter_over_samples():
    drawn = [sample(300, np.random.default_rng(seed)) for seed in range(400)]
    found = [survey_differences(*one) for one in drawn]
    scatter = np.cov(np.array([one.values.ravel() for one in found]).T)
    mean = np.mean([one.covariance for one in found], axis=0)
    assert np.diag(mean) == pytest.approx(np.diag(scatter), rel=0.25)


def test_an_empty_group_has_no_difference_and_moves_nothing():
    values, weights, members, strata, clusters = sample(200, np.random.default_rng(2))
    whole = survey_differences(values, weights, members, strata, clusters)
    more = np.column_stack([members, np.zeros(200, dtype=bool)])
    found = survey_differences(values, weights, more, strata, clusters)
    assert np.isnan(found.values[2]).all()
    np.testing.assert_allclose(found.covariance[:4, :4], whole.covariance)
