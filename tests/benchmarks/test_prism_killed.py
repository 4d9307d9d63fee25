"""A run that is killed is resumed: nothing is asked twice, and the scores are the same."""

from pathlib import Path

import pytest
from inspect_ai.log import read_eval_log

from evals.reports.report import read_report
from tests.benchmarks.typed_commands import BIN, killed_and_tried_again, only_log, type_in

pytestmark = pytest.mark.processes

PEOPLE = 25


def test_killed_at_half_and_tried_again(tmp_path: Path):
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    command = [
        str(BIN / "inspect"), "eval", "benchmarks/prism", "--model", "respondent/0.7",
        "-T", "data=sample", "-T", "known=stated+ratings:5", "-T", f"people={PEOPLE}",
        "--display", "plain", "--max-samples", "2", "--log-buffer", "1",
    ]  # fmt: skip
    _, log = killed_and_tried_again(command, killed, 20)
    done = type_in("inspect", *command[1:], "--log-dir", str(whole))
    assert done.returncode == 0, done.stdout + done.stderr
    samples = read_eval_log(str(log)).samples
    asked = [event for sample in samples for event in sample.events if event.event == "model"]
    assert len(asked) == len(samples) == len({sample.id for sample in samples})
    one, other = (read_report(path).as_json() for path in (log, only_log(whole)))
    for name in ("scores", "ceilings", "counts", "answers"):
        assert one[name] == other[name], name
