"""The answers of many runs to the same samples, as the observations that scores are means of."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ratings.arrays import BoolArray, FloatArray
from scorers.intervals.means import mean_of_present, ratio
from scorers.intervals.observations import LinearObservations, Observations
from scorers.intervals.repeats import of_repeats
from scorers.intervals.scopes import Scoped, beyond_items, joined_scopes
from scorers.predicted_values.fitted import fitted_to
from scorers.predicted_values.observations import predicted_observations
from scorers.scores.manifests import ScoreFamily
from scorers.scores.responses import NOT_ASKED, ResponseMatrix

TAGGED = ("centred_tagged_mean", "tagged_mean")
# Estimators of scores that are made of ratings of items in prompt variants.
RATED = (*TAGGED, "predicted_values")


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
class SharedResponses:
    """What a family's scores are made of, from B runs or B differences of runs.

    Attributes:
        family: of the manifest.
        layout: the samples, columns and what is known of them, without answers.
        repeats: B x S x P x E, the answers of up to E epochs; NaN where missing or never asked.
        by_column: whether the columns of a sample are repeats of one asking, as prompt variants
            are; otherwise they are answered together, and the sample's epochs are the repeats.
        differences_only: whether the answers are differences of two runs'.
    """

    family: ScoreFamily
    layout: ResponseMatrix
    repeats: FloatArray
    by_column: bool
    differences_only: bool = False

    @cached_property
    def numbers(self) -> FloatArray:
        """B x S x P, means over the epochs that there are."""
        return mean_of_present(self.repeats, axis=3)

    @cached_property
    def clusters(self) -> npt.NDArray[np.intp]:
        """S numbers of the samples' clusters."""
        return _numbered(self.layout.clusters)

    @cached_property
    def repeated(self) -> tuple[FloatArray, FloatArray, FloatArray, BoolArray]:
        """Of each run and sample what `of_repeats` makes of all its answers."""
        return self.of_all_repeats()

    def of_all_repeats(self) -> tuple[FloatArray, FloatArray, FloatArray, BoolArray]:
        """The same, computed."""
        return of_repeats(self.askings(np.ones(self.repeats.shape[1:3], dtype=bool)))

    def less(self, run: int, others: Sequence[int]) -> "SharedResponses":
        """The differences of some runs to one, theirs less its own, where both have an answer."""
        numbers = self.numbers[list(others)] - self.numbers[run]
        found = replace(self, repeats=numbers[..., None], differences_only=True)
        vars(found).update(numbers=numbers, clusters=self.clusters)
        return found

    def for_family(self, family: ScoreFamily) -> "SharedResponses":
        """The same answers for another family of ratings of items; nothing is computed twice."""
        assert {family.estimator, self.family.estimator} <= set(RATED)
        found = replace(self, family=family)
        vars(found).update(numbers=self.numbers, clusters=self.clusters, repeated=self.repeated)
        return found

    @cached_property
    def observations(self) -> list[tuple[list[str], Observations]]:
        """Names of scores, and the observations that they are means of.

        These are items with tags, people with their share of right choices, or numbers.
        """
        return [
            (names, part.as_means() if isinstance(part, LinearObservations) else part)
            for names, part in _observed(self)
        ]

    def differences(
        self, run: int, others: Sequence[int], families: Sequence[ScoreFamily] = ()
    ) -> "list[ScopedScores | None]":
        """The differences of some runs to one, theirs less its own, in both scopes.

        Prompt variants are paired, since the two runs were asked the same; epochs are not.

        Args:
            run: position of the run.
            others: positions of the others.
            families: that are made of the same answers; by default this one.

        Returns:
            Of each family its scores; None where nothing is tagged.
        """
        wanted = list(families) or [self.family]
        paired = self.by_column and self.repeats.shape[2] > 1
        answers = self.less(run, others) if paired else self
        if paired and self.family.estimator in RATED:
            vars(answers)["repeated"] = answers.of_all_repeats()
        out = []
        for family in wanted:
            of_family = answers if family is self.family else answers.for_family(family)
            if paired:
                # not the property: its lock, up to Python 3.11, is one for all threads
                out.append(scoped_scores(_observed(of_family)))
                continue
            parts = of_family.observations
            out.append(scoped_scores([(names, one.less(run, others)) for names, one in parts]))
        return out

    def askings(self, counted: BoolArray) -> FloatArray:
        """The repeats of each sample's mean over the columns that count, B x S x R.

        Args:
            counted: S x P, whether an answer counts.
        """
        if self.by_column and self.repeats.shape[2] > 1:
            return np.where(counted, self.numbers, np.nan)
        columns = np.flatnonzero(counted.any(axis=0))
        kept = np.where(counted[:, columns, None], self.repeats[:, :, columns], np.nan)
        return mean_of_present(kept, axis=2)


def shared_responses(
    grids: Sequence[ResponseMatrix], family: ScoreFamily, by_column: bool | None = None
) -> SharedResponses:
    """The answers of B runs side by side, by sample and column.

    A run whose only column no other run has, such as the mean over people, is put in all of theirs:
    its answers are then taken as they are, without an error of asking.

    Args:
        grids: of runs that were asked alike; one that lacks a sample has NaN there.
        family: whose numbers are wanted.
        by_column: whether columns are repeats of one asking; by default those of tagged items are.
    """
    layout = shared_layout(grids)
    known = {sample: s for s, sample in enumerate(layout.samples)}
    position = {name: p for p, name in enumerate(layout.columns)}
    epochs = max((max(Counter(grid.samples).values(), default=1) for grid in grids), default=1)
    repeats = np.full((len(grids), len(known), len(position), epochs), np.nan)
    for b, grid in enumerate(grids):
        rows = np.array([known[sample] for sample in grid.samples], dtype=int)
        order = np.argsort(rows, kind="stable")
        epoch = np.empty(len(rows), dtype=int)
        epoch[order] = np.arange(len(rows)) - np.searchsorted(rows[order], rows[order])
        columns = [position[name] for name in grid.columns if name in position]
        columns = columns or list(position.values())
        repeats[b, rows[:, None], columns, epoch[:, None]] = numbers_of(grid, family)
    rated = family.estimator in RATED
    return SharedResponses(family, layout, repeats, rated if by_column is None else by_column)


def shared_layout(grids: Sequence[ResponseMatrix]) -> ResponseMatrix:
    """Every sample and column of B runs, and what is known of them; no answers.

    Samples are sorted, and have the tags that any run scored them by. The columns are those of the
    runs with several, where there are any.
    """
    known: dict[str, tuple[str, Mapping[str, Any]]] = {}
    tags: dict[str, dict[str, None]] = {}
    for grid in grids:
        for sample, cluster, about in zip(
            grid.samples, grid.clusters, grid.attributes, strict=True
        ):
            known.setdefault(sample, (cluster, about))
            if "tags" in about:
                tags.setdefault(sample, {}).update(dict.fromkeys(about["tags"]))
    samples = sorted(known)
    several = [grid for grid in grids if len(grid.columns) > 1] or grids
    columns = list(dict.fromkeys(name for grid in several for name in grid.columns))
    shape = len(samples), len(columns)
    return ResponseMatrix(
        samples=samples,
        epochs=[1] * len(samples),
        clusters=[known[sample][0] for sample in samples],
        columns=columns,
        ratings=np.full(shape, np.nan),
        right=None,
        statuses=np.full(shape, NOT_ASKED),
        attributes=[
            {**known[sample][1], "tags": list(tags[sample])} if sample in tags else known[sample][1]
            for sample in samples
        ],
        labels=max(grids, key=lambda grid: len(grid.columns)).labels,
    )


def scoped_scores(
    parts: Sequence[tuple[list[str], Observations | LinearObservations]],
) -> ScopedScores | None:
    """The scores of some observations in both scopes; None where nothing is tagged."""
    if not parts:
        return None
    beyond = joined_scopes([beyond_items(observed) for _, observed in parts], axis=1)
    assert beyond.within is not None
    return ScopedScores([name for names, _ in parts for name in names], beyond.within, beyond)


def _observed(
    answers: SharedResponses,
) -> Sequence[tuple[list[str], Observations | LinearObservations]]:
    if answers.family.estimator in TAGGED:
        return _tagged_items(answers)
    if answers.family.estimator == "predicted_values":
        return _predicted(answers)
    if answers.family.estimator == "mean_of":
        return [([answers.family.name], _numbers(answers))]
    return _people(answers)


def _tagged_items(answers: SharedResponses) -> list[tuple[list[str], Observations]]:
    family = answers.family
    tagged = tags_of(answers.layout, family)
    if not tagged.any():
        return []
    values, variances, freedom, lone = answers.repeated
    observed = Observations(
        values,
        variances,
        freedom,
        tagged,
        answers.clusters,
        centred=family.estimator == "centred_tagged_mean",
        scale=family.scale,
        lone=lone,
    )
    return [(list(family.names), observed)]


def _predicted(answers: SharedResponses) -> list[tuple[list[str], LinearObservations]]:
    """Values predicted from all ratings; none where no people's ratings are at hand."""
    model = fitted_to(answers.layout.samples, answers.layout.clusters)
    if model is None:
        return []
    observed = predicted_observations(
        model,
        answers.repeated,
        answers.layout.samples,
        answers.clusters,
        differences=answers.differences_only,
    )
    return [(list(answers.family.names), observed)]


def _people(answers: SharedResponses) -> list[tuple[list[str], Observations]]:
    """People with their shares; what a sample asks of one is answered and repeated together."""
    person = _numbered(answers.layout.clusters)
    people = int(person.max(initial=-1)) + 1
    order = np.argsort(person, kind="stable")
    starts = np.searchsorted(person[order], np.arange(people))

    def by_person(parts: FloatArray) -> FloatArray:
        sums: FloatArray = np.add.reduceat(parts[:, order], starts, axis=1)
        return sums

    out = []
    for name, counted in counted_for(answers.layout, answers.family).items():
        asked_here = (~np.isnan(answers.numbers) & counted).sum(axis=2).astype(float)
        means, variances, freedom, lone = of_repeats(answers.askings(counted))
        asked = by_person(asked_here)
        shares = ratio(by_person(np.where(asked_here > 0, asked_here * means, 0.0)), asked)
        known = (asked_here > 0) & (freedom > 0)
        parts = np.where(known, asked_here**2 * variances, 0.0)
        total, square = by_person(parts), by_person(parts**2 / np.where(known, freedom, 1.0))
        whole = (by_person((asked_here > 0) & ~known) == 0) & (asked > 0)
        least = by_person(np.where(known, freedom, 0.0))
        person_freedom = np.divide(total**2, square, out=least, where=square > 0)
        observed = Observations(
            shares,
            np.where(whole, ratio(total, asked**2), np.nan),
            np.where(whole, person_freedom, 0.0),
            tagged=np.ones((1, people), dtype=bool),
            clusters=np.arange(people),
            scale=answers.family.scale,
            lone=by_person(lone & (asked_here > 0)) > 0,
        )
        out.append(([name], observed))
    return out


def _numbers(answers: SharedResponses) -> Observations:
    """Single numbers; what a sample's numbers scatter by together is given to its first.

    Every number counts alike, so the first of a sample has the variance of their sum, and the
    others have none, which is known for certain: infinite degrees of freedom.
    """
    runs, samples, columns = answers.numbers.shape
    _, variances, freedom, lone = of_repeats(
        answers.askings(np.ones((samples, columns), dtype=bool))
    )
    there = ~np.isnan(answers.numbers)
    first = there & (there.cumsum(axis=2) == 1)
    each = np.where(first, (there.sum(axis=2) ** 2 * variances)[:, :, None], 0.0)
    unknown = np.isnan(variances)[:, :, None] & there
    certain = ~first & (freedom > 0)[:, :, None]
    shape = (runs, samples * columns)
    return Observations(
        answers.numbers.reshape(shape),
        np.where(unknown, np.nan, each).reshape(shape),
        np.where(certain, np.inf, freedom[:, :, None]).reshape(shape),
        tagged=np.ones((1, shape[1]), dtype=bool),
        clusters=np.repeat(_numbered(answers.layout.clusters), columns),
        scale=answers.family.scale,
        lone=np.broadcast_to(lone[:, :, None], first.shape).reshape(shape),
    )


def _numbered(labels: Sequence[str]) -> npt.NDArray[np.intp]:
    numbers: npt.NDArray[np.intp] = np.unique(np.asarray(labels, dtype=str), return_inverse=True)[1]
    return numbers


def tags_of(grid: ResponseMatrix, family: ScoreFamily) -> BoolArray:
    """D x S, which samples count for which of the scores of a tagged family."""
    tags = [set(about.get("tags", ())) for about in grid.attributes]
    tagged = np.array([[name in carried for carried in tags] for name in family.names], dtype=bool)
    return tagged.reshape(len(family.names), len(tags))


def counted_for(grid: ResponseMatrix, family: ScoreFamily) -> dict[str, BoolArray]:
    """By score of a family the answers that count for it, S x P."""
    every = np.ones((len(grid.samples), len(grid.columns)), dtype=bool)
    if family.estimator in TAGGED:
        rows = tags_of(grid, family)
        return {name: every & rows[d][:, None] for d, name in enumerate(family.names)}
    if family.estimator == "predicted_values":
        return dict.fromkeys(family.names, every)
    if "sample" in family.by:
        return _counted_by(grid, family.by["sample"])
    if family.estimator == "share_right" and family.groups:
        return {n: of for field in family.groups for n, of in _counted_by(grid, field).items()}
    if "column" in family.by:
        labels = np.array(grid.labels[family.by["column"]])
        return {one: every & (labels == one) for one in dict.fromkeys(labels.tolist())}
    return {family.name: every}


def _counted_by(grid: ResponseMatrix, field: str) -> dict[str, BoolArray]:
    """The answers of the samples that have each value of a field; no value is no group."""
    of = np.array(["" if (v := about.get(field)) is None else str(v) for about in grid.attributes])
    shape = len(grid.samples), len(grid.columns)
    return {
        f"{field} {one}": np.broadcast_to((of == one)[:, None], shape)
        for one in np.unique(of[of != ""]).tolist()
    }


def numbers_of(grid: ResponseMatrix, family: ScoreFamily) -> FloatArray:
    """S x P, the numbers that the scores of a family are made of."""
    if family.estimator in RATED:
        return grid.ratings
    if family.estimator == "mean_of":
        return grid.values[family.of]
    assert grid.right is not None
    return grid.right
