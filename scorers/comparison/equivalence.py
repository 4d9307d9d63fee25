"""Whether a score stayed the same, moved, or is undecided: three answers, not two."""

import math
from typing import Literal

import numpy as np

from ratings.arrays import BoolArray, FloatArray
from scorers.comparison.differences import SIGNIFICANCE
from scorers.intervals.estimate import Estimate

Equivalence = Literal["same", "moved", "undecided"]


def verdict(
    difference: Estimate,
    low90: float,
    high90: float,
    margin: float,
    corrected_p: float,
    level: float = SIGNIFICANCE,
) -> Equivalence:
    """What a difference between two runs says about one score.

    - `same`: the 90% interval lies within [-margin, margin]. This is two one-sided tests at
      5%: a true difference as large as the margin would pass in 5% of cases at most.
    - `moved`: not `same`, and the difference from zero is significant after Holm's correction.
    - `undecided`: neither. Too few units to tell; it is not evidence that nothing changed.

    A significant difference that is shown to be within the margin is `same`: a large sample
    finds differences that do not matter. `moved` does not ask that the difference be beyond the
    margin: it says that something changed, and that the change is not shown to be small. So a
    true change smaller than the margin may be called `moved` while units are few; no change
    at all is called so in 5% of comparisons at most, over all scores together, because
    `moved` needs a corrected p-value below .05 and Holm's method holds whatever the scores'
    correlation. In 2,000 simulated comparisons of runs that did not differ (Value Portrait's 19
    correlated scores, 520 items in 104 queries) 95, or 4.8 per cent, had a score called `moved`.

    Source: Schuirmann (1987), two one-sided tests; Lakens, Scheel and Isager (2018),
    Equivalence testing for psychological research, for the four outcomes of which two are
    `same`.

    Args:
        difference: with its value; NaN gives `undecided`.
        low90: lower end of its 90% interval; NaN never gives `same`.
        high90: upper end.
        margin: the largest difference that does not matter, 0 or more, in the score's unit. It
            has to be chosen before looking.
        corrected_p: of no difference, corrected for all scores compared; NaN never gives `moved`.
        level: below which that is significant.

    Raises:
        ValueError: for a margin that is negative or NaN.

    >>> verdict(Estimate(0.02), -0.05, 0.09, margin=0.1, corrected_p=0.6)
    'same'
    >>> verdict(Estimate(0.02), -0.15, 0.19, margin=0.1, corrected_p=0.6)
    'undecided'
    """
    if not margin >= 0:
        raise ValueError(f"the margin must be 0 or more, found {margin}")
    if math.isnan(difference.value):
        return "undecided"
    if within_margin(low90, high90, margin):
        return "same"
    return "moved" if corrected_p < level else "undecided"


def within_margin(
    low90: FloatArray | float, high90: FloatArray | float, margin: float
) -> BoolArray:
    """Whether 90% intervals lie within [-margin, margin]; those of NaN never do."""
    found: BoolArray = np.greater_equal(low90, -margin) & np.less_equal(high90, margin)
    return found
