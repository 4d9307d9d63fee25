"""Amplification from figures without errors, such as a paper prints."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ratings.arrays import FloatArray
from scorers.amplification.agreement import observed_signs, spearmans
from scorers.intervals.bootstrap import CONFIDENCE
from scorers.intervals.estimate import Estimate
from scorers.intervals.quantiles import student_quantile

ENDS = {"slope": (-np.inf, np.inf), "sign_agreement": (0.0, 1.0), "rank_correlation": (-1.0, 1.0)}
_DRAWS = 2_000


@dataclass(frozen=True)
class PrintedAmplification:
    """Slope, share of the same sign and rank correlation of printed differences.

    Attributes:
        figures: each with an interval over values.
        rounding: the least and greatest that each is over draws of what was rounded.
    """

    figures: dict[str, Estimate]
    rounding: dict[str, tuple[float, float]]


def printed_amplification(
    model: FloatArray,
    human: FloatArray,
    groupings: npt.NDArray[np.intp] | None,
    rounding: float,
    seed: int = 0,
) -> PrintedAmplification:
    """The figures that follow from B x D printed differences of each side.

    Nothing is known of how sure the differences are. The intervals say how the figures would differ
    with other values of the kind: the D values are left out one by one (jackknife), with Student's
    t with D - 1 degrees of freedom.

    Args:
        model: B x D.
        human: B x D.
        groupings: B numbers, for contrasts within them; None takes the differences as they are.
        rounding: the most that a figure was rounded by.
        seed: of draws of what was rounded.
    """
    x, y = (side if groupings is None else _contrasts(side, groupings) for side in (human, model))
    width = x.shape[1]
    whole = _figures(x[None], y[None])
    rest = ~np.eye(width, dtype=bool)
    without = _figures(*(np.stack([side[:, kept] for kept in rest]) for side in (x, y)))
    random = np.random.default_rng(seed)
    drawn = [
        side + random.uniform(-rounding, rounding, (_DRAWS, *side.shape)) for side in (human, model)
    ]
    x, y = (side if groupings is None else _contrasts(side, groupings) for side in drawn)
    rounded = _figures(x, y)
    quantile = float(student_quantile((1 + CONFIDENCE) / 2, width - 1))
    figures = {}
    for name, ends in ENDS.items():
        parts = without[name]
        error = np.sqrt((width - 1) / width * ((parts - parts.mean()) ** 2).sum())
        value = float(whole[name][0])
        low, high = np.clip([value - quantile * error, value + quantile * error], *ends).tolist()
        figures[name] = Estimate(value, low, high)
    return PrintedAmplification(
        figures, {name: (float(of.min()), float(of.max())) for name, of in rounded.items()}
    )


def _contrasts(values: FloatArray, groupings: npt.NDArray[np.intp]) -> FloatArray:
    """(M x) B x D values less the mean of the groups of each grouping."""
    same = (groupings[:, None] == groupings).astype(float)
    found: FloatArray = values - (same / same.sum(axis=1, keepdims=True)) @ values
    return found


def _figures(x: FloatArray, y: FloatArray) -> dict[str, FloatArray]:
    """M of each figure from M x B x D differences."""
    x, y = (side.reshape(len(side), -1).round(9) for side in (x, y))
    return {
        "slope": (x * y).sum(axis=1) / (x**2).sum(axis=1),
        "sign_agreement": observed_signs(x, y),
        "rank_correlation": spearmans(x, y),
    }
