"""The answers of many runs to the same samples, as the cells that their scores are means of."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ratings.manifests import ScoreFamily
from scorers.answer_grid import AnswerGrid
from scorers.scopes import Cells, Scoped, added_variances, beyond_items, of_repeats, on_items

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
        numbers: B x S x P, means over epochs; NaN where missing or never asked.
        variances: B x S x P, of each mean over its epochs; NaN without repeats.
        freedom: B x S x P, their degrees of freedom.
    """

    family: ScoreFamily
    grid: AnswerGrid
    numbers: FloatArray
    variances: FloatArray
    freedom: FloatArray

    def less(self, run: int, others: Sequence[int]) -> "StackedAnswers":
        """The differences of some runs to one: theirs less its own, where both have an answer."""
        rows = list(others)
        variances, freedom = added_variances(
            (self.variances[rows], self.freedom[rows]), (self.variances[run], self.freedom[run])
        )
        numbers = self.numbers[rows] - self.numbers[run]
        return replace(self, numbers=numbers, variances=variances, freedom=freedom)

    @cached_property
    def cells(self) -> list[tuple[list[str], Cells]]:
        """Names of scores, and the cells that they are means of."""
        return score_cells(self)

    def differences(self, run: int, others: Sequence[int]) -> "ScopedScores | None":
        """The differences of some runs to one, theirs less its own, in both scopes.

        Prompt variants are paired, since the two runs were asked the same; epochs are not.
        """
        if self.family.estimator in TAGGED:
            return scoped_scores(self.less(run, others).cells)
        return scoped_scores([(names, cells.less(run, others)) for names, cells in self.cells])

    def over_variants(self) -> "StackedAnswers":
        """Every column as a repeat of one asking: means over them, where there are several."""
        if self.numbers.shape[2] < 2:
            return self
        means, variances, freedom = (part[:, :, None] for part in of_repeats(self.numbers))
        layout = self.grid.of_columns(self.grid.columns[:1])
        return replace(self, grid=layout, numbers=means, variances=variances, freedom=freedom)


def stacked(grids: Sequence[AnswerGrid], family: ScoreFamily) -> StackedAnswers:
    """The answers of B runs side by side, by sample and column.

    A run with one column where the others have several, such as the mean over people, stands in
    all of them: its answers are then taken as they are, without an error of asking.

    Args:
        grids: of runs that were asked alike; one that lacks a sample has NaN there.
        family: whose numbers are wanted.
    """
    widest = max(grids, key=lambda grid: (len(set(grid.samples)), len(grid.columns)))
    layout = widest.by_sample()
    known = {sample: s for s, sample in enumerate(layout.samples)}
    lacking = {s: grid for grid in grids for s in set(grid.samples) - set(known)}
    if lacking:
        extra = [
            lacking[sample].of_samples([sample]).by_sample() for sample in sorted(lacking)
        ]  # their answers are not used, only what they are
        layout = replace(
            layout,
            samples=[*layout.samples, *(one.samples[0] for one in extra)],
            clusters=[*layout.clusters, *(one.clusters[0] for one in extra)],
            attributes=[*layout.attributes, *(one.attributes[0] for one in extra)],
        )
        known = {sample: s for s, sample in enumerate(layout.samples)}
    columns = max((grid.columns for grid in grids), key=len)
    if family.estimator in TAGGED:
        layout = replace(layout, attributes=_with_all_tags(grids, layout))
    shape = (len(grids), len(layout.samples), len(columns))
    numbers, variances = np.full(shape, np.nan), np.full(shape, np.nan)
    freedom = np.zeros(shape)
    for b, grid in enumerate(grids):
        samples, found = _by_sample(grid, _numbers(grid, family))
        rows = np.array([known[sample] for sample in samples], dtype=int)
        alone = len(grid.columns) == 1
        places = range(len(columns)) if alone else _places(grid.columns, columns)
        for out, part in zip((numbers, variances, freedom), found, strict=True):
            out[b, rows[:, None], list(places)] = part
    return StackedAnswers(family, replace(layout, columns=columns), numbers, variances, freedom)


def scoped_scores(parts: Sequence[tuple[list[str], Cells]]) -> ScopedScores | None:
    """The scores of some cells in both scopes; None without any, as where no sample has a tag."""
    if not parts:
        return None
    return ScopedScores(
        [name for names, _ in parts for name in names],
        _joined([on_items(cells) for _, cells in parts]),
        _joined([beyond_items(cells) for _, cells in parts]),
    )


def _joined(parts: Sequence[Scoped]) -> Scoped:
    return Scoped(
        np.concatenate([part.values for part in parts], axis=1),
        np.concatenate([part.errors for part in parts], axis=1),
        np.concatenate([part.freedom for part in parts], axis=1),
        np.concatenate([part.least for part in parts], axis=1),
        parts[0].reason,
    )


def score_cells(answers: StackedAnswers) -> list[tuple[list[str], Cells]]:
    """Names of scores, and the cells that they are means of.

    Items with tags are cells, their prompt variants the repeats of an asking where there are
    several, and else their epochs; people with their share of right choices are cells of an
    accuracy; and every number is a cell of a mean of numbers.
    """
    family = answers.family
    if family.estimator in TAGGED:
        return _tagged_cells(answers)
    if family.estimator == "share_right":
        return _share_cells(answers)
    runs, samples, columns = answers.numbers.shape
    clusters = np.unique(np.asarray(answers.grid.clusters, dtype=str), return_inverse=True)[1]
    parts = (answers.numbers, answers.variances, answers.freedom)
    values, variances, freedom = (part.reshape(runs, samples * columns) for part in parts)
    cells = Cells(
        values,
        variances,
        freedom,
        tagged=np.ones((1, values.shape[1]), dtype=bool),
        clusters=np.repeat(clusters, columns),
        scale=family.scale,
    )
    return [([family.name], cells)]


def _tagged_cells(answers: StackedAnswers) -> list[tuple[list[str], Cells]]:
    family = answers.family
    tagged = tags_of(answers.grid, family)
    if not tagged.any():
        return []
    items = answers.over_variants()
    parts = (items.numbers, items.variances, items.freedom)
    values, variances, freedom = (part[:, :, 0] for part in parts)
    clusters = np.unique(np.asarray(answers.grid.clusters, dtype=str), return_inverse=True)[1]
    cells = Cells(
        values,
        variances,
        freedom,
        tagged,
        clusters,
        centred=family.estimator == "centred_tagged_mean",
        scale=family.scale,
    )
    return [(list(family.names), cells)]


def _share_cells(answers: StackedAnswers) -> list[tuple[list[str], Cells]]:
    people, person = np.unique(np.asarray(answers.grid.clusters, dtype=str), return_inverse=True)
    order = np.argsort(person, kind="stable")
    starts = np.searchsorted(person[order], np.arange(len(people)))

    def by_person(parts: FloatArray) -> FloatArray:
        sums: FloatArray = np.add.reduceat(parts.sum(axis=2)[:, order], starts, axis=1)
        return sums

    out = []
    for name, counted in zip(*counted_for(answers.grid, answers.family), strict=True):
        there = ~np.isnan(answers.numbers) & (counted > 0)
        repeated = there & (answers.freedom > 0)
        asked = by_person(there.astype(float))
        shares = _ratio(by_person(np.where(there, answers.numbers, 0.0)), asked)
        variances = by_person(np.where(repeated, answers.variances, 0.0))
        squares = by_person(
            np.where(repeated, answers.variances**2, 0.0) / np.maximum(answers.freedom, 1)
        )
        all_repeated = (by_person(repeated.astype(float)) == asked) & (asked > 0)
        least = np.ones_like(asked)
        freedom = np.divide(variances**2, squares, out=least, where=squares > 0)
        cells = Cells(
            shares,
            np.where(all_repeated, _ratio(variances, asked**2), np.nan),
            np.where(all_repeated, freedom, 0.0),
            tagged=np.ones((1, len(people)), dtype=bool),
            clusters=np.arange(len(people)),
            scale=answers.family.scale,
        )
        out.append(([name], cells))
    return out


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


def _by_sample(
    grid: AnswerGrid, numbers: FloatArray
) -> tuple[list[str], tuple[FloatArray, FloatArray, FloatArray]]:
    """Samples, and S x P means over epochs, their variances and degrees of freedom."""
    samples, row = np.unique(np.asarray(grid.samples, dtype=str), return_inverse=True)
    order = np.argsort(row, kind="stable")
    within = np.arange(len(row)) - np.searchsorted(row[order], row[order])
    width = numbers.shape[1]
    repeats = np.full((len(samples), width, int(within.max(initial=0)) + 1), np.nan)
    repeats[row[order], :, within] = numbers[order]
    found = of_repeats(repeats.reshape(1, len(samples) * width, -1))
    means, variances, freedom = (part.reshape(len(samples), width) for part in found)
    return samples.tolist(), (means, variances, freedom)


def _places(columns: Sequence[str], among: Sequence[str]) -> list[int]:
    place = {name: p for p, name in enumerate(among)}
    return [place[name] for name in columns]


def _ratio(top: FloatArray, bottom: FloatArray) -> FloatArray:
    found: FloatArray = np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom > 0)
    return found
