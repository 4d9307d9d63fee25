"""How many recorded models differ on these items and beyond them, and how often nothing would.

    python -m studies.scope_study [REPEATS]

prints the tables of `docs/statistics.md` on the two scopes. Three questions are asked of the
recordings at hand:

- Which pairs of models differ in each of the ten values, in each scope?
- Asked again, how often does a model differ from itself on these items? Each answer is drawn from
  those that the model gave to the item, so that prompt variants are what asking again scatters by.
- On other instruments, how often do two models with equal true values differ beyond the items? The
  queries are resampled, the differences of the two models with a query and with an item in it.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from ratings.arrays import FloatArray
from ratings.instruments.dimensions import SCHWARTZ
from ratings.instruments.value_portrait import (
    VARIANTS,
    Instrument,
    load_instrument,
    recordings_at_hand,
)
from scorers.comparison.differences import SIGNIFICANCE, holm
from scorers.intervals.observations import Observations
from scorers.intervals.repeats import of_repeats
from scorers.intervals.scopes import Scoped, beyond_items, on_items
from scorers.scores.manifests import manifest_of
from scorers.scores.shared_responses import shared_responses
from studies.regression_items import recorded_ratings
from studies.regression_power import grid_of

SEED = 20261128
REPEATS = 200


@dataclass(frozen=True)
class Alarms:
    """How often a test found a difference where there was none.

    Attributes:
        what: was asked.
        each: by value, the share of repeats with p < .05.
        any: the share of repeats with any of the ten values significant after Holm's correction.
        repeats: their number.
    """

    what: str
    each: dict[str, float]
    any: float
    repeats: int


def pairs_that_differ(
    instrument: Instrument, ratings: Sequence[FloatArray]
) -> dict[str, dict[str, int]]:
    """By scope and value, how many pairs differ after Holm's correction over the pairs.

    Args:
        instrument: whose items were rated.
        ratings: of M models, V x I each.
    """
    items = [str(instance) for instance in instrument.items.index]
    family = manifest_of("value_portrait").scores["schwartz"]
    answers = shared_responses([grid_of(instrument, found.T, items) for found in ratings], family)
    found = [
        part
        for one in range(len(ratings) - 1)
        for part in answers.differences(one, range(one + 1, len(ratings)))
    ]
    out = {}
    for scope in ("on", "beyond"):
        p_values = np.vstack([getattr(part, scope).p_values() for part in found])
        corrected = np.column_stack([holm(column) for column in p_values.T])
        counts = (corrected < SIGNIFICANCE).sum(axis=0).tolist()
        out[scope] = dict(zip(SCHWARTZ, counts, strict=True))
    return out


def asked_again(
    instrument: Instrument, ratings: FloatArray, repeats: int, seed: int, what: str
) -> Alarms:
    """A model against itself on these items.

    Args:
        instrument: whose items were rated.
        ratings: of the model, V x I.
        repeats: number of pairs of askings.
        seed: of the answers drawn.
        what: name of the model.
    """
    rng = np.random.default_rng(seed)
    askings = [_drawn_answers(ratings, rng) - _drawn_answers(ratings, rng) for _ in range(repeats)]
    return _alarms(what, on_items(_cells(instrument, np.array(askings))), repeats)


def redrawn_instruments(
    instrument: Instrument,
    one: FloatArray,
    other: FloatArray,
    repeats: int,
    seed: int,
    what: str,
) -> Alarms:
    """Two models with equal true values on instruments whose queries are resampled.

    The two differ by a normal amount with each query, by another with each item in it, and by what
    asking makes of each answer; the three variances are those of the two models' real differences.
    The design, which item of which query carries which tags, is that of the instrument.

    Args:
        instrument: whose items were rated.
        one: ratings of a model, V x I.
        other: ratings of another.
        repeats: number of instruments.
        seed: of the draws.
        what: names of the two.
    """
    rng = np.random.default_rng(seed)
    queries = np.unique(instrument.items["query"], return_inverse=True)[1]
    of_query, of_item, of_answer = _spreads((other - one).T, queries)
    items, variants = len(queries), len(VARIANTS)
    drawn = (
        of_query * rng.normal(size=(repeats, queries.max() + 1))[:, queries, None]
        + of_item * rng.normal(size=(repeats, items, 1))
        + of_answer * rng.normal(size=(repeats, items, variants))
    )
    return _alarms(what, beyond_items(_cells(instrument, drawn)), repeats)


def _drawn_answers(ratings: FloatArray, rng: np.random.Generator) -> FloatArray:
    """I x V answers, each one of those that the model gave to the item."""
    variants, items = ratings.shape
    order = np.argsort(np.isnan(ratings), axis=0, kind="stable")  # answers before what is missing
    there = np.take_along_axis(ratings, order, axis=0)
    counts = np.maximum((~np.isnan(ratings)).sum(axis=0), 1)
    chosen = (rng.random((items, variants)) * counts[:, None]).astype(int)
    found: FloatArray = there[chosen, np.arange(items)[:, None]]
    return np.where(np.isnan(ratings.T), np.nan, found)


def _spreads(differences: FloatArray, queries: npt.NDArray[np.intp]) -> tuple[float, float, float]:
    """Standard deviations between queries, between items of a query and between answers, I x V.

    By the method of moments: the variance of item means, less what asking adds to it, and of that
    the part that two items of one query share.
    """
    means, variances, _, _ = (part[0] for part in of_repeats(differences[None]))
    there = ~np.isnan(means)
    centred = np.where(there, means - np.nanmean(means), 0.0)
    asking = float(np.nanmean(variances[there]))
    total = float((centred**2).sum() / there.sum())
    sums = np.bincount(queries, centred)
    squares = np.bincount(queries, centred**2)
    counts = np.bincount(queries, there.astype(float))
    shared = float((sums**2 - squares).sum() / (counts * (counts - 1)).sum())
    of_query = max(shared, 0.0)
    of_item = max(total - of_query - asking, 0.0)
    return of_query**0.5, of_item**0.5, (asking * differences.shape[1]) ** 0.5


def _cells(instrument: Instrument, repeats: FloatArray) -> Observations:
    """The ten values' cells of B differences, B x I x V."""
    values, variances, freedom, lone = of_repeats(repeats)
    return Observations(
        values,
        variances,
        freedom,
        tagged=instrument.tagged()[: len(SCHWARTZ)],
        clusters=np.unique(instrument.items["query"], return_inverse=True)[1],
        centred=True,
        lone=lone,
    )


def _alarms(what: str, found: Scoped, repeats: int) -> Alarms:
    p_values = found.p_values()
    any_value = [bool((holm(row) < SIGNIFICANCE).any()) for row in p_values]
    each = (p_values < SIGNIFICANCE).mean(axis=0).tolist()
    return Alarms(what, dict(zip(SCHWARTZ, each, strict=True)), float(np.mean(any_value)), repeats)


def main() -> None:
    """Print the tables."""
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else REPEATS
    instrument = load_instrument("official")
    models = recordings_at_hand()
    recorded = dict(zip(models, recorded_ratings(instrument, models), strict=True))
    pairs = len(recorded) * (len(recorded) - 1) // 2
    print(f"| pairs of {pairs} that differ | {' | '.join(SCHWARTZ)} |")
    print("| --- |" + " ---: |" * len(SCHWARTZ))
    for scope, counts in pairs_that_differ(instrument, list(recorded.values())).items():
        print(f"| {scope} these items | {' | '.join(map(str, counts.values()))} |")
    print(f"\n| {repeats} repeats | any value, % | {' | '.join(SCHWARTZ)} |")
    print("| --- | ---: |" + " ---: |" * len(SCHWARTZ))
    for index, (name, ratings) in enumerate(recorded.items()):
        _print(asked_again(instrument, ratings, repeats, SEED + index, f"{name}, asked again"))
    for index, (one, other) in enumerate(combinations(recorded, 2)):
        what = f"{one}, {other}: other queries"
        ratings = recorded[one], recorded[other]
        _print(redrawn_instruments(instrument, *ratings, repeats, SEED + 100 + index, what))


def _print(found: Alarms) -> None:
    each = " | ".join(f"{100 * share:.1f}" for share in found.each.values())
    print(f"| {found.what} | {100 * found.any:.1f} | {each} |")


if __name__ == "__main__":
    main()
