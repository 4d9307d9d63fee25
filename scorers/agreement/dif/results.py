"""What is found of an item, and of all items of a value."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy

from ratings.arrays import BoolArray, FloatArray
from scorers.intervals.estimate import Estimate

ALPHA = 0.05
LEAST_ANCHORS = 2
ROUNDS = 10
NO_DIF = "0 by construction: no item differs"
# Changes of Nagelkerke's R^2 from which DIF is moderate, and large.
MODERATE, LARGE = 0.035, 0.070


@dataclass(frozen=True)
class ItemDif:
    """An item of a value.

    Attributes:
        item: its position, from 0.
        dimension: the position of the value, from 0.
        difference: second less first, in points, beyond what the score on the other items says.
        p: of no difference.
        q: the same after Benjamini and Hochberg's correction for all items of the family.
        uniform: p of no constant difference; NaN where it is not told apart.
        nonuniform: p of a difference that does not depend on the score.
        r2: change of Nagelkerke's R^2.
        log_odds: of a higher choice by the second, at the same score.
        raters: that the test rests on.
        reason: why it was not tested.
    """

    item: int
    dimension: int
    difference: Estimate
    p: float
    q: float = float("nan")
    uniform: float = float("nan")
    nonuniform: float = float("nan")
    r2: float = float("nan")
    log_odds: float = float("nan")
    raters: int = 0
    reason: str | None = None

    @property
    def found(self) -> bool:
        """Whether it differs after correction."""
        return self.q < ALPHA

    @property
    def size(self) -> str:
        """Negligible, moderate or large by the change of R^2; empty where there is none.

        Source: Jodoin and Gierl (2001).
        """
        if np.isnan(self.r2):
            return ""
        return "large" if self.r2 >= LARGE else "moderate" if self.r2 >= MODERATE else "negligible"


@dataclass(frozen=True)
class ValueDif:
    """All items of a value.

    Attributes:
        dimension: the position of the value, from 0.
        items: that were tested.
        found: that differ after correction.
        difference: mean of the items' differences, in points: how far DIF moves the score.
        p: of no mean difference.
    """

    dimension: int
    items: int
    found: int
    difference: Estimate
    p: float


@dataclass(frozen=True)
class Dif:
    """What is found of all items of a family of scores, and how it was looked for."""

    method: str
    items: tuple[ItemDif, ...]
    values: tuple[ValueDif, ...]


def corrected(items: Sequence[ItemDif]) -> list[ItemDif]:
    """The items with `q`, Benjamini and Hochberg's p of all that were tested together."""
    p = np.array([one.p for one in items])
    tested = ~np.isnan(p)
    q: FloatArray = np.full(len(p), np.nan)
    if tested.any():
        q[tested] = scipy.stats.false_discovery_control(p[tested])
    return [replace(one, q=float(value)) for one, value in zip(items, q, strict=True)]


def purified(tagged: BoolArray, items: Sequence[ItemDif]) -> BoolArray:
    """D x I, the items that scores are matched on: those without DIF.

    Where fewer than `LEAST_ANCHORS` of a value would be left, those with the greatest p stay.
    """
    out = tagged.copy()
    for d in range(len(tagged)):
        mine = [one for one in items if one.dimension == d]
        for one in mine:
            if one.found:
                out[d, one.item] = False
        short = LEAST_ANCHORS + 1 - int(out[d].sum())
        lost = sorted((one for one in mine if one.found), key=lambda one: -one.p)
        for one in lost[: max(short, 0)]:
            out[d, one.item] = True
    return out
