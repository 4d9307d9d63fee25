"""Directions along which raters differ, learned from which instances they rate similarly."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from ratings.arrays import FloatArray, IntArray

FACTORS = 8
_STEPS = 30


@dataclass(frozen=True, eq=False)
class _Design:
    """N residuals as sparse tables I x R, so that no step makes anything for each of them."""

    numbers: sparse.csr_matrix  # of residuals, 0 or 1 where a rater rates an instance once
    sums: sparse.csr_matrix  # of residuals
    size: int
    squares: float  # mean square of the residuals
    spread: float  # their standard deviation


def learned_loadings(
    raters: IntArray,
    instances: IntArray,
    values: FloatArray,
    *,
    known: FloatArray,
    features: FloatArray,
    seed: int,
) -> FloatArray:
    """Loadings of I instances on factors of the raters, I x L, by variational Bayes.

    A residual is known loadings times the rater's weights, plus learned loadings times the
    rater's factors (variance 1), plus noise. An instance's loadings are expected from its
    features; the fewer its ratings, the closer they stay, and an instance never rated keeps what
    its features say. Factors that the ratings do not support shrink to nothing.

    Args:
        raters: N codes from 0.
        instances: N codes from 0.
        values: N residuals.
        known: I x Q loadings that are given, such as a constant.
        features: I x F, the first a constant.
        seed: of the starting values.
    """
    count, size = len(known), len(values)
    positions, shape = (instances, raters), (count, int(raters.max()) + 1)
    design = _Design(
        sparse.csr_matrix((np.ones(size), positions), shape=shape),
        sparse.csr_matrix((values, positions), shape=shape),
        size,
        float((values**2).mean()),
        float(values.std()),
    )
    state = _start(design, known, features, seed)
    for _ in range(_STEPS):
        state = _step(design, known, features, state)
    seen = np.bincount(instances, minlength=count) > 0
    return np.where(seen[:, None], state.loadings, features @ state.expected)


@dataclass(frozen=True, eq=False)
class _State:
    loadings: FloatArray  # I x L means
    spread: FloatArray  # I x L x L variances
    around: FloatArray  # L variances about what the features say
    expected: FloatArray  # F x L
    precision: FloatArray  # L, of `expected`
    weights: FloatArray  # Q variances of the raters' weights on known loadings
    noise: float


def _start(design: _Design, known: FloatArray, features: FloatArray, seed: int) -> _State:
    rng = np.random.default_rng(seed)
    scale = design.spread or 1.0
    return _State(
        loadings=rng.normal(0, 0.3 * scale, (len(known), FACTORS)),
        spread=np.broadcast_to(0.01 * scale**2 * np.eye(FACTORS), (len(known), FACTORS, FACTORS)),
        around=np.full(FACTORS, 0.05 * scale**2),
        expected=np.zeros((features.shape[1], FACTORS)),
        precision=np.ones(FACTORS),
        weights=np.full(known.shape[1], 0.1 * scale**2),
        noise=0.7 * scale**2,
    )


def _step(design: _Design, known: FloatArray, features: FloatArray, state: _State) -> _State:
    q, size = known.shape[1], design.size
    means, squares = _rater_weights(design, known, state)
    scale = np.sqrt(squares.mean(axis=0).diagonal()[q:])
    weights = squares.mean(axis=0).diagonal()[:q].copy()

    # instances, given the raters
    seen = _summed(design.numbers, squares)
    own = design.sums @ means
    cross = np.einsum("ilq,iq->il", seen[:, q:, :q], known)
    pulled = (own[:, q:] - cross) / state.noise
    precise = seen[:, q:, q:] / state.noise + np.diag(1 / state.around)
    spread = np.linalg.inv(precise).astype(float, copy=False)
    prior = features @ state.expected / state.around
    loadings: FloatArray = np.einsum("iab,ib->ia", spread, pulled + prior)

    # noise, given both
    both = np.hstack([known, loadings])
    second = _second_moments(both, spread, q)
    noise = design.squares + float((second * seen).sum() - 2 * (both * own).sum()) / size
    expected, precision, around = _hyper(design, features, loadings, spread, state)
    return _State(  # factors scaled to variance 1
        loadings=loadings * scale,
        spread=spread * scale[:, None] * scale,
        around=around * scale**2,
        expected=expected * scale,
        precision=precision / np.maximum(scale**2, 1e-12),
        weights=weights,
        noise=max(noise, 1e-9),
    )


def _rater_weights(
    design: _Design, known: FloatArray, state: _State
) -> tuple[FloatArray, FloatArray]:
    """R x P expected weights of the raters and R x P x P their expected products."""
    q = known.shape[1]
    both = np.hstack([known, state.loadings])
    gram = _summed(design.numbers.T, _second_moments(both, state.spread, q))
    prior = np.diag(np.concatenate([1 / state.weights, np.ones(FACTORS)]))
    spread = np.linalg.inv(gram / state.noise + prior)
    pulled = design.sums.T @ both / state.noise
    means = np.einsum("rab,rb->ra", spread, pulled)
    return means, means[:, :, None] * means[:, None] + spread


def _summed(numbers: sparse.csr_matrix, tables: FloatArray) -> FloatArray:
    """Sums of B tables, each P x P, as many times as each of A rows says: A x P x P."""
    out: FloatArray = numbers @ tables.reshape(len(tables), -1)
    return out.reshape(-1, *tables.shape[1:])


def _second_moments(both: FloatArray, spread: FloatArray, q: int) -> FloatArray:
    second = both[:, :, None] * both[:, None]
    second[:, q:, q:] += spread
    moments: FloatArray = second
    return moments


def _hyper(
    design: _Design, features: FloatArray, loadings: FloatArray, spread: FloatArray, state: _State
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """What features say of loadings, how sure that is, and how far loadings deviate from it."""
    seen = np.diff(design.numbers.indptr) > 0
    rows = features[seen]
    gram, free = rows.T @ rows, features.shape[1] - 1
    expected = np.empty_like(state.expected)
    precision = state.precision.copy()
    for factor, around in enumerate(state.around):
        penalty = np.diag(np.concatenate([[1e-6], np.full(free, precision[factor])]))
        unsure = np.linalg.inv(gram / around + penalty)
        expected[:, factor] = unsure @ (rows.T @ loadings[seen, factor]) / around
        if free:
            moved = (expected[1:, factor] ** 2).sum() + np.trace(unsure[1:, 1:])
            precision[factor] = free / (moved + 1e-9)
    deviation = (loadings - features @ expected) ** 2 + np.einsum("iaa->ia", spread)
    floor = 1e-6 * (design.spread**2 or 1.0)
    return expected, precision, np.maximum(deviation[seen].mean(axis=0), floor)
