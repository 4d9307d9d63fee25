"""What litellm raises: answers, retries, lines for the user. The classes have litellm's names."""

import httpx
import pytest

from providers.litellm.errors import as_told, output_of_error, retry_decision


class RateLimitError(Exception):
    status_code = 429


class ServerError(Exception):
    """What litellm makes of a broken server, and of everything that it does not know."""

    status_code = 500


class BadRequestError(Exception):
    status_code = 400


class ContextWindowExceededError(BadRequestError):
    pass


class ContentPolicyViolationError(BadRequestError):
    pass


class UnsupportedParamsError(BadRequestError):
    pass


class Timeout(Exception):  # noqa: N818 - litellm's name
    status_code = 408


def caused_by(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


def server_said(status: int, error: Exception) -> Exception:
    request = httpx.Request("POST", "http://127.0.0.1/v1")
    response = httpx.Response(status, request=request)
    return caused_by(error, httpx.HTTPStatusError("said", request=request, response=response))


@pytest.mark.parametrize(
    ("error", "stop"),
    [
        (ContextWindowExceededError("too long"), "model_length"),
        (BadRequestError("Your input exceeds the context window of this model."), "model_length"),
        (server_said(400, ServerError("prompt is too long: 9 tokens > 8")), "model_length"),
        (ContentPolicyViolationError("not safe"), "content_filter"),
        (BadRequestError("max_tokens is too large: the limit is 8"), None),
        (RateLimitError("the context window of your rate limit"), None),
    ],
)
def test_some_errors_are_answers(error: Exception, stop: str | None):
    output = output_of_error("m", error)
    assert (output and output.stop_reason) == stop
    if output:
        assert output.completion == str(error)


def test_a_blocked_question_is_known_by_its_code():
    error = BadRequestError("blocked")
    error.code = "cyber_policy"
    output = output_of_error("m", error)
    assert output.stop_reason == "content_filter"
    assert output.choices[0].stop_details.explanation == "blocked"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (RateLimitError("slow down"), "rate_limit"),
        (RateLimitError("You exceeded your current quota."), None),
        (Timeout("30 seconds"), "transient"),
        (server_said(503, ServerError("try later")), "transient"),
        (server_said(404, ServerError("<html>not here</html>")), None),
        (caused_by(ServerError("closed"), httpx.ReadError("closed")), "transient"),
        (caused_by(ServerError("refused"), ConnectionRefusedError()), "transient"),
        (caused_by(ServerError("no key"), ValueError("GEMINI_API_KEY is not set")), None),
        (ServerError("'ModelResponse' object has no attribute 'usage'"), None),
        (BadRequestError("temperature must be at most 2"), None),
        (KeyError("choices"), None),
    ],
)
def test_only_what_may_pass_is_tried_again(error: Exception, kind: str | None):
    decision = retry_decision(error)
    assert bool(decision) == (kind is not None)
    assert kind is None or decision.kind == kind


def test_a_parameter_that_a_provider_lacks_names_the_way_out():
    error = UnsupportedParamsError(
        "litellm.UnsupportedParamsError: anthropic does not support parameters: ['seed']. "
        "To drop these, set `litellm.drop_params=True`"
    )
    expected = "anthropic does not support parameters: ['seed']; leave them out, or add"
    assert as_told(error) == f"{expected} -M drop_params=true"


def test_a_page_for_an_error_is_cut():
    assert len(as_told(ServerError("<html> " * 1000))) <= 400
