"""Tables of estimates as findings have them."""

import re

import pandas as pd


def tidy(frame: pd.DataFrame) -> pd.DataFrame:
    """The index as columns, and ends of intervals named after their estimate.

    >>> tidy(pd.DataFrame({"value": [1.0], "low": [0.5], "mean_high": [2.0]})).columns.tolist()
    ['index', 'value', 'value low', 'mean high']
    """
    plain = frame.reset_index().rename(columns={"low": "value low", "high": "value high"})
    return plain.rename(columns=lambda name: re.sub(r"_(low|high)$", r" \1", str(name)))
