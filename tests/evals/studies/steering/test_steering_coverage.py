"""Planted steering comes out: intervals cover, and chance is seldom taken for the circle."""

from collections.abc import Iterator

import numpy as np
import pytest

from evals.studies.steering.study import chance_changes, changes_of
from ratings.arrays import FloatArray
from ratings.instruments.dimensions import SCHWARTZ
from scorers.intervals.estimate import Estimate
from scorers.intervals.scopes import Scope
from scorers.steering.changes import Changes
from scorers.steering.circle import circle_agreement
from scorers.steering.spill_over import spill_over
from tests.evals.studies.steering.steered_models import PLANTED, Steered

pytestmark = pytest.mark.slow


def figures(
    changes: Changes, true: FloatArray, scope: Scope
) -> Iterator[tuple[str, Estimate, float]]:
    """Name, estimate and truth of each figure that has an interval."""
    without = Changes(SCHWARTZ, SCHWARTZ, true)
    off, target = true[~without.on_target], float(true[without.on_target].mean())
    spilled, size = spill_over(changes, scope), float(np.sqrt((off**2).mean()))
    yield "mean on target", spilled.mean_target, target
    yield "root mean square off target", spilled.root_mean_square, size
    if target > 0.1:
        yield "off target to on", spilled.relative_without_noise, size / target
    if np.ptp(true) > 0.05:  # otherwise nothing changes, and nothing agrees with anything
        circle = circle_agreement(changes).without_noise[scope]
        yield "circle", circle, circle_agreement(without).correlation


@pytest.mark.parametrize("scope", ["on", "beyond"])
@pytest.mark.parametrize("kind", PLANTED)
def test_intervals_cover(kind: str, scope: Scope, in_full: bool):
    repeats = 400 if in_full else 40
    steered = Steered.planted(kind)
    cells: list[float] = []
    covered: dict[str, list[bool]] = {}
    for seed in range(repeats):
        found, true = steered.asked(seed, again=scope == "on")
        changes = changes_of(found)
        reach = changes.errors[scope].scoped.reach()
        cells.append(float((np.abs(changes.values - true) <= reach).mean()))
        for name, estimate, truth in figures(changes, true, scope):
            if not np.isnan(estimate.low):
                within = estimate.low - 1e-9 <= truth <= estimate.high + 1e-9
                covered.setdefault(name, []).append(within)
    print(f"{kind} {scope}: cells {np.mean(cells):.3f} ({np.std(cells) / repeats**0.5:.3f})")
    assert np.mean(cells) == pytest.approx(0.95, abs=0.015 if in_full else 0.03)
    for name, hits in covered.items():
        share = float(np.mean(hits))
        print(f"  {name}: {share:.3f} ({np.sqrt(share * (1 - share) / len(hits)):.3f})")
        assert share >= (0.9 if len(hits) > 100 else 0.95 - 4 * np.sqrt(0.05 / len(hits))), name


def test_chance_is_not_taken_for_the_circle(in_full: bool):
    """Nothing is planted, and items and queries move on their own: p is below .05 in one of 20."""
    repeats = 400 if in_full else 60
    steered = Steered.planted("none")
    p_values = []
    for seed in range(repeats):
        found, _ = steered.asked(seed, again=False)
        chance = chance_changes(found, seed)[:199]
        p_values.append(circle_agreement(changes_of(found), chance).p)
    share = float(np.mean(np.array(p_values) <= 0.05))
    print(f"p <= .05 in {share:.3f} ({np.sqrt(0.05 * 0.95 / repeats):.3f})")
    assert share <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / repeats)
    assert np.mean(p_values) == pytest.approx(0.5, abs=3 * np.sqrt(1 / 12 / repeats))


def test_planted_steering_comes_out():
    """Tables as planted, in the mean of a few models: a diagonal, the circle, nothing."""
    means = {}
    for kind in PLANTED:
        steered = Steered.planted(kind, apart=0.0)
        tables = [steered.asked(seed, again=True)[0].values for seed in range(10)]
        means[kind] = np.mean(tables, axis=0)
    target = Changes(SCHWARTZ, SCHWARTZ, means["target"])
    assert means["target"] == pytest.approx(0.5 * np.eye(10), abs=0.12)
    assert spill_over(target, "on").relative < 0.1
    assert circle_agreement(Changes(SCHWARTZ, SCHWARTZ, means["circle"])).correlation > 0.98
    assert means["none"] == pytest.approx(np.zeros((10, 10)), abs=0.12)
