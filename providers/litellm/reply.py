"""What litellm answers, read into Inspect's output. Everything here is plain dicts."""

from collections.abc import Mapping
from typing import Any, get_args

from inspect_ai.model import (
    ChatCompletionChoice,
    ChatMessageAssistant,
    Content,
    ContentReasoning,
    ContentText,
    Logprobs,
    ModelOutput,
    ModelUsage,
    StopDetails,
    StopReason,
)
from pydantic import ValidationError

Reply = Mapping[str, Any]

_STOPS: dict[str, StopReason] = {
    **{reason: reason for reason in get_args(StopReason)},
    "eos": "stop",
    "length": "max_tokens",
    "function_call": "tool_calls",
}


def read_reply(reply: Reply) -> ModelOutput:
    """The answer, from litellm's response as a dict.

    Args:
        reply: in the shape of OpenAI's chat completions.

    Returns:
        The choices in their order, and the tokens used; no usage where none was counted.
    """
    found = reply.get("choices")
    choices = [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
    choices.sort(key=lambda choice: _count(choice.get("index")) or 0)
    model = str(reply.get("model") or "")
    return ModelOutput(
        model=model,
        choices=[_read_choice(model, choice) for choice in choices],
        usage=read_usage(reply.get("usage")),
        response_id=_text(reply.get("id")) or None,
    )


def read_usage(usage: Reply | None) -> ModelUsage | None:
    """Tokens: Inspect's input leaves out those read from and written to a cache.

    litellm counts zero where the provider counted nothing, which is None here.

    >>> read_usage({"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11,
    ...             "prompt_tokens_details": {"cached_tokens": 4}}).input_tokens
    5
    """
    prompt = _count(_of(usage, "prompt_tokens")) or 0
    completion = _count(_of(usage, "completion_tokens")) or 0
    if not (prompt or completion):
        return None
    details = _of(usage, "prompt_tokens_details")
    read = _count(_of(details, "cached_tokens"))
    written = _count(_of(details, "cache_creation_tokens"))
    if written is None:
        written = _count(_of(details, "cache_write_tokens"))
    return ModelUsage(
        input_tokens=max(0, prompt - (read or 0) - (written or 0)),
        output_tokens=completion,
        total_tokens=_count(_of(usage, "total_tokens")) or prompt + completion,
        input_tokens_cache_read=read,
        input_tokens_cache_write=written,
        reasoning_tokens=_count(_of(_of(usage, "completion_tokens_details"), "reasoning_tokens")),
    )


def _of(found: object, name: str) -> object:
    """What stands under a name; None where there is nothing, or nothing that has names."""
    return found.get(name) if isinstance(found, Mapping) else None


def _count(found: object) -> int | None:
    """A number of tokens; None for anything else that a server may send."""
    is_count = isinstance(found, int) and not isinstance(found, bool) and found >= 0
    return found if is_count else None  # type: ignore[return-value]


def _text(found: object) -> str:
    """A text, the texts of a list of parts, or nothing."""
    if isinstance(found, list):
        return "".join(_text(_of(part, "text")) for part in found)
    return found if isinstance(found, str) else ""


def _read_choice(model: str, choice: Reply) -> ChatCompletionChoice:
    message = choice.get("message")
    message = message if isinstance(message, Mapping) else {}
    refusal = _refusal(message)
    return ChatCompletionChoice(
        message=ChatMessageAssistant(
            content=_content(message, refusal), model=model, source="generate"
        ),
        stop_reason=_STOPS.get(str(choice.get("finish_reason")), "unknown"),
        stop_details=StopDetails(type="refusal", explanation=refusal) if refusal else None,
        logprobs=_logprobs(choice.get("logprobs")),
    )


def _refusal(message: Reply) -> str | None:
    """The provider's own words of refusal, which litellm moves among its specific fields."""
    fields = message.get("provider_specific_fields")
    return _text(message.get("refusal")) or _text(_of(fields, "refusal")) or None


def _content(message: Reply, refusal: str | None) -> str | list[Content]:
    text, reasoning = refusal or _text(message.get("content")), message.get("reasoning_content")
    reasoning = _text(reasoning)
    if not (refusal or reasoning):
        return text
    thought = [ContentReasoning(reasoning=reasoning)] if reasoning else []
    return [*thought, ContentText(text=text, refusal=True if refusal else None)]


def _logprobs(found: object) -> Logprobs | None:
    """None where the provider has none, or has them in another shape than token by token."""
    content = _of(found, "content")
    try:
        return None if content is None else Logprobs.model_validate({"content": content})
    except ValidationError:
        return None
