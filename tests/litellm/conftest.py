"""A server on loopback that speaks OpenAI's chat protocol, and a guard against any other."""

import json
import os
import runpy
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from inspect_ai.log import EvalLog, list_eval_logs, read_eval_log

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


class ChatServer(ThreadingHTTPServer):
    """Answers every model's chat; some models have something to them, by their names."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Chat)
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class _Chat(BaseHTTPRequestHandler):
    server: ChatServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append(body)
        self.server.keys.append(self.headers["Authorization"])
        model = body["model"]
        asked = sum(request["model"] == model for request in self.server.requests)
        if model == "hangs-up" or (model == "hangs-up-once" and asked == 1):
            self.close_connection = True
        elif model == "busy-twice" and asked <= 2:
            self._send(429, {"error": {"message": "Slow down."}}, {"Retry-After": "1"})
        elif model == "broken-once" and asked == 1:
            self._send(500, {"error": {"message": "Once.", "type": "server_error"}})
        elif model in ERRORS:
            status, error = ERRORS[model]
            self._send(status, {"error": {"type": "invalid_request_error", **error}})
        elif body.get("stream"):
            self._stream(_in_pieces(_completion(body)))
        else:
            self._send(200, _completion(body))

    def _send(self, status: int, body: object, headers: dict[str, str] | None = None) -> None:
        self._write(status, "application/json", json.dumps(body), headers or {})

    def _stream(self, events: list[str]) -> None:
        text = "".join(f"data: {event}\n\n" for event in events)
        self._write(200, "text/event-stream", text, {})

    def _write(self, status: int, kind: str, text: str, headers: dict[str, str]) -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Nothing: the tests read `requests`."""


def _completion(body: dict[str, Any]) -> dict[str, Any]:
    model = body["model"]
    message: dict[str, Any] = {"role": "assistant", "content": ANSWER}
    if model == "refuses":
        message |= {"content": None, "refusal": "I cannot help with that."}
    if model == "thinks":
        message["reasoning_content"] = "Let me see."
    reasons = {"cut": "length", "filtered": "content_filter"}
    choice = {"message": message, "finish_reason": reasons.get(model, "stop")}
    if body.get("logprobs"):
        choice["logprobs"] = {"content": [_token("Like"), _token(" Me")]}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": f"{model}-2026",
        "choices": [{"index": place, **choice} for place in range(body.get("n") or 1)],
        **({} if model == "uncounted" else {"usage": USAGE}),
    }


def _in_pieces(whole: dict[str, Any]) -> list[str]:
    """The completion in pieces: the answer, why it ended, what it cost."""
    (choice,) = whole["choices"]
    chunk = {**whole, "object": "chat.completion.chunk"} | {"usage": None}
    answer = {"index": 0, "delta": choice["message"], "logprobs": choice.get("logprobs")}
    end = {"index": 0, "delta": {}, "finish_reason": choice["finish_reason"]}
    pieces = [{**chunk, "choices": [piece]} for piece in (answer, end)]
    pieces.append({**chunk, "choices": [], "usage": whole.get("usage")})
    return [*map(json.dumps, pieces), "[DONE]"]


def _token(text: str) -> dict[str, Any]:
    alternatives = [{"token": text, "logprob": -0.1, "bytes": list(text.encode())}]
    alternatives.append({"token": "Not", "logprob": -2.4, "bytes": None})
    return {**alternatives[0], "top_logprobs": alternatives}


@pytest.fixture(scope="module")
def _running() -> Iterator[ChatServer]:
    with ChatServer() as found:
        thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield found
        found.shutdown()
        thread.join()


@pytest.fixture
def server(_running: ChatServer) -> ChatServer:
    """A running server with no requests yet."""
    _running.requests.clear()
    _running.keys.clear()
    return _running


@pytest.fixture(scope="module", autouse=True)
def _hosts_refused(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Guards this process and every command that it starts."""
    refused = tmp_path_factory.mktemp("guard") / "hosts-refused.txt"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VALUEGAUGE_HOSTS_REFUSED", str(refused))
        patch.setenv("PYTHONPATH", str(GUARD))
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
