"""A survey of people on the catalog's questions: what they answered and who they say they are."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from ratings.instruments.indie_value import DIMENSIONS, NO_STATEMENT, Catalog
from ratings.table import RatingTable

MISSING_CODE = -1


@dataclass(frozen=True, eq=False)
class Survey:
    """R people and the survey codes of their answers to I questions.

    Attributes:
        catalog: the questions.
        codes: R x I `int8`; `MISSING_CODE` where a person gave no answer that the catalog knows.
        people: R rows indexed by person, a categorical column of labels for each demographic
            question; missing where the person gave none.
        origin: where it comes from: the file and its version, or the generator and its seed.
        synthetic: whether the people are simulated.
        notes: a line for each thing that was left out of the file.
    """

    catalog: Catalog
    codes: npt.NDArray[np.int8]
    people: pd.DataFrame
    origin: str
    synthetic: bool
    notes: tuple[str, ...] = ()

    @cached_property
    def digest(self) -> str:
        """SHA-256 of who the people are and what they answered: identifies a survey."""
        digest = hashlib.sha256(np.ascontiguousarray(self.codes).tobytes())
        digest.update("\0".join(map(str, self.people.index)).encode())
        for name in self.people:
            digest.update(self.people[name].cat.codes.to_numpy().tobytes())
        return digest.hexdigest()

    def __len__(self) -> int:
        """Number of people, R."""
        return len(self.people)

    def table(self, form: str) -> RatingTable:
        """The answers as choices among the statements of one form, R x I."""
        return RatingTable.from_positions(
            statement_positions(self.codes, self.catalog, form),
            raters=self.people,
            instances=self.catalog.questions,
            choices=self.catalog.statements[form],
        )

    def groups(self, dimension: str) -> pd.Series:
        """The group of each person in one of the 16 dimensions; missing where not given."""
        return self.people[DIMENSIONS[dimension]]

    def statements_of(self, row: int, form: str, questions: Sequence[str]) -> list[str]:
        """The statements that a person chose.

        Args:
            row: of the person, from 0.
            form: of the statements.
            questions: ids of some that the person answered.
        """
        columns = self.catalog.positions(questions)
        positions = self.catalog.codes[form][columns, self.codes[row, columns]]
        statements = self.catalog.statements[form]
        return [statements[c][k] for c, k in zip(columns.tolist(), positions.tolist(), strict=True)]

    def demographic_statements_of(self, row: int) -> list[str]:
        """What a person says of their demographics, a statement for each label that is given."""
        labels = self.people.iloc[row].items()
        return [self._statement_of[name][one] for name, one in labels if isinstance(one, str)]

    @cached_property
    def _statement_of(self) -> Mapping[object, Mapping[str, str]]:
        return {
            name: {label: question.statements[code] for code, label in question.labels.items()}
            for name, question in self.catalog.demographics.items()
        }


def survey_from_columns(
    columns: Mapping[str, npt.NDArray[np.int32]],
    persons: pd.Index,
    catalog: Catalog,
    *,
    origin: str,
    synthetic: bool,
) -> Survey:
    """A survey from its columns of codes, as they are in the survey's file.

    A negative code, or one that the catalog does not know, is missing.

    Args:
        columns: R codes by column: the questions and the columns of the demographics.
        persons: R ids, each once.
        catalog: which codes there are.
        origin: said in every result.
        synthetic: whether the people are simulated.
    """
    codes = np.column_stack(
        [
            known_codes(columns[str(question)], known)
            for question, known in zip(
                catalog.questions.index, catalog.codes["refined"], strict=True
            )
        ]
    )
    people = pd.DataFrame(
        {
            name: _labels(columns[question.column], question.labels)
            for name, question in catalog.demographics.items()
        }
    )
    people.index = persons
    return Survey(catalog, codes, people, origin, synthetic)


def known_codes(codes: npt.NDArray[np.int32], known: npt.NDArray[np.int8]) -> npt.NDArray[np.int8]:
    """Codes of one question as `int8`, `MISSING_CODE` for those without a statement.

    Args:
        codes: R codes as they are in the file.
        known: the question's row of the catalog's table of codes.
    """
    inside = (codes >= 0) & (codes < len(known))
    clipped = np.where(inside, codes, 0)
    there = inside & (known[clipped] != NO_STATEMENT)
    return np.where(there, clipped, MISSING_CODE).astype(np.int8)


def statement_positions(
    codes: npt.NDArray[np.int8], catalog: Catalog, form: str
) -> npt.NDArray[np.int8]:
    """Survey codes as positions among the statements of a form, from 1; 0 where missing; R x I."""
    known = catalog.codes[form]
    # The code -1 takes the added last column, which stands for no statement.
    padded = np.column_stack([known, np.full(len(known), NO_STATEMENT, dtype=np.int8)]) + 1
    out = np.empty(codes.shape, dtype=np.int8)
    for question, row in enumerate(padded):
        out[:, question] = row[codes[:, question]]
    return out


def _labels(codes: npt.NDArray[np.int32], labels: Mapping[int, str]) -> "pd.Categorical[str]":
    categories = list(dict.fromkeys(labels.values()))
    known = np.array(sorted(labels))
    position = np.array([categories.index(labels[code]) for code in known.tolist()], dtype=np.intp)
    found = np.searchsorted(known, codes).clip(max=len(known) - 1)
    there = np.where(known[found] == codes, position[found], np.intp(-1))
    return pd.Categorical.from_codes(there, categories=pd.Index(categories))
