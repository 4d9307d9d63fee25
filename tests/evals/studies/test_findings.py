"""What a study found: printed, and written whole."""

import io
import json

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from evals.studies.findings import Finding, show_findings, write_findings
from ratings.errors import DataError


def finding(rows: int = 2, **changes: object) -> Finding:
    table = pd.DataFrame(
        {
            "model": [f"=m{row}" for row in range(rows)],
            "score": np.linspace(0.0123456, 0.5, rows),
            "score low": 0.01,
            "score high": [np.nan, *[0.6] * (rows - 1)],
            "p": 0.00001,
        }
    )
    fields = {"name": "ranks", "title": "Who [wins]?", "sentence": "m1 does.", "table": table}
    return Finding(**{**fields, **changes})


def printed(*findings: Finding) -> str:
    out = io.StringIO()
    show_findings(findings, Console(file=out, width=100))
    return out.getvalue()


def test_the_sentence_comes_before_the_table_and_intervals_follow_their_estimate():
    text = printed(finding(notes=("over people",)))
    assert text.startswith("m1 does.\n")
    assert text.index("m1 does.") < text.index("Who [wins]?") < text.index("score")
    assert text.count("m1 does.") == 1
    assert "0.500 (0.010 to 0.600)" in text
    assert "score low" not in text
    assert "0.0123 <0.0001" in " ".join(text.split()), "no interval where an end is missing"
    assert text.rstrip().endswith("over people")


def test_a_long_table_is_shortened_and_says_where_the_rest_is():
    assert "5 more rows in ranks.csv" in printed(finding(rows=15))


def test_files_are_written_with_numbers_that_json_and_spreadsheets_can_hold(tmp_path):
    drawn = finding(draw=lambda axes: axes.plot([0, 1]))
    write_findings(tmp_path / "new" / "folder", "preferences", {"seed": 3}, [drawn])
    folder = tmp_path / "new" / "folder"
    assert {path.name for path in folder.iterdir()} == {
        "ranks.csv", "ranks.png", "preferences.json"
    }  # fmt: skip
    found = json.loads((folder / "preferences.json").read_text())
    assert found["seed"] == 3
    (one,) = found["findings"]
    assert one["rows"][0]["score high"] is None
    assert one["rows"][1]["model"] == "=m1"
    assert "'=m1" in (folder / "ranks.csv").read_text()


def test_a_picture_that_fails_leaves_what_was_there(tmp_path):
    (tmp_path / "ranks.png").write_bytes(b"before")

    def fail(axes: object) -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        write_findings(tmp_path, "preferences", {}, [finding(draw=fail)])
    assert (tmp_path / "ranks.png").read_bytes() == b"before"
    assert not (tmp_path / "preferences.json").exists()


def test_a_folder_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(DataError, match="taken"):
        write_findings(tmp_path / "taken", "preferences", {}, [finding()])
