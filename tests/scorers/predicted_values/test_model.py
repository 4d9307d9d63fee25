"""The factor model with random items: against dense normal algebra, a Gibbs sampler and EM."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorers.predicted_values.hyperparameters import (
    Contrasts,
    fit_loadings,
    fit_variances,
    fit_weight,
    marginal_deviance,
)
from scorers.predicted_values.model import ValueModel, fit_people
from scorers.predicted_values.people import Part, folds_of, parts_of
from tests.scorers.predicted_values.worlds import small_world


@pytest.fixture(scope="module")
def world() -> list[Part]:
    return small_world(np.random.default_rng(1))


@pytest.fixture(scope="module")
def model(world: list[Part]) -> ValueModel:
    return fit_people(world)


def by_dense_algebra(model: ValueModel, ratings: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and covariance of values given one rater's ratings, from their joint distribution.

    In the values' own coordinates and with pseudo-inverses, for ratings less the rater's level.
    """
    there = ~np.isnan(ratings)
    loadings, rests, means = [], [], []
    for part, mine in zip(model.parts, np.split(there, len(model.parts)), strict=True):
        if not mine.any():
            continue
        kept = np.eye(mine.sum()) - 1 / mine.sum()
        of_values = part.loadings[mine] @ np.linalg.pinv(model.axes)
        loadings.append(kept @ of_values)
        rests.append(kept @ part.covariance[np.ix_(mine, mine)] @ kept / model.weight)
        shifted = part.means[mine] - part.loadings[mine] @ part.centre
        x = ratings[: len(there)][there][sum(len(m) for m in means) :][: mine.sum()]
        means.append(kept @ (x - shifted))
    prior = model.axes @ model.axes.T
    stacked = np.concatenate(loadings)
    size = len(stacked)
    rest = np.zeros((size, size))
    start = 0
    for one in rests:
        rest[start : start + len(one), start : start + len(one)] = one
        start += len(one)
    total = stacked @ prior @ stacked.T + rest
    gain = prior @ stacked.T @ np.linalg.pinv(total, rcond=1e-9, hermitian=True)
    return model.mean + gain @ np.concatenate(means), prior - gain @ stacked @ prior


@pytest.mark.parametrize("weight", [1.0, 0.4])
@pytest.mark.parametrize("missing", [(), (0, 3, 11), tuple(range(10))])
def test_a_prediction_is_the_mean_given_the_ratings(
    world: list[Part], model: ValueModel, weight: float, missing: tuple[int, ...]
):
    weighed = replace(model, weight=weight)
    ratings = np.concatenate([part.ratings[2] for part in world])
    ratings[list(missing)] = np.nan
    values, errors = weighed.predict(ratings[None])
    mean, covariance = by_dense_algebra(weighed, ratings)
    assert values[0] == pytest.approx(mean, abs=1e-4)
    assert errors[0] == pytest.approx(covariance, abs=1e-4)


@pytest.mark.parametrize("truth", [(1.0, -0.5, 0.3), (0.0, 0.0, 0.0)])
def test_a_gibbs_sampler_of_loadings_and_values_agrees(truth: tuple[float, ...]):
    """It draws loadings and the new rater's values in turn, so it knows of no approximation."""
    rng = np.random.default_rng(5)
    everybody = small_world(rng, people=61, last=np.array(truth))
    world = [part.only(np.arange(61) < 60) for part in everybody]
    ratings = [part.ratings[60] for part in everybody]
    fitted = replace(fit_people(world), weight=1.0)
    # rests uncorrelated, as the sampler has them
    simple = [
        replace(part, covariance=_plain_covariance(fitted, part, people.values))
        for part, people in zip(fitted.parts, world, strict=True)
    ]
    fitted = replace(fitted, parts=tuple(simple))
    value, error = fitted.predict(np.concatenate(ratings)[None])
    draws = np.array(list(_gibbs(world, fitted, ratings, rng, 4_000)))[500:]
    spread = np.sqrt(np.diagonal(error[0]))
    assert (np.abs(draws.mean(axis=0) - value[0]) / spread).max() < 0.15
    assert draws.std(axis=0) == pytest.approx(spread, rel=0.1)


def _whitened(model: ValueModel, values: np.ndarray) -> np.ndarray:
    return (values - model.mean) @ np.linalg.pinv(model.axes).T


def _prior(model: ValueModel) -> np.ndarray:
    return model.loading * model.axes.T @ model.axes


def _plain_covariance(model: ValueModel, part, values: np.ndarray) -> np.ndarray:
    people = _whitened(model, values)
    people = people - people.mean(axis=0)
    unsure = np.linalg.inv(np.linalg.inv(_prior(model)) + people.T @ people / model.noise)
    rest = model.noise * (1 + 1 / len(people)) + np.trace(unsure)
    size = len(part.items)
    return rest * np.eye(size) + 1e5 * model.noise * np.ones((size, size)) / size


def _gibbs(world, model: ValueModel, ratings, rng: np.random.Generator, draws: int):
    """Values of one new rater, with the loadings drawn given everybody's ratings."""
    prior = np.linalg.inv(_prior(model))
    known = []
    for part, new in zip(world, ratings, strict=True):
        size = len(part.items)
        basis = np.linalg.svd(np.ones((size, 1)))[0][:, 1:]
        people = _whitened(model, part.values)
        design = np.column_stack([people, np.ones(len(people))])  # an item's mean, flat
        known.append((design, part.ratings @ basis, new @ basis))
    flat = np.zeros((len(prior) + 1, len(prior) + 1))
    flat[:-1, :-1] = prior
    value = np.zeros(len(prior))
    for _ in range(draws):
        precision, pull = np.eye(len(prior)), np.zeros(len(prior))
        for design, contrasts, new in known:
            rows = np.vstack([design, [*value, 1.0]])
            told = np.vstack([contrasts, new])
            covariance = np.linalg.inv(flat + rows.T @ rows / model.noise)
            means = covariance @ rows.T @ told / model.noise
            drawn = means + np.linalg.cholesky(covariance) @ rng.normal(size=means.shape)
            loadings, level = drawn[:-1].T, drawn[-1]
            precision = precision + loadings.T @ loadings / model.noise
            pull = pull + loadings.T @ (new - level) / model.noise
        covariance = np.linalg.inv(precision)
        value = covariance @ pull + np.linalg.cholesky(covariance) @ rng.normal(size=len(prior))
        yield model.mean + model.axes @ value


def contrasts_of(world: list[Part]) -> tuple[list[Contrasts], np.ndarray]:
    out = []
    for part in world:
        basis = np.linalg.svd(np.ones((len(part.items), 1)))[0][:, 1:]
        gaps = part.ratings - part.ratings.mean(axis=0)
        out.append(Contrasts(part.values - part.values.mean(axis=0), gaps @ basis))
    return out, np.array([1.0, 0.6, 0.3])


def test_variances_are_those_that_em_finds():
    parts, spectrum = contrasts_of(small_world(np.random.default_rng(3), parts=4))
    noise, loading = fit_variances(parts, spectrum)
    one, other = 1.0, 0.1
    for _ in range(400):
        found = [fit_loadings(part, one, other * np.diag(spectrum)) for part in parts]
        squares = sum(
            (
                ((each.means**2).sum(axis=0) + len(each.means) * np.diagonal(each.covariance))
                / spectrum
            ).sum()
            for each in found
        )
        count = sum(len(each.means) for each in found)
        left = sum(float(np.trace(each.residuals)) for each in found)
        one = left / sum(each.freedom * len(each.means) for each in found)
        other = squares / (count * len(spectrum))
    assert noise == pytest.approx(one, rel=1e-3)
    assert loading == pytest.approx(other, rel=1e-3)


def test_the_deviance_is_that_of_a_dense_normal_distribution():
    from scipy.stats import multivariate_normal

    parts, spectrum = contrasts_of(small_world(np.random.default_rng(4), people=12))

    def dense(noise: float, loading: float) -> float:
        total = 0.0
        for part in parts:
            # people less their mean have one dimension less
            basis = np.linalg.svd(np.ones((len(part.people), 1)))[0][:, 1:]
            people = basis.T @ part.people
            covariance = loading * (people * spectrum) @ people.T + noise * np.eye(len(people))
            total += multivariate_normal(cov=covariance).logpdf((basis.T @ part.ratings).T).sum()
        return -2 * total

    pairs = [(1.0, 0.3), (0.5, 0.05), (2.0, 1.0)]
    ours = [marginal_deviance(parts, *pair, spectrum) for pair in pairs]
    theirs = [dense(*pair) for pair in pairs]
    assert np.diff(ours) == pytest.approx(np.diff(theirs), rel=1e-8)


def test_planted_variances_are_found():
    world = small_world(np.random.default_rng(2), parts=12, items=40, people=60)
    found = fit_people(world)
    assert found.noise == pytest.approx(1.0, rel=0.1)
    assert found.loading == pytest.approx(0.3, rel=0.15)
    assert found.weight > 0.8
    assert found.strength > 200  # rests are uncorrelated


def test_the_weight_is_the_likeliest_one():
    rng = np.random.default_rng(6)
    information = [np.diag([2.0, 0.5]), np.diag([1.0, 3.0])]
    values, evidence = [], []
    for known in information:
        value = rng.normal(size=(4_000, 2))
        told = 0.5 * known  # what the ratings truly say is half of what is claimed
        pulled = value @ told + rng.normal(size=value.shape) @ np.sqrt(told)
        values.append(value)
        evidence.append(2 * pulled)
    assert fit_weight(values, information, evidence) == pytest.approx(0.5, abs=0.05)


def test_a_raters_level_makes_no_difference(model: ValueModel, world: list[Part]):
    ratings = np.concatenate([part.ratings[:3] for part in world], axis=1)
    moved = ratings + np.array([[2.0], [-1.0], [0.5]])
    assert model.predict(moved)[0] == pytest.approx(model.predict(ratings)[0], abs=1e-3)


def test_agreement_may_make_no_difference(world: list[Part]):
    without = fit_people(world, level_only=False)
    ratings = np.concatenate([part.ratings[:3] for part in world], axis=1)
    rise = np.concatenate([part.means - part.means.mean() for part in without.parts])
    assert without.predict(ratings + 0.7 * rise)[0] == pytest.approx(
        without.predict(ratings)[0], abs=1e-3
    )
    with_it = fit_people(world)
    gaps = with_it.predict(ratings + 0.7 * rise)[0] - with_it.predict(ratings)[0]
    assert np.abs(gaps).max() > 0.01


def test_nothing_rated_is_what_people_are_on_average(model: ValueModel):
    values, errors = model.predict(np.full((1, len(model.items)), np.nan))
    assert values[0] == pytest.approx(model.mean)
    assert errors[0] == pytest.approx(model.axes @ model.axes.T)


def test_values_whose_sum_is_fixed_keep_it():
    world = small_world(np.random.default_rng(7), values=4)
    centred = [replace(part, values=part.values - part.values.mean(axis=1, keepdims=True))
               for part in world]  # fmt: skip
    found = fit_people(centred)
    assert found.axes.shape == (4, 3)
    values, errors = found.predict(np.concatenate([p.ratings for p in centred], axis=1))
    assert values.sum(axis=1) == pytest.approx(0, abs=1e-9)
    assert errors.sum(axis=(1, 2)) == pytest.approx(0, abs=1e-9)


@given(st.permutations(range(20)))
def test_the_order_of_items_makes_no_difference(order: list[int]):
    found = fit_people_once()
    ratings = np.random.default_rng(8).normal(size=(1, 20))
    ratings[0, order[:7]] = np.nan
    linear, _ = found.functions(~np.isnan(ratings))
    slopes = linear.slopes[0]
    assert (slopes[order[:7]] == 0).all()
    told = linear.constants[0] + np.nansum(slopes * ratings[0][:, None], axis=0)
    assert told == pytest.approx(found.predict(ratings)[0][0])


def fit_people_once() -> ValueModel:
    if "model" not in _ONCE:
        _ONCE["model"] = fit_people(small_world(np.random.default_rng(1)))
    return _ONCE["model"]


_ONCE: dict[str, ValueModel] = {}


def test_folds_of_a_part_are_alike_in_size(world: list[Part]):
    for fold in folds_of(world, 4, seed=3):
        assert np.bincount(fold).tolist() == [8, 8, 7, 7]


@pytest.mark.usefixtures("mirror")
def test_parts_of_the_official_survey():
    from ratings.instruments.dimensions import SCHWARTZ
    from ratings.instruments.value_portrait import load_human_ratings

    parts = parts_of(load_human_ratings(), SCHWARTZ)
    assert len(parts) == 12
    assert sum(len(part.raters) for part in parts) == 559
    assert sum(part.ratings.size for part in parts) == 24_320 - 40  # one has no scores
    assert sorted(len(part.items) for part in parts) == [40] * 11 + [80]
    assert "P186-group-0" not in {rater for part in parts for rater in part.raters}
