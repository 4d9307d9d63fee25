"""A polytomous logit whose logits are linear in score functions of the choice."""

import numpy as np
from scipy.optimize import minimize

from ratings.arrays import FloatArray, IntArray

_ITERATIONS = 500


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
    # columns of one size: the search is many times shorter, and its end more exact
    sizes = np.sqrt((features**2).mean(axis=0))
    sizes[sizes == 0] = 1.0
    features, penalties = features / sizes, penalties / sizes**2
    # ratings with as many choices together, cut up once: the loss is asked for hundreds of times
    kinds = [
        (features[mine], scores[count, :count], choices[mine])
        for count in np.unique(counts)
        for mine in [np.flatnonzero(counts == count)]
    ]

    def loss(flat: FloatArray) -> tuple[float, FloatArray]:
        weights = flat.reshape(shape)
        value = 0.5 * float(penalties @ (weights**2).sum(axis=1))
        gradient = penalties[:, None] * weights
        for rows, own, chosen in kinds:
            logits = rows @ (weights @ own.T)
            logits -= logits.max(axis=1, keepdims=True)
            of_chosen = logits[np.arange(len(chosen)), chosen]
            shares = np.exp(logits)
            totals = shares.sum(axis=1, keepdims=True)
            value += float(np.log(totals).sum() - of_chosen.sum())
            shares /= totals
            shares[np.arange(len(chosen)), chosen] -= 1
            gradient += (rows.T @ shares) @ own
        return value, gradient.ravel()

    first = np.zeros(shape) if start is None else start * sizes[:, None]
    found = minimize(
        loss,
        first.ravel(),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": _ITERATIONS, "ftol": 1e-11},
    )
    weights: FloatArray = found.x.reshape(shape) / sizes[:, None]
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
