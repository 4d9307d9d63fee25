"""The answers of one run as a grid: a row a sample, a column an answer.

In the layout `variants` a sample is an item and a column is a prompt variant that rated it; in
`choices` a sample is a person in a probe set and a column is a question; in `predictions` a sample
asks a number of things, a column is the place of one among them, and each has several numbers.
Always samples of one cluster (a query, a person) are drawn anew together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

# The status of a cell that stands for no answer: a sample that asked less than others.
NOT_ASKED = ""


@dataclass(frozen=True, eq=False)
class AnswerGrid:
    """Answers of S samples in P columns.

    Attributes:
        samples: S ids; one that ran for several epochs stands in several rows.
        epochs: S.
        clusters: S labels.
        columns: P names.
        ratings: S x P, the rating or the number of the chosen statement; NaN where missing.
        right: S x P, 1 where the choice is the person's own, 0 where it is not or is missing;
            None where there is no right choice.
        statuses: S x P, how each answer was read; `NOT_ASKED` beyond what a sample asked.
        attributes: S, what is known of each sample.
        labels: lists with a label for each column, by name.
        values: by name S x P further numbers of each answer, NaN where missing.
    """

    samples: Sequence[str]
    epochs: Sequence[int]
    clusters: Sequence[str]
    columns: Sequence[str]
    ratings: FloatArray
    right: FloatArray | None
    statuses: npt.NDArray[np.str_]
    attributes: Sequence[Mapping[str, Any]]
    labels: Mapping[str, Sequence[str]]
    values: Mapping[str, FloatArray] = field(default_factory=dict)

    @property
    def asked(self) -> npt.NDArray[np.bool_]:
        """S x P, whether an answer was asked for."""
        return np.asarray(self.statuses != NOT_ASKED)

    @property
    def valid(self) -> float:
        """Share of the answers that could be read; NaN without any."""
        asked = self.asked
        return float((self.statuses == "valid")[asked].mean()) if asked.any() else float("nan")

    def counts(self) -> dict[str, int]:
        """How many answers were read as each status, the most frequent first."""
        names, numbers = np.unique(self.statuses[self.asked], return_counts=True)
        order = sorted(zip(-numbers, names.tolist(), strict=True))
        return {str(name): int(-number) for number, name in order}

    def of_samples(self, kept: Iterable[str]) -> "AnswerGrid":
        """The rows of some samples."""
        wanted = set(kept)
        return self.rows([s for s, sample in enumerate(self.samples) if sample in wanted])

    def rows(self, places: Sequence[int]) -> "AnswerGrid":
        """Some rows, in the order given."""
        return replace(
            self,
            samples=[self.samples[s] for s in places],
            epochs=[self.epochs[s] for s in places],
            clusters=[self.clusters[s] for s in places],
            ratings=self.ratings[list(places)],
            right=None if self.right is None else self.right[list(places)],
            statuses=self.statuses[list(places)],
            attributes=[self.attributes[s] for s in places],
            values={name: of[list(places)] for name, of in self.values.items()},
        )

    def of_columns(self, names: Sequence[str]) -> "AnswerGrid":
        """Some columns, in the order given."""
        places = [list(self.columns).index(name) for name in names]
        return replace(
            self,
            columns=list(names),
            ratings=self.ratings[:, places],
            right=None if self.right is None else self.right[:, places],
            statuses=self.statuses[:, places],
            labels={name: [of[p] for p in places] for name, of in self.labels.items()},
            values={name: of[:, places] for name, of in self.values.items()},
        )

    def without(self, lost: npt.NDArray[np.bool_]) -> "AnswerGrid":
        """The grid with some of the S x P ratings and numbers missing."""
        return replace(
            self,
            ratings=np.where(lost, np.nan, self.ratings),
            values={name: np.where(lost, np.nan, of) for name, of in self.values.items()},
        )

    def by_sample(self) -> "AnswerGrid":
        """One row a sample, in the order of the ids: ratings averaged over the valid epochs.

        `statuses` and `attributes` are those of the first epoch.
        """
        unique, first, row = np.unique(
            np.asarray(self.samples, dtype=str), return_index=True, return_inverse=True
        )
        one = self.rows(first.tolist())
        if len(unique) == len(self.samples):
            return one
        ratings, _ = mean_over_epochs(self.ratings, row, len(unique))
        right = None if self.right is None else mean_over_epochs(self.right, row, len(unique))[0]
        values = {
            name: mean_over_epochs(of, row, len(unique))[0] for name, of in self.values.items()
        }
        return replace(one, ratings=ratings, right=right, values=values)


def mean_over_epochs(
    found: FloatArray, row: npt.NDArray[np.intp], rows: int
) -> tuple[FloatArray, FloatArray]:
    """Means of answers that fall in the same row, over those that are there, and what is missing.

    Args:
        found: S x P, NaN where missing.
        row: S, the row of each, from 0.
        rows: their number, I.

    Returns:
        I x P means, NaN where all are missing; I x P shares of missing answers.

    >>> means, missing = mean_over_epochs(np.array([[1.0], [np.nan]]), np.array([0, 0]), 1)
    >>> means.item(), missing.item()
    (1.0, 0.5)
    """
    there = ~np.isnan(found)
    sums = np.zeros((rows, found.shape[1]))
    counts, asked = np.zeros_like(sums), np.zeros_like(sums)
    np.add.at(sums, row, np.where(there, found, 0.0))
    np.add.at(counts, row, there)
    np.add.at(asked, row, 1.0)
    means: FloatArray = np.divide(sums, counts, out=np.full_like(sums, np.nan), where=counts > 0)
    return means, 1 - counts / asked
