"""`valuegauge published`: what it prints, and what it says where it cannot."""

import json
from pathlib import Path

import pytest

from evals.cli import published as published_command
from evals.cli.main import main
from leaderboard.published import recomputed


def typed(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        main(["published", *arguments])
    printed = capsys.readouterr()
    return int(caught.value.code or 0), printed.out, printed.err


def test_the_ways_are_those_of_the_recomputation():
    assert tuple(recomputed.WAYS) == published_command.WAYS


def test_every_cell_of_a_model_is_in_the_json(mirror: Path, capsys):
    code, out, _ = typed(capsys, "--model", "o1-mini", "--model", "o1-mini", "--json")
    assert code == 0
    found = json.loads(out)
    every = {"cells": 15, "careful": 15, "parser": 15, "tags": 15, "published": 15}
    assert found["together"] == every
    assert (found["models"], found["of"]) == (["o1-mini"], 33)
    assert {cell["table"] for cell in found["cells"]} == {"Table 5", "Table 6"}
    assert all(cell["hits"] == list(published_command.WAYS) for cell in found["cells"])
    assert {one["models"] for one in found["table_4"]} == {1}
    assert all(one["found"]["low"] is None for one in found["table_4"])  # of one model


def test_cells_and_hits_are_printed_by_table_and_model_with_what_is_missed(mirror: Path, capsys):
    code, out, _ = typed(capsys, "--model", "gemini-2.0-flash-thinking-exp-01-21")
    assert code == 0
    assert "1 of its 33 models" in out
    assert "Table 7" in out
    assert "Cells that careful does not come to" in out
    assert "-0.1477" in out  # Tradition, with the item that the recording drops
    assert "Cells that published does not come to" not in out
    assert "Table 4" not in out  # it is in none of Table 5's rows


def test_an_unknown_model_of_the_tables_is_refused_with_the_nearest_name(capsys):
    code, out, err = typed(capsys, "--model", "o1-mni")
    assert (code, out) == (2, "")
    assert err.startswith(
        "valuegauge: unknown model of the tables 'o1-mni'; allowed (nearest first): o1-mini"
    )


def test_without_a_recording_at_hand_it_says_what_to_do(capsys, monkeypatch):
    monkeypatch.delenv("VALUEGAUGE_DATA", raising=False)
    code, out, err = typed(capsys)
    assert (code, out) == (3, "")
    assert "no recording of the paper's models is at hand; name some with --model" in err
