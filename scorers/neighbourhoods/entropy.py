"""How mixed the authors of a neighbourhood are, compared with as many texts drawn at random.

Source: Kirk et al. (2024), The PRISM alignment dataset, appendix S.1, equations 2 to 4, and the
authors' notebook for the band that they print.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy

from ratings.arrays import BoolArray, FloatArray, IntArray
from scorers.intervals.means import ratio
from scorers.neighbourhoods.counts import sizes

PAPER_DRAWS = 100  # m of equation 3
DRAWS = 1_000
BAND = 0.99
PAPER_WIDTH = 2.56  # standard errors to either side, in the printed band
_EDGE = 1e-9  # values as near to an end of a band as this are at it
INSIDE, ABOVE, BELOW = "inside", "above", "below"


def entropies(group: IntArray, value: npt.ArrayLike, groups: int) -> FloatArray:
    """Shannon entropy of the values within each group, in bits, G.

    Args:
        group: N, numbers from 0 to `groups` - 1.
        value: N; missing values are a level of their own.
        groups: G; one without a member has entropy 0.

    A mixed and a one-sided group:

    >>> entropies(np.array([0, 0, 1, 1, 1]), ["f", "m", "f", "f", "f"], 2).tolist()
    [1.0, 0.0]
    """
    code = _codes(pd.Series(value))
    pairs, count = np.unique(group * (code.max(initial=0) + 1) + code, return_counts=True)
    owner = pairs // (code.max(initial=0) + 1)
    size = np.bincount(group, minlength=groups)
    share = count / size[owner]
    return np.abs(np.bincount(owner, -share * np.log2(share), minlength=groups))


def expected_entropy(shares: FloatArray, size: int) -> float:
    """Expected entropy of `size` independent draws, in bits: equation 3 with endless draws.

    The number of a level is binomial, so the sum over levels is exact.

    Args:
        shares: of the levels in the population, adding to 1.
        size: k.

    Two draws from two equal levels differ half of the time:

    >>> round(expected_entropy(np.array([0.5, 0.5]), 2), 12)
    0.5
    """
    number = np.arange(1, size + 1)
    share = number / size
    bits = -share * np.log2(share)
    # Many levels have the same share, as the people who wrote equally many texts.
    distinct, times = np.unique(shares[shares > 0], return_counts=True)
    log = (
        scipy.special.gammaln(size + 1)
        - scipy.special.gammaln(number + 1)
        - scipy.special.gammaln(size - number + 1)
        + scipy.special.xlogy(number, distinct[:, None])
        + scipy.special.xlog1py(size - number, -distinct[:, None])
    )
    return float(times @ (np.exp(log) @ bits))


def simulated_entropies(
    levels: pd.DataFrame, size: int, draws: int = PAPER_DRAWS, seed: int = 0
) -> FloatArray:
    """Entropies of texts drawn at random with replacement, in bits, draws x A.

    A draw takes whole texts, so attributes go together as they do in the population.

    Args:
        levels: N texts x A attributes of their authors.
        size: k, texts in a draw.
        draws: m.
        seed: of the draws.
    """
    return _drawn(levels, _rows(len(levels), size, draws, seed))


def adjusted_entropies(
    cluster: IntArray,
    author: npt.ArrayLike,
    attributes: pd.DataFrame,
    checks: pd.DataFrame | None = None,
    *,
    draws: int = DRAWS,
    seed: int = 0,
) -> pd.DataFrame:
    """Adjusted entropy of each neighbourhood and where it lies among random ones, H rows.

    The adjusted entropy of an attribute is H / H_exp - 1, H_exp for the neighbourhood's size from
    the authors of all texts (an author counts once for each text), by `expected_entropy`; total is
    the sum over attributes. It is NaN where the population has one level only.

    Args:
        cluster: N, numbers from 0, of all texts.
        author: N.
        attributes: N x A of the texts' authors, which add to the total.
        checks: N x B, adjusted in the same way but no part of the total, as the topic.
        draws: of random neighbourhoods at each size, for the bands.
        seed: of the draws.

    Returns:
        Indexed by cluster number: `size`; a column for each attribute, for `author` (identity
        entropy) and for each check; `total`; `single`, the number of attributes with one level;
        `low` and `high`, the 0.5th and 99.5th percentile of the total among random texts by more
        than one author; `position`, one of inside, above, below; `printed half` and
        `printed position`: the band as the release computes it, 2.56 times the standard deviation
        of the entropy in bits over the square root of the size, on either side of 0. That
        deviation is in bits and already that of a whole neighbourhood, while the total has no
        unit, so we report it only to compare with the paper.
    """
    size, people = sizes(cluster, author)
    kept = np.flatnonzero(people > 1)
    number = np.full(len(size), -1)
    number[kept] = np.arange(len(kept))
    mine = people[cluster] > 1
    group = number[cluster[mine]]
    every = pd.concat([attributes, pd.DataFrame({"author": author}, attributes.index)], axis=1)
    every = every if checks is None else pd.concat([every, checks], axis=1)
    found = pd.DataFrame({"size": size[kept].astype(int)}, index=pd.Index(kept, name="cluster"))
    different = np.unique(found["size"])
    of_size = np.searchsorted(different, found["size"])
    names = list(attributes.columns)
    bits = {name: entropies(group, every[name].to_numpy()[mine], len(kept)) for name in every}
    expected = {name: _expected(every[name], different) for name in every}
    for name in every:
        found[name] = ratio(bits[name], expected[name][of_size]) - 1
    found["total"] = found[names].sum(axis=1, skipna=False)
    found["single"] = sum((bits[name] == 0).astype(int) for name in names)
    bands = _bands(attributes, author, different, [expected[name] for name in names], draws, seed)
    found["low"], found["high"], found["printed half"] = bands[:, of_size]
    found["position"] = _position(found["total"], found["low"], found["high"])
    half = found["printed half"]
    found["printed position"] = _position(found["total"], -half, half)
    return found


def _codes(values: pd.Series) -> IntArray:
    """Levels as numbers from 0; what is missing is a level."""
    return np.asarray(pd.factorize(values, use_na_sentinel=False)[0], dtype=np.intp)


def _expected(values: pd.Series, different: IntArray) -> FloatArray:
    """Expected entropy at each size."""
    code = _codes(values)
    shares = np.bincount(code) / max(len(code), 1)
    return np.array([expected_entropy(shares, int(size)) for size in different])


def _rows(texts: int, size: int, draws: int, seed: int) -> IntArray:
    rng = np.random.default_rng([seed, size])
    return rng.integers(texts, size=(draws, size)).astype(np.intp)


def _drawn(levels: pd.DataFrame, rows: IntArray) -> FloatArray:
    """Entropies of each draw, draws x A; rows are draws x k positions in the levels."""
    group = np.repeat(np.arange(len(rows)), rows.shape[1])
    each = [entropies(group, _codes(levels[name])[rows.ravel()], len(rows)) for name in levels]
    return np.array(each).reshape(len(each), len(rows)).T


def _bands(
    attributes: pd.DataFrame,
    author: npt.ArrayLike,
    different: IntArray,
    expected: Sequence[FloatArray],
    draws: int,
    seed: int,
) -> FloatArray:
    """Lower and upper end of ours, and half the width of the printed band, 3 x sizes."""
    person = _codes(pd.Series(author))
    out = np.full((3, len(different)), np.nan)
    for n, size in enumerate(different):
        rows = _rows(len(person), int(size), draws, seed)
        bits = _drawn(attributes, rows)
        several = (person[rows] != person[rows[:, :1]]).any(axis=1)
        total = (ratio(bits, np.array([of[n] for of in expected])) - 1).sum(axis=1)[several]
        if len(total) and not np.isnan(total).any():
            out[:2, n] = np.quantile(total, [(1 - BAND) / 2, (1 + BAND) / 2])
        out[2, n] = PAPER_WIDTH * bits.sum(axis=1).std() / np.sqrt(size)
    return out


def _position(total: pd.Series, low: pd.Series, high: pd.Series) -> list[str | None]:
    """Inside, above or below; None where something is not defined."""
    known: BoolArray = (total.notna() & low.notna() & high.notna()).to_numpy()
    named = np.select([total > high + _EDGE, total < low - _EDGE], [ABOVE, BELOW], INSIDE)
    return [str(name) if there else None for name, there in zip(named, known, strict=True)]
