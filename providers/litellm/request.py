"""What is sent to litellm: Inspect's messages and settings in the words of OpenAI's protocol."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from inspect_ai.model import ChatMessage, GenerateConfig

from ratings.errors import DataError

# Inspect's name of a setting, and litellm's.
PASSED = {
    "extra_body": "extra_body",
    "extra_headers": "extra_headers",
    "frequency_penalty": "frequency_penalty",
    "logit_bias": "logit_bias",
    "logprobs": "logprobs",
    "max_tokens": "max_tokens",
    "num_choices": "n",
    "presence_penalty": "presence_penalty",
    "reasoning_effort": "reasoning_effort",
    "seed": "seed",
    "stop_seqs": "stop",
    "temperature": "temperature",
    "top_k": "top_k",
    "top_logprobs": "top_logprobs",
    "top_p": "top_p",
}
# Settings that would change the answers, or what they cost, and that have no one name in litellm.
REFUSED = (
    "batch",
    "best_of",
    "effort",
    "fallback_models",
    "modalities",
    "prompt_logprobs",
    "reasoning_mode",
    "reasoning_tokens",
    "response_schema",
    "verbosity",
)
# Settings whose names litellm keeps for every provider, but for case and underscores.
_SAME_NAME = (
    "frequency_penalty", "presence_penalty", "seed", "temperature", "top_k", "top_p",
)  # fmt: skip
# Arguments of litellm that are not the user's to give, and what to do instead.
_OURS = {
    "max_retries": "Inspect retries: use --max-retries",
    "num_retries": "Inspect retries: use --max-retries",
    "fallbacks": "a run asks one model",
    "stream": "answers are read whole",
    "messages": "the task asks",
}


def messages_of(input: Sequence[ChatMessage]) -> list[dict[str, str]]:
    """Role and text of each message; an assistant's reasoning is not sent back.

    Raises:
        DataError: for content other than text, and for results of tools.
    """
    for message in input:
        if message.role == "tool":
            raise DataError("litellm/ asks without tools; take litellm-proxy/ for them")
        if not isinstance(message.content, str):
            _check_content(content.type for content in message.content)
    return [{"role": message.role, "content": message.text} for message in input]


def settings_of(config: GenerateConfig) -> dict[str, Any]:
    """The settings that were given, under litellm's names."""
    found = {theirs: getattr(config, ours) for ours, theirs in PASSED.items()}
    given = {name: value for name, value in found.items() if value is not None}
    if "logit_bias" in given:  # litellm looks into the names of everything that it is given
        given["logit_bias"] = {str(token): bias for token, bias in given["logit_bias"].items()}
    return given


def body_of(logged: Mapping[str, Any]) -> object:
    """What litellm sent to the provider, from what it tells its `logger_fn` of a call."""
    details = logged.get("additional_args")
    return details.get("complete_input_dict") if isinstance(details, Mapping) else None


def settings_sent(settings: Mapping[str, Any], body: object) -> dict[str, Any]:
    """The settings without those that litellm dropped, as it does with `-M drop_params=true`.

    Args:
        settings: under litellm's names.
        body: what litellm sent to the provider; anything but a mapping says nothing.

    >>> settings_sent({"temperature": 0.0, "seed": 1}, {"messages": [], "seed": 1})
    {'seed': 1}
    """
    if not isinstance(body, Mapping):
        return dict(settings)
    sent = {name.replace("_", "").casefold() for name in _names(body)}
    return {
        name: value
        for name, value in settings.items()
        if name not in _SAME_NAME or name.replace("_", "") in sent
    }


def _names(body: Mapping[str, Any]) -> Iterator[str]:
    for name, value in body.items():
        if isinstance(value, Mapping):
            yield from _names(value)
        yield str(name)


def check_config(config: GenerateConfig) -> None:
    """Refuse a setting that would be dropped without a word.

    Raises:
        DataError: naming it.
    """
    for name in REFUSED:
        if getattr(config, name) not in (None, False):
            raise DataError(
                f"litellm/ does not pass on the setting {name}; leave it out, or give the "
                f"provider's own parameter with -M"
            )


def check_arguments(arguments: Mapping[str, object]) -> None:
    """Refuse an `-M` argument that is not the user's to give.

    Raises:
        DataError: naming it, and what to do instead.
    """
    for name in arguments:
        if name in _OURS:
            raise DataError(f"litellm/ takes no -M {name}: {_OURS[name]}")


def _check_content(types: Iterable[str]) -> None:
    for found in types:
        if found not in ("text", "reasoning"):
            raise DataError(f"litellm/ asks with text only, found {found}; take litellm-proxy/")
