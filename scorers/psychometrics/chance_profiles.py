"""Value profiles as they come out when the ratings have nothing to do with the tags.

The tags stay where they are, with all that values share, and the ratings move to other items.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

from ratings.arrays import BoolArray, FloatArray
from scorers.intervals.means import ratio

DRAWS = 1_999


def chance_profiles(
    means: FloatArray,
    tagged: BoolArray,
    clusters: Sequence[str],
    *,
    centred: bool = True,
    draws: int = DRAWS,
    seed: int = 0,
) -> FloatArray:
    """Profiles of M raters from ratings that were put on other items, B times.

    What moves, and where to: the ratings of a whole query go to a query with as many items, and
    the ratings within a query are shuffled. All raters' ratings of an item move together, missing
    ones among them. So whatever makes items of a query, or raters, alike is kept; only the tie
    between ratings and tags is cut. A test against these profiles is exact if, without values,
    queries of one size are exchangeable and so are the items within each; sizes that few queries
    have leave fewer arrangements, which costs power and nothing else.

    Args:
        means: M x I mean ratings, of all items that were asked; NaN where missing.
        tagged: D x I, which items count for which value.
        clusters: I queries.
        centred: whether the mean over the items with any of the tags is subtracted.
        draws: B.
        seed: of the arrangements.

    Returns:
        B x M x D scores; NaN where no item of a value has a rating.
    """
    sources = _sources(np.asarray(clusters, dtype=str), draws, seed)
    there = ~np.isnan(means)
    filled, counted = np.where(there, means, 0.0).T, there.T.astype(float)
    scores = _tagged_means(tagged, sources, filled, counted)
    if centred:
        scores -= _tagged_means(np.asarray(tagged.any(axis=0))[None], sources, filled, counted)
    return scores.transpose(0, 2, 1)


def _sources(clusters: npt.NDArray[np.str_], draws: int, seed: int) -> npt.NDArray[np.int32]:
    """B x I, the item from which each item has its ratings."""
    rng = np.random.default_rng([seed, 5])
    _, query, sizes = np.unique(clusters, return_inverse=True, return_counts=True)
    by_query = np.argsort(query, kind="stable")
    first = np.cumsum(sizes) - sizes
    found = np.empty((draws, len(clusters)), dtype=np.int32)
    for size in np.unique(sizes):
        items = by_query[first[sizes == size][:, None] + np.arange(size)]
        queries = rng.permuted(np.tile(np.arange(len(items)), (draws, 1)), axis=1)
        within = rng.permuted(np.tile(np.arange(size), (*queries.shape, 1)), axis=2)
        moved = np.take_along_axis(items[queries], within, axis=2)
        found[:, items.ravel()] = moved.reshape(draws, -1)
    return found


def _tagged_means(
    tagged: BoolArray,
    sources: npt.NDArray[np.int32],
    filled: FloatArray,
    counted: FloatArray,
) -> FloatArray:
    """B x D x M means over the items from which those of each value have their ratings."""
    draws, (values, items) = len(sources), tagged.shape
    drawn = sources[:, np.nonzero(tagged)[1]].ravel()
    ends = np.concatenate([[0], np.cumsum(np.tile(tagged.sum(axis=1), draws))])
    member = sparse.csr_array(
        (np.ones(len(drawn)), drawn, ends.astype(np.int32)), shape=(draws * values, items)
    )
    return ratio(member @ filled, member @ counted).reshape(draws, values, -1)
