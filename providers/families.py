"""`family/<name>`: a family that is fitted on this machine answers in a model's place.

It answers `decode_ratings`: fitted on the training raters of the split that is asked about, once
for each representation and once for nothing, it predicts the test raters. So it has a row beside
the models that are prompted.
"""

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import anyio
import numpy as np
import numpy.typing as npt
from inspect_ai.model import ChatMessage, GenerateConfig, ModelAPI, ModelOutput, ModelUsage
from inspect_ai.tool import ToolChoice, ToolInfo

from providers._errors import user_errors
from providers.letter_output import letter_output
from ratings.errors import DataError, unknown_name
from ratings.prepared import load_prepared
from ratings.representations.names import parse_representation

if TYPE_CHECKING:
    from decoders.fit_split import SplitFit

FloatArray = npt.NDArray[np.float64]


class FamilyAPI(ModelAPI):
    """A fitted family as a model provider; it takes no arguments."""

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig = GenerateConfig(),  # noqa: B008 - the signature is Inspect's
        **unknown: object,
    ) -> None:
        """Look the family up; nothing is fitted before the first call."""
        super().__init__(model_name, base_url, api_key, [], config)
        from decoders.families import family_named

        with user_errors():
            if unknown:
                raise unknown_name("family argument", next(iter(unknown)), ["none at all"])
            self._family = family_named(model_name)
        self._fits: dict[tuple[str, int, str, int | None], SplitFit] = {}
        self._lock = threading.Lock()

    async def generate(
        self,
        input: list[ChatMessage],
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> ModelOutput:
        """What the family predicts for the rating that the last message names in its metadata."""
        asked = input[-1].metadata or {}
        if asked.get("benchmark") != "decode_ratings":
            raise DataError(f"family/{self.model_name} answers decode_ratings only")
        row = await anyio.to_thread.run_sync(self._predict, asked)
        output = letter_output(self.model_name, row, asked["answer"], config)
        output.usage = ModelUsage()
        return output

    def should_retry(self, ex: BaseException) -> bool:
        """Never: it answers the same when asked again."""
        return False

    def max_connections(self) -> int:
        """Some: each waits in a thread for the same fit."""
        return 40

    def _predict(self, asked: Mapping[str, Any]) -> FloatArray:
        from decoders.fit_split import redrawable

        # Profiles were written from one partition of the ratings. What is fitted beside them with
        # nothing told has to be fitted to that one too, or the two could not be compared.
        partitions = None if redrawable(parse_representation(asked["beside"])) else 1
        fit = self._fit(asked["data"], asked["seed"], asked["representation"], partitions)
        table = fit.prepared.data.table
        # When nothing is told, every rater is predicted alike.
        rater = 0 if asked["rater"] is None else _place(table.raters.index, asked["rater"])
        instance = _place(table.instances.index, asked["instance"])
        rows = fit.predict(np.array([rater]), np.array([instance]))
        row: FloatArray = rows[0, : asked["choices"]] / rows[0, : asked["choices"]].sum()
        return row

    def _fit(self, name: str, seed: int, representation: str, partitions: int | None) -> "SplitFit":
        """The family fitted for a split and representation, by the first call that needs it."""
        from decoders.fit_split import fit_split

        key = (name, seed, representation, partitions)
        with self._lock:
            if key not in self._fits:
                prepared, _ = load_prepared(name, seed)
                told = parse_representation(representation)
                self._fits[key] = fit_split(prepared, self._family, told, partitions)
            return self._fits[key]


def _place(index: Any, name: str) -> int:  # noqa: ANN401 - an index of pandas
    """Where a name stands in a table, whatever kind its own names are of."""
    return [str(one) for one in index].index(name)
