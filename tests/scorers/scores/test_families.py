"""Scores made by a manifest, as sums over clusters and with intervals: two ways that must agree."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from ratings.errors import DataError
from scorers.comparison.paired import common_answers, paired_scores
from scorers.intervals.bootstrap import cluster_weights
from scorers.scores.families import ratio_scores, score_rows, spread_of
from scorers.scores.inequity import sigma_inequity, spread_replicates
from scorers.scores.manifests import ScoreFamily, manifest_of
from scorers.scores.responses import ResponseMatrix

VALUES = manifest_of("value_portrait").scores
READING = manifest_of("indie_value").scores


def portrait(seed: int, items: int = 30, variants: int = 4, lost: float = 0.1) -> ResponseMatrix:
    """Ratings of items in pairs of one query, each with one or two of three values."""
    rng = np.random.default_rng(seed)
    ratings = rng.integers(1, 7, size=(items, variants)).astype(float)
    ratings[rng.random(ratings.shape) < lost] = np.nan
    names = ("Power", "Benevolence", "Hedonism")
    return ResponseMatrix(
        samples=[f"i{i:03}" for i in range(items)],
        epochs=[1] * items,
        clusters=[f"q{i // 2}" for i in range(items)],
        columns=[f"v{v}" for v in range(variants)],
        ratings=ratings,
        right=None,
        statuses=np.where(np.isnan(ratings), "refusal", "valid"),
        attributes=[{"tags": [names[i % 3], names[(i // 3) % 3]]} for i in range(items)],
        labels={},
    )


def reading(seed: int, people: int = 24, questions: int = 6, chance: float = 0.6) -> ResponseMatrix:
    """Three probe sets for each person, two categories, two dimensions of groups."""
    rng = np.random.default_rng(seed)
    positions = [(person, probe) for person in range(people) for probe in (1, 2, 3)]
    right = (rng.random((len(positions), questions)) < chance).astype(float)
    statuses = np.where(rng.random(right.shape) < 0.1, "absent", "valid")
    right[statuses != "valid"] = 0.0
    return ResponseMatrix(
        samples=[f"p{person:02}-{probe}" for person, probe in positions],
        epochs=[1] * len(positions),
        clusters=[f"p{person:02}" for person, _ in positions],
        columns=[str(q + 1) for q in range(questions)],
        ratings=np.where(statuses == "valid", 1.0, np.nan),
        right=right,
        statuses=statuses,
        attributes=[
            {"probe": probe, "Sex": "fm"[person % 2], "Age": "abc"[person % 3]}
            for person, probe in positions
        ],
        labels={"categories": ["one", "two"] * (questions // 2)},
    )


@pytest.mark.parametrize(
    ("grid", "families"), [(portrait(0), VALUES), (reading(0), READING)], ids=["tagged", "share"]
)
def test_sums_give_the_scores_and_their_intervals(
    grid: ResponseMatrix, families: Mapping[str, ScoreFamily]
):
    rows = {row.name: row for row in score_rows(grid, families.values())}
    checked = 0
    for family in families.values():
        sums = ratio_scores(grid, family)
        if sums is None:
            continue
        weights = cluster_weights(len(sums.clusters), 0)
        replicates = sums.replicates(weights)
        for d, name in enumerate(sums.names):
            if np.isnan(sums.values()[d]):
                continue
            found = rows[name].estimate
            assert sums.values()[d] == pytest.approx(found.value)
            # Replicates scatter by the jackknife's error, but for a factor of few clusters.
            count = int(sums.carrying()[d])
            error = np.nanstd(replicates[:, d]) * np.sqrt(count / (count - 1))
            reach = stats.t.ppf(0.975, count - 1) * error
            half, narrow = ((one.high - one.low) / 2 for one in (found, rows[name].on_items))
            assert half == narrow or half == pytest.approx(reach, rel=0.15)
            checked += 1
    assert checked >= 3


def test_a_share_counts_missing_answers_as_wrong_and_bounds_it():
    grid = reading(1)
    assert grid.right is not None
    row = next(row for row in score_rows(grid, [READING["accuracy"]]))
    assert row.estimate.value == pytest.approx(100 * grid.right.mean())
    assert row.lowest == row.estimate.value
    assert row.highest == pytest.approx(100 * (grid.right + (grid.statuses != "valid")).mean())


def test_scores_split_by_sample_and_by_column():
    grid = reading(2)
    assert grid.right is not None
    rows = {row.name: row for row in score_rows(grid, READING.values())}
    assert {"probe 1", "probe 2", "probe 3", "one", "two"} <= set(rows)
    assert rows["one"].estimate.value == pytest.approx(100 * grid.right[:, ::2].mean())
    assert rows["probe 2"].estimate.value == pytest.approx(100 * grid.right[1::3].mean())


def test_the_spread_of_groups_is_that_of_the_people():
    grid = reading(3)
    accuracies, groups = spread_of(grid, READING["sigma_inequity"])
    _, mean = sigma_inequity(accuracies, groups)
    rows = {row.name: row.estimate for row in score_rows(grid, READING.values())}
    assert rows["sigma_inequity"].value == mean.raw
    assert rows["sigma_inequity_corrected"] == mean.corrected
    assert rows["sigma_inequity"].reason is not None
    everyone = np.ones((1, len(accuracies)))
    assert spread_replicates(accuracies, groups, everyone)[0] == pytest.approx(mean.raw)


def test_the_spread_of_each_dimension_is_that_of_its_groups():
    grid = reading(3)
    accuracies, groups = spread_of(grid, READING["sigma"])
    rows = {row.name: row.estimate for row in score_rows(grid, [READING["sigma"]])}
    assert list(rows) == [f"sigma {name}" for name in READING["sigma"].groups]
    for name, kinds in (("Sex", 2), ("Age", 3)):
        means = [accuracies[groups[name] == kind].mean() for kind in range(kinds)]
        assert rows[f"sigma {name}"].value == pytest.approx(100 * np.std(means, ddof=1))
    assert np.isnan(rows["sigma Country"].value)
    assert rows["sigma Country"].reason == "fewer than two groups"


def test_the_spread_of_each_dimension_is_not_tested_between_runs():
    """The mean over them is; each alone would take from the correction what the others need."""
    found = paired_scores(*common_answers(reading(3), reading(4)), READING.values())
    assert {part.family.name for part in found} == {
        "accuracy",
        "probe",
        "category",
        "sigma_inequity_corrected",
    }


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**16), st.sampled_from([0.0, 0.3, 1.0]))
def test_a_run_against_itself_does_not_differ(seed: int, lost: float):
    grids = (portrait(seed, lost=lost), VALUES), (reading(seed), READING)
    for grid, families in grids:
        for part in paired_scores(grid, grid, families.values()):
            there = ~np.isnan(part.before)
            np.testing.assert_array_equal(part.before, part.after)
            for scoped in (part.on, part.beyond):
                np.testing.assert_allclose(scoped.values[0][there], 0, atol=1e-12)
                p_values = scoped.p_values()[0]
                assert set(p_values[~np.isnan(p_values)]) <= {1.0}


def test_a_difference_is_that_of_the_scores_on_what_both_answered():
    one, other = common_answers(portrait(4), portrait(5))
    lost = np.isnan(portrait(4).ratings) | np.isnan(portrait(5).ratings)
    np.testing.assert_array_equal(np.isnan(one.ratings), lost)
    np.testing.assert_array_equal(np.isnan(other.ratings), lost)
    found = paired_scores(portrait(4), portrait(5), VALUES.values())
    scores = [
        {row.name: row.estimate.value for row in score_rows(grid, VALUES.values())}
        for grid in (one, other)
    ]
    for part in found:
        for d, name in enumerate(part.names):
            if not np.isnan(part.before[d]):
                assert part.before[d] == pytest.approx(scores[0][name])
                difference = scores[1][name] - scores[0][name]
                assert part.on.values[0, d] == pytest.approx(difference)
                assert part.beyond.values[0, d] == pytest.approx(difference)
    assert "Power" in [name for part in found for name in part.names]


def test_runs_on_other_samples_and_columns_meet_where_they_can():
    grid = portrait(8)
    part = grid.of_samples(grid.samples[:10]).of_columns(["v2", "v0"])
    one, other = common_answers(grid, part)
    assert (one.samples, one.columns) == (other.samples, other.columns)
    assert len(one.samples) == 10
    assert list(one.columns) == ["v0", "v2"]
    with pytest.raises(DataError, match="no items or people in common"):
        common_answers(grid, grid.of_samples([]))


def test_epochs_are_averaged_before_anything_else():
    grid = portrait(9, items=6, lost=0.0)
    positions: Sequence[int] = [0, 1, 2, 3, 4, 5, 0]
    twice = grid.rows(positions)
    twice.ratings[6] = 1.0
    merged = twice.by_sample()
    assert list(merged.samples) == list(grid.samples)
    np.testing.assert_allclose(merged.ratings[0], (grid.ratings[0] + 1) / 2)


def people_of(accuracies: np.ndarray, groups: Mapping[str, np.ndarray]) -> ResponseMatrix:
    """People with a known share of 200 right answers and a known group in each dimension."""
    count = len(accuracies)
    right = (np.arange(200) < np.round(200 * np.clip(accuracies, 0, 1))[:, None]).astype(float)
    return ResponseMatrix(
        samples=[f"p{person:03}" for person in range(count)],
        epochs=[1] * count,
        clusters=[f"p{person:03}" for person in range(count)],
        columns=[str(question) for question in range(200)],
        ratings=right,
        right=right,
        statuses=np.full(right.shape, "valid"),
        attributes=[
            {name: str(of[person]) for name, of in groups.items()} for person in range(count)
        ],
        labels={"categories": ["one"] * 200},
    )


def test_a_change_of_spread_is_found():
    groups = {"Sex": np.arange(200) % 2}
    rng = np.random.default_rng(0)
    even = rng.normal(0.6, 0.05, 200)
    uneven = even + np.where(groups["Sex"] == 0, 0.15, -0.15)
    grids = [people_of(accuracies, groups) for accuracies in (even, uneven)]
    (found,) = paired_scores(*grids, [READING["sigma_inequity_corrected"]])
    assert found.beyond.p_values().item() < 0.01
    assert (found.after - found.before).item() > 15
    assert found.beyond.estimates()[0].low > 0
    assert np.isnan(found.on.errors).all()
    (same,) = paired_scores(grids[0], grids[0], [READING["sigma_inequity_corrected"]])
    assert (same.beyond.p_values().item(), same.changed.item()) == (1.0, False)


@pytest.mark.slow
@pytest.mark.parametrize("accuracies", [(0.6, 0.6), (0.6, 0.9)])
def test_a_spread_seldom_differs_when_groups_do_not_matter(
    accuracies: tuple[float, float], in_full: bool
):
    """Nor when one reader is right more often, which makes the noise of the other larger.

    The published index differs in most such worlds: noise alone spreads its groups.
    """
    groups = {"Sex": np.arange(120) % 2, "Age": np.arange(120) % 5}
    found = []
    for seed in range(400 if in_full else 60):
        rng = np.random.default_rng(seed)
        shares = [rng.binomial(100, mean, 120) / 100 for mean in accuracies]
        grids = [people_of(share, groups) for share in shares]
        (part,) = paired_scores(*grids, [READING["sigma_inequity_corrected"]])
        found.append(part.beyond.p_values().item())
    alarms = np.mean(np.array(found) < 0.05)
    assert alarms < 0.05 + 3 * np.sqrt(0.05 * 0.95 / len(found))
