from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from benchmarks.value_portrait.task import regression_items
from ratings.instruments.dimensions import SCHWARTZ
from ratings.instruments.value_portrait import VARIANTS, load_instrument
from scorers.comparison.score_checks import check_scores
from studies.recordings_told_apart import recorded
from studies.regression_cost import VARIANT_SETS, error_asked_again, error_of_another
from studies.regression_items import simulated_ratings
from studies.regression_power import (
    FAMILY,
    KINDS,
    ROUNDS,
    Asked,
    answers,
    changed_at_random,
    compared,
    grid_of,
    measure,
    moved,
    opinions,
    share,
    until_decided,
    verdicts,
)

SAMPLE = load_instrument("sample")
EVERY = [str(one) for one in SAMPLE.items.index]
ASKED = Asked.of(SAMPLE, EVERY)


@pytest.fixture(scope="module")
def suite(mirror_or_none: Path | None) -> Asked:
    """The regression suite's items."""
    if mirror_or_none is None:
        pytest.skip("needs a mirror of the published data: set VALUEGAUGE_DATA")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VALUEGAUGE_DATA", str(mirror_or_none))
        return Asked.of(load_instrument("official"), regression_items("official"))


@pytest.mark.parametrize("shift", [0.1, 0.2, 0.5])
@pytest.mark.parametrize("value", range(len(SCHWARTZ)))
def test_a_shift_moves_the_score_by_a_little_more_than_it_says(value: int, shift: float):
    rng = np.random.default_rng(value)
    thinks = np.full((len(EVERY), len(VARIANTS)), 3.0)
    other = moved(thinks, ASKED, value, shift, rng)
    found = compared(ASKED, thinks[None], other[None])
    assert shift < found.differences[value] < shift + 0.03


@pytest.mark.parametrize("kind", KINDS)
def test_answers_scatter_as_they_are_to(kind: str):
    rng = np.random.default_rng(0)
    thinks = np.full((len(EVERY), len(VARIANTS)), 3.0)
    found = answers(thinks, kind, 0.7, 200, ASKED, rng)
    assert found.shape == (200, len(EVERY), len(VARIANTS))
    assert found.std() == pytest.approx(0.75, abs=0.12)
    assert (answers(thinks, kind, 0.0, 2, ASKED, rng) == 3).all()
    alike = np.corrcoef(found[:, :, 0].ravel(), found[:, :, 1].ravel())[0, 1]
    assert alike == pytest.approx(0.45 if "shared" in kind else 0, abs=0.1)


def test_the_verdicts_are_those_of_the_check():
    rng = np.random.default_rng(0)
    thinks = opinions(ASKED, rng)
    before = answers(thinks, KINDS[0], 0.4, 2, ASKED, rng)
    other = moved(thinks, ASKED, 5, 0.5, rng)
    after = answers(other, KINDS[0], 0.4, 1, ASKED, rng)
    same, shifted = verdicts(compared(ASKED, before, after))
    checks = check_scores(ASKED.grid(before), ASKED.grid(after), [FAMILY]).checks[:-1]
    assert [check.verdict == "same" for check in checks] == same.tolist()
    assert [check.verdict == "moved" for check in checks] == shifted.tolist()
    assert shifted[5]


def test_a_grid_has_the_items_asked_for_with_their_tags():
    grid = grid_of(SAMPLE, np.full((len(EVERY), 6), 3.0), EVERY[5:8])
    assert list(grid.samples) == EVERY[5:8]
    tagged = SAMPLE.tagged()
    assert [len(about["tags"]) for about in grid.attributes] == tagged[:, 5:8].sum(axis=0).tolist()


def test_shares_have_exact_binomial_intervals():
    assert share(0, 200) == "0% (0 to 2)"
    assert share(200, 200) == "100% (98 to 100)"


def test_fewer_variants_and_fewer_items_cost_precision():
    recordings = simulated_ratings(SAMPLE)
    some = regression_items("sample")
    again = [error_asked_again(SAMPLE, recordings[0], EVERY, v, repeats=40) for v in VARIANT_SETS]
    assert again == sorted(again)
    assert error_asked_again(SAMPLE, recordings[0], some, VARIANTS, repeats=40) > again[0]
    assert error_of_another(SAMPLE, *recordings[:2], EVERY, VARIANTS) > 0


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "scatter"), [(k, s) for k in KINDS for s in (0.3, 0.7)])
def test_three_runs_keep_the_level_whatever_the_scatter(suite, kind, scatter, in_full: bool):
    repeats = 200 if in_full else 40
    found = measure(suite, kind, scatter, 3, shifts=(), repeats=repeats, seed=1)
    for count, level in ((found.alarms, 0.05), (found.omnibus, 0.01)):
        assert stats.binomtest(count, repeats, level, alternative="greater").pvalue > 0.01


@pytest.mark.slow
def test_a_shift_as_large_as_the_margin_is_seen_on_every_value(suite, in_full: bool):
    repeats = 200 if in_full else 12
    found = measure(suite, KINDS[0], 0.3, 3, shifts=(0.2,), repeats=repeats, seed=1)
    least = int(found.seen[0.2].min())
    assert stats.binomtest(least, repeats, 0.8, alternative="less").pvalue > 0.01
    assert found.seen[0.2].mean() > 0.8 * repeats


@pytest.mark.slow
@pytest.mark.parametrize("baseline", [2, 3])
def test_two_per_cent_changed_at_random_are_seen(suite, baseline: int, in_full: bool):
    repeats = 200 if in_full else 20
    assert changed_at_random(suite, 0.02, baseline, repeats) >= 0.95 * repeats


@pytest.mark.slow
@pytest.mark.parametrize("shift", [0.0, 0.5])
def test_rounds_cost_less_and_err_no_more(suite, shift: float, in_full: bool):
    repeats = 200 if in_full else 20
    rounds, fixed = (until_decided(suite, 0.7, shift, repeats, fixed=f) for f in (False, True))
    assert rounds.calls.mean() < 0.8 * ROUNDS
    assert (fixed.calls == ROUNDS).all()
    if not shift:
        wrong = repeats - rounds.right
        assert stats.binomtest(wrong, repeats, 0.05, alternative="greater").pvalue > 0.01
    assert rounds.right > 0.8 * repeats


def test_recordings_are_runs_of_the_whole_instrument(mirror: Path):
    found = recorded(load_instrument("official"))
    assert len(found) >= 2
    for grid in found.values():
        assert (len(grid.samples), len(grid.columns)) == (520, 6)
