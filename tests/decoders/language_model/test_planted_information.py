"""What a profile in words tells of choices is learned; what another's profile tells is nothing."""

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("torch", reason="needs the extra: pip install 'valuegauge[decoders]'")

from decoders.fit_split import fit_split
from decoders.language_model.family import LanguageModelFamily
from decoders.language_model.recipes import RECIPES
from ratings.data_sets.planted import plant
from ratings.representations.names import parse_representation
from scorers.v_information import log_losses, v_information

NAMES = ("none", "groundtruth", "shuffled(groundtruth)")
# Statements are short: their middle says which way they point.
RECIPE = replace(RECIPES["tiny-llama"], instance_tokens=None)


@pytest.mark.slow
def test_words_of_a_profile_are_linked_to_choices(in_full: bool):
    """In full, 95% of what was planted; in a reduced size a good part of it."""
    raters, least = (4000, 0.95) if in_full else (500, 0.3)
    recipe = replace(RECIPE, partitions=6)
    planted = plant(raters=raters, ratings=24, strength=2.0, seed=0)
    losses, seconds = [], []
    for name in NAMES:
        fit = fit_split(
            planted.data, LanguageModelFamily(recipe), parse_representation(name), seed=0
        )
        targets = fit.test_targets()
        shares = fit.predict(targets.raters, targets.instances)
        losses.append(log_losses(shares, targets.ratings))
        seconds.append(fit.decoder.cost.seconds)
    truth = {
        name: log_losses(
            planted.probabilities(name, targets.raters, targets.instances), targets.ratings
        )
        for name in NAMES[:2]
    }
    there = float(np.mean(truth["none"] - truth["groundtruth"]))
    one_split = np.zeros(len(losses[0]))
    told, wrong = v_information(losses[0], np.stack(losses[1:]), targets.raters, one_split)
    share = told.estimate.value / there
    print(
        f"{raters} raters: {told.estimate.value:.4f} of {there:.4f} nats ({share:.1%}), shuffled "
        f"{wrong.estimate.value:.4f} ({wrong.estimate.low:.4f} to {wrong.estimate.high:.4f}), "
        f"{' + '.join(f'{one:.0f}' for one in seconds)} s"
    )
    assert share >= least
    assert told.estimate.low > 0
    assert wrong.estimate.low <= 0 <= wrong.estimate.high
