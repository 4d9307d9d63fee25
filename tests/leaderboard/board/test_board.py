"""The board says what the store holds, and keeps apart what must not be compared."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from leaderboard.board.board import read_board
from leaderboard.store.collect import collect
from ratings.instruments.dimensions import BIG_FIVE, SCHWARTZ
from ratings.instruments.value_portrait import load_human_ratings, load_instrument
from scorers.scores import manifests as manifests_module
from scorers.scores.manifests import manifests
from tests.leaderboard.exports.test_board_json import validate
from tests.leaderboard.made_logs import choice_log, portrait_log, portrait_ratings
from tests.scorers.scores.tagged_rows import tagged_rows

HOSTILE = ("<script>alert(1)</script>", "=cmd()", "openai/" + "n" * 293)


def of(folder: Path) -> dict[str, Any]:
    store = folder / "board.duckdb"
    left = collect([folder], store).left_out
    assert not left
    return read_board(store)


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("board")
    for seed in range(5):
        portrait_log(folder / f"p{seed}.eval", f"openai/model-{seed}", seed)
        choice_log(folder / f"c{seed}.eval", f"openai/model-{seed}", seed, accuracy=0.4 + seed / 10)
    ratings = portrait_ratings(9, 120)
    ratings[3, :2] = np.nan
    portrait_log(folder / "missing.eval", "replay/missing", ratings=ratings)
    portrait_log(folder / "persona.eval", "openai/model-0", 11, arguments={"persona": "A judge"})
    portrait_log(folder / "later.eval", "openai/model-1", 12, day=1)
    portrait_log(folder / "part.eval", "openai/part", 13, items=30)
    portrait_log(folder / "failed.eval", "openai/failed", 14, items=30, status="error")
    choice_log(folder / "majority.eval", "none/none", accuracy=0.55, solver="benchmarks/majority")
    return of(folder)


def table_of(board: dict[str, Any], benchmark: str) -> dict[str, Any]:
    (found,) = [table for table in board["tables"] if table["benchmark"] == benchmark]
    return found


def row_of(table: dict[str, Any], rater: str) -> dict[str, Any]:
    (found,) = [row for row in table["rows"] if row["rater"] == rater]
    return found


def test_a_board_fits_its_schema(board: dict[str, Any]):
    validate(board)
    assert "NaN" not in json.dumps(board, allow_nan=False)


def test_scores_are_those_of_the_answers(board: dict[str, Any]):
    instrument = load_instrument("sample")
    tagged = instrument.tagged()[: len(SCHWARTZ)]
    expected = tagged_rows(
        portrait_ratings(2, 120), tagged, instrument.items["query"].tolist(), SCHWARTZ
    )
    scores = row_of(table_of(board, "value_portrait"), "openai/model-2")["scores"]
    for score in expected:
        found = scores[score.name]
        assert found["value"] == pytest.approx(score.estimate.value)
        assert (found["low"], found["high"]) == pytest.approx(
            (score.estimate.low, score.estimate.high)
        )
        np.testing.assert_allclose(found["per_variant"], score.per_variant)


def test_ranks_follow_the_values_and_lie_in_their_intervals(board: dict[str, Any]):
    for table in board["tables"]:
        for score in table["scores"]:
            ranked = [
                row["scores"][score["name"]]
                for row in table["rows"]
                if row["id"] in table["shown"] and score["name"] in row["scores"]
            ]
            without = [found for found in ranked if found["value"] is None]
            assert all(found["rank"] is None and found["reason"] for found in without)
            ranked = [found for found in ranked if found["value"] is not None]
            ranked.sort(key=lambda found: found["rank"])
            values = [found["value"] for found in ranked]
            assert values == sorted(values, reverse=score["direction"] != "lower")
            counted = [found["differs"]["beyond"] for found in ranked]
            if score["family"] in ("sigma_inequity", "sigma"):  # of which no pair is tested
                assert not any(counted)
            else:
                assert all(one["number"] <= one["of"] == len(ranked) - 1 for one in counted)
            for found in ranked:
                assert found["rank_low"] <= found["rank"] <= found["rank_high"]


def test_accurate_readers_come_first(board: dict[str, Any]):
    table = table_of(board, "indie_value")
    ranks = [
        row_of(table, f"openai/model-{seed}")["scores"]["accuracy"]["rank"] for seed in range(5)
    ]
    assert ranks == sorted(ranks, reverse=True)
    assert row_of(table, "baseline majority")["kind"] == "baseline"


def test_what_is_not_complete_or_newest_is_listed_apart(board: dict[str, Any]):
    apart = {one["rater"]: one for one in board["apart"]}
    assert set(apart) == {"openai/part", "openai/failed", "openai/model-1"}
    assert apart["openai/part"]["status"] == "partial"
    assert apart["openai/part"]["share"] == 0.25
    assert "Power" in apart["openai/part"]["scores"]
    assert apart["openai/failed"]["status"] == "failed"
    assert apart["openai/failed"]["scores"] == {}
    assert apart["openai/model-1"]["status"] == "replaced"
    row = row_of(table_of(board, "value_portrait"), "openai/model-1")
    assert row["started"].startswith("2026-01-02")


def test_a_persona_is_another_rater(board: dict[str, Any]):
    row = row_of(table_of(board, "value_portrait"), "openai/model-0 (persona=A judge)")
    assert (row["model"], row["persona"]) == ("openai/model-0", "A judge")


def test_rows_have_names_of_their_own_without_how_they_were_run(board: dict[str, Any]):
    table = table_of(board, "value_portrait")
    names = [row["name"] for row in table["rows"]]
    assert len(set(names)) == len(names)
    assert row_of(table, "replay/missing")["name"] == "missing"
    assert row_of(table, "openai/model-0 (persona=A judge)")["name"].endswith("(persona=A judge)")
    assert row_of(table, "replay/missing")["finding"].startswith("missing puts ")
    assert row_of(table, "openai/model-1")["change"]["finding"].endswith(".")
    assert row_of(table, "openai/model-2")["change"] is None


def test_people_have_a_row_and_models_stand_among_them(board: dict[str, Any]):
    table = table_of(board, "value_portrait")
    people = len(load_human_ratings("sample").raters)
    assert table["human"]["people"] == people
    (row,) = [row for row in table["rows"] if row["kind"] == "human"]
    assert f"{people:,}" in row["rater"]
    human = row_of(table, "openai/model-3")["human"]
    assert human["distance"]["low"] <= human["distance"]["value"] <= human["distance"]["high"]
    assert set(human["standing"]) == set(SCHWARTZ)
    assert all(0 <= share["value"] <= 1 for share in human["standing"].values())
    assert len(human["items"]) == 10


def test_values_predicted_from_all_ratings_have_scores_and_pairs_of_their_own(
    board: dict[str, Any],
):
    table = table_of(board, "value_portrait")
    names = [score["name"] for score in table["scores"] if score["family"] == "predicted_values"]
    assert names == [f"predicted {value}" for value in SCHWARTZ]
    assert not any(score["headline"] for score in table["scores"] if score["name"] in names)
    assert {pair["score"] for pair in table["pairs"]} >= set(names)
    score = row_of(table, "openai/model-3")["scores"]["predicted Power"]
    assert score["low"] < score["value"] < score["high"]


def test_missing_answers_are_counted_and_listed(board: dict[str, Any]):
    row = row_of(table_of(board, "value_portrait"), "replay/missing")
    assert row["kind"] == "recording"
    assert row["statuses"] == {"valid": 718, "refusal": 2}
    assert [one["statuses"] for one in row["missing"]] == [{"refusal": 2}]
    assert row["valid"] == pytest.approx(718 / 720)


def test_pairs_are_every_two_rows_once(board: dict[str, Any]):
    table = table_of(board, "indie_value")
    accuracy = [pair for pair in table["pairs"] if pair["score"] == "accuracy"]
    rows = [row["id"] for row in table["rows"] if row["kind"] != "published"]
    assert len(accuracy) == len(rows) * (len(rows) - 1) // 2
    values = {row["id"]: row["scores"]["accuracy"]["value"] for row in table["rows"]}
    for pair in accuracy:
        assert pair["difference"]["value"] == pytest.approx(values[pair["a"]] - values[pair["b"]])
        assert pair["corrected"] >= pair["p"]
        assert pair["detectable"] > 0


def test_benchmarks_are_compared_over_their_common_models(board: dict[str, Any]):
    found = {(one["x"]["score"], one["y"]["score"]): one for one in board["convergence"]}
    one = found["accuracy", "Power"]
    assert one["models"] == 5
    assert -1 <= one["correlation"]["value"] <= 1


def test_reliability_is_over_model_and_variant_rows(board: dict[str, Any]):
    table = table_of(board, "value_portrait")
    power = table["reliability"]["Power"]
    models = sum(row["kind"] != "human" for row in table["rows"])
    assert power["rows"] <= models * 6
    assert power["items"] == int(load_instrument("sample").tagged()[SCHWARTZ.index("Power")].sum())
    assert set(BIG_FIVE) <= set(table["reliability"])


def test_what_measured_something_else_has_a_table_of_its_own(tmp_path: Path):
    measured: dict[str, dict[str, Any]] = {
        "the same": {},
        "template": {"metadata": {"template_sha256": "f" * 64}},
        "card revision": {"metadata": {"card_revision": "2"}},
        "version": {"task_version": "2-A"},
        "setting": {"arguments": {"reading": "published"}},
    }
    for seed, (name, other) in enumerate(measured.items()):
        portrait_log(tmp_path / f"{seed}.eval", name, seed, **other)
    tables = of(tmp_path)["tables"]
    together = [[row["rater"] for row in table["rows"] if row["run"]] for table in tables]
    assert sorted(together) == sorted([name] for name in measured)


def test_one_question_a_prompt_has_a_table_of_its_own_which_says_so(tmp_path: Path):
    for seed, grouping in enumerate(("all", "each")):
        arguments = {"grouping": grouping}
        choice_log(tmp_path / f"{seed}.eval", "openai/one", seed, arguments=arguments)
    found = {table["settings"]["grouping"]: table for table in of(tmp_path)["tables"]}
    assert {grouping: len(table["rows"]) for grouping, table in found.items()} == {
        "all": 1,
        "each": 1,
    }
    assert found["each"]["title"] == "IndieValueCatalog (grouping each)"


def test_hostile_names_are_only_text(tmp_path: Path):
    for number, name in enumerate(HOSTILE):
        choice_log(tmp_path / f"{number}.eval", name, number, people=3)
    board = of(tmp_path)
    validate(board)
    rows = [row for row in board["tables"][0]["rows"] if row["kind"] == "model"]
    assert sorted(row["rater"] for row in rows) == sorted(HOSTILE)
    for row in rows:
        assert set(row["id"]) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-")
        assert len(row["id"]) < 80


def test_no_path_of_the_machine_is_in_a_board(board: dict[str, Any], tmp_path: Path):
    text = json.dumps(board)
    assert str(Path(__file__).parents[3]) not in text
    assert "/tmp" not in text


TOY = """
name: toy
title: Toy
paper: nobody
comparability: 1-A
about: What a toy measures.
limits: [It is a toy.]
cards: {sample: value_portrait_sample}
rater: a model
instance: a question
resampling_unit: person
answers: {scorers: [statement_choices], layout: choices, cluster: person, units: people}
arguments:
  flavour: {role: setting, what: of the toy}
scores:
  right: {title: Right, estimator: share_right, unit: share, range: [0, 1], direction: higher,
          margin: 0.05, headline: true}
"""


def test_a_benchmark_joins_by_its_manifest_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "benchmarks" / "toy").mkdir(parents=True)
    (tmp_path / "benchmarks" / "toy" / "manifest.yaml").write_text(TOY, encoding="utf-8")
    logs = tmp_path / "logs"
    logs.mkdir()
    for seed in range(3):
        path = choice_log(logs / f"{seed}.json", f"toy/{seed}", seed, accuracy=0.5 + seed / 10)
        found = json.loads(path.read_text(encoding="utf-8"))
        found["eval"]["task"] = "toy"
        found["eval"]["task_args"] = {"flavour": "sweet"}
        path.write_text(json.dumps(found), encoding="utf-8")
    monkeypatch.setattr(manifests_module, "benchmark_folders", lambda: [tmp_path / "benchmarks"])
    manifests.cache_clear()
    try:
        board = of(logs)
    finally:
        manifests.cache_clear()
    (table,) = board["tables"]
    assert (table["benchmark"], table["settings"]) == ("toy", {"flavour": "sweet"})
    assert [score["name"] for score in table["scores"]] == ["right"]
    ranks = {row["rater"]: row["scores"]["right"]["rank"] for row in table["rows"]}
    assert ranks == {"toy/0": 3, "toy/1": 2, "toy/2": 1}


def test_a_run_that_scores_some_dimensions_takes_none_from_the_others(tmp_path: Path):
    """Every order of raters gives the same table."""
    for position, rater in enumerate(("a", "z")):
        folder = tmp_path / rater
        folder.mkdir()
        portrait_log(folder / "all.eval", "openai/m", 1)
        portrait_log(folder / "some.eval", f"openai/{rater}", 2, dimensions=SCHWARTZ)
        (table,) = of(folder)["tables"]
        assert set(BIG_FIVE) <= set(table["reliability"])
        (people,) = [row for row in table["rows"] if row["kind"] == "human"]
        assert set(BIG_FIVE) <= set(people["scores"]), position
        assert not set(BIG_FIVE) & set(row_of(table, f"openai/{rater}")["scores"])


def test_of_spreads_the_corrected_index_alone_is_compared(board: dict[str, Any]):
    """Noise inflates the published one, and the more the nearer accuracies are to a half."""
    table = table_of(board, "indie_value")
    compared = {pair["score"] for pair in table["pairs"]}
    assert "sigma_inequity" not in compared
    assert not {name for name in compared if name.startswith("sigma ")}
    values = {
        row["id"]: row["scores"]["sigma_inequity_corrected"]["value"] for row in table["rows"]
    }
    pairs = [pair for pair in table["pairs"] if pair["score"] == "sigma_inequity_corrected"]
    assert pairs
    for pair in pairs:
        gap = pair["difference"]
        assert gap["value"] == pytest.approx(values[pair["a"]] - values[pair["b"]])
        assert gap["low"] < gap["value"] < gap["high"]
        assert pair["on_items"]["corrected"] is None


def test_people_of_another_revision_are_not_theirs(tmp_path: Path):
    portrait_log(tmp_path / "old.eval", metadata={"card_revision": "0"})
    (table,) = of(tmp_path)["tables"]
    assert table["human"] is None
    assert table["card"]["counts"] == {}
    assert all(item["text"] is None for item in table["separating"])


def test_what_makes_another_rater_is_shown_without_secrets(tmp_path: Path):
    arguments = ({"model_path": "/home/me/one"}, {"model_path": "/home/me/two"},
                 {"password": "hunter2", "default_headers": {"Authorization": "Bearer sk-abc"}},
                 {"seed": 3})  # fmt: skip
    for number, given in enumerate(arguments):
        choice_log(
            tmp_path / f"{number}.eval", "hf//home/me/model", number, people=3, model_args=given
        )
    (table,) = of(tmp_path)["tables"]
    names = sorted(row["rater"] for row in table["rows"] if row["kind"] == "model")
    assert len(names) == 4
    assert "hf/model" in names
    assert "hf/model (seed=3)" in names
    text = json.dumps(table)
    for word in ("hunter2", "sk-abc", "/home/me"):
        assert word not in text
