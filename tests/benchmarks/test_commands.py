"""The command lines as a user types them."""

import os
from datetime import datetime
from pathlib import Path

import pytest
from inspect_ai.log import read_eval_log

from evals.reports.report import read_report
from tests.benchmarks.typed_commands import (
    BIN,
    ROOT,
    killed_and_tried_again,
    only_log,
    type_in,
)

pytestmark = pytest.mark.processes


def test_by_path_in_a_clone_with_a_relative_mirror(mirror: Path, tmp_path: Path):
    relative = os.path.relpath(mirror, ROOT)
    done = type_in(
        "inspect", "eval", "benchmarks/value_portrait", "--model", "replay/gpt-4o-2024-05-13",
        "--display", "plain", "--limit", "20", "--log-dir", str(tmp_path),
        VALUEGAUGE_DATA=relative,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Universalism" in done.stdout
    assert read_eval_log(str(only_log(tmp_path))).status == "success"


def test_by_registry_name_from_any_folder_with_a_persona_in_a_file(tmp_path: Path):
    persona = "**Ann**, 61 # a nurse\n- likes: tea\n"
    (tmp_path / "ann.txt").write_text(persona, newline="")
    done = type_in(
        "inspect", "eval", "benchmarks/value_portrait", "--model", "respondent/power",
        "--display", "plain", "--limit", "4", "-T", "data=sample", "-T", 'persona="@ann.txt"',
        "--log-dir", "logs", folder=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    log = only_log(tmp_path / "logs")
    assert read_report(log).run.task == "value_portrait"
    assert read_eval_log(str(log), header_only=True).eval.task_args["persona"] == persona
    shown = type_in("valuegauge", "show", str(log.relative_to(tmp_path)), folder=tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert "SYNTHETIC SAMPLE" in shown.stdout


def test_what_a_user_can_cause_is_reported_without_a_traceback(tmp_path: Path):
    """One of many: the tests of each task have the others."""
    done = type_in(
        "inspect", "eval", "benchmarks/value_portrait", "--model", "respondent/power",
        "-T", "data=smaple", "--display", "plain", "--log-dir", str(tmp_path),
    )  # fmt: skip
    printed = " ".join((done.stdout + done.stderr).split())
    assert done.returncode != 0
    assert "unknown value for data 'smaple'" in printed
    assert "Traceback" not in printed


def test_a_baseline_by_its_name_from_any_folder(tmp_path: Path):
    done = type_in(
        "inspect", "eval", "benchmarks/indie_value", "--solver", "benchmarks/resemble",
        "-S", "k=5", "-T", "data=sample", "-T", "people=10", "-T", "probe=1",
        "--display", "plain", "--log-dir", "logs",
        folder=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    shown = type_in("valuegauge", "show", str(only_log(tmp_path / "logs")), folder=tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert "SIMULATED PEOPLE" in shown.stdout
    assert "baseline resemble (k=5) on simulated survey, 2000 people, seed 0" in shown.stdout


def test_no_data_and_no_network(tmp_path: Path):
    """The proxy named here does not exist, so that no network is reached wherever this runs."""
    done = type_in(
        "inspect", "eval", "benchmarks/value_portrait", "--model", "respondent/power",
        "--display", "plain", "--log-dir", str(tmp_path),
        VALUEGAUGE_DATA=None, HTTPS_PROXY="http://127.0.0.1:1", https_proxy="http://127.0.0.1:1",
    )  # fmt: skip
    printed = " ".join((done.stdout + done.stderr).split())
    assert done.returncode != 0
    assert (
        "value_portrait: data/correlation_results/bfi_correlation_results.json not found" in printed
    )
    assert "VALUEGAUGE_DATA (not set)" in printed
    assert "valuegauge data fetch value_portrait" in printed
    assert "-T data=sample" in printed
    assert "Traceback" not in printed


def test_killed_at_half_and_tried_again(tmp_path: Path):
    """After kill -9, `inspect eval-retry` asks only what is missing and scores the same."""
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    command = [
        str(BIN / "inspect"), "eval", "benchmarks/value_portrait", "--model", "respondent/power",
        "-T", "data=sample", "--display", "plain", "--limit", "40", "--max-samples", "2",
        "--log-buffer", "1",
    ]  # fmt: skip
    half, log = killed_and_tried_again(command, killed, 15)
    done = type_in(*["inspect", *command[1:]], "--log-dir", str(whole))
    assert done.returncode == 0
    samples = read_eval_log(str(log)).samples
    assert len(samples) == len({sample.id for sample in samples}) == 40
    # Nothing was asked twice: a sample has its calls once, and what was answered before the kill
    # is in the new log with the times at which it was answered then.
    asked = [event for sample in samples for event in sample.events if event.event == "model"]
    assert len(asked) == 40 * 6
    before = half.stat().st_mtime
    assert sum(sample_time(sample) <= before for sample in samples) >= 15
    one, other = (report_of(path) for path in (log, only_log(whole)))
    assert one == other


def sample_time(sample) -> float:
    return datetime.fromisoformat(str(sample.completed_at)).timestamp()


def report_of(path: Path) -> dict:
    """What a run found out, without where and when."""
    found = read_report(path).as_json()
    return {name: found[name] for name in ("scores", "counts", "consistency")}
