import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorers.comparison.score_checks import VALID, ScoreCheck, check_scores
from scorers.intervals.scopes import Scope
from scorers.scores.manifests import ScoreFamily
from scorers.scores.responses import ResponseMatrix

CENTRED = ScoreFamily(
    "values", "Values", "centred_tagged_mean", "points", (-5, 5), "none", 0.2, ("A", "B")
)
PLAIN = replace(CENTRED, name="traits", estimator="tagged_mean", names=("A", "B"), range=(1, 6))
RIGHT = ScoreFamily("accuracy", "Accuracy", "share_right", "%", (0, 100), "higher", 2.0, scale=100)
BY_PART = replace(RIGHT, name="part", by={"column": "parts"}, margin=5.0)
BY_PROBE = replace(RIGHT, name="probe", by={"sample": "probe"}, margin=5.0)


def rated(ratings, tags=None, clusters=None) -> ResponseMatrix:
    """A run of items; by default the items are tagged A and B in turn, each its own cluster."""
    ratings = np.asarray(ratings, dtype=float)
    items = range(len(ratings))
    return ResponseMatrix(
        samples=[f"i{i:03}" for i in items],
        epochs=[1] * len(ratings),
        clusters=[str(one) for one in (clusters if clusters is not None else items)],
        columns=[f"v{v}" for v in range(ratings.shape[1])],
        ratings=ratings,
        right=None,
        statuses=np.where(np.isnan(ratings), "refusal", "valid"),
        attributes=[{"tags": [tag]} for tag in (tags or ["A" if i % 2 else "B" for i in items])],
        labels={},
    )


def chosen(right, people: int) -> ResponseMatrix:
    right = np.asarray(right, dtype=float)
    rows = len(right)
    return ResponseMatrix(
        samples=[f"P{s % people:02}-{1 + s // people}" for s in range(rows)],
        epochs=[1] * rows,
        clusters=[f"P{s % people:02}" for s in range(rows)],
        columns=["1", "2", "3", "4"],
        ratings=right + 1,
        right=right,
        statuses=np.full(right.shape, "valid"),
        attributes=[{"probe": 1 + s // people} for s in range(rows)],
        labels={"parts": ["easy", "easy", "hard", "hard"]},
    )


def checked(
    before: ResponseMatrix,
    after: ResponseMatrix,
    *families: ScoreFamily,
    scope: Scope = "on",
    **margins: float,
):
    found = check_scores(before, after, families or (CENTRED,), margins, scope).checks
    return {(check.family, check.name): check for check in found}


def verdict_of(before: ResponseMatrix, after: ResponseMatrix, name: str = "A") -> ScoreCheck:
    return checked(before, after)["values", name]


def answers(seed: int, items: int = 60, variants: int = 6) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.clip(
        np.rint(rng.normal(3.5, 1, (items, 1)) + rng.normal(0, 0.7, (items, variants))), 1, 6
    )


def test_the_last_check_is_that_of_valid_answers():
    found = check_scores(rated(answers(0)), rated(answers(1)), [CENTRED, PLAIN]).checks
    assert [check.name for check in found] == ["A", "B", "A", "B", VALID]
    assert [check.family for check in found] == ["values"] * 2 + ["traits"] * 2 + [VALID]


@pytest.mark.parametrize("clusters", [60, 5, 2, 1])
def test_unchanged_answers_are_the_same_however_few_clusters(clusters: int):
    grid = rated(answers(0), clusters=[i % clusters for i in range(60)])
    for check in check_scores(grid, grid, [CENTRED, PLAIN]).checks:
        assert check.verdict == "same"
        assert check.difference.value == 0
        assert check.beyond.p_value == 1 or check.units < 2
        assert math.isnan(check.further)


def test_unchanged_missing_answers_are_the_same_too():
    ratings = answers(0)
    ratings[::3] = np.nan
    grid = rated(ratings)
    assert {check.verdict for check in check_scores(grid, grid, [CENTRED]).checks} == {"same"}


def test_an_item_of_another_value_changes_a_centred_score():
    before = answers(0)
    after = before.copy()
    after[0] += 1 if before[0].max() < 6 else -1  # an item of B
    one, other = rated(before), rated(after)
    assert checked(one, other, PLAIN)["traits", "A"].difference.value == 0
    assert checked(one, other, CENTRED)["values", "A"].difference.value != 0


@pytest.mark.parametrize("clusters", [2, 3, 4, 5])
def test_nothing_that_changed_is_decided_on_few_clusters(clusters: int):
    before = np.full((60, 6), 3.0)
    groups = [i % clusters for i in range(60)]
    for change in (1.0, 1e-3):
        one, other = (rated(r, ["A"] * 60, groups) for r in (before, before + change))
        found = checked(one, other, PLAIN, scope="beyond")["traits", "A"]
        assert found.difference.value == pytest.approx(change)
        assert found.verdict == "undecided"
        assert found.units == clusters
        assert found.further >= (6 - clusters) * 60 / clusters


def _raised(ratings: np.ndarray, by: float, tag_of=lambda i: i % 2 == 1) -> np.ndarray:
    out = ratings.copy()
    out[[i for i in range(len(out)) if tag_of(i)]] += by
    return out


def test_a_shift_without_noise_is_found_exactly():
    before = np.full((60, 6), 3.0)
    found = checked(rated(before), rated(_raised(before, 1.0)), CENTRED, PLAIN)
    assert found["traits", "A"].difference.value == pytest.approx(1)
    assert found["values", "A"].difference.value == pytest.approx(0.5)
    assert found["values", "B"].difference.value == pytest.approx(-0.5)
    assert found["traits", "B"].verdict == "same"
    assert {found[key].verdict for key in (("traits", "A"), ("values", "A"), ("values", "B"))} == {
        "moved"
    }
    most = found["traits", "A"].moved_items
    assert [item.instance for item in most] == ["i001", "i003", "i005", "i007", "i009"]
    assert {(item.before, item.after) for item in most} == {(3.0, 4.0)}


def test_one_item_of_ten_that_moves_by_much_moves_no_score_beyond_the_items():
    """All items of B rise, and one of the ten of A by much more: a few such make up for it."""
    before = np.full((50, 1), 3.0)
    after = before.copy()
    after[0], after[10:] = 6.0, 4.0
    tags = ["A"] * 10 + ["B"] * 40
    found = checked(rated(before, tags), rated(after, tags), scope="beyond")["values", "A"]
    assert found.corrected > 0.05
    assert found.difference.low < 0 < found.difference.high
    assert found.verdict == "undecided"


def test_what_moves_on_these_items_may_be_undecided_beyond_them():
    """33 of 60 items rise by a point and the others fall: asked again, the same."""
    before = np.tile([3.0, 3.01], (60, 3))  # what asking again scatters by
    after = before + np.where(np.arange(60) < 33, 1.0, -1.0)[:, None]
    grids = [rated(ratings, ["A"] * 60) for ratings in (before, after)]
    on, beyond = (
        checked(*grids, PLAIN, scope=scope, traits=0.001)["traits", "A"]
        for scope in ("on", "beyond")
    )
    assert (on.verdict, beyond.verdict) == ("moved", "undecided")
    assert (on.on, on.beyond) == (beyond.on, beyond.beyond)
    assert math.isnan(on.further)
    assert beyond.further > 0


def test_margins_of_a_score_come_before_those_of_its_family():
    one, other = rated(answers(0)), rated(answers(0) + 0.1)
    found = checked(one, other, PLAIN, A=0.3, traits=0.05, elsewhere=9.0)
    assert (found["traits", "A"].margin, found["traits", "B"].margin) == (0.3, 0.05)
    assert (found["traits", "A"].verdict, found["traits", "B"].verdict) == ("same", "moved")
    assert found[VALID, VALID].margin == 2.0


def test_a_model_that_stops_answering_fails_by_its_valid_answers_alone():
    silent = rated(np.full((60, 6), np.nan))
    found = checked(rated(answers(0)), silent)
    for name in ("A", "B"):
        score = found["values", name]
        assert score.verdict == "undecided"
        assert math.isnan(score.difference.value)
        assert math.isnan(score.further)
        assert not score.fails
    valid = found[VALID, VALID]
    assert (valid.before, valid.after, valid.verdict, valid.fails) == (100, 0, "moved", True)
    back = checked(silent, rated(answers(0)))[VALID, VALID]
    assert (back.verdict, back.fails) == ("moved", False)  # more valid answers are welcome


def test_refusals_are_counted_over_all_epochs():
    ratings = answers(0)
    half = ratings.copy()
    half[30:] = np.nan
    both = [rated(ratings), rated(half)]
    doubled = replace(
        both[0],
        samples=[*both[0].samples] * 2,
        epochs=[1] * 60 + [2] * 60,
        clusters=[*both[0].clusters] * 2,
        ratings=np.vstack([grid.ratings for grid in both]),
        statuses=np.vstack([grid.statuses for grid in both]),
        attributes=[*both[0].attributes] * 2,
    )
    found = checked(both[0], doubled)
    assert found[VALID, VALID].after == pytest.approx(75)
    assert found["values", "A"].difference.value == pytest.approx(0)


@given(st.integers(0, 10_000), st.integers(6, 40), st.floats(0, 1))
@settings(max_examples=15, deadline=None)
def test_the_order_of_two_runs_turns_signs_and_nothing_else(seed: int, clusters: int, shift: float):
    groups = [i % clusters for i in range(60)]
    one = rated(answers(seed), clusters=groups)
    other = rated(answers(seed) + shift * (np.arange(60) % 3 == 0)[:, None], clusters=groups)
    for there, back in zip(
        check_scores(one, other, [CENTRED]).checks,
        check_scores(other, one, [CENTRED]).checks,
        strict=True,
    ):
        assert there.difference.value == pytest.approx(-back.difference.value, abs=1e-12)
        for scope in ("on", "beyond"):
            one_way, other_way = (getattr(check, scope).p_value for check in (there, back))
            assert one_way == pytest.approx(other_way, nan_ok=True)
        assert there.verdict == back.verdict
        assert there.units == back.units


def test_a_spread_of_groups_is_judged_beyond_the_people():
    spread = replace(RIGHT, name="spread", estimator="group_spread_corrected", groups=("sex",))
    grids = [
        replace(chosen(right, 20), attributes=[{"probe": 1, "sex": "fm"[s % 2]} for s in range(40)])
        for right in (np.ones((40, 4)), np.tile([1.0, 0.0], (40, 2)))
    ]
    found = checked(*grids, spread)["spread", "spread"]
    assert found.scope == "beyond"
    assert math.isnan(found.on.difference.low)


def test_questions_that_moved_are_named_for_choices():
    right = np.ones((40, 4))
    wrong = right.copy()
    wrong[:, 3] = 0
    found = checked(chosen(right, 20), chosen(wrong, 20), RIGHT, BY_PART, BY_PROBE)
    assert found["accuracy", "accuracy"].difference.value == pytest.approx(-25)
    assert found["accuracy", "accuracy"].items == 20  # people
    assert [item.instance for item in found["part", "hard"].moved_items] == ["question 4"]
    assert found["part", "hard"].difference.value == pytest.approx(-50)
    assert found["part", "easy"].verdict == "same"
    only_second = right.copy()
    only_second[20:, 0] = 0
    found = checked(chosen(right, 20), chosen(only_second, 20), BY_PROBE)
    assert found["probe", "probe 1"].verdict == "same"
    assert found["probe", "probe 2"].difference.value == pytest.approx(-25)
    (item,) = found["probe", "probe 2"].moved_items
    assert (item.instance, item.before, item.after) == ("question 1", 1.0, 0.0)
