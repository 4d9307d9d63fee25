"""The answers of many runs to the same samples, as the cells that their scores are means of."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from scorers.intervals.repeats import of_repeats
from scorers.intervals.scopes import Cells, Scoped, beyond_items, joined_scopes
from scorers.scores.manifests import ScoreFamily
from scorers.scores.responses import AnswerGrid

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

TAGGED = ("centred_tagged_mean", "tagged_mean")


@dataclass(frozen=True, eq=False)
class ScopedScores:
    """D scores of B runs, or differences of B pairs, in both scopes.

    Attributes:
        names: D.
        on: with the error of asking the same items again.
        beyond: with the error of drawing other items of the kind, which holds the other.
    """

    names: list[str]
    on: Scoped
    beyond: Scoped


@dataclass(frozen=True, eq=False)
class StackedAnswers:
    """What a family's scores are made of, from B runs or B differences of runs.

    Attributes:
        family: of the manifest.
        grid: the samples, columns and what is known of them; its answers are not used.
        repeats: B x S x P x E, the answers of up to E epochs; NaN where missing or never asked.
        by_column: whether the columns of a sample are repeats of one asking, as prompt variants
            are; otherwise they are answered together, and the sample's epochs are the repeats.
    """

    family: ScoreFamily
    grid: AnswerGrid
    repeats: FloatArray
    by_column: bool

    @cached_property
    def numbers(self) -> FloatArray:
        """B x S x P, means over the epochs that there are."""
        there = ~np.isnan(self.repeats)
        return _ratio(np.where(there, self.repeats, 0.0).sum(axis=3), there.sum(axis=3))

    def less(self, run: int, others: Sequence[int]) -> "StackedAnswers":
        """The differences of some runs to one, theirs less its own, where both have an answer."""
        numbers = self.numbers[list(others)] - self.numbers[run]
        return replace(self, repeats=numbers[..., None])

    @cached_property
    def cells(self) -> list[tuple[list[str], Cells]]:
        """Names of scores, and the cells that they are means of.

        Items with tags are cells, people with their share of right choices are cells of an
        accuracy, and every number is a cell of a mean of numbers.
        """
        if self.family.estimator in TAGGED:
            return _tagged_cells(self)
        if self.family.estimator == "share_right":
            return _share_cells(self)
        return [([self.family.name], _number_cells(self))]

    def differences(self, run: int, others: Sequence[int]) -> "ScopedScores | None":
        """The differences of some runs to one, theirs less its own, in both scopes.

        Prompt variants are paired, since the two runs were asked the same; epochs are not.
        """
        if self.by_column and self.repeats.shape[2] > 1:
            return scoped_scores(self.less(run, others).cells)
        return scoped_scores([(names, cells.less(run, others)) for names, cells in self.cells])

    def askings(self, counted: FloatArray) -> FloatArray:
        """The repeats of each sample's mean over the columns that count, B x S x R.

        Args:
            counted: S x P, above 0 where an answer counts.
        """
        if self.by_column and self.repeats.shape[2] > 1:
            return np.where(counted > 0, self.numbers, np.nan)
        there = ~np.isnan(self.repeats) & (counted > 0)[:, :, None]
        return _ratio(np.where(there, self.repeats, 0.0).sum(axis=2), there.sum(axis=2))


def stacked(
    grids: Sequence[AnswerGrid], family: ScoreFamily, by_column: bool | None = None
) -> StackedAnswers:
    """The answers of B runs side by side, by sample and column.

    A run whose only column no other run has, such as the mean over people, stands in all of theirs:
    its answers are then taken as they are, without an error of asking.

    Args:
        grids: of runs that were asked alike; one that lacks a sample has NaN there.
        family: whose numbers are wanted.
        by_column: whether columns are repeats of one asking; by default those of tagged items are.
    """
    layout = _layout(grids, family)
    known = {sample: s for s, sample in enumerate(layout.samples)}
    place = {name: p for p, name in enumerate(layout.columns)}
    epochs = max((max(Counter(grid.samples).values(), default=1) for grid in grids), default=1)
    repeats = np.full((len(grids), len(known), len(place), epochs), np.nan)
    for b, grid in enumerate(grids):
        rows = np.array([known[sample] for sample in grid.samples], dtype=int)
        order = np.argsort(rows, kind="stable")
        epoch = np.empty(len(rows), dtype=int)
        epoch[order] = np.arange(len(rows)) - np.searchsorted(rows[order], rows[order])
        columns = [place[name] for name in grid.columns if name in place] or list(place.values())
        repeats[b, rows[:, None], columns, epoch[:, None]] = _numbers(grid, family)
    tagged = family.estimator in TAGGED
    return StackedAnswers(family, layout, repeats, tagged if by_column is None else by_column)


def _layout(grids: Sequence[AnswerGrid], family: ScoreFamily) -> AnswerGrid:
    """Every sample and column of the runs, and what is known of them; no answers of theirs."""
    widest = max(grids, key=lambda grid: (len(set(grid.samples)), len(grid.columns)))
    layout = widest.by_sample()
    lacking = {s: grid for grid in grids for s in set(grid.samples) - set(layout.samples)}
    extra = [lacking[sample].of_samples([sample]).by_sample() for sample in sorted(lacking)]
    several = [grid for grid in grids if len(grid.columns) > 1] or list(grids)
    columns = dict.fromkeys(name for grid in several for name in grid.columns)
    layout = replace(
        layout,
        samples=[*layout.samples, *(one.samples[0] for one in extra)],
        clusters=[*layout.clusters, *(one.clusters[0] for one in extra)],
        attributes=[*layout.attributes, *(one.attributes[0] for one in extra)],
        columns=list(columns),
    )
    if family.estimator in TAGGED:
        return replace(layout, attributes=_with_all_tags(grids, layout))
    return layout


def scoped_scores(parts: Sequence[tuple[list[str], Cells]]) -> ScopedScores | None:
    """The scores of some cells in both scopes; None without any, as where no sample has a tag."""
    if not parts:
        return None
    beyond = joined_scopes([beyond_items(cells) for _, cells in parts], axis=1)
    assert beyond.within is not None
    return ScopedScores([name for names, _ in parts for name in names], beyond.within, beyond)


def _tagged_cells(answers: StackedAnswers) -> list[tuple[list[str], Cells]]:
    family = answers.family
    tagged = tags_of(answers.grid, family)
    if not tagged.any():
        return []
    every = np.ones((len(answers.grid.samples), 1))
    values, variances, freedom, lone = of_repeats(answers.askings(every))
    cells = Cells(
        values,
        variances,
        freedom,
        tagged,
        _numbered(answers.grid.clusters),
        centred=family.estimator == "centred_tagged_mean",
        scale=family.scale,
        lone=lone,
    )
    return [(list(family.names), cells)]


def _share_cells(answers: StackedAnswers) -> list[tuple[list[str], Cells]]:
    """People as cells; what a sample asks of one is answered together, and repeated together."""
    person = _numbered(answers.grid.clusters)
    people = int(person.max(initial=-1)) + 1
    order = np.argsort(person, kind="stable")
    starts = np.searchsorted(person[order], np.arange(people))

    def by_person(parts: FloatArray) -> FloatArray:
        sums: FloatArray = np.add.reduceat(parts[:, order], starts, axis=1)
        return sums

    out = []
    for name, counted in zip(*counted_for(answers.grid, answers.family), strict=True):
        asked_here = (~np.isnan(answers.numbers) & (counted > 0)).sum(axis=2).astype(float)
        means, variances, freedom, lone = of_repeats(answers.askings(counted))
        asked = by_person(asked_here)
        shares = _ratio(by_person(np.where(asked_here > 0, asked_here * means, 0.0)), asked)
        known = (asked_here > 0) & (freedom > 0)
        parts = np.where(known, asked_here**2 * variances, 0.0)
        total, square = by_person(parts), by_person(parts**2 / np.where(known, freedom, 1.0))
        whole = (by_person((asked_here > 0) & ~known) == 0) & (asked > 0)
        least = by_person(np.where(known, freedom, 0.0))
        person_freedom = np.divide(total**2, square, out=least, where=square > 0)
        cells = Cells(
            shares,
            np.where(whole, _ratio(total, asked**2), np.nan),
            np.where(whole, person_freedom, 0.0),
            tagged=np.ones((1, people), dtype=bool),
            clusters=np.arange(people),
            scale=answers.family.scale,
            lone=by_person(lone & (asked_here > 0)) > 0,
        )
        out.append(([name], cells))
    return out


def _number_cells(answers: StackedAnswers) -> Cells:
    """Numbers as cells; what a sample's numbers scatter by together stands with its first.

    Every number counts alike, so the first cell of a sample has the variance of their sum, and the
    others have none, which is known for certain: infinite degrees of freedom.
    """
    runs, samples, columns = answers.numbers.shape
    counts = (~np.isnan(answers.numbers)).sum(axis=2)
    _, variances, freedom, lone = of_repeats(answers.askings(np.ones((samples, columns))))
    first = _first_there(answers.numbers)
    each = np.where(first, (counts**2 * variances)[:, :, None], 0.0)
    unknown = np.isnan(variances)[:, :, None] & ~np.isnan(answers.numbers)
    certain = ~first & (freedom > 0)[:, :, None]
    shape = (runs, samples * columns)
    return Cells(
        answers.numbers.reshape(shape),
        np.where(unknown, np.nan, each).reshape(shape),
        np.where(certain, np.inf, freedom[:, :, None]).reshape(shape),
        tagged=np.ones((1, shape[1]), dtype=bool),
        clusters=np.repeat(_numbered(answers.grid.clusters), columns),
        scale=answers.family.scale,
        lone=np.broadcast_to(lone[:, :, None], first.shape).reshape(shape),
    )


def _first_there(numbers: FloatArray) -> BoolArray:
    """B x S x P, the first number of each sample that is there."""
    there = ~np.isnan(numbers)
    first: BoolArray = there & (there.cumsum(axis=2) == 1)
    return first


def _numbered(labels: Sequence[str]) -> npt.NDArray[np.intp]:
    numbers: npt.NDArray[np.intp] = np.unique(np.asarray(labels, dtype=str), return_inverse=True)[1]
    return numbers


def tags_of(grid: AnswerGrid, family: ScoreFamily) -> BoolArray:
    """D x S, which samples count for which of the scores of a tagged family."""
    tags = [set(about.get("tags", ())) for about in grid.attributes]
    tagged = np.array([[name in carried for carried in tags] for name in family.names], dtype=bool)
    return tagged.reshape(len(family.names), len(tags))


def counted_for(grid: AnswerGrid, family: ScoreFamily) -> tuple[list[str], list[FloatArray]]:
    """The accuracies of a family and, S x P, the answers that count for each."""
    everything = np.ones((len(grid.samples), len(grid.columns)))
    if "sample" in family.by:
        field = family.by["sample"]
        of = np.array([str(about[field]) for about in grid.attributes])
        values = np.unique(of).tolist()
        return [f"{field} {value}" for value in values], [
            everything * (of == value)[:, None] for value in values
        ]
    if "column" in family.by:
        labels = np.array(grid.labels[family.by["column"]])
        values = list(dict.fromkeys(labels.tolist()))
        return values, [everything * (labels == value) for value in values]
    return [family.name], [everything]


def _with_all_tags(grids: Sequence[AnswerGrid], layout: AnswerGrid) -> list[dict[str, Any]]:
    """What is known of each sample, with the tags that any run scored it by."""
    tags: dict[str, dict[str, None]] = {}
    for grid in grids:
        for sample, about in zip(grid.samples, grid.attributes, strict=True):
            tags.setdefault(sample, {}).update(dict.fromkeys(about.get("tags", ())))
    return [
        {**about, "tags": list(tags[sample])}
        for sample, about in zip(layout.samples, layout.attributes, strict=True)
    ]


def _numbers(grid: AnswerGrid, family: ScoreFamily) -> FloatArray:
    if family.estimator in TAGGED:
        return grid.ratings
    if family.estimator == "mean_of":
        return grid.values[family.of]
    assert grid.right is not None
    return grid.right


def _ratio(top: FloatArray, bottom: FloatArray) -> FloatArray:
    found: FloatArray = np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom > 0)
    return found
