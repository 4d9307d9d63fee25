"""`respondent/<profile>`: a simulated rater with a known profile over the ten values.

`respondent/<accuracy>` is a reader of people, see `providers.known_accuracy`; `respondent/follows`
and `respondent/ignores` are readers of what is told of raters, see `providers.told_reader`.

The rater's leaning on an item is the mean weight of the values that the item is tagged with;
its answer is the middle of the scale plus that leaning plus noise, rounded to a phrase. What a
scorer should find is therefore known.
"""

import hashlib
import json
from collections.abc import Mapping
from math import inf, isfinite
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from inspect_ai.model import ChatMessage, GenerateConfig, ModelAPI, ModelOutput, ModelUsage
from inspect_ai.tool import ToolChoice, ToolInfo

from providers._errors import user_errors
from providers.known_accuracy import KEYS, read_accuracy
from providers.told_reader import READERS, ToldReader
from ratings.errors import DataError, unknown_name
from ratings.instruments.dimensions import SCHWARTZ
from ratings.instruments.value_portrait import CHOICES, Instrument, load_instrument
from ratings.sources.locations import resolve_from_start

MIDDLE = 3.5
NOISE = 0.7


def peaked_profile(value: str) -> dict[str, float]:
    """Weights that peak at one value and fall with the cosine of the distance on the circle.

    >>> profile = peaked_profile("Benevolence")
    >>> profile["Benevolence"], round(profile["Achievement"], 6)
    (1.0, -1.0)
    """
    peak = SCHWARTZ.index(value)
    step = 2 * np.pi / len(SCHWARTZ)
    return {name: float(np.cos((i - peak) * step)) for i, name in enumerate(SCHWARTZ)}


def read_profile(name: str) -> dict[str, float]:
    """Weights over the ten values, in points of the scale, from what stands after the slash.

    Args:
        name: a value (`benevolence`), a JSON object of weights, or the path of a JSON file
            with one. Values left out weigh 0.

    Raises:
        UnknownNameError: for a value that is none of the ten.
        DataError: for weights that are not numbers, or a file that cannot be read.
    """
    names = {value.casefold(): value for value in SCHWARTZ}
    if name.casefold() in names:
        return peaked_profile(names[name.casefold()])
    if name.lstrip().startswith("{"):
        weights = _parse_json(name, "the profile")
    elif name.endswith(".json"):
        path = resolve_from_start(name)
        if not Path(path).is_file():
            raise DataError(f"respondent: there is no profile at {path}")
        weights = _parse_json(path.read_text(encoding="utf-8", errors="replace"), str(path))
    else:
        known = [*(value.casefold() for value in SCHWARTZ), *READERS]
        raise unknown_name("respondent profile", name, known)
    return check_weights(weights)


def check_weights(weights: object) -> dict[str, float]:
    """All ten weights from a mapping that may leave some out."""
    if not isinstance(weights, Mapping):
        raise DataError("a respondent's profile is a JSON object of values and weights")
    names = {value.casefold(): value for value in SCHWARTZ}
    out = dict.fromkeys(SCHWARTZ, 0.0)
    for name, weight in weights.items():
        if str(name).casefold() not in names:
            raise unknown_name("value", name, SCHWARTZ)
        if isinstance(weight, bool) or not isinstance(weight, int | float) or not isfinite(weight):
            raise DataError(f"the weight of {name} must be a number, found {weight!r}")
        out[names[str(name).casefold()]] = float(weight)
    return out


def noiseless_ratings(
    instrument: Instrument, weights: Mapping[str, float], threshold: float = 0.3
) -> npt.NDArray[np.float64]:
    """What the rater thinks of each item before noise and rounding, I values from 1 to 6."""
    tagged = instrument.tagged(threshold)[: len(SCHWARTZ)].astype(float)
    counts = np.maximum(tagged.sum(axis=0), 1.0)
    leaning = np.array([weights[name] for name in SCHWARTZ]) @ tagged / counts
    clipped: npt.NDArray[np.float64] = np.clip(MIDDLE + leaning, 1.0, float(len(CHOICES)))
    return clipped


def simulated_rating(noiseless: float, noise: float, seed: int, instance: str, variant: str) -> int:
    """The rating given to one instance in one variant: the same whenever it is asked again."""
    digest = hashlib.sha256(f"{seed}\0{instance}\0{variant}".encode()).digest()
    rng = np.random.default_rng(int.from_bytes(digest[:8], "big"))
    return int(np.clip(np.rint(noiseless + noise * rng.standard_normal()), 1, len(CHOICES)))


class RespondentAPI(ModelAPI):
    """A simulated rater. `-M seed=1`, `-M noise=0.5` (points of the scale) set its noise."""

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig = GenerateConfig(),  # noqa: B008 - the signature is Inspect's
        seed: int = 0,
        noise: float = NOISE,
        **unknown: object,
    ) -> None:
        super().__init__(model_name, base_url, api_key, [], config)
        with user_errors():
            if unknown:
                raise unknown_name("respondent argument", next(iter(unknown)), ["seed", "noise"])
            if not isinstance(seed, int) or isinstance(seed, bool):
                raise DataError(f"the respondent's seed must be a whole number, found {seed!r}")
            if not isinstance(noise, int | float) or not 0 <= noise < inf:
                raise DataError(f"the respondent's noise must be 0 or more, found {noise!r}")
            self._reader = None
            if model_name in READERS:
                self._reader = ToldReader(f"respondent/{model_name}", model_name == "follows", seed)
            self._accuracy = read_accuracy(model_name)
            other = self._reader or self._accuracy
            self._weights = {} if other else read_profile(model_name)
        self._seed, self._noise = seed, float(noise)
        self._noiseless: dict[str, dict[str, float]] = {}

    async def generate(
        self,
        input: list[ChatMessage],
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> ModelOutput:
        """The rater's answer to the instance that the last message names in its metadata."""
        asked = input[-1].metadata or {}
        if self._reader:
            output = self._reader.answer(asked, input[-1].text, config)
        else:
            text = self._choices(asked) if self._accuracy else self._rating(asked)
            output = ModelOutput.from_content(self.model_name, text)
        output.usage = ModelUsage()
        return output

    def _choices(self, asked: Mapping[str, Any]) -> str:
        assert self._accuracy is not None
        if not set(asked) >= KEYS:
            raise DataError(f"respondent/{self.model_name} answers questions of indie_value only")
        return self._accuracy.answer(asked, self._seed)

    def _rating(self, asked: Mapping[str, Any]) -> str:
        if not {"data", "instance", "variant"} <= set(asked):
            raise DataError(
                f"respondent/{self.model_name} answers instances of value_portrait only; "
                f"for indie_value name an accuracy: respondent/0.7, and for value profiles "
                f"respondent/follows or respondent/ignores"
            )
        known = self._noiseless_of(asked["data"])
        rating = simulated_rating(
            known[asked["instance"]], self._noise, self._seed, asked["instance"], asked["variant"]
        )
        return CHOICES[rating - 1]

    def should_retry(self, ex: BaseException) -> bool:
        """Never: a simulated rater answers the same when asked again."""
        return False

    def max_connections(self) -> int:
        """Many: nothing is called."""
        return 1000

    def _noiseless_of(self, data: str) -> dict[str, float]:
        if data not in self._noiseless:
            instrument = load_instrument(data)
            ratings = noiseless_ratings(instrument, self._weights)
            self._noiseless[data] = dict(zip(instrument.items.index, ratings, strict=True))
        return self._noiseless[data]


def _parse_json(text: str, origin: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise DataError(f"{origin} is not valid JSON: {error}") from error
