"""The family finds the information that was planted, and finds none where none was.

An interval within one split covers what the fitted decoder would get from ever more test raters.
What was planted is the most that any decoder can get, so it is covered where enough raters train
the family: what they are too few to teach is missing, however many test raters there are.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from decoders.families import family_named
from decoders.fit_split import fit_split
from ratings.data_sets.data_set import DataSet
from ratings.data_sets.published.planted import plant
from ratings.prepared import PreparedSplit
from ratings.representations.names import parse_representation
from ratings.table import RatingTable
from scorers.information.v_information import log_losses, v_information
from scorers.intervals.estimate import Estimate

INSTANCES, CHOICES = 10, 4
TRAIT = np.array([-1.0, 0.0, 1.0])
# Logits of each choice of each instance, the same in every world.
LEAN = np.random.default_rng(0).normal(0, 0.5, size=(INSTANCES, CHOICES))


def estimates(data: DataSet, *names: str, seed: int = 0) -> list[Estimate]:
    """Information within one split, of each representation named."""
    family, losses = family_named("default"), []
    for name in ("none", *names):
        found = fit_split(PreparedSplit.of(data, seed), family, parse_representation(name))
        targets = found.test_targets()
        shares = found.predict(targets.raters, targets.instances)
        losses.append(log_losses(shares, targets.ratings))
    one_split = np.zeros(len(losses[0]))
    measured = v_information(
        losses[0], np.stack(losses[1:]), found.test_targets().raters, one_split
    )
    return [one.estimate for one in measured]


def covers(found: Estimate, truth: float) -> bool:
    """But for rounding: a decoder that drops what is given has an interval of no width at 0."""
    return found.low - 1e-9 <= truth <= found.high + 1e-9


def distributions(strength: float) -> np.ndarray:
    """Given each trait, T x I x K."""
    scores = np.linspace(-1, 1, CHOICES)
    odds = np.exp(LEAN + strength * TRAIT[:, None, None] * scores)
    return odds / odds.sum(axis=2, keepdims=True)


def planted_information(strength: float) -> float:
    """H(Y|X) less H(Y|X, trait), written out, in nats; traits are equally likely."""
    given = distributions(strength)
    marginal = given.mean(axis=0)
    entropy = -(marginal * np.log(marginal)).sum(axis=1).mean()
    return float(entropy + (given * np.log(given)).sum(axis=2).mean())


def world(seed: int, strength: float, raters: int = 800) -> DataSet:
    """Raters whose trait moves every choice the same way, given as a score and as a label.

    The family's own model: so what it misses is only what so few raters cannot teach.
    """
    rng = np.random.default_rng([seed, 17])
    trait = rng.integers(3, size=raters)
    shares = distributions(strength)[trait].cumsum(axis=2)
    drawn = 1 + (rng.random((raters, INSTANCES, 1)) > shares).sum(axis=2)
    table = RatingTable.from_positions(
        np.minimum(drawn, CHOICES).astype(np.int8),
        raters=pd.DataFrame(
            {"trait": TRAIT[trait], "side": np.array(["low", "middle", "high"])[trait]},
            index=[f"r{number}" for number in range(raters)],
        ),
        instances=pd.DataFrame({"text": ["The same is asked of every thing."] * INSTANCES}),
        choices=[f"choice {k}" for k in range(CHOICES)],
    )
    return DataSet(
        "world",
        table,
        "Choose.",
        ordered=True,
        demographics=("side",),
        measured={"traits": ("trait",)},
    )


NAMES = ("measured", "demographics")


def share_covered(worlds: int, strength: float) -> dict[str, float]:
    truth = planted_information(strength)
    found = [estimates(world(seed, strength), *NAMES) for seed in range(worlds)]
    hits = [[covers(one, truth) for one in some] for some in found]
    return dict(zip(NAMES, np.mean(hits, axis=0), strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("strength", [0.0, 1.0])
def test_what_was_planted_is_covered(strength: float, in_full: bool):
    """Of a hundred worlds in ninety, whether nothing was planted or something."""
    worlds = 100 if in_full else 3
    for name, share in share_covered(worlds, strength).items():
        print(f"{name}, strength {strength}: covered in {share:.0%} of {worlds} worlds")
        assert share >= (0.9 if in_full else 2 / 3)


@pytest.mark.slow
def test_nothing_is_found_of_planted_raters_without_strength(in_full: bool):
    worlds = range(100 if in_full else 3)
    names = ("measured", "demographics", "groundtruth", "examples:max")
    made = [plant(raters=300, ratings=12, strength=0.0, seed=seed).data for seed in worlds]
    of_each = zip(*(estimates(data, *names) for data in made), strict=True)
    for name, found in zip(names, of_each, strict=True):
        share = np.mean([covers(one, 0.0) for one in found])
        mean = np.mean([one.value for one in found])
        print(f"{name}: 0 covered in {share:.0%} of {len(worlds)} runs, {mean:.5f} nats on average")
        assert share >= (0.9 if in_full else 2 / 3), name
        assert abs(mean) < 0.005, name


@pytest.fixture(scope="module")
def planted() -> Callable[[str], tuple[Estimate, float]]:
    """Four hundred of the packaged raters: their estimate and what was planted, by kind."""
    made = plant(raters=400, seed=1)
    kinds = ("measured", "demographics", "groundtruth")
    found = dict(zip(kinds, estimates(made.data, *kinds), strict=True))
    return lambda kind: (found[kind], made.information(kind))


@pytest.mark.parametrize("kind", ["measured", "demographics", "groundtruth"])
def test_of_the_packaged_raters_most_is_found_and_never_more(
    planted: Callable[[str], tuple[Estimate, float]], kind: str
):
    """A statement has a direction that its words do not say: more to learn than in a world."""
    found, truth = planted(kind)
    assert found.low > 0
    assert found.low <= truth
    assert found.value > 0.5 * truth


def test_what_is_planted_by_hand():
    """Three traits carry log 3 at most, and nothing where they move nothing."""
    assert planted_information(0.0) == pytest.approx(0, abs=1e-12)
    assert 0 < planted_information(1.0) < planted_information(3.0) < np.log(3)
