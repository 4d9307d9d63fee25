"""`valuegauge vinfo` as it is typed."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from threadpoolctl import threadpool_limits

from evals.cli.main import main
from ratings.data_sets.published.planted import CHOICES, plant
from ratings.sources.cards import load_card

BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ratings in a file of one's own, with files of instances and raters next to it."""
    table = plant(raters=24, ratings=16, strength=8.0).data.table
    path = tmp_path_factory.mktemp("own") / "survey.csv"
    table.ratings.to_csv(path, index=False)
    instances = table.instances[["text"]].assign(choices="|".join(CHOICES))
    instances.rename_axis("instance").to_csv(path.with_suffix(".instances.csv"))
    raters = table.raters.drop(columns="profile").rename_axis("rater")
    raters.to_csv(path.with_suffix(".raters.csv"))
    return path


def typed(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as caught, threadpool_limits(1):
        main(["vinfo", *arguments])
    printed = capsys.readouterr()
    return int(caught.value.code or 0), printed.out, printed.err


def of(survey: Path, out: Path, representations: str, seeds: int = 1) -> list[str]:
    return [
        *("--data", str(survey), "--representations", representations),
        *("--seeds", str(seeds), "--jobs", "1", "--out", str(out)),
    ]


def test_a_table_is_printed_and_the_same_again_without_fitting(
    capsys: pytest.CaptureFixture[str],
    survey: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    command = of(survey, tmp_path / "out", "demographics:region,cluster:2", seeds=2)
    code, out, err = typed(capsys, *command)
    assert (code, err) == (0, f"5 files and folders written to {tmp_path / 'out'}\n")
    assert "\nsurvey: family default, 2 splits" in out
    assert "simulated" not in out
    for head in ("accuracy", "(nats)", "usable info", "preserved", "ECE", "p"):
        assert head in out
    for name in ("none", "demographics:region", "cluster:2", "majority"):
        assert f"\n{name}" in out
    assert "24 raters, half of them tested" in out.replace("\n", " ")
    assert "cluster:2: " in out
    monkeypatch.setattr("evals.vinfo.fits._make", None)
    assert typed(capsys, *command) == (code, out, err)


def test_names_are_whole_in_a_terminal_of_eighty_columns(
    capsys: pytest.CaptureFixture[str],
    survey: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("COLUMNS", "80")
    code, out, _ = typed(capsys, *of(survey, tmp_path, "shuffled(measured)"))
    assert code == 0
    assert "\nshuffled(measured) " in out
    # the sentence, first, is one line where it is piped
    assert max(map(len, out.splitlines()[1:])) <= 80


def test_json_is_what_the_file_has(
    capsys: pytest.CaptureFixture[str], survey: Path, tmp_path: Path
):
    code, out, _ = typed(capsys, *of(survey, tmp_path, "examples:max"), "--json")
    document = json.loads(out)
    kept = json.loads((tmp_path / "vinfo.json").read_text(encoding="utf-8"))
    for row in kept["representations"]:
        row.pop("studies")
    assert (code, document) == (0, kept)
    assert (document["data"], document["synthetic"], document["card_revision"]) == (
        "survey",
        False,
        None,
    )


def test_simulated_raters_are_said_to_be_simulated(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    small = plant(raters=16, ratings=8).data
    monkeypatch.setattr("ratings.data_sets.registry.load_data_set", lambda name: (small, ()))
    monkeypatch.chdir(tmp_path)
    command = ["--data", "planted", "--representations", "none", "--seeds", "1", "--jobs", "1"]
    code, out, err = typed(capsys, *command)
    assert code == 0, err
    assert "\nplanted: family default, 1 split; raters are simulated" in out
    assert Path(tmp_path / "vinfo-planted" / "vinfo.json").is_file()
    assert err == f"1 file written to {tmp_path / 'vinfo-planted'}\n"


def test_what_the_paper_prints_of_the_data_is_shown_next_to_ours(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """In a terminal of eighty columns; on made ratings under the name of a published data set."""
    small = replace(plant(raters=16, ratings=8).data, name="dices_990", card=load_card("dices_990"))
    monkeypatch.setattr("ratings.data_sets.registry.load_data_set", lambda name: (small, ()))
    monkeypatch.setenv("COLUMNS", "80")
    command = of(Path("dices_990"), tmp_path, "examples:1,examples:max")
    code, out, err = typed(capsys, *command)
    assert code == 0, err
    _, _, published = out.partition("As published: Sorensen et al. (2025), Table 6\n")
    rows = [
        line.split() for line in published.splitlines() if line.startswith(("none", "ex", "maj"))
    ]
    assert rows == [
        ["none", "71.8", "0.668", "0.000", "0"],
        ["examples:1", "72.9", "0.644", "0.025"],
        ["examples:16", "77.0", "0.563", "0.105", "100"],
        ["majority", "70.4", "0.742"],
    ]
    assert "±0.92" in published
    # the sentence, first, is one line where it is piped
    assert max(map(len, out.splitlines()[1:])) <= 80
    kept = json.loads((tmp_path / "vinfo.json").read_text(encoding="utf-8"))
    assert [row["representation"] for row in kept["published"]] == [row[0] for row in rows]
    assert json.loads(typed(capsys, *command, "--json")[1])["published"] == kept["published"]


def usage(representations: str, family: str = "default") -> list[str]:
    return ["--representations", representations, "--family", family]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (usage("exmples:1"), 2, "unknown representation 'exmples'; allowed (nearest first): "),
        (usage("examples"), 2, "representation 'examples': examples needs something after a colon"),
        (usage("none", "defalt"), 2, "unknown family 'defalt'; allowed (nearest first): default"),
        (
            usage("demographics:regio"),
            2,
            "unknown demographic column of survey 'regio'; allowed (nearest first): region",
        ),
        (usage("groundtruth"), 3, "survey has no text that is known to describe its raters"),
        (usage("cluster:13"), 3, "13 clusters need as many candidates; there are 12"),
        (["--seeds", "0"], 2, "Invalid value for '--seeds': 0 is not in the range 1<=x<=100."),
        (["--jobs", "0"], 2, "Invalid value for '--jobs': 0 is not in the range x>=1."),
    ],
)
def test_what_cannot_be_done_is_reported_in_one_line(
    arguments: list[str],
    code: int,
    message: str,
    capsys: pytest.CaptureFixture[str],
    survey: Path,
    tmp_path: Path,
):
    given = ["--data", str(survey), "--out", str(tmp_path), "--jobs", "1", "--seeds", "1"]
    found, out, err = typed(capsys, *given, *arguments)
    assert (found, out) == (code, "")
    assert err.startswith(f"valuegauge: {message}")
    assert err.count("\n") == 1


def test_wrong_data_and_folders_are_reported_in_one_line(
    capsys: pytest.CaptureFixture[str], survey: Path, tmp_path: Path
):
    code, out, err = typed(capsys, "--data", "plantet")
    assert (code, out) == (2, "")
    assert err.startswith(
        "valuegauge: unknown data set 'plantet'; allowed (nearest first): planted"
    )
    missing = tmp_path / "nothing.csv"
    assert typed(capsys, "--data", str(missing)) == (
        3,
        "",
        f"valuegauge: {missing} is not there; give a CSV or Parquet file of ratings\n",
    )
    profiles = tmp_path / "profiles.json"
    assert typed(capsys, *of(survey, tmp_path, f"profile:{profiles}")) == (
        3,
        "",
        f"valuegauge: profile run {profiles} is not there\n",
    )
    file = tmp_path / "out"
    file.write_text("")
    assert typed(capsys, *of(survey, file, "none")) == (
        3,
        "",
        f"valuegauge: {file} is a file; --out needs a folder\n",
    )
    assert typed(capsys, "--representations", "none") == (
        2,
        "",
        "valuegauge: Missing option '--data'. valuegauge vinfo --help says more.\n",
    )


def test_faults_in_ones_own_ratings_are_reported_with_their_row(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    path = tmp_path / "mine.csv"
    rows = [f"r{r},q{q},{1 + (r + q) % 3}" for r in range(9) for q in range(6)]
    path.write_text("\n".join(["rater,instance,rating", *rows, "r0,q0,2"]))
    code, out, err = typed(capsys, *of(path, tmp_path / "out", "none"))
    assert (code, out, err.count("\n")) == (3, "", 1)
    assert err.startswith("valuegauge: mine.csv: rows 2 and 56: ")
    path.write_text("\n".join(["rater,instance,score", *rows]))
    code, _, err = typed(capsys, *of(path, tmp_path / "out", "none"))
    assert (code, err.count("\n")) == (3, 1)
    assert "rating" in err


def test_raters_left_out_are_a_note_and_too_few_of_them_an_error(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    path = tmp_path / "mine.csv"
    rows = [f"r{r},q{q},{1 + (r * q + r) % 3}" for r in range(9) for q in range(6)]
    path.write_text("\n".join(["rater,instance,rating", *rows, "late,q0,2"]))
    note = "mine: rater 'late' has 1 rating (row 56); raters with fewer than 4 are left out"
    code, out, err = typed(capsys, *of(path, tmp_path / "out", "none"))
    assert code == 0
    assert "9 raters, half of them tested" in out
    assert err.splitlines()[0] == note
    path.write_text("\n".join(["rater,instance,rating", *rows[:42]]))
    assert typed(capsys, *of(path, tmp_path / "out", "none")) == (
        3,
        "",
        "valuegauge: mine has 7 raters with 4 ratings or more; a split needs at least 8\n",
    )


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [str(BIN / "valuegauge"), "vinfo", *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def fits_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("fits/*.npz") if path.name[0] != ".")


@pytest.mark.processes
def test_interrupted_in_worker_processes_and_resumed(survey: Path, tmp_path: Path):
    """As Ctrl-C does it: the signal goes to the command and to its workers."""
    command = of(survey, tmp_path, "examples:1,examples:2", seeds=4)
    command[command.index("--jobs") + 1] = "2"
    process = start(tmp_path, *command)
    end = time.monotonic() + 60
    while not fits_in(tmp_path) and process.poll() is None and time.monotonic() < end:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert (out, err.strip()) == ("", "valuegauge: interrupted")
    kept = {name: (tmp_path / "fits" / name).stat().st_mtime_ns for name in fits_in(tmp_path)}
    assert 1 <= len(kept) < 12
    process = start(tmp_path, *command)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert "Traceback" not in err
    assert len(fits_in(tmp_path)) == 12
    for name, written in kept.items():
        assert (tmp_path / "fits" / name).stat().st_mtime_ns == written
    assert json.loads((tmp_path / "vinfo.json").read_text(encoding="utf-8"))["raters"] == 24


def test_hostile_names_are_no_formulas_in_any_file_and_no_width_is_enough(
    capsys: pytest.CaptureFixture[str],
    survey: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    for ending in ("", ".instances", ".raters"):
        table = pd.read_csv(survey.with_suffix(f"{ending}.csv"), dtype=str)
        for column, start in (("instance", "=cmd|' /C calc'!A0 "), ("rater", "@SUM(1) ")):
            if column in table:
                table[column] = start + table[column]
        table.to_csv(tmp_path / f"bad{ending}.csv", index=False)
    monkeypatch.setenv("COLUMNS", "0")
    command = of(tmp_path / "bad.csv", tmp_path / "out", "demographics:region")
    code, out, _ = typed(capsys, *command)
    assert code == 0
    assert "demographics" in out
    files = list((tmp_path / "out").rglob("*.csv"))
    assert len(files) == 6
    for path in files:
        with path.open(newline="", encoding="utf-8") as stream:
            cells = [cell for row in csv.reader(stream) for cell in row]
        assert any(cell.startswith("'=cmd") or cell.startswith("'@SUM") for cell in cells) or (
            path.name == "reliability.csv"
        )
        for cell in cells:
            assert not cell.startswith(("=", "@", "\t", "\r"))
            if cell.startswith(("+", "-")):
                float(cell)
