"""From files to a board, with the command lines of the manual as a user types them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from studies.instrument_study import make_study

pytestmark = pytest.mark.processes

BIN = Path(sys.executable).parent


def type_in(folder: Path, *command: str, code: int = 0) -> str:
    """Run a command in a folder; what it printed."""
    done = subprocess.run(
        [str(BIN / command[0]), *command[1:]], cwd=folder, env=os.environ, capture_output=True,
        text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    return " ".join((done.stdout + done.stderr).split())


def test_the_manuals_example(tmp_path: Path):
    make_study(tmp_path / "study")
    build = [
        "valuegauge", "instrument", "build", "--ratings", "study/ratings.csv", "--items",
        "study/items.csv", "--raters", "study/raters.csv", "--questionnaire", "pvq21", "--name",
        "tried_out",
    ]  # fmt: skip
    printed = type_in(tmp_path, *build, "--out", "tried_out")
    assert "40 items of 8 queries, rated by 114 people (114 an item)." in printed
    for model in ("respondent/power", "humans/0"):
        type_in(
            tmp_path, "inspect", "eval", "benchmarks/value_portrait", "--model", model, "-T",
            "data=tried_out", "--display", "plain", "--log-dir", "logs",
        )  # fmt: skip
    logs = sorted(path.name for path in (tmp_path / "logs").glob("*.eval"))
    shown = type_in(tmp_path, "valuegauge", "show", f"logs/{logs[0]}")
    assert "respondent/power on tried_out: 40 items x 6 prompt variants" in shown
    store = ("--store", "board.duckdb")
    type_in(tmp_path, "valuegauge", "leaderboard", "collect", "logs", *store)
    type_in(tmp_path, "valuegauge", "leaderboard", "build", *store, "--out", "site")
    page = "".join(
        path.read_text() for path in (tmp_path / "site" / "benchmarks").glob("value_portrait*.html")
    )
    assert "tried_out: an instrument of one" in page
    (tmp_path / "suite.yaml").write_text(
        "name: ours\ntasks:\n  - task: value_portrait\n    arguments: {data: tried_out}\n"
        "    models: [respondent/benevolence]\n"
    )
    assert "240" in type_in(tmp_path, "valuegauge", "plan", "suite.yaml")
    type_in(tmp_path, "valuegauge", "run", "suite.yaml", "--log-dir", "more")
    with (tmp_path / "study" / "raters.csv").open() as file:
        lines = file.read().splitlines()
    (tmp_path / "study" / "raters.csv").write_text("\n".join([*lines, lines[1]]) + "\n")
    refused = type_in(tmp_path, *build, "--out", "again", code=3)
    assert refused == "valuegauge: raters.csv: rows 2 and 122: rater 'R001' is listed twice"
