"""Another arena's battles: read from a file, and compared with ours pair by pair.

Source: Kirk et al. (2024), The PRISM alignment dataset, appendix T.9.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from ratings.arrays import FloatArray
from ratings.errors import DataError
from scorers.intervals.bootstrap import CONFIDENCE, cluster_intervals, cluster_weights
from scorers.intervals.estimate import Estimate, undefined
from scorers.preferences.aggregations.rank_centrality import REGULARISATION, centrality_of
from scorers.preferences.aggregations.score_means import win_rate
from scorers.preferences.battles import Battles
from scorers.preferences.tallies import Tallies
from scorers.psychometrics.correlation import fisher_interval, row_correlations

SLOTS = 80
REPLICATES = 1_000
MARGINS = {"model_a": 1.0, "model_b": -1.0, "tie": 0.0, "tie (bothbad)": 0.0}
_COLUMNS = ("model_a", "model_b", "winner")
_READERS: Mapping[str, Callable[[Path], pd.DataFrame]] = {
    ".csv": pd.read_csv,
    ".parquet": pd.read_parquet,
    ".json": pd.read_json,
}
_FEWEST_MODELS = 3


@dataclass(frozen=True, eq=False)
class ArenaComparison:
    """Two arenas on the models that both have.

    Attributes:
        table: one row a model: `ours` and `theirs`, the average win rates, with `_low` and
            `_high`; `ours_even` and `theirs_even`, rank centrality on evenly sampled pairs, and
            `difference_even`, ours less theirs, each the median of draws with `_low` and `_high`.
        pairs: one row a pair of models: `ours` and `theirs`, how many battles.
        winners: shares of battles that the first won, the second won, and that were tied, by
            arena.
        rank_correlation: Spearman's, of the two columns of win rates, with the interval over
            people drawn in each arena.
        slots: battles drawn of each pair that both have.
        replicates: how many draws.
        seed: of the draws.
    """

    table: pd.DataFrame
    pairs: pd.DataFrame
    winners: pd.DataFrame
    rank_correlation: Estimate
    slots: int
    replicates: int
    seed: int


def read_arena(path: Path, names: Mapping[str, str] | None = None) -> Battles:
    """Battles from a CSV, Parquet or JSON file of the Chatbot Arena's form.

    One row a battle, with `model_a`, `model_b` and `winner` (model_a, model_b, tie or
    "tie (bothbad)"). `judge` says who judged; without it everyone judged once. Where there is a
    column `turn`, only the first is read. Margins are 1, -1 and 0.

    Args:
        path: the file, by its ending.
        names: their names of models to ours; models without one are left out. None keeps all, by
            their own names.

    Raises:
        DataError: the file cannot be read, a column or a name is missing, a winner is none of the
            four, or no battle is left.
    """
    reader = _READERS.get(path.suffix)
    if reader is None:
        raise DataError(f"{path}: battles are read from {', '.join(_READERS)} files")
    try:
        frame = reader(path)
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: cannot be read: {error}") from error
    missing = [name for name in _COLUMNS if name not in frame]
    if missing:
        raise DataError(f"{path}: has no column {', '.join(missing)}")
    if "turn" in frame:
        frame = frame[frame["turn"] == 1]
    unknown = sorted(set(frame["winner"].astype(str)) - set(MARGINS))
    if unknown:
        raise DataError(f"{path}: winner is {unknown[0]!r}; it may be {', '.join(MARGINS)}")
    if frame[["model_a", "model_b"]].isna().any(axis=None):
        raise DataError(f"{path}: a battle has no name of a model")
    frame = frame.assign(person=frame["judge"] if "judge" in frame else np.arange(len(frame)))
    if names is not None:
        for side in ("model_a", "model_b"):
            frame[side] = frame[side].map(names)
        frame = frame.dropna(subset=["model_a", "model_b"])
    frame = frame[frame["model_a"] != frame["model_b"]]
    if frame.empty:
        raise DataError(f"{path}: no battle between two models that are named")
    sides, models = pd.factorize(pd.concat([frame["model_a"], frame["model_b"]]), sort=True)
    person, people = pd.factorize(frame["person"].astype(str), sort=True)
    first, second = np.split(sides, 2)
    margin = np.asarray(frame["winner"].map(MARGINS), dtype=np.float64)
    return Battles(tuple(models), tuple(people), person, first, second, margin)


def compare_arenas(
    ours: Tallies,
    theirs: Tallies,
    *,
    slots: int = SLOTS,
    replicates: int = REPLICATES,
    seed: int = 0,
) -> ArenaComparison:
    """Compare two arenas on the models and, where pairs are sampled evenly, the pairs of both.

    Arenas match pairs of models unevenly, and differently. So for each pair that both have,
    `slots` battles are drawn with replacement from each arena's own, and rank centrality is
    computed of these, again in every draw. Win rates are of all battles between shared models.

    Args:
        ours: battles of one arena.
        theirs: of the other; the same names of models.
        slots: battles drawn of each pair.
        replicates: how many draws of slots, and of people for win rates.
        seed: of the draws.

    Raises:
        DataError: the arenas share fewer than three models.
    """
    shared = [name for name in ours.models if name in theirs.models]
    if len(shared) < _FEWEST_MODELS:
        raise DataError(
            f"the two arenas share {len(shared)} models ({', '.join(shared) or 'none'}); "
            f"{_FEWEST_MODELS} are needed"
        )
    both = {
        "ours": Tallies.of_battles(ours.battles.between(shared), ours.threshold),
        "theirs": Tallies.of_battles(theirs.battles.between(shared), theirs.threshold),
    }
    seeds = dict(zip(both, np.random.SeedSequence(seed).generate_state(2).tolist(), strict=True))
    counts = {name: tallies.counts(tallies.everyone) for name, tallies in both.items()}
    met = {
        name: (wins + wins.transpose(0, 2, 1) + ties)[0] for name, (wins, ties) in counts.items()
    }
    common = (met["ours"] > 0) & (met["theirs"] > 0)
    table = pd.DataFrame(index=pd.Index(shared, name="model"))
    rates, even = {}, {}
    for name, tallies in both.items():
        drawn = cluster_weights(len(tallies.people), seeds[name], replicates)
        point, rates[name] = win_rate(tallies, tallies.everyone)[0], win_rate(tallies, drawn)
        table[name] = point
        table[[f"{name}_low", f"{name}_high"]] = cluster_intervals(
            point, rates[name], tallies.raters(of_battles=True)
        ).T.clip(0, 1)
        wins, ties = (np.where(common, kind[0], 0.0) for kind in counts[name])
        even[f"{name}_even"] = centrality_of(
            evenly_sampled(wins, ties, slots, replicates, seeds[name]), REGULARISATION
        )
    even["difference_even"] = even["ours_even"] - even["theirs_even"]
    tail = (1 - CONFIDENCE) / 2
    for name, scores in even.items():
        columns = [name, f"{name}_low", f"{name}_high"]
        table[columns] = np.quantile(scores, [0.5, tail, 1 - tail], axis=0).T
    upper = np.triu_indices(len(shared), 1)
    pairs = pd.DataFrame({name: battles[upper].astype(int) for name, battles in met.items()})
    pairs.insert(0, "model_a", np.array(shared)[upper[0]])
    pairs.insert(1, "model_b", np.array(shared)[upper[1]])
    return ArenaComparison(
        table,
        pairs,
        pd.DataFrame({name: _winners(tallies) for name, tallies in both.items()}),
        _rank_correlation(both, table, rates),
        slots,
        replicates,
        seed,
    )


def evenly_sampled(
    wins: FloatArray, ties: FloatArray, slots: int, replicates: int, seed: int
) -> FloatArray:
    """Wins, with a tie counted for each side, of battles drawn evenly over pairs, B x K x K.

    Args:
        wins: K x K, of the row's model over the column's.
        ties: K x K, symmetric.
        slots: battles drawn, with replacement, of each pair that has any.
        replicates: B.
        seed: of the draws.
    """
    one, other = np.triu_indices(len(wins), 1)
    outcomes = np.stack([wins[one, other], wins[other, one], ties[one, other]], axis=1)
    there = outcomes.sum(axis=1) > 0
    one, other, outcomes = one[there], other[there], outcomes[there]
    shares = outcomes / outcomes.sum(axis=1, keepdims=True)
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(slots, shares, size=(replicates, len(shares)))
    found = np.zeros((replicates, *wins.shape))
    found[:, one, other] = drawn[:, :, 0] + drawn[:, :, 2]
    found[:, other, one] = drawn[:, :, 1] + drawn[:, :, 2]
    return found


def rank_correlation(
    one: FloatArray, other: FloatArray, replicates: int = REPLICATES, seed: int = 0
) -> Estimate:
    """Spearman's correlation of two scores of the same models, with its interval over models.

    Args:
        one: of M models.
        other: of the same.
        replicates: how many times models are drawn again.
        seed: of the draws.
    """
    value = float(_spearman(one[None], other[None])[0])
    if np.isnan(value):
        return undefined("one of the scores is the same for all models")
    drawn = np.random.default_rng(seed).integers(len(one), size=(replicates, len(one)))
    replicate = _spearman(one[drawn], other[drawn])
    return Estimate(value, *fisher_interval(value, replicate, len(one)))


def _rank_correlation(
    both: Mapping[str, Tallies], table: pd.DataFrame, rates: Mapping[str, FloatArray]
) -> Estimate:
    value = float(_spearman(table[["ours"]].to_numpy().T, table[["theirs"]].to_numpy().T)[0])
    if np.isnan(value):
        return undefined("some model has no win rate, or all have the same")
    people = min(len(tallies.people) for tallies in both.values())
    replicate = _spearman(rates["ours"], rates["theirs"])
    return Estimate(value, *fisher_interval(value, replicate, people))


def _spearman(rows: FloatArray, others: FloatArray) -> FloatArray:
    """Rank correlations of rows; NaN where a value is missing or all are the same."""
    ranks = (stats.rankdata(np.round(values, 12), axis=1) for values in (rows, others))
    missing = np.isnan(rows).any(axis=1) | np.isnan(others).any(axis=1)
    return np.where(missing, np.nan, row_correlations(*ranks))


def _winners(tallies: Tallies) -> "pd.Series[float]":
    outcome = tallies.battles.outcomes(tallies.threshold)
    shares = [(outcome == result).mean() for result in (1, -1, 0)] if len(outcome) else [np.nan] * 3
    return pd.Series(shares, index=["model_a", "model_b", "tie"])
