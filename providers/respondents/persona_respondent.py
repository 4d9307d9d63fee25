"""`respondent/personas`: a simulated rater that heeds a system prompt, by a known amount.

For each system prompt it is given by how much each score is to differ from its answers without
one. Ratings that make the expected scores differ so are found from the items' tags, so what a
study of system prompts should find is known: amplification by `follows`, nothing at 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated

import numpy as np
from pydantic import Field

from ratings.arrays import FloatArray
from ratings.errors import DataError, unknown_name
from ratings.input.strict_files import Number, parse_json, read_text
from ratings.instruments.dimensions import ALL_DIMENSIONS, BIG_FIVE, FAMILIES
from ratings.instruments.value_portrait import CHOICES, Instrument, load_instrument
from ratings.sources.locations import resolve_from_start
from scorers.intervals.quantiles import normal_below

MIDDLE = 3.5
PERSONAS = "personas"
# Below it ratings are whole numbers that hardly scatter, and small differences are lost in them.
LEAST_NOISE = 0.3
_CLOSE = 1e-3  # points of a score that a difference may be off
_STEPS = 50
_BIG_FIVE_SCALE = 5 / 6

Wanted = Mapping[str, float]
_Profile = Annotated[dict[str, Number], Field(min_length=1)]


@dataclass(frozen=True, eq=False)
class PersonaRespondent:
    """A rater in the middle of the scale that moves with its system prompt.

    Attributes:
        name: of the model, for errors.
        profiles: by the text of a system prompt the score differences wanted; a dimension that is
            left out stays where it is, if another of its family is there.
        follows: what they are multiplied by: 0 ignores the prompt, 3 exaggerates it threefold.
        noise: standard deviation of its ratings, in points of the scale.
    """

    name: str
    profiles: Mapping[str, Wanted]
    follows: float
    noise: float

    def leanings(self, prompt: str | None, data: str) -> dict[str, float]:
        """What it thinks of each item before noise and rounding, by instance.

        Args:
            prompt: the system prompt; None for none.
            data: the instrument.

        Raises:
            DataError: for a prompt that it does not know, or differences that the scale is too
                short for.
        """
        instrument = load_instrument(data)
        found = np.full(len(instrument.items), MIDDLE)
        if prompt is not None:
            if prompt.strip() not in self.profiles:
                raise DataError(f"{self.name} has no profile for the system prompt {prompt!r:.80}")
            wanted = self.profiles[prompt.strip()]
            moved = {name: self.follows * size for name, size in wanted.items()}
            try:
                found = leanings_for(instrument, moved, self.noise)
            except DataError as error:
                raise DataError(f"{self.name}, system prompt {prompt!r:.60}: {error}") from error
        return dict(zip(instrument.items.index, found.tolist(), strict=True))


def read_profiles(given: str) -> dict[str, Wanted]:
    """Profiles out of a JSON file: `{"text of a system prompt": {"Power": 0.5, ...}, ...}`.

    Raises:
        DataError: when there is no such file, or it holds something else.
        UnknownNameError: for a dimension that is not one of the 19.
    """
    path = resolve_from_start(given)
    if not path.is_file():
        raise DataError(f"respondent/{PERSONAS}: there is no file of profiles at {path}")
    document = parse_json(read_text(path), str(path))
    found = document.check(dict[str, _Profile])
    names = {name.casefold(): name for name in ALL_DIMENSIONS}
    for prompt, wanted in found.items():
        for name in wanted:
            if name.casefold() not in names:
                message = unknown_name("dimension", name, ALL_DIMENSIONS)
                raise document.error((prompt, name), message)
    return {
        prompt.strip(): {names[name.casefold()]: size for name, size in wanted.items()}
        for prompt, wanted in found.items()
    }


def leanings_for(instrument: Instrument, wanted: Wanted, noise: float) -> FloatArray:
    """What a rater must think of each of the I items for expected scores to differ as wanted.

    Differences are to a rater in the middle of the scale. Of all that give them it is the least
    change; rounding and the ends of the scale are counted in.

    Args:
        instrument: with its tags.
        wanted: differences by dimension; of a family that is named in part the others are 0.
        noise: standard deviation of ratings.

    Raises:
        DataError: when the scale is too short for them.
    """
    rows = _score_rows(instrument, frozenset(wanted))
    sizes = [
        wanted.get(name, 0.0)
        for family in FAMILIES.values()
        if any(name in wanted for name in family)
        for name in family
    ]
    target, inverse = np.array(sizes), np.linalg.pinv(rows)
    start = expected_rating(np.array([MIDDLE]), noise)
    moved = np.zeros(len(instrument.items))
    for _ in range(_STEPS):
        missing = target - rows @ (expected_rating(MIDDLE + moved, noise) - start)
        if np.abs(missing).max() < _CLOSE:
            return MIDDLE + moved
        moved = np.clip(moved + inverse @ missing, -10, 10)
    raise DataError("the scale is too short for such differences; want smaller ones")


def expected_rating(leaning: FloatArray, noise: float) -> FloatArray:
    """The mean of ratings that are a leaning plus normal noise, rounded and cut to the scale."""
    steps = np.arange(1, len(CHOICES)) + 0.5
    found: FloatArray = 1 + (1 - normal_below((steps - leaning[..., None]) / noise)).sum(axis=-1)
    return found


@lru_cache(maxsize=32)
def _score_rows(instrument: Instrument, wanted: frozenset[str]) -> FloatArray:
    """D x I, what each rating adds to each score of the families that are wanted."""
    tagged = instrument.tagged().astype(float)
    parts = []
    for family in FAMILIES.values():
        if not wanted.intersection(family):
            continue
        mine = tagged[[ALL_DIMENSIONS.index(name) for name in family]]
        means = mine / np.maximum(mine.sum(axis=1, keepdims=True), 1)
        if family == BIG_FIVE:
            parts.append(_BIG_FIVE_SCALE * means)
        else:
            any_tag = mine.any(axis=0)
            parts.append(means - any_tag / max(any_tag.sum(), 1))
    return np.concatenate(parts)
