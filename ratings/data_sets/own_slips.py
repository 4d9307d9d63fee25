"""What looks like a slip among ratings whose choices nobody has listed."""

from difflib import get_close_matches

import pandas as pd


def rare_labels(ratings: pd.Series) -> list[str]:
    """A line for each label that occurs once and is spelt nearly as one that occurs more often.

    Args:
        ratings: labels, indexed by the row they stand in.

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


def lone_maximum(numbers: pd.Series) -> list[str]:
    """A line where one single rating lies apart, above all others, and stretches the scale.

    Args:
        numbers: whole numbers from 1, indexed by the row they stand in.

    >>> lone_maximum(pd.Series([1.0, 5.0, 2.0, 55.0], index=range(2, 6)))
    ['row 5: the rating 55 makes a scale of 55 choices; all others are 5 or less']
    """
    most = numbers.max()
    others = numbers[numbers < most]
    if others.empty or (numbers == most).sum() > 1 or most - others.max() < 2:
        return []
    what = f"makes a scale of {most:.0f} choices; all others are {others.max():.0f} or less"
    return [f"row {numbers.idxmax()}: the rating {most:.0f} {what}"]
