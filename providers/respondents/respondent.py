"""`respondent/<profile>`: a simulated rater with a known profile over the ten values.

`respondent/<accuracy>` is a reader of people, see `known_accuracy`; `respondent/follows` and
`respondent/ignores` read what is given of raters, see `oracle_respondent`; `respondent/personas`
heeds a system prompt, see `persona_respondent`.

The rater's leaning on an item is the mean weight of the values that the item is tagged with;
its answer is the middle of the scale plus that leaning plus noise, rounded to a phrase. What a
scorer should find is therefore known.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from math import inf, isfinite
from pathlib import Path
from typing import ClassVar

import numpy as np
import numpy.typing as npt
from inspect_ai.model import ChatMessage, ChatMessageSystem, GenerateConfig, ModelOutput

from providers.offline_model import OfflineModel, Option, is_whole
from providers.respondents.known_accuracy import read_accuracy
from providers.respondents.loyal_respondent import loyal_answer
from providers.respondents.oracle_respondent import ORACLES, OracleRespondent
from providers.respondents.persona_respondent import (
    LEAST_NOISE,
    MIDDLE,
    PERSONAS,
    PersonaRespondent,
    read_profiles,
)
from ratings.asked import Asked, AskedItem, AskedPreference, AskedStatements, read_asked
from ratings.errors import DataError, unknown_name
from ratings.instruments.dimensions import SCHWARTZ
from ratings.instruments.value_portrait import CHOICES, Instrument, load_instrument
from ratings.sources.locations import resolve_from_start

NOISE = 0.7
_HINT = (
    "; value_portrait is answered by a respondent with a value (respondent/power), indie_value and "
    "prism by one with an accuracy (respondent/0.7), the tasks of value profiles by "
    "respondent/follows and respondent/ignores"
)


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
    """Weights over the ten values, in points of the scale, from what comes after the slash.

    Args:
        name: a value (`benevolence`), a JSON object of weights, or the path of a JSON file
            with one. Values left out weigh 0.

    Raises:
        UnknownNameError: for a value that is not one of the ten.
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
        known = [*(value.casefold() for value in SCHWARTZ), *ORACLES, PERSONAS]
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


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


class RespondentAPI(OfflineModel):
    """A simulated rater. `-M seed=1`, `-M noise=0.5` (points of the scale) set its noise.

    `respondent/personas` has its profiles from `-M profiles=FILE` and heeds them by
    `-M follows=1`.
    """

    provider = "respondent"
    options: ClassVar = {
        "seed": Option(0, is_whole, "a whole number"),
        "noise": Option(
            NOISE,
            lambda noise: isinstance(noise, int | float) and 0 <= noise < inf,
            "a number from 0",
        ),
        "profiles": Option(None, lambda file: file is None or isinstance(file, str), "a file"),
        "follows": Option(1.0, _is_number, "a number"),
    }

    def load(self) -> None:
        """Read which respondent is meant: an oracle, a reader of known accuracy, or a profile."""
        seed = self.given["seed"]
        self._oracle = None
        if self.model_name in ORACLES:
            self._oracle = OracleRespondent(self.name, self.model_name == "follows", seed)
        self._accuracy = read_accuracy(self.model_name)
        self._persona = self._read_persona() if self.model_name == PERSONAS else None
        other = self._oracle or self._accuracy or self._persona
        if self.given["profiles"] is not None and self._persona is None:
            raise DataError(f"{self.name} takes no profiles; respondent/{PERSONAS} does")
        self._weights = {} if other else read_profile(self.model_name)
        self._noiseless: dict[tuple[str, str | None], dict[str, float]] = {}

    def refusal(self, kind: type[Asked]) -> str | None:
        """A profile of values says nothing of replies."""
        if self._weights and issubclass(kind, AskedPreference):
            return f"{self.name} answers value_portrait only{_HINT}"
        return None

    def answer(self, messages: Sequence[ChatMessage], config: GenerateConfig) -> ModelOutput | str:
        """The answer of the respondent that is meant."""
        if self._oracle:
            return self._oracle.answer(read_asked(messages[-1].metadata), config)
        if self._accuracy:
            found = read_asked(messages[-1].metadata)
            if isinstance(found, AskedPreference):
                return loyal_answer(self.name, self._accuracy, found, self.given["seed"], config)
            asked = self.asked(messages, AskedStatements, _HINT)
            return self._accuracy.answer(asked, self.given["seed"])
        first = messages[0]
        system = first.text if self._persona and isinstance(first, ChatMessageSystem) else None
        return self._rating(self.asked(messages, AskedItem, _HINT), system)

    def _rating(self, asked: AskedItem, system: str | None) -> str:
        key = asked.data, system
        if key not in self._noiseless:
            self._noiseless[key] = self._leanings(asked.data, system)
        # with another system prompt the noise is another, as a model's is
        instance = asked.instance if system is None else f"{asked.instance}\0{system}"
        rating = simulated_rating(
            self._noiseless[key][asked.instance],
            float(self.given["noise"]),
            self.given["seed"],
            instance,
            asked.variant,
        )
        return load_instrument(asked.data).choices[rating - 1]

    def _leanings(self, data: str, system: str | None) -> dict[str, float]:
        if self._persona:
            return self._persona.leanings(system, data)
        instrument = load_instrument(data)
        ratings = noiseless_ratings(instrument, self._weights)
        return dict(zip(instrument.items.index, ratings.tolist(), strict=True))

    def _read_persona(self) -> PersonaRespondent:
        if self.given["profiles"] is None:
            raise DataError(f"{self.name} needs -M profiles=FILE (docs/providers.md)")
        noise = float(self.given["noise"])
        if noise < LEAST_NOISE:
            raise DataError(f"{self.name}: noise must be {LEAST_NOISE} or more, found {noise:g}")
        profiles = read_profiles(self.given["profiles"])
        return PersonaRespondent(self.name, profiles, float(self.given["follows"]), noise)


def _parse_json(text: str, origin: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise DataError(f"{origin} is not valid JSON: {error}") from error
