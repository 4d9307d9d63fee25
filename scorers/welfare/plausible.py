"""Worlds that fit the data: what models may truly be worth to groups of people.

The model, for person i and model k, with x[i] which groups the person belongs to:

    worth[i, k] = a[k] + b[k] . x[i] + person[i] + noise[i, k]

a[k] varies over models with standard deviation s_a, each part of b[k] with s_b, about means that
are not constrained; person[i] is how high the person's ratings are. Variances of person and noise
come from residuals; s_a and s_b from a grid, weighted by how well they explain the data.
"""

import numpy as np

from ratings.arrays import BoolArray, FloatArray

_GRID = 15  # values of each of the two standard deviations
_FREE = 1e3  # standard deviation of what is not constrained, in those of the worth


def plausible_worths(
    worth: FloatArray, members: BoolArray, worlds: int, rng: np.random.Generator
) -> FloatArray:
    """Draw what models are worth to groups, given the data, W x G x K.

    Args:
        worth: R x K, NaN unseen; at least one rating.
        members: G x R, no group empty.
        worlds: W.
        rng: of the draws.
    """
    coordinates = _coordinates(members)
    people, models = worth.shape
    design = np.column_stack([np.ones(people), coordinates])
    centre = np.nanmean(worth)
    seen = ~np.isnan(worth)
    values = np.where(seen, worth - centre, 0.0)
    noise, person = _variances(values, seen)
    precision, pull = _information(values, seen, design, noise, person)
    scale = float(np.sqrt(noise + person))
    sizes = np.linspace(0.0, 1.0, _GRID) ** 2 * scale
    terms = design.shape[1]
    pairs = [(a, b) for a in sizes for b in (sizes if terms > 1 else sizes[:1])]
    roots = [_prior_root(models, terms, a, b, _FREE * scale) for a, b in pairs]
    fits = [_fit(root, precision, pull) for root in roots]
    likelihood = np.array([fit for fit, _, _ in fits])
    weights = np.exp(likelihood - likelihood.max())
    which = rng.choice(len(pairs), worlds, p=weights / weights.sum())
    drawn = np.empty((worlds, models, terms))
    for pair in np.unique(which):
        mine = which == pair
        _, mean, root = fits[pair]
        normal = rng.standard_normal((int(mine.sum()), root.shape[1]))
        drawn[mine] = (mean + normal @ root.T).reshape(-1, models, terms)
    of_groups = members.astype(float) @ design / members.sum(axis=1, keepdims=True)
    found: FloatArray = centre + np.einsum("wkt,gt->wgk", drawn, of_groups)
    return found


def _coordinates(members: BoolArray) -> FloatArray:
    """Centred membership of those groups that do not follow from those before, R x C."""
    columns: list[FloatArray] = []
    for mask in members.astype(float):
        centred = mask - mask.mean()
        together = np.column_stack([*columns, centred])
        if np.linalg.matrix_rank(together) > len(columns):
            columns.append(centred)
    return np.column_stack(columns) if columns else np.empty((members.shape[1], 0))


def _variances(values: FloatArray, seen: BoolArray) -> tuple[float, float]:
    """Of what is left of a person's worths, and of the person's mean, apart from models."""
    counts = seen.sum(axis=0)
    left = np.where(seen, values - values.sum(axis=0) / np.maximum(counts, 1), 0.0)
    each = seen.sum(axis=1)
    mean = left.sum(axis=1) / np.maximum(each, 1)
    within = np.where(seen, left - mean[:, None], 0.0)
    freedom = max(each.sum() - (each > 0).sum() - (counts > 0).sum() + 1, 1)
    noise = float((within**2).sum() / freedom)
    total = float((left**2).sum() / max(each.sum() - (counts > 0).sum(), 1))
    floor = 1e-6 * max(total, float((values**2).mean()), 1e-6)
    return max(noise, floor), max(total - noise, 0.0)


def _information(
    values: FloatArray, seen: BoolArray, design: FloatArray, noise: float, person: float
) -> tuple[FloatArray, FloatArray]:
    """Precision of the K T effects and the pull of the data on them, models first."""
    people, models = seen.shape
    terms = design.shape[1]
    each = seen.sum(axis=1)
    shared = person / (noise + each * person)  # of the inverse of noise I + person 1 1'
    used = (seen[:, :, None] * design[:, None, :]).reshape(people, models * terms)
    precision = -(used * shared[:, None]).T @ used
    for model in range(models):
        block = slice(model * terms, (model + 1) * terms)
        own = design[seen[:, model]]
        precision[block, block] += own.T @ own
    left = np.where(seen, values - (shared * values.sum(axis=1))[:, None], 0.0)
    pull = (left.T @ design).reshape(-1)
    return precision / noise, pull / noise


def _prior_root(models: int, terms: int, a: float, b: float, free: float) -> FloatArray:
    """A square root of the prior covariance of the effects, K T x (K + 1) T.

    Effects are a common mean, hardly constrained, and a part of each model's own.
    """
    own = np.diag([a, *[b] * (terms - 1)])
    common = free * np.eye(terms)
    return np.hstack([np.kron(np.ones((models, 1)), common), np.kron(np.eye(models), own)])


def _fit(
    root: FloatArray, precision: FloatArray, pull: FloatArray
) -> tuple[float, FloatArray, FloatArray]:
    """Log likelihood up to a constant, mean of the effects, and a root of their covariance."""
    inner = np.eye(root.shape[1]) + root.T @ precision @ root
    lower = np.linalg.cholesky(inner)
    half = np.linalg.solve(lower, root.T)  # so that half' half is the covariance
    mean = half.T @ (half @ pull)
    likelihood = 0.5 * float(pull @ mean) - float(np.log(np.diag(lower)).sum())
    return likelihood, mean, half.T
