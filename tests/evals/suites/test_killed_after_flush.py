"""Killed for good once answers are in the log: nothing is lost, double or half.

A server counts how often each question came, so nothing is asked twice that the log had.
"""

import os
import subprocess
import sys
import time
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from inspect_ai.log import list_eval_logs, read_eval_log

from tests.loopback import Body, ChatServer, Reply, question

pytestmark = pytest.mark.processes

ROOT = Path(__file__).parents[3]
BIN = Path(sys.executable).parent
SAMPLES = 40


def slowly(body: Body, asked: int) -> Reply:
    time.sleep(0.02)
    return Reply("like me")


def start(command: list[str], folder: Path) -> subprocess.Popen[bytes]:
    environment = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    environment |= {"LOOP_API_KEY": "none", "PYTHONPATH": str(ROOT), "COLUMNS": "200"}
    return subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )


def flushed(folder: Path) -> dict[str, str]:
    """The samples that a log has on disk, and when they were completed."""
    found: dict[str, str] = {}
    for info in list_eval_logs(str(folder)):
        try:
            log = read_eval_log(info)
        except (zipfile.BadZipFile, ValueError):
            continue
        for sample in log.samples or []:
            if sample.completed_at and not sample.error:
                found[str(sample.id)] = str(sample.completed_at)
    return found


def in_log(folder: Path) -> int:
    """How many samples the logs hold, one that two of them hold once; cheap to ask again."""
    found: set[str] = set()
    for path in folder.glob("*.eval"):
        try:
            found |= {n for n in zipfile.ZipFile(path).namelist() if n.startswith("samples/")}
        except (zipfile.BadZipFile, FileNotFoundError):
            continue
    return len(found)


def kill_at(command: list[str], folder: Path, logs: Path, count: int) -> dict[str, str]:
    """Kill a command as soon as the log holds so many samples; what it held then."""
    process = start(command, folder)
    until = time.monotonic() + 120
    while in_log(logs) < count and process.poll() is None and time.monotonic() < until:
        time.sleep(0.005)
    ended = process.poll() is not None
    process.kill()
    _, error = process.communicate()
    assert not ended, f"it ended before it was killed: {error.decode()}"
    found = flushed(logs)
    assert count <= len(found) < SAMPLES
    return found


def test_what_was_flushed_is_kept_and_asked_once(tmp_path: Path):
    kill_and_go_on("eval", tmp_path, [7])


@pytest.mark.slow
@pytest.mark.parametrize("command", ["eval", "run"])
@pytest.mark.parametrize("seed", range(5))
def test_ten_more_kills(command: str, seed: int, tmp_path: Path, in_full: bool):
    if not in_full:
        pytest.skip("takes minutes; `pytest -m slow` runs it")
    draw = np.random.default_rng(seed)
    # Samples are flushed some ten at a time: from later moments there may be nothing left to do.
    kills = sorted(draw.choice(np.arange(1, SAMPLES - 15), 2, replace=False).tolist())
    kill_and_go_on(command, tmp_path, kills)


def kill_and_go_on(command: str, folder: Path, kills: list[int]) -> None:
    logs = folder / "logs"
    where = ROOT if command == "eval" else folder
    with ChatServer(slowly) as server:
        if command == "eval":
            first = [
                str(BIN / "inspect"), "eval", "benchmarks/value_portrait",
                "-T", "data=sample", "-T", "variants=v1", "--model", "openai-api/loop/plain",
                "--model-base-url", server.url, "--limit", str(SAMPLES), "--max-samples", "2",
                "--log-dir", str(logs), "--display", "plain",
            ]  # fmt: skip
        else:
            (folder / "one.yaml").write_text(
                "name: one\n"
                "tasks: [{task: value_portrait, arguments: {data: sample, variants: v1}}]\n"
                f"models: [{{model: openai-api/loop/plain, base_url: '{server.url}'}}]\n"
            )
            first = [
                str(BIN / "valuegauge"), "run", "one.yaml", "--limit", str(SAMPLES),
                "--max-connections", "2", "--log-dir", str(logs),
            ]  # fmt: skip
        held: list[dict[str, str]] = []
        asked: list[Counter[str]] = []

        def next_command() -> list[str]:
            if command == "run" or not held:
                return first
            newest = list_eval_logs(str(logs), descending=True)[0].name.removeprefix("file://")
            return [
                str(BIN / "inspect"), "eval-retry", newest, "--log-dir", str(logs),
                "--display", "plain",
            ]  # fmt: skip

        for count in kills:
            held.append(kill_at(next_command(), where, logs, count))
            asked.append(Counter(map(question, server.requests)))
        process = start(next_command(), where)
        _, error = process.communicate(timeout=300)
        assert process.returncode == 0, error.decode()
        whole = Counter(map(question, server.requests))
    newest = list_eval_logs(str(logs), descending=True)[0]
    log = read_eval_log(newest, resolve_attachments=True)
    assert log.status == "success"
    samples = log.samples or []
    # nothing lost, nothing double, nothing half
    assert len(samples) == len({str(sample.id) for sample in samples}) == SAMPLES
    for sample in samples:
        (score,) = (sample.scores or {}).values()
        assert (score.metadata or {})["statuses"] == {"v1": "valid"}
        assert sum(event.event == "model" for event in sample.events) == 1
    times = {str(sample.id): str(sample.completed_at) for sample in samples}
    texts = {
        str(sample.id): next(e for e in sample.events if e.event == "model").input[-1].text
        for sample in samples
    }
    assert all(asked[0][texts[name]] == 1 for name in held[0])
    # what was under way at an earlier kill is rightly asked again, but nothing that a log held
    for before, counted in zip(held, asked, strict=True):
        assert {name: times[name] for name in before} == before
        for name in before:
            assert whole[texts[name]] == counted[texts[name]], "asked though the log had it"
