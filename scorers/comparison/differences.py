"""What changed between two runs on the same items or people, and what only looks as if it had.

Both runs answer the same units, so differences are taken unit by unit, which takes out how hard or
how agreeable a unit is. Each difference is tested in two scopes, on these items and beyond them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ratings.arrays import FloatArray
from scorers.intervals.bootstrap import CONFIDENCE
from scorers.intervals.estimate import Estimate
from scorers.intervals.scopes import Scope, Scoped

SIGNIFICANCE = 1 - CONFIDENCE


@dataclass(frozen=True)
class ScopedDifference:
    """A difference of two runs in one scope.

    Attributes:
        difference: after less before, with its 95% interval.
        p_value: of no difference, by Student's t; NaN where there is no error to judge by.
        corrected: the same after Holm's correction.
    """

    difference: Estimate
    p_value: float
    corrected: float

    @property
    def differs(self) -> bool:
        """Whether the difference is significant after correction."""
        return self.corrected < SIGNIFICANCE


@dataclass(frozen=True)
class Change:
    """How one score differs between two runs.

    Attributes:
        name: of the score.
        before: in the first run, on the units of both.
        after: in the second run.
        on: the difference on these items.
        beyond: the difference beyond these items.
    """

    name: str
    before: float
    after: float
    on: ScopedDifference
    beyond: ScopedDifference

    @property
    def differs(self) -> Scope | None:
        """The widest scope in which the two runs differ; None where neither shows it."""
        if self.beyond.differs:
            return "beyond"
        return "on" if self.on.differs else None


def scoped_differences(
    parts: Sequence[Scoped], apart: Sequence[bool] = ()
) -> list[ScopedDifference]:
    """The differences of one pair of runs in one scope, corrected together.

    Args:
        parts: of each family, 1 x D.
        apart: of each family, whether it is corrected apart from those that are not.
    """
    estimates = [estimate for part in parts for estimate in part.estimates()]
    p_values = np.concatenate([part.p_values()[0] for part in parts])
    corrected = np.full(len(p_values), np.nan)
    groups = np.repeat(
        list(apart) or [False] * len(parts), [part.values.shape[1] for part in parts]
    )
    for group in (groups, ~groups):
        corrected[group] = holm(p_values[group])
    return [
        ScopedDifference(estimate, float(p_value), float(after))
        for estimate, p_value, after in zip(estimates, p_values, corrected, strict=True)
    ]


def holm(p_values: FloatArray) -> FloatArray:
    """p-values corrected for their number by Holm's method; NaN stays and does not count.

    >>> holm(np.array([0.01, np.nan, 0.04])).tolist()
    [0.02, nan, 0.04]
    """
    # statsmodels has it, and collects garbage on every call: a fifth of a second each
    out: FloatArray = np.full(len(p_values), np.nan)
    there = np.flatnonzero(~np.isnan(p_values))
    order = there[np.argsort(p_values[there], kind="stable")]
    stepped = p_values[order] * np.arange(len(order), 0, -1)
    out[order] = np.minimum(np.maximum.accumulate(stepped), 1.0)
    return out
