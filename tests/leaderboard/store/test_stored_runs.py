"""Runs read back from a store."""

from pathlib import Path

import pytest

from leaderboard.store.collect import collect
from leaderboard.store.store import open_store
from leaderboard.store.stored_runs import read_runs, refuse_faulty
from tests.leaderboard.made_logs import portrait_log


@pytest.mark.parametrize("table", ["answers", "samples"])
def test_a_run_that_failed_keeps_its_reason_whatever_is_stored_of_it(tmp_path: Path, table: str):
    logs = [
        portrait_log(tmp_path / "whole.eval", "openai/whole-run", 1),
        portrait_log(tmp_path / "failed.eval", "openai/failed-run", 2, items=30, status="error"),
    ]
    store = tmp_path / "board.duckdb"
    collect(logs, store)
    with open_store(store, write=True) as connection:
        connection.execute(
            f"DELETE FROM {table} WHERE run IN (SELECT run FROM runs WHERE status = 'failed')"
        )
    with open_store(store, write=False) as connection:
        runs = {run["model"]: run for run in refuse_faulty(connection, read_runs(connection))}
    assert runs["openai/whole-run"]["status"] == "complete"
    assert runs["openai/failed-run"]["status"] == "failed"
    assert "30 of" in runs["openai/failed-run"]["why"]
