"""A server on loopback that speaks OpenAI's chat protocol, and a guard against any other."""

import os
import runpy
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from inspect_ai.log import EvalLog, list_eval_logs, read_eval_log

from tests.loopback import Body, ChatServer, Reply

ROOT = Path(__file__).parents[2]
GUARD = Path(__file__).parent / "guard"
collect_ignore = ["guard"]  # importing it is installing it
ANSWER = "Like Me"
USAGE = {
    "prompt_tokens": 20,
    "completion_tokens": 5,
    "total_tokens": 25,
    "prompt_tokens_details": {"cached_tokens": 8},
    "completion_tokens_details": {"reasoning_tokens": 3},
}
# What the server says instead of an answer, by the name of the model: status, error.
ERRORS: dict[str, tuple[int, dict[str, str]]] = {
    "too-long": (
        400,
        {
            "message": "This model's maximum context length is 8 tokens.",
            "code": "context_length_exceeded",
        },
    ),
    "too-long-newer": (
        400,
        {"message": "Your input exceeds the context window of this model."},
    ),
    "blocked": (
        400,
        {
            "message": "Your request was rejected by our safety system.",
            "code": "content_policy_violation",
        },
    ),
    "locked": (401, {"message": "Incorrect API key provided: sk-wrong."}),
    "forbidden": (403, {"message": "This key may not use the model."}),
    "unknown": (404, {"message": "The model `unknown` does not exist."}),
    "wrong": (400, {"message": "temperature must be at most 2."}),
    "poor": (
        429,
        {"message": "You exceeded your current quota.", "code": "insufficient_quota"},
    ),
    "broken": (500, {"message": "The server had an error.", "type": "server_error"}),
}


def answer(body: Body, asked: int) -> Reply:
    """Every model says the same; some have something to them, by their names."""
    model = body["model"]
    said = Reply(ANSWER, usage=USAGE, model=f"{model}-2026")
    if body.get("logprobs"):
        said.logprobs = {"content": [_token("Like"), _token(" Me")]}
    if model == "refuses":
        said.content, said.message = None, {"refusal": "I cannot help with that."}
    if model == "thinks":
        said.message = {"reasoning_content": "Let me see."}
    if model == "uncounted":
        said.usage = None
    said.finish = {"cut": "length", "filtered": "content_filter"}.get(model, "stop")
    if model == "hangs-up" or (model == "hangs-up-once" and asked == 1):
        said.hang_up = True
    if model == "busy-twice" and asked <= 2:
        said.status, said.headers = 429, {"Retry-After": "1"}
    if model == "broken-once" and asked == 1:
        said.status = 500
    if model in ERRORS:
        said.status, error = ERRORS[model]
        said.error = {"type": "invalid_request_error", **error}
    return said


def _token(text: str) -> dict[str, Any]:
    alternatives = [{"token": text, "logprob": -0.1, "bytes": list(text.encode())}]
    alternatives.append({"token": "Not", "logprob": -2.4, "bytes": None})
    return {**alternatives[0], "top_logprobs": alternatives}


@pytest.fixture(scope="module")
def _running() -> Iterator[ChatServer]:
    with ChatServer(answer) as found:
        yield found


@pytest.fixture
def server(_running: ChatServer) -> ChatServer:
    """A running server with no requests yet."""
    _running.forget()
    return _running


@pytest.fixture(scope="module", autouse=True)
def _hosts_refused(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Guards this process and every command that it starts."""
    refused = tmp_path_factory.mktemp("guard") / "hosts-refused.txt"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VALUEGAUGE_HOSTS_REFUSED", str(refused))
        patch.setenv("PYTHONPATH", f"{GUARD}{os.pathsep}{ROOT}")
        for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
            patch.delenv(name)
        runpy.run_path(str(GUARD / "sitecustomize.py"))
        yield refused


@pytest.fixture(autouse=True)
def _only_loopback(_hosts_refused: Path) -> Iterator[None]:
    """Fails a test in which anything tried to reach another machine."""
    yield
    if _hosts_refused.exists():
        pytest.fail(f"tried to reach {_hosts_refused.read_text(encoding='utf-8')}")


@pytest.fixture
def run_inspect(tmp_path: Path) -> Callable[..., tuple[str, EvalLog]]:
    """Runs `inspect eval` on the sample as a user types it: what it printed, and the log."""

    def run(*arguments: str, **environment: str) -> tuple[str, EvalLog]:
        done = subprocess.run(
            [
                sys.executable, "-m", "inspect_ai", "eval", "benchmarks/value_portrait",
                "-T", "data=sample", "--limit", "3", "--display", "plain",
                "--log-dir", str(tmp_path), *arguments,
            ],
            cwd=ROOT,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )  # fmt: skip
        said = done.stdout + done.stderr
        logs = list_eval_logs(str(tmp_path))
        assert len(logs) == 1, said
        return said, read_eval_log(logs[0])

    return run
