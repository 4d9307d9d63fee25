"""What words of a profile tell of choices is learned; what another's profile tells is nothing.

In the smaller world each topic has a word for and a word against it, which have nothing in common
with its name: which of them a question is about has to be learned, and then to be looked up.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("torch", reason="needs the extra: pip install '.[decoders]'")

from decoders.fit_split import SplitFit, fit_split
from decoders.language_model.family import LanguageModelFamily
from decoders.language_model.training.recipes import RECIPES, Recipe
from ratings.data_sets.data_set import DataSet
from ratings.data_sets.published.planted import plant
from ratings.prepared import PreparedSplit
from ratings.representations.names import parse_representation
from ratings.representations.rater_context import Targets
from ratings.table import RatingTable
from scorers.information.v_information import log_losses, v_information
from scorers.intervals.estimate import Estimate

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


@dataclass(frozen=True)
class Fitted:
    """A fit, and what it lost on each rating of the test raters, in nats."""

    fit: SplitFit
    targets: Targets
    losses: np.ndarray


def fitted(data: DataSet, recipe: Recipe, name: str, seed: int) -> Fitted:
    fit = fit_split(
        PreparedSplit.of(data, seed), LanguageModelFamily(recipe), parse_representation(name)
    )
    targets = fit.test_targets()
    shares = fit.predict(targets.raters, targets.instances)
    return Fitted(fit, targets, log_losses(shares, targets.ratings))


def of_shuffled(data: DataSet, recipe: Recipe, seeds: range) -> tuple[list[Fitted], Estimate]:
    """What is found in profiles of others, over all seeds; and the fits without any profile."""
    none = [fitted(data, recipe, "none", seed) for seed in seeds]
    wrong = [fitted(data, recipe, "shuffled(groundtruth)", seed) for seed in seeds]
    raters = np.concatenate([one.targets.raters for one in none])
    splits = np.repeat(seeds, [len(one.losses) for one in none])
    losses = [np.concatenate([one.losses for one in some]) for some in (none, wrong)]
    return none, v_information(losses[0], losses[1][None], raters, splits)[0].estimate


def require_found(
    data: DataSet,
    recipe: Recipe,
    truths: Callable[[Targets], Sequence[np.ndarray]],
    in_full: bool,
):
    """At least 95% of what was planted in the test ratings, and nothing in profiles of others.

    In full, over three splits and trainings, an interval that covers what these differ by holds
    that nothing, next to a decoder that is trained without profiles. Else, over one training, it is
    less than 5% of what was planted, either way, next to the best decoder that there can be without
    profiles, whose distributions are known: what is found is then no more than what a training
    without profiles, which cannot be better, would show.

    Args:
        data: with `groundtruth`.
        recipe: to train by.
        truths: the true distributions of ratings, without and with the profile, N x K each.
        in_full: whether over three seeds.
    """
    informed = fitted(data, recipe, "groundtruth", 0)
    without, with_profile = (
        log_losses(one, informed.targets.ratings) for one in truths(informed.targets)
    )
    planted = float(np.mean(without - with_profile))
    if in_full:
        none, shuffled = of_shuffled(data, recipe, range(3))
        found = float(np.mean(none[0].losses - informed.losses))
        print(f"shuffled {shuffled.value:.4f} ({shuffled.low:.4f} to {shuffled.high:.4f})")
        assert shuffled.low <= 0 <= shuffled.high
    else:
        wrong = fitted(data, recipe, "shuffled(groundtruth)", 0)
        found = float(np.mean(without - informed.losses))
        print(f"shuffled {np.mean(without - wrong.losses):.4f}")
        assert abs(np.mean(without - wrong.losses)) < 0.05 * planted
    print(
        f"{found:.4f} of {planted:.4f} nats planted ({found / planted:.1%}) in "
        f"{informed.fit.decoder.cost.seconds:.0f} s"
    )
    assert found >= 0.95 * planted


@pytest.mark.slow
def test_a_rule_from_words_to_choices_is_learned(in_full: bool):
    data, given = rule(raters=300)
    size = 16 if in_full else 8  # as many steps, which are what it learns by, on half the ratings
    recipe = replace(RECIPES["tiny-llama"], batch=size, partitions=size, instance_tokens=None)

    def truths(targets: Targets) -> list[np.ndarray]:
        truth = given[targets.raters, targets.instances]
        return [np.full_like(truth, 0.5), truth]

    require_found(data, recipe, truths, in_full)


@pytest.mark.slow
def test_what_is_planted_in_the_packaged_raters_is_found(in_full: bool):
    """Statements of four values, for and against, on a scale of five: a longer rule to learn."""
    if not in_full:
        pytest.skip("takes many minutes; `pytest -m slow` runs it")
    made = plant(raters=3000, ratings=24, strength=2.0, seed=0)
    recipe = replace(
        RECIPES["tiny-llama"],
        partitions=8,
        batch=64,
        learning_rate=1e-3,
        weight_decay=0.5,
        instance_tokens=None,
    )

    def truths(targets: Targets) -> list[np.ndarray]:
        kinds = ("none", "groundtruth")
        return [made.probabilities(kind, targets.raters, targets.instances) for kind in kinds]

    require_found(made.data, recipe, truths, in_full)
