"""Which rows of a table differ from which: one test a pair and score, corrected over rows shown."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from leaderboard.board.table_scores import JointScore
from ratings.arrays import BoolArray, FloatArray
from ratings.threads import in_threads
from scorers.comparison.differences import SIGNIFICANCE, holm
from scorers.comparison.equivalence import within_margin
from scorers.comparison.paired import NOT_ON_ITEMS
from scorers.comparison.power import detectable_difference
from scorers.intervals.scopes import (
    NO_ANSWER,
    Scope,
    Scoped,
    joined_scopes,
    of_replicates,
    without_error,
)
from scorers.scores.families import SPREADS
from scorers.scores.manifests import ScoreFamily
from scorers.scores.responses import ResponseMatrix
from scorers.scores.shared_responses import RATED, SharedResponses, shared_responses

PAIRS_LIMIT = 60
SCOPES: dict[Scope, str] = {"on": "on_items", "beyond": "beyond"}
_BLOCK = 64  # pairs whose answers are in memory at once


@dataclass(frozen=True, eq=False)
class PairTests:
    """Tests of P pairs of rows on D scores in one scope, the second row less the first.

    Attributes:
        scoped: D differences of P pairs, each P x 1.
        p_values: P x D, of no difference; NaN where there is no error to judge by.
        corrected: P x D, after Holm's correction.
        comparisons: P x D, over how many p-values it was made.
        possible: P x D, whether the least p-value that there can be would be significant. Few
            clusters have a least one, and the more is tested the smaller it has to be.
    """

    scoped: Sequence[Scoped]
    p_values: FloatArray
    corrected: FloatArray
    comparisons: npt.NDArray[np.intp]
    possible: BoolArray

    @property
    def different(self) -> BoolArray:
        """P x D, which pairs differ significantly."""
        return self.corrected < SIGNIFICANCE


@dataclass(frozen=True)
class PeopleRow:
    """How far the row of people would move with other people.

    Attributes:
        row: its position.
        on: by score its standard error on these items; a score that has none is not tested there.
        beyond: what it adds to the error where queries are drawn again too.
        freedom: the number of people less one.
    """

    row: int
    on: Mapping[str, float]
    beyond: Mapping[str, float]
    freedom: int


@dataclass(frozen=True, eq=False)
class Pairs:
    """Every two of M rows, tested on D scores.

    Attributes:
        families: by name of each score, in their order.
        first: P positions of rows.
        second: P positions of rows.
        shown: P, whether both rows are among those that are shown first.
        tests: by scope.
    """

    families: Mapping[str, ScoreFamily]
    first: npt.NDArray[np.intp]
    second: npt.NDArray[np.intp]
    shown: BoolArray
    tests: Mapping[Scope, PairTests]

    def differing(self, count: int, scope: Scope) -> tuple[npt.NDArray[np.intp], ...]:
        """From how many of the other rows shown each differs, and how many of them were tested.

        Args:
            count: M, the number of rows.
            scope: of the tests.

        Returns:
            M x D each.
        """
        found = self.tests[scope]
        different, tested = (np.zeros((count, len(self.families)), dtype=np.intp) for _ in "ab")
        for positions in (self.first[self.shown], self.second[self.shown]):
            np.add.at(different, positions, found.different[self.shown])
            np.add.at(tested, positions, ~np.isnan(found.corrected[self.shown]))
        return different, tested

    def with_row(self, row: int) -> npt.NDArray[np.intp]:
        """Positions of the pairs of one row."""
        return np.flatnonzero((self.first == row) | (self.second == row))


def pair_tests(
    grids: Sequence[ResponseMatrix],
    joint: Mapping[str, JointScore],
    shown: Sequence[int],
    people: PeopleRow | None = None,
) -> Pairs:
    """Which rows differ in each score, on these items and beyond them.

    Differences are taken on what both rows answered, and tested as `valuegauge compare` does. Of
    spreads of groups the corrected one alone is compared. Holm's correction is over all pairs of
    the rows shown and all scores, but for scores that are corrected apart, over all of those. A
    pair with a row that is not shown is corrected over the pairs of all rows.

    Args:
        grids: of M rows, in the order of the values of `joint`.
        joint: the D scores.
        shown: positions of the rows that are shown first.
        people: the error of people's row, where there is one; added to that of the other row.
    """
    first, second = np.triu_indices(len(grids), 1)
    both = np.isin(first, list(shown)) & np.isin(second, list(shown))
    scoped = _scoped(grids, joint, (first, second))
    if people is not None:
        with_people = (first == people.row) | (second == people.row)
        for d, name in enumerate(joint):
            error, further = (
                np.where(with_people, of.get(name, otherwise), 0.0)[:, None]
                for of, otherwise in ((people.on, np.nan), (people.beyond, 0.0))
            )
            on = scoped["on"][d].with_added(error, people.freedom)
            beyond = scoped["beyond"][d].with_added(further, people.freedom)
            scoped["on"][d], scoped["beyond"][d] = on, replace(beyond, within=on)
    families = {name: score.family for name, score in joint.items()}
    apart = np.array([family.apart for family in families.values()], dtype=bool)
    tests = {scope: _tested(scoped[scope], both, apart) for scope in SCOPES}
    return Pairs(families, first, second, both, tests)


def _scoped(
    grids: Sequence[ResponseMatrix],
    joint: Mapping[str, JointScore],
    pairs: tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]],
) -> dict[Scope, list[Scoped]]:
    families = {score.family.name: score.family for score in joint.values()}.values()
    rated = [family for family in families if family.estimator in RATED]
    alone = [[f] for f in families if f.estimator not in (*RATED, *SPREADS)]
    found: dict[str, tuple[Scoped, Scoped]] = {}
    for together in filter(None, [rated, *alone]):
        found |= _differences(shared_responses(grids, together[0]), together)
    first, second = pairs
    nothing = without_error(np.full((len(first), 1), np.nan), NO_ANSWER)
    out: dict[Scope, list[Scoped]] = {"on": [], "beyond": []}
    for name, score in joint.items():
        on, beyond = found.get(name, (nothing, nothing))
        if score.family.estimator == "group_spread_corrected":
            on, beyond = _spread_differences(score, pairs)
        # A rater that was not scored on some of the items' tags has no such score.
        lacking = np.isnan(score.values[first] + score.values[second])
        out["on"].append(on.without(lacking))
        out["beyond"].append(beyond.without(lacking))
    return out


def _differences(
    answers: SharedResponses, families: Sequence[ScoreFamily]
) -> dict[str, tuple[Scoped, Scoped]]:
    """By score the differences of all pairs, one after the other, P x 1 in each scope.

    Args:
        answers: of the first family.
        families: that are made of the same answers.
    """
    count = len(answers.numbers)
    blocks = [
        (one, range(start, min(start + _BLOCK, count)))
        for one in range(count - 1)
        for start in range(one + 1, count, _BLOCK)
    ]
    parts = in_threads(lambda block: answers.differences(*block, families), blocks)
    out: dict[str, tuple[Scoped, Scoped]] = {}
    for of_family in zip(*parts, strict=True):
        known = [part for part in of_family if part is not None]
        if not known:
            continue
        beyond = joined_scopes([part.beyond for part in known], axis=0)
        on = joined_scopes([part.on for part in known], axis=0)
        out |= {name: (on.only([d]), beyond.only([d])) for d, name in enumerate(known[0].names)}
    return out


def _spread_differences(
    score: JointScore, pairs: tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]
) -> tuple[Scoped, Scoped]:
    first, second = pairs
    gaps = (score.values[second] - score.values[first])[:, None]
    drawn = score.replicates[:, second] - score.replicates[:, first]
    return without_error(gaps, NOT_ON_ITEMS), of_replicates(
        gaps, drawn, int(score.carrying.max(initial=0))
    )


def _tested(scoped: Sequence[Scoped], shown: BoolArray, apart: BoolArray) -> PairTests:
    nothing = np.empty((len(shown), 0))  # of a table without scores
    p_values = np.hstack([nothing, *in_threads(lambda one: one.p_values(), scoped)])
    corrected = np.full(p_values.shape, np.nan)
    comparisons = np.zeros(p_values.shape, dtype=np.intp)
    possible = np.zeros(p_values.shape, dtype=bool)
    least = np.hstack([nothing, *map(_least, scoped)])
    for scores in (np.flatnonzero(apart), np.flatnonzero(~apart)):
        for pairs, over in ((shown, shown), (~shown, np.ones_like(shown))):
            block = p_values[np.ix_(over, scores)]
            found = holm(block.ravel()).reshape(block.shape)
            corrected[np.ix_(pairs, scores)] = found[pairs[over]]
            count, rejected = (~np.isnan(block)).sum(), (found < SIGNIFICANCE).sum()
            mine = np.ix_(pairs, scores)
            comparisons[mine] = count
            # Holm multiplies the next p-value by how many are left.
            possible[mine] = least[mine] * max(count - rejected, 1) < SIGNIFICANCE
    return PairTests(scoped, p_values, corrected, comparisons, possible)


def _least(scoped: Scoped) -> FloatArray:
    """P x 1, the least p-values that there can be, in this scope and within."""
    return scoped.least if scoped.within is None else np.fmax(scoped.least, scoped.within.least)


def pair_rows(pairs: Pairs, ids: Sequence[str], limit: int = PAIRS_LIMIT) -> list[dict[str, Any]]:
    """The differences of the pairs that a board lists, the first row less the second.

    Those of the rows shown are listed first, and none where these are more than the limit; those
    of other rows only where all rows are within it.

    Args:
        pairs: of M rows.
        ids: M names.
        limit: the largest number of rows whose pairs are listed.
    """
    rows_shown = len(
        np.unique(np.concatenate([pairs.first[pairs.shown], pairs.second[pairs.shown]]))
    )
    listed = [np.flatnonzero(pairs.shown)] if rows_shown <= limit else []
    if len(ids) <= limit:
        listed.append(np.flatnonzero(~pairs.shown))
    out: list[dict[str, Any]] = []
    for positions in listed:
        for d, (name, family) in enumerate(pairs.families.items()):
            on, beyond = (
                _compared(pairs.tests[scope], positions, d, family.margin) for scope in SCOPES
            )
            out += [
                {"a": ids[pairs.first[p]], "b": ids[pairs.second[p]], "score": name}
                | beyond[k]
                | {"on_items": on[k]}
                for k, p in enumerate(positions.tolist())
                if not math.isnan(beyond[k]["difference"]["value"])
            ]
    return out


def _compared(
    tests: PairTests, positions: npt.NDArray[np.intp], d: int, margin: float
) -> list[dict[str, Any]]:
    """One score of some pairs in one scope, as the board has it."""
    scoped = tests.scoped[d].of_rows(positions)
    values = 0.0 - scoped.values[:, 0]  # no negative zero
    reach, narrower = scoped.reach()[:, 0], scoped.reach(0.9)[:, 0]
    equivalent = within_margin(values - narrower, values + narrower, margin)
    return [
        {
            "difference": {
                "value": value,
                "low": value - half,
                "high": value + half,
                "reason": None,
            },
            "p": p_value,
            "corrected": corrected,
            "detectable": _detectable(error, comparisons, freedom, least),
            "equivalent": None if math.isnan(half) else same,
        }
        for value, half, same, p_value, corrected, comparisons, error, freedom, least in zip(
            values.tolist(),
            reach.tolist(),
            equivalent.tolist(),
            tests.p_values[positions, d].tolist(),
            tests.corrected[positions, d].tolist(),
            tests.comparisons[positions, d].tolist(),
            scoped.errors[:, 0].tolist(),
            scoped.freedom[:, 0].tolist(),
            scoped.least[:, 0].tolist(),
            strict=True,
        )
    ]


def _detectable(error: float, comparisons: int, freedom: float, least: float) -> float:
    """The smallest true difference found with a chance of 80%; NaN where none can be.

    Degrees of freedom are rounded down, but for rounding errors: a search is kept for each number
    of them.
    """
    whole = float(max(math.floor(min(freedom, 1e6) + 1e-6), 1))
    found = detectable_difference(error, max(comparisons, 1), freedom=whole, least=least)
    return found if math.isfinite(found) else math.nan
