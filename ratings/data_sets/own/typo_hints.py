"""What looks like a slip among labels that nobody has listed."""

from difflib import get_close_matches

import pandas as pd


def rare_labels(ratings: pd.Series) -> list[str]:
    """A line for each label that occurs once and is spelt nearly as one that occurs more often.

    Args:
        ratings: labels, indexed by their row.

    >>> rare_labels(pd.Series(["good", "bad", "good", "bad", "goood"], index=range(2, 7)))
    ["row 6: the rating 'goood' occurs once and counts as a choice; is it 'good'?"]
    """
    counts = ratings.value_counts()
    often = [str(label) for label in counts.index[counts > 1]]
    notes = []
    for row, label in ratings[ratings.map(counts).eq(1)].items():
        close = get_close_matches(str(label), often, n=1)
        if close:
            what = f"the rating {label!r} occurs once and counts as a choice; is it {close[0]!r}?"
            notes.append(f"row {row}: {what}")
    return notes
