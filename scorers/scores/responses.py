"""The answers of one run as a matrix: a row a sample, a column an answer.

In the layout `variants` a sample is an item and a column is a prompt variant that rated it; in
`choices` a sample is a person in a probe set and a column is a question; in `predictions` a sample
asks a number of things, a column is the position of one among them, and each has several numbers.
Always samples of one cluster (a query, a person) are resampled together.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ratings.arrays import BoolArray, FloatArray
from scorers.intervals.means import mean_of_present, ratio

Rows = Sequence[Sequence[object]]

# The status of an entry that stands for no answer: a sample that asked less than others.
NOT_ASKED = ""


@dataclass(frozen=True, eq=False)
class ResponseMatrix:
    """Answers of S samples in P columns.

    Attributes:
        samples: S ids; one that ran for several epochs has several rows.
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
        lengths: S x P, characters of the text that each answer was read from, NaN where that is not
            known; None where it is known of none. No score is made of them.

    Raises:
        ValueError: for a part of another shape; a phrase with the run as its subject.
    """

    samples: Sequence[str]
    epochs: Sequence[int]
    clusters: Sequence[str]
    columns: Sequence[str]
    ratings: FloatArray
    right: FloatArray | None
    statuses: npt.NDArray[np.str_]
    attributes: Sequence[Mapping[str, Any]]
    labels: Mapping[str, Sequence[str]] = field(default_factory=dict)
    values: Mapping[str, FloatArray] = field(default_factory=dict)
    lengths: FloatArray | None = None

    def __post_init__(self) -> None:
        shape = len(self.samples), len(self.columns)
        for name in ("epochs", "clusters", "attributes"):
            if len(getattr(self, name)) != shape[0]:
                raise ValueError(f"has {len(getattr(self, name))} {name} for {shape[0]} samples")
        for name, of in self.labels.items():
            if len(of) != shape[1]:
                raise ValueError(f"has {len(of)} {name} for {shape[1]} answers of a sample")
        arrays: dict[str, npt.NDArray[Any] | None] = {
            "ratings": self.ratings, "right": self.right, "statuses": self.statuses,
            "lengths": self.lengths, **self.values,
        }  # fmt: skip
        for name, array in arrays.items():
            if array is not None and array.shape != shape:
                raise ValueError(
                    f"has {name} of shape {array.shape}; its samples and answers are {shape}"
                )

    @classmethod
    def from_log(
        cls,
        samples: Sequence[str],
        epochs: Sequence[int],
        clusters: Sequence[str],
        columns: Sequence[str],
        ratings: Rows,
        right: Rows | None,
        statuses: Sequence[Sequence[str]],
        attributes: Sequence[Mapping[str, Any]],
        labels: Mapping[str, Sequence[str]],
        values: Mapping[str, Rows],
    ) -> "ResponseMatrix":
        """The answers of a log, a row a sample; rows that asked less than P answers are filled up.

        Numbers that are not valid are missing.
        """
        width = len(columns)
        filled = [[*row, *[NOT_ASKED] * (width - len(row))] for row in statuses]
        return cls(
            samples=samples,
            epochs=epochs,
            clusters=clusters,
            columns=columns,
            ratings=_filled(ratings, width),
            right=None if right is None else _filled(right, width),
            statuses=np.array(filled, dtype=str).reshape(len(filled), width),
            attributes=attributes,
            labels=labels,
            values={name: _filled(rows, width) for name, rows in values.items()},
        )

    @classmethod
    def from_store(
        cls,
        samples: Mapping[str, npt.NDArray[Any]],
        answers: Mapping[str, npt.NDArray[Any]],
        columns: Sequence[str],
        attributes: Sequence[Mapping[str, Any]],
        labels: Mapping[str, Sequence[str]],
        *,
        choices: bool,
        values: Mapping[str, FloatArray],
    ) -> "ResponseMatrix":
        """The answers of one run out of a store, one after the other.

        Args:
            samples: `sample`, `epoch` and `cluster` of each of the S samples.
            answers: `rating`, `correct` and `status` of each of the S x P answers.
            columns: P names.
            attributes: S, what is known of each sample.
            labels: lists with a label for each column, by name.
            choices: whether there is a right choice.
            values: by name the S x P further numbers, one after the other.
        """
        shape = len(samples["sample"]), len(columns)
        return cls(
            samples=samples["sample"].tolist(),
            epochs=samples["epoch"].tolist(),
            clusters=samples["cluster"].tolist(),
            columns=columns,
            ratings=answers["rating"].reshape(shape),
            right=answers["correct"].reshape(shape) if choices else None,
            statuses=answers["status"].reshape(shape),
            attributes=attributes,
            labels=labels,
            values={name: of.reshape(shape) for name, of in values.items()},
        )

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> "ResponseMatrix":
        """The answers that `as_json` wrote.

        Raises:
            ValueError: for parts that do not fit together, or are missing (a `KeyError`) or of
                another kind (a `TypeError`).
        """
        names = np.array(found["status_names"], dtype=str)
        samples = [str(sample) for sample in found["samples"]]
        shape = len(samples), len(found["columns"])
        codes = np.array(found["statuses"], dtype=int).reshape(shape)
        if (codes < 0).any():
            raise ValueError("has a status below 0")
        right, lengths = found["right"], found.get("lengths")
        return cls(
            samples=samples,
            epochs=(pd.Series(samples, dtype=object).groupby(samples).cumcount() + 1).tolist(),
            clusters=[str(cluster) for cluster in found["clusters"]],
            columns=[str(column) for column in found["columns"]],
            ratings=np.array(found["ratings"], dtype=float).reshape(shape),
            right=None if right is None else np.array(right, dtype=float).reshape(shape),
            statuses=names[codes] if names.size else np.empty(shape, dtype=str),
            attributes=[dict(about) for about in found["attributes"]],
            labels={str(name): [str(one) for one in of] for name, of in found["labels"].items()},
            values={
                str(name): np.array(of, dtype=float).reshape(shape)
                for name, of in found.get("values", {}).items()
            },
            lengths=None if lengths is None else np.array(lengths, dtype=float).reshape(shape),
        )

    @classmethod
    def from_ratings(
        cls,
        ratings: FloatArray,
        samples: Sequence[str],
        clusters: Sequence[str],
        columns: Sequence[str],
        tags: Sequence[Sequence[str]],
        statuses: npt.NDArray[np.str_] | None = None,
    ) -> "ResponseMatrix":
        """Ratings of I items that were asked once in each of V variants.

        Args:
            ratings: I x V, NaN where missing.
            samples: I ids.
            clusters: I labels.
            columns: V names.
            tags: I, the dimensions that each item counts for.
            statuses: I x V, how each answer was read; by default `valid`, or `empty` where missing.
        """
        read = np.where(np.isnan(ratings), "empty", "valid") if statuses is None else statuses
        return cls(
            samples=samples,
            epochs=[1] * len(samples),
            clusters=clusters,
            columns=columns,
            ratings=ratings,
            right=None,
            statuses=read,
            attributes=[{"tags": list(carried)} for carried in tags],
        )

    @classmethod
    def from_people(cls, ratings: FloatArray, items: "ResponseMatrix") -> "ResponseMatrix":
        """The mean rating of each item over people, as a run of one variant.

        Args:
            ratings: R x I, NaN where somebody did not rate an item.
            items: I, with their clusters and tags.
        """
        return cls.from_ratings(
            mean_of_present(ratings, axis=0)[:, None],
            items.samples,
            items.clusters,
            ["people"],
            [about["tags"] for about in items.attributes],
        )

    def as_json(self) -> dict[str, Any]:
        """The answers as JSON data; a number that is missing is null, a whole one has no point."""
        names = sorted(set(self.statuses.ravel().tolist()))
        code = {name: number for number, name in enumerate(names)}
        return {
            "samples": list(self.samples),
            "clusters": list(self.clusters),
            "columns": list(self.columns),
            "ratings": _plain(self.ratings),
            "right": None if self.right is None else _plain(self.right),
            "values": {name: _plain(of) for name, of in self.values.items()},
            "lengths": None if self.lengths is None else _plain(self.lengths),
            "status_names": names,
            "statuses": [[code[str(status)] for status in row] for row in self.statuses],
            "attributes": [dict(about) for about in self.attributes],
            "labels": {name: list(of) for name, of in self.labels.items()},
        }

    @property
    def asked(self) -> BoolArray:
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

    def of_samples(self, kept: Iterable[str]) -> "ResponseMatrix":
        """The rows of some samples."""
        wanted = set(kept)
        return self.rows([s for s, sample in enumerate(self.samples) if sample in wanted])

    def rows(self, positions: Sequence[int]) -> "ResponseMatrix":
        """Some rows, in the order given."""
        taken = self._changed(lambda array: array[list(positions)])
        for name in ("samples", "epochs", "clusters", "attributes"):
            taken[name] = [getattr(self, name)[s] for s in positions]
        taken["statuses"] = self.statuses[list(positions)]
        return replace(self, **taken)

    def joined(self, other: "ResponseMatrix") -> "ResponseMatrix":
        """The rows of both, these first, of the columns that both have.

        Raises:
            ValueError: when they have no column in common.
        """
        shared = [name for name in self.columns if name in other.columns]
        if not shared:
            raise ValueError("have no answer in common")
        one, two = self.of_columns(shared), other.of_columns(shared)
        samples = [*one.samples, *two.samples]
        return replace(
            one,
            samples=samples,
            epochs=(pd.Series(samples, dtype=object).groupby(samples).cumcount() + 1).tolist(),
            clusters=[*one.clusters, *two.clusters],
            ratings=np.concatenate([one.ratings, two.ratings]),
            right=None
            if one.right is None or two.right is None
            else np.concatenate([one.right, two.right]),
            statuses=np.concatenate([one.statuses, two.statuses]),
            attributes=[*one.attributes, *two.attributes],
            values={
                name: np.concatenate([of, two.values[name]])
                for name, of in one.values.items()
                if name in two.values
            },
            lengths=None
            if one.lengths is None and two.lengths is None
            else np.concatenate([_lengths(one), _lengths(two)]),
        )

    def of_columns(self, names: Sequence[str]) -> "ResponseMatrix":
        """Some columns, in the order given."""
        positions = [list(self.columns).index(name) for name in names]
        return replace(
            self,
            columns=list(names),
            statuses=self.statuses[:, positions],
            labels={name: [of[p] for p in positions] for name, of in self.labels.items()},
            **self._changed(lambda array: array[:, positions]),
        )

    def without(self, lost: BoolArray) -> "ResponseMatrix":
        """The matrix with some of the S x P ratings and numbers missing."""
        changed = self._changed(lambda array: np.where(lost, np.nan, array))
        return replace(self, **changed | {"right": self.right, "lengths": self.lengths})

    def by_sample(self) -> "ResponseMatrix":
        """One row a sample, in the order of the ids: ratings averaged over the valid epochs.

        `statuses` and `attributes` are those of the first epoch.
        """
        unique, first, row = np.unique(
            np.asarray(self.samples, dtype=str), return_index=True, return_inverse=True
        )
        one = self.rows(first.tolist())
        if len(unique) == len(self.samples):
            return one

        def mean_over_epochs(found: FloatArray) -> FloatArray:
            there = ~np.isnan(found)
            sums, counts = np.zeros((2, len(unique), found.shape[1]))
            np.add.at(sums, row, np.where(there, found, 0.0))
            np.add.at(counts, row, there)
            return ratio(sums, counts)

        return replace(one, **self._changed(mean_over_epochs))

    def _changed(self, change: Callable[[FloatArray], FloatArray]) -> dict[str, Any]:
        """All of the numbers after a change: `ratings`, `right`, `values` and `lengths`."""
        return {
            "ratings": change(self.ratings),
            "right": None if self.right is None else change(self.right),
            "values": {name: change(of) for name, of in self.values.items()},
            "lengths": None if self.lengths is None else change(self.lengths),
        }


def _lengths(grid: ResponseMatrix) -> FloatArray:
    """S x P lengths of answers; all missing where none is known."""
    return np.full(grid.ratings.shape, np.nan) if grid.lengths is None else grid.lengths


def _filled(rows: Rows, width: int) -> FloatArray:
    """S x `width` numbers, NaN where missing and beyond what a sample asked."""
    out = np.full((len(rows), width), np.nan)
    for s, row in enumerate(rows):
        out[s, : len(row)] = [one if isinstance(one, int | float) else np.nan for one in row]
    return out


def _plain(matrix: FloatArray) -> list[list[float | None]]:
    return [
        [None if math.isnan(v) else int(v) if v.is_integer() else v for v in row]
        for row in matrix.tolist()
    ]
