"""What changed since the run before is what `compare` finds between the two."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evals.check.any_task import read_checked
from evals.reports.compare import compare_runs
from leaderboard.board.board import read_board
from leaderboard.store.collect import collect
from tests.leaderboard.made_logs import choice_log, portrait_log, portrait_ratings

ITEMS = 120


def rows_of(folder: Path) -> dict[str, dict[str, Any]]:
    collect([folder], folder / "board.duckdb")
    (table,) = read_board(folder / "board.duckdb")["tables"]
    return {row["rater"]: row for row in table["rows"] if row["kind"] != "published"}


def nan(value: float | None) -> float:
    return np.nan if value is None else value


def assert_as_compared(change: dict[str, Any], before: Path, after: Path):
    compared = compare_runs(read_checked(before), read_checked(after))
    assert set(change["scores"]) == {one.name for one in compared.changes}
    for one in compared.changes:
        mine = change["scores"][one.name]
        assert (mine["before"], mine["after"]) == pytest.approx((one.before, one.after), abs=1e-9)
        for scope, found in ((one.on, mine["on_items"]), (one.beyond, mine["beyond"])):
            expected = (
                scope.difference.value, scope.difference.low, scope.difference.high,
                scope.p_value, scope.corrected,
            )  # fmt: skip
            ends = [nan(found["difference"][end]) for end in ("value", "low", "high")]
            mine_all = (*ends, nan(found["p"]), nan(found["corrected"]))
            assert mine_all == pytest.approx(expected, abs=1e-9, nan_ok=True)
    main = [one for one in compared.changes if not one.name.startswith("predicted ")]
    on, beyond = (sum(getattr(one, scope).differs for one in main) for scope in ("on", "beyond"))
    if np.isnan([one.on.corrected for one in main]).all():
        assert change["finding"] == f"{beyond} of {len(main)} scores changed beyond these items."
    elif on or beyond:
        text = f"{on} of {len(main)} scores changed on these items, {beyond or 'none'} beyond them."
        assert change["finding"] == text
    else:
        text = f"No change is shown in {len(main)} scores, on these items or beyond them."
        assert change["finding"] == text


@pytest.mark.parametrize("moved", [0.0, 2.0])
def test_a_portrait_is_compared_with_the_run_before_it(tmp_path: Path, moved: float):
    ratings = portrait_ratings(1, ITEMS)
    later = ratings.copy()
    later[:60] = np.clip(later[:60] + moved, 1, 6)
    later[3, :2] = np.nan
    portrait_log(tmp_path / "oldest.eval", ratings=portrait_ratings(5, ITEMS), task_id="oldest")
    before = portrait_log(tmp_path / "before.eval", ratings=ratings, day=1, task_id="before")
    after = portrait_log(tmp_path / "after.eval", ratings=later, day=2, task_id="after")
    change = rows_of(tmp_path)["openai/test"]["change"]
    assert change["started"].startswith("2026-01-02")
    assert_as_compared(change, before, after)
    assert change["finding"].startswith("No change") == (moved == 0)


def test_accuracies_are_compared_too(tmp_path: Path):
    before = choice_log(tmp_path / "before.eval", seed=1, accuracy=0.4)
    after = choice_log(tmp_path / "after.eval", seed=2, accuracy=0.7, day=1)
    assert_as_compared(rows_of(tmp_path)["openai/test"]["change"], before, after)


def test_only_a_whole_run_of_the_same_rater_is_one_before(tmp_path: Path):
    portrait_log(tmp_path / "part.eval", items=30, task_id="part")
    portrait_log(tmp_path / "persona.eval", arguments={"persona": "A judge"}, task_id="other")
    portrait_log(tmp_path / "failed.eval", items=30, status="error", task_id="failed")
    portrait_log(tmp_path / "other.eval", "openai/other")
    portrait_log(tmp_path / "newest.eval", day=3)
    assert {row["change"] for row in rows_of(tmp_path).values()} == {None}
