"""What changed between two runs on the same items or people, and what only looks as if it had.

Both runs answer the same units, so differences are taken unit by unit, which takes out how hard or
how agreeable a unit is. Units of one cluster (a query, a person) are flipped and redrawn together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from scorers.bootstrap import CONFIDENCE
from scorers.estimate import Estimate

FloatArray = npt.NDArray[np.float64]

FLIPS = 9_999
SIGNIFICANCE = 1 - CONFIDENCE


@dataclass(frozen=True)
class Change:
    """How one score differs between two runs.

    Attributes:
        name: of the score.
        before: in the first run, on the units of both.
        after: in the second run.
        difference: after less before, with its interval over units.
        p_value: of no difference, by flipping the signs of whole clusters.
        corrected: the p-value corrected for the number of scores compared (Holm).
        prompt_noise: how far the difference must be from zero to stand out among the prompt
            variants (half the width of its interval over variants); NaN with fewer than two.
        moved: whether the difference is significant after correction and beyond prompt noise.
    """

    name: str
    before: float
    after: float
    difference: Estimate
    p_value: float
    corrected: float
    prompt_noise: float
    moved: bool


def changes(
    names: Sequence[str],
    before: FloatArray,
    after: FloatArray,
    differences: Sequence[Estimate],
    p_values: FloatArray,
    per_variant: Mapping[str, Sequence[float]] | None = None,
) -> list[Change]:
    """Put the parts of a comparison together and say of each score whether it moved.

    Args:
        names: of D scores.
        before: D scores of the first run.
        after: D scores of the second.
        differences: D, with intervals.
        p_values: D; NaN where there is no difference to test.
        per_variant: the difference of a score from each prompt variant, where there are any.
    """
    corrected = holm(p_values)
    noises = [prompt_noise((per_variant or {}).get(name, ())) for name in names]
    return [
        Change(
            name=name,
            before=float(before[d]),
            after=float(after[d]),
            difference=differences[d],
            p_value=float(p_values[d]),
            corrected=float(corrected[d]),
            prompt_noise=noises[d],
            moved=bool(
                corrected[d] < SIGNIFICANCE
                and not abs(differences[d].value) <= noises[d]  # NaN: no variants to tell
            ),
        )
        for d, name in enumerate(names)
    ]


def sign_flip_p_values(contributions: FloatArray, seed: int = 0) -> FloatArray:
    """p-value of each of D sums over clusters, by flipping the signs of clusters at random.

    If the two runs did not differ, each cluster's contribution would be as likely the other way
    round. Two-sided; 9,999 random flips, the same for all sums.

    Args:
        contributions: D x C, what each cluster adds to each difference; NaN where there is none.
        seed: of the flips.

    Returns:
        D p-values; NaN where no cluster contributes.

    >>> sign_flip_p_values(np.array([[1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]])).round(2)
    array([0.01])
    """
    there = np.where(np.isnan(contributions), 0.0, contributions)
    observed = np.abs(there.sum(axis=1))
    rng = np.random.default_rng([seed, 3])
    signs = rng.choice([-1.0, 1.0], size=(FLIPS, contributions.shape[1]))
    flipped = np.abs(np.einsum("fc,dc->fd", signs, there))
    # Equal sums computed in another order differ in the last bits.
    reached = (flipped >= observed - 1e-9).sum(axis=0)
    nothing = np.isnan(contributions).all(axis=1)
    return np.where(nothing, np.nan, (1 + reached) / (1 + FLIPS))


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


def prompt_noise(per_variant: Sequence[float]) -> float:
    """Half the width of the interval of a difference over prompt variants; NaN with fewer than two.

    >>> round(prompt_noise([0.1, 0.2, 0.3]), 3)
    0.248
    """
    values = np.asarray(per_variant, dtype=float)
    values = values[~np.isnan(values)]
    if len(values) < 2:
        return float("nan")
    quantile = stats.t.ppf(1 - SIGNIFICANCE / 2, len(values) - 1)
    return float(quantile * values.std(ddof=1) / np.sqrt(len(values)))
