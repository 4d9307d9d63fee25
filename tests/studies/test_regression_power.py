import re
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from benchmarks.value_portrait.task import regression_items
from providers.respondents.respondent import NOISE, noiseless_ratings, simulated_rating
from ratings.instruments.dimensions import SCHWARTZ
from ratings.instruments.value_portrait import VARIANTS, load_instrument
from scorers.comparison.power import detectable_difference
from scorers.scores.families import ratio_scores
from scorers.scores.manifests import manifest_of
from studies.regression_cost import VARIANT_SETS, error_asked_again, error_of_another
from studies.regression_items import simulated_ratings
from studies.regression_power import (
    FAMILIES,
    SHIFTS,
    Power,
    checked_twice,
    false_alarms,
    grid_of,
    power,
    recorded_rater,
    shift_of,
    shift_seen,
    simulated_rater,
    simulated_raters,
    told_share,
)

MANUAL = (Path(__file__).parents[2] / "docs" / "regression.md").read_text(encoding="utf-8")
SAMPLE = load_instrument("sample")
EVERY = [str(one) for one in SAMPLE.items.index]


def values_of(ratings: np.ndarray, items: list[str] = EVERY) -> np.ndarray:
    (family,) = (manifest_of("value_portrait").scores[name] for name in FAMILIES)
    scores = ratio_scores(grid_of(SAMPLE, ratings, items), family)
    assert scores is not None
    return scores.values()


@pytest.mark.parametrize("value", SCHWARTZ)
def test_a_shift_moves_the_score_by_as_much_as_it_says(value: str):
    flat = np.full((len(EVERY), len(VARIANTS)), 3.0)
    moved = flat + shift_of(SAMPLE, value, 0.2)[:, None]
    difference = values_of(moved) - values_of(flat)
    assert difference[SCHWARTZ.index(value)] == pytest.approx(0.2)


def test_a_simulated_rater_answers_as_the_provider_does():
    rng = np.random.default_rng(1)
    rater = simulated_rater(SAMPLE, np.random.default_rng(5))
    weights = 0.8 * np.random.default_rng(5).normal(size=len(SCHWARTZ))
    profile = dict(zip(SCHWARTZ, weights - weights.mean(), strict=True))
    leaning = noiseless_ratings(SAMPLE, profile)
    ours = np.array([rater(rng, np.zeros(len(EVERY)))[:20] for _ in range(50)])
    theirs = np.array(
        [
            [
                [simulated_rating(leaning[i], NOISE, seed, EVERY[i], v) for v in VARIANTS]
                for i in range(20)
            ]
            for seed in range(50)
        ]
    )
    for item in range(20):
        counts = [
            [int((found[:, item] == rating).sum()) for rating in range(1, 7)]
            for found in (ours, theirs)
        ]
        table = np.array(counts)[:, np.array(counts).sum(axis=0) > 0]
        if table.shape[1] > 1:
            assert stats.chi2_contingency(table).pvalue > 1e-4


def test_a_recorded_rater_gives_its_own_answers_and_is_raised_as_often_as_it_takes():
    recorded = simulated_ratings(SAMPLE)[0]
    rater, rng = recorded_rater(recorded), np.random.default_rng(0)
    answers = rater(rng, np.zeros(len(EVERY)))
    assert all(set(answers[i]) <= set(recorded[:, i]) for i in range(len(EVERY)))
    raised = np.mean(
        [rater(rng, np.full(len(EVERY), 0.3))[recorded.max(axis=0) < 6].mean() for _ in range(50)]
    )
    expected = recorded[:, recorded.max(axis=0) < 6].mean() + 0.3
    assert raised == pytest.approx(expected, abs=0.05)


def test_a_grid_has_the_items_asked_for_with_their_tags():
    grid = grid_of(SAMPLE, np.full((len(EVERY), 6), 3.0), EVERY[5:8])
    assert list(grid.samples) == EVERY[5:8]
    tagged = SAMPLE.tagged()
    assert [len(about["tags"]) for about in grid.attributes] == tagged[:, 5:8].sum(axis=0).tolist()


def test_shares_have_exact_binomial_intervals():
    assert told_share(0, 200) == "0% (0 to 2)"
    assert told_share(200, 200) == "100% (98 to 100)"


def test_the_shift_that_is_seen_lies_between_measured_ones():
    def found(*moved: int) -> list[Power]:
        return [
            Power("Power", s, m, s, 0.1, 100) for s, m in zip((0.2, 0.5, 1.0), moved, strict=True)
        ]

    assert shift_seen(found(0, 60, 100)) == "0.8"  # halfway
    assert shift_seen(found(90, 95, 100)) == "below 0.2"
    assert shift_seen(found(0, 10, 79)) == "above 1"
    assert shift_seen(found(0, 85, 75)) == "0.5"  # noise of the measurement goes downhill


def test_fewer_variants_and_fewer_items_cost_precision():
    recorded = simulated_ratings(SAMPLE)
    some = regression_items("sample")
    again = [error_asked_again(SAMPLE, recorded[0], EVERY, v, repeats=40) for v in VARIANT_SETS]
    assert again == sorted(again)
    assert error_asked_again(SAMPLE, recorded[0], some, VARIANTS, repeats=40) > again[0]
    assert error_of_another(SAMPLE, *recorded[:2], EVERY, VARIANTS) > 0


@pytest.fixture
def official(mirror: Path):
    return load_instrument("official")


@pytest.mark.slow
def test_the_same_model_asked_again_raises_few_alarms(official, in_full: bool):
    repeats = 200 if in_full else 20
    raters = simulated_raters(official, repeats, seed=1)
    alarms, _ = false_alarms(official, raters, regression_items("official"), seed=1)
    assert stats.binomtest(alarms, repeats, 0.05, alternative="greater").pvalue > 0.01


def test_the_detectable_shift_is_that_of_the_test_in_use():
    """By Student's t on the queries with items of the value, corrected for the eleven scores."""
    raters = simulated_raters(SAMPLE, 4)
    _, found = false_alarms(SAMPLE, raters, EVERY, seed=3)
    rng = np.random.default_rng([3, 1])
    unmoved = np.zeros(len(EVERY))
    twice = [checked_twice(SAMPLE, rater, EVERY, unmoved, rng, "beyond") for rater in raters]
    for d, value in enumerate(SCHWARTZ):
        error = np.std([checks[d].difference.value for checks in twice])
        queries = SAMPLE.items["query"][SAMPLE.tagged()[d]].nunique()
        expected = detectable_difference(error, len(found), freedom=queries - 1)
        assert found[value] == pytest.approx(expected)
        assert found[value] > 1.1 * detectable_difference(error, len(found))


def claimed(items: str, scope: str) -> dict[tuple[str, float], int]:
    """Of the manual's table: how many of 100 repeats saw a shift of a value."""
    head, table = re.search(
        r"(\| value \| items \| scope \|.*\n)\| --- .*\n((?:\|.*\n)+)", MANUAL
    ).groups()
    shifts = [float(cell) for cell in re.findall(r"\| ([\d.]+) (?=\|)", head)]
    rows = (re.findall(r"[^|]+", row) for row in table.splitlines())
    return {
        (row[0].strip(), shift): int(cell.split("%")[0])
        for row in rows
        if (row[1].strip(), row[2].strip()) == (items, scope)
        for shift, cell in zip(shifts, row[3:], strict=False)
    }


def test_the_manual_claims_a_power_for_every_value():
    for items, scope in product(("regression", "all"), ("on", "beyond")):
        assert set(claimed(items, scope)) == {(v, s) for v in SCHWARTZ for s in SHIFTS}


@pytest.mark.slow
@pytest.mark.parametrize("scope", ["on", "beyond"])
def test_power_is_as_claimed(official, scope: str, in_full: bool):
    """Other raters and other noise than those of the manual's table, by Fisher's exact test."""
    repeats = 100 if in_full else 10
    raters = simulated_raters(official, repeats, seed=2)
    asked = SCHWARTZ if in_full else ("Power", "Universalism")
    for value in asked:
        for shift in (0.2, 0.5) if in_full else (0.5,):
            items = regression_items("official")
            found = power(official, raters, items, value, shift, scope, seed=2)
            published = claimed("regression", scope)[value, shift]
            table = [[found.moved, repeats - found.moved], [published, 100 - published]]
            assert stats.fisher_exact(table).pvalue > 1e-3, (value, shift, found.moved, published)
            assert found.found == pytest.approx(shift, abs=0.15)
