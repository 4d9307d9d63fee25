"""Is this the same rater? All answers at once, compared with what asking again changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Literal

import numpy as np

from ratings.arrays import BoolArray, FloatArray, IntArray
from scorers.change.aligned import Aligned, aligned
from scorers.intervals.means import ratio
from scorers.scores.responses import ResponseMatrix

LEVEL = 0.01
PERMUTATIONS = 9_999
MOST_SPLITS = 200
_MOST_WORDINGS = 7
_MISSING, _NOT_ASKED = -1, -2

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
    any asking takes no part: whether fewer are valid is a score of its own. Where not every
    asking asked all samples, as in rounds, each cluster is compared over those that asked all of
    its samples.

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
    found, codes = _coded(before, after)
    sets = found.late
    blocks, answers = _blocks(found, codes)
    if not answers:
        # Nothing was asked twice on either side: the first asking of each.
        codes = np.stack([_first(codes[~sets]), _first(codes[sets])])
        there: BoolArray = np.all(codes >= 0, axis=0)
        answers, changed = int(there.sum()), float(((codes[0] != codes[1]) & there).sum())
        if not answers or not wordings or codes.shape[2] < 2:
            return Omnibus("unknown", np.nan, changed, answers, np.nan, False, level)
        p = _swapped(codes, there, seed)
        verdict: Sameness = "changed" if p < level else "same"
        return Omnibus(verdict, p, changed, answers, np.nan, False, level)
    changed = sum(float(pairs[:, ~late][:, :, late].sum() / (late.sum() * (~late).sum()))
                  for pairs, late in blocks)  # fmt: skip
    again = sum(_within(pairs, late) for pairs, late in blocks)
    p = _permuted(blocks, seed)
    steady = not again
    verdict = "changed" if p < level or (steady and changed) else "same"
    return Omnibus(verdict, p, changed, answers, again, steady, level)


def changed_shares(before: ResponseMatrix, after: ResponseMatrix) -> dict[str, float]:
    """By sample, the share of its answers that differ, less the share that asking again changes.

    The largest first; samples that are not asked in both are left out. Answers that are missing in
    one asking and not in another differ.
    """
    found, codes = _coded(before, after)
    sets = found.late
    across, within, compared, repeated = np.zeros((4, codes.shape[1]))
    for i, j in combinations(range(len(sets)), 2):
        both: BoolArray = np.all(codes[[i, j]] != _NOT_ASKED, axis=(0, 2))
        differ = np.where(both, (codes[i] != codes[j]).mean(axis=1), 0.0)
        if sets[i] == sets[j]:
            within, repeated = within + differ, repeated + both
        else:
            across, compared = across + differ, compared + both
    excess = ratio(across, compared, empty=0.0) - ratio(within, repeated, empty=0.0)
    order = np.argsort(-excess, kind="stable")
    return {found.samples[s]: float(excess[s]) for s in order.tolist()}


def _coded(before: ResponseMatrix, after: ResponseMatrix) -> tuple[Aligned, IntArray]:
    """The askings, and their answers as codes, T x S x P, of the samples and columns of both.

    -1 where an answer is missing, -2 in the rows of samples that an asking did not ask.
    """
    found = aligned(before, after, lambda grid: grid.ratings)
    values = found.values
    coded = np.unique(values, return_inverse=True)[1].reshape(values.shape).astype(np.int64)
    coded[np.isnan(values)] = _MISSING
    coded[~found.asked] = _NOT_ASKED
    return found, coded


def _blocks(found: Aligned, codes: IntArray) -> tuple[list[tuple[FloatArray, BoolArray]], int]:
    """Clusters by the askings that asked all of their samples, three or more and both sets.

    Returns:
        Of each block how many answers of each of its C clusters differ between two of its T
        askings, C x T x T, and which of them are later ones; and how many answers the blocks have.
    """
    blocks, answers = [], 0
    for pattern, rows in found.blocks():
        late = found.late[pattern]
        mine = codes[pattern][:, rows]
        there: BoolArray = np.all(mine >= 0, axis=0)
        if len(late) < 3 or not there.any():
            continue
        members = np.unique(found.clusters[rows], return_inverse=True)[1]
        pairs = np.zeros((members.max() + 1, len(late), len(late)))
        for i, j in combinations(range(len(late)), 2):
            differ = ((mine[i] != mine[j]) & there).sum(axis=1)
            pairs[:, i, j] = pairs[:, j, i] = np.bincount(members, differ, len(pairs))
        blocks.append((pairs, late))
        answers += int(there.sum())
    return blocks, answers


def _first(codes: IntArray) -> IntArray:
    """S x P, the first answer that is there; missing where none is."""
    found = np.argmax(codes >= 0, axis=0)
    first: IntArray = np.take_along_axis(codes, found[None], axis=0)[0]
    return first


def _within(pairs: FloatArray, late: BoolArray) -> float:
    """Mean number of answers that differ between two askings of one set."""
    sums = [pairs[:, group][:, :, group].sum() / 2 for group in (late, ~late)]
    number = sum(n * (n - 1) / 2 for n in (late.sum(), (~late).sum()))
    return float(sum(sums) / number)


def _permuted(blocks: Sequence[tuple[FloatArray, BoolArray]], seed: int) -> float:
    """How often askings whose labels are permuted in each cluster differ as much.

    Args:
        blocks: by `_blocks`.
        seed: of the permutations.
    """
    rng = np.random.default_rng(seed)
    drawn, seen = np.zeros(PERMUTATIONS), 0.0
    for pairs, sets in blocks:
        excess, spare = _excess(pairs, sets, rng)
        seen += _statistic(pairs, sets, spare)
        for row in excess:
            drawn += row[rng.integers(len(row), size=PERMUTATIONS)]
    return float((1 + (drawn >= seen - 1e-9).sum()) / (1 + PERMUTATIONS))


def _excess(pairs: FloatArray, sets: BoolArray, rng: np.random.Generator) -> tuple[FloatArray, int]:
    """C x L, how many more answers differ across L ways of labelling the askings than within.

    Returns:
        With it, how many of the two sets have two askings or more.
    """
    times, late = len(sets), int(sets.sum())
    splits = np.array(list(combinations(range(times), late)))
    if len(splits) > MOST_SPLITS:
        splits = rng.permuted(np.tile(np.arange(times), (MOST_SPLITS, 1)), axis=1)[:, :late]
    chosen = np.zeros((len(splits), times))
    np.put_along_axis(chosen, splits, 1.0, axis=1)
    early = 1 - chosen
    across = np.einsum("si,cij,sj->cs", chosen, pairs, early) / (late * (times - late))
    inner = np.einsum("si,cij,sj->cs", chosen, pairs, chosen) / max(late * (late - 1), 1)
    outer = np.einsum("si,cij,sj->cs", early, pairs, early)
    outer /= max((times - late) * (times - late - 1), 1)
    spare = 2 - (late == 1) - (times - late == 1)
    return across - (inner + outer) / spare, spare


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
