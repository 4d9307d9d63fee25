"""IndieValueCatalog: survey questions as statements, coarse (`polar`) and fine (`refined`).

Jiang et al. (2025), Can Language Models Reason about Individualistic Human Values and
Preferences? Section 2 and appendix A. The official catalog and the packaged sample have the same
files in the same layout, so one loader reads both: `data="official"` or `data="sample"`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ratings.errors import DataError, unknown_name
from ratings.sources.cards import Card, load_card
from ratings.sources.fetch import fetch

CARDS = {"official": "indie_value", "sample": "indie_value_sample"}
FORMS = ("polar", "refined")
NO_STATEMENT = -1

_FOLDER = "data/meta_data"
_FILES = {"polar": "statements_meta_data", "refined": "refined_statements_meta_data"}

# The first of the three questions that each category gives to each probe set (Table 10).
_PROBE_STARTS = (
    (1, 4, 7),
    (46, 49, 52),
    (57, 60, 63),
    (106, 109, 106),
    (112, 115, 118),
    (121, 124, 127),
    (131, 134, 137),
    (152, 155, 152),
    (158, 161, 158),
    (164, 167, 170),
    (176, 179, 182),
    (199, 202, 205),
    (235, 238, 241),
)
PROBES: Mapping[int, tuple[str, ...]] = {
    probe: tuple(f"Q{starts[probe - 1] + step}" for starts in _PROBE_STARTS for step in range(3))
    for probe in (1, 2, 3)
}

# The 16 dimensions of Table 13, and the question each is read from.
DIMENSIONS: Mapping[str, str] = {
    "Country": "B_COUNTRY",
    "Continent": "B_COUNTRY_to_continent",
    "Sex": "Q260",
    "Age": "X003R",
    "Immigration Status": "Q263",
    "Birth Country": "Q266",
    "Citizenship": "Q269",
    "Marital Status": "Q273",
    "Education": "Q275",
    "Employment Status": "Q279",
    "Occupation": "Q281",
    "Employment Sector": "Q284",
    "Family Saving": "Q286",
    "Social Class": "Q287",
    "Income": "Q288R",
    "Religion": "Q289",
}


@dataclass(frozen=True, eq=False)
class Demographic:
    """A question about who a person is.

    Attributes:
        column: the survey's column that it is read from.
        labels: what each survey code stands for.
        statements: what a person with that code says of themselves.
    """

    question: str
    column: str
    category: str
    labels: Mapping[int, str]
    statements: Mapping[int, str]


@dataclass(frozen=True, eq=False)
class Catalog:
    """The questions of the catalog and the statements they were turned into.

    Attributes:
        card: the data card the files came from.
        questions: I rows indexed by instance (`Q1`, ...), with column `category`.
        statements: by form, for each instance its statements.
        codes: by form, I x C: the index of the statement that a survey code stands for,
            `NO_STATEMENT` where it stands for none; C is one more than the largest code.
        demographics: by question, in the order of the source.
    """

    card: Card
    questions: pd.DataFrame
    statements: Mapping[str, tuple[tuple[str, ...], ...]]
    codes: Mapping[str, npt.NDArray[np.int8]]
    demographics: Mapping[str, Demographic]

    @property
    def categories(self) -> list[str]:
        """The categories in the order of their first question."""
        return list(dict.fromkeys(self.questions["category"]))

    def positions(self, instances: Sequence[str]) -> npt.NDArray[np.intp]:
        """Positions of some instances among all."""
        return np.array([self._position_of[name] for name in instances], dtype=np.intp)

    @cached_property
    def _position_of(self) -> Mapping[str, int]:
        return {str(name): position for position, name in enumerate(self.questions.index)}

    def choice_counts(self, form: str) -> npt.NDArray[np.intp]:
        """Number of statements of each of the I instances in one form."""
        return np.array([len(statements) for statements in self.statements[form]])

    def combinations(self, form: str) -> float:
        """Decimal logarithm of the number of ways to answer all questions (section 2.1)."""
        return float(np.log10(self.choice_counts(form)).sum())

    def random_accuracy(self, form: str, probe: int) -> float:
        """Expected accuracy of uniform guessing over a probe set (Table 3, Random)."""
        return float((1 / self.choice_counts(form)[self.positions(PROBES[probe])]).mean())


@lru_cache(maxsize=2)
def load_catalog(data: str = "official") -> Catalog:
    """The official catalog, or the sample catalog that ships with the package.

    Raises:
        UnknownNameError: for anything but `official` and `sample`.
        DataError: when files are missing, changed or do not fit each other.
    """
    if data not in CARDS:
        raise unknown_name("data", data, CARDS)
    card = load_card(CARDS[data])
    paths = fetch(card, ["catalog"])
    rows = {form: _read_lines(paths[f"{_FOLDER}/{name}.jsonl"]) for form, name in _FILES.items()}
    order = {form: [row["question_id"] for row in found] for form, found in rows.items()}
    if order["polar"] != order["refined"]:
        raise DataError(f"{card.id}: the two statement files do not hold the same questions")
    questions = pd.DataFrame(
        {"category": [row["question_category"] for row in rows["polar"]]},
        index=pd.Index(order["polar"], name="instance"),
    )
    demographics = _read_lines(paths[f"{_FOLDER}/demographics_meta_data.jsonl"])
    return Catalog(
        card=card,
        questions=questions,
        statements={
            form: tuple(tuple(row["converted_statements"]) for row in found)
            for form, found in rows.items()
        },
        codes={form: _code_table(found) for form, found in rows.items()},
        demographics={row["question_id"]: _demographic(row) for row in demographics},
    )


def as_said(statement: str) -> str:
    """A statement as a person's own: with its first letter raised, as the release shows it.

    >>> as_said("most people can be trusted")
    'Most people can be trusted'
    """
    return statement[:1].upper() + statement[1:]


def _read_lines(path: Path) -> list[dict[str, Any]]:
    text = path.read_bytes().decode("utf-8")
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def _code_table(rows: list[dict[str, Any]]) -> npt.NDArray[np.int8]:
    maps = [
        {int(code): index for code, index in row["answer_ids_to_grouped_answer_ids"].items()}
        for row in rows
    ]
    out = np.full((len(maps), max(map(max, maps)) + 1), NO_STATEMENT, dtype=np.int8)
    for row, known in enumerate(maps):
        out[row, list(known)] = list(known.values())
    return out


def _demographic(row: Mapping[str, Any]) -> Demographic:
    if "answer_vars_map" in row:
        labels = {int(code): str(label) for code, label in row["answer_vars_map"].items()}
        template = row["statement_template"]
        statements = {
            code: template.replace("{answer_var}", label) for code, label in labels.items()
        }
    else:
        groups = {int(c): g for c, g in row["answer_ids_to_grouped_answer_ids"].items()}
        labels = {code: row["answer_vars"][group] for code, group in groups.items()}
        statements = {code: row["converted_statements"][group] for code, group in groups.items()}
    return Demographic(
        row["question_id"], row["question_id_converted"], row["question_category"],
        labels, statements,
    )  # fmt: skip
