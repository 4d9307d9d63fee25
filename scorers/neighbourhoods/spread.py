"""Means and quartiles of values that come in clusters, with intervals over clusters."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from ratings.arrays import FloatArray
from scorers.intervals.bootstrap import ANYWHERE, cluster_interval, cluster_weights
from scorers.intervals.means import ratio

QUARTILES = {"lower quartile": 0.25, "median": 0.5, "upper quartile": 0.75}


def summary(
    values: npt.ArrayLike,
    cluster: npt.ArrayLike,
    seed: int,
    replicates: int,
    ends: tuple[float, float] = ANYWHERE,
) -> dict[str, float]:
    """Mean and quartiles with 95% intervals, standard deviation and maximum.

    Args:
        values: M; NaN ones are left out.
        cluster: M labels; whole clusters are resampled, as people.
        seed: of the bootstrap.
        replicates: of the bootstrap.
        ends: the least and greatest value there can be.

    Returns:
        `mean`, `mean low`, `mean high`, the same of `lower quartile`, `median` and `upper
        quartile`, `sd` (one degree of freedom less) and `largest`; NaN without values.
    """
    given = np.asarray(values, dtype=float)
    known = ~np.isnan(given)
    order = np.argsort(given[known], kind="stable")
    points = given[known][order]
    owner, owners = pd.factorize(np.asarray(cluster)[known][order])
    if not len(points):
        names = ("mean", *QUARTILES)
        return dict.fromkeys(
            [f"{name}{end}" for name in names for end in ("", " low", " high")] + ["sd", "largest"],
            np.nan,
        )
    times = cluster_weights(len(owners), seed, replicates)[:, owner]
    drawn = {"mean": ratio(times @ points, times.sum(axis=1))}
    value = {"mean": float(points.mean())}
    for name, share in QUARTILES.items():
        drawn[name] = _quantile(points, times, share)
        value[name] = float(np.quantile(points, share))
    found: dict[str, float] = {}
    for name, one in value.items():
        low, high = cluster_interval(one, drawn[name], len(owners), ends=ends)
        found |= {name: one, f"{name} low": low, f"{name} high": high}
    sd = float(points.std(ddof=1)) if len(points) > 1 else np.nan
    return found | {"sd": sd, "largest": float(points[-1])}


def _quantile(points: FloatArray, times: FloatArray, share: float) -> FloatArray:
    """NumPy's quantile of B samples, in which each of M sorted points is drawn so many times."""
    below = times.cumsum(axis=1)
    position = share * np.maximum(below[:, -1] - 1, 0)
    low, part = np.floor(position), position % 1
    last = len(points) - 1
    first, second = (
        points[np.minimum((below <= at[:, None]).sum(axis=1), last)] for at in (low, low + 1)
    )
    found: FloatArray = np.where(part > 0, first + part * (second - first), first)
    return np.where(below[:, -1] > 0, found, np.nan)
