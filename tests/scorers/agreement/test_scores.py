"""Scores of two sets of answers, people among them."""

from dataclasses import replace

import numpy as np
import pytest

from scorers.agreement.people import people_error
from scorers.agreement.retest import retest
from scorers.agreement.scores import (
    Answers,
    limits_of_agreement,
    profile_agreement,
    score_agreement,
)
from scorers.scores.manifests import ScoreFamily
from scorers.scores.responses import ResponseMatrix

FAMILY = ScoreFamily(
    "values", "Values", "centred_tagged_mean", "points", (-5, 5), "none", 0.2, ("A", "B", "C")
)
ITEMS, QUERIES, VALUES = 60, 20, 3
TAGS = [[FAMILY.names[i % VALUES]] for i in range(ITEMS)]
LABELS = [str(i // 3) for i in range(ITEMS)]
TAGGED = np.array([[name in tags for tags in TAGS] for name in FAMILY.names])


def matrix(ratings: np.ndarray, columns: int | None = None) -> ResponseMatrix:
    names = [f"v{v}" for v in range(ratings.shape[1])] if columns is None else ["people"]
    return ResponseMatrix.from_ratings(
        ratings, [f"i{i:02}" for i in range(ITEMS)], LABELS, names, TAGS
    )


def model(rng: np.random.Generator, means: np.ndarray, noise: float = 0.6) -> Answers:
    return Answers("model", matrix(means[:, None] + rng.normal(0, noise, (ITEMS, 6))))


def crowd(rng: np.random.Generator, means: np.ndarray, people: int = 80) -> Answers:
    """People whose values differ, each of whom rated half of the queries."""
    own = rng.normal(0, 0.6, (people, VALUES))[:, np.arange(ITEMS) % VALUES]
    ratings = means + own + rng.normal(0, 1, (people, ITEMS))
    asked = np.array([rng.permutation(QUERIES) < QUERIES // 2 for _ in range(people)])
    ratings[~np.repeat(asked, 3, axis=1)] = np.nan
    return Answers("people", matrix(np.nanmean(ratings, axis=0)[:, None], 1), ratings)


def test_the_same_answers_are_the_same_in_both_scopes():
    one = model(np.random.default_rng(0), np.linspace(1, 6, ITEMS))
    for found in score_agreement(one, one, [FAMILY]):
        assert found.on.difference.value == 0
        assert found.verdicts == ("same", "same")
    profile = profile_agreement(one, one, FAMILY)
    assert profile is not None
    assert profile.correlation.value == pytest.approx(1)
    assert profile.distance.value == 0


def test_a_score_that_moved_is_found_and_the_margin_is_obeyed():
    rng = np.random.default_rng(1)
    means = rng.normal(3.5, 0.5, ITEMS)
    one, other = model(rng, means), model(rng, means + 1.5 * TAGGED[0])
    found = {each.name: each for each in score_agreement(one, other, [FAMILY])}
    assert found["A"].on.difference.value == pytest.approx(1.0, abs=0.2)
    assert found["A"].verdicts == ("moved", "moved")
    wide = score_agreement(one, other, [FAMILY], margin=2.0)
    assert {each.verdicts for each in wide} == {("same", "same")}


@pytest.mark.parametrize("queries", [1, 2, 5])
def test_few_queries_decide_nothing_beyond_them(queries: int):
    rng = np.random.default_rng(queries)
    means = rng.normal(3.5, 0.5, ITEMS)
    few = list(dict.fromkeys(LABELS))[:queries]
    kept = [f"i{i:02}" for i in range(ITEMS) if LABELS[i] in few]
    one, other = (
        replace(each, matrix=each.matrix.of_samples(kept))
        for each in (model(rng, means), model(rng, means))
    )
    for found in score_agreement(one, other, [FAMILY], margin=4.9):
        assert found.verdicts[1] == "undecided"


def test_the_error_of_people_is_that_of_drawing_them_again():
    rng = np.random.default_rng(2)
    means = rng.normal(3.5, 0.5, ITEMS)

    def scores(of: Answers) -> np.ndarray:
        item = of.matrix.ratings[:, 0]
        return np.array([item[row].mean() for row in TAGGED]) - item.mean()

    drawn = np.array([scores(crowd(rng, means)) for _ in range(400)])
    one = crowd(rng, means)
    assert one.people is not None
    errors = [
        np.diag(people_error(crowd(rng, means).people, TAGGED, LABELS, centred=True).covariance)
        for _ in range(20)
    ]
    assert np.sqrt(np.mean(errors, axis=0)) == pytest.approx(drawn.std(axis=0), rel=0.15)


@pytest.mark.slow
def test_intervals_of_a_model_and_people_cover_the_true_difference(in_full: bool):
    seeds = 200 if in_full else 40
    truth = np.array([0.4, 0.0, -0.4])
    on = beyond = within = 0
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        means = rng.normal(3.5, 0.4, ITEMS)
        apart = rng.normal(0, 0.4, ITEMS)  # of these items only
        added = truth[np.arange(ITEMS) % VALUES] + apart
        found = score_agreement(crowd(rng, means), model(rng, means + added), [FAMILY])
        here = np.array([added[row].mean() for row in TAGGED]) - added.mean()
        for d, each in enumerate(found):
            on += each.on.difference.low <= here[d] <= each.on.difference.high
            beyond += each.beyond.difference.low <= truth[d] <= each.beyond.difference.high
            within += each.on.difference.high - each.on.difference.low <= (
                each.beyond.difference.high - each.beyond.difference.low
            )
    assert on >= 0.91 * 3 * seeds
    assert beyond >= 0.91 * 3 * seeds
    assert within == 3 * seeds


def test_people_are_no_nearer_to_people_than_sampling_allows():
    rng = np.random.default_rng(3)
    means = rng.normal(3.5, 0.4, ITEMS)
    for found in score_agreement(crowd(rng, means), crowd(rng, means), [FAMILY]):
        assert found.on.difference.low < 0 < found.on.difference.high


def test_limits_of_agreement_are_bland_and_altmans():
    low, high = limits_of_agreement(np.array([-1.0, 0.0, 1.0, np.nan]))
    assert (low.value, high.value) == (-1.96, 1.96)
    rng = np.random.default_rng(4)
    apart = rng.normal(0.2, 0.5, 200)
    plain, clustered = (limits_of_agreement(apart, q) for q in (None, [str(i) for i in range(200)]))
    for one, other in zip(plain, clustered, strict=True):
        assert one.value == other.value
        assert one.high - one.low == pytest.approx(other.high - other.low, rel=0.2)
    assert limits_of_agreement(np.array([1.0]))[0].reason


def test_the_standard_error_of_measurement_is_the_noise_of_asking():
    rng = np.random.default_rng(5)
    means = rng.normal(3.5, 1, ITEMS)
    runs = [means[:, None] + rng.normal(0, 0.5, (ITEMS, 6)) for _ in range(2)]
    answer, item, *scores = retest(*runs, LABELS, [(FAMILY, TAGGED)])
    assert answer.error.value == pytest.approx(0.5, rel=0.1)
    assert answer.error.low < 0.5 < answer.error.high
    assert item.error.value == pytest.approx(0.5 / np.sqrt(6), rel=0.3)
    assert answer.change.value == pytest.approx(1.96 * np.sqrt(2) * answer.error.value)
    assert item.icc.value > answer.icc.value > 0.7
    many = means[:, None, None] + rng.normal(0, 0.5, (ITEMS, 6, 500))
    of_items = many.mean(axis=1)
    true = np.array([of_items[row].mean(axis=0) for row in TAGGED]) - of_items.mean(axis=0)
    assert [one.error.value for one in scores] == pytest.approx(list(true.std(axis=1)), rel=0.4)


def test_answers_that_never_change_have_no_error_of_measurement():
    same = np.tile(np.arange(1.0, 7.0), 10)[:, None].repeat(2, axis=1)
    answer, *_ = retest(same, same, LABELS, [(FAMILY, TAGGED)])
    assert answer.error.value == 0
    assert answer.error.reason == "no interval: no answer changed"
