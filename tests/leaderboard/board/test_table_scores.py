"""Scores of a table are drawn together, and are those of each run."""

import numpy as np
import pytest

from leaderboard.board.table_scores import joint_scores
from scorers.scores.families import score_rows
from scorers.scores.manifests import manifest_of
from tests.scorers.scores.test_families import reading


def test_joint_scores_of_a_spread_are_those_of_each_run():
    """The mean over the dimensions is drawn with the same people as each dimension."""
    grids, manifest = [reading(0), reading(1, chance=0.7)], manifest_of("indie_value")
    joint = joint_scores(grids, manifest)
    for position, grid in enumerate(grids):
        for row in score_rows(grid, manifest.scores.values()):
            assert joint[row.name].values[position] == pytest.approx(
                row.estimate.value, nan_ok=True
            )
    defined = [joint[f"sigma {name}"].replicates for name in ("Sex", "Age")]
    np.testing.assert_allclose(joint["sigma_inequity"].replicates, np.mean(defined, axis=0))
    assert np.isnan(joint["sigma Country"].values).all()
