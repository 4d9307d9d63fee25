"""The one way to ask a model: again where no answer came, with what is to be said of the call.

A provider may answer with status 200 and send no answer: no choices, no content, something that is
no completion. That says nothing of the model, so it is asked again, a few times and never from
Inspect's cache, before it counts as empty. A call that fails is another matter: what may pass is
tried again by Inspect, and anything else ends the sample.
"""

import logging
from collections.abc import Sequence
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
    get_model,
)
from inspect_ai.model._generate_config import active_generate_config
from inspect_ai.model._model import active_model, use_model_event_sink
from inspect_ai.solver import Generate, Solver, TaskState, solver
from rich.markup import escape

from benchmarks._model_call import (
    in_one_line,
    is_no_completion,
    refusal_of,
    refuses_key,
    settings_not_sent,
    what_came,
    why_no_answer,
)
from ratings.asked import Asked as Question
from ratings.errors import DataError
from scorers.inspect_adapter.asking import ABOUT, ASKED, NO_ANSWER, NOT_SENT

_logger = logging.getLogger(__name__)

ASKS = 3  # calls at most, until one is answered
NEVER = 10  # unanswered questions, from the first on, after which a provider is asked no more
_MOST_CAUSES = 5  # of failed calls that are named
_CANCELLED = "model call cancelled"  # what Inspect says of a call that another one's error ended


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
        if event is not None and (dropped := settings_not_sent(event)):
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
        warned: causes of failed calls that were named.
    """

    reached: bool = False
    answered: bool = False
    unanswered: int = 0
    given_up: str = ""
    warned: set[str] = field(default_factory=set)


_known: "WeakKeyDictionary[ModelAPI, _Known]" = WeakKeyDictionary()


@dataclass
class _Seen:
    """Sees each call before Inspect's log drops its request, and passes it on to the log."""

    known: _Known
    event: ModelEvent | None = None

    def on_pending(self, event: ModelEvent) -> None:
        """A call begins."""
        transcript()._event(event)

    def on_complete(self, event: ModelEvent) -> None:
        """A call ended."""
        self.event = event.model_copy()
        self._warn(event)
        transcript()._event_updated(event)

    def _warn(self, event: ModelEvent) -> None:
        """Name why a call failed, each cause once: Inspect tries again in silence."""
        cause = in_one_line(event.error or "")
        if not cause or _CANCELLED in cause:
            return
        if cause not in self.known.warned and len(self.known.warned) < _MOST_CAUSES:
            self.known.warned.add(cause)
            _logger.warning(
                "A call to %s failed: %s What may pass is tried again, without end unless "
                "max_retries is set. Answers so far are kept if you stop and start again.",
                event.model,
                cause if cause.endswith(".") else f"{cause}.",
            )


async def _once(
    model: Model, messages: Sequence[ChatMessage], config: GenerateConfig
) -> tuple[ModelOutput, ModelEvent | None, str | None]:
    """One answer, the call it came from, and why it is not valid."""
    known = _known.setdefault(model.api, _Known())
    if known.given_up:
        raise PrerequisiteError(known.given_up)
    seen = _Seen(known)
    try:
        with use_model_event_sink(seen):
            output = await model.generate(list(messages), config=config)
    except Exception as error:
        known.reached = known.reached or (seen.event is not None and seen.event.call is not None)
        if known.reached and is_no_completion(error):
            return ModelOutput(model=str(model)), seen.event, what_came(error, seen.event)
        refusal = refusal_of(model, error)
        if refusal is not None and refuses_key(model, error) and not known.answered:
            known.given_up = refusal
        if refusal is None or isinstance(error, PrerequisiteError):
            raise
        raise PrerequisiteError(refusal) from error
    known.reached = known.reached or (seen.event is not None and seen.event.call is not None)
    cause = why_no_answer(output, seen.event)
    known.answered = known.answered or cause is None
    return output, seen.event, cause


def _count_unanswered(model: Model, cause: str) -> None:
    known = _known[model.api]
    known.unanswered += 1
    if known.unanswered >= NEVER and not known.answered:
        known.given_up = escape(
            f"{model} sent no answer to any of the first {NEVER} questions ({cause}): is it a "
            f"server of this protocol, and does the address end in its path, such as /v1?"
        )


def check_answers(kind: type[Question]) -> None:
    """Refuse a model of ours that answers no question of a kind, before the run begins.

    Raises:
        DataError: says why.
    """
    model = active_model()
    refusal = getattr(model.api, "refusal", None) if model is not None else None
    if refusal is not None and (why := refusal(kind)):
        raise DataError(why)
