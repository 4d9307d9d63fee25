"""A model that litellm reaches scores as it does through Inspect's own provider."""

import json
from pathlib import Path

import pytest
from inspect_ai.log import EvalLog
from inspect_ai.model import ModelAPI, get_model
from inspect_ai.model._providers.openai import OpenAIAPI
from inspect_ai.model._providers.vllm import VLLMAPI
from tenacity import wait_none

from benchmarks.value_portrait.task import value_portrait
from providers.litellm.models import LitellmAPI
from scorers.answers.spoken import spoken
from tests.evaluate import evaluate
from tests.loopback import ChatServer

# litellm keeps its connections until the process ends
pytestmark = [
    pytest.mark.processes,
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
]


def read(log: EvalLog) -> str:
    """Every metric, and what was read of every answer; as text, in which NaN equals itself."""
    metrics = {name: m.value for score in log.results.scores for name, m in score.metrics.items()}
    readings = {
        str(sample.id): (score.value, score.answer, score.metadata["statuses"])
        for sample in log.samples
        for score in sample.scores.values()
    }
    return json.dumps([metrics, readings], sort_keys=True, indent=1)


def texts(log: EvalLog) -> dict[tuple[str, str], str]:
    """What the model said in the end to each question of each sample.

    Without its thoughts, which litellm takes out of the text where they stand between two tags.
    """
    return {
        (str(sample.id), event.input[-1].text): spoken(event.output.completion).text.strip()
        for sample in log.samples
        for event in sample.events
        if event.event == "model" and event.output.choices
    }


@pytest.mark.slow
@pytest.mark.parametrize("manner", ["x", "hedges+refuses+null+cut"])
def test_the_same_answers_score_the_same(
    manner: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, in_full: bool
):
    monkeypatch.setattr(LitellmAPI, "retry_wait", lambda _: wait_none())
    monkeypatch.setattr(OpenAIAPI, "retry_wait", lambda _: wait_none())
    limit = None if in_full else 4
    logs, failed = [], []
    with ChatServer(fail_every=5) as server:
        for provider in ("openai", "litellm/openai"):
            logs += evaluate(
                value_portrait(data="sample"), model=f"{provider}/{manner}", limit=limit,
                model_base_url=server.url, model_args={"api_key": "none"}, log_dir=str(tmp_path),
            )  # fmt: skip
            failed.append(server.failed)
            server.forget()
    assert [log.status for log in logs] == ["success", "success"]
    assert min(failed) > 0
    assert [len(texts(log)) for log in logs] == [6 * (limit or 120)] * 2
    assert texts(logs[0]) == texts(logs[1])
    assert read(logs[0]) == read(logs[1])


def test_an_own_server_answers_alike_however_it_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    """The ways of docs/own_server.md; the last one is litellm's."""
    monkeypatch.setattr(ModelAPI, "retry_wait", lambda _: wait_none())
    monkeypatch.setattr(VLLMAPI, "retry_wait", lambda _: wait_none())
    found = []
    with ChatServer(fail_every=5) as server:
        for service in ("LOCAL", "VLLM", "OLLAMA"):
            monkeypatch.setenv(f"{service}_BASE_URL", server.url)
            monkeypatch.setenv(f"{service}_API_KEY", "none")
        for name in ("openai-api/local/x", "vllm/x", "ollama/x", "litellm/openai/x"):
            way = {"base_url": server.url, "api_key": "none"} if "litellm" in name else {}
            model = get_model(name, memoize=False, **way)
            task = value_portrait(data="sample", logprobs=True)
            (log,) = evaluate(task, model=model, limit=1, max_retries=9, log_dir=str(tmp_path))
            assert log.status == "success", name
            assert len(texts(log)) == 6
            found.append((texts(log), read(log)))
            assert {body["model"] for body in server.requests} == {"x"}
            server.forget()
    assert all(one == found[0] for one in found)
