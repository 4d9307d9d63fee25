"""Pairs of a table: one test, wherever a pair is looked at."""

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.check.any_task import read_checked
from evals.reports.compare import compare_runs
from leaderboard.board.board import read_board
from leaderboard.board.pairs import Pairs, pair_rows, pair_tests
from leaderboard.board.table_scores import joint_scores
from leaderboard.store.collect import collect
from scorers.comparison.differences import holm
from scorers.comparison.paired import paired_scores
from scorers.comparison.power import detectable_difference
from scorers.intervals.scopes import least_p_value
from scorers.scores.manifests import manifest_of
from scorers.scores.responses import ResponseMatrix
from tests.leaderboard.made_logs import choice_log, portrait_log, portrait_ratings
from tests.scorers.scores.test_families import portrait, reading


def pairs_of(benchmark: str, grids: list[ResponseMatrix], shown: list[int] | None = None) -> Pairs:
    joint = joint_scores(grids, manifest_of(benchmark))
    return pair_tests(grids, joint, range(len(grids)) if shown is None else shown)


@pytest.mark.parametrize(
    ("benchmark", "grids"),
    [
        ("value_portrait", [portrait(seed, lost=0.2) for seed in range(4)]),
        ("indie_value", [reading(seed, chance=0.5 + seed / 10) for seed in range(4)]),
    ],
)
def test_a_pair_of_the_board_is_tested_as_two_runs_are(benchmark: str, grids: list[ResponseMatrix]):
    """Only the correction differs: over all pairs and scores, or over the scores of a pair."""
    pairs = pairs_of(benchmark, grids)
    names, checked = list(pairs.families), 0
    for a, b in ((0, 1), (1, 3)):
        (position,) = np.flatnonzero((pairs.first == a) & (pairs.second == b))
        for part in paired_scores(grids[a], grids[b], manifest_of(benchmark).scores.values()):
            for d, name in enumerate(part.names):
                for scope in ("on", "beyond"):
                    alone, mine = getattr(part, scope), pairs.tests[scope]
                    score = names.index(name)
                    of = mine.scoped[score]
                    same = pytest.approx
                    assert of.values[position, 0] == same(alone.values[0, d], nan_ok=True)
                    assert mine.p_values[position, score] == same(
                        alone.p_values()[0, d], nan_ok=True
                    )
                    assert of.reach()[position, 0] == same(alone.reach()[0, d], nan_ok=True)
                    checked += 1
    assert checked > 10


def made_portraits(folder: Path) -> list[Path]:
    """Two logs of a card without people, so that a table of two rows is made of them."""
    ratings = [portrait_ratings(seed, 120) for seed in (1, 2)]
    ratings[1][5, :2] = ratings[0][9] = np.nan
    return [
        portrait_log(
            folder / f"{seed}.eval", f"openai/{seed}", ratings=one, metadata={"card_revision": "0"}
        )
        for seed, one in enumerate(ratings)
    ]


def made_readings(folder: Path) -> list[Path]:
    return [
        choice_log(folder / f"{seed}.eval", f"openai/{seed}", seed, accuracy=0.4 + seed / 5)
        for seed in range(2)
    ]


@pytest.mark.parametrize("made", [made_portraits, made_readings])
def test_a_board_of_two_rows_says_what_compare_says(made: Any, tmp_path: Path):
    logs = made(tmp_path)
    collect([tmp_path], tmp_path / "board.duckdb")
    (table,) = read_board(tmp_path / "board.duckdb")["tables"]
    assert [row["kind"] for row in table["rows"]] == ["model", "model"]
    runs = {row["id"]: logs[int(row["rater"].removeprefix("openai/"))] for row in table["rows"]}
    (second, first) = {(pair["a"], pair["b"]) for pair in table["pairs"]}.pop()
    found = compare_runs(read_checked(runs[first]), read_checked(runs[second]))
    pairs = {pair["score"]: pair for pair in table["pairs"]}
    assert len(found.changes) == len(pairs) > 3
    for change in found.changes:
        pair = pairs[change.name]
        for mine, theirs in ((pair, change.beyond), (pair["on_items"], change.on)):
            wanted = {
                "value": theirs.difference.value,
                "low": theirs.difference.low,
                "high": theirs.difference.high,
            }
            for end, number in wanted.items():
                assert of(mine["difference"][end]) == close(number), (change.name, end)
            assert of(mine["p"]) == close(theirs.p_value), change.name
            assert of(mine["corrected"]) == close(theirs.corrected), change.name


def of(number: float | None) -> float:
    return math.nan if number is None else number


def close(number: float) -> Any:
    return pytest.approx(number, rel=0, abs=1e-9, nan_ok=True)


def test_pairs_are_corrected_over_all_pairs_and_scores_and_some_scores_apart():
    grids = [portrait(seed) for seed in range(4)]
    joint = joint_scores(grids, manifest_of("value_portrait"))
    for name in ("Power", "Security"):
        joint[name] = replace(joint[name], family=replace(joint[name].family, apart=True))
    pairs = pair_tests(grids, joint, range(4))
    apart = np.array([family.apart for family in pairs.families.values()])
    assert 0 < apart.sum() < len(apart)
    for found in pairs.tests.values():
        for scores in (apart, ~apart):
            expected = holm(found.p_values[:, scores].ravel())
            np.testing.assert_allclose(found.corrected[:, scores].ravel(), expected)


@settings(deadline=None, max_examples=8)
@given(st.lists(st.integers(0, 5), min_size=2, max_size=4, unique=True))
def test_rows_that_are_not_shown_cost_the_others_nothing(shown: list[int]):
    grids = [portrait(seed) for seed in range(6)]
    every = pairs_of("value_portrait", grids, shown)
    alone = pairs_of("value_portrait", [grids[m] for m in sorted(shown)])
    for scope, found in every.tests.items():
        np.testing.assert_allclose(
            found.corrected[every.shown], alone.tests[scope].corrected, rtol=1e-9
        )
        whole = pairs_of("value_portrait", grids).tests[scope].corrected
        np.testing.assert_allclose(found.corrected[~every.shown], whole[~every.shown])


def rater_scores(table: dict[str, Any]) -> dict[str, Any]:
    kept = ("rank", "rank_low", "rank_high", "differs", "unlike_people")
    return {
        row["rater"]: {
            name: {key: found[key] for key in kept} for name, found in row["scores"].items()
        }
        for row in table["rows"]
        if row["id"] in table["shown"]
    }


def test_a_simulated_row_far_out_moves_no_rank_count_or_p_value(tmp_path: Path):
    boards = []
    for name in ("without", "with"):
        folder = tmp_path / name
        folder.mkdir()
        for seed in range(3):
            portrait_log(folder / f"{seed}.eval", f"openai/{seed}", seed)
        if name == "with":
            far = np.where(np.arange(120)[:, None] % 2, 6.0, 1.0) * np.ones((1, 6))
            portrait_log(folder / "far.eval", "respondent/far", ratings=far)
        collect([folder], folder / "board.duckdb")
        (table,) = read_board(folder / "board.duckdb")["tables"]
        boards.append(table)
    without, full = boards
    assert len(full["rows"]) == len(without["rows"]) + 1
    assert full["shown"] == without["shown"]
    assert rater_scores(full) == rater_scores(without)
    count = len(without["pairs"])
    assert len(full["pairs"]) > count
    for mine, alone in zip(full["pairs"][:count], without["pairs"], strict=True):
        assert (mine["a"], mine["b"], mine["score"]) == (alone["a"], alone["b"], alone["score"])
        assert of(mine["corrected"]) == close(of(alone["corrected"]))
        assert of(mine["on_items"]["corrected"]) == close(of(alone["on_items"]["corrected"]))
    (far,) = [row for row in full["rows"] if row["kind"] == "simulated"]
    assert {found["rank"] for found in far["scores"].values()} == {None}
    unlike = [found["unlike_people"]["beyond"] for found in far["scores"].values()]
    assert set(unlike) <= {True, False}


def test_counts_are_those_of_the_pairs_listed(tmp_path: Path):
    for seed in range(4):
        choice_log(tmp_path / f"{seed}.eval", f"openai/{seed}", seed, accuracy=0.3 + seed / 5)
    collect([tmp_path], tmp_path / "board.duckdb")
    (table,) = read_board(tmp_path / "board.duckdb")["tables"]
    some = 0
    for row in table["rows"]:
        for name, found in row["scores"].items():
            mine = [
                pair
                for pair in table["pairs"]
                if pair["score"] == name and row["id"] in (pair["a"], pair["b"])
            ]
            for scope in ("beyond", "on_items"):
                p_values = [
                    (pair if scope == "beyond" else pair["on_items"])["corrected"] for pair in mine
                ]
                known = [p for p in p_values if p is not None]
                counted = found["differs"][scope]
                if not known:
                    assert counted is None
                    continue
                assert counted == {"number": sum(p < 0.05 for p in known), "of": len(known)}
                some += counted["number"]
    assert some > 0


def test_equivalent_is_within_the_margin_and_unknown_without_an_interval():
    grids = [portrait(seed) for seed in range(3)]
    pairs = pairs_of("value_portrait", grids)
    rows = pair_rows(pairs, list("abc"))
    margins = {name: family.margin for name, family in pairs.families.items()}
    checked = set()
    for row in rows:
        for scope, one in (("beyond", row), ("on", row["on_items"])):
            d = list(pairs.families).index(row["score"])
            scoped = pairs.tests[scope].scoped[d]
            (p,) = np.flatnonzero(
                (pairs.first == "abc".index(row["a"])) & (pairs.second == "abc".index(row["b"]))
            )
            reach = scoped.reach(0.9)[p, 0]
            within = abs(scoped.values[p, 0]) + reach <= margins[row["score"]]
            assert one["equivalent"] == (None if np.isnan(reach) else within)
            checked.add(one["equivalent"])
    assert False in checked


def test_pairs_of_too_many_rows_are_not_listed_those_shown_first():
    grids = [portrait(seed) for seed in range(4)]
    ids = list("abcd")
    pairs = pairs_of("value_portrait", grids, [1, 3])
    everything = pair_rows(pairs, ids, limit=4)
    assert (everything[0]["a"], everything[0]["b"]) == ("b", "d")
    assert {(row["a"], row["b"]) for row in everything} == {
        ("a", "b"), ("a", "c"), ("a", "d"), ("b", "c"), ("b", "d"), ("c", "d"),
    }  # fmt: skip
    assert {(row["a"], row["b"]) for row in pair_rows(pairs, ids, limit=3)} == {("b", "d")}
    assert pair_rows(pairs, ids, limit=1) == []


def test_nothing_is_detectable_where_no_p_value_can_pass_the_correction():
    assert least_p_value(np.array([5.0])).item() == 2 / 2**5
    assert detectable_difference(0.1, 1, freedom=4, least=2 / 2**5) == math.inf
    assert detectable_difference(0.1, 1, freedom=9, least=2 / 2**10) < math.inf


def test_what_could_differ_is_what_would_with_its_least_p_value():
    """Few clusters have a least p-value; with it in place of its own, Holm's test decides."""
    pairs = pairs_of("value_portrait", [portrait(seed, items=14 + seed) for seed in range(5)])
    apart = np.array([family.apart for family in pairs.families.values()])
    seen = set()
    for tests in pairs.tests.values():
        for p, d in zip(*np.nonzero(~np.isnan(tests.corrected)), strict=True):
            scoped = tests.scoped[d]
            least = [one.least[p, 0] for one in (scoped, scoped.within) if one is not None]
            together = tests.p_values.copy()
            together[p, d] = max(least)
            corrected = holm(together[:, apart == apart[d]].ravel())
            position = int(p * (apart == apart[d]).sum() + (apart == apart[d])[:d].sum())
            assert tests.possible[p, d] == (corrected[position] < 0.05)
            seen.add(bool(tests.possible[p, d]))
    assert seen == {True, False}
