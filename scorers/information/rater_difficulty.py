"""Which raters no candidate profile predicts well.

Source: Sorensen et al. (2025), appendix D.3.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from ratings.arrays import FloatArray
from ratings.errors import DataError
from scorers.information.v_information import information_by, pointwise_information


def rater_difficulty(
    fit: FloatArray, losses: FloatArray, none: FloatArray, raters: npt.NDArray[np.integer]
) -> pd.DataFrame:
    """Held-out loss of each rater given the candidate profile that fits the rater best.

    The profile is chosen by the ratings for fitting and judged by others: chosen by the same
    ratings, the more candidates the easier every rater would seem. The intervals tell how far a
    rater's few ratings carry, not how sure the choice of the profile is. Nobody is judged by
    this: a rater may be hard because of values that no candidate has, or of careless answers.

    Args:
        fit: R x V total losses of each rater's fit ratings given each candidate, nats; NaN in
            the row of a rater without any.
        losses: N x V log-losses of held-out ratings given each candidate, nats.
        none: N log-losses of the same ratings of the decoder that is given nothing.
        raters: N numbers of raters, 0 to R - 1: the rater of each held-out rating.

    Returns:
        One row a rater who has a row in `fit` without NaN and held-out ratings, the hardest
        first, with columns `rank` (from 1), `rater`, `profile` (its number, the first of equals),
        `ratings`, `loss` (mean, nats), `loss_low`, `loss_high`, `excess` (`loss` less the mean
        loss of `none`; above 0 where the best profile misleads), `excess_low`, `excess_high` and
        `reason`: None, or why there are no intervals.

    Raises:
        DataError: when the shapes do not go together.
    """
    if losses.shape != (len(none), fit.shape[1]) or len(raters) != len(none):
        raise DataError(
            f"{losses.shape[0]} x {losses.shape[1]} held-out losses with {len(none)} of `none`, "
            f"{len(raters)} raters and {fit.shape[1]} candidates; give a row a rating and a column "
            "a candidate"
        )
    if len(raters) and not 0 <= raters.min() <= raters.max() < len(fit):
        raise DataError(f"numbers of raters must be from 0 to {len(fit) - 1}, the rows of `fit`")
    known: npt.NDArray[np.bool_] = np.all(~np.isnan(fit), axis=1)
    best = np.argmin(np.where(known[:, None], fit, 0.0), axis=1)
    kept = np.flatnonzero(known[raters])
    rater = raters[kept]
    loss = losses[kept, best[rater]].astype(float)
    rating = np.arange(len(rater))
    table = information_by(loss, rater, rating)
    excess = information_by(-pointwise_information(none[kept], loss), rater, rating)
    found = pd.DataFrame(
        {
            "rater": table["key"],
            "profile": best[table["key"].to_numpy(int)],
            "ratings": table["ratings"],
            "loss": table["mean"],
            "loss_low": table["low"],
            "loss_high": table["high"],
            "excess": excess["mean"],
            "excess_low": excess["low"],
            "excess_high": excess["high"],
            "reason": excess["reason"],
        }
    )
    found = found.sort_values(["loss", "rater"], ascending=[False, True], ignore_index=True)
    found.insert(0, "rank", np.arange(1, len(found) + 1))
    return found
