"""What litellm raises: what is an answer after all, what to try again, what to tell the user.

Read off names, statuses and the chain of causes, so that litellm need not be imported.
"""

import re
import socket
from collections.abc import Iterator
from textwrap import shorten

from inspect_ai.model import ModelOutput, RetryDecision, StopDetails

_NO_KEY, _TIMEOUT, _TOO_MANY, _SERVER = 401, 408, 429, 500
_LONGEST = 400  # characters of a message; some servers answer with a page

_BLOCKED = {
    "bio_policy",
    "content_filter",
    "content_policy_violation",
    "cyber_policy",
    "invalid_prompt",
}
# Providers say it in words of which litellm knows some.
_TOO_LONG = re.compile(
    r"context_length_exceeded|maximum context length|context window|input_too_large"
    r"|(prompt|input|request) is too (long|large)|model token limit|number of tokens allowed",
    re.IGNORECASE,
)
# A rate limit in name, but waiting does not fill the purse.
_NO_QUOTA = re.compile(r"exceeded your current quota|insufficient_quota", re.IGNORECASE)

# What litellm says of an answer that it cannot take apart.
_NO_COMPLETION = re.compile(
    r"Invalid response object|Empty or invalid response|provider returned (a response with )?"
    r"(no )?'choices'"
)

_HTTP_PACKAGES = {"aiohttp", "httpcore", "httpcore2", "httpx", "httpx2", "requests", "urllib3"}
_CLASSES = re.compile(r"^((litellm\.)?\w*(Error|Exception|Timeout)( \w+Error)?(:| -) *)+")


def output_of_error(model: str, error: BaseException) -> ModelOutput | None:
    """The output that an error stands for, or None.

    Returns:
        `model_length` when the question does not fit into the model's context,
        `content_filter` when the provider's policy blocks it; the text is the provider's. An
        output without choices when what came with status 200 is no completion.
    """
    text = as_told(error)
    if _is_a(error, "ContentPolicyViolationError") or getattr(error, "code", None) in _BLOCKED:
        details = StopDetails(type="refusal", explanation=text)
        return ModelOutput.from_content(model, text, "content_filter", stop_details=details)
    refused = _status(error) in (400, 413, 422)
    if _is_a(error, "ContextWindowExceededError") or (refused and _TOO_LONG.search(str(error))):
        return ModelOutput.from_content(model, text, "model_length")
    if _no_completion(error):
        return ModelOutput(model=model, error=text)
    return None


def retry_decision(error: BaseException) -> RetryDecision:
    """Whether Inspect should ask again: only what may pass by itself.

    litellm gives the status of a broken server to every error that it does not know, its own
    included. So such a status counts only if the network or a server is among the causes.
    """
    status = _status(error)
    if status == _TOO_MANY and not _NO_QUOTA.search(f"{error} {getattr(error, 'body', '')}"):
        return RetryDecision.rate_limit()
    if status == _TIMEOUT or (status and status >= _SERVER and _from_the_network(error)):
        return RetryDecision.transient()
    return RetryDecision.no()


def refuses_key(error: BaseException) -> bool:
    """Whether it is the key that is refused, also where the error is put in another's words."""
    return any(getattr(cause, "status_code", None) == _NO_KEY for cause in _causes(error))


def as_told(error: BaseException) -> str:
    """The provider's message in one line, without the names of litellm's classes.

    >>> as_told(ValueError("litellm.AuthenticationError: OpenAIException - no such key"))
    'no such key'
    """
    text, _, _ = str(error).partition("Traceback (most recent call last)")
    if _is_a(error, "UnsupportedParamsError"):
        text = f"{text.partition('. To drop')[0]}; leave them out, or add -M drop_params=true"
    line = _CLASSES.sub("", " ".join(text.split()))
    return shorten(line, _LONGEST, placeholder=" ...") or type(error).__name__


def _no_completion(error: BaseException) -> bool:
    return bool(_NO_COMPLETION.search(str(error))) or any(
        isinstance(cause, UnicodeDecodeError) or _is_a(cause, "JSONDecodeError")
        for cause in _causes(error)
    )


def _is_a(error: BaseException, name: str) -> bool:
    return any(found.__name__ == name for found in type(error).__mro__)


def _status(error: BaseException) -> int | None:
    """The status that the server sent; else the one that litellm gives."""
    for cause in _causes(error):
        if _is_a(cause, "HTTPStatusError"):
            return int(cause.response.status_code)  # type: ignore[attr-defined]
    found = getattr(error, "status_code", None)
    return found if isinstance(found, int) else None


def _from_the_network(error: BaseException) -> bool:
    own = (ConnectionError, TimeoutError, socket.gaierror)
    return any(
        isinstance(cause, own) or type(cause).__module__.partition(".")[0] in _HTTP_PACKAGES
        for cause in _causes(error)
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what it came from; some are raised `from None`, so the context counts."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
