"""What words of a profile tell of choices is learned; what another's profile tells is nothing.

In the smaller world each topic has a word for and a word against it, which have nothing in common
with its name: which of them a question is about has to be learned, and then to be looked up.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("torch", reason="needs the extra: pip install 'valuegauge[decoders]'")

from decoders.fit_split import SplitFit, fit_split
from decoders.language_model.family import LanguageModelFamily
from decoders.language_model.recipes import RECIPES, Recipe
from ratings.data_sets.data_set import DataSet
from ratings.data_sets.planted import plant
from ratings.representations.names import parse_representation
from ratings.table import RatingTable
from scorers.estimate import Estimate
from scorers.v_information import log_losses, v_information

WORDS = {
    "tea": ("sober", "thirsty"),
    "rain": ("sunny", "gloomy"),
    "dogs": ("wary", "gentle"),
}
QUESTIONS = (
    "Would you enjoy some {}?",
    "Is there too little {} in the world?",
    "Do friends call you fond of {}?",
    "A day with {}: a good day?",
)
LIKELY = 0.9
NAMES = ("none", "groundtruth", "shuffled(groundtruth)")


@dataclass(frozen=True)
class Told:
    """What was planted in the test ratings, and what was found there."""

    planted: float
    right: Estimate
    shuffled: Estimate
    seconds: float

    @property
    def share(self) -> float:
        return self.right.value / self.planted


def rule(raters: int, seed: int = 0) -> tuple[DataSet, np.ndarray]:
    """Raters who say yes to a topic nine times of ten where their profile has its word for it.

    Returns:
        The data, and the distribution of each rating, R x I x K.
    """
    rng = np.random.default_rng(seed)
    fond = rng.integers(2, size=(raters, len(WORDS)))
    topics = np.repeat(np.arange(len(WORDS)), len(QUESTIONS))
    yes = np.where(fond[:, topics] == 1, LIKELY, 1 - LIKELY)
    words = np.array(list(WORDS.values()))[np.arange(len(WORDS)), fond]
    profiles = [f"The rater is {', '.join(row)}." for row in words]
    table = RatingTable.from_positions(
        (rng.random(yes.shape) < yes).astype(np.int8) + 1,
        raters=pd.DataFrame({"profile": profiles}, index=[f"r{n}" for n in range(raters)]),
        instances=pd.DataFrame({"text": [q.format(t) for t in WORDS for q in QUESTIONS]}),
        choices=("no", "yes"),
    )
    data = DataSet("rule", table, "A rater answers.", ordered=False, groundtruth="profile")
    return data, np.stack([1 - yes, yes], axis=-1)


def fitted(data: DataSet, recipe: Recipe) -> list[SplitFit]:
    family = LanguageModelFamily(recipe)
    return [fit_split(data, family, parse_representation(name), seed=0) for name in NAMES]


def told(fits: list[SplitFit], truths: list[np.ndarray]) -> Told:
    """Held against the true distributions, without and with the profile, N x K each."""
    targets = fits[0].test_targets()
    losses = [
        log_losses(fit.predict(targets.raters, targets.instances), targets.ratings) for fit in fits
    ]
    without, with_profile = (log_losses(truth, targets.ratings) for truth in truths)
    one_split = np.zeros(len(without))
    right, shuffled = v_information(losses[0], np.stack(losses[1:]), targets.raters, one_split)
    return Told(
        float(np.mean(without - with_profile)),
        right.estimate,
        shuffled.estimate,
        fits[1].decoder.cost.seconds,
    )


def shown(found: Told) -> None:
    wrong = found.shuffled
    print(
        f"{found.right.value:.4f} of {found.planted:.4f} nats planted ({found.share:.1%}) in "
        f"{found.seconds:.0f} s; shuffled {wrong.value:.4f} ({wrong.low:.4f} to {wrong.high:.4f})"
    )


def test_a_rule_from_words_to_choices_is_learned():
    data, given = rule(raters=500)
    recipe = replace(RECIPES["tiny-llama"], batch=16, partitions=16, instance_tokens=None)
    fits = fitted(data, recipe)
    targets = fits[0].test_targets()
    truth = given[targets.raters, targets.instances]
    found = told(fits, [np.full_like(truth, 0.5), truth])
    shown(found)
    assert found.share >= 0.95
    assert found.shuffled.low <= 0 <= found.shuffled.high


@pytest.mark.slow
def test_what_is_planted_in_the_packaged_raters_is_found(in_full: bool):
    """Statements of four values, for and against, on a scale of five: a longer rule to learn."""
    if not in_full:
        pytest.skip("takes minutes; `pytest -m slow` runs it")
    made = plant(raters=3000, ratings=24, strength=2.0, seed=0)
    recipe = replace(
        RECIPES["tiny-llama"],
        partitions=8,
        batch=64,
        learning_rate=1e-3,
        weight_decay=0.5,
        instance_tokens=None,
    )
    fits = fitted(made.data, recipe)
    targets = fits[0].test_targets()
    found = told(
        fits,
        [made.probabilities(kind, targets.raters, targets.instances) for kind in NAMES[:2]],
    )
    shown(found)
    assert found.share >= 0.95
    assert found.shuffled.low <= 0 <= found.shuffled.high
