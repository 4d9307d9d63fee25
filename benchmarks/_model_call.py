"""What a call to a model says of itself: whether it was answered, what was sent, why it failed."""

from collections.abc import Iterator, Mapping
from typing import Any

from inspect_ai._util.error import PrerequisiteError
from inspect_ai.event import ModelEvent
from inspect_ai.model import Model, ModelOutput
from inspect_ai.model._model import ModelGenerateError
from rich.markup import escape
from tenacity import RetryError

from scorers.inspect_adapter.asking import NO_COMPLETION

# What a failed answer ends in, where a provider takes it apart.
_TAKING_APART = (
    ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError,
)  # fmt: skip
_WHOLE = ("stop", "unknown")  # why a model stopped, where nothing else says why there is no text

# Settings that every provider sends under a name that can be known again, without its case and
# underscores.
_SENT_AS = {
    "temperature": ("temperature",),
    "top_p": ("topp",),
    "top_k": ("topk",),
    "seed": ("seed", "randomseed"),
    "frequency_penalty": ("frequencypenalty",),
    "presence_penalty": ("presencepenalty",),
    "stop_seqs": ("stop", "stopsequences"),
    "logprobs": ("logprobs", "toplogprobs", "responselogprobs"),
}
_QUESTION = ("messages", "contents", "input", "prompt")


def why_no_answer(output: ModelOutput, event: ModelEvent | None) -> str | None:
    """Why an output is not an answer; None where it is, an empty one included."""
    if not output.choices:
        return output.error or "no choices"
    if output.completion or output.choices[0].stop_reason not in _WHOLE:
        return None
    if event is not None and event.cache == "read":
        return "nothing in the cache"
    response = event.call.response if event is not None and event.call is not None else None
    return None if response is None or _says(response) else "no content"


def _says(value: object) -> bool:
    """Whether a response holds a text, be it empty, where providers put answers."""
    if isinstance(value, Mapping):
        places = ("choices", "message", "output", "content", "text", "candidates", "parts")
        return any(_says(value[place]) for place in places if place in value)
    if isinstance(value, list):
        return any(map(_says, value))
    return isinstance(value, str)


def settings_not_sent(event: ModelEvent) -> list[str]:
    """Settings that the call had and the request that was sent lacks."""
    request = event.call.request if event.call is not None else {}
    if not any(name in request for name in _QUESTION) or event.model.startswith("mockllm/"):
        return []
    sent = {name.replace("_", "").casefold() for name in _names(request)}
    found = {name: getattr(event.config, name) for name in _SENT_AS}
    return [
        name
        for name, value in found.items()
        if value is not None and value is not False and not sent.intersection(_SENT_AS[name])
    ]


def _names(request: Mapping[str, Any]) -> Iterator[str]:
    """Names of what a request sets, at any depth but in the question."""
    for name, value in request.items():
        if name in _QUESTION or value is None:
            continue
        yield name
        if isinstance(value, Mapping):
            yield from _names(value)


def is_no_completion(error: Exception) -> bool:
    """Whether an error says that what came with status 200 is not a completion."""
    error = _last(error)
    return isinstance(error, _TAKING_APART) or type(error).__name__ == "OpenAIResponseError"


def what_came(error: Exception, event: ModelEvent | None) -> str:
    """What came with status 200 and is not a completion, as far as Inspect's provider says."""
    response = event.call.response if event is not None and event.call is not None else None
    reported = (response or {}).get("error")
    if isinstance(reported, dict) and reported.get("message"):
        return f"an error instead of an answer: {in_one_line(str(reported['message']))}"
    error = _last(error)
    return f"{NO_COMPLETION}: {type(error).__name__} {_line(error) if str(error) else ''}".strip()


def refuses_key(model: Model, error: Exception) -> bool:
    """Whether the provider refuses the key."""
    return model.api.is_auth_failure(error) or _status(error) == 401


def refusal_of(model: Model, error: Exception) -> str | None:
    """What a provider says that will not have a question, in one line; None for other errors."""
    if isinstance(error, PrerequisiteError):
        return str(error.message)
    if refuses_key(model, error):
        return escape(f"{model} refuses the key: {_line(error)}")
    if isinstance(error, RetryError):
        tries = error.last_attempt.attempt_number
        cause = _line(_last(error))
        return escape(f"{model} cannot be asked, given up after {tries} tries: {cause}")
    if isinstance(error, ModelGenerateError) or _status(error) in (400, 402, 403, 404, 405, 422):
        return escape(f"{model} refuses the call: {_line(error)}")
    return None


def _last(error: Exception) -> Exception:
    """The error of the last try, of one that was tried again."""
    found = error.last_attempt.exception() if isinstance(error, RetryError) else None
    return found if isinstance(found, Exception) else error


def _status(error: Exception) -> int | None:
    found = getattr(error, "status_code", None)
    return found if isinstance(found, int) else None


def _line(error: Exception) -> str:
    """An error in one line, the provider's own words where there are any."""
    reported = getattr(error, "provider_message", None) or str(error) or repr(error)
    return in_one_line(str(reported))


def in_one_line(text: str) -> str:
    """A text without line breaks, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= 300 else f"{line[:297]}..."
