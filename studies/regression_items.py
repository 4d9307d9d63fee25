"""The items of Value Portrait that a regression check asks, chosen from answers at hand.

    python -m studies.regression_items [--print]

writes `benchmarks/value_portrait/regression_items.yaml`: ids for the official data, chosen by the
recorded answers of five models, and for the sample, chosen by simulated raters. With `--print` it
prints the file instead. The same answers give the same file.

An item is worth asking when models differ on it (`information`) and when one model answers it
the same however it is asked (`unsteadiness`). Items are dropped one by one, always the one without
which the scores of the ten values lose least, until a quarter of all items is left.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import yaml

from providers.respondents.respondent import NOISE, noiseless_ratings, simulated_rating
from ratings.arrays import BoolArray, FloatArray
from ratings.errors import DataError
from ratings.instruments.dimensions import SCHWARTZ
from ratings.instruments.value_portrait import (
    VARIANTS,
    Instrument,
    load_instrument,
    load_recording,
)
from ratings.output.atomic_write import write_whole
from scorers.answers.phrases.likert import read_answer
from scorers.psychometrics.item_discrimination import separating_items

# The recordings whose answers are at hand for choosing; others would give another list.
RECORDINGS = (
    "claude-3-5-haiku-20241022",
    "gpt-4o-2024-05-13",
    "llama-3.1-8b-instruct",
    "mistral-medium",
    "o1-mini-2024-09-12",
)
SIMULATED = 20
SEED = 20260201
# A quarter of the items, and no value left with fewer queries than this, or than it ever had.
SHARE = 0.25
FEWEST_QUERIES = {"official": 14, "sample": 8}
# Five models say little of a single item: half of what they say, half of the average item.
SHRUNK = 0.5
FILE = Path(__file__).parents[1] / "benchmarks" / "value_portrait" / "regression_items.yaml"
_HEAD = """\
# Ids of the items that `-T items=regression` asks. Written by `python -m studies.regression_items`,
# which says how they were chosen; a change of this list makes earlier baselines incomplete.
"""


def choose(data: str) -> list[str]:
    """Ids of the chosen items, in the order of the instrument.

    Args:
        data: `official` or `sample`.
    """
    instrument = load_instrument(data)
    ratings = recorded_ratings(instrument) if data == "official" else simulated_ratings(instrument)
    kept = choose_items(
        instrument.tagged()[: len(SCHWARTZ)],
        instrument.items["query"].tolist(),
        information(ratings),
        unsteadiness(ratings),
        round(SHARE * len(instrument.items)),
        FEWEST_QUERIES[data],
    )
    return [str(instance) for instance in instrument.items.index[kept]]


def recorded_ratings(instrument: Instrument, models: Sequence[str] = RECORDINGS) -> FloatArray:
    """Ratings of recorded models, M x V x I; NaN where an answer is missing."""
    return np.array([_recording(model, instrument) for model in models])


def simulated_ratings(instrument: Instrument) -> FloatArray:
    """Ratings of simulated raters with profiles drawn at random, M x V x I."""
    rng = np.random.default_rng(SEED)
    found = []
    for rater in range(SIMULATED):
        weights = 0.8 * rng.normal(size=len(SCHWARTZ))
        profile = dict(zip(SCHWARTZ, weights - weights.mean(), strict=True))
        leaning = noiseless_ratings(instrument, profile)
        rows = [
            [
                simulated_rating(mean, NOISE, SEED + rater, instance, variant)
                for instance, mean in zip(instrument.items.index, leaning, strict=True)
            ]
            for variant in VARIANTS
        ]
        found.append(rows)
    return np.array(found, dtype=float)


def information(ratings: FloatArray) -> FloatArray:
    """How well each of I items separates models, 1 on average.

    ICC(1,1) over models and variants, negative ones as zero, shrunk halfway to its mean.

    Args:
        ratings: M x V x I, NaN where missing.
    """
    return _shrunk(np.nan_to_num(np.maximum(separating_items(ratings), 0.0)))


def unsteadiness(ratings: FloatArray) -> FloatArray:
    """How much a model's answers to each of I items vary over the variants, 1 on average.

    Variances within a model, each divided by the model's mean variance so that the least steady
    model does not decide alone; their mean over models, shrunk halfway to its mean.

    Args:
        ratings: M x V x I, NaN where missing.
    """
    there = ~np.isnan(ratings)
    counts = there.sum(axis=1)
    means = np.where(there, ratings, 0.0).sum(axis=1) / np.maximum(counts, 1)
    squares = (np.where(there, ratings - means[:, None, :], 0.0) ** 2).sum(axis=1)
    variances = np.where(counts > 1, squares / np.maximum(counts - 1, 1), np.nan)
    relative = variances / np.nanmean(variances, axis=1, keepdims=True)
    known = ~np.isnan(relative)
    sums = np.where(known, relative, 0.0).sum(axis=0)
    found = np.divide(sums, known.sum(axis=0), out=np.ones(len(sums)), where=known.any(axis=0))
    return _shrunk(found)


def choose_items(
    tagged: BoolArray,
    queries: Sequence[str],
    informative: FloatArray,
    unsteady: FloatArray,
    number: int,
    fewest: int,
) -> npt.NDArray[np.intp]:
    """Places of the items that are left when the least useful are dropped one by one.

    Dropped is the item without which the sum of `score_errors` is least. An item without any tag
    goes first. A value keeps `fewest` queries, or all that it ever had.

    Args:
        tagged: D x I, whether an item counts for a value.
        queries: I labels.
        informative: I, by `information`.
        unsteady: I, by `unsteadiness`.
        number: of items to keep; more are kept when no further one may go.
        fewest: queries a score keeps.
    """
    codes = np.unique(np.asarray(queries, dtype=str), return_inverse=True)[1]
    kept = np.flatnonzero(tagged.any(axis=0))
    floors = np.minimum(_queries_of(tagged[:, kept], codes[kept]), fewest)
    while len(kept) > number:
        errors = np.full(len(kept), np.inf)
        for j in _free(tagged[:, kept], codes[kept], floors):
            rest = np.delete(kept, j)
            errors[j] = score_errors(tagged[:, rest], informative[rest], unsteady[rest]).sum()
        if not np.isfinite(errors).any():
            break
        kept = np.delete(kept, int(np.argmin(errors)))
    return kept


def score_errors(tagged: BoolArray, informative: FloatArray, unsteady: FloatArray) -> FloatArray:
    """The error of the score of each of D values on some items, up to one factor for all.

    A score is a sum of weights times item means: 1 / n on the n items of the value, less 1 / N on
    the N items of any value. Its standard error between two runs goes with the root of the sum of
    squared weights times unsteadiness. Divided by the mean information of the value's items it
    says how large a shift of the rater would have to be to show. Infinite without items.

    Args:
        tagged: D x I.
        informative: I.
        unsteady: I.
    """
    counts = tagged.sum(axis=1)
    anywhere = tagged.any(axis=0)
    weights = tagged / np.maximum(counts, 1)[:, None] - anywhere / max(anywhere.sum(), 1)
    errors = np.sqrt((weights**2 * unsteady).sum(axis=1))
    shown = (tagged * informative).sum(axis=1) / np.maximum(counts, 1)
    found: FloatArray = np.divide(errors, shown, out=np.full(len(errors), np.inf), where=counts > 0)
    return found


def _recording(model: str, instrument: Instrument) -> list[list[float]]:
    frame = load_recording(model)
    read = {
        (row.instance, row.variant): read_answer(row.raw).rating
        for row in frame.itertuples()
        if isinstance(row.raw, str)
    }
    return [
        [_number(read.get((instance, variant))) for instance in instrument.items.index]
        for variant in VARIANTS
    ]


def _number(rating: int | None) -> float:
    return float("nan") if rating is None else float(rating)


def _shrunk(values: FloatArray) -> FloatArray:
    found: FloatArray = SHRUNK * values / values.mean() + (1 - SHRUNK)
    return found


def _queries_of(tagged: BoolArray, codes: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """D numbers of queries."""
    return np.array([len(np.unique(codes[row])) for row in tagged])


def _free(
    tagged: BoolArray, codes: npt.NDArray[np.intp], floors: npt.NDArray[np.intp]
) -> list[int]:
    """Items that may be dropped without taking from a score a query that it needs."""
    tight = np.flatnonzero(_queries_of(tagged, codes) <= floors)
    alone = np.zeros(tagged.shape[1], dtype=bool)
    for row in tagged[tight]:
        members = np.bincount(codes[row], minlength=int(codes.max()) + 1)
        alone |= row & (members[codes] == 1)
    return np.flatnonzero(~alone).tolist()


def main(arguments: Sequence[str]) -> None:
    """Write the file, or print it."""
    chosen = {data: choose(data) for data in ("official", "sample")}
    text = _HEAD + yaml.safe_dump(chosen, default_flow_style=None, width=99, sort_keys=False)
    if "--print" in arguments:
        print(text, end="")
    else:
        write_whole(FILE, text)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except DataError as error:
        sys.exit(str(error))
