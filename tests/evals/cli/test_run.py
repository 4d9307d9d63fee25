"""Suites as a user runs them: resumed, interrupted, killed, with models that fail."""

import json
import logging
import os
import signal
import subprocess
import sys
import time
import zipfile
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest
from inspect_ai.log import list_eval_logs, read_eval_log

from evals.cli.main import main
from evals.suites.build import make_ready
from evals.suites.run import error_kinds, read_outcomes
from evals.suites.suite import parse_suite, runs_of
from tests.loopback import Body, ChatServer, Reply

BIN = Path(sys.executable).parent
NO_NETWORK = {"HTTPS_PROXY": "http://127.0.0.1:1", "https_proxy": "http://127.0.0.1:1"}
FEW = "{data: sample, people: 3, probe: 1}"


@pytest.fixture(autouse=True)
def _the_process_prints_as_before():
    """Inspect keeps its first display and log level for the whole process: later tests too."""
    from inspect_ai._util import logger
    from inspect_ai.util import _display

    before = _display._display_type
    yield
    _display._display_type = before
    handler = logger._logHandler["handler"]
    if handler is not None:
        handler.display_level = logging.WARNING


def suite(folder: Path, text: str, name: str = "small") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(f"name: {name}\n{text}")
    return path


def typed(capsys, *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        main(["run", *arguments])
    printed = capsys.readouterr()
    return int(caught.value.code or 0), printed.out, printed.err


def start(folder: Path, *arguments: str, **environment: str | None) -> subprocess.Popen:
    surroundings = {k: v for k, v in {**os.environ, **environment}.items() if v is not None}
    return subprocess.Popen(
        [str(BIN / "valuegauge"), "run", *arguments],
        cwd=folder,
        env=surroundings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def logs(folder: Path) -> list[str]:
    return sorted(info.name.removeprefix("file://") for info in list_eval_logs(str(folder)))


def wait_for_samples(process: subprocess.Popen, folder: Path, count: int) -> None:
    """Wait until the logs of a run that is going on hold some samples, or it ended."""
    until = time.monotonic() + 120
    while time.monotonic() < until and process.poll() is None:
        written = 0
        for path in folder.glob("*.eval"):
            try:
                written += sum(n.startswith("samples/") for n in zipfile.ZipFile(path).namelist())
            except (zipfile.BadZipFile, FileNotFoundError):
                continue
        if written >= count:
            return
        time.sleep(0.02)
    assert process.poll() is not None, "the run wrote no samples in two minutes"


def test_a_suite_runs_repeats_no_call_and_grows_by_what_is_added(tmp_path: Path, capsys):
    text = f"""
tasks:
  - task: indie_value
    arguments: {FEW}
    vary: {{demographics: [none, with]}}
  - task: indie_value
    arguments: {FEW}
    solvers: [{{resemble: {{k: 5}}}}]
models: [respondent/0.7]
"""
    path = suite(tmp_path, text)
    folder = tmp_path / "logs"
    command = [str(path), "--log-dir", str(folder)]
    code, out, err = typed(capsys, *command, "--limit", "2")
    assert code == 0, err
    assert "suite small: 3 of 3 runs complete" in out
    assert out.count("2/2") == 3
    code, out, err = typed(capsys, *command, "--json")
    assert code == 0, err
    runs = json.loads(out)["runs"]
    assert [(run["who"], run["status"], run["done"], run["expected"]) for run in runs] == [
        ("respondent/0.7", "complete", 3, 3),
        ("respondent/0.7", "complete", 3, 3),
        ("baseline resemble (k=5)", "complete", 3, 3),
    ]
    assert [run["arguments"].get("demographics") for run in runs] == ["none", "with", None]
    made = logs(folder)
    assert sorted(run["log"] for run in runs) == made
    # Another model, here one of the same name that generates otherwise: only its calls are made.
    more = "[respondent/0.7, {model: respondent/0.7, generate: {temperature: 1}}]"
    path.write_text(path.read_text().replace("[respondent/0.7]", more))
    code, out, err = typed(capsys, *command, "--json")
    assert code == 0, err
    assert len(json.loads(out)["runs"]) == 5
    assert len(logs(folder)) == 5
    assert set(made) < set(logs(folder))
    hot = next(run for run in json.loads(out)["runs"] if "temperature" in run["who"])
    header = read_eval_log(hot["log"], header_only=True)
    assert header.plan.config.temperature == 1
    # How calls are sent changes no answer, so nothing is asked again.
    path.write_text(path.read_text().replace("{temperature: 1}", "{temperature: 1, timeout: 60}"))
    before = logs(folder)
    code, _, err = typed(capsys, *command, "--max-connections", "2")
    assert (code, logs(folder)) == (0, before), err


@pytest.mark.processes
def test_models_that_fail_do_not_stop_the_others(tmp_path: Path):
    """One errs on every call, one cannot be made, one lacks its package or key."""
    models = "[respondent/power, respondent/0.7, replay/gpt4, openai/gpt-4o, nobody/x]"
    path = suite(tmp_path, f"tasks: [{{task: indie_value, arguments: {FEW}}}]\nmodels: {models}")
    process = start(tmp_path, path.name, "--json", OPENAI_API_KEY=None)
    out, err = process.communicate(timeout=300)
    assert process.returncode == 4, err
    found = {run["who"]: run for run in json.loads(out)["runs"]}
    assert {who: run["status"] for who, run in found.items()} == {
        "respondent/power": "failed",
        "respondent/0.7": "complete",
        "replay/gpt4": "missing",
        "openai/gpt-4o": "missing",
        "nobody/x": "missing",
    }
    assert found["respondent/power"]["done"] == 0
    assert "3 samples ended in an error" in found["respondent/power"]["reason"]
    assert "answers value_portrait only" in found["respondent/power"]["reason"]
    assert "unknown recording 'gpt4'" in found["replay/gpt4"]["reason"]
    assert "openai" in found["openai/gpt-4o"]["reason"].lower()
    lines = [line for line in err.splitlines() if line.startswith(("failed:", "missing:"))]
    assert len(lines) == 4
    assert "4 of 5 runs are not complete; the same command resumes" in err
    assert "Traceback" not in err
    assert len(logs(tmp_path / "logs" / "small")) == 2


@pytest.mark.processes
def test_interrupted_then_killed_then_complete_with_each_question_asked_once(tmp_path: Path):
    path = suite(
        tmp_path,
        "tasks: [{task: value_portrait, arguments: {data: sample, variants: v1}}]\n"
        "models: [respondent/power]",
    )
    folder = tmp_path / "logs" / "small"
    command = [path.name, "--max-connections", "1", "--limit", "80"]
    process = start(tmp_path, *command)
    wait_for_samples(process, folder, 10)
    os.kill(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 130, err
    assert "unfinished" in out
    assert "interrupted; the same command resumes where it stopped" in err
    assert "Traceback" not in err
    assert "CancelledError" not in err
    first = kept(folder)
    assert 10 <= len(first) < 80
    process = start(tmp_path, *command)
    # The new log starts with what the old one has.
    wait_for_samples(process, folder, 2 * len(first) + 10)
    process.kill()
    process.communicate()
    second = kept(folder)
    process = start(tmp_path, *command, "--json")
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    (run,) = json.loads(out)["runs"]
    assert (run["status"], run["done"], run["expected"]) == ("complete", 80, 80)
    samples = read_eval_log(run["log"]).samples
    assert len({sample.id for sample in samples}) == 80
    # What was answered before keeps the time at which it was, and each sample has one call.
    times = {str(sample.id): str(sample.completed_at) for sample in samples}
    for before in (first, second):
        assert {name: times[name] for name in before} == before
    calls = [event for sample in samples for event in sample.events if event.event == "model"]
    assert len(calls) == 80


def kept(folder: Path) -> dict[str, str]:
    """The samples that were answered, as far as a log has them, and when."""
    found: dict[str, str] = {}
    for path in folder.glob("*.eval"):
        try:
            log = read_eval_log(str(path))
        except (zipfile.BadZipFile, ValueError):
            continue
        for sample in log.samples or []:
            if not sample.error and sample.completed_at:
                found[str(sample.id)] = str(sample.completed_at)
                assert datetime.fromisoformat(str(sample.completed_at))
    return found


@pytest.mark.processes
def test_missing_data_leave_a_run_out_and_the_rest_runs(tmp_path: Path):
    path = suite(
        tmp_path,
        "tasks:\n  - task: value_portrait\n  - task: value_portrait\n"
        "    arguments: {data: sample, variants: v1}\nmodels: [respondent/power]",
    )
    process = start(tmp_path, path.name, "--limit", "2", VALUEGAUGE_DATA=None, **NO_NETWORK)
    out, err = process.communicate(timeout=300)
    assert process.returncode == 3, err
    assert "1 of 2 runs complete" in out
    (line,) = [line for line in err.splitlines() if line.startswith("missing:")]
    assert "valuegauge data fetch value_portrait" in line
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("text", "arguments", "code", "message"),
    [
        ("tasks: [{task: value_portrait}]", [], 2, "no model is named; say who answers with"),
        ("tasks: [{tsk: value_portrait}]", [], 2, "line 2: tasks[0].tsk: unknown key"),
        ("tasks: [{task: value_portrait", [], 2, "not valid YAML"),
        (
            "tasks: [{task: value_portrait, arguments: {data: smaple}}]",
            ["--model", "respondent/power"],
            2,
            "tasks[0]: unknown value for data 'smaple'; allowed (nearest first): sample",
        ),
        (
            "tasks: [{task: indie_value, arguments: {data: sample, people: 0}}]",
            ["--model", "respondent/0.7"],
            3,
            "tasks[0]: people must be a whole number from 1 to 800, found 0",
        ),
        (
            "tasks: [{task: indie_value, arguments: {data: sample}, solvers: [resemble: {l: 1}]}]",
            [],
            2,
            "tasks[0]: baseline resemble (l=1): ",
        ),
        (
            "tasks: [{task: indie_value, arguments: {data: sample}, solvers: [resemble: {k: 99}]}]",
            [],
            3,
            "k must be a whole number from 1 to 35, found 99",
        ),
        (
            "tasks: [{task: decode_ratings, "
            "arguments: {data: planted, representation: 'profile:FOLDER/bad.json'}}]",
            ["--model", "respondent/follows"],
            3,
            "/bad.json line 1: missing key ",
        ),
        ("tasks: [{task: value_portrait}]", ["--limit", "0"], 2, "0 is not in the range"),
    ],
)
def test_wrong_suites_are_reported_in_one_line(text, arguments, code, message, tmp_path, capsys):
    (tmp_path / "bad.json").write_text('{"version": 1}')
    path = suite(tmp_path, text.replace("FOLDER", str(tmp_path)))
    folder = tmp_path / "logs"
    found, out, err = typed(capsys, str(path), *arguments, "--log-dir", str(folder))
    assert (found, out) == (code, "")
    last = err.splitlines()[-1]
    assert message in last
    assert len(err.splitlines()) <= 2
    assert not folder.exists()


def test_a_suite_that_is_not_there(capsys, tmp_path: Path):
    code, _, err = typed(capsys, "smok")
    assert (code, err.count("\n")) == (2, 1)
    assert "unknown suite" in err
    code, _, err = typed(capsys, str(tmp_path / "none.yaml"))
    assert (code, err.count("\n")) == (3, 1)
    assert "there is no suite at" in err
    code, _, err = typed(capsys, str(tmp_path) + "/")
    assert code == 3
    assert "is a folder" in err


def test_a_folder_with_another_prompt_or_a_broken_log_is_refused(tmp_path: Path, capsys):
    template = tmp_path / "prompt.txt"
    template.write_text("{known_statements}\n{new_statement_groups}")
    arguments = f"{{data: sample, people: 1, probe: 1, prompt: {template}}}"
    text = f"tasks: [{{task: indie_value, arguments: {arguments}}}]"
    command = [
        str(suite(tmp_path, text)),
        "--model",
        "respondent/1.0",
        "--log-dir",
        str(tmp_path / "l"),
    ]
    assert typed(capsys, *command)[0] == 0
    template.write_text("Once more: {known_statements}\n{new_statement_groups}")
    code, out, err = typed(capsys, *command)
    assert (code, out) == (3, "")
    assert "with another prompt than the one at hand; give this one a folder of its own" in err
    broken = tmp_path / "l" / "2026-01-01T00-00-00-00-00_broken_x.eval"
    broken.write_text("not a log")
    code, out, err = typed(capsys, *command)
    assert (code, out) == (3, "")
    assert f"{broken} cannot be read as an Inspect log, move it away" in err
    (tmp_path / "file").write_text("")
    code, _, err = typed(capsys, *command[:-1], str(tmp_path / "file"))
    assert code == 3
    assert "is a file; --log-dir needs a folder" in err


def test_what_a_model_answered_counts_when_it_cannot_be_asked_any_more(
    tmp_path: Path, capsys, monkeypatch
):
    path = suite(tmp_path, f"tasks: [{{task: indie_value, arguments: {FEW}}}]")
    reader = tmp_path / "reader.json"
    reader.write_text('{"accuracy": 0.5}')
    command = [str(path), "--model", f"respondent/{reader}", "--log-dir", str(tmp_path / "logs")]
    assert typed(capsys, *command, "--limit", "1")[0] == 0
    reader.unlink()
    monkeypatch.setattr("inspect_ai.model._model._models", {})
    assert typed(capsys, *command, "--limit", "1")[0] == 0
    code, out, err = typed(capsys, *command, "--json")
    assert code == 3, err
    (run,) = json.loads(out)["runs"]
    assert (run["status"], run["done"], run["expected"]) == ("missing", 1, 3)


def test_a_folder_without_logs_has_nothing_done(tmp_path: Path):
    text = "name: a\ntasks: [{task: value_portrait, arguments: {data: sample}, epochs: 2}]"
    runs = runs_of(parse_suite(text, "a"), ["respondent/power", "nobody/x"])
    outcomes = read_outcomes(make_ready(runs, limit=4), tmp_path)
    assert [(one.status, one.done, one.expected) for one in outcomes] == [
        ("unfinished", 0, 8),
        ("missing", 0, 8),
    ]


def test_what_failed_is_counted_and_named_and_what_was_repeated_is_reported(
    tmp_path: Path, capsys, monkeypatch
):
    """A refused key, two kinds of errors, answers that never come: exit code 4, a line each."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LOOP_API_KEY", "none")
    wrong = {"message": "That is not for this model."}

    def answer(body: Body, asked: int) -> Reply:
        if body["model"] == "locked":
            return Reply(status=401)
        text = str(body["messages"])
        if len(text) % 3 == 0:
            return Reply(status=400, error=wrong if len(text) % 2 else None)
        return Reply(None) if asked == 1 else Reply("like me")

    with ChatServer(answer) as server:
        models = ", ".join(
            f"{{model: openai-api/loop/{name}, base_url: '{server.url}'}}"
            for name in ("locked", "odd")
        )
        task = "{task: value_portrait, arguments: {data: sample, variants: v1}}"
        path = suite(tmp_path, f"tasks: [{task}]\nmodels: [{models}]")
        command = [str(path), "--limit", "30", "--log-dir", str(tmp_path / "logs")]
        code, out, err = typed(capsys, *command, "--json")
        asked = [body["model"] for body in server.requests]
    assert code == 4, err
    locked, odd = json.loads(out)["runs"]
    assert (locked["status"], locked["done"]) == ("failed", 0)
    (kind,) = locked["errors"]
    assert locked["errors"][kind] == 30
    assert "refuses the key" in kind
    assert asked.count("locked") <= 30, "once each at most, and not again on a retry"
    assert (odd["status"], odd["expected"]) == ("failed", 30)
    assert len(odd["errors"]) == 2
    assert sum(odd["errors"].values()) == 30 - odd["done"]
    assert (odd["no_answer"], odd["asked_again"]) == (0, odd["done"])
    for kind, count in odd["errors"].items():
        assert f"  {count} x {kind}" in err
        assert "\n" not in kind
    assert f"{odd['asked_again']} calls were repeated because no answer came" in err
    assert "AssertionError" not in err
    assert "nothing twice" not in err
    assert "Traceback" not in err


def test_errors_that_differ_in_numbers_are_of_one_kind():
    found = error_kinds(
        ["Request req-1a2b timed out after 3 s", "Request req-9f timed out after 12 s", "gone\n"]
    )
    assert found == {"Request req-1a2b timed out after 3 s": 2, "gone": 1}


def test_no_more_runs_are_under_way_than_asked_for(tmp_path: Path, capsys):
    """Else all run in step, and the first of many ends when the last does."""
    answered = "\n".join(f"  - respondent/0.{number}" for number in range(5, 9))
    path = suite(tmp_path, f"tasks: [{{task: indie_value, arguments: {FEW}}}]\nmodels:\n{answered}")
    folder = tmp_path / "logs"
    code, _, err = typed(capsys, str(path), "--max-tasks", "1", "--log-dir", str(folder))
    assert code == 0, err
    stats = [read_eval_log(name, header_only=True).stats for name in logs(folder)]
    times = sorted((one.started_at, one.completed_at) for one in stats)
    assert len(times) == 4
    for (_, ended), (begun, _) in pairwise(times):
        assert datetime.fromisoformat(begun) >= datetime.fromisoformat(ended)
