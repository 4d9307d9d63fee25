"""What all models that need no network share: their options, and an answer to each call."""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

import anyio
from inspect_ai.model import ChatMessage, GenerateConfig, ModelAPI, ModelOutput
from inspect_ai.tool import ToolChoice, ToolInfo

from providers.distribution_output import distribution_output
from ratings.asked import Asked, read_asked
from ratings.errors import DataError, unknown_name
from scorers.inspect_adapter.asking import user_errors

A = TypeVar("A", bound=Asked)

_THREADS = 40  # what waits at a time can be answered in one batch
_MANY = 1000


@dataclass(frozen=True)
class Option:
    """One `-M` argument.

    Attributes:
        default: its value where it is not given.
        accepts: whether a value is a valid one.
        must_be: what a valid one is, in words.
    """

    default: Any
    accepts: Callable[[Any], bool]
    must_be: str


def is_whole(value: object) -> bool:
    """Whether a value is a whole number."""
    return isinstance(value, int) and not isinstance(value, bool)


class OfflineModel(ModelAPI):
    """A model provider that answers on this machine, and the same when it is asked again.

    Attributes:
        provider: its name before the slash.
        options: its `-M` arguments, by name.
        takes_time: whether an answer is worked out in a thread of its own.
        name: the model's full name, for answers and errors.
        given: the value of each option.
    """

    provider: ClassVar[str]
    options: ClassVar[Mapping[str, Option]] = {}
    takes_time: ClassVar[bool] = False

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig = GenerateConfig(),  # noqa: B008 - the signature is Inspect's
        **given: object,
    ) -> None:
        """Check the arguments and load what the model needs, once for all calls."""
        super().__init__(model_name, base_url, api_key, [], config)
        self.name = f"{self.provider}/{model_name}"
        with user_errors():
            self.given = self._checked(given)
            self.load()

    @abstractmethod
    def load(self) -> None:
        """Prepare what answers need, by `self.model_name` and `self.given`.

        Raises:
            DataError: for a name that is not a valid one.
        """

    @abstractmethod
    def answer(self, messages: Sequence[ChatMessage], config: GenerateConfig) -> ModelOutput | str:
        """The answer to one call, or its text alone.

        Raises:
            DataError: for a question that the model cannot answer.
        """

    def refusal(self, kind: type[Asked]) -> str | None:
        """Why the model answers no question of a kind, before any is asked; None where it does."""
        return None

    async def generate(
        self,
        input: list[ChatMessage],
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> ModelOutput:
        """The answer to one call."""
        with user_errors():
            if self.takes_time:
                output = await anyio.to_thread.run_sync(self.answer, input, config)
            else:
                output = self.answer(input, config)
        return distribution_output(self.name, output) if isinstance(output, str) else output

    def should_retry(self, ex: BaseException) -> bool:
        """Never: the answer is the same when asked again."""
        return False

    def max_connections(self) -> int:
        """High: no network calls are made."""
        return _THREADS if self.takes_time else _MANY

    def asked(self, messages: Sequence[ChatMessage], kind: type[A], hint: str = "") -> A:
        """What the last message asks.

        Args:
            messages: of the call.
            kind: of question that the model answers.
            hint: what to do where it is another, for the error.

        Raises:
            DataError: for another kind of question, or none of ours.
        """
        found = read_asked(messages[-1].metadata)
        if not isinstance(found, kind):
            answers = kind.model_fields["benchmark"].default
            raise DataError(f"{self.name} answers {answers} only{hint}")
        return found

    def _checked(self, given: Mapping[str, object]) -> dict[str, Any]:
        for name in given:
            if not self.options:
                raise DataError(f"{self.provider} takes no arguments, found {name!r}")
            if name not in self.options:
                raise unknown_name(f"argument of {self.provider}", name, self.options)
        values = {name: given.get(name, option.default) for name, option in self.options.items()}
        for name, option in self.options.items():
            if not option.accepts(values[name]):
                raise DataError(
                    f"{self.provider}: {name} must be {option.must_be}, found {values[name]!r}"
                )
        return values
