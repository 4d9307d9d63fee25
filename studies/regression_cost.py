"""What a regression check costs and how sharp it is: more items, or more prompt variants?

    python -m studies.regression_cost

prints the table of `docs/regression.md`: for some sets of items and variants the number of calls,
and the standard error of the difference of a value's score between two runs, on average over the
ten values. `asked again` is that of one recorded model, each answer drawn from the six that it gave
to the item, on average over the recordings. `another model` is that over queries between two
recordings, on average over their pairs.
"""

import sys
from collections.abc import Sequence
from itertools import combinations

import numpy as np

from benchmarks.value_portrait.task import regression_items
from ratings.arrays import FloatArray
from ratings.errors import DataError
from ratings.instruments.dimensions import SCHWARTZ
from ratings.instruments.value_portrait import VARIANTS, Instrument, load_instrument
from scorers.comparison.paired import paired_scores
from scorers.scores.families import ratio_scores
from scorers.scores.manifests import manifest_of
from studies.regression_items import recorded_ratings
from studies.regression_power import grid_of

SEED = 20260401
REPEATS = 100
# Six prompts, one order of each wording, one wording in both orders, one prompt.
VARIANT_SETS = (VARIANTS, VARIANTS[::2], VARIANTS[:2], VARIANTS[:1])


def error_asked_again(
    instrument: Instrument,
    recorded: FloatArray,
    items: Sequence[str],
    variants: Sequence[str],
    repeats: int = REPEATS,
) -> float:
    """Standard deviation of a value's difference when a model is asked twice, mean over values.

    Args:
        instrument: the official one.
        recorded: V x I ratings of a model.
        items: that are asked.
        variants: that are asked.
        repeats: how often it is asked twice.
    """
    family = manifest_of("value_portrait").scores["schwartz"]
    rng = np.random.default_rng(SEED)
    variants_of = np.arange(recorded.shape[1])[:, None]
    values = []

    def drawn() -> FloatArray:
        which = rng.integers(len(recorded), size=recorded.T.shape)
        return recorded[which, variants_of]

    for _ in range(2 * repeats):
        found = ratio_scores(grid_of(instrument, drawn(), items).of_columns(variants), family)
        assert found is not None
        values.append(found.values())
    pairs = np.array(values).reshape(repeats, 2, len(SCHWARTZ))
    return float((pairs[:, 1] - pairs[:, 0]).std(axis=0).mean())


def error_of_another(
    instrument: Instrument,
    one: FloatArray,
    other: FloatArray,
    items: Sequence[str],
    variants: Sequence[str],
) -> float:
    """Standard error, beyond these items, of the difference of two models in a value.

    The mean over the values.

    Args:
        instrument: the official one.
        one: V x I ratings of a model.
        other: V x I ratings of another.
        items: that are asked.
        variants: that are asked.
    """
    family = manifest_of("value_portrait").scores["schwartz"]
    one_grid, other_grid = (
        grid_of(instrument, found.T, items).of_columns(variants) for found in (one, other)
    )
    (found,) = paired_scores(one_grid, other_grid, [family])
    return float(found.beyond.errors.mean())


def main() -> None:
    """Print the table."""
    instrument = load_instrument("official")
    recorded = recorded_ratings(instrument)
    tagged = instrument.tagged()[: len(SCHWARTZ)].any(axis=0)
    sets = {
        "regression": regression_items("official"),
        "all that count for a value": [
            str(one) for one in instrument.items.index[np.flatnonzero(tagged)]
        ],
    }
    print("| items | variants | calls | asked again | another model |")
    print("| --- | --- | --- | --- | --- |")
    for name, items in sets.items():
        for variants in VARIANT_SETS:
            again = [error_asked_again(instrument, one, items, variants) for one in recorded]
            pairs = [
                error_of_another(instrument, one, other, items, variants)
                for one, other in combinations(recorded, 2)
            ]
            calls = len(items) * len(variants)
            print(
                f"| {name} ({len(items)}) | {len(variants)} | {calls:,} | {np.mean(again):.3f} | "
                f"{np.mean(pairs):.3f} |",
                flush=True,
            )


if __name__ == "__main__":
    try:
        main()
    except DataError as error:
        sys.exit(str(error))
