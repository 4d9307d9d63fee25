"""A horizontal axis of a figure: where values are, and its ticks."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from matplotlib.ticker import MaxNLocator


@dataclass(frozen=True)
class Axis:
    """A linear axis from `low` at `left` to `high` at `right`, in pixels."""

    low: float
    high: float
    left: float
    right: float

    @classmethod
    def over(cls, values: Iterable[float | None], left: float, right: float) -> "Axis":
        """An axis that holds all values, with a little room; from 0 to 1 without any.

        >>> Axis.over([0.0, None, 2.0], 0, 108).at(1.0)
        54.0
        """
        known = [value for value in values if value is not None]
        low, high = (min(known), max(known)) if known else (0.0, 1.0)
        room = 0.04 * (high - low) or 0.5
        return cls(low - room, high + room, left, right)

    def at(self, value: float) -> float:
        """Where a value is, kept within the ends."""
        share = (value - self.low) / (self.high - self.low)
        return self.left + min(max(share, 0.0), 1.0) * (self.right - self.left)

    def ticks(self, most: int = 5) -> list[float]:
        """Round values within the axis, at most so many.

        >>> Axis(-1.1, 1.1, 0, 100).ticks()
        [-1.0, -0.5, 0.0, 0.5, 1.0]
        """
        found = MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]).tick_values(self.low, self.high)
        inside = [one for one in np.round(found, 10).tolist() if self.low <= one <= self.high]
        return [0.0 if one == 0 else one for one in inside]
