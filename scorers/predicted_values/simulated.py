"""Simulated people and raters with planted values, to see whether intervals hold them."""

from dataclasses import dataclass

import numpy as np

from ratings.arrays import FloatArray
from scorers.intervals.bootstrap import CONFIDENCE
from scorers.intervals.quantiles import normal_quantile, student_quantile
from scorers.intervals.repeats import of_repeats
from scorers.intervals.scopes import beyond_items
from scorers.predicted_values.model import ValueModel, fit_people
from scorers.predicted_values.observations import predicted_observations
from scorers.predicted_values.people import Part

RATERS = 8
_NORMAL_95 = float(normal_quantile(0.5 + CONFIDENCE / 2))
_MIDDLE, _MEAN_SPREAD = 3.5, 0.6
_LEVEL, _RISE = 0.6, 0.6  # standard deviations over people, as in Value Portrait's


@dataclass(frozen=True)
class World:
    """What a world is like in which people and others rate items.

    Attributes:
        parts: of the survey.
        items: of each part.
        people: who rate each part.
        asked: how often one who rates all items is asked.
        wording: standard deviation of a rating over the times it is asked.
    """

    parts: int = 12
    items: int = 40
    people: int = 46
    asked: int = 6
    wording: float = 0.5


@dataclass(frozen=True, eq=False)
class Drawn:
    """One world drawn.

    Attributes:
        parts: people's ratings and values.
        ratings: B x I x A of those who rate all items, A times.
        items: I ids.
    """

    parts: list[Part]
    ratings: FloatArray
    items: list[str]


def draw_world(
    world: World, model: ValueModel, planted: FloatArray, rng: np.random.Generator
) -> Drawn:
    """Other items, other people with values like people's, and raters with planted values.

    Loadings and rests have the variances of a fitted model; besides, people differ in their level
    and in how far their ratings rise with the items' means. Ratings are whole numbers of 1 to 6.

    Args:
        world: its sizes.
        model: as fitted to people.
        planted: B x D values of those who rate all items.
        rng: random generator.
    """
    values = model.mean.size
    parts: list[Part] = []
    all_ratings: list[FloatArray] = []
    items: list[str] = []
    for number in range(world.parts):
        people = model.mean + rng.normal(size=(world.people, model.axes.shape[1])) @ model.axes.T
        everybody = np.concatenate([people, planted])
        means = _MIDDLE + _MEAN_SPREAD * rng.normal(size=world.items)
        loadings = np.sqrt(model.loading) * rng.normal(size=(world.items, values))
        level, rise = _LEVEL * rng.normal(size=(2, len(everybody), 1))
        rise *= _RISE / _LEVEL
        ratings = means + level + rise * (means - _MIDDLE)
        ratings += (everybody - model.mean) @ loadings.T
        ratings += np.sqrt(model.noise) * rng.normal(size=ratings.shape)
        ids = tuple(f"{number}-{i}" for i in range(world.items))
        queries = tuple(f"{number}-{i // 5}" for i in range(world.items))
        names = tuple(f"{number}-{r}" for r in range(world.people))
        parts.append(Part(ids, queries, names, _whole(ratings[: world.people]), people))
        again = ratings[world.people :, :, None] + world.wording * rng.normal(
            size=(len(planted), world.items, world.asked)
        )
        all_ratings.append(_whole(again))
        items += ids
    return Drawn(parts, np.concatenate(all_ratings, axis=1), items)


def _whole(ratings: FloatArray) -> FloatArray:
    whole: FloatArray = np.clip(np.rint(ratings), 1, 6)
    return whole


@dataclass(frozen=True, eq=False)
class Simulation:
    """What came of raters with planted values in many worlds; D each.

    Attributes:
        raters: with values of their own in each world.
        covered: share of the 95% intervals of a rater's values that hold the planted one.
        covered_low: lower end of its 95% interval over worlds.
        covered_high: upper end.
        bias: mean of prediction less planted value.
        bias_reach: half the width of its 95% interval over worlds.
        slopes: of planted values on predictions.
        correlations: of the two.
        widths: mean, of the intervals.
        score_covered: share of intervals of scores beyond these items that hold the expected score
            of somebody with the same values in all worlds.
        difference_covered: the same of differences of two such raters.
    """

    raters: int
    covered: FloatArray
    covered_low: FloatArray
    covered_high: FloatArray
    bias: FloatArray
    bias_reach: FloatArray
    slopes: FloatArray
    correlations: FloatArray
    widths: FloatArray
    score_covered: FloatArray
    difference_covered: FloatArray


def simulate(world: World, model: ValueModel, worlds: int, seed: int = 0) -> Simulation:
    """Draw worlds, fit the model in each, and predict raters with planted values.

    Half of the raters have values drawn in each world, as people's are distributed; the other
    half have the same in all worlds, so that what they score can be compared with its expectation.

    Args:
        world: its sizes.
        model: as fitted to people, whose variances the worlds have.
        worlds: at least 2.
        seed: of all draws.
    """
    rng = np.random.default_rng(seed)
    shape = RATERS, model.axes.shape[1]
    same = model.mean + rng.normal(size=shape) @ model.axes.T
    planted, predicted, reach = [], [], []
    scores: list[tuple[FloatArray, FloatArray]] = []
    differences: list[tuple[FloatArray, FloatArray]] = []
    for _ in range(worlds):
        own = model.mean + rng.normal(size=shape) @ model.axes.T
        drawn = draw_world(world, model, np.concatenate([own, same]), rng)
        fitted = fit_people(drawn.parts)
        values, errors = fitted.predict(drawn.ratings.mean(axis=2))
        spread = np.sqrt(np.diagonal(errors, axis1=1, axis2=2))
        planted.append(own)
        predicted.append(values[:RATERS])
        reach.append(_NORMAL_95 * spread[:RATERS])
        again = drawn.ratings[RATERS:]
        labels = [query for part in drawn.parts for query in part.queries]
        clusters = np.unique(labels, return_inverse=True)[1]
        for out, repeats in ((scores, again), (differences, again[1:] - again[:1])):
            observed = predicted_observations(
                fitted,
                of_repeats(repeats),
                drawn.items,
                clusters,
                differences=out is differences,
            )
            found = beyond_items(observed)
            out.append((found.values, found.reach()))
    truth, guess, half = (np.array(each) for each in (planted, predicted, reach))
    inside = (np.abs(guess - truth) <= half).mean(axis=1)
    gaps = (guess - truth).mean(axis=1)
    low, high = _over_worlds(inside)
    flat = [each.reshape(-1, truth.shape[2]) for each in (guess, truth)]
    one, other = (each - each.mean(axis=0) for each in flat)
    crossed = (one * other).mean(axis=0)
    return Simulation(
        raters=RATERS,
        covered=inside.mean(axis=0),
        covered_low=low,
        covered_high=high,
        bias=gaps.mean(axis=0),
        bias_reach=(_over_worlds(gaps)[1] - gaps.mean(axis=0)),
        slopes=crossed / one.var(axis=0),
        correlations=crossed / (one.std(axis=0) * other.std(axis=0)),
        widths=2 * half.mean(axis=(0, 1)),
        score_covered=_holding_the_mean(scores),
        difference_covered=_holding_the_mean(differences),
    )


def _over_worlds(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Ends of the 95% intervals of means over W worlds, W x D."""
    quantile = student_quantile(0.5 + CONFIDENCE / 2, len(values) - 1)
    half = quantile * values.std(axis=0, ddof=1) / np.sqrt(len(values))
    return values.mean(axis=0) - half, values.mean(axis=0) + half


def _holding_the_mean(found: list[tuple[FloatArray, FloatArray]]) -> FloatArray:
    """D shares of W x B x D intervals that hold the mean over worlds."""
    values, reach = (np.array(each) for each in zip(*found, strict=True))
    held: FloatArray = (np.abs(values - values.mean(axis=0)) <= reach).mean(axis=(0, 1))
    return held
