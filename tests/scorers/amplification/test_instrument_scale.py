"""How far people's scores on an instrument move with their questionnaire scores."""

import numpy as np
import pytest
from scipy import stats

from scorers.amplification.instrument_scale import instrument_scale, left_out_tags, quotient
from scorers.intervals.estimate import Estimate
from scorers.intervals.means import mean_of_present


def rated(people: int, random: np.random.Generator, pull: float):
    """Ratings of 60 items, a third of which each of three values moves, by people's own scores."""
    scores = random.normal(0, 1, (people, 3))
    loadings = np.kron(np.eye(3), np.ones(20))
    ratings = 3.5 + pull * scores @ loadings + random.normal(0, 1, (people, 60))
    ratings[random.random(ratings.shape) < 0.2] = np.nan
    return ratings.round(), scores


def test_tags_are_those_of_the_others():
    ratings, scores = rated(30, np.random.default_rng(0), 0.4)
    found = left_out_tags(ratings, scores)
    for person in (0, 11, 29):
        for item in range(0, 60, 7):
            if np.isnan(ratings[person, item]):
                assert not found[person, :, item].any()
                continue
            others = ~np.isnan(ratings[:, item]) & (np.arange(30) != person)
            for value in range(3):
                test = stats.spearmanr(ratings[others, item], scores[others, value])
                expected = test.statistic > 0.3 and test.pvalue < 0.05
                assert found[person, value, item] == expected


def test_noise_has_no_slope_though_its_tags_do():
    slopes, fooled = [], []
    for seed in range(30):
        ratings, scores = rated(40, np.random.default_rng(seed), 0.0)
        slopes.append(instrument_scale(ratings, scores)[-1].value)
        tags = np.array(
            [
                [
                    stats.spearmanr(ratings[:, i], scores[:, d], nan_policy="omit").statistic > 0.3
                    for i in range(60)
                ]
                for d in range(3)
            ]
        )
        for value in np.flatnonzero(tags.any(axis=1)):
            score = mean_of_present(ratings[:, tags[value]], axis=1)
            known = ~np.isnan(score)
            fooled.append(np.polyfit(scores[known, value], score[known], 1)[0])
    assert np.mean(slopes) == pytest.approx(0, abs=3.5 * np.std(slopes) / np.sqrt(30))
    assert np.mean(fooled) > 0.1


def test_intervals_hold_a_planted_slope():
    """Each value moves its own items alone, and a third of all counted: two thirds of the pull."""
    covered = []
    for seed in range(40):
        ratings, scores = rated(100, np.random.default_rng(seed), 0.6)
        one = instrument_scale(ratings, scores)[-1]
        covered.append(one.low <= 0.6 * 2 / 3 <= one.high)
    assert np.mean(covered) > 0.85


def test_too_few_people_have_no_slope():
    ratings, scores = rated(8, np.random.default_rng(0), 0.5)
    found = instrument_scale(ratings, scores)
    assert len(found) == 4
    assert all(np.isnan(one.value) and one.reason for one in found)


def test_a_quotient_is_between_those_of_the_ends():
    assert quotient(Estimate(1.0, 0.5, 1.5), Estimate(0.5, 0.5, 0.5)) == Estimate(2.0, 1.0, 3.0)
    found = quotient(Estimate(-1.0, -2.0, 0.0), Estimate(0.5, 0.4, 0.6))
    assert found.low < -4 < found.value < found.high == pytest.approx(0)
    unknown = quotient(Estimate(1.0, 0.5, 1.5), Estimate(0.1, -0.1, 0.3))
    assert unknown.value == 10
    assert unknown.reason == "people's own slope may be 0"
    none = quotient(Estimate(1.0, reason="asked once"), Estimate(0.5, 0.4, 0.6))
    assert (none.value, none.reason) == (2.0, "asked once")
