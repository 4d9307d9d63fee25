"""`litellm-proxy/...`: Inspect and a real LiteLLM proxy, both in one environment.

`make litellm` makes it and runs this.
"""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
import yaml
from inspect_ai.log import EvalLog
from inspect_ai.model import GenerateConfig, ModelOutput, get_model

PROXY = Path(sys.executable).parent / "litellm"
KEY = "sk-proxy"
pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(
        find_spec("fastapi_sso") is None, reason="make litellm: needs a proxy, litellm[proxy]"
    ),
]


@pytest.fixture(scope="module")
def proxy(_running: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A proxy with one model that it answers for itself, and two of the server's."""
    folder = tmp_path_factory.mktemp("proxy")
    config, log, port = folder / "config.yaml", folder / "proxy.log", free_port()
    config.write_text(yaml.safe_dump(settings(_running.url)))
    with log.open("w") as file:
        process = subprocess.Popen(
            [PROXY, "--config", config, "--host", "127.0.0.1", "--port", str(port)],
            env={**os.environ, "LITELLM_LOCAL_MODEL_COST_MAP": "True"},
            cwd=folder,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_it_answers(f"{url}/health/liveliness", process, log)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)


def settings(upstream: str) -> dict[str, Any]:
    """The proxy's configuration, as docs/litellm.md describes it."""

    def of_server(model: str) -> dict[str, Any]:
        where = {"model": f"openai/{model}", "api_base": upstream, "api_key": "sk-upstream"}
        return {
            "model_name": model,
            "litellm_params": where,
            "model_info": {"max_input_tokens": 8192},
        }

    mock = {"model": "openai/gpt-4o-mini", "api_key": "none", "mock_response": "Like Me"}
    return {
        "model_list": [
            {"model_name": "mock", "litellm_params": mock},
            of_server("test"),
            of_server("too-long"),
        ],
        "general_settings": {"master_key": KEY},
        "router_settings": {"num_retries": 0},
    }


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def wait_until_it_answers(url: str, process: subprocess.Popen, log: Path) -> None:
    """A proxy takes ten seconds and more to start."""
    until = time.monotonic() + 240
    while time.monotonic() < until and process.poll() is None:
        try:
            urlopen(url, timeout=5).close()
        except (URLError, OSError):
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"the proxy did not start:\n{log.read_text()}")


@pytest.fixture
def environment(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Inspect knows of the proxy from its environment."""
    monkeypatch.setenv("LITELLM_PROXY_BASE_URL", proxy)
    monkeypatch.setenv("LITELLM_PROXY_API_KEY", KEY)


def answer(model: str, **arguments: Any) -> ModelOutput:
    async def ask() -> ModelOutput:
        async with get_model(f"litellm-proxy/{model}", memoize=False, **arguments) as found:
            return await found.generate("Well?")

    return asyncio.run(ask())


def tokens(output: ModelOutput) -> list[str]:
    return [token.token for token in output.choices[0].logprobs.content]


def valid(log: EvalLog) -> float:
    (score,) = log.results.scores
    return score.metrics["valid"].value


def test_a_run_of_a_model_that_the_proxy_answers_for_itself(
    environment: None, run_inspect: Any, server: Any
):
    said, log = run_inspect("--model", "litellm-proxy/mock")
    assert log.status == "success", said
    assert valid(log) == 1
    assert log.stats.model_usage["litellm-proxy/mock"].total_tokens > 0
    assert server.requests == []


def test_a_run_whose_settings_and_log_probabilities_pass_through(
    environment: None, run_inspect: Any, server: Any
):
    said, log = run_inspect(
        "--model", "litellm-proxy/test", "-T", "logprobs=true", "--seed", "3",
    )  # fmt: skip
    assert log.status == "success", said
    assert valid(log) == 1
    assert len(server.requests) == 18
    asked = {(r["temperature"], r["seed"], r["top_logprobs"]) for r in server.requests}
    assert asked == {(0, 3, 20)}
    assert set(server.keys) == {"Bearer sk-upstream"}
    assert KEY not in log.model_dump_json()
    events = [event for event in log.samples[0].events if event.event == "model"]
    assert tokens(events[0].output) == ["Like", " Me"]
    usage = log.stats.model_usage["litellm-proxy/test"]
    assert (usage.total_tokens, usage.input_tokens_cache_read) == (18 * 25, 18 * 8)


def test_without_streaming_it_is_the_same(environment: None, server: Any):
    config = GenerateConfig(logprobs=True, top_logprobs=2)
    output = answer("test", stream=False, config=config)
    assert output.completion == "Like Me"
    assert tokens(output) == ["Like", " Me"]
    assert "stream" not in server.requests[0]


def test_a_question_that_is_too_long_is_an_answer(environment: None):
    assert answer("too-long").stop_reason == "model_length"
