"""The figures that follow from the paper's Table 15."""

import numpy as np
import pytest

from evals.studies.steering.study import printed_changes, steering_findings
from leaderboard.published.figures import published_lines
from ratings.instruments.dimensions import SCHWARTZ
from scorers.steering.circle import circle_agreement, distances
from scorers.steering.spill_over import spill_over
from scorers.steering.success import on_target
from tests.evals.studies.steering.printed import FIGURES

CHANGES = printed_changes(published_lines("steering"))


def test_the_table_is_whole_and_in_the_order_of_the_circle():
    assert (tuple(CHANGES.steered), tuple(CHANGES.scores)) == (SCHWARTZ, SCHWARTZ)
    assert CHANGES.values.shape == (10, 10)
    # cells that the paper's text quotes (section 4.3, Appendix I.1)
    quoted = {("Benevolence", "Benevolence"): 0.11, ("Benevolence", "Security"): 1.08,
              ("Power", "Universalism"): -1.10, ("Power", "Achievement"): 0.49}  # fmt: skip
    for (steered, score), value in quoted.items():
        assert CHANGES.values[SCHWARTZ.index(steered), SCHWARTZ.index(score)] == value


def test_success_on_target():
    found = on_target(CHANGES, "on")
    assert tuple(one.steered for one in found if one.is_largest) == FIGURES["rises most"]
    assert all(one.change.value > 0 for one in found)
    assert found[1].largest == "Security"


def test_spill_over_and_the_circle():
    found = spill_over(CHANGES, "on")
    assert found.mean_target.value == pytest.approx(FIGURES["mean on target"])
    assert found.mean_absolute == pytest.approx(FIGURES["mean absolute off target"])
    assert found.relative == pytest.approx(FIGURES["off target for each point on target"])
    assert circle_agreement(CHANGES).correlation == pytest.approx(FIGURES["circle"], abs=1e-4)
    steps = distances(CHANGES)
    means = [CHANGES.values[steps == k].mean() for k in range(6)]
    assert means == pytest.approx(FIGURES["means by steps"])


def test_nothing_that_needs_errors_is_said():
    findings = list(steering_findings(CHANGES, circle=True))
    assert [one.name for one in findings] == ["on_target", "circle", "spill_over", "changes"]
    for one in findings:
        numbers = one.table.select_dtypes("number")
        assert not np.isnan(numbers.to_numpy()).any(), one.name
        assert not any(str(c).endswith((" low", " high")) or c == "p" for c in one.table.columns)
        assert "nan" not in one.sentence
