"""Counts of what people did, with intervals over people."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from scorers.intervals.person_bootstrap import SHARE, means
from scorers.participants.answers import wilson

_QUARTILES = {"25%": 0.25, "median": 0.5, "75%": 0.75}


def count_summary(
    values: pd.Series, people: npt.ArrayLike, seed: int, replicates: int
) -> pd.DataFrame:
    """Mean, spread and quartiles of N numbers.

    Args:
        values: N; NaN takes no part.
        people: N labels, whose number it is; people are resampled.
        seed: of the draws.
        replicates: B.

    Returns:
        One row with the columns n, people, mean, mean low and mean high, sd (n - 1), min, the
        quartiles, and max; NaN where it is not defined.

    >>> found = count_summary(pd.Series([1.0, 2.0, 6.0]), ["ann", "bob", "eve"], 0, 100)
    >>> found[["n", "mean", "median", "max"]].values.tolist()
    [[3.0, 3.0, 2.0, 6.0]]
    """
    numbers = pd.Series(values, dtype=float).reset_index(drop=True)
    row = means(numbers.to_frame("mean"), people, seed, replicates).iloc[0]
    found = {
        "n": int(row["n"]),
        "people": int(row["people"]),
        "mean": row["value"],
        "mean low": row["low"],
        "mean high": row["high"],
        "sd": numbers.std(),
        "min": numbers.min(),
        **{name: numbers.quantile(level) for name, level in _QUARTILES.items()},
        "max": numbers.max(),
    }
    return pd.DataFrame([found])


def row_shares(
    flags: pd.DataFrame, people: npt.ArrayLike, seed: int, replicates: int
) -> pd.DataFrame:
    """Shares of N rows that have each of K flags, where a person has several rows.

    People are resampled with all their rows. Where no row has the flag, or every one has, no
    resample differs: the interval is Wilson's then, with the people as its number of trials.

    Args:
        flags: N x K, true or 1 where a row has the flag; NaN takes no part.
        people: N labels, whose row it is.
        seed: of the draws.
        replicates: B.

    Returns:
        K rows, indexed as the columns of flags, with the columns rows (that take part), flagged,
        share, share low, share high and people.

    >>> found = row_shares(pd.DataFrame({"long": [1, 0, 1, 1]}), ["a", "a", "b", "c"], 0, 100)
    >>> found[["rows", "flagged", "share", "people"]].values.tolist()
    [[4.0, 3.0, 0.75, 3.0]]
    """
    found = means(flags, people, seed, replicates, SHARE)
    flagged = flags.astype(float).sum().to_numpy(dtype=int)
    low, high = wilson(np.where(flagged > 0, found["people"], 0), found["people"])
    alike = (flagged == 0) | (flagged == found["n"])
    return pd.DataFrame(
        {
            "rows": found["n"],
            "flagged": flagged,
            "share": found["value"],
            "share low": np.where(alike, low, found["low"]),
            "share high": np.where(alike, high, found["high"]),
            "people": found["people"],
        }
    )
