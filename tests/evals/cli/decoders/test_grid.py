"""`valuegauge decoders grid` as it is typed: tables, resuming, and other backends."""

import csv
import json
import os
import signal
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from threadpoolctl import threadpool_limits

from evals.cli.main import main
from evals.vinfo.study import plan_study, run_vinfo
from ratings.data_sets.registry import load_data_set
from ratings.errors import with_extra
from ratings.representations.names import parse_representations
from tests.evals.trained import command, finish, start, write_recipe, write_survey

GRID = """
data: [survey.csv]
representations: [examples:max, demographics]
seeds: 2
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("grid")
    write_survey(found)
    write_recipe(found)
    write_grid(found, "plain")
    return found


def write_grid(folder: Path, name: str, text: str = GRID) -> str:
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return f"{name}.yaml"


def typed(
    capsys: pytest.CaptureFixture[str],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    *arguments: str,
) -> tuple[int, str, str]:
    """Exit code, standard output and standard error."""
    monkeypatch.setattr("ratings.sources.locations._STARTED_IN", folder)
    monkeypatch.chdir(folder)
    capsys.readouterr()
    with pytest.raises(SystemExit) as caught, threadpool_limits(1):
        main(["decoders", "grid", *arguments])
    printed = capsys.readouterr()
    return int(caught.value.code or 0), printed.out, printed.err


def rows_of(document: dict[str, Any]) -> dict[tuple[str, str, str], dict[str, Any]]:
    """Rows without the seconds they took."""
    return {
        (table["data"], family["name"], row["representation"]): {**row, "seconds": None}
        for table in document["tables"]
        for family in table["families"]
        for row in family["representations"]
    }


def test_tables_are_those_of_vinfo_and_each_fit_is_made_once(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    arguments = ("plain.yaml", "--jobs", "1")
    code, out, err = typed(capsys, folder, monkeypatch, *arguments)
    saved = folder / "grid-plain"
    assert (code, err) == (0, f"grid.json and grid.csv written to {saved}\n")
    assert out.startswith("survey: 2 splits ")
    for head in ("family", "given", "accuracy", "usable info", "preserved", "RMSCE", "s a"):
        assert head in out
    monkeypatch.setattr("evals.vinfo.fits._make", None)
    assert typed(capsys, folder, monkeypatch, *arguments) == (code, out, err)
    _, printed, _ = typed(capsys, folder, monkeypatch, *arguments, "--json")
    document = json.loads(printed)
    assert document == json.loads((saved / "grid.json").read_text(encoding="utf-8"))
    data, _ = load_data_set(str(folder / "survey.csv"))
    study = plan_study(data, parse_representations("examples:max,demographics"), "default", 2)
    found = run_vinfo(study, saved, 1, lambda key: None)
    rows = rows_of(document)
    assert [key[2] for key in rows] == ["none", "examples:max", "demographics"]
    for row in found.rows:
        mine = rows["survey", "default", row.representation.name]
        assert mine["information"]["value"] == row.information.estimate.value
        assert mine["loss"]["low"] == row.loss.estimate.low
    with (saved / "grid.csv").open(encoding="utf-8") as file:
        for line in csv.DictReader(file):
            row = rows[line["data"], line["family"], line["representation"]]
            for name in ("accuracy", "loss", "information", "preserved"):
                for end in ("value", "low", "high"):
                    text = line[name if end == "value" else f"{name}_{end}"]
                    assert float(text) == row[name][end]
            assert float(line["ece"]) == row["calibration_error"]["corrected"]["value"]
            assert float(line["seconds"]) > 0


def with_line(old: str, new: str) -> str:
    assert old in GRID
    return GRID.replace(old, new)


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        (with_line("seeds: 2", "seed: 2"), "line 4: seed: ", "did you mean 'seeds'?"),
        (with_line("seeds: 2", "seeds: 0"), "line 4: seeds: ", "found 0"),
        (with_line("survey.csv", "plantet"), "line 2: data[0]: ", "unknown data set 'plantet'"),
        (with_line("survey.csv", "no.csv"), "line 2: data[0]: ", "{folder}/no.csv is not there"),
        (with_line("demographics", "exmples:1"), "line 3: representations[1]: ", "'exmples'"),
        (
            with_line("demographics", "demographics:regio"),
            "line 3: representations[1]: ",
            "unknown demographic column of survey 'regio'; allowed",
        ),
        (
            with_line("demographics", "cluster:2(groundtruth)"),
            "line 3: representations[1]: ",
            "survey has no text that is known to describe its raters",
        ),
        (
            with_line("seeds: 2", "families: [default, tiny-lama]"),
            "line 4: families[1]: ",
            "unknown family 'tiny-lama'; allowed (nearest first): tiny-llama",
        ),
        (
            with_line("seeds: 2", "families: [default, default]"),
            "line 4: families[1]: ",
            "'default' is listed twice",
        ),
        (with_line("data: [survey.csv]\n", ""), "line 2: ", "missing key 'data'"),
    ],
)
def test_what_is_wrong_in_a_grid_is_reported_with_its_key_before_anything_is_fitted(
    text: str,
    where: str,
    message: str,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("evals.vinfo.fits._make", None)
    code, out, err = typed(capsys, folder, monkeypatch, write_grid(folder, "wrong", text))
    assert (code, out, err.count("\n")) == (3, "", 1)
    assert err.startswith(f"valuegauge: wrong.yaml {where}")
    assert message.format(folder=folder) in err
    assert not (folder / "grid-wrong").exists()


@pytest.mark.parametrize(("name", "package"), [("ray", "ray"), ("dask", "distributed")])
def test_a_missing_backend_is_reported_with_the_line_that_installs_it(
    name: str,
    package: str,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("evals.vinfo.grid_backend.find_spec", lambda name: None)
    assert typed(capsys, folder, monkeypatch, "plain.yaml", "--backend", name) == (
        3,
        "",
        f"valuegauge: --backend {name} needs {package}: {with_extra('grid')}\n",
    )


@pytest.mark.processes
def test_a_grid_that_is_killed_is_resumed(folder: Path):
    """Kill -9 to the command and its workers; what is done stays as it is."""
    text = with_line("seeds: 2", "seeds: 4")
    arguments = command("grid", write_grid(folder, "killed", text), "--jobs", "2")
    fits = folder / "grid-killed" / "fits"

    def kept() -> dict[str, int]:
        return {path.name: path.stat().st_mtime_ns for path in fits.glob("[!.]*.npz")}

    process = start(arguments, folder)
    end = time.monotonic() + 120
    while len(kept()) < 2 and process.poll() is None and time.monotonic() < end:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    before = kept()
    assert 2 <= len(before) < 12
    finish(start(arguments, folder))
    after = kept()
    assert len(after) == 12
    assert {name: after[name] for name in before} == before


@pytest.mark.processes
@pytest.mark.parametrize("name", ["ray", "dask"])
def test_two_workers_elsewhere_give_the_same_numbers(name: str, folder: Path):
    needed = {"ray": "ray", "dask": "distributed"}[name]
    if find_spec(needed) is None:
        pytest.skip(f"needs {needed}, of the extra 'grid'")
    families = "default" if find_spec("torch") is None else "default, few.yaml"
    text = f"data: [survey.csv]\nrepresentations: [examples:2]\nfamilies: [{families}]\nseeds: 1\n"
    grid = write_grid(folder, "elsewhere", text)
    documents = []
    for where, jobs in (("loky", "1"), (name, "2")):
        out = folder / f"{where}-{jobs}"
        arguments = ("grid", grid, "--jobs", jobs, "--backend", where, "--json", "--out", str(out))
        documents.append(rows_of(json.loads(finish(start(command(*arguments), folder)))))
    one, two = documents
    assert len(one) == 2 * len(families.split(","))
    assert flat(two) == pytest.approx(flat(one), abs=1e-6)


def flat(found: Any, path: str = "") -> dict[str, Any]:
    """Every value of something like JSON by its path."""
    if isinstance(found, dict):
        pairs = [(str(name), one) for name, one in found.items()]
    elif isinstance(found, list):
        pairs = [(str(number), one) for number, one in enumerate(found)]
    else:
        return {path: found}
    return {name: value for key, one in pairs for name, value in flat(one, f"{path}.{key}").items()}
