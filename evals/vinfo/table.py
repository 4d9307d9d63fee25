"""The table of a V-information study: usable information of each representation, with intervals."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from evals.vinfo.fits import KeptFit
from ratings.arrays import FloatArray, IntArray
from ratings.errors import DataError
from ratings.output.json_values import json_object
from ratings.representations.names import NONE, Representation, most_examples
from scorers.information.calibration import (
    CalibrationError,
    brier_score,
    expected_calibration_error,
    top_label,
)
from scorers.information.significance import MixedTest, mixed_model_test, permutation_test
from scorers.information.split_means import SplitMean
from scorers.information.uncertainty import Uncertainty, uncertainty
from scorers.information.v_information import (
    accuracy,
    hits,
    information_preserved,
    log_losses,
    v_entropy,
    v_information,
)
from scorers.intervals.estimate import Estimate


@dataclass(frozen=True, eq=False)
class VinfoRow:
    """One representation over all splits.

    Attributes:
        representation: what is given of a rater.
        accuracy: share of ratings predicted.
        loss: V-entropy, nats.
        information: usable information, nats.
        preserved: share of the information of the most examples; None where it is not asked.
        calibration: expected calibration error.
        brier: Brier score over the choices.
        mixed: the mixed-model test of the drop of the loss; None for `none`.
        permutation_p: p-value of flipping signs rater by rater; NaN for `none`.
        uncertainty: how much of it the representation takes off.
        seconds: of a fit, on average.
        parameters: of a fit, on average.
    """

    representation: Representation
    accuracy: SplitMean
    loss: SplitMean
    information: SplitMean
    preserved: Estimate | None
    calibration: CalibrationError
    brier: Estimate
    mixed: MixedTest | None
    permutation_p: float
    uncertainty: Uncertainty
    seconds: float
    parameters: float


@dataclass(frozen=True, eq=False)
class Stacked:
    """The same N ratings over all splits, and M representations' predictions of them.

    Attributes:
        representations: M, `none` among them.
        raters: N positions.
        splits: N seeds.
        instances: N positions.
        ratings: N positions, from 1.
        probabilities: M times N x K.
    """

    representations: tuple[Representation, ...]
    raters: IntArray
    splits: IntArray
    instances: IntArray
    ratings: IntArray
    probabilities: Sequence[FloatArray]

    def of(self, representation: Representation) -> FloatArray:
        """The predictions of one representation, N x K."""
        return self.probabilities[self.representations.index(representation)]


def stack(fits: Sequence[KeptFit]) -> Stacked:
    """Fits of several seeds and representations, rating by rating.

    Raises:
        DataError: when representations of a seed were not measured on the same ratings.
    """
    every = tuple(dict.fromkeys(fit.key.representation for fit in fits))
    seeds = sorted({fit.key.seed for fit in fits})
    by = {(fit.key.representation, fit.key.seed): fit for fit in fits}
    for seed in seeds:
        first = by[every[0], seed]
        for one in every:
            other = by[one, seed]
            same = all(
                np.array_equal(getattr(first, part), getattr(other, part))
                for part in ("raters", "instances", "ratings")
            )
            if not same:
                raise DataError(
                    f"{one.name} and {every[0].name} of seed {seed} rest on different ratings"
                )
    firsts = [by[every[0], seed] for seed in seeds]
    return Stacked(
        representations=every,
        raters=np.concatenate([fit.raters for fit in firsts]),
        splits=np.repeat(seeds, [len(fit.raters) for fit in firsts]).astype(np.intp),
        instances=np.concatenate([fit.instances for fit in firsts]),
        ratings=np.concatenate([fit.ratings for fit in firsts]),
        probabilities=[
            np.concatenate([by[one, seed].probabilities for seed in seeds]) for one in every
        ],
    )


def vinfo_rows(fits: Sequence[KeptFit], seed: int = 0) -> list[VinfoRow]:
    """A row for each representation, in the order of the fits.

    Args:
        fits: of every representation, `none` among them, and every split seed.
        seed: of bootstrap and permutations.
    """
    found = stack(fits)
    raters, splits = found.raters, found.splits
    losses = np.stack([log_losses(p, found.ratings) for p in found.probabilities])
    right = np.stack([hits(p, found.ratings) for p in found.probabilities])
    none = losses[found.representations.index(NONE)]
    information = v_information(none, losses, raters, splits, seed)
    entropies = v_entropy(losses, raters, splits, seed)
    accuracies = accuracy(right, raters, splits, seed)
    p_values = permutation_test(none, losses, raters, splits, seed)
    preserved = _preserved(found.representations, information)
    rows = []
    for m, representation in enumerate(found.representations):
        confidence, top_right = top_label(found.probabilities[m], found.ratings)
        mine = [fit for fit in fits if fit.key.representation == representation]
        given = representation != NONE
        rows.append(
            VinfoRow(
                representation=representation,
                accuracy=accuracies[m],
                loss=entropies[m],
                information=information[m],
                preserved=preserved[m],
                calibration=expected_calibration_error(confidence, top_right, raters, seed=seed),
                brier=brier_score(found.probabilities[m], found.ratings, raters, seed),
                mixed=mixed_model_test(none, losses[m], raters, splits, seed) if given else None,
                permutation_p=float(p_values[m]) if given else math.nan,
                uncertainty=uncertainty(none, losses[m], raters, splits, seed),
                seconds=float(np.mean([fit.seconds for fit in mine])),
                parameters=float(np.mean([fit.parameters for fit in mine])),
            )
        )
    return rows


def marginal_row(fits: Sequence[KeptFit], seed: int = 0) -> tuple[Estimate, Estimate]:
    """Accuracy of the most frequent label and entropy of the labels, whatever the instance.

    Of the evaluation ratings of each split, with intervals; both know the ratings they are
    measured on, so no decoder is to be compared with them but as the tables of the paper do.
    """
    found = stack(fits)
    most = int(found.ratings.max())
    right, losses = np.zeros((2, 1, len(found.ratings)))
    for split in np.unique(found.splits):
        mine = found.splits == split
        counts = np.bincount(found.ratings[mine] - 1, minlength=most)
        chosen = found.ratings[mine] - 1
        right[0, mine] = chosen == counts.argmax()
        losses[0, mine] = -np.log(counts[chosen] / counts.sum())
    share = accuracy(right, found.raters, found.splits, seed)[0]
    entropy = v_entropy(losses, found.raters, found.splits, seed)[0]
    return share.estimate, entropy.estimate


def _preserved(
    representations: Sequence[Representation], information: Sequence[SplitMean]
) -> list[Estimate | None]:
    """Equation 3 for every representation, where examples are among them."""
    most = most_examples(representations)
    if most is None:
        return [None for _ in representations]
    base = information[representations.index(most)]
    return [information_preserved(one, base) for one in information]


def row_as_json(row: VinfoRow) -> dict[str, Any]:
    """A row for a JSON file; not-a-number is null there."""
    return json_object(
        {
            "representation": row.representation.name,
            "accuracy": asdict(row.accuracy.estimate),
            "loss": asdict(row.loss.estimate),
            "information": asdict(row.information.estimate),
            "information_per_split": [asdict(one) for one in row.information.per_split],
            "preserved": None if row.preserved is None else asdict(row.preserved),
            "calibration_error": asdict(row.calibration),
            "brier": asdict(row.brier),
            "mixed_model": None if row.mixed is None else asdict(row.mixed),
            "permutation_p": row.permutation_p,
            "uncertainty": asdict(row.uncertainty),
            "seconds": row.seconds,
            "parameters": row.parameters,
        }
    )
