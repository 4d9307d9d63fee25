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
    choices = sorted(reply.get("choices") or [], key=lambda choice: choice.get("index") or 0)
    model = str(reply.get("model") or "")
    return ModelOutput(
        model=model,
        choices=[_read_choice(model, choice) for choice in choices],
        usage=read_usage(reply.get("usage")),
        response_id=reply.get("id"),
    )


def read_usage(usage: Reply | None) -> ModelUsage | None:
    """Tokens: Inspect's input leaves out those read from and written to a cache.

    litellm counts zero where the provider counted nothing, which is None here.

    >>> read_usage({"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11,
    ...             "prompt_tokens_details": {"cached_tokens": 4}}).input_tokens
    5
    """
    if not usage or not (usage.get("prompt_tokens") or usage.get("completion_tokens")):
        return None
    prompt, completion = usage.get("prompt_tokens") or 0, usage.get("completion_tokens") or 0
    details = usage.get("prompt_tokens_details") or {}
    read = details.get("cached_tokens")
    written = details.get("cache_creation_tokens", details.get("cache_write_tokens"))
    return ModelUsage(
        input_tokens=prompt - (read or 0) - (written or 0),
        output_tokens=completion,
        total_tokens=usage.get("total_tokens") or prompt + completion,
        input_tokens_cache_read=read,
        input_tokens_cache_write=written,
        reasoning_tokens=(usage.get("completion_tokens_details") or {}).get("reasoning_tokens"),
    )


def _read_choice(model: str, choice: Reply) -> ChatCompletionChoice:
    message = choice.get("message") or {}
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
    fields = message.get("provider_specific_fields") or {}
    return message.get("refusal") or fields.get("refusal") or None


def _content(message: Reply, refusal: str | None) -> str | list[Content]:
    text, reasoning = refusal or message.get("content") or "", message.get("reasoning_content")
    if not (refusal or reasoning):
        return str(text)
    thought = [ContentReasoning(reasoning=reasoning)] if reasoning else []
    return [*thought, ContentText(text=text, refusal=True if refusal else None)]


def _logprobs(found: Reply | None) -> Logprobs | None:
    """None where the provider has none, or has them in another shape than token by token."""
    content = (found or {}).get("content")
    return None if content is None else Logprobs(content=content)
