"""`respondent/follows` and `respondent/ignores`: they know the truth of simulated raters.

Of the raters of the data set `planted` every distribution is known. One predicts with what it is
given of a rater, as well as anybody can; the other as if nothing were given. What an evaluation
should find is therefore known: the information that was planted, and none.
"""

import hashlib
from functools import lru_cache

import numpy as np
import pandas as pd
from inspect_ai.model import GenerateConfig, ModelOutput

from providers.distribution_output import letter_output
from ratings.arrays import FloatArray, IntArray
from ratings.asked import Asked, AskedProfile, AskedRating, AskedWhichProfile
from ratings.data_sets.published.planted import CARD, KINDS, STANCES, Planted, plant
from ratings.errors import DataError
from ratings.representations.names import parse_representation
from ratings.splits import draw_partition

ORACLES = ("follows", "ignores")
BENCHMARKS = tuple(
    kind.model_fields["benchmark"].default
    for kind in (AskedRating, AskedProfile, AskedWhichProfile)
)
GENERIC = "- The rater holds views of their own, as people do."


@lru_cache(maxsize=1)
def planted() -> Planted:
    """The simulated raters, made once a process."""
    return plant()


class OracleRespondent:
    """Answers the tasks of value profiles with the planted truth, heeding what is given or not."""

    def __init__(self, model: str, follows: bool, seed: int) -> None:
        """Nothing is loaded before the first call.

        Args:
            model: name, for answers and errors.
            follows: whether it heeds what is given of a rater.
            seed: of its guesses where it does not.
        """
        self.model, self.follows, self.seed = model, follows, seed

    def answer(self, asked: Asked | None, config: GenerateConfig) -> ModelOutput | str:
        """The answer to one call.

        Args:
            asked: the question; None for one that is not ours.
            config: whether log-probabilities are wanted, and how many.

        Raises:
            DataError: for another benchmark, or for a representation that it cannot follow.
        """
        if not isinstance(asked, AskedRating | AskedProfile | AskedWhichProfile):
            raise DataError(f"{self.model} answers {', '.join(BENCHMARKS)} only")
        if self.follows and asked.data != CARD:
            raise DataError(f"{self.model} knows the raters of {CARD} only: add -T data={CARD}")
        if isinstance(asked, AskedRating):
            return letter_output(self.model, self._predicted(asked), asked.answer, config)
        if isinstance(asked, AskedProfile):
            return estimated_profile(asked.rater, asked.seed) if self.follows else GENERIC
        return self._which_profile(asked)

    def _predicted(self, asked: AskedRating) -> FloatArray:
        if asked.data != CARD:
            return np.full(asked.choices, 1 / asked.choices)
        nothing = asked.model_copy(update={"representation": "none"})
        return predicted(asked if self.follows else nothing)

    def _which_profile(self, asked: AskedWhichProfile) -> str:
        if not self.follows:
            digest = hashlib.sha256(f"{self.seed}\0{asked.question}".encode()).digest()
            return f"Profile {1 + digest[0] % 2}"
        instance = _position(planted().data.table.instances.index, asked.instance)
        sure = np.eye(len(STANCES))
        first, second = (_given_profile(text, instance, sure) for text in asked.profiles)
        x, y = np.array(asked.x), np.array(asked.y)
        straight = np.abs(first - x).sum() + np.abs(second - y).sum()
        crossed = np.abs(first - y).sum() + np.abs(second - x).sum()
        return f"Profile {1 if straight <= crossed else 2}"


def predicted(asked: AskedRating) -> FloatArray:
    """The true distribution of a simulated rating given what the call gives, K probabilities.

    What a profile says of a stance is believed as far as `estimated_profile` is right.

    Args:
        asked: with one of the representations `none`, `demographics`, `measured`, `groundtruth`,
            or `profile:<run>`.

    Raises:
        DataError: for another representation.
    """
    known = planted()
    parts = parse_representation(asked.representation).components
    kind = parts[0].kind
    instance = _position(known.data.table.instances.index, asked.instance)
    if len(parts) == 1 and kind == "profile":
        return _given_profile(asked.profile or "", instance, _belief(asked.seed))
    if len(parts) > 1 or kind not in KINDS or parts[0].argument:
        raise DataError(
            f"respondent/follows cannot follow {asked.representation!r}; it follows "
            f"{', '.join(KINDS)} and profile:<run>"
        )
    rater = 0 if asked.rater is None else _position(known.data.table.raters.index, asked.rater)
    return _row(known, kind, rater, instance)


def estimated_profile(rater: str, seed: int) -> str:
    """The likeliest stance of a simulated rater towards each value, from the rater's fit ratings.

    Values of which the rater rated nothing are left out.

    Args:
        rater: name.
        seed: of the split.
    """
    row = _position(planted().data.table.raters.index, rater)
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


def _given_profile(profile: str, instance: int, belief: FloatArray) -> FloatArray:
    """The distribution of a statement given a profile; given nothing, where it is silent.

    Args:
        profile: its text.
        instance: position of the statement.
        belief: T x T, how likely each stance is where each is written.
    """
    known = planted()
    value = str(known.data.table.instances["value"].iloc[instance])
    phrases = stance_phrases()
    for number, stance in enumerate(STANCES):
        if phrases.get((value, stance), "\0") in profile:
            row: FloatArray = belief[number] @ known.given[instance]
            return row
    return _row(known, "none", 0, instance)


def _row(known: Planted, kind: str, rater: int, instance: int) -> FloatArray:
    row: FloatArray = known.probabilities(kind, np.array([rater]), np.array([instance]))[0]
    return row


def _position(index: pd.Index, name: str) -> int:
    return int(index.get_indexer(pd.Index([name]))[0])


def _values() -> list[str]:
    return list(dict.fromkeys(planted().data.table.instances["value"]))
