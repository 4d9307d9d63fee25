"""Ways from a person's ratings to the person's values, each fitted to other people."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ratings.arrays import BoolArray, FloatArray, IntArray
from scorers.intervals.bootstrap import CONFIDENCE
from scorers.intervals.means import ratio
from scorers.intervals.observations import Observations
from scorers.intervals.quantiles import normal_quantile
from scorers.intervals.scopes import beyond_items
from scorers.predicted_values.model import ValueModel, fit_people
from scorers.predicted_values.people import Part

SIGNIFICANCE = 0.05  # of a tag, as Value Portrait's section 3.4.1 has it
_LOG_PENALTY = (-3.0, 12.0)


@dataclass(frozen=True, eq=False)
class Predicted:
    """Values of R people.

    Attributes:
        values: R x D; NaN where there is none.
        reach: R x D, half the width of the 95% interval; NaN where there is none.
    """

    values: FloatArray
    reach: FloatArray


# From the number of a part and its people's ratings, R x I, to their values.
Reader = Callable[[int, FloatArray], Predicted]
Method = Callable[[Sequence[Part]], Reader]


def by_model(parts: Sequence[Part], *, level_only: bool = True) -> Reader:
    """The factor model with random items (`scorers.predicted_values.model`)."""
    model = fit_people(parts, level_only=level_only)

    def read(part: int, ratings: FloatArray) -> Predicted:
        values, errors = model.predict(in_place(model, part, ratings))
        spread = np.sqrt(np.diagonal(errors, axis1=1, axis2=2))
        return Predicted(values, normal_quantile(0.5 + CONFIDENCE / 2) * spread)

    return read


def in_place(model: ValueModel, part: int, ratings: FloatArray) -> FloatArray:
    """R x I ratings of one part's items among those of all parts; NaN where not rated."""
    start = sum(len(one.items) for one in model.parts[:part])
    out = np.full((len(ratings), len(model.items)), np.nan)
    out[:, start : start + ratings.shape[1]] = ratings
    return out


def without_agreement(parts: Sequence[Part]) -> Reader:
    """The same model, which makes nothing of how far ratings rise with the items' means."""
    return by_model(parts, level_only=False)


def by_ridge(parts: Sequence[Part]) -> Reader:
    """Ridge regression of each value on a part's ratings less the rater's level.

    Coefficients of all parts are drawn from one normal distribution for each value; its variance
    and that of the rest have the greatest marginal likelihood.
    """
    penalties = ridge_penalties(parts)
    fits = []
    for part in parts:
        levelled = _levelled(part.ratings)
        means, centre = levelled.mean(axis=0), part.values.mean(axis=0)
        kernel = (levelled - means) @ (levelled - means).T
        inverse = np.linalg.inv(kernel + penalties[:, None, None] * np.eye(len(kernel)))
        dual = np.einsum("drs,sd->rd", inverse, part.values - centre)
        fits.append((means, centre, (levelled - means).T @ dual))

    def read(part: int, ratings: FloatArray) -> Predicted:
        means, centre, slopes = fits[part]
        values = centre + (_levelled(ratings) - means) @ slopes
        return Predicted(values, np.full(values.shape, np.nan))

    return read


def ridge_penalties(parts: Sequence[Part]) -> FloatArray:
    """D, the variance of the rest in that of a coefficient, by marginal likelihood."""
    from scipy.optimize import minimize_scalar

    roots, squares = [], []
    for part in parts:
        levelled = _levelled(part.ratings)
        gaps = levelled - levelled.mean(axis=0)
        root, axes = np.linalg.eigh(gaps @ gaps.T)
        flat = np.abs(axes.sum(axis=0)).argmax()  # the mean over people, which is fitted
        kept = np.arange(len(root)) != flat
        roots.append(np.maximum(root[kept], 0.0))
        squares.append((axes[:, kept].T @ (part.values - part.values.mean(axis=0))) ** 2)
    root, square = np.concatenate(roots), np.concatenate(squares)

    def deviance(log_penalty: float, d: int) -> float:
        scale = 1 + root / np.exp(log_penalty)
        return float(np.log(scale).sum() + len(root) * np.log((square[:, d] / scale).mean()))

    found = [
        minimize_scalar(deviance, bounds=_LOG_PENALTY, method="bounded", args=(d,)).x
        for d in range(square.shape[1])
    ]
    penalties: FloatArray = np.exp(np.array(found))
    return penalties


def by_agreement(parts: Sequence[Part]) -> Reader:
    """Least squares on one number: how far a person's ratings rise with the items' means."""
    values = np.concatenate([part.values for part in parts])
    means = [part.ratings.mean(axis=0) for part in parts]
    rises = [agreement(part.ratings, of) for part, of in zip(parts, means, strict=True)]
    design = np.column_stack([np.ones(len(values)), np.concatenate(rises)])
    found = np.linalg.lstsq(design, values, rcond=None)[0]

    def read(part: int, ratings: FloatArray) -> Predicted:
        told = found[0] + agreement(ratings, means[part])[:, None] * found[1]
        return Predicted(told, np.full(told.shape, np.nan))

    return read


def agreement(ratings: FloatArray, means: FloatArray) -> FloatArray:
    """R slopes of raters' R x I ratings on the items' I means over people."""
    rise = means - means.mean()
    found: FloatArray = ratings @ rise / (rise @ rise)
    return found


def by_tags(parts: Sequence[Part], threshold: float = 0.3) -> Reader:
    """The published score: mean rating of a value's items less that of all items with a tag.

    Tags are found in the people that it is fitted to. Its interval is that of one run beyond the
    items, with queries as clusters.
    """
    tags = [tags_in(part, threshold) for part in parts]

    def read(part: int, ratings: FloatArray) -> Predicted:
        clusters = parts[part].queries
        observed = Observations.asked_once(ratings, tags[part], clusters, centred=True)
        found = beyond_items(observed)
        return Predicted(found.values, found.reach())

    return read


def tags_in(part: Part, threshold: float) -> BoolArray:
    """D x I, whether Spearman's r of ratings and values exceeds the threshold with p < .05."""
    from scipy import stats

    ranked = [stats.rankdata(each, axis=0) for each in (part.values, part.ratings)]
    values, ratings = (rank - rank.mean(axis=0) for rank in ranked)
    sizes = np.sqrt((values**2).sum(axis=0))[:, None] * np.sqrt((ratings**2).sum(axis=0))
    r = np.clip(ratio(values.T @ ratings, sizes, empty=0.0), -1 + 1e-12, 1 - 1e-12)
    freedom = len(values) - 2
    p = 2 * stats.t.sf(np.abs(r) * np.sqrt(freedom / (1 - r**2)), freedom)
    found: BoolArray = (r > threshold) & (p < SIGNIFICANCE)
    return found


def left_out(parts: Sequence[Part], folds: Sequence[IntArray], method: Method) -> Predicted:
    """Values of everybody, each read by a fit to the other folds' people.

    Args:
        parts: of the survey.
        folds: of each part's people, from 0.
        method: fits to some people and reads others.

    Returns:
        Of all people, one part after the other.
    """
    out = [Predicted(*np.full((2, *part.values.shape), np.nan)) for part in parts]
    for fold in range(max(int(of.max()) for of in folds) + 1):
        read = method([part.only(of != fold) for part, of in zip(parts, folds, strict=True)])
        for number, (part, of) in enumerate(zip(parts, folds, strict=True)):
            found = read(number, part.ratings[of == fold])
            out[number].values[of == fold] = found.values
            out[number].reach[of == fold] = found.reach
    return Predicted(
        np.concatenate([one.values for one in out]), np.concatenate([one.reach for one in out])
    )


def _levelled(ratings: FloatArray) -> FloatArray:
    levelled: FloatArray = ratings - ratings.mean(axis=1, keepdims=True)
    return levelled
