"""How well texts are predicted: loss a token, perplexity, and what a description takes off."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ratings.arrays import FloatArray
from ratings.errors import DataError
from scorers.information.split_means import Labels, drawn_sums, numbered
from scorers.intervals.bootstrap import cluster_interval, cluster_sums
from scorers.intervals.estimate import Estimate

IntArray = npt.NDArray[np.integer]

_ONE = "no interval: all texts are of one rater"


@dataclass(frozen=True)
class TextLoss:
    """The loss on N texts.

    Attributes:
        per_token: nats; every token counts the same.
        perplexity: its exponential.
        per_text: nats, the mean over texts of the loss of a whole one.
        drop: of the loss per token, against predictions without a description; None for these.
    """

    per_token: Estimate
    perplexity: Estimate
    per_text: Estimate
    drop: Estimate | None


def text_loss(
    losses: FloatArray,
    tokens: IntArray,
    raters: Labels,
    none: FloatArray | None = None,
    seed: int = 0,
) -> TextLoss:
    """Loss per token and per text, with intervals that resample raters, with all their texts.

    Source: perplexity as in Jelinek et al. (1977); the comparison is that of Value Profiles,
    appendix C.3.

    Args:
        losses: N losses of whole texts, nats.
        tokens: N numbers of tokens.
        raters: N labels.
        none: N losses of the same texts without a description.
        seed: of the draws; the same one for both, so that what raters share cancels.

    Raises:
        DataError: when the numbers do not fit together, or there are none.

    >>> found = text_loss(np.array([2.0, 6.0]), np.array([2, 2]), ["a", "b"])
    >>> found.per_token.value, round(found.perplexity.value, 3), found.per_text.value
    (2.0, 7.389, 4.0)
    """
    if not len(losses) == len(tokens) == len(raters) > 0:
        raise DataError(
            f"{len(losses)} losses, {len(tokens)} numbers of tokens and {len(raters)} raters; give "
            f"one of each for every text, and at least one text"
        )
    if none is not None and len(none) != len(losses):
        raise DataError(f"{len(losses)} losses against {len(none)} of the same texts")
    _, rater = numbered(raters, "raters")
    people = int(rater.max()) + 1
    without = losses if none is None else none
    rows = np.stack([losses, without - losses, tokens.astype(float), np.ones(len(losses))])
    sums = cluster_sums(rows, rater, people)
    drawn, totals = drawn_sums(sums, seed), sums.sum(axis=1)

    def share(top: int, bottom: int) -> Estimate:
        value = float(totals[top] / totals[bottom])
        if people < 2:
            return Estimate(value, reason=_ONE)
        replicates = drawn[:, top] / drawn[:, bottom]
        return Estimate(value, *cluster_interval(value, replicates, people))

    per_token = share(0, 2)
    value, low, high = np.exp([per_token.value, per_token.low, per_token.high]).tolist()
    return TextLoss(
        per_token=per_token,
        perplexity=Estimate(value, low, high, per_token.reason),
        per_text=share(0, 3),
        drop=None if none is None else share(1, 2),
    )
