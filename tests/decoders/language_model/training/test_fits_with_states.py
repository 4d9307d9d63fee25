"""Trainings that save their state: several of one family do not take each other's states."""

from pathlib import Path

import numpy as np
import pytest

from decoders.fit_split import SplitFit, fit_split
from ratings.data_sets.published.planted import plant
from ratings.prepared import PreparedSplit
from ratings.representations.names import parse_representation
from tests.evals.trained import needs_decoders, write_recipe

needs_decoders()


def fitted(folder: Path | None, recipe: Path, representation: str) -> SplitFit:
    from decoders.language_model.family import LanguageModelFamily, state_in
    from decoders.language_model.training.recipes import recipe_named

    state = state_in(folder, 1) if folder else None
    family = LanguageModelFamily(recipe_named(str(recipe)), state=state)
    data = plant(raters=16, ratings=8, strength=8.0).data
    return fit_split(PreparedSplit.of(data, 0), family, parse_representation(representation))


@pytest.mark.parametrize("representation", ["cluster:2", "examples:2"])
def test_a_fit_that_needs_another_fit_first_is_the_same_with_states(
    tmp_path: Path, representation: str
):
    """Clusters are found by a fit of the same family, whose weights are others."""
    recipe = write_recipe(tmp_path)
    plain = fitted(None, recipe, representation)
    targets = plain.test_targets()
    wanted = plain.predict(targets.raters, targets.instances)
    for _ in range(2):  # the second time every step was made before
        found = fitted(tmp_path / "states", recipe, representation)
        np.testing.assert_array_equal(found.predict(targets.raters, targets.instances), wanted)
    kept = sorted(path.parent.name for path in (tmp_path / "states").rglob("step-*"))
    assert kept == (["fit-1", "fit-2"] if representation == "cluster:2" else ["fit-1"])
