"""Final logit that weights the cross-fitted effects."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from decoders.embedded.crossfit_effects import ItemFeatures
from decoders.embedded.polytomous_logit import fit_logit, logit_probabilities
from ratings.arrays import FloatArray, IntArray

_ALMOST_NONE, _OF_INSTANCES = 1e-3, 1.0
# Penalties on what is given, as shares of what the ratings say of its weights: with 1 they are
# halved, with the first they are dropped.
_PENALTIES = (np.inf, 1.0, 0.1, 0.002)
_OF_PRODUCTS = 3.0  # times the penalty on the effects themselves
_MARGIN = 0.5  # standard errors
_SAYS = 0.6  # about how much a rating says of a weight, a feature's square being 1
_PRODUCT_SCALE = 3.0  # brings effects, a third of a score's spread at most, to about 1


@dataclass(frozen=True, eq=False)
class FinalLogit:
    """The fitted logit.

    Attributes:
        scores: (K + 1) x K x D score functions.
        kinds: numbers of choices that were seen.
        ordered: whether choices are ordered.
        means: D, of the expected scores.
        spreads: 2 x D, of the expected scores and of the effects of raters.
        weights: P x D.
    """

    scores: FloatArray
    kinds: IntArray
    ordered: bool
    means: FloatArray
    spreads: FloatArray
    weights: FloatArray

    def probabilities(
        self, expected: FloatArray, deviation: FloatArray, counts: IntArray
    ) -> FloatArray:
        """Distributions of N ratings, N x K.

        Args:
            expected: N x D, mean scores of the instance.
            deviation: N x D, how the rater is expected to deviate from them.
            counts: N numbers of choices.
        """
        features = self.features(expected, deviation, counts)
        return logit_probabilities(features, self.weights, self.scores, counts)

    def features(self, expected: FloatArray, deviation: FloatArray, counts: IntArray) -> FloatArray:
        """N x P: kinds of instances, their effects, effects of raters, and products of these."""
        kinds = (counts[:, None] == self.kinds).astype(float)
        return np.hstack([kinds, expected, deviation, self._products(expected, deviation)])

    def _products(self, expected: FloatArray, deviation: FloatArray) -> FloatArray:
        """Products, bounded so that no rater far from all others decides.

        Of ordered choices those of direction and extremity alone; of others each with itself.
        """
        most = 2 * self.spreads[1]
        own = _PRODUCT_SCALE * most * np.tanh(deviation / most)
        base = (expected - self.means) / self.spreads[0]
        if not self.ordered or own.shape[1] < 2:
            return np.hstack([own**2, own * base])
        first, second = own[:, :1], own[:, 1:2]
        return np.hstack(
            [own[:, :3] ** 2, first * second, first * base[:, :2], second * base[:, :2]]
        )


def fit_final_logit(
    items: ItemFeatures,
    *,
    expected: FloatArray,
    deviation: FloatArray,
    counts: IntArray,
    choices: IntArray,
    raters: IntArray,
    fold: IntArray,
    tried: npt.NDArray[np.bool_],
) -> FinalLogit:
    """Fit to N ratings of training raters, effects cross-fitted.

    Args:
        items: score functions and what is known before.
        expected: N x D.
        deviation: N x D.
        counts: N numbers of choices.
        choices: N positions from 0.
        raters: N codes.
        fold: N codes of the fold of the rater.
        tried: N, ratings on which penalties are tried.
    """
    spreads = np.stack([expected.std(axis=0), deviation.std(axis=0)])
    empty = FinalLogit(
        scores=items.scores,
        kinds=np.unique(items.counts),
        ordered=items.ordered,
        means=expected.mean(axis=0),
        spreads=np.where(spreads > 0, spreads, 1.0),
        weights=np.zeros((0, 0)),
    )
    features = empty.features(expected, deviation, counts)
    sizes = (len(empty.kinds), expected.shape[1], deviation.shape[1])
    problem = _Problem(features, choices, counts, items.scores, sizes)
    everything = np.ones(len(choices), dtype=bool)
    penalty = problem.rows(tried).best_penalty(raters[tried], fold[tried], deviation[tried])
    weights = problem.fit(everything, penalty)
    return replace(empty, weights=weights)


@dataclass(frozen=True, eq=False)
class _Problem:
    features: FloatArray
    choices: IntArray
    counts: IntArray
    scores: FloatArray
    sizes: tuple[int, int, int]

    def best_penalty(self, raters: IntArray, fold: IntArray, deviation: FloatArray) -> float:
        """The penalty on what is given, by predicting the raters of each fold from the others.

        What is given is dropped unless it helps by half a standard error over raters: a decoder
        fitted to what is not there loses more than one that misses what few raters can show.
        """
        if not np.abs(deviation).max(initial=0.0) > 0:
            return np.inf
        losses = np.zeros((len(_PENALTIES), int(raters.max()) + 1))
        for left in np.unique(fold):
            out, weights = fold == left, None
            rows = np.arange(int(out.sum()))
            for row, penalty in enumerate(_PENALTIES):
                weights = self.fit(~out, penalty, weights)
                found = logit_probabilities(
                    self.features[out], weights, self.scores, self.counts[out]
                )
                loss = -np.log(found[rows, self.choices[out]])
                losses[row] += np.bincount(raters[out], loss, losses.shape[1])
        best = int(np.argmin(losses.sum(axis=1)))
        gains = losses[0] - losses[best]
        margin = _MARGIN * np.sqrt((gains**2).sum())
        return _PENALTIES[best] if gains.sum() > margin else _PENALTIES[0]

    def rows(self, kept: npt.NDArray[np.bool_]) -> "_Problem":
        """The problem of some ratings."""
        return replace(
            self,
            features=self.features[kept],
            choices=self.choices[kept],
            counts=self.counts[kept],
        )

    def fit(
        self, kept: npt.NDArray[np.bool_], penalty: float, start: FloatArray | None = None
    ) -> FloatArray:
        """Weights from some ratings, P x D; with an infinite penalty what is given gets 0."""
        kinds, instances, raters = self.sizes
        products = self.features.shape[1] - sum(self.sizes)
        says = _SAYS * (self.features[kept] ** 2).sum(axis=0) + _ALMOST_NONE
        penalties = np.repeat(
            [_ALMOST_NONE, _OF_INSTANCES, penalty, _OF_PRODUCTS * penalty],
            [kinds, instances, raters, products],
        )
        penalties[kinds + instances :] *= says[kinds + instances :]
        used = np.isfinite(penalties)
        out = np.zeros((len(penalties), self.scores.shape[2]))
        out[used] = fit_logit(
            self.features[np.ix_(kept, used)],
            self.choices[kept],
            self.scores,
            self.counts[kept],
            penalties[used],
            None if start is None else start[used],
        )
        return out
