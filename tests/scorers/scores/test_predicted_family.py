"""The score family of predicted values, on the sample: scores, differences, bounds, corrections."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from ratings.instruments.dimensions import SCHWARTZ
from ratings.instruments.value_portrait import VARIANTS, load_human_ratings, load_instrument
from ratings.sources.fetch import verify
from scorers.comparison.paired import paired_scores
from scorers.comparison.score_checks import check_scores
from scorers.predicted_values import fitted
from scorers.predicted_values.fitted import fitted_to
from scorers.predicted_values.model import ValueModel, fit_people
from scorers.predicted_values.people import parts_of
from scorers.scores.families import ratio_scores, score_rows
from scorers.scores.manifests import manifest_of
from scorers.scores.responses import ResponseMatrix

FAMILIES = manifest_of("value_portrait").scores
PREDICTED = FAMILIES["predicted_values"]


@lru_cache
def model() -> ValueModel:
    return fit_people(parts_of(load_human_ratings("sample"), SCHWARTZ))


def run(seed: int, leaning: float = 0.0) -> ResponseMatrix:
    """A rater of all items, in all variants, who may lean to those of Power."""
    instrument = load_instrument("sample")
    rng = np.random.default_rng(seed)
    tagged = instrument.tagged()[: len(SCHWARTZ)]
    leans = 3.5 + leaning * tagged[SCHWARTZ.index("Power")]
    ratings = np.clip(np.rint(leans[:, None] + rng.normal(size=(len(leans), len(VARIANTS)))), 1, 6)
    return ResponseMatrix.from_ratings(
        ratings,
        [str(item) for item in instrument.items.index],
        instrument.items["query"].tolist(),
        list(VARIANTS),
        [[name for name, has in zip(SCHWARTZ, item, strict=True) if has] for item in tagged.T],
    )


def predicted_of(grid: ResponseMatrix) -> np.ndarray:
    mean = dict(zip(grid.samples, np.nanmean(grid.ratings, axis=1), strict=True))
    return model().predict(np.array([[mean.get(item, np.nan) for item in model().items]]))[0][0]


def test_scores_are_the_models_predictions():
    grid = run(0)
    rows = score_rows(grid, [PREDICTED])
    assert [row.name for row in rows] == [f"predicted {value}" for value in SCHWARTZ]
    assert [row.estimate.value for row in rows] == pytest.approx(predicted_of(grid), abs=1e-4)
    for d, row in enumerate(rows):
        assert row.estimate.low <= row.on_items.low < row.estimate.value < row.on_items.high
        alone = [predicted_of(grid.of_columns([name]))[d] for name in grid.columns]
        assert row.per_variant == pytest.approx(alone, abs=1e-4)
        assert (row.items, row.valid) == (len(grid.samples), 1)
    found = ratio_scores(grid, PREDICTED)
    assert found is not None
    assert found.values() == pytest.approx(predicted_of(grid), abs=1e-4)
    assert (found.carrying() == len(set(grid.clusters))).all()


def test_a_part_of_the_items_is_enough():
    grid = run(0)
    part = grid.of_samples(grid.samples[::3])
    rows = score_rows(part, [PREDICTED])
    assert [row.estimate.value for row in rows] == pytest.approx(predicted_of(part), abs=1e-4)


def test_leaning_to_powers_items_raises_it_most():
    plain, leaning = (predicted_of(run(0, lean)) for lean in (0.0, 1.5))
    assert SCHWARTZ[int((leaning - plain).argmax())] in ("Power", "Achievement")


def test_differences_are_those_of_the_scores():
    before, after = run(0), run(1, leaning=1.0)
    (found,) = paired_scores(before, after, [PREDICTED])
    assert found.beyond.values[0] == pytest.approx(
        predicted_of(after) - predicted_of(before), abs=1e-4
    )
    assert found.changed.all()
    (same,) = paired_scores(before, before, [PREDICTED])
    assert same.beyond.values[0] == pytest.approx(0, abs=1e-12)
    assert not same.changed.any()


def test_no_reading_of_missing_answers_leaves_the_bounds():
    grid = run(2)
    rng = np.random.default_rng(3)
    lost = rng.random(grid.ratings.shape) < 0.2
    lost[4] = True
    missing = replace(grid.without(lost), statuses=np.where(lost, "refusal", "valid"))
    rows = score_rows(missing, [PREDICTED])
    low, high = (np.array([getattr(row, end) for row in rows]) for end in ("lowest", "highest"))
    for _ in range(20):
        read = np.where(lost, rng.choice([1.0, 6.0], size=lost.shape), grid.ratings)
        values = predicted_of(replace(grid, ratings=read))
        assert (low - 1e-4 <= values).all()
        assert (values <= high + 1e-4).all()


def test_p_values_of_the_other_families_are_as_without_it():
    before, after = run(0), run(1, leaning=0.6)
    others = [family for family in FAMILIES.values() if not family.apart]
    with_it = check_scores(before, after, FAMILIES.values()).checks
    without = check_scores(before, after, others).checks
    kept = [check for check in with_it if not check.apart]
    assert [*map(repr, kept)] == [*map(repr, without)]  # NaN is not itself
    assert len(with_it) == len(without) + 10
    moved = [replace(check, verdict="moved") for check in with_it]
    assert [check.fails for check in moved[:-1]] == [not check.apart for check in moved[:-1]]


def test_other_items_and_other_queries_have_none():
    grid = run(0)
    assert fitted_to(grid.samples, grid.clusters) is not None
    assert fitted_to(["no item"], ["no query"]) is None
    assert fitted_to(grid.samples, ["another", *grid.clusters[1:]]) is None
    strange = replace(grid, samples=[f"my {name}" for name in grid.samples])
    assert score_rows(strange, [PREDICTED]) == []
    assert ratio_scores(strange, PREDICTED) is None
    assert paired_scores(strange, strange, [PREDICTED]) == []


def test_it_is_absent_where_peoples_ratings_are_not_at_hand(monkeypatch: pytest.MonkeyPatch):
    grid = run(0)
    fitted._queries.cache_clear()
    monkeypatch.setattr(
        fitted, "verify", lambda *of: [replace(file, state="missing") for file in verify(*of)]
    )
    assert score_rows(grid, [PREDICTED]) == []
    monkeypatch.undo()
    assert len(score_rows(grid, [PREDICTED])) == 10
