"""How often models appear and meet, who wins, and how alike their scores are.

Source: Kirk et al. (2024), The PRISM alignment dataset, appendices P.1 and P.2, Figures 16 to 19;
Zheng et al. (2023), Judging LLM-as-a-judge, whose leaderboard's analysis Figures 17 and 18 follow.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from ratings.arrays import BoolArray, FloatArray, IntArray
from scorers.intervals.bootstrap import REPLICATES, cluster_intervals, cluster_weights
from scorers.intervals.means import mean_of_present, ratio
from scorers.intervals.person_bootstrap import means, need_columns
from scorers.preferences.battles import TIE_THRESHOLD

LEAST_PAIRS = 20

_FLAT = 1e-6  # product of two sums of squares

_COLUMNS = ("interaction_id", "user_id", "model_name", "score")


def model_frequency(utterances: pd.DataFrame) -> pd.DataFrame:
    """How often each model was rated, and by how many people (Figure 16).

    Args:
        utterances: rows with the columns `user_id`, `model_name` and `score`, such as those of
            opening turns. Replies without a score are not counted.

    Returns:
        A row for each model, the most frequent first, with the columns replies and people.
    """
    need_columns(utterances, _COLUMNS[1:], "frequencies of models")
    models = utterances[utterances["score"].notna()].groupby("model_name", observed=True)
    table = pd.DataFrame({"replies": models.size(), "people": models["user_id"].nunique()})
    return table.sort_values("replies", ascending=False, kind="stable")


def models_per_person(
    utterances: pd.DataFrame, seed: int, replicates: int = REPLICATES
) -> pd.DataFrame:
    """How many models, and replies, a person rates: means over people (the row's columns).

    Args:
        utterances: as `model_frequency` takes them.
        seed: of the bootstrap over people.
        replicates: of the bootstrap.

    Returns:
        The rows models and replies, with the columns value, low, high, people, n and sd.
    """
    need_columns(utterances, _COLUMNS[1:], "frequencies of models")
    people = utterances[utterances["score"].notna()].groupby("user_id")
    table = pd.DataFrame({"models": people["model_name"].nunique(), "replies": people.size()})
    return means(table, table.index, seed, replicates).assign(sd=table.std())


@dataclass(frozen=True, eq=False)
class PairTable:
    """A number for each pair of K models, K x K frames in the same order of models.

    Attributes:
        value: NaN on the diagonal, and for a pair that says too little.
        low: lower end of the interval.
        high: upper end.
        n: how many times the pair met in one turn, both with a score.
        people: R of the pair, on whom its value rests.
        average: a row for each model, its mean over the other models, with the columns value, low
            and high.
    """

    value: pd.DataFrame
    low: pd.DataFrame
    high: pd.DataFrame
    n: pd.DataFrame
    people: pd.DataFrame
    average: pd.DataFrame


def pair_win_fractions(
    utterances: pd.DataFrame,
    seed: int,
    *,
    threshold: float = TIE_THRESHOLD,
    replicates: int = REPLICATES,
) -> PairTable:
    """The share of battles that the model of the row wins against that of the column (Figure 18).

    Ties, scores that differ by `threshold` or less, are left out, as in the analysis that the
    figure follows; `n` counts them, and is the frequency of pairs (Figure 17). Models come by their
    average, the best first.

    Args:
        utterances: with the columns `interaction_id`, `user_id`, `model_name` and `score`, such as
            those of opening turns. Several scores of a model in a turn count as their mean.
        seed: of the bootstrap over people.
        threshold: the largest difference that is a tie.
        replicates: of the bootstrap.
    """
    pairs = _Pairs.of(utterances)
    margin = pairs.first - pairs.second
    won, lost = margin > threshold, margin < -threshold

    def fractions(sums: FloatArray) -> FloatArray:
        wins, losses = np.split(sums, 2, axis=1)
        return ratio(wins, wins + losses)

    values, again = pairs.estimated([won, lost], fractions, seed, replicates)
    table = _table(pairs, values, again, pairs.people_of(won | lost), opposite=True)
    order = table.average.sort_values("value", ascending=False, kind="stable").index
    return PairTable(
        table.value.loc[order, order],
        table.low.loc[order, order],
        table.high.loc[order, order],
        table.n.loc[order, order],
        table.people.loc[order, order],
        table.average.loc[order],
    )


def score_correlations(
    utterances: pd.DataFrame,
    seed: int,
    *,
    least: int = LEAST_PAIRS,
    replicates: int = REPLICATES,
) -> PairTable:
    """Pearson correlations of two models' scores over the turns where both appear (Figure 19).

    Both scores are of the same person on the same prompt, so that what a prompt, or a person, does
    to all scores is a part of the correlation.

    Args:
        utterances: as `pair_win_fractions` takes them.
        seed: of the bootstrap over people.
        least: times that a pair has to meet; the value is NaN below, and where scores of a model do
            not vary.
        replicates: of the bootstrap.
    """
    pairs = _Pairs.of(utterances)
    x, y = pairs.first - 50.0, pairs.second - 50.0  # near the middle, so that sums stay small

    def correlations(sums: FloatArray) -> FloatArray:
        n, sx, sy, sxx, syy, sxy = np.split(sums, 6, axis=1)
        spread = np.maximum(n * sxx - sx**2, 0.0) * np.maximum(n * syy - sy**2, 0.0)
        found = ratio(n * sxy - sx * sy, np.sqrt(np.where(spread > _FLAT, spread, 0.0)))
        return np.clip(found, -1.0, 1.0)

    parts = [np.ones_like(x), x, y, x * x, y * y, x * y]
    values, again = pairs.estimated(parts, correlations, seed, replicates)
    few = np.bincount(pairs.pair, minlength=pairs.count) < least
    values[few], again[:, few] = np.nan, np.nan
    return _table(
        pairs, values, again, pairs.people_of(np.ones(len(x), dtype=np.bool_)), opposite=False
    )


@dataclass(frozen=True, eq=False)
class _Pairs:
    """N meetings of P = K (K - 1) / 2 pairs of models, judged by R people."""

    models: "pd.Index[str]"
    people: int
    person: IntArray
    pair: IntArray
    first: FloatArray
    second: FloatArray

    @classmethod
    def of(cls, utterances: pd.DataFrame) -> "_Pairs":
        need_columns(utterances, _COLUMNS, "pairs of models")
        scored = utterances.loc[utterances["score"].notna(), list(_COLUMNS)]
        scored["model_name"] = scored["model_name"].astype("str")
        wide = scored.pivot_table(
            values="score", index=["user_id", "interaction_id"], columns="model_name"
        )
        scores = wide.to_numpy(dtype=np.float64)
        person, people = pd.factorize(wide.index.get_level_values("user_id"))
        one, other = np.triu_indices(scores.shape[1], 1)
        row, pair = np.nonzero(~np.isnan(scores[:, one]) & ~np.isnan(scores[:, other]))
        first, second = scores[row, one[pair]], scores[row, other[pair]]
        return cls(wide.columns, len(people), person[row], pair, first, second)

    @property
    def count(self) -> int:
        return len(self.models) * (len(self.models) - 1) // 2

    def people_of(self, kept: BoolArray) -> IntArray:
        """P, how many people a pair's kept meetings are of."""
        seen = np.unique(self.pair[kept] * max(self.people, 1) + self.person[kept])
        return np.bincount(seen // max(self.people, 1), minlength=self.count)

    def people_of_models(self) -> IntArray:
        """K, how many people each model's meetings are of."""
        size = len(self.models)
        either = np.concatenate([side[self.pair] for side in np.triu_indices(size, 1)])
        seen = np.unique(either * max(self.people, 1) + np.tile(self.person, 2))
        return np.bincount(seen // max(self.people, 1), minlength=size)

    def estimated(
        self,
        parts: Sequence[npt.ArrayLike],
        estimate: Callable[[FloatArray], FloatArray],
        seed: int,
        replicates: int,
    ) -> tuple[FloatArray, FloatArray]:
        """P estimates and B x P replicates, from sums of M parts of N: B x M P to B x P."""
        data = np.concatenate([np.asarray(part, dtype=np.float64) for part in parts])
        column = np.concatenate([self.pair + m * self.count for m in range(len(parts))])
        row = np.tile(self.person, len(parts))
        shape = (self.people, len(parts) * self.count)
        sums = sparse.csr_array((data, (row, column)), shape=shape)
        drawn = cluster_weights(self.people, seed, replicates) if self.people else np.ones((1, 0))
        everybody = np.asarray(sums.sum(axis=0), dtype=np.float64)[None]
        return estimate(everybody)[0], estimate(np.asarray(drawn @ sums, dtype=np.float64))


def _table(
    pairs: _Pairs, values: FloatArray, again: FloatArray, people: IntArray, *, opposite: bool
) -> PairTable:
    """The K x K frames; with `opposite`, the other order of a pair has one less its value."""
    size = len(pairs.models)
    upper = np.triu_indices(size, 1)

    def square(above: FloatArray, below: FloatArray, diagonal: float = np.nan) -> FloatArray:
        """... x K x K of ... x P for the pairs in one order and in the other."""
        full: FloatArray = np.full((*above.shape[:-1], size, size), diagonal)
        full[..., upper[0], upper[1]], full[..., upper[1], upper[0]] = above, below
        return full

    def frame(array: FloatArray) -> pd.DataFrame:
        return pd.DataFrame(array, pairs.models, pairs.models)

    def other(array: FloatArray) -> FloatArray:
        return 1 - array if opposite else array

    low, high = np.clip(cluster_intervals(values, again, people), -1.0 + opposite, 1.0)
    met = np.bincount(pairs.pair, minlength=pairs.count).astype(float)
    mean = mean_of_present(square(values, other(values)), axis=-1)
    means_again = mean_of_present(square(again, other(again)), axis=-1)
    mean_low, mean_high = cluster_intervals(mean, means_again, pairs.people_of_models())
    average = pd.DataFrame({"value": mean, "low": mean_low, "high": mean_high}, pairs.models)
    return PairTable(
        frame(square(values, other(values))),
        frame(square(low, other(high) if opposite else low)),
        frame(square(high, other(low) if opposite else high)),
        frame(square(met, met, 0.0)).astype(int),
        frame(square(people.astype(float), people.astype(float), 0.0)).astype(int),
        average,
    )
