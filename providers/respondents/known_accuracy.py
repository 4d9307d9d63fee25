"""A simulated reader of people: right with a known chance, which may differ between groups.

What an evaluation should find is therefore known: the accuracy, and how unequal it is.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from ratings.asked import AskedStatements
from ratings.errors import DataError, unknown_name
from ratings.instruments.indie_value import DIMENSIONS
from ratings.sources.locations import resolve_from_start
from ratings.survey.source import load_survey
from ratings.survey.survey import Survey

Positions = npt.NDArray[np.int8]


class KnownAccuracy:
    """The chance of being right about a person: one number, or one for each group.

    Attributes:
        accuracy: of people in no group that has its own.
        dimension: the demographic dimension whose groups have their own, or None.
        groups: accuracy by group of that dimension.
    """

    def __init__(self, accuracy: float, dimension: str | None, groups: Mapping[str, float]) -> None:
        """Keep what was checked by `read_accuracy`."""
        self.accuracy, self.dimension, self.groups = accuracy, dimension, dict(groups)

    def chances(self, survey: Survey) -> npt.NDArray[np.float64]:
        """The chance of being right about each of the R people.

        Raises:
            UnknownNameError: for a group that the dimension does not have.
        """
        if self.dimension is None:
            return np.full(len(survey), self.accuracy)
        labels = survey.groups(self.dimension)
        for name in self.groups.keys() - set(labels.cat.categories):
            raise unknown_name(f"group of {self.dimension}", name, labels.cat.categories)
        own = [self.groups.get(label, self.accuracy) for label in labels.cat.categories]
        codes = labels.cat.codes.to_numpy()
        return np.array([*own, self.accuracy])[codes]

    def answer(self, asked: AskedStatements, seed: int) -> str:
        """The answer to one call as the JSON object that the task asks for.

        Args:
            asked: which questions about which person.
            seed: the same seed gives the same answer to the same question.
        """
        survey, positions = _answers(asked.data, asked.survey, asked.form)
        row = survey.people.index.get_loc(asked.person)
        chance = float(_chances(self, survey)[row])
        counts = survey.catalog.choice_counts(asked.form)
        chosen = {}
        for label, question in asked.questions.items():
            column = survey.catalog.positions([question])[0]
            choice = simulated_choice(
                int(positions[row, column]), int(counts[column]), chance,
                f"{seed}\0{asked.person}\0{question}",
            )  # fmt: skip
            chosen[label] = {"rationale": "simulated", "choice": f"{label}_s{choice}"}
        return json.dumps(chosen)


def simulated_choice(own: int, count: int, chance: float, key: str) -> int:
    """The person's own statement with some chance, else one of the others with equal chances.

    Args:
        own: position of the person's statement, from 1.
        count: number of statements.
        chance: of choosing the person's own.
        key: the same key gives the same choice.
    """
    rng = np.random.default_rng(int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big"))
    if rng.random() < chance:
        return own
    others = [choice for choice in range(1, count + 1) if choice != own]
    return others[int(rng.integers(len(others)))]


def read_accuracy(name: str) -> KnownAccuracy | None:
    """A known accuracy from what comes after the slash: `0.7`, or a JSON file with an object.

    The object has `accuracy` and may have one dimension with the accuracies of its groups:
    `{"accuracy": 0.5, "Sex": {"male": 0.7}}`. An object without a comma may itself come
    after the slash; at a comma Inspect's command line cuts a model's name.

    Returns:
        None when the name is neither.

    Raises:
        UnknownNameError: for a dimension that is not one of the 16.
        DataError: for a number that is not a valid accuracy.
    """
    try:
        path = resolve_from_start(name)
        is_file = name.endswith(".json") and path.is_file()
        found = json.loads(path.read_text(encoding="utf-8") if is_file else name)
    except ValueError:
        return None
    if isinstance(found, int | float) and not isinstance(found, bool):
        return KnownAccuracy(_check(found), None, {})
    if not isinstance(found, dict) or "accuracy" not in found:
        return None
    accuracy = _check(found.pop("accuracy"))
    if not found:
        return KnownAccuracy(accuracy, None, {})
    dimension, groups = found.popitem()
    if dimension not in DIMENSIONS:
        raise unknown_name("dimension", dimension, DIMENSIONS)
    if found or not isinstance(groups, dict):
        raise DataError("a respondent's accuracy may differ between the groups of one dimension")
    return KnownAccuracy(accuracy, dimension, {group: _check(v) for group, v in groups.items()})


def _check(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise DataError(f"a respondent's accuracy must be a number from 0 to 1, found {value!r}")
    return float(value)


@lru_cache(maxsize=2)
def _answers(data: str, path: str | None, form: str) -> tuple[Survey, Positions]:
    survey = load_survey(data, path)
    return survey, survey.table(form).positions()


@lru_cache(maxsize=2)
def _chances(known: KnownAccuracy, survey: Survey) -> npt.NDArray[np.float64]:
    return known.chances(survey)
