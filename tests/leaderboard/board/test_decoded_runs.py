"""Runs of `decode_ratings` in a store: their numbers come back, and they have rows of a table."""

from pathlib import Path

import duckdb
import numpy as np
import pytest
from inspect_ai.log import EvalSample
from inspect_ai.scorer import Score

from leaderboard.board.board import read_board
from leaderboard.site.build import build_site
from leaderboard.store.collect import collect
from leaderboard.store.schema import MIGRATIONS, VERSION
from leaderboard.store.store import open_store
from leaderboard.store.stored_runs import read_grids, read_runs
from scorers.inspect_adapter.run_log import read_run
from tests.leaderboard.made_logs import decoded_log


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    folder = tmp_path / "logs"
    folder.mkdir()
    decoded_log(folder / "a.eval", "openai/reader", seed=1, gain=0.3)
    decoded_log(folder / "b.eval", "respondent/ignores", seed=2, gain=0.0)
    decoded_log(folder / "c.eval", "family/default", seed=3, gain=0.2)
    decoded_log(folder / "d.eval", "openai/reader", seed=4, gain=0.3, way="stated")
    decoded_log(folder / "e.eval", "openai/part", seed=5, gain=0.3, raters=5)
    return folder


def test_a_log_comes_back_from_a_store_as_it_was(logs: Path, tmp_path: Path):
    store = tmp_path / "board.duckdb"
    collect([logs / "a.eval"], store)
    with open_store(store, write=False) as connection:
        runs = read_runs(connection)
        (grid,) = read_grids(connection, runs)
        shown = connection.execute("SELECT count(*), min(status) FROM ratings").fetchone()
    direct = read_run(logs / "a.eval").grid()
    assert set(grid.values) == {"information", "right", "loss", "loss_none", "brier"}
    for name, values in direct.values.items():
        np.testing.assert_array_equal(grid.values[name], values)
    assert grid.statuses.tolist() == direct.statuses.tolist()
    asked = int(direct.asked.sum())
    assert asked < direct.statuses.size  # raters have unequally many ratings
    assert runs[0]["answers"] == asked
    assert shown == (asked, "refusal")  # what was never asked is no answer


def test_rows_tables_and_pages_of_decoded_runs(logs: Path, tmp_path: Path):
    store = tmp_path / "board.duckdb"
    found = collect([logs], store)
    assert not found.left_out
    board = read_board(store)
    tables = {table["settings"]["elicitation"]: table for table in board["tables"]}
    assert set(tables) == {"logprobs", "stated"}
    rows = {row["rater"]: row for row in tables["logprobs"]["rows"]}
    assert {rater: row["kind"] for rater, row in rows.items()} == {
        "openai/reader": "model",
        "respondent/ignores": "simulated",
        "family/default": "baseline",
    }
    scores = {rater: row["scores"]["information"] for rater, row in rows.items()}
    assert scores["openai/reader"]["value"] == pytest.approx(0.3)
    assert scores["openai/reader"]["rank"] == 1
    assert scores["respondent/ignores"]["rank"] is None  # models alone are ranked
    assert rows["openai/reader"]["scores"]["loss"]["rank"] == 1  # the lower the better
    pairs = [pair for pair in tables["logprobs"]["pairs"] if pair["score"] == "information"]
    assert len(pairs) == 3
    assert rows["openai/reader"]["missing"]
    assert tables["logprobs"]["title"] == "Decoding ratings (elicitation logprobs)"
    (part,) = board["apart"]
    assert (part["rater"], part["status"]) == ("openai/part", "partial")
    site = tmp_path / "site"
    build_site(board, site)
    pages = "".join(path.read_text() for path in site.rglob("*.html"))
    assert "Decoding ratings" in pages
    assert "nats a rating" in pages


def test_figures_of_the_paper_are_shown_next_to_runs_of_the_same_representation(tmp_path: Path):
    folder = tmp_path / "logs"
    folder.mkdir()
    same = {"data": "dices_990", "gain": 0.0}
    decoded_log(folder / "a.eval", "openai/a", representation="demographics", **same)
    decoded_log(folder / "b.eval", "openai/b", representation="profile:own.json", **same)
    store = tmp_path / "board.duckdb"
    assert not collect([folder], store).left_out
    board = read_board(store)
    rows = {
        table["settings"]["representation"]: [r for r in table["rows"] if r["kind"] == "published"]
        for table in board["tables"]
    }
    assert rows["profile:own.json"] == []
    (row,) = rows["demographics"]
    assert (row["rater"], row["source"]) == ("gemma2-9b-pt", "Sorensen et al. (2025), Table 6")
    printed = {name: score["value"] for name, score in row["scores"].items()}
    assert printed == {"accuracy": 71.6, "loss": 0.667, "information": 0.002}
    site = tmp_path / "site"
    build_site(board, site)
    pages = "".join(path.read_text() for path in site.rglob("*.html"))
    assert "Sorensen et al. (2025), Table 6" in pages


def test_a_store_of_the_version_before_is_brought_up_to_date(logs: Path, tmp_path: Path):
    store = tmp_path / "old.duckdb"
    with duckdb.connect(str(store)) as connection:
        connection.execute(MIGRATIONS[0])
        connection.execute("CREATE TABLE store_version (version INTEGER NOT NULL)")
        connection.execute("INSERT INTO store_version VALUES (1)")
    collect([logs / "a.eval"], store)
    with open_store(store, write=False) as connection:
        assert connection.execute("SELECT version FROM store_version").fetchone() == (VERSION,)
        assert connection.execute("SELECT count(*) FROM measures").fetchone() != (0,)


def test_an_answer_that_is_not_as_the_layout_says_is_reported(logs: Path, tmp_path: Path):
    from inspect_ai.log import read_eval_log, write_eval_log

    log = read_eval_log(str(logs / "a.eval"))
    samples: list[EvalSample] = log.samples or []
    score: Score = (samples[0].scores or {})["decoded_ratings"]
    assert score.metadata is not None
    del score.metadata["loss"]
    write_eval_log(log, str(tmp_path / "broken.eval"))
    found = collect([tmp_path / "broken.eval"], tmp_path / "b.duckdb")
    ((_, why),) = found.left_out
    assert "is not as decode_ratings leaves it" in why
    assert "metadata.loss: Field required" in why
