"""What a regression check sees: false alarms, power and calls, measured on raters that scatter.

    python -m studies.regression_power [REPEATS]

prints the tables of `docs/regression.md`; with few repeats it is quick. A rater has a fixed answer
to each item in each wording, and scatters around it whenever it is asked. A baseline is one asking
of it or several; the later run is another, of the same rater or of one that moved.
"""

import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from benchmarks.value_portrait.task import regression_items
from providers.respondents.persona_respondent import MIDDLE
from ratings.arrays import BoolArray, FloatArray
from ratings.errors import DataError
from ratings.instruments.dimensions import ALL_DIMENSIONS, SCHWARTZ
from ratings.instruments.value_portrait import (
    CHOICES,
    VARIANTS,
    Instrument,
    load_instrument,
)
from scorers.change.asking_noise import Changes, changes
from scorers.change.askings import askings
from scorers.change.omnibus import omnibus
from scorers.change.rounds import spent
from scorers.comparison.differences import SIGNIFICANCE, holm
from scorers.scores.manifests import manifest_of
from scorers.scores.responses import ResponseMatrix

SEED = 20260301
SCATTERS = (0.0, 0.3, 0.7)
KINDS = ("independent", "heavy-tailed", "shared by an item", "shared by a query")
BASELINES = (1, 3)
SHIFTS = (0.1, 0.2, 0.5)
ROUNDS, ACCEPTED = 5, 3
REPEATS = 200
FAMILY = manifest_of("value_portrait").scores["schwartz"]
# The suite scores the ten values, and the share of valid answers comes in addition.
SCORES = len(SCHWARTZ) + 1


@dataclass(frozen=True, eq=False)
class Asked:
    """The items that are asked.

    Attributes:
        samples: I ids.
        clusters: I queries.
        query: I, their numbers.
        tagged: D x I, which count for which of the ten values.
        tags: I, all dimensions that each counts for.
    """

    samples: Sequence[str]
    clusters: Sequence[str]
    query: npt.NDArray[np.intp]
    tagged: BoolArray
    tags: Sequence[Sequence[str]]

    @classmethod
    def of(cls, instrument: Instrument, items: Sequence[str]) -> "Asked":
        """Some items of an instrument, in its order."""
        wanted = set(items)
        chosen = [i for i, name in enumerate(instrument.items.index) if str(name) in wanted]
        every = instrument.tagged()[:, chosen]
        queries = [str(query) for query in instrument.items["query"].iloc[chosen]]
        return cls(
            samples=[str(instrument.items.index[i]) for i in chosen],
            clusters=queries,
            query=np.unique(queries, return_inverse=True)[1],
            tagged=every[: len(SCHWARTZ)],
            tags=[list(compress(ALL_DIMENSIONS, every[:, i])) for i in range(len(chosen))],
        )

    def grid(self, runs: FloatArray) -> ResponseMatrix:
        """T x I x V ratings as runs have them, one asking after the other."""
        times = len(runs)
        found = ResponseMatrix.from_ratings(
            runs.reshape(-1, runs.shape[2]),
            [*self.samples] * times,
            [*self.clusters] * times,
            list(VARIANTS[: runs.shape[2]]),
            [*self.tags] * times,
        )
        return replace(found, epochs=[t + 1 for t in range(times) for _ in self.samples])


def grid_of(instrument: Instrument, ratings: FloatArray, items: Sequence[str]) -> ResponseMatrix:
    """Ratings of all items, I x V, as a run that asked some of them has them."""
    asked = Asked.of(instrument, items)
    rows = instrument.items.index.get_indexer(pd.Index(asked.samples))
    return asked.grid(ratings[None, rows])


def opinions(asked: Asked, rng: np.random.Generator) -> FloatArray:
    """I x V whole numbers from 1 to 6: the answers of a rater with a profile drawn at random."""
    weights = 0.8 * rng.normal(size=len(SCHWARTZ))
    tagged = asked.tagged.astype(float)
    leaning = (weights - weights.mean()) @ tagged / np.maximum(tagged.sum(axis=0), 1)
    each = MIDDLE + leaning[:, None] + 0.5 * rng.standard_normal((len(leaning), len(VARIANTS)))
    found: FloatArray = np.clip(np.rint(each), 1, len(CHOICES))
    return found


def answers(
    thinks: FloatArray,
    kind: str,
    scatter: float,
    times: int,
    asked: Asked,
    rng: np.random.Generator,
) -> FloatArray:
    """T x I x V answers of a rater that scatters by so many points, before rounding.

    Args:
        thinks: I x V.
        kind: of scatter, one of `KINDS`; of shared scatter half of the variance is shared.
        scatter: its standard deviation.
        times: T.
        asked: the items.
        rng: of the scatter.
    """
    shape = (times, *thinks.shape)
    noise = rng.standard_normal(shape)
    if kind == "heavy-tailed":  # three degrees of freedom
        noise = stats.t.rvs(3, size=shape, random_state=rng) / np.sqrt(3)
    elif kind == "shared by an item":
        noise = np.sqrt(0.5) * (noise + rng.standard_normal((times, len(thinks), 1)))
    elif kind == "shared by a query":
        of_query = rng.standard_normal((times, asked.query.max() + 1))[:, asked.query]
        noise = np.sqrt(0.5) * (noise + of_query[:, :, None])
    found: FloatArray = np.clip(np.rint(thinks + scatter * noise), 1, len(CHOICES))
    return found


def moved(
    thinks: FloatArray, asked: Asked, value: int, shift: float, rng: np.random.Generator
) -> FloatArray:
    """The opinions of a rater whose score of one value is higher by so many points.

    The fewest of the value's answers that take it beyond the shift are a point higher. The score is
    centred, and its centre rises too, so that is a larger share of them than the shift says.
    """
    mine = asked.tagged[value]
    centre = asked.tagged.any(axis=0).sum()
    cells = np.flatnonzero(np.repeat(mine, thinks.shape[1]))
    can = cells[thinks.ravel()[cells] < len(CHOICES)]
    number = math.floor(shift / (1 - mine.sum() / centre) * len(cells)) + 1 if shift else 0
    out = thinks.ravel().copy()
    while number > 0 and len(can):
        taken = rng.permutation(can)[:number]
        out[taken] += 1
        number -= len(taken)
        can = can[out[can] < len(CHOICES)]
    return out.reshape(thinks.shape)


def verdicts(
    found: Changes, margin: float = FAMILY.margin, level: float = SIGNIFICANCE
) -> tuple[BoolArray, BoolArray]:
    """Which of the scores are the same, and which moved, as `check_scores` says of these items."""
    inside = np.abs(found.differences) + found.reach(1 - 2 * level) <= margin
    same: BoolArray = inside | (np.nan_to_num(found.differences) == 0)
    corrected = holm(np.append(found.p_values(), 1.0))[:-1]
    return same, ~same & (corrected < level)


def compared(asked: Asked, before: FloatArray, after: FloatArray) -> Changes:
    """The ten values of two sets of askings."""
    found = askings(asked.grid(before), asked.grid(after), FAMILY)
    assert found is not None
    return changes(found)


@dataclass(frozen=True, eq=False)
class Cell:
    """What the check says of one kind of rater.

    Attributes:
        alarms: repeats in which any score of an unchanged rater was called `moved`.
        omnibus: repeats in which it was called another rater.
        same: share of its scores that were shown to be the same.
        seen: by shift the repeats in which each of the ten values was called `moved`, D.
        repeats: their number.
    """

    alarms: int
    omnibus: int
    same: float
    seen: Mapping[float, npt.NDArray[np.intp]]
    repeats: int


def measure(
    asked: Asked,
    kind: str,
    scatter: float,
    baseline: int,
    *,
    later: int = 1,
    shifts: Sequence[float] = SHIFTS,
    repeats: int = REPEATS,
    seed: int = SEED,
) -> Cell:
    """Check an unchanged rater, and one with each value shifted in turn, so many times."""
    rng = np.random.default_rng([seed, KINDS.index(kind), round(10 * scatter), baseline, later])
    alarms = another = same = 0
    seen = {shift: np.zeros(len(SCHWARTZ), dtype=int) for shift in shifts}
    for repeat in range(repeats):
        thinks = opinions(asked, rng)
        before = answers(thinks, kind, scatter, baseline, asked, rng)
        after = answers(thinks, kind, scatter, later, asked, rng)
        shown, changed = verdicts(compared(asked, before, after))
        alarms, same = alarms + int(changed.any()), same + int(shown.sum())
        grids = asked.grid(before), asked.grid(after)
        another += omnibus(*grids, wordings=True, seed=repeat).fails
        for shift, counts in seen.items():
            for value in range(len(SCHWARTZ)):
                other = moved(thinks, asked, value, shift, rng)
                after = answers(other, kind, scatter, later, asked, rng)
                counts[value] += verdicts(compared(asked, before, after))[1][value]
    return Cell(alarms, another, same / repeats / len(SCHWARTZ), seen, repeats)


def share(count: int, of: int) -> str:
    """A share in per cent with its exact binomial interval at 95%.

    >>> share(5, 100)
    '5% (2 to 11)'
    """
    ends = stats.binomtest(int(count), of).proportion_ci(method="exact")
    return f"{100 * count / of:.0f}% ({100 * ends.low:.0f} to {100 * ends.high:.0f})"


def print_cells(asked: Asked, repeats: int) -> None:
    """False alarms of both verdicts, and how often a shift is seen: least and median of values."""
    print(
        "| scatter | points | runs in the baseline | any score moved | not the same model | "
        "same | 0.1 seen: least, median | 0.2 seen | 0.5 seen |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for kind in KINDS:
        for scatter in SCATTERS if kind == KINDS[0] else SCATTERS[1:]:
            for baseline in BASELINES:
                cell = measure(asked, kind, scatter, baseline, repeats=repeats)
                seen = " | ".join(
                    f"{share(counts.min(), repeats)}, {100 * np.median(counts) / repeats:.0f}%"
                    for counts in cell.seen.values()
                )
                print(
                    f"| {kind} | {scatter:g} | {baseline} | {share(cell.alarms, repeats)} | "
                    f"{share(cell.omnibus, repeats)} | {100 * cell.same:.0f}% | {seen} |",
                    flush=True,
                )


def print_repeats(asked: Asked, repeats: int) -> None:
    """How many runs on either side see a shift of 0.2 at the largest scatter."""
    print("| runs before and after | 0.2 seen at 0.7: least, median |")
    print("| --- | --- |")
    for runs in (1, 2, 3, 5, 8):
        cell = measure(
            asked, KINDS[0], SCATTERS[-1], runs, later=runs, shifts=(0.2,), repeats=repeats
        )
        (counts,) = cell.seen.values()
        median = 100 * np.median(counts) / repeats
        print(f"| {runs} | {share(counts.min(), repeats)}, {median:.0f}% |", flush=True)


def changed_at_random(asked: Asked, part: float, baseline: int, repeats: int) -> int:
    """How often a rater that never scatters is told apart when a part of its answers changed."""
    rng = np.random.default_rng([SEED, 9, baseline])
    seen = 0
    for repeat in range(repeats):
        thinks = opinions(asked, rng)
        other = thinks.copy()
        hit = rng.random(other.shape) < part
        other[hit] = (other[hit] - 1 + rng.integers(1, 6, hit.sum())) % 6 + 1
        before = np.repeat(thinks[None], baseline, axis=0)
        grids = asked.grid(before), asked.grid(other[None])
        seen += omnibus(*grids, wordings=True, seed=repeat).fails
    return seen


@dataclass(frozen=True)
class Spent:
    """What asking until decided took.

    Attributes:
        calls: of each repeat, in runs.
        right: repeats in which the shifted score, or none, was called `moved` in the end.
        open: share of scores that were never decided.
    """

    calls: FloatArray
    right: int
    open: float


def until_decided(
    asked: Asked, scatter: float, shift: float, repeats: int, *, fixed: bool = False
) -> Spent:
    """Ask in rounds until every score is decided, or (`fixed`) all rounds and check once.

    A later round asks the items that count for a score that is not decided; what is decided stays
    so.
    """
    rng = np.random.default_rng([SEED, 7, round(10 * scatter), round(10 * shift)])
    levels = [SIGNIFICANCE] if fixed else spent(ROUNDS, ACCEPTED).tolist()
    calls, right, left = [], 0, 0
    for repeat in range(repeats):
        value = repeat % len(SCHWARTZ)
        thinks = opinions(asked, rng)
        before = answers(thinks, KINDS[0], scatter, ACCEPTED, asked, rng)
        other = moved(thinks, asked, value, shift, rng)
        after = answers(other, KINDS[0], scatter, ROUNDS, asked, rng)
        every: BoolArray = np.ones(len(asked.samples), dtype=bool)
        shown = np.full_like(after, np.nan)
        took = 0.0
        same, changed = np.zeros((2, len(SCHWARTZ)), dtype=bool)
        for number in range(ROUNDS):
            shown[number, every] = after[number, every]
            took += every.mean()
            if fixed and number < ROUNDS - 1:
                continue
            level = levels[0] if fixed else levels[number]
            now = verdicts(compared(asked, before, shown[: number + 1]), level=level)
            open_ = ~(same | changed)
            same, changed = same | (open_ & now[0]), changed | (open_ & now[1])
            every = np.any(asked.tagged[~(same | changed)], axis=0)
            if not every.any():
                break
        calls.append(took)
        truth = np.arange(len(SCHWARTZ)) == value if shift else np.zeros(len(SCHWARTZ), bool)
        right += bool(changed[truth].all() if shift else not changed.any())
        left += int((~(same | changed)).sum())
    return Spent(np.array(calls), right, left / repeats / len(SCHWARTZ))


def print_until_decided(asked: Asked, repeats: int) -> None:
    """Calls of asking in rounds, and of all rounds at once."""
    print("| scatter | shift | design | calls, in runs: mean, 90% | verdict right | undecided |")
    print("| --- | --- | --- | --- | --- | --- |")
    for scatter in SCATTERS[1:]:
        for shift in (0.0, 0.2, 0.5):
            for name, fixed in (("until decided", False), (f"{ROUNDS} runs", True)):
                found = until_decided(asked, scatter, shift, repeats, fixed=fixed)
                print(
                    f"| {scatter:g} | {shift:g} | {name} | {found.calls.mean():.1f}, "
                    f"{np.quantile(found.calls, 0.9):.1f} | {share(found.right, repeats)} | "
                    f"{100 * found.open:.0f}% |",
                    flush=True,
                )


def main(arguments: Sequence[str]) -> None:
    """Print the tables."""
    repeats = int(arguments[0]) if arguments else REPEATS
    instrument = load_instrument("official")
    asked = Asked.of(instrument, regression_items("official"))
    print_cells(asked, repeats)
    print()
    print_repeats(asked, repeats)
    print()
    for baseline in (2, 3):
        seen = changed_at_random(asked, 0.02, baseline, repeats)
        print(f"2% of the answers changed, {baseline} runs before: seen {share(seen, repeats)}")
    print()
    print_until_decided(asked, repeats)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except DataError as error:
        sys.exit(str(error))
