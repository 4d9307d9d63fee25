"""The tasks of value profiles as a user types them."""

from pathlib import Path

import pytest

from tests.benchmarks.typed_commands import ROOT, only_log, type_in

pytestmark = pytest.mark.processes

RUN = ("--model", "respondent/ignores", "--display", "plain", "-T", "data=planted")


@pytest.mark.parametrize("by_path", [True, False])
def test_by_path_in_a_clone_and_by_name_from_any_folder(by_path: bool, tmp_path: Path):
    task = f"benchmarks/{'value_profiles/decode_ratings.py' if by_path else 'decode_ratings'}"
    done = type_in(
        "inspect", "eval", task, *RUN, "-T", "raters=3", "--log-dir", str(tmp_path / "logs"),
        folder=ROOT if by_path else tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "information_low" in done.stdout
    shown = type_in("valuegauge", "show", str(only_log(tmp_path / "logs")), folder=tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert "SIMULATED RATERS" in shown.stdout
