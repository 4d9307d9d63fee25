import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.value_portrait.task import value_portrait
from evals.cli.main import main
from ratings.sources.cards import card_ids, load_card
from tests.evaluate import evaluate


def typed(capsys, *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    with pytest.raises(SystemExit) as caught:
        main(list(arguments))
    printed = capsys.readouterr()
    return int(caught.value.code or 0), printed.out, printed.err


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    (done,) = evaluate(
        value_portrait(data="sample"),
        model="respondent/power",
        log_dir=str(tmp_path_factory.mktemp("logs")),
    )
    assert done.status == "success", done.error
    return Path(done.location)


def test_show_prints_every_score_with_its_interval(log: Path, capsys):
    code, out, err = typed(capsys, "show", str(log))
    assert (code, err) == (0, "")
    assert "SYNTHETIC SAMPLE" in out
    assert "respondent/power on value_portrait_sample: 120 items x 6 prompt variants" in out
    for name in ("Universalism", "Openness to Change", "Neuroticism", "residual", "unparseable"):
        assert name in out
    assert "v3_reversed" not in out
    assert "v3_reversed" in typed(capsys, "show", str(log), "--variants")[1]


def test_show_as_json_is_json_without_nan(log: Path, capsys):
    code, out, _ = typed(capsys, "show", str(log), "--json")
    report = json.loads(out, parse_constant=lambda name: pytest.fail(name))
    assert code == 0
    assert report["metadata"]["synthetic"] is True
    power = report["scores"]["Power"]
    assert power["estimate"]["low"] < power["estimate"]["value"] < power["estimate"]["high"]
    assert power["family"] == "schwartz"
    assert report["valid"] == 1


@pytest.mark.parametrize(
    ("ending", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")]
)
def test_show_writes_the_profile_as_a_picture(log: Path, capsys, tmp_path: Path, ending, start):
    picture = tmp_path / f"profile.{ending}"
    code, _, err = typed(capsys, "show", str(log), "--plot", str(picture))
    assert code == 0
    assert f"wrote {picture}" in err
    assert picture.read_bytes().startswith(start)
    assert list(tmp_path.iterdir()) == [picture]


@pytest.mark.parametrize(
    ("picture", "code", "message"),
    [
        ("profile.gif", 2, "unknown picture format '.gif'; allowed (nearest first): .png"),
        ("nowhere/profile.png", 3, "there is no folder"),
    ],
)
def test_a_picture_that_cannot_be_written(log: Path, capsys, tmp_path, picture, code, message):
    found, _, err = typed(capsys, "show", str(log), "--plot", str(tmp_path / picture))
    assert found == code
    assert message in err
    assert err.count("\n") == 1


def test_show_takes_several_logs(log: Path, capsys, tmp_path: Path):
    copy = tmp_path / f"copy{log.suffix}"
    copy.write_bytes(log.read_bytes())
    code, out, _ = typed(capsys, "show", str(log), str(copy))
    assert code == 0
    assert out.count("respondent/power on value_portrait_sample") == 2
    assert len(json.loads(typed(capsys, "show", str(log), str(copy), "--json")[1])) == 2
    code, _, err = typed(capsys, "show", str(log), str(copy), "--plot", str(tmp_path / "x.png"))
    assert (code, err) == (0, f"wrote {tmp_path / 'x.png'}\n")


def test_several_logs_begin_with_a_sentence_each(log: Path, capsys, tmp_path: Path):
    copy = tmp_path / f"copy{log.suffix}"
    copy.write_bytes(log.read_bytes())
    lines = typed(capsys, "show", str(log), str(copy))[1].splitlines()
    assert lines[0] == lines[1]
    assert lines[0].startswith("On made-up items, respondent/power puts Power first and ")
    assert lines[2] == ""
    found = json.loads(typed(capsys, "show", str(log), "--json")[1])
    assert found["finding"] == lines[0]


def test_show_takes_a_folder(log: Path, capsys, tmp_path: Path):
    """What is no log of a benchmark is named and left out; alone, it is an error."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / log.name).write_bytes(log.read_bytes())
    (tmp_path / "notes.json").write_text("{}")
    (tmp_path / "eval-set.json").write_text("{}")
    code, out, err = typed(capsys, "show", str(tmp_path))
    assert code == 0
    assert "respondent/power on value_portrait_sample" in out
    assert err.startswith("left out: ")
    assert "notes.json" in err
    assert err.count("\n") == 1
    found = json.loads(typed(capsys, "show", str(tmp_path), "--json")[1])
    assert [one["model"] for one in found] == ["respondent/power"]
    (tmp_path / "deep" / log.name).unlink()
    code, _, err = typed(capsys, "show", str(tmp_path))
    assert code == 3
    assert "there is no log of a benchmark in" in err


def test_show_passes_over_a_run_that_was_tried_again(capsys, tmp_path: Path):
    (done,) = evaluate(
        value_portrait(data="sample"),
        model="respondent/power",
        limit=2,
        log_dir=str(tmp_path),
        log_format="json",
    )
    whole = Path(done.location)
    text = whole.read_text()
    (tmp_path / "first.json").write_text(text.replace('"status": "success"', '"status": "error"'))
    code, out, err = typed(capsys, "show", str(tmp_path))
    assert code == 0
    assert err == "left out: first.json was tried again, and finished\n"
    assert out.count("respondent/power on value_portrait_sample") == 1
    assert typed(capsys, "show", str(tmp_path / "first.json"))[0] == 4


def test_a_run_that_was_cut_off_is_shown_as_such(capsys, tmp_path: Path):
    (done,) = evaluate(
        value_portrait(data="sample"),
        model="respondent/power",
        limit=4,
        log_dir=str(tmp_path),
        log_format="json",
    )
    path = Path(done.location)
    path.write_text(path.read_text().replace('"status": "success"', '"status": "cancelled"'))
    code, out, _ = typed(capsys, "show", str(path))
    assert code == 4
    assert "This run is not complete (status: cancelled)" in out


def test_what_is_not_a_log_of_the_benchmark(capsys, tmp_path: Path):
    assert typed(capsys, "show", str(tmp_path / "none.eval"))[0] == 3
    broken = tmp_path / "broken.eval"
    broken.write_text("not a log")
    code, _, err = typed(capsys, "show", str(broken))
    assert code == 3
    assert "cannot be read as an Inspect log" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["shwo"], "No such command 'shwo'"),
        (["show"], " show --help says more."),
        (["shwo"], "Did you mean 'show'?"),
        (["benchmark"], "Did you mean 'benchmarks'?"),
        (["help"], "type valuegauge --help"),
        (["version"], "type valuegauge --version"),
        (["eval", "benchmarks/x"], "run with inspect eval benchmarks/NAME --model MODEL"),
        (["indie_value"], "run with inspect eval benchmarks/indie_value --model MODEL"),
        (["benchmarks/indie_value"], "run with inspect eval benchmarks/indie_value --model"),
        (["data", "fetch", "value_portrat"], "unknown data card 'value_portrat'; allowed (nearest"),
        (["data", "verify", "value_portrait_sample", "--group", "item"], "nearest first): items"),
        (["data", "list", "--jsn"], "No such option '--jsn'"),
    ],
)
def test_wrong_usage_is_reported_in_one_line(capsys, arguments: list[str], message: str):
    code, out, err = typed(capsys, *arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert "Traceback" not in err


def test_data_list_path_fetch_and_verify_of_the_sample(capsys):
    code, out, _ = typed(capsys, "data", "list", "--json")
    assert code == 0
    assert [card["id"] for card in json.loads(out)] == card_ids()
    assert "value_portrait_sample" in typed(capsys, "data", "list")[1]
    files = [file.path for file in load_card("value_portrait_sample").files("prompts")]
    for command in ("path", "fetch"):
        code, out, _ = typed(capsys, "data", command, "value_portrait_sample", "--group", "prompts")
        assert code == 0
        assert len(out.splitlines()) == len(files) == 12
    code, out, err = typed(capsys, "data", "verify", "value_portrait_sample", "--json")
    assert code == 0
    assert {status["state"] for status in json.loads(out)} == {"good"}
    assert "0 missing, 0 changed" in err


def test_data_verify_and_path_report_missing_and_changed_files(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("VALUEGAUGE_DATA", str(tmp_path))
    assert typed(capsys, "data", "verify", "value_portrait", "--group", "licence")[0] == 3
    assert typed(capsys, "data", "path", "value_portrait", "--group", "licence")[0] == 3
    changed = tmp_path / "value_portrait" / "LICENSE"
    changed.parent.mkdir()
    changed.write_text("mine")
    code, out, _ = typed(capsys, "data", "verify", "value_portrait", "--group", "licence")
    assert (code, out) == (1, "changed LICENSE\n")
    code, _, err = typed(capsys, "data", "fetch", "value_portrait", "--group", "licence")
    assert code == 3
    assert "is not the file of the card: expected sha256" in err


def test_data_croissant_prints_json_ld(capsys):
    code, out, _ = typed(capsys, "data", "croissant", "value_portrait")
    assert code == 0
    assert json.loads(out)["@type"] == "sc:Dataset"


@pytest.mark.processes
def test_the_console_script_is_installed():
    done = subprocess.run(
        [str(Path(sys.executable).parent / "valuegauge"), "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "version" in done.stdout


@pytest.mark.processes
@pytest.mark.parametrize(
    "arguments",
    [["show", "x.eval"], ["data", "list"], ["export", "--store", "s", "--format", "json"], []],
)
def test_a_folder_that_is_gone_is_one_line(arguments: list[str], tmp_path: Path):
    code = (
        "import os, sys; folder = sys.argv.pop(1); os.chdir(folder); os.rmdir(folder); "
        "from evals.cli.main import main; main(sys.argv[1:])"
    )
    gone = tmp_path / "gone"
    gone.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", code, str(gone), *arguments],
        capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("valuegauge: the folder that you are in is not there any more")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("error", [RuntimeError, KeyError, RecursionError, MemoryError, TypeError])
def test_a_fault_of_our_own_is_no_failed_gate(
    error: type[Exception], capsys, monkeypatch: pytest.MonkeyPatch
):
    """Exit code 1 is a gate's alone, and a traceback is there for who asks for it."""

    def fail(*_: object, **__: object) -> None:
        raise error("two\nlines")

    monkeypatch.setattr("evals.cli.main.valuegauge.main", fail)
    code, out, err = typed(capsys, "data", "list")
    assert (code, out, err.count("\n")) == (70, "", 1)
    assert f"please report it: {error.__name__}" in err
    monkeypatch.setenv("VALUEGAUGE_TRACEBACK", "1")
    assert "Traceback (most recent call last)" in typed(capsys, "data", "list")[2]
