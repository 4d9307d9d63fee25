import itertools
import math

import numpy as np
import pytest
from scipy import optimize, stats

from ratings.errors import DataError
from scorers.information.significance import mixed_model_test, permutation_test


def world(seed, raters=40, mean=0.0, training_sd=0.03, splits=5, per=6):
    """Losses of `none` and of a representation, each rater tested in about half the splits."""
    rng = np.random.default_rng(seed)
    own = mean + 0.15 * rng.standard_normal((raters, 1)) + 0.3 * rng.standard_normal((raters, per))
    drops, who, where = [], [], []
    for split in range(splits):
        test = rng.permutation(raters)[: raters // 2]
        moved = 0.08 * rng.standard_normal((len(test), 1)) + training_sd * rng.standard_normal()
        drops.append((own[test] + moved).ravel())
        who.append(np.repeat(test, per))
        where.append(np.full(len(test) * per, split))
    none = np.ones(len(test) * per * splits)
    return none, none - np.concatenate(drops), np.concatenate(who), np.concatenate(where)


def restricted_likelihood(none, losses, raters, splits):
    """The crossed model solved directly: estimate and standard error."""
    pairs, pair = np.unique(splits * 1000 + raters, return_inverse=True)
    y = np.bincount(pair, none - losses) / np.bincount(pair)
    same_rater = (pairs % 1000)[:, None] == pairs % 1000
    same_split = (pairs // 1000)[:, None] == pairs // 1000

    def solved(logs):
        a, b, c = np.exp(logs)
        inverse = np.linalg.inv(a * same_rater + b * same_split + c * np.eye(len(y)))
        weight = inverse.sum()
        mean = inverse.sum(axis=0) @ y / weight
        rest = (y - mean) @ inverse @ (y - mean) - np.linalg.slogdet(inverse)[1] + np.log(weight)
        return mean, weight, rest

    found = optimize.minimize(
        lambda logs: solved(logs)[2], [-4.0, -6.0, -5.0], method="Nelder-Mead"
    )
    mean, weight, _ = solved(found.x)
    return mean, weight**-0.5


def test_the_mixed_model_agrees_with_its_likelihood_solved_directly():
    data = world(2, raters=24, training_sd=0.08)
    found = mixed_model_test(*data)
    mean, error = restricted_likelihood(*data)
    assert found.note is None
    assert found.coefficient == pytest.approx(mean, rel=1e-2)
    assert found.error == pytest.approx(error, rel=1e-2)


def test_a_clear_effect_is_found_and_none_is_not_by_both():
    none, losses, raters, splits = world(1, mean=0.3)
    both = np.stack([losses, none + losses - losses.mean()])
    clear, nothing = permutation_test(none, both, raters, splits)
    assert clear == pytest.approx(1 / 10_000)
    assert nothing > 0.2
    assert mixed_model_test(none, both[0], raters, splits).p_value < 1e-6
    assert mixed_model_test(none, both[1], raters, splits).p_value > 0.2


def test_under_no_effect_both_reject_about_as_often_as_they_say():
    worlds = 60
    mixed, flipped = np.empty((2, worlds))
    for seed in range(worlds):
        none, losses, raters, splits = world(100 + seed, training_sd=0.0)
        mixed[seed] = mixed_model_test(none, losses, raters, splits).p_value
        flipped[seed] = permutation_test(none, losses[None], raters, splits, permutations=499)[0]
    # at most what 60 fair tests do in 99 of 100 times
    most = stats.binom.ppf(0.99, worlds, 0.05)
    assert (mixed < 0.05).sum() <= most
    assert (flipped <= 0.05).sum() <= most
    assert (flipped < 0.5).sum() >= stats.binom.ppf(0.01, worlds, 0.5)


@pytest.mark.slow
@pytest.mark.parametrize("training_sd", [0.0, 0.15, 0.5])
def test_few_splits_are_not_read_as_many(training_sd: float, in_full: bool):
    """Wald's z, as it was read before, rejects in up to 13 per cent of these at .05."""
    worlds = 300 if in_full else 24
    found = [
        mixed_model_test(*world(500 + seed, per=2, training_sd=training_sd)).p_value
        for seed in range(worlds)
    ]
    assert np.mean(np.array(found) < 0.05) <= stats.binom.ppf(0.99, worlds, 0.05) / worlds
    assert np.mean(np.array(found) < 0.01) <= stats.binom.ppf(0.99, worlds, 0.01) / worlds


def test_the_p_value_is_students_between_few_splits_and_many_raters():
    """Splits that scatter have S - 1 degrees of freedom, splits that do not many more."""
    for data, least, most in ((world(3, training_sd=2.0), 4.0, 4.5), (world(1, mean=0.3), 8, 43)):
        found = mixed_model_test(*data)
        ratio = abs(found.coefficient) / found.error
        assert 2 * stats.t.sf(ratio, most) <= found.p_value <= 2 * stats.t.sf(ratio, least)


def test_the_error_knows_that_a_rater_is_tested_in_several_splits():
    """The same ratings copied into more splits are no more witnesses."""
    none, losses, raters, splits = world(4, splits=1)
    once = mixed_model_test(none, losses, raters, splits)
    rng = np.random.default_rng(0)
    copies = [losses + 0.01 * rng.standard_normal(len(losses)) for _ in range(4)]
    often = mixed_model_test(
        np.tile(none, 4), np.concatenate(copies), np.tile(raters, 4), np.arange(4).repeat(len(none))
    )
    assert "one split" in str(once.note)
    assert often.error == pytest.approx(once.error, rel=0.1)


def test_no_variance_between_splits_is_reported():
    notes = [mixed_model_test(*world(seed, training_sd=0.0)).note for seed in range(4)]
    assert any("no variance between splits" in str(note) for note in notes)


def test_more_raters_than_blocks():
    data = world(0, raters=200, mean=0.1)
    found = mixed_model_test(*data)
    assert found.coefficient == pytest.approx(0.1, abs=3 * found.error)
    assert found.error < 0.03


def test_the_permutation_p_value_against_all_sign_flips():
    """Six raters, one split: all 64 flips of the raters' mean differences."""
    drops = np.array([0.5, 0.2, 0.3, -0.1, 0.6, 0.05])
    flips = np.array(list(itertools.product([-1, 1], repeat=6)))
    exact = (np.abs(flips @ drops) >= abs(drops.sum()) - 1e-12).mean()
    (found,) = permutation_test(
        np.ones(12), 1 - np.repeat(drops, 2)[None], np.repeat(range(6), 2), [0] * 12
    )
    assert found == pytest.approx(exact, abs=0.012)


def test_degenerate_data_give_nan_and_a_note():
    ones = np.ones(4)
    cases = {
        "one rater": (ones, ones / 2, ["a"] * 4, [0, 0, 1, 1]),
        "same difference": (ones, ones / 2, list("abab"), [0, 0, 1, 1]),
        "probability 0": (ones, np.array([1, 2, 3, np.inf]), list("abab"), [0, 0, 1, 1]),
    }
    for note, data in cases.items():
        found = mixed_model_test(*data)
        assert note in str(found.note)
        assert math.isnan(found.p_value)
    assert np.isnan(permutation_test(ones, ones[None], list("abab"), [0] * 4)).all()
    infinite = np.array([[1, 2, 3, np.inf], [1, 2, 3, 4]])
    gone, there = permutation_test(ones, infinite, list("abcd"), [0] * 4)
    assert math.isnan(gone)
    (both,) = permutation_test(infinite[0], infinite[:1], list("abcd"), [0] * 4)
    assert math.isnan(both)
    assert 0 < there <= 1
    with pytest.raises(DataError, match="one rater and one split"):
        permutation_test(ones, ones[None], ["a"], [0] * 4)
