"""A few profiles that together explain all raters: the search of algorithm 2.

Each rater is assigned to the candidate that predicts the rater's ratings best, and the search
looks for C candidates with which the total loss is least. Raters need no instance in common.

Source: Sorensen et al. (2025), section 6 and algorithm 2.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import optimize, stats
from scipy.stats.contingency import crosstab
from statsmodels.stats.proportion import proportion_confint

from ratings.arrays import FloatArray
from ratings.errors import DataError
from scorers.information.split_means import Labels
from scorers.intervals.bootstrap import CONFIDENCE
from scorers.intervals.estimate import Estimate, undefined

Numbers = npt.NDArray[np.integer]

PERMUTATIONS = 9_999
_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class ProfileClusters:
    """The chosen profiles.

    Attributes:
        chosen: C numbers of candidates, that with the most raters first.
        assignment: R numbers from 0 to C - 1, each rater's position in `chosen`.
        loss: total over raters, nats.
        converged: whether the best start ended because no change of one profile lowers the loss.
    """

    chosen: tuple[int, ...]
    assignment: npt.NDArray[np.intp]
    loss: float
    converged: bool


@dataclass(frozen=True)
class GroupMakeup:
    """Who is in which cluster.

    Attributes:
        table: one row for each cluster and group, with columns `cluster`, `group`, `raters`,
            `share` (of the cluster's raters), `low` and `high` (Wilson's interval); NaN in a
            cluster without raters.
        raters: number of raters whose group is known.
        cramers_v: association of clusters and groups, 0 to 1, corrected for bias, with interval.
        p_value: share of random assignments with the same margins and at least this association.
    """

    table: pd.DataFrame
    raters: int
    cramers_v: Estimate
    p_value: float


def loss_table(
    log_probabilities: npt.NDArray[np.float32] | FloatArray, raters: Numbers, count: int
) -> FloatArray:
    """Total loss of each rater's ratings given each candidate, R x V, nats.

    Args:
        log_probabilities: N x V log probabilities of the chosen labels given each candidate,
            single precision or better; they are summed in double precision.
        raters: N numbers of raters, 0 to R - 1.
        count: R.

    Returns:
        0 in the row of a rater without ratings, who fits all candidates alike.

    Raises:
        DataError: when the numbers do not go together or are out of range.

    >>> loss_table(np.log([[0.5, 0.25], [0.5, 1.0]]), np.array([0, 0]), 1).round(4)
    array([[1.3863, 1.3863]])
    """
    if len(log_probabilities) != len(raters):
        raise DataError(f"{len(log_probabilities)} rows for {len(raters)} raters; give one each")
    if len(raters) and not 0 <= raters.min() <= raters.max() < count:
        raise DataError(f"numbers of raters must be from 0 to {count - 1}")
    # Column by column, so that no copy of the whole table in double precision is made.
    rater = raters.astype(np.intp)
    sums = [np.bincount(rater, weights=column, minlength=count) for column in log_probabilities.T]
    return -np.stack(sums, axis=1).astype(float)


def assign(losses: FloatArray, chosen: tuple[int, ...]) -> npt.NDArray[np.intp]:
    """The position in `chosen` of the profile with the least loss for each rater, R.

    The first of equals. For new raters, the losses of the ratings they are known by.

    Args:
        losses: R x V.
        chosen: C numbers of candidates.
    """
    found: npt.NDArray[np.intp] = np.argmin(losses[:, list(chosen)], axis=1)
    return found


def cluster_profiles(
    losses: FloatArray,
    clusters: int,
    starts: int = 10,
    seed: int = 0,
    max_iterations: int = 100,
) -> ProfileClusters:
    """C of V candidates such that raters, each with the best of them, lose least in total.

    From a random choice, each profile in turn is replaced by the candidate that lowers the total
    loss most while the others stay, until a whole round changes nothing. That is a local optimum,
    so the search is started several times and the best end kept. Each start keeps another
    candidate for its first steps: with two clusters and at most one candidate more than starts,
    one of the best pair is kept by some start, and the best pair is found for certain.

    Source: Sorensen et al. (2025), algorithm 2, which starts once.

    Args:
        losses: R x V, from `loss_table`.
        clusters: C.
        starts: number of random starts.
        seed: of the starts.
        max_iterations: most rounds of one start.

    Raises:
        DataError: when there are not as many candidates, or a loss is missing or infinite.

    >>> table = np.array([[0.0, 2.0, 9.0], [1.0, 2.0, 9.0], [9.0, 2.0, 0.0]])
    >>> found = cluster_profiles(table, 2)
    >>> found.chosen, found.assignment.tolist(), found.loss
    ((0, 2), [0, 0, 1], 1.0)
    """
    raters, candidates = losses.shape
    if not 1 <= clusters <= candidates:
        raise DataError(
            f"{clusters} clusters of {candidates} candidates; ask for 1 to {candidates}"
        )
    if not np.isfinite(losses).all():
        raise DataError(
            "losses are missing or infinite; leave out candidates that give a chosen label "
            "probability 0"
        )
    if not raters:
        raise DataError("there are no raters to cluster")
    columns = np.ascontiguousarray(losses.T, dtype=float)
    rng = np.random.default_rng(seed)
    ends = [
        _descend(columns, start, max_iterations)
        for start in _starts(rng, candidates, clusters, starts)
    ]
    chosen, converged = min(ends, key=lambda end: _total(columns, end[0]))
    sizes = np.bincount(np.argmin(columns[np.sort(chosen)], axis=0), minlength=clusters)
    ordered = tuple(np.sort(chosen)[np.argsort(-sizes, kind="stable")].tolist())
    loss = _total(columns, np.array(ordered))
    return ProfileClusters(ordered, assign(losses, ordered), loss, converged)


def group_makeup(assignment: Numbers, groups: Labels, clusters: int, seed: int = 0) -> GroupMakeup:
    """Shares of demographic groups in each cluster, and how far clusters follow groups at all.

    Cramer's V is above 0 for groups that have nothing to do with clusters, the more so with many
    of them and few raters, so it is corrected for this bias. Its interval holds the noncentrality
    of chi-squared with which the observed value is not extreme on either side; it starts at 0
    where independence is not ruled out, and ends there too for the rare table that is nearer to
    independence than independence itself would have it. The p-value comes from
    random tables with the same margins and needs no large counts.

    Source: Bergsma (2013), A bias-correction for Cramer's V and Tschuprow's T; Smithson (2003),
    Confidence intervals, chapter 4, for the interval.

    Args:
        assignment: R numbers of clusters, 0 to C - 1.
        groups: R labels; raters with None, NaN or an empty label are left out.
        clusters: C.
        seed: of the random tables.
    """
    labels = pd.Series(groups, dtype=object)
    known = (labels.notna() & (labels.astype(str) != "")).to_numpy()
    names, group = np.unique(labels[known].astype(str).to_numpy(), return_inverse=True)
    numbers = (range(clusters), range(len(names)))
    table = crosstab(np.asarray(assignment)[known], group, levels=numbers).count
    sizes = np.repeat(table.sum(axis=1), len(names))
    counts = table.ravel()
    share, low, high = np.full((3, table.size), np.nan)
    full = sizes > 0
    share[full] = counts[full] / sizes[full]
    low[full], high[full] = proportion_confint(
        counts[full], sizes[full], alpha=1 - CONFIDENCE, method="wilson"
    )
    frame = pd.DataFrame(
        {
            "cluster": np.repeat(np.arange(clusters), len(names)),
            "group": np.tile(names, clusters),
            "raters": counts,
            "share": share,
            "low": low,
            "high": high,
        }
    )
    filled = table[table.sum(axis=1) > 0]
    if len(filled) < 2 or len(names) < 2:
        nothing = undefined("needs two clusters with raters and two groups")
        return GroupMakeup(frame, int(known.sum()), nothing, float("nan"))
    return GroupMakeup(frame, int(known.sum()), cramers_v(filled), _p_value(filled, seed))


def cramers_v(table: Numbers) -> Estimate:
    """Cramer's V of an r x c table of counts without empty rows or columns, bias-corrected.

    >>> cramers_v(np.array([[30, 10], [10, 30]])).value.__round__(4)
    0.4903
    """
    rows, columns = table.shape
    n = float(table.sum())
    degrees = (rows - 1) * (columns - 1)
    statistic = float(stats.chi2_contingency(table, correction=False).statistic)
    if n < 2 or n <= max(rows, columns):
        return undefined("more clusters or groups than raters")
    corrected = max(0.0, statistic / n - degrees / (n - 1))
    least = min(rows - (rows - 1) ** 2 / (n - 1), columns - (columns - 1) ** 2 / (n - 1)) - 1
    tail = (1 - CONFIDENCE) / 2
    ends = [_noncentrality(statistic, degrees, level) for level in (1 - tail, tail)]
    low, high = (min(1.0, (end / (n * (min(rows, columns) - 1))) ** 0.5) for end in ends)
    return Estimate(min(1.0, (corrected / least) ** 0.5), low, high)


def _starts(
    rng: np.random.Generator, candidates: int, clusters: int, starts: int
) -> list[npt.NDArray[np.intp]]:
    """Random choices of C candidates whose last ones, replaced last, differ as long as they can."""
    order = rng.permutation(candidates)
    kept = [order[start % candidates] for start in range(max(1, starts))]
    return [
        np.append(rng.choice(np.delete(np.arange(candidates), last), clusters - 1, False), last)
        for last in kept
    ]


def _descend(
    columns: FloatArray, start: npt.NDArray[np.intp], max_iterations: int
) -> tuple[npt.NDArray[np.intp], bool]:
    """The end of one start: C candidates, and whether it converged. `columns` is V x R."""
    chosen = start.copy()
    for _ in range(max_iterations):
        changed = False
        for c in range(len(chosen)):
            others = np.delete(chosen, c)
            rest = columns[others].min(axis=0, initial=np.inf)
            totals = np.minimum(rest, columns).sum(axis=1)
            best = int(np.argmin(totals))
            if totals[best] < totals[chosen[c]]:
                chosen[c] = best
                changed = True
        if not changed:
            return chosen, True
    return chosen, False


def _total(columns: FloatArray, chosen: npt.NDArray[np.intp]) -> float:
    return float(columns[chosen].min(axis=0).sum())


def _noncentrality(statistic: float, degrees: int, level: float) -> float:
    """The noncentrality under which chi-squared is below the statistic with this probability."""
    if stats.chi2.cdf(statistic, degrees) <= level:
        return 0.0
    upper = 4 * statistic + 20 * degrees + 20
    found = optimize.brentq(lambda nc: stats.ncx2.cdf(statistic, degrees, nc) - level, 1e-9, upper)
    return float(found)


def _p_value(table: Numbers, seed: int) -> float:
    """Of chi-squared, among random tables with these margins."""
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    drawn = stats.random_table(rows, columns).rvs(
        size=PERMUTATIONS, random_state=np.random.default_rng(seed)
    )
    expected = np.outer(rows, columns) / table.sum()
    observed = float((table**2 / expected).sum())
    extreme = int(((drawn**2 / expected).sum(axis=(1, 2)) >= observed * (1 - _ROUNDING)).sum())
    return (1 + extreme) / (1 + PERMUTATIONS)
