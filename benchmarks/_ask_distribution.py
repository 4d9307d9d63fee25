"""Asking for a choice by its letter, or for its distribution.

Choices are lettered from A; a distribution is read off the log-probabilities of the letters, or
asked for as percentages.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import anyio
from inspect_ai.log._samples import sample_active
from inspect_ai.model import ChatMessageUser, GenerateConfig, Model, ModelOutput, get_model
from inspect_ai.model._generate_config import active_generate_config

from benchmarks._ask_model import Asked, ask_model
from ratings.asked import AskedPreference, AskedRating
from ratings.input.prompt_template import LETTERS
from scorers.answers.spoken import spoken
from scorers.inspect_adapter.answer_tokens import answer_tokens
from scorers.inspect_adapter.asking import NO_ANSWER, NO_COMPLETION
from scorers.inspect_adapter.decoded import LOGPROBS, STATED

Kept = dict[str, Any]

_logger = logging.getLogger(__name__)

LETTER = "letter"  # the letter as it is written, without a distribution
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
        elicitation: one of `ELICITATIONS`, or `letter`.
        gives: by run, whether its provider gave log-probabilities; of a run not there, nobody
            knows yet.
    """

    elicitation: str
    gives: dict[str, bool] = field(default_factory=dict)

    async def ask(self, prompts: Mapping[str, str], asked: AskedRating | AskedPreference) -> Kept:
        """The answer as the scorer reads it, with the `way` it was asked for.

        Args:
            prompts: by way, the text of the question.
            asked: what is asked about, for offline models.
        """
        model, run = get_model(), run_id()
        if self.elicitation == LETTER:
            return _kept(await _generate(model, prompts, asked, LETTER), LETTER)
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
        silent = not spoken(answer["text"]).text.strip() and not lost
        if self.elicitation == LOGPROBS or "tokens" in answer or silent:
            return answer
        stated = _kept(await _generate(model, prompts, asked, STATED), STATED)
        self.gives.setdefault(run, False)
        return stated


def stated_form(choices: int) -> str:
    """The JSON object that verbalized probabilities are asked for in.

    >>> stated_form(2)
    '{"A": ..., "B": ...}'
    """
    inside = ", ".join(f'"{letter}": ...' for letter in LETTERS[:choices])
    return f"{{{inside}}}"


def run_id() -> str:
    """The run that the sample at hand belongs to: one model and one task."""
    active = sample_active()
    return active.eval_id if active else ""


async def _generate(
    model: Model, prompts: Mapping[str, str], asked: AskedRating | AskedPreference, way: str
) -> Asked:
    about = asked.model_copy(update={"answer": way}).as_metadata()
    message = ChatMessageUser(content=prompts[way], metadata=about)
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
    if way == LOGPROBS:
        kept |= _first_token(output)
    return kept


def _first_token(output: ModelOutput) -> Kept:
    """The log-probabilities at the first token of the answer that is more than white space."""
    tokens = answer_tokens(output)
    first = next((found for text, found in tokens if text.strip()), None)
    return {} if first is None else {"tokens": [first]}
