"""Asking for the distribution of a choice: from log-probabilities, or as the model states it."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import anyio
from inspect_ai.log._samples import sample_active
from inspect_ai.model import ChatMessageUser, GenerateConfig, Model, get_model
from inspect_ai.model._generate_config import active_generate_config

from benchmarks._ask_model import Asked, ask_model
from scorers.inspect_adapter.asking import NO_ANSWER, NO_COMPLETION
from scorers.inspect_adapter.decoded import LOGPROBS, STATED

Kept = dict[str, Any]

_logger = logging.getLogger(__name__)

ELICITATIONS = ("auto", LOGPROBS, STATED)
TOP_LOGPROBS = 20


class SharedAnswers:
    """Answers that the samples of a run share: the first that wants one asks for it.

    Each run and epoch has answers of its own. If who asks fails or is cancelled, the next asks.
    """

    def __init__(self) -> None:
        """Nothing is answered yet."""
        self._locks: dict[tuple[object, ...], anyio.Lock] = {}
        self._found: dict[tuple[object, ...], Kept] = {}

    async def get(self, key: tuple[object, ...], ask: Callable[[], Awaitable[Kept]]) -> Kept:
        """The answer under a key."""
        async with self._locks.setdefault(key, anyio.Lock()):
            if key not in self._found:
                self._found[key] = await ask()
        return self._found[key]


@dataclass
class Asker:
    """Asks one question in the way that is wanted.

    Attributes:
        elicitation: one of `ELICITATIONS`.
        gives: by run, whether its provider gave log-probabilities; of a run not there, nobody
            knows yet.
    """

    elicitation: str
    gives: dict[str, bool] = field(default_factory=dict)

    async def ask(self, prompts: Mapping[str, str], asked: Mapping[str, Any]) -> Kept:
        """The answer as the scorer reads it, with the `way` it was asked for.

        Args:
            prompts: by way, the text of the question.
            asked: what a simulated respondent needs to know.
        """
        model, run = get_model(), run_id()
        if self.elicitation == STATED or (
            self.elicitation == "auto" and self.gives.get(run) is False
        ):
            return _kept(await _generate(model, prompts, asked, STATED), STATED)
        try:
            answer = _kept(await _generate(model, prompts, asked, LOGPROBS), LOGPROBS)
        except Exception as error:
            # Some providers refuse the request for log-probabilities. One that has given them
            # before did not; then it is an error like any other.
            if self.elicitation == LOGPROBS or self.gives.get(run):
                raise
            _logger.warning("%s refused log-probabilities, so they are stated: %s", model, error)
            answer = {"text": "", "stop_reason": "unknown", "refused": True}
        if "tokens" in answer:
            self.gives[run] = True
        # Log-probabilities that cannot be read end the answer that they came with.
        lost = answer.get("refused") or answer.get(NO_ANSWER, "").startswith(NO_COMPLETION)
        silent = not answer["text"].strip() and not lost
        if self.elicitation == LOGPROBS or "tokens" in answer or silent:
            return answer
        stated = _kept(await _generate(model, prompts, asked, STATED), STATED)
        self.gives.setdefault(run, False)
        return stated


def run_id() -> str:
    """The run that the sample at hand belongs to: one model and one task."""
    active = sample_active()
    return active.eval_id if active else ""


async def _generate(
    model: Model, prompts: Mapping[str, str], asked: Mapping[str, Any], way: str
) -> Asked:
    message = ChatMessageUser(content=prompts[way], metadata={**asked, "answer": way})
    config = GenerateConfig()
    if way == LOGPROBS:
        most = active_generate_config().top_logprobs or TOP_LOGPROBS
        config = GenerateConfig(logprobs=True, top_logprobs=most)
    return await ask_model(model, [message], config)


def _kept(asked: Asked, way: str) -> Kept:
    kept: Kept = {"way": way, **asked.kept()}
    output = asked.output
    if not output.choices:
        return kept
    logprobs = output.choices[0].logprobs
    if way == LOGPROBS and logprobs is not None and logprobs.content:
        kept["tokens"] = [
            {top.token: top.logprob for top in token.top_logprobs or []}
            | {token.token: token.logprob}
            for token in logprobs.content[: _answer_place([t.token for t in logprobs.content]) + 1]
        ]
    return kept


def _answer_place(tokens: Sequence[str]) -> int:
    """The first token that is more than white space."""
    return next((place for place, token in enumerate(tokens) if token.strip()), 0)
