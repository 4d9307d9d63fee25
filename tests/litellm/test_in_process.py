"""`litellm/...` with the real litellm against a server on this machine."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest
from inspect_ai._util.error import PrerequisiteError
from inspect_ai.model import ChatMessageSystem, ChatMessageUser, GenerateConfig, get_model
from tenacity import RetryError, wait_none

from benchmarks.value_portrait.task import value_portrait
from providers.litellm.models import LitellmAPI
from tests.evaluate import evaluate

# litellm keeps its connections until the process ends
pytestmark = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")


@pytest.fixture
def ask(server: Any, monkeypatch: pytest.MonkeyPatch):
    """Asks a model of the server through Inspect, which retries at once."""
    monkeypatch.setattr(LitellmAPI, "retry_wait", lambda _: wait_none(), raising=True)

    def call(model: str, **settings: Any):
        api_key = settings.pop("api_key", "sk-test")
        found = get_model(
            f"litellm/openai/{model}", base_url=server.url, api_key=api_key, memoize=False
        )
        messages = [ChatMessageSystem(content="You are kind."), ChatMessageUser(content="Well?")]
        return asyncio.run(found.generate(messages, config=GenerateConfig(**settings)))

    return call


def test_a_question_and_its_settings_arrive_as_given(ask: Any, server: Any):
    ask(
        "test", temperature=0.5, top_p=0.9, max_tokens=8, seed=3, stop_seqs=["END"],
        frequency_penalty=0.1, presence_penalty=0.2, num_choices=2, logit_bias={7: -1.0},
    )  # fmt: skip
    (request,) = server.requests
    assert request == {
        "model": "test",
        "messages": [
            {"role": "system", "content": "You are kind."},
            {"role": "user", "content": "Well?"},
        ],
        "temperature": 0.5,
        "top_p": 0.9,
        "max_tokens": 8,
        "seed": 3,
        "stop": ["END"],
        "frequency_penalty": 0.1,
        "presence_penalty": 0.2,
        "n": 2,
        "logit_bias": {"7": -1.0},
    }
    assert server.keys == ["Bearer sk-test"]


def test_an_answer_comes_back_with_what_it_cost(ask: Any):
    output = ask("test")
    assert (output.completion, output.stop_reason, output.model) == ("Like Me", "stop", "test-2026")
    assert output.usage.model_dump(exclude_none=True) == {
        "input_tokens": 12,
        "input_tokens_cache_read": 8,
        "output_tokens": 5,
        "total_tokens": 25,
        "reasoning_tokens": 3,
    }
    assert ask("uncounted").usage is None


def test_log_probabilities_come_back(ask: Any, server: Any):
    output = ask("test", logprobs=True, top_logprobs=2)
    assert (server.requests[0]["logprobs"], server.requests[0]["top_logprobs"]) == (True, 2)
    tokens = output.choices[0].logprobs.content
    assert [token.token for token in tokens] == ["Like", " Me"]
    assert [(top.token, top.logprob) for top in tokens[1].top_logprobs] == [
        (" Me", -0.1),
        ("Not", -2.4),
    ]
    assert ask("test").choices[0].logprobs is None


def test_several_choices_come_back(ask: Any):
    assert [choice.message.text for choice in ask("test", num_choices=2).choices] == ["Like Me"] * 2


@pytest.mark.parametrize(("model", "stop"), [("cut", "max_tokens"), ("filtered", "content_filter")])
def test_why_it_stopped(ask: Any, model: str, stop: str):
    assert ask(model).stop_reason == stop


def test_a_refusal_and_reasoning_come_back(ask: Any):
    output = ask("refuses")
    assert output.completion == "I cannot help with that."
    assert output.message.content[0].refusal is True
    assert output.choices[0].stop_details.type == "refusal"
    output = ask("thinks")
    assert output.completion == "Like Me"
    assert output.message.content[0].reasoning == "Let me see."


@pytest.mark.parametrize(
    ("model", "stop", "text"),
    [
        ("too-long", "model_length", "This model's maximum context length is 8 tokens."),
        (
            "too-long-newer",
            "model_length",
            "Your input exceeds the context window of this model.",
        ),
        ("blocked", "content_filter", "Your request was rejected by our safety system."),
    ],
)
def test_a_question_that_is_not_taken_is_an_answer(
    ask: Any, server: Any, model: str, stop: str, text: str
):
    output = ask(model)
    assert (output.stop_reason, output.completion) == (stop, text)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("model", "calls"), [("busy-twice", 3), ("broken-once", 2), ("hangs-up-once", 2)]
)
def test_inspect_asks_again_what_may_pass(ask: Any, server: Any, model: str, calls: int):
    assert ask(model, max_retries=5).completion == "Like Me"
    assert len(server.requests) == calls


@pytest.mark.parametrize("model", ["broken", "hangs-up"])
def test_litellm_does_not_ask_again_by_itself(ask: Any, server: Any, model: str):
    with pytest.raises(RetryError, match="InternalServerError"):
        ask(model, max_retries=0)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("model", "line"),
    [
        ("locked", "Incorrect API key provided: sk-wrong."),
        ("forbidden", "This key may not use the model."),
        ("unknown", "The model `unknown` does not exist."),
        ("wrong", "temperature must be at most 2."),
        ("poor", "You exceeded your current quota."),
    ],
)
def test_what_will_not_pass_is_reported_in_one_line_at_once(
    ask: Any, server: Any, model: str, line: str
):
    with pytest.raises(PrerequisiteError) as caught:
        ask(model)
    assert caught.value.message == f"litellm/openai/{model}: {line}"
    assert len(server.requests) == 1


def test_a_missing_key_is_not_a_broken_server(
    ask: Any, server: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(PrerequisiteError) as caught:
        ask("test", api_key=None)
    assert "OPENAI_API_KEY" in str(caught.value.message)
    assert server.requests == []


def test_a_parameter_that_a_provider_lacks_is_reported(server: Any):
    claude = {"base_url": server.url, "api_key": "sk-test", "memoize": False}
    model = get_model("litellm/anthropic/claude-3-5-haiku-20241022", **claude)
    with pytest.raises(PrerequisiteError, match="add -M drop_params=true"):
        asyncio.run(model.generate("Well?", config=GenerateConfig(logprobs=True)))
    assert server.requests == []


def test_an_unknown_provider_is_refused_before_the_run():
    with pytest.raises(PrerequisiteError, match="no provider for 'nowhere/test'"):
        get_model("litellm/nowhere/test", memoize=False)


def test_it_calls_nobody_back(ask: Any):
    ask("test")
    litellm = sys.modules["litellm"]
    for name in ("callbacks", "success_callback", "failure_callback", "_async_success_callback"):
        assert getattr(litellm, name) == [], name


@pytest.mark.processes
def test_a_whole_run(run_inspect: Any, server: Any):
    said, log = run_inspect(
        "--model", "litellm/openai/test", "--model-base-url", server.url, "-T", "logprobs=true",
        "-M", "api_key=sk-secret",
    )  # fmt: skip
    assert log.status == "success", said
    assert "Unclosed" not in said
    assert len(server.requests) == 18
    assert {request["temperature"] for request in server.requests} == {0}
    assert {request["top_logprobs"] for request in server.requests} == {20}
    assert set(server.keys) == {"Bearer sk-secret"}
    assert "sk-secret" not in log.model_dump_json()
    assert log.stats.model_usage["litellm/openai/test"].total_tokens == 18 * 25
    metrics = {
        name: metric.value for score in log.results.scores for name, metric in score.metrics.items()
    }
    assert metrics["valid"] == 1
    events = [event for event in log.samples[0].events if event.event == "model"]
    assert len(events) == 6
    # Inspect keeps the bodies of some calls only
    call = next(event.call for event in events if event.call)
    assert call.request["model"] == "openai/test"
    assert call.response["id"].startswith("chatcmpl-")


def test_a_whole_run_with_a_wrong_key(server: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    (log,) = evaluate(
        value_portrait(data="sample"), model="litellm/openai/locked", model_base_url=server.url,
        limit=1, log_dir=str(tmp_path),
    )  # fmt: skip
    assert log.status == "error"
    assert log.error.message == "litellm/openai/locked: Incorrect API key provided: sk-wrong."
    assert server.keys[0] == "Bearer sk-test"
