"""A polytomous logit whose logits are linear in score functions of the choice."""

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]

_ITERATIONS = 200


def logit_probabilities(
    features: FloatArray, weights: FloatArray, scores: FloatArray, counts: IntArray
) -> FloatArray:
    """Distributions of N ratings, N x K; choices beyond an instance's number get 0.

    Args:
        features: N x P.
        weights: P x D.
        scores: (K + 1) x K x D score functions by number of choices.
        counts: N numbers of choices.
    """
    return _distributions(features @ weights, scores, counts)


def fit_logit(
    features: FloatArray,
    choices: IntArray,
    scores: FloatArray,
    counts: IntArray,
    penalties: FloatArray,
    start: FloatArray | None = None,
) -> FloatArray:
    """Weights that make the choices most likely, less half the penalty on their squares, P x D.

    Args:
        features: N x P.
        choices: N positions from 0.
        scores: (K + 1) x K x D.
        counts: N.
        penalties: P.
        start: weights to start from; 0 without.
    """
    shape = (features.shape[1], scores.shape[2])
    chosen = scores[counts, choices]
    rows = np.arange(len(choices))
    kinds = [(count, counts == count) for count in np.unique(counts)]

    def loss(flat: FloatArray) -> tuple[float, FloatArray]:
        weights = flat.reshape(shape)
        linear = features @ weights
        shares = _distributions(linear, scores, counts)
        value = -np.log(np.maximum(shares[rows, choices], 1e-300)).sum()
        expected = np.empty_like(linear)
        for count, mine in kinds:
            expected[mine] = shares[mine] @ scores[count]
        gradient = features.T @ (expected - chosen) + penalties[:, None] * weights
        return float(value + 0.5 * (penalties @ weights**2).sum()), gradient.ravel()

    first = np.zeros(shape) if start is None else start
    found = minimize(
        loss, first.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": _ITERATIONS}
    )
    weights: FloatArray = found.x.reshape(shape)
    return weights


def _distributions(linear: FloatArray, scores: FloatArray, counts: IntArray) -> FloatArray:
    most = scores.shape[1]
    out = np.zeros((len(linear), most))
    for count in np.unique(counts):
        mine = counts == count
        logits = linear[mine] @ scores[count, :count].T
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        out[mine, :count] = odds / odds.sum(axis=1, keepdims=True)
    return out
