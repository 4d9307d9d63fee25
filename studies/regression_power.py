"""What a regression check sees: false alarms and power, measured on resampled raters.

    python -m studies.regression_power [REPEATS]

prints the tables of `docs/regression.md`; with few repeats it is quick. A repeat asks the same
rater twice. The second time the rater is changed by a known amount, or not at all, and the check
says what it always says. Raters are simulated ones with profiles drawn at random, or the recorded
models with each answer drawn from the six that the model gave to the item. The latter takes what
the prompt variants do for noise, which is more than asking again brings about at temperature 0.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress, product

import numpy as np
from scipy import stats

from benchmarks.value_portrait.task import regression_items
from providers.respondents.respondent import NOISE, noiseless_ratings
from ratings.arrays import FloatArray
from ratings.errors import DataError
from ratings.instruments.dimensions import ALL_DIMENSIONS, SCHWARTZ
from ratings.instruments.value_portrait import CHOICES, VARIANTS, Instrument, load_instrument
from scorers.comparison.power import POWER, detectable_difference
from scorers.comparison.score_checks import ScoreCheck, check_scores
from scorers.intervals.scopes import Scope
from scorers.scores.manifests import manifest_of
from scorers.scores.responses import ResponseMatrix
from studies.regression_items import RECORDINGS, recorded_ratings

# A rater answers I items in V variants, its opinion of each item moved by so many points.
Rater = Callable[[np.random.Generator, FloatArray], FloatArray]

SEED = 20260301
SHIFTS = (0.2, 0.3, 0.5, 0.7, 1.0)
ALARM_REPEATS, POWER_REPEATS = 200, 100
# The suite scores the ten values, and the valid answers come in addition.
FAMILIES = ("schwartz",)


@dataclass(frozen=True)
class Power:
    """How often a shift of one value was seen.

    Attributes:
        value: that was shifted.
        shift: of its score, in points.
        moved: repeats in which the value's score was called `moved`.
        found: mean difference of the score over the repeats.
        error: standard deviation of the difference over the repeats.
        repeats: their number.
    """

    value: str
    shift: float
    moved: int
    found: float
    error: float
    repeats: int


def simulated_rater(instrument: Instrument, rng: np.random.Generator) -> Rater:
    """A rater with a profile drawn at random that answers as `respondent/` does."""
    weights = 0.8 * rng.normal(size=len(SCHWARTZ))
    profile = dict(zip(SCHWARTZ, weights - weights.mean(), strict=True))
    leaning = noiseless_ratings(instrument, profile)[:, None]

    def answer(rng: np.random.Generator, moved: FloatArray) -> FloatArray:
        noise = NOISE * rng.standard_normal((len(leaning), len(VARIANTS)))
        found: FloatArray = np.clip(np.rint(leaning + moved[:, None] + noise), 1, len(CHOICES))
        return found

    return answer


def recorded_rater(ratings: FloatArray) -> Rater:
    """A recorded model, V x I; a shift raises as many of its answers by a point as it takes."""

    def answer(rng: np.random.Generator, moved: FloatArray) -> FloatArray:
        variants, items = ratings.shape
        drawn = ratings[rng.integers(variants, size=(items, variants)), np.arange(items)[:, None]]
        raised = drawn + (rng.random(drawn.shape) < moved[:, None])
        found: FloatArray = np.minimum(raised, len(CHOICES))
        return found

    return answer


def shift_of(instrument: Instrument, value: str, size: float) -> FloatArray:
    """I points to add to the opinion of each item so that the score of one value moves by `size`.

    The items of the value are raised. The score is centred on all items with any value, whose mean
    rises too, so they are raised by more than `size`.
    """
    tagged = instrument.tagged()[: len(SCHWARTZ)]
    mine = tagged[SCHWARTZ.index(value)]
    raised: FloatArray = mine * size / (1 - mine.sum() / tagged.any(axis=0).sum())
    return raised


def grid_of(instrument: Instrument, ratings: FloatArray, items: Sequence[str]) -> ResponseMatrix:
    """Ratings, I x V, of some of the items as a run has them."""
    tagged = instrument.tagged()
    wanted = set(items)
    chosen = [i for i, instance in enumerate(instrument.items.index) if instance in wanted]
    return ResponseMatrix.from_ratings(
        ratings[chosen],
        samples=[str(instrument.items.index[i]) for i in chosen],
        clusters=[str(instrument.items["query"].iloc[i]) for i in chosen],
        columns=list(VARIANTS),
        tags=[list(compress(ALL_DIMENSIONS, tagged[:, i])) for i in chosen],
    )


def checked_twice(
    instrument: Instrument,
    rater: Rater,
    items: Sequence[str],
    moved: FloatArray,
    rng: np.random.Generator,
    scope: Scope,
) -> list[ScoreCheck]:
    """Ask a rater twice, moved the second time, and check the answers to some items."""
    before = rater(rng, np.zeros_like(moved))
    one, other = (grid_of(instrument, ratings, items) for ratings in (before, rater(rng, moved)))
    families = manifest_of("value_portrait").scores
    return check_scores(one, other, [families[name] for name in FAMILIES], scope=scope)


def false_alarms(
    instrument: Instrument,
    raters: Sequence[Rater],
    items: Sequence[str],
    scope: Scope = "beyond",
    seed: int = SEED,
) -> tuple[int, dict[str, float]]:
    """Ask each rater twice, unchanged, and judge in a scope.

    Returns:
        In how many of the repeats any score was called `moved`; and by score the difference that
        would be detectable: from the standard deviation over the repeats, with Student's t on the
        queries that carry the score, corrected for all scores.
    """
    rng = np.random.default_rng([seed, 1])
    unmoved = np.zeros(len(instrument.items))
    found = [checked_twice(instrument, rater, items, unmoved, rng, scope) for rater in raters]
    alarms = sum(any(check.verdict == "moved" for check in checks) for checks in found)
    by_score = {checks[0].name: checks for checks in zip(*found, strict=True)}
    detectable = {
        name: detectable_difference(
            float(np.std([check.difference.value for check in checks])),
            len(by_score),
            freedom=max(min(check.units for check in checks) - 1, 1),
        )
        for name, checks in by_score.items()
    }
    return alarms, detectable


def power(
    instrument: Instrument,
    raters: Sequence[Rater],
    items: Sequence[str],
    value: str,
    shift: float,
    scope: Scope = "beyond",
    seed: int = SEED,
) -> Power:
    """Ask each rater twice, the second time with one value shifted, and judge in a scope."""
    rng = np.random.default_rng([seed, 2, SCHWARTZ.index(value)])
    moved = shift_of(instrument, value, shift)
    checks = [
        next(
            check
            for check in checked_twice(instrument, rater, items, moved, rng, scope)
            if check.name == value
        )
        for rater in raters
    ]
    differences = np.array([check.difference.value for check in checks])
    return Power(
        value=value,
        shift=shift,
        moved=sum(check.verdict == "moved" for check in checks),
        found=float(differences.mean()),
        error=float(differences.std()),
        repeats=len(checks),
    )


def simulated_raters(instrument: Instrument, repeats: int, seed: int = SEED) -> list[Rater]:
    """As many simulated raters as there are repeats."""
    rng = np.random.default_rng([seed, 0])
    return [simulated_rater(instrument, rng) for _ in range(repeats)]


def told_share(count: int, of: int) -> str:
    """A share in per cent with its exact binomial interval at 95%.

    >>> told_share(5, 100)
    '5% (2 to 11)'
    """
    ends = stats.binomtest(count, of).proportion_ci(method="exact")
    return f"{100 * count / of:.0f}% ({100 * ends.low:.0f} to {100 * ends.high:.0f})"


def print_alarms(instrument: Instrument, sets: Mapping[str, Sequence[str]], repeats: int) -> None:
    """The table of false alarms, and of the shift that would be seen with 80% power."""
    recorded = zip(RECORDINGS, recorded_ratings(instrument), strict=True)
    raters = {"simulated": simulated_raters(instrument, repeats)} | {
        model: [recorded_rater(ratings)] * repeats for model, ratings in recorded
    }
    print(
        "| rater | items | any score moved on these items | beyond them | detectable beyond: "
        "least, median, largest |"
    )
    print("| --- | --- | --- | --- | --- |")
    for name, asked in raters.items():
        for items, ids in sets.items():
            on, _ = false_alarms(instrument, asked, ids, "on")
            alarms, detectable = false_alarms(instrument, asked, ids)
            seen = sorted(detectable[value] for value in SCHWARTZ)
            listed = f"{seen[0]:.2f}, {np.median(seen):.2f}, {seen[-1]:.2f}"
            shares = f"{told_share(on, repeats)} | {told_share(alarms, repeats)}"
            print(f"| {name} | {items} | {shares} | {listed} |", flush=True)


def shift_seen(found: Sequence[Power], wanted: float = POWER) -> str:
    """The shift that is seen as often as wanted, between the measured ones by a straight line."""
    shares = np.maximum.accumulate([one.moved / one.repeats for one in found])
    if shares[0] > wanted:
        return f"below {found[0].shift:g}"
    if shares[-1] < wanted:
        return f"above {found[-1].shift:g}"
    return f"{np.interp(wanted, shares, [one.shift for one in found]):.1f}"


def print_power(instrument: Instrument, sets: Mapping[str, Sequence[str]], repeats: int) -> None:
    """The table of how often a shift of one value is called `moved`."""
    raters = simulated_raters(instrument, repeats)
    shifts = " | ".join(f"{shift:g}" for shift in SHIFTS)
    print(f"| value | items | scope | {shifts} | 80% at |")
    print("| --- | --- | --- |" + " --- |" * (len(SHIFTS) + 1))
    scopes: tuple[Scope, ...] = ("on", "beyond")
    for value, (items, ids), scope in product(SCHWARTZ, sets.items(), scopes):
        found = [power(instrument, raters, ids, value, shift, scope) for shift in SHIFTS]
        cells = " | ".join(told_share(one.moved, one.repeats) for one in found)
        print(f"| {value} | {items} | {scope} | {cells} | {shift_seen(found)} |", flush=True)


def main(arguments: Sequence[str]) -> None:
    """Print the tables."""
    instrument = load_instrument("official")
    sets = {
        "regression": regression_items("official"),
        "all": [str(instance) for instance in instrument.items.index],
    }
    given = [int(argument) for argument in arguments]
    print_alarms(instrument, sets, *(given or [ALARM_REPEATS]))
    print()
    print_power(instrument, sets, *(given or [POWER_REPEATS]))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except DataError as error:
        sys.exit(str(error))
