from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from decoders.embedded.context_features import STYLES, ContextFeatures
from ratings.representations.rater_context import RaterContext, levels_of, no_context


def context(**frames: pd.DataFrame) -> RaterContext:
    size = len(next(iter(frames.values())))
    return replace(no_context([f"r{r}" for r in range(size)]), **frames)


def measured(scores: pd.DataFrame) -> RaterContext:
    return context(numbers=scores, levels=levels_of(scores))


@pytest.fixture
def scores() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame(rng.normal(3, 2, size=(50, 3)), columns=["a", "b", "c"])


def test_every_column_has_its_kind(scores: pd.DataFrame):
    labels = pd.DataFrame({"region": ["n", "s"] * 25})
    texts = pd.DataFrame({"profile": [f"likes {w}" for w in ("tea", "rain") * 25]})
    both = replace(measured(scores), labels=labels, texts=texts)
    found = ContextFeatures(both, seed=0)
    columns = found.of(both)
    assert columns.shape == (50, len(found.kinds))
    assert found.kinds.tolist()[:20] == [0] * 3 + [1] * 2 + [2] * 15
    assert found.kinds.tolist()[20:22] == [3] * 2
    assert set(found.kinds[22:]) == {4}
    assert np.isfinite(columns).all()
    assert STYLES == (1, 2)


def test_scores_are_standardised_as_among_the_training_raters(scores: pd.DataFrame):
    found = ContextFeatures(measured(scores), seed=0)
    columns = found.of(measured(scores))[:, found.kinds == 0]
    np.testing.assert_allclose(columns.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(columns.std(axis=0), 1)
    moved = found.of(measured(scores + 1))[:, found.kinds == 0]
    np.testing.assert_allclose(moved, columns + 1 / scores.std(ddof=0).to_numpy())


def test_elevation_and_scatter_are_mean_and_spread_within_the_rater(scores: pd.DataFrame):
    found = ContextFeatures(measured(scores), seed=0)
    columns = found.of(measured(scores))[:, found.kinds == 1]
    for one, expected in zip(columns.T, (scores.mean(axis=1), scores.std(axis=1)), strict=True):
        assert np.corrcoef(one, expected)[0, 1] == pytest.approx(1)


def test_a_missing_score_is_taken_for_the_mean(scores: pd.DataFrame):
    found = ContextFeatures(measured(scores), seed=0)
    other = scores.copy()
    other.iloc[0] = np.nan
    other.iloc[1, 1] = np.nan
    columns = found.of(context(numbers=other, levels=levels_of(other)))
    assert np.isfinite(columns).all()
    assert not columns[0, found.kinds < 2].any()
    assert columns[1, 1] == 0
    assert columns[1, 0] != 0
    of_levels = columns[0, found.kinds == 2]
    np.testing.assert_allclose(of_levels, -0.2)  # in no fifth


def test_a_column_of_missing_or_equal_scores_says_nothing():
    scores = pd.DataFrame({"a": [np.nan] * 6, "b": [2.0] * 6, "c": np.arange(6.0)})
    found = ContextFeatures(measured(scores), seed=0)
    columns = found.of(measured(scores))
    assert np.isfinite(columns).all()
    assert not columns[:, :2].any()


def test_a_single_score_has_no_elevation():
    found = ContextFeatures(measured(pd.DataFrame({"a": [1.0, 2.0, 3.0]})), seed=0)
    assert found.kinds.tolist() == [0] + [2] * 5


def test_labels_have_a_column_each_and_unknown_or_missing_ones_none():
    train = context(labels=pd.DataFrame({"region": ["n", "n", "s", None]}))
    found = ContextFeatures(train, seed=0)
    assert found.of(train).tolist() == [[1, 0], [1, 0], [0, 1], [0, 0]]
    test = context(labels=pd.DataFrame({"region": ["s", "moon", None]}))
    assert found.of(test).tolist() == [[0, 1], [0, 0], [0, 0]]


def test_of_very_many_labels_the_commonest_get_a_column():
    labels = [f"l{number}" for number in range(60) for _ in range(60 - number)]
    train = context(labels=pd.DataFrame({"job": labels}))
    columns = ContextFeatures(train, seed=0).of(train)
    assert columns.shape[1] == 40
    assert columns.sum(axis=0).tolist() == list(range(60, 20, -1))


def test_nothing_given_is_no_column():
    nobody = no_context(["a", "b"])
    found = ContextFeatures(nobody, seed=0)
    assert found.of(nobody).shape == (2, 0)
    assert len(found.kinds) == 0


def test_raters_are_read_one_by_one(scores: pd.DataFrame):
    """What a rater is described by does not depend on who else is asked about."""
    both = replace(measured(scores), labels=pd.DataFrame({"region": ["n", "s"] * 25}))
    found = ContextFeatures(both, seed=0)
    np.testing.assert_array_equal(found.of(both)[[3, 7]], found.of(both.take([3, 7])))
