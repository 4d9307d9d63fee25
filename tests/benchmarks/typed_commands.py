"""Commands as a user types them, also killed at half and tried again."""

import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path

from inspect_ai.log import list_eval_logs, read_eval_log

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent


def type_in(*command: str, folder: Path = ROOT, **environment: str | None):
    """Run a command of the installed environment and wait for it."""
    surroundings = {**os.environ, **{k: v for k, v in environment.items() if v is not None}}
    for name in (k for k, v in environment.items() if v is None):
        surroundings.pop(name, None)
    return subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        cwd=folder,
        env=surroundings,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def only_log(folder: Path) -> Path:
    (info,) = list_eval_logs(str(folder))
    return Path(info.name.removeprefix("file://"))


def logs_in(folder: Path) -> list[Path]:
    return [Path(info.name.removeprefix("file://")) for info in list_eval_logs(str(folder))]


def wait_for_samples(folder: Path, count: int) -> None:
    """Wait until a run that is going on has written some samples, but not all."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        for path in folder.glob("*.eval"):
            try:
                names = zipfile.ZipFile(path).namelist()
            except (zipfile.BadZipFile, FileNotFoundError):
                continue
            if sum(name.startswith("samples/") for name in names) >= count:
                return
        time.sleep(0.05)
    raise AssertionError("the run wrote no samples in two minutes")


def killed_and_tried_again(command: Sequence[str], killed: Path, count: int) -> tuple[Path, Path]:
    """Kill a run when it has written some samples, and try it again with Inspect's own command.

    Returns:
        The log of the run that was killed, and that of the finished one.
    """
    running = subprocess.Popen(
        [*command, "--log-dir", str(killed)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for_samples(killed, count)
    finally:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
    half = only_log(killed)
    assert read_eval_log(str(half), header_only=True).status == "started"
    retried = type_in(
        "inspect", "eval-retry", str(half), "--display", "plain", "--log-dir", str(killed)
    )
    assert retried.returncode == 0, retried.stdout + retried.stderr
    (log,) = [
        path
        for path in logs_in(killed)
        if read_eval_log(str(path), header_only=True).status == "success"
    ]
    return half, log
