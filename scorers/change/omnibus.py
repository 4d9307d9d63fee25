"""Is this the same rater? All answers at once, compared with what asking again changes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Literal

import numpy as np
import numpy.typing as npt

from ratings.arrays import BoolArray, FloatArray, IntArray
from scorers.scores.responses import ResponseMatrix

LEVEL = 0.01
PERMUTATIONS = 9_999
_MOST_SPLITS = 200
_MOST_WORDINGS = 7

Sameness = Literal["same", "changed", "unknown"]


@dataclass(frozen=True)
class Omnibus:
    """Whether a rater answers as it did.

    Attributes:
        verdict: `changed` where the answers differ by more than asking again changes them, `same`
            where nothing speaks for that, `unknown` where nobody was asked twice.
        p: of so many changed answers if the askings of both sets are of one rater; NaN where it is
            unknown.
        changed: mean number of answers that differ between an asking before and one after.
        answers: how many there are in one asking.
        again: mean number that differ between two askings of one set; NaN where there are none.
        steady: whether asking again never changed an answer; then every change is one of the rater
            or its server.
        level: below which p fails.
    """

    verdict: Sameness
    p: float
    changed: float
    answers: int
    again: float
    steady: bool
    level: float = LEVEL

    @property
    def fails(self) -> bool:
        """Whether it fails a gate."""
        return self.p < self.level


def omnibus(
    before: ResponseMatrix,
    after: ResponseMatrix,
    *,
    wordings: bool,
    seed: int = 0,
    level: float = LEVEL,
) -> Omnibus:
    """Compare the answers that changed with those that change when the same rater is asked again.

    Askings of one rater are exchangeable: in each cluster (query, person) any of them may be the
    later one. So the labels of the askings are permuted within clusters, independently between
    them, and p is how often the answers before and after then differ by as much more than those
    within. It holds whatever the scatter of answers, and where answers of a cluster scatter
    together; not where all answers of an asking are off together. An answer that is missing in
    any asking takes no part: whether fewer are valid is a score of its own.

    With one asking in each set and several wordings of each item, the labels are permuted within
    wordings instead, and p is how often two runs then agree as much less with each other, over
    different wordings, than each with itself. That finds a rater that thinks otherwise of some
    items, not answers that changed here and there; and it takes it that the calls of an item are
    answered independently.

    Source: the energy statistic of Szekely and Rizzo (2004) with the distance 0 or 1, by a
    stratified permutation test.

    Args:
        before: askings of the same samples and columns, a sample in as many rows as it was asked.
        after: likewise.
        wordings: whether the columns are wordings of one question.
        seed: of the permutations.
        level: below which p fails a gate.
    """
    codes, clusters, sets = _coded(before, after)
    times = len(sets)
    there: BoolArray = np.all(codes >= 0, axis=0)
    pairs = np.zeros((clusters.max(initial=-1) + 1, times, times))
    for i, j in combinations(range(times), 2):
        differ = ((codes[i] != codes[j]) & there).sum(axis=1)
        pairs[:, i, j] = pairs[:, j, i] = np.bincount(clusters, differ, len(pairs))
    late = int(sets.sum())
    changed = float(pairs[:, ~sets][:, :, sets].sum() / (late * (times - late)))
    answers = int(there.sum())
    if times < 3 or not answers:
        if not answers or not wordings or codes.shape[2] < 2:
            return Omnibus("unknown", np.nan, changed, answers, np.nan, False, level)
        p = _swapped(codes, there, seed)
        verdict: Sameness = "changed" if p < level else "same"
        return Omnibus(verdict, p, changed, answers, np.nan, False, level)
    within = [pairs[:, group][:, :, group].sum() / 2 for group in (sets, ~sets)]
    number = sum(n * (n - 1) / 2 for n in (late, times - late))
    p = _permuted(pairs, sets, seed)
    steady = not sum(within)
    verdict = "changed" if p < level or (steady and changed) else "same"
    return Omnibus(verdict, p, changed, answers, float(sum(within) / number), steady, level)


def changed_shares(before: ResponseMatrix, after: ResponseMatrix) -> dict[str, float]:
    """By sample, the share of its answers that differ, less the share that asking again changes.

    The largest first; samples that are not asked in both are left out. Answers that are missing in
    one asking and not in another differ.
    """
    codes, _, sets = _coded(before, after)
    across, within = np.zeros((2, codes.shape[1]))
    counts = Counter[bool]()
    for i, j in combinations(range(len(sets)), 2):
        differ = (codes[i] != codes[j]).mean(axis=1)
        if sets[i] == sets[j]:
            within += differ
        else:
            across += differ
        counts[sets[i] == sets[j]] += 1
    excess = across / counts[False] - within / max(counts[True], 1)
    samples = sorted(set(before.samples) & set(after.samples))
    order = np.argsort(-excess, kind="stable")
    return {samples[s]: float(excess[s]) for s in order.tolist()}


def _coded(
    before: ResponseMatrix, after: ResponseMatrix
) -> tuple[IntArray, npt.NDArray[np.intp], BoolArray]:
    """Answers as codes, T x S x P, of the samples and columns of both; -1 where missing.

    Returns:
        With them, the cluster of each sample and whether each asking is a later one.
    """
    columns = [name for name in before.columns if name in after.columns]
    shared = set(before.samples) & set(after.samples)
    grids = [grid.of_samples(shared).of_columns(columns) for grid in (before, after)]
    samples = sorted(shared)
    row = {sample: s for s, sample in enumerate(samples)}
    layers = []
    for grid in grids:
        epochs = _epochs(grid.samples)
        answers = np.full((max(epochs) + 1, len(samples), len(columns)), np.nan)
        answers[epochs, [row[sample] for sample in grid.samples]] = grid.ratings
        layers.append(answers)
    values = np.concatenate(layers)
    coded = np.unique(values, return_inverse=True)[1].reshape(values.shape).astype(np.int64)
    coded[np.isnan(values)] = -1
    of = dict(zip(grids[0].samples, grids[0].clusters, strict=True))
    clusters = np.unique([str(of[sample]) for sample in samples], return_inverse=True)[1]
    return coded, clusters, np.repeat([False, True], [len(layer) for layer in layers])


def _epochs(samples: Sequence[str]) -> list[int]:
    """How often each sample was there before it."""
    seen = Counter[str]()
    out = []
    for sample in samples:
        out.append(seen[sample])
        seen[sample] += 1
    return out


def _permuted(pairs: FloatArray, sets: BoolArray, seed: int) -> float:
    """How often askings whose labels are permuted in each cluster differ as much.

    Args:
        pairs: C x T x T, how many answers of each cluster differ between two askings.
        sets: T, which are the later ones.
        seed: of the permutations.
    """
    times, late = len(sets), int(sets.sum())
    rng = np.random.default_rng(seed)
    splits = np.array(list(combinations(range(times), late)))
    if len(splits) > _MOST_SPLITS:
        splits = rng.permuted(np.tile(np.arange(times), (_MOST_SPLITS, 1)), axis=1)[:, :late]
    chosen = np.zeros((len(splits), times))
    np.put_along_axis(chosen, splits, 1.0, axis=1)
    early = 1 - chosen
    across = np.einsum("si,cij,sj->cs", chosen, pairs, early) / (late * (times - late))
    inner = np.einsum("si,cij,sj->cs", chosen, pairs, chosen) / max(late * (late - 1), 1)
    outer = np.einsum("si,cij,sj->cs", early, pairs, early)
    outer /= max((times - late) * (times - late - 1), 1)
    spare = 2 - (late == 1) - (times - late == 1)
    excess = across - (inner + outer) / spare
    seen = _statistic(pairs, sets, spare)
    drawn = np.zeros(PERMUTATIONS)
    for row in excess:
        drawn += row[rng.integers(len(row), size=PERMUTATIONS)]
    return float((1 + (drawn >= seen - 1e-9).sum()) / (1 + PERMUTATIONS))


def _statistic(pairs: FloatArray, sets: BoolArray, spare: int) -> float:
    """How many more answers differ between the sets than within them."""
    total = pairs.sum(axis=0)
    late = sets.astype(float)
    early, n, m = 1 - late, late.sum(), (1 - late).sum()
    within = late @ total @ late / max(n * (n - 1), 1) + early @ total @ early / max(m * (m - 1), 1)
    return float(late @ total @ early / (n * m) - within / spare)


def _swapped(codes: IntArray, there: BoolArray, seed: int) -> float:
    """How often two runs whose answers are swapped in some wordings are as much unlike.

    Args:
        codes: 2 x S x P answers.
        there: S x P, whether both have one.
        seed: of the swaps.
    """
    wordings = codes.shape[2]
    rng = np.random.default_rng(seed)
    signs = np.array(list(product((1.0, -1.0), repeat=min(wordings - 1, _MOST_WORDINGS))))
    if wordings - 1 > _MOST_WORDINGS:
        signs = rng.choice([1.0, -1.0], size=(len(signs), wordings - 1))
        signs[0] = 1.0
    # The first wording is never swapped: to swap all changes nothing.
    labels = np.concatenate([np.ones((len(signs), 1)), signs], axis=1)
    labels = np.concatenate([labels, -labels], axis=1)
    answers = np.concatenate(list(codes), axis=1)
    known = np.concatenate([there, there], axis=1)
    differ = (answers[:, :, None] != answers[:, None]) & known[:, :, None] & known[:, None]
    same_wording = np.tile(np.eye(wordings, dtype=bool), (2, 2))
    unlike = -np.einsum("ma,sab,mb->sm", labels, differ & ~same_wording, labels, optimize=True)
    drawn = np.zeros(PERMUTATIONS)
    for row in unlike:
        drawn += row[rng.integers(len(row), size=PERMUTATIONS)]
    return float((1 + (drawn >= unlike[:, 0].sum() - 1e-9).sum()) / (1 + PERMUTATIONS))
