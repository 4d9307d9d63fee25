"""Counts of what people did, with intervals over people."""

import numpy.typing as npt
import pandas as pd

from scorers.preferences.explanation.person_bootstrap import means

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
