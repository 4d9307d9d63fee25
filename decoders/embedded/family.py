"""The embedded family: effects cross-fitted over folds of raters, then the final logit."""

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from decoders.embedded.context_features import ContextFeatures
from decoders.embedded.crossfit_effects import CrossFit, ItemFeatures, fit_crossfit
from decoders.embedded.effects import Effects, fit_effects
from decoders.embedded.final_logit import FinalLogit, fit_final_logit
from decoders.embedded.instance_effects import Rated
from decoders.embedded.score_functions import has_score, score_functions
from decoders.embedded.text_features import TextFeatures
from decoders.family import Cost
from decoders.source_version import source_version
from ratings.arrays import FloatArray, IntArray
from ratings.data_sets.instances import Instances
from ratings.representations.rater_context import Episode, RaterContext, Targets

_TEXT_DIMENSIONS = 16
_MOST_ROWS = 60_000


@dataclass(frozen=True, eq=False)
class EmbeddedDecoder:
    """A fitted member of the embedded family."""

    cost: Cost
    context_features: ContextFeatures
    effects: Effects
    logit: FinalLogit

    def predict_proba(
        self, given: RaterContext, raters: IntArray, instances: IntArray
    ) -> FloatArray:
        """The distribution of each of N ratings over the choices, N x K; see `Decoder`."""
        asked, positions = np.unique(raters, return_inverse=True)
        only = given.take(asked)
        deviation = self.effects.of(only, self.context_features.of(only), positions, instances)
        expected = self.effects.base.expected[instances]
        counts = self.effects.items.counts[instances]
        return self.logit.probabilities(expected, deviation, counts)


class EmbeddedFamily:
    """Polytomous logits on cross-fitted effects of instances and raters."""

    name = "default"
    calibration = (
        "its last step, a logit, is fitted on the ratings of each fifth of the training raters "
        "with effects estimated from the other fifths; only variances come from all of them"
    )
    partitions = 4

    def __init__(self) -> None:
        """Nothing to set; what holds for every representation is kept from one fit to the next."""
        self.version = source_version("embedded")
        self._kept: tuple[str, CrossFit] | None = None

    def fit(self, instances: Instances, training: Sequence[Episode], seed: int) -> EmbeddedDecoder:
        """Fit to the targets of training raters; see `Family`."""
        started = time.perf_counter()
        crossfit = self._crossfit(instances, training, seed)
        context_features = ContextFeatures(training[0].given, seed)
        columns = context_features.of(training[0].given)
        effects, across = fit_effects(crossfit, columns, context_features.kinds)
        used = _enough(training, seed)
        raters, positions, ratings = _targets(used)
        logit = fit_final_logit(
            crossfit.items,
            expected=_across(crossfit, raters, positions),
            deviation=_deviations(crossfit, across, columns, used),
            counts=crossfit.items.counts[positions],
            choices=ratings - 1,
            raters=raters,
            fold=crossfit.fold[raters],
            tried=np.arange(len(raters)) < len(used[0].targets),
        )
        size = logit.weights.size + effects.base.expected.size
        size += sum(found.size for found in effects.coefficients)
        ratings_read = sum(len(episode.targets) for episode in training)
        cost = Cost(time.perf_counter() - started, size, ratings_read)
        return EmbeddedDecoder(cost, context_features, effects, logit)

    def _crossfit(self, instances: Instances, training: Sequence[Episode], seed: int) -> CrossFit:
        raters, positions, ratings = _targets(training)
        digest = hashlib.sha256(repr((seed, instances)).encode())
        for part in (raters, positions, ratings):
            digest.update(np.ascontiguousarray(part).tobytes())
        key = digest.hexdigest()
        if self._kept is None or self._kept[0] != key:
            items = _item_features(instances, seed)
            rated = _rated(items, raters, positions, ratings)
            self._kept = key, fit_crossfit(items, rated, len(training[0].given))
        return self._kept[1]


def _item_features(instances: Instances, seed: int) -> ItemFeatures:
    scores = score_functions(instances.most_choices, instances.ordered)
    texts = TextFeatures(instances.texts, _TEXT_DIMENSIONS, pairs=False, seed=seed)
    return ItemFeatures(
        scores=scores,
        counts=instances.counts,
        there=has_score(scores, instances.counts),
        texts=texts.of(instances.texts),
        groups=instances.groups,
        ordered=instances.ordered,
        seed=seed,
    )


def _rated(items: ItemFeatures, raters: IntArray, positions: IntArray, ratings: IntArray) -> Rated:
    """Every rating that is a target in some partition, once, by rater."""
    _, first = np.unique(raters * len(items.counts) + positions, return_index=True)
    found = positions[first]
    return Rated(
        raters=raters[first],
        instances=found,
        scores=items.scores[items.counts[found], ratings[first] - 1],
        there=items.there[found],
    )


def _targets(episodes: Sequence[Episode]) -> tuple[IntArray, IntArray, IntArray]:
    targets = [episode.targets for episode in episodes]
    return (
        np.concatenate([one.raters for one in targets]),
        np.concatenate([one.instances for one in targets]),
        np.concatenate([one.ratings for one in targets]),
    )


def _enough(training: Sequence[Episode], seed: int) -> Sequence[Episode]:
    """As many partitions as the logit needs ratings; of a large first one, some of its raters."""
    sizes = np.cumsum([len(episode.targets) for episode in training])
    if sizes[0] <= _MOST_ROWS:
        return training[: 1 + int(np.searchsorted(sizes, _MOST_ROWS))]
    given, targets = training[0].given, training[0].targets
    order = np.random.default_rng([seed, 10]).permutation(len(given))
    kept = np.zeros(len(given), dtype=bool)
    kept[order[: int(len(given) * _MOST_ROWS / sizes[0])]] = True
    rows = kept[targets.raters]
    fewer = Targets(targets.raters[rows], targets.instances[rows], targets.ratings[rows])
    return [Episode(given, fewer)]


def _across(crossfit: CrossFit, raters: IntArray, positions: IntArray) -> FloatArray:
    """Expected scores of N ratings, from raters of other folds, N x D."""
    every = np.stack([base.expected for base in crossfit.without])
    found: FloatArray = every[crossfit.fold[raters], positions]
    return found


def _deviations(
    crossfit: CrossFit, across: Sequence[Effects], columns: FloatArray, used: Sequence[Episode]
) -> FloatArray:
    """How raters are expected to deviate on their targets, from raters of other folds, N x D."""
    out = [np.zeros((len(e.targets), crossfit.whole.expected.shape[1])) for e in used]
    for number, effects in enumerate(across):
        for made, episode in zip(out, used, strict=True):
            targets = episode.targets
            mine = crossfit.fold[targets.raters] == number
            if mine.any():
                members, positions = np.unique(targets.raters[mine], return_inverse=True)
                given = episode.given.take(members)
                made[mine] = effects.of(given, columns[members], positions, targets.instances[mine])
    return np.vstack(out)
