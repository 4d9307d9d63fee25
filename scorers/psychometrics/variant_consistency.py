"""How far the prompt variants of one run agree: reliability, order effect, shares of variance."""

from collections.abc import Sequence

from ratings.arrays import FloatArray
from scorers.intervals.estimate import Estimate
from scorers.psychometrics.generalizability import GStudy, g_study, order_effect
from scorers.psychometrics.reliability import cronbach_alpha, intraclass_correlation, mcdonald_omega

REVERSED = "_reversed"


def variant_consistency(
    matrix: FloatArray, variants: Sequence[str], queries: Sequence[object]
) -> tuple[dict[str, Estimate], GStudy]:
    """Reliability over the variants, the order effect and the generalizability study.

    Args:
        matrix: I x V ratings, NaN where missing.
        variants: V names; one that ends in `_reversed` shows the options of the other reversed.
        queries: I labels; intervals keep the items of a query together.
    """
    cells, facets = _crossed(matrix, variants)
    study = g_study(cells, facets, queries)
    wordings = [v for v in variants if not v.endswith(REVERSED) and v + REVERSED in variants]
    forward = matrix[:, [variants.index(v) for v in wordings]]
    backward = matrix[:, [variants.index(v + REVERSED) for v in wordings]]
    estimates = {
        "alpha": cronbach_alpha(matrix, queries),
        "omega": mcdonald_omega(matrix, queries),
        "icc": intraclass_correlation(matrix, queries),
        "g_coefficient": study.g_coefficient,
        "order_effect": order_effect(forward, backward, queries),
    }
    return estimates, study


def _crossed(matrix: FloatArray, variants: Sequence[str]) -> tuple[FloatArray, tuple[str, ...]]:
    """Ratings as I x wording x order where the variants are fully crossed, else I x variant."""
    wordings = [variant for variant in variants if not variant.endswith(REVERSED)]
    crossed = [name for wording in wordings for name in (wording, wording + REVERSED)]
    if wordings and sorted(crossed) == sorted(variants):
        columns = [variants.index(name) for name in crossed]
        return matrix[:, columns].reshape(len(matrix), len(wordings), 2), ("wording", "order")
    return matrix, ("variant",)
