"""`decoder/<folder>`: a trained language-model decoder answers in a model's place.

A checkpoint of statements answers `indie_value`, one of ratings `decode_ratings`: from the model's
probabilities, so that its row stands beside those of the models that are prompted.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
from inspect_ai.model import ChatMessage, GenerateConfig, ModelAPI, ModelOutput, ModelUsage
from inspect_ai.tool import ToolChoice, ToolInfo

from providers import decoded_ratings, decoded_statements
from providers._errors import user_errors
from ratings.errors import DataError, unknown_name
from ratings.sources.locations import resolve_from_start

if TYPE_CHECKING:
    from decoders.language_model.checkpoint import Checkpoint


class DecoderAPI(ModelAPI):
    """A checkpoint as a model provider. `-M none=<folder>` answers where nothing is told."""

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig = GenerateConfig(),  # noqa: B008 - the signature is Inspect's
        none: str | None = None,
        **unknown: object,
    ) -> None:
        """Load the checkpoint, once for all calls."""
        super().__init__(model_name, base_url, api_key, [], config)
        with user_errors():
            if unknown:
                raise unknown_name("decoder argument", next(iter(unknown)), ["none"])
            self._name = f"decoder/{Path(model_name).name}"
            self._statements, self._ratings = self._load(model_name, none)

    async def generate(
        self,
        input: list[ChatMessage],
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> ModelOutput:
        """The model's answer to what the last message asks, by its metadata."""
        asked = input[-1].metadata or {}
        with user_errors():
            output = await anyio.to_thread.run_sync(self._answer, asked, input[-1].text, config)
        output.usage = ModelUsage()
        return output

    def should_retry(self, ex: BaseException) -> bool:
        """Never: it answers the same when asked again."""
        return False

    def max_connections(self) -> int:
        """As many as threads: what waits at a time is answered in one batch."""
        return 40

    def _answer(self, asked: dict[str, Any], text: str, config: GenerateConfig) -> ModelOutput:
        if self._statements is not None:
            if asked.get("benchmark") != decoded_statements.TASK:
                raise DataError(f"{self._name} predicts statements of people: ask it indie_value")
            return self._statements.answer(asked, text)
        assert self._ratings is not None
        if asked.get("benchmark") != decoded_ratings.TASK:
            raise DataError(f"{self._name} predicts ratings: ask it decode_ratings")
        return self._ratings.answer(asked, config)

    def _load(
        self, folder: str, none: str | None
    ) -> tuple[decoded_statements.DecodedStatements | None, decoded_ratings.DecodedRatings | None]:
        checkpoint = _checkpoint(folder)
        from decoders.language_model.checkpoint import RATINGS, STATEMENTS

        if checkpoint.about.kind == STATEMENTS:
            if none is not None:
                raise DataError(
                    f"{self._name} predicts statements of people, also where nothing is known: "
                    f"leave -M none= out"
                )
            return decoded_statements.DecodedStatements(self._name, checkpoint), None
        nothing = None if none is None else _checkpoint(none)
        for one in (checkpoint, nothing):
            if one is not None and one.about.kind != RATINGS:
                raise DataError(f"{self._name}: a decoder of {one.about.kind} cannot answer here")
        return None, decoded_ratings.DecodedRatings(self._name, checkpoint, nothing)


def _checkpoint(folder: str) -> "Checkpoint":
    from decoders.loaded import load_decoder

    return load_decoder(resolve_from_start(folder))
