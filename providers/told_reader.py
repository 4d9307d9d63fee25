"""`respondent/follows` and `respondent/ignores`: readers of what is told of simulated raters.

Of the raters of the data set `planted` every distribution is known. One reader predicts with what
it is told, as well as anybody can; the other as if nothing were told. What an evaluation should
find is therefore known: the information that was planted, and none.
"""

import hashlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from inspect_ai.model import GenerateConfig, ModelOutput

from providers.letter_output import letter_output
from ratings.data_sets.published.planted import CARD, KINDS, STANCES, Planted, plant
from ratings.errors import DataError
from ratings.representations.names import parse_representation
from ratings.splits import draw_partition

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]

READERS = ("follows", "ignores")
BENCHMARKS = ("decode_ratings", "encode_profiles", "tell_profiles_apart")
GENERIC = "- The rater holds views of their own, as people do."


@lru_cache(maxsize=1)
def planted() -> Planted:
    """The simulated raters, made once a process."""
    return plant()


class ToldReader:
    """Answers the tasks of value profiles, heeding what it is told or not."""

    def __init__(self, model: str, follows: bool, seed: int) -> None:
        """Nothing is loaded before the first call."""
        self.model, self.follows, self.seed = model, follows, seed

    def answer(self, asked: Mapping[str, Any], text: str, config: GenerateConfig) -> ModelOutput:
        """The answer to one call.

        Args:
            asked: the metadata of the message.
            text: of the message, where profiles stand.
            config: whether log-probabilities are wanted, and how many.

        Raises:
            DataError: for another benchmark, or for something told that it cannot follow.
        """
        benchmark = asked.get("benchmark")
        if benchmark not in BENCHMARKS:
            raise DataError(f"{self.model} answers {', '.join(BENCHMARKS)} only")
        if self.follows and asked["data"] != CARD:
            raise DataError(f"{self.model} knows the raters of {CARD} only: add -T data={CARD}")
        if benchmark == "decode_ratings":
            return self._decode(asked, text, config)
        answers: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
            "encode_profiles": self._encode,
            "tell_profiles_apart": self._tell_apart,
        }
        return ModelOutput.from_content(self.model, answers[benchmark](asked))

    def _decode(self, asked: Mapping[str, Any], text: str, config: GenerateConfig) -> ModelOutput:
        told = asked["representation"] if self.follows else "none"
        if asked["data"] == CARD:
            row = predicted(told, asked["rater"], asked["instance"], asked["seed"], text)
        else:
            row = np.full(asked["choices"], 1 / asked["choices"])
        return letter_output(self.model, row, asked["answer"], config)

    def _encode(self, asked: Mapping[str, Any]) -> str:
        return estimated_profile(asked["rater"], asked["seed"]) if self.follows else GENERIC

    def _tell_apart(self, asked: Mapping[str, Any]) -> str:
        if not self.follows:
            digest = hashlib.sha256(f"{self.seed}\0{asked['question']}".encode()).digest()
            return f"Profile {1 + digest[0] % 2}"
        place = _place(planted().data.table.instances.index, asked["instance"])
        sure = np.eye(len(STANCES))
        first, second = (_given_text(profile, place, sure) for profile in asked["profiles"])
        x, y = np.array(asked["x"]), np.array(asked["y"])
        straight = np.abs(first - x).sum() + np.abs(second - y).sum()
        crossed = np.abs(first - y).sum() + np.abs(second - x).sum()
        return f"Profile {1 if straight <= crossed else 2}"


def predicted(told: str, rater: str | None, instance: str, seed: int, text: str) -> FloatArray:
    """The true distribution of a simulated rating, given what is told, K probabilities.

    Args:
        told: name of a representation: `none`, `demographics`, `measured`, `groundtruth`, or
            `profile:<run>`, whose text is read from the message. What a profile says of a stance
            is believed as far as `estimated_profile` is right.
        rater: name; None where nothing is told.
        instance: name.
        seed: of the split.
        text: of the message.

    Raises:
        DataError: for another representation.
    """
    known = planted()
    parts = parse_representation(told).components
    kind = parts[0].kind
    place = _place(known.data.table.instances.index, instance)
    if len(parts) == 1 and kind == "profile":
        return _given_text(text, place, _belief(seed))
    if len(parts) > 1 or kind not in KINDS or parts[0].argument:
        raise DataError(
            f"respondent/follows cannot follow {told!r}; it follows {', '.join(KINDS)} and "
            f"profile:<run>"
        )
    row = 0 if rater is None else _place(known.data.table.raters.index, rater)
    return _row(known, kind, row, place)


def estimated_profile(rater: str, seed: int) -> str:
    """The likeliest stance of a simulated rater towards each value, from the rater's fit ratings.

    Values of which the rater rated nothing are left out.

    Args:
        rater: name.
        seed: of the split.
    """
    row = _place(planted().data.table.raters.index, rater)
    found = estimated_stances(seed)[row]
    phrases = stance_phrases()
    return "\n".join(
        f"- {phrases[value, STANCES[stance]]}"
        for value, stance in zip(_values(), found.tolist(), strict=True)
        if stance >= 0
    )


@lru_cache(maxsize=4)
def estimated_stances(seed: int) -> IntArray:
    """R x V, which of the stances makes the fit ratings most likely; -1 where none is of a value.

    Args:
        seed: of the split.
    """
    known = planted()
    table = known.data.table
    fit = draw_partition(known.data, seed).fit
    raters, instances = table.rater_codes[fit], table.instance_codes[fit]
    ratings = table.rating_values[fit]
    values = pd.factorize(table.instances["value"])[0][instances]
    likelihoods = np.zeros((*known.stances.shape, len(STANCES)))
    np.add.at(likelihoods, (raters, values), np.log(known.given[instances, :, ratings - 1]))
    best: IntArray = np.where((likelihoods == 0).all(axis=2), -1, likelihoods.argmax(axis=2))
    return best


@lru_cache(maxsize=4)
def _belief(seed: int) -> FloatArray:
    """T x T: how likely each stance is where a profile has written one, over all raters."""
    found, true = estimated_stances(seed), planted().stances + 1
    counts = np.zeros((len(STANCES), len(STANCES)))
    np.add.at(counts, (found[found >= 0], true[found >= 0]), 1)
    shares: FloatArray = counts / counts.sum(axis=1, keepdims=True)
    return shares


@lru_cache(maxsize=1)
def stance_phrases() -> dict[tuple[str, int], str]:
    """The sentence that says each stance towards each value, read off the simulated raters."""
    known = planted()
    texts = known.data.table.raters[str(known.data.groundtruth)]
    return {
        (value, int(stance)): f"{sentence.strip().removesuffix('.')}."
        for text, row in zip(texts, known.stances, strict=True)
        for value, stance, sentence in zip(_values(), row, text.split(". "), strict=True)
    }


def _given_text(text: str, place: int, belief: FloatArray) -> FloatArray:
    """The distribution of a statement given a profile; given nothing, where it is silent.

    Args:
        text: with the profile in it.
        place: of the statement.
        belief: T x T, how likely each stance is where each is written.
    """
    known = planted()
    value = str(known.data.table.instances["value"].iloc[place])
    phrases = stance_phrases()
    for number, stance in enumerate(STANCES):
        if phrases.get((value, stance), "\0") in text:
            row: FloatArray = belief[number] @ known.given[place]
            return row
    return _row(known, "none", 0, place)


def _row(known: Planted, kind: str, rater: int, instance: int) -> FloatArray:
    row: FloatArray = known.probabilities(kind, np.array([rater]), np.array([instance]))[0]
    return row


def _place(index: pd.Index, name: str) -> int:
    return int(index.get_indexer(pd.Index([name]))[0])


def _values() -> list[str]:
    return list(dict.fromkeys(planted().data.table.instances["value"]))
