"""Are answers as long as they were? The lengths of all texts, by what asking again would change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Literal

import numpy as np

from ratings.arrays import BoolArray, FloatArray
from scorers.change.aligned import aligned
from scorers.change.omnibus import LEVEL, MOST_SPLITS, PERMUTATIONS
from scorers.intervals.bootstrap import CONFIDENCE
from scorers.intervals.means import mean_of_present
from scorers.intervals.quantiles import student_quantile
from scorers.scores.responses import ResponseMatrix

_TINY = 1e-9

Lengths = Literal["same", "changed", "unknown"]


@dataclass(frozen=True)
class LengthChange:
    """Whether answers are as long as they were.

    Attributes:
        verdict: `changed` where they are longer or shorter by more than asking again would make
            them, `same` where nothing speaks for that, `unknown` where either set lacks lengths.
        p: of so large a change if the askings of both sets are of one rater; NaN where unknown.
        ratio: how many times as long answers are, the geometric mean over answers.
        low: lower end of its 95% interval over clusters; NaN with fewer than two.
        high: upper end.
        before: geometric mean of the characters before.
        after: the same after.
        answers: how many were compared.
        level: below which p fails.
        lacking: which set lacks lengths, `before`, `after` or `both`; empty where none does.
        samples: by sample the geometric mean of its characters before and after, those whose
            lengths changed most first; those that did not change are left out.
    """

    verdict: Lengths
    p: float
    ratio: float
    low: float
    high: float
    before: float
    after: float
    answers: int
    level: float = LEVEL
    lacking: str = ""
    samples: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def fails(self) -> bool:
        """Whether it fails a gate."""
        return self.p < self.level


def length_change(
    before: ResponseMatrix,
    after: ResponseMatrix,
    *,
    seed: int = 0,
    level: float = LEVEL,
    shown: int = 5,
) -> LengthChange:
    """Compare how long answers are before and after, paired by sample and column.

    The logarithms of the lengths are compared, so that one long text does not decide. Askings of
    one rater are exchangeable: their labels are permuted within clusters (query, person),
    independently between them, and p is how often the mean logarithms then differ by as much. One
    asking of each set is enough. Where all answers became longer or shorter the test sees it; some
    that became longer and as many shorter it does not. An empty answer counts as one character;
    an answer whose length is not known in every asking takes no part.

    The interval is Student's for a ratio estimate over clusters, on the logarithms.

    Args:
        before: askings of the same samples and columns, a sample in as many rows as it was asked.
        after: likewise.
        seed: of the permutations.
        level: below which p fails a gate.
        shown: how many samples are named.
    """
    lacks = [one.lengths is None for one in (before, after)]
    if any(lacks):
        lacking = "both" if all(lacks) else "before" if lacks[0] else "after"
        return _unknown(level, lacking)
    found = aligned(before, after, _logarithms)
    rng = np.random.default_rng(seed)
    drawn = np.zeros(PERMUTATIONS)
    changes, levels, counts = [np.zeros(0)], [np.zeros((2, 0))], [np.zeros(0)]
    for pattern, rows in found.blocks():
        late, mine = found.late[pattern], found.values[pattern][:, rows]
        there: BoolArray = np.all(~np.isnan(mine), axis=0)
        members = np.unique(found.clusters[rows], return_inverse=True)[1]
        sums = np.zeros((members.max() + 1, len(late)))
        np.add.at(sums, members, np.where(there, mine, 0.0).sum(axis=2).T)
        for row in sums @ _labellings(late, rng).T:
            drawn += row[rng.integers(len(row), size=PERMUTATIONS)]
        both = np.stack([sums[:, ~late].mean(axis=1), sums[:, late].mean(axis=1)])
        changes.append(both[1] - both[0])
        levels.append(both)
        counts.append(np.bincount(members, there.sum(axis=1), len(sums)).astype(float))
    of_clusters, number = np.concatenate(changes), np.concatenate(counts)
    total = float(number.sum())
    if not total:
        return _unknown(level, "both")
    seen = float(of_clusters.sum())
    p = float((1 + (np.abs(drawn) >= abs(seen) - _TINY).sum()) / (1 + PERMUTATIONS))
    half = _reach(of_clusters[number > 0], number[number > 0])
    one, other = np.concatenate(levels, axis=1).sum(axis=1) / total
    return LengthChange(
        verdict="changed" if p < level else "same",
        p=p,
        ratio=float(np.exp(seen / total)),
        low=float(np.exp(seen / total - half)),
        high=float(np.exp(seen / total + half)),
        before=float(np.exp(one)),
        after=float(np.exp(other)),
        answers=int(total),
        level=level,
        samples=_changed_most(found.samples, found.values, found.late, shown),
    )


def _logarithms(grid: ResponseMatrix) -> FloatArray:
    assert grid.lengths is not None
    found: FloatArray = np.log(np.maximum(grid.lengths, 1.0))
    return found


def _labellings(late: BoolArray, rng: np.random.Generator) -> FloatArray:
    """L x T weights of the askings in the difference, for L ways of labelling them."""
    times, number = len(late), int(late.sum())
    splits = np.array(list(combinations(range(times), number)))
    if len(splits) > MOST_SPLITS:
        splits = rng.permuted(np.tile(np.arange(times), (MOST_SPLITS, 1)), axis=1)[:, :number]
    weights = np.full((len(splits), times), -1 / (times - number))
    np.put_along_axis(weights, splits, 1 / number, axis=1)
    return weights


def _reach(changes: FloatArray, counts: FloatArray) -> float:
    """Half the width of the interval of a mean over clusters of unequal size."""
    clusters = len(changes)
    if clusters < 2:
        return np.nan
    residuals = changes - counts * changes.sum() / counts.sum()
    variance = clusters / (clusters - 1) * (residuals**2).sum() / counts.sum() ** 2
    return float(student_quantile((1 + CONFIDENCE) / 2, clusters - 1) * np.sqrt(variance))


def _changed_most(
    samples: Sequence[str], values: FloatArray, late: BoolArray, shown: int
) -> dict[str, tuple[float, float]]:
    """The geometric means of the answers that both sets know, of the samples that changed most."""
    sides = [mean_of_present(np.moveaxis(values[side], 0, 2), axis=2) for side in (~late, late)]
    both: BoolArray = ~np.isnan(sides[0] + sides[1])
    one, other = (mean_of_present(np.where(both, side, np.nan), axis=1) for side in sides)
    sizes = np.abs(np.nan_to_num(other - one))
    order = [s for s in np.argsort(-sizes, kind="stable").tolist() if sizes[s] > _TINY]
    return {samples[s]: (float(np.exp(one[s])), float(np.exp(other[s]))) for s in order[:shown]}


def _unknown(level: float, lacking: str) -> LengthChange:
    nan = float("nan")
    return LengthChange("unknown", nan, nan, nan, nan, nan, nan, 0, level, lacking)
