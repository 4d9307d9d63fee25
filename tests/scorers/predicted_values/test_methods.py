"""Ways from ratings to values, against scikit-learn, SciPy and the published score itself."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from sklearn.linear_model import LinearRegression, Ridge

from scorers.predicted_values.methods import (
    agreement,
    by_agreement,
    by_model,
    by_ridge,
    by_tags,
    left_out,
    ridge_penalties,
    tags_in,
    without_agreement,
)
from scorers.predicted_values.people import Part, folds_of
from scorers.scores.families import ratio_scores, score_rows
from scorers.scores.manifests import manifest_of
from scorers.scores.responses import ResponseMatrix
from tests.scorers.predicted_values.worlds import small_world


@pytest.fixture(scope="module")
def world() -> list[Part]:
    return small_world(np.random.default_rng(11), parts=3, people=40)


def levelled(ratings: np.ndarray) -> np.ndarray:
    return ratings - ratings.mean(axis=1, keepdims=True)


def test_ridge_is_that_of_scikit_learn(world: list[Part]):
    penalties = ridge_penalties(world)
    read = by_ridge(world)
    for number, part in enumerate(world):
        new = part.ratings[:5] + 0.3
        found = read(number, new).values
        for d, penalty in enumerate(penalties):
            ridge = Ridge(alpha=penalty).fit(levelled(part.ratings), part.values[:, d])
            assert found[:, d] == pytest.approx(ridge.predict(levelled(new)), abs=1e-8)


def test_the_penalty_is_the_likeliest_by_a_dense_normal_distribution(world: list[Part]):
    def likelihood(penalty: float, d: int) -> float:
        total, squares, count = 0.0, 0.0, 0
        for part in world:
            basis = np.linalg.svd(np.ones((len(part.values), 1)))[0][:, 1:]
            gaps = basis.T @ levelled(part.ratings)
            value = basis.T @ part.values[:, d]
            covariance = gaps @ gaps.T / penalty + np.eye(len(value))
            squares += value @ np.linalg.solve(covariance, value)
            total -= np.linalg.slogdet(covariance)[1] / 2
            count += len(value)
        return total - count / 2 * np.log(squares / count)

    for d, penalty in enumerate(ridge_penalties(world)):
        best = likelihood(penalty, d)
        assert all(best >= likelihood(penalty * factor, d) - 1e-6 for factor in (0.5, 0.9, 1.1, 2))


def test_agreement_alone_is_a_regression_on_one_number(world: list[Part]):
    rises = np.concatenate([agreement(p.ratings, p.ratings.mean(axis=0)) for p in world])
    values = np.concatenate([part.values for part in world])
    found = LinearRegression().fit(rises[:, None], values)
    told = by_agreement(world)(1, world[1].ratings).values
    assert told == pytest.approx(found.predict(rises[40:80, None]))
    assert rises.reshape(3, 40).mean(axis=1) == pytest.approx(1)


def test_tags_are_spearmans(world: list[Part]):
    part = replace(world[0], ratings=np.clip(np.rint(world[0].ratings), 1, 6))
    found = tags_in(part, 0.3)
    assert 0 < found.sum() < found.size
    for d in range(found.shape[0]):
        for i in range(found.shape[1]):
            r, p = stats.spearmanr(part.values[:, d], part.ratings[:, i])
            assert found[d, i] == (r > 0.3 and p < 0.05)


def test_an_item_that_all_rate_alike_has_no_tag(world: list[Part]):
    ratings = world[0].ratings.copy()
    ratings[:, 4] = 3
    assert not tags_in(replace(world[0], ratings=ratings), 0.3)[:, 4].any()


def test_the_published_score_is_the_family_of_the_manifest(world: list[Part]):
    part = world[0]
    family = replace(manifest_of("value_portrait").scores["schwartz"], names=("a", "b", "c"))
    tags = tags_in(part, 0.3)
    carried = [[name for name, has in zip("abc", item, strict=True) if has] for item in tags.T]
    found = by_tags(world)(0, part.ratings)
    for rater in (0, 7):
        grid = ResponseMatrix.from_ratings(
            part.ratings[rater][:, None], part.items, part.queries, ["once"], carried
        )
        rows = score_rows(grid, [family])
        scores = ratio_scores(grid, family)
        assert scores is not None
        assert found.values[rater] == pytest.approx(scores.values(), nan_ok=True)
        low = found.values[rater] - found.reach[rater]
        assert low == pytest.approx([row.estimate.low for row in rows], nan_ok=True)


@pytest.mark.parametrize("method", [by_tags, by_agreement, by_ridge, without_agreement, by_model])
def test_what_is_predicted_of_people_does_not_know_their_values(world: list[Part], method):
    """Neither their values nor their ratings move what the others' fold was fitted to."""
    folds = folds_of(world, 4, seed=0)
    before = left_out(world, folds, method)
    first = folds[0] == 0
    changed = np.where(first[:, None], 9.0, world[0].values)
    after = left_out([replace(world[0], values=changed), *world[1:]], folds, method)
    mine = np.flatnonzero(np.concatenate([first, *(f == 0 for f in folds[1:])]))
    assert after.values[mine] == pytest.approx(before.values[mine], nan_ok=True)
    others = np.setdiff1d(np.arange(120), mine)
    assert np.nanmax(np.abs(after.values[others] - before.values[others])) > 0.01
