"""The one way to ask a model: again where no answer came, with what is to be said of the call.

A provider may answer with status 200 and send no answer: no choices, no content, something that is
no completion. That says nothing of the model, so it is asked again, a few times and never from
Inspect's cache, before it counts as empty. A call that fails is another matter: what may pass is
tried again by Inspect, and anything else ends the sample.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from inspect_ai._util.error import PrerequisiteError
from inspect_ai.event import ModelEvent
from inspect_ai.log import transcript
from inspect_ai.model import (
    CachePolicy,
    ChatMessage,
    GenerateConfig,
    Model,
    ModelAPI,
    ModelOutput,
)
from inspect_ai.model._generate_config import active_generate_config
from inspect_ai.model._model import ModelGenerateError, use_model_event_sink
from inspect_ai.solver import Generate, Solver, TaskState, solver
from rich.markup import escape
from tenacity import RetryError

from scorers.inspect_adapter.asking import ABOUT, ASKED, NO_ANSWER, NOT_SENT

ASKS = 3  # calls at most, until one is answered
NEVER = 10  # questions in a row, from the first on, after which a provider never answers

# What an answer that is no answer ends in, where a provider takes it apart.
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


@dataclass(frozen=True)
class Asked:
    """What a model answered.

    Attributes:
        output: of the last call; without choices where no answer came.
        about: what is to be said of the calls, in the words of `scorers.inspect_adapter.asking`;
            empty where one call was answered and sent as it was set.
    """

    output: ModelOutput
    about: dict[str, Any]

    def kept(self) -> dict[str, Any]:
        """The answer as logs keep it: `text`, `stop_reason`, and `about`."""
        stop_reason = self.output.stop_reason if self.output.choices else "unknown"
        return {"text": self.output.completion, "stop_reason": stop_reason, **self.about}


async def ask_model(
    model: Model, messages: Sequence[ChatMessage], config: GenerateConfig | None = None
) -> Asked:
    """Ask, and ask again while the provider sends no answer.

    Raises:
        PrerequisiteError: in one line, where the provider refuses the key or the call as it was
            set, or cannot be reached. A provider that refused the key before it ever answered, or
            has answered none of the first `NEVER` questions, is asked nothing more.
    """
    about: dict[str, Any] = {}
    config = config or GenerateConfig()
    for attempt in range(1, 1 + ASKS):
        output, event, cause = await _once(model, messages, config)
        if attempt > 1:
            about[ASKED] = attempt
        if event is not None and (dropped := _not_sent(event)):
            about[NOT_SENT] = dropped
        if cause is None:
            return Asked(output, about)
        config = past_the_cache(model, config, ASKED, attempt + 1)
    _count_unanswered(model, str(cause))
    return Asked(output, {**about, NO_ANSWER: cause})


@solver
def ask_once() -> Solver:
    """Ask what the sample asks, as Inspect's own `generate` does."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        from inspect_ai.model import get_model

        asked = await ask_model(get_model(), state.messages)
        state.output = asked.output
        if asked.output.choices:
            state.messages.append(asked.output.message)
        if asked.about:
            state.output.metadata = {**(state.output.metadata or {}), ABOUT: asked.about}
        return state

    return solve


def past_the_cache(model: Model, config: GenerateConfig, name: str, value: int) -> GenerateConfig:
    """A setting with which a repeated call does not get the answer that it repeats from the cache.

    Args:
        model: that is asked.
        config: of the call.
        name: what counts the calls.
        value: number of this one.
    """
    cache = config.cache or active_generate_config().cache or model.config.cache
    if not cache:
        return config
    policy = cache if isinstance(cache, CachePolicy) else CachePolicy()
    scopes = {**policy.scopes, name: str(value)}
    return config.model_copy(update={"cache": policy.model_copy(update={"scopes": scopes})})


@dataclass
class _Known:
    """What is known of a provider from the calls so far.

    Attributes:
        reached: whether a question was ever sent to it.
        answered: whether it ever answered.
        unanswered: how many questions it sent no answer to.
        given_up: why it is asked nothing more.
    """

    reached: bool = False
    answered: bool = False
    unanswered: int = 0
    given_up: str = ""


_known: "WeakKeyDictionary[ModelAPI, _Known]" = WeakKeyDictionary()


@dataclass
class _Seen:
    """Sees each call before Inspect's log drops its request, and passes it on to the log."""

    event: ModelEvent | None = field(default=None)

    def on_pending(self, event: ModelEvent) -> None:
        """A call begins."""
        transcript()._event(event)

    def on_complete(self, event: ModelEvent) -> None:
        """A call ended."""
        self.event = event.model_copy()
        transcript()._event_updated(event)


async def _once(
    model: Model, messages: Sequence[ChatMessage], config: GenerateConfig
) -> tuple[ModelOutput, ModelEvent | None, str | None]:
    """One answer, the call it came from, and why it is none."""
    known = _known.setdefault(model.api, _Known())
    if known.given_up:
        raise PrerequisiteError(known.given_up)
    seen = _Seen()
    try:
        with use_model_event_sink(seen):
            output = await model.generate(list(messages), config=config)
    except Exception as error:
        known.reached = known.reached or (seen.event is not None and seen.event.call is not None)
        if known.reached and _taken_apart(error):
            return ModelOutput(model=str(model)), seen.event, f"no completion: {_line(error)}"
        refusal = _refusal(model, error)
        if refusal is None:
            raise
        if _refuses_key(model, error) and not known.answered:
            known.given_up = refusal
        raise PrerequisiteError(refusal) from error
    known.reached = known.reached or (seen.event is not None and seen.event.call is not None)
    cause = _why_none(output, seen.event)
    known.answered = known.answered or cause is None
    return output, seen.event, cause


def _count_unanswered(model: Model, cause: str) -> None:
    known = _known[model.api]
    known.unanswered += 1
    if known.unanswered == NEVER and not known.answered:
        known.given_up = escape(
            f"{model} sent no answer to any of the first {NEVER} questions ({cause}): is it a "
            f"server of this protocol, and does the address end in its path, such as /v1?"
        )


def _why_none(output: ModelOutput, event: ModelEvent | None) -> str | None:
    """Why an output is no answer; None where it is one, an empty one included."""
    if not output.choices:
        return "no choices"
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


def _not_sent(event: ModelEvent) -> list[str]:
    """Settings that the call had and the request that was sent lacks."""
    request = event.call.request if event.call is not None else {}
    if not any(name in request for name in _QUESTION) or event.model.startswith("mockllm/"):
        return []
    sent = {name.replace("_", "").casefold() for name in _names(request)}
    return [
        name
        for name, names in _SENT_AS.items()
        if getattr(event.config, name) not in (None, False) and not sent.intersection(names)
    ]


def _names(request: Mapping[str, Any]) -> Iterator[str]:
    """Names of what a request sets, at any depth but in the question."""
    for name, value in request.items():
        if name in _QUESTION or value is None:
            continue
        yield name
        if isinstance(value, Mapping):
            yield from _names(value)


def _taken_apart(error: Exception) -> bool:
    """Whether an error says that what came with status 200 is no completion."""
    return isinstance(error, _TAKING_APART) or type(error).__name__ == "OpenAIResponseError"


def _refuses_key(model: Model, error: Exception) -> bool:
    return model.api.is_auth_failure(error) or _status(error) == 401


def _refusal(model: Model, error: Exception) -> str | None:
    """What a provider says that will not have a question, in one line; None for other errors."""
    if _refuses_key(model, error):
        return escape(f"{model} refuses the key: {_line(error)}")
    if isinstance(error, RetryError):
        last, tries = error.last_attempt.exception(), error.last_attempt.attempt_number
        cause = _line(last) if isinstance(last, Exception) else "no answer"
        return escape(f"{model} cannot be asked, given up after {tries} tries: {cause}")
    if isinstance(error, ModelGenerateError) or _status(error) in (400, 402, 403, 404, 405, 422):
        return escape(f"{model} refuses the call: {_line(error)}")
    return None


def _status(error: Exception) -> int | None:
    found = getattr(error, "status_code", None)
    return found if isinstance(found, int) else None


def _line(error: Exception) -> str:
    """An error in one line, the provider's own words where there are any."""
    told = getattr(error, "provider_message", None) or str(error) or repr(error)
    line = " ".join(str(told).split())
    return line if len(line) <= 300 else f"{line[:297]}..."
