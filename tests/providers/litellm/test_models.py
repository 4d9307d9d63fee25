"""The mapping to and from litellm, with a module in its place; tests/litellm/ has the real one."""

import sys
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import pytest
from inspect_ai._util.error import PrerequisiteError
from inspect_ai.model import (
    ChatMessageAssistant,
    ChatMessageSystem,
    ChatMessageTool,
    ChatMessageUser,
    ContentImage,
    ContentReasoning,
    ContentText,
    GenerateConfig,
    get_model,
)
from inspect_ai.tool import ToolInfo
from rich.text import Text

from providers.litellm.request import PASSED, REFUSED, messages_of, settings_of
from ratings.errors import DataError

LOCAL_FILES = ("LITELLM_LOCAL_MODEL_COST_MAP", "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS")
FAKE = """
import os

HERE = "MODEL_COST_MAP", "ANTHROPIC_BETA_HEADERS"
LOCAL = [os.environ["LITELLM_LOCAL_" + name] for name in HERE]
suppress_debug_info = False
asked = []
reply = {"choices": []}


class Reply:
    def model_dump(self, warnings):
        return reply


def get_llm_provider(model, custom_llm_provider, api_base):
    if "/" not in model:
        raise ValueError(model)


async def acompletion(**request):
    asked.append(request)
    if isinstance(reply, Exception):
        raise reply
    return Reply()
"""


class BadRequestError(Exception):
    status_code = 400


class ContextWindowExceededError(BadRequestError):
    pass


@pytest.fixture
def litellm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A module in litellm's place, imported when a model is made."""
    (tmp_path / "litellm.py").write_text(FAKE)
    monkeypatch.syspath_prepend(tmp_path)
    for name in LOCAL_FILES:
        monkeypatch.setenv(name, "False")
    # set and deleted, so that afterwards it is as before: the real one, or none
    monkeypatch.setitem(sys.modules, "litellm", None)
    monkeypatch.delitem(sys.modules, "litellm")
    make("openai/test")
    return sys.modules["litellm"]


def make(model: str, **arguments: Any):
    return get_model(f"litellm/{model}", memoize=False, **arguments)


def told(error: pytest.ExceptionInfo[PrerequisiteError]) -> str:
    """The line that a user reads."""
    return Text.from_markup(str(error.value.message)).plain


def ask(model: Any, *messages: Any, **settings: Any):
    return anyio.run(partial(model.generate, list(messages), config=GenerateConfig(**settings)))


def test_where_litellm_is_broken_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "litellm", None)
    for name in LOCAL_FILES:
        monkeypatch.setenv(name, "False")
    with pytest.raises(PrerequisiteError) as caught:
        make("openai/test")
    assert "install it: pip install 'litellm>=1.108'" in told(caught)
    assert "\n" not in told(caught)


def test_it_is_imported_quiet_and_with_its_own_price_table(litellm: Any):
    assert litellm.LOCAL == ["True", "True"]
    assert litellm.suppress_debug_info is True


def test_a_call_carries_settings_key_and_place_and_no_retries(litellm: Any):
    model = make("openai/test", base_url="http://127.0.0.1:9/v1", api_key="sk-1", timeout=30)
    ask(
        model,
        ChatMessageSystem(content="You are kind."),
        ChatMessageUser(content="Well?"),
        temperature=0.0,
        stop_seqs=["END"],
        seed=7,
        logprobs=True,
        top_logprobs=5,
    )
    assert callable(litellm.asked[0].pop("logger_fn"))
    assert litellm.asked == [
        {
            "model": "openai/test",
            "messages": [
                {"role": "system", "content": "You are kind."},
                {"role": "user", "content": "Well?"},
            ],
            "temperature": 0.0,
            "stop": ["END"],
            "seed": 7,
            "logprobs": True,
            "top_logprobs": 5,
            "api_base": "http://127.0.0.1:9/v1",
            "api_key": "sk-1",
            "timeout": 30,
            "num_retries": 0,
            "max_retries": 0,
        }
    ]


def test_the_log_of_a_call_shows_no_key_and_no_argument(litellm: Any):
    model = make("openai/test", api_key="sk-1", aws_secret_access_key="sk-2")
    question = [ChatMessageUser(content="Well?")]
    _, call = anyio.run(model.api.generate, question, [], "auto", GenerateConfig(seed=1))
    assert call.request["seed"] == 1
    assert "sk-" not in call.model_dump_json()
    assert litellm.asked[-1]["aws_secret_access_key"] == "sk-2"


def test_settings_are_passed_under_their_names_and_only_when_given():
    assert set(PASSED).isdisjoint(REFUSED)
    assert settings_of(GenerateConfig()) == {}
    config = GenerateConfig(num_choices=2, max_tokens=5, reasoning_effort="low", top_k=3)
    expected = {"n": 2, "max_tokens": 5, "reasoning_effort": "low", "top_k": 3}
    assert settings_of(config) == expected
    # litellm refuses numbers as names
    assert settings_of(GenerateConfig(logit_bias={7: -1.0})) == {"logit_bias": {"7": -1.0}}


@pytest.mark.parametrize("setting", REFUSED)
def test_a_setting_that_would_be_dropped_is_refused(litellm: Any, setting: str):
    config = GenerateConfig.model_construct(**{setting: 1})
    with pytest.raises(PrerequisiteError) as caught:
        make("openai/test", config=config)
    assert f"does not pass on the setting {setting}" in told(caught)


@pytest.mark.parametrize(
    ("model", "arguments", "line"),
    [
        ("gpt", {}, "no provider for 'gpt'; name it before the model, such as litellm/openai/gpt"),
        ("openai/gpt", {"num_retries": 3}, "no -M num_retries: Inspect retries"),
        ("openai/gpt", {"stream": True}, "no -M stream: answers are read whole"),
        ("openai/gpt", {"base_url": "localhost:80"}, "must start with http:// or https://"),
    ],
)
def test_what_a_user_got_wrong_is_told_in_one_line(
    litellm: Any, model: str, arguments: dict, line: str
):
    with pytest.raises(PrerequisiteError) as caught:
        make(model, **arguments)
    assert line in told(caught)


def test_messages_are_text_and_reasoning_stays_behind():
    thought = ChatMessageAssistant(
        content=[ContentReasoning(reasoning="hm"), ContentText(text="Like Me")]
    )
    assert messages_of([thought]) == [{"role": "assistant", "content": "Like Me"}]
    picture = ChatMessageUser(content=[ContentImage(image="data:image/png;base64,AA==")])
    with pytest.raises(DataError, match="text only, found image"):
        messages_of([picture])
    with pytest.raises(DataError, match="without tools"):
        messages_of([ChatMessageTool(content="4")])


def test_tools_are_refused(litellm: Any):
    api, tool = make("openai/test").api, ToolInfo(name="add", description="adds")
    with pytest.raises(PrerequisiteError, match="without tools"):
        anyio.run(api.generate, [], [tool], "auto", GenerateConfig())


def test_models_share_connections_only_with_the_same_key_and_place(litellm: Any):
    keys = [
        make("openai/a", api_key="1").api.connection_key(),
        make("openai/a", api_key="1").api.connection_key(),
        make("openai/a", api_key="2").api.connection_key(),
        make("openai/a", api_key="1", base_url="http://127.0.0.1").api.connection_key(),
        make("openai/b", api_key="1").api.connection_key(),
    ]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 4


def test_what_will_not_pass_is_told_in_one_line(litellm: Any):
    litellm.reply = BadRequestError(
        "litellm.AuthenticationError: AuthenticationError: OpenAIException - no [key]\nTraceback "
        "(most recent call last)\n  File"
    )
    with pytest.raises(PrerequisiteError) as caught:
        ask(make("openai/test"), ChatMessageUser(content="Well?"))
    assert told(caught) == "litellm/openai/test: no [key]"


def test_an_error_that_is_an_answer_is_one_in_the_run(litellm: Any):
    litellm.reply = ContextWindowExceededError("8 tokens at most")
    output = ask(make("openai/test"), ChatMessageUser(content="Well?"))
    assert (output.stop_reason, output.completion) == ("model_length", "8 tokens at most")
