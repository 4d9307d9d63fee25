import numpy as np
import pytest

from scorers.change.omnibus import Omnibus, changed_shares, omnibus
from tests.scorers.change.raters import grid, in_rounds, opinions, scattered


def judged(before: np.ndarray, after: np.ndarray, seed: int = 0) -> Omnibus:
    return omnibus(grid(before), grid(after), wordings=True, seed=seed)


@pytest.mark.parametrize(("baseline", "later"), [(1, 1), (1, 2), (2, 1), (3, 1), (2, 2)])
def test_a_rater_that_did_not_change_is_called_changed_at_the_level(baseline: int, later: int):
    rng = np.random.default_rng(baseline)
    found = []
    for seed in range(200):
        thinks = opinions(rng)
        runs = (scattered(thinks, 0.5, rng, times) for times in (baseline, later))
        found.append(judged(*runs, seed))
    p_values = np.array([one.p for one in found])
    assert (p_values < 0.05).sum() <= 19
    assert (p_values < 0.5).sum() >= 75
    assert sum(one.verdict == "changed" for one in found) <= 8


def test_two_per_cent_of_the_answers_of_a_steady_rater_are_seen():
    rng = np.random.default_rng(0)
    seen = 0
    for seed in range(40):
        thinks = opinions(rng, items=130)
        other = thinks.copy()
        changed = rng.random(other.shape) < 0.02
        other[changed] = other[changed] % 6 + 1
        found = judged(np.stack([thinks] * 2), other[None], seed)
        assert found.steady
        seen += found.fails
    assert seen >= 38


def test_one_changed_answer_of_a_steady_rater_is_a_change_but_fails_no_gate():
    thinks = np.full((60, 6), 3.0)
    other = thinks.copy()
    other[0, 0] = 4
    found = judged(np.stack([thinks] * 2), other[None])
    assert found.verdict == "changed"
    assert found.changed == 1
    assert found.again == 0
    assert not found.fails


def test_a_rater_that_thinks_otherwise_is_seen_from_one_run_of_each():
    rng = np.random.default_rng(0)
    one, other = (np.repeat(opinions(rng, wordings=1), 6, axis=1) for _ in range(2))
    assert judged(scattered(one, 0.4, rng), scattered(other, 0.4, rng)).fails
    assert not judged(scattered(one, 0.4, rng), scattered(one, 0.4, rng)).fails


def test_nothing_is_known_of_one_asking_of_one_wording():
    rng = np.random.default_rng(0)
    found = judged(opinions(rng, wordings=1)[None], opinions(rng, wordings=1)[None])
    assert found.verdict == "unknown"
    assert np.isnan(found.p)
    assert found.changed > 0
    assert not found.fails


def test_an_answer_that_is_missing_takes_no_part():
    thinks = np.full((60, 6), 3.0)
    other = thinks.copy()
    other[:10] = np.nan
    found = judged(np.stack([thinks] * 2), other[None])
    assert (found.changed, found.answers, found.verdict) == (0, 300, "same")
    silent = judged(np.stack([thinks] * 2), np.full((1, 60, 6), np.nan))
    assert (silent.answers, silent.verdict) == (0, "unknown")


def test_the_items_that_changed_most_come_first():
    thinks = np.full((4, 6), 3.0)
    other = thinks.copy()
    other[2, :4], other[1, 0] = 5, 2
    shares = changed_shares(grid(np.stack([thinks] * 2)), grid(other[None]))
    assert list(shares)[:2] == ["item 2", "item 1"]
    assert shares["item 2"] == pytest.approx(4 / 6)
    assert shares["item 0"] == 0


def test_what_only_the_first_round_asked_counts_as_well():
    thinks = np.full((60, 6), 3.0)
    other = thinks.copy()
    other[40:50] = 5
    before, after = grid(np.stack([thinks] * 3)), in_rounds(np.stack([other] * 2), 20)
    found = omnibus(before, after, wordings=True)
    assert (found.changed, found.answers, found.verdict) == (60, 360, "changed")
    assert found.fails
    assert list(changed_shares(before, after))[:10] == [f"item {i}" for i in range(40, 50)]
    assert changed_shares(before, after)["item 30"] == 0


def test_rounds_that_ask_less_keep_the_level():
    rng = np.random.default_rng(4)
    fails = 0
    for seed in range(200):
        runs = scattered(opinions(rng), 0.7, rng, 6)
        found = omnibus(
            grid(runs[:3]), in_rounds(runs[3:], 20), wordings=True, seed=seed, level=0.05
        )
        fails += found.fails
    assert fails <= 18
