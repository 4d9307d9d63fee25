"""Predicted values as scores: what they are means of, and their errors in both scopes."""

import numpy as np
import pytest

from scorers.intervals.observations import LinearObservations
from scorers.intervals.repeats import of_repeats
from scorers.intervals.scopes import beyond_items, on_items
from scorers.predicted_values.model import ValueModel, fit_people
from scorers.predicted_values.observations import predicted_observations
from tests.scorers.predicted_values.worlds import small_world

RUNS, VARIANTS = 4, 3


@pytest.fixture(scope="module")
def model() -> ValueModel:
    return fit_people(small_world(np.random.default_rng(21), parts=3))


@pytest.fixture
def repeats(model: ValueModel) -> np.ndarray:
    rng = np.random.default_rng(22)
    return 3.5 + rng.normal(size=(RUNS, len(model.items), VARIANTS))


def clusters_of(model: ValueModel) -> np.ndarray:
    labels = [query for part in model.parts for query in part.queries]
    return np.unique(labels, return_inverse=True)[1]


def predicted(
    model: ValueModel, repeats: np.ndarray, *, differences: bool = False
) -> LinearObservations:
    return predicted_observations(
        model, of_repeats(repeats), model.items, clusters_of(model), differences=differences
    )


def test_scores_are_predictions_from_mean_ratings(model: ValueModel, repeats: np.ndarray):
    repeats[1, 3, 0] = np.nan
    repeats[2, 5] = np.nan
    order = np.random.default_rng(0).permutation(len(model.items))
    items = [model.items[i] for i in order] + ["unknown"]
    asked = np.concatenate([repeats[:, order], np.ones((RUNS, 1, VARIANTS))], axis=1)
    labels = np.concatenate([clusters_of(model)[order], [99]])
    found = predicted_observations(model, of_repeats(asked), items, labels)
    mean = np.nanmean(np.where(np.isnan(repeats).all(axis=2, keepdims=True), 0, repeats), axis=2)
    mean[2, 5] = np.nan
    assert found.scores() == pytest.approx(model.predict(mean)[0], abs=1e-4)


def test_differences_are_those_of_the_predictions(model: ValueModel, repeats: np.ndarray):
    scores = predicted(model, repeats).scores()
    gaps = predicted(model, repeats[1:] - repeats[0], differences=True)
    assert gaps.scores() == pytest.approx(scores[1:] - scores[0])


def test_the_error_of_asking_is_that_of_a_linear_score(model: ValueModel, repeats: np.ndarray):
    found = on_items(predicted(model, repeats))
    linear, _ = model.functions(np.ones((1, len(model.items)), dtype=bool))
    slopes = linear.slopes[0]
    of_means = repeats.var(axis=2, ddof=1) / VARIANTS
    assert found.errors**2 == pytest.approx(of_means @ slopes**2)


def test_the_error_beyond_items_is_a_jackknife_over_queries(model: ValueModel, repeats: np.ndarray):
    labels = clusters_of(model)
    observed = predicted(model, repeats)
    found = beyond_items(observed)
    queries = np.unique(labels)
    values = observed.as_means().values.reshape(RUNS, 3, -1)
    left = np.stack([values[:, :, labels != query].mean(axis=2) for query in queries])
    gaps = left - values.mean(axis=2)
    n = len(queries)
    assert found.errors == pytest.approx(np.sqrt((n - 1) / n * (gaps**2).sum(axis=0)))
    assert (found.freedom == n - 1).all()


def test_a_level_of_the_run_moves_neither_score_nor_error(model: ValueModel, repeats: np.ndarray):
    one, other = (beyond_items(predicted(model, each)) for each in (repeats, repeats + 1.5))
    assert other.values == pytest.approx(one.values, abs=1e-6)
    assert other.errors == pytest.approx(one.errors, abs=1e-6)


def test_a_run_that_answered_nothing_has_no_score(model: ValueModel, repeats: np.ndarray):
    repeats[0] = np.nan
    found = predicted(model, repeats)
    assert np.isnan(found.scores()[0]).all()
    assert not np.isnan(found.scores()[1:]).any()
