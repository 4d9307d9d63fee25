"""A sample compared with a census cell by cell, and the part of it that follows the census.

Source: Kirk et al. (2024), The PRISM alignment dataset, appendix L.
"""

from typing import Any

import numpy as np
import pandas as pd

from ratings.errors import DataError

TARGET = 300  # participants that the paper would have for a country
_ROUNDING = 1e-9


def cell_shares(cells: "pd.Series[float]") -> "pd.Series[float]":
    """The share of the census's people in each cell; sums to 1.

    Shares of a margin are sums of these: `cell_shares(cells).groupby("age").sum()`.
    """
    return cells / cells.sum()


def needed_counts(cells: "pd.Series[float]", target: int = TARGET) -> "pd.Series[float]":
    """How many of `target` people each cell has by its share of the census, not rounded.

    >>> index = pd.MultiIndex.from_tuples([("young", "f"), ("old", "f")], names=["age", "gender"])
    >>> needed_counts(pd.Series([300.0, 900.0], index), target=10).tolist()
    [2.5, 7.5]
    """
    return cell_shares(cells) * target


def counted(people: pd.DataFrame, cells: "pd.Series[float]") -> "pd.Series[int]":
    """How many people of a sample are in each cell.

    Args:
        people: R rows, each person's category in each variable as `CensusScheme.cells_of` gives
            them. A person with a missing category is in no cell.
        cells: people of the census by cell.

    Raises:
        DataError: for a category that the census does not have.
    """
    return _cell_numbers(people, cells).value_counts().reindex(cells.index, fill_value=0)


def shortfall(
    people: pd.DataFrame, cells: "pd.Series[float]", target: int = TARGET
) -> pd.DataFrame:
    """What a sample of `target` people by the census needs in each cell, and what there is.

    A cell needs a fraction of a person. It is filled with the next whole number, or with all there
    are; that is what the paper's own totals follow: 243 people of the UK and 230 of the US.

    Args:
        people: as `counted` takes them.
        cells: people of the census by cell.
        target: size of the sample.

    Returns:
        A row for each cell, with the columns census_share, sample_share, needed (a fraction), have,
        draw (how many `draw_representative` takes) and short, by how many `have` is below `needed`.

    >>> index = pd.Index(["young", "old"], name="age")
    >>> sample = pd.DataFrame({"age": ["young", "young", "young", "old"]})
    >>> found = shortfall(sample, pd.Series([250.0, 750.0], index), target=10)
    >>> found[["needed", "have", "draw", "short"]].values.tolist()
    [[2.5, 3.0, 3.0, 0.0], [7.5, 1.0, 1.0, 6.5]]
    """
    have, needed = counted(people, cells), needed_counts(cells, target)
    whole = np.ceil(needed - _ROUNDING).astype(int)
    return pd.DataFrame(
        {
            "census_share": cell_shares(cells),
            "sample_share": have / have.sum() if have.sum() else np.nan,
            "needed": needed,
            "have": have,
            "draw": np.minimum(have, whole),
            "short": np.maximum(needed - have, 0.0),
        }
    )


def draw_representative(
    people: pd.DataFrame, cells: "pd.Series[float]", target: int = TARGET, *, seed: int
) -> "pd.Index[str]":
    """The people of a sample that follows the census: each cell's number at random, or all.

    Args:
        people: as `counted` takes them.
        cells: people of the census by cell.
        target: size of the sample if every cell could be filled.
        seed: of the draw.

    Returns:
        Labels of the people drawn, in the order of `people`; fewer than `target` where cells are
        short of people, and up to one a cell more by rounding.

    >>> index = pd.Index(["young", "old"], name="age")
    >>> sample = pd.DataFrame({"age": ["young", "young", "young", "old"]}, index=list("abcd"))
    >>> draw_representative(sample, pd.Series([500.0, 500.0], index), target=4, seed=0).tolist()
    ['a', 'c', 'd']
    """
    numbers = _cell_numbers(people, cells)
    draw = shortfall(people, cells, target)["draw"]
    shuffled = numbers.sample(frac=1, random_state=np.random.default_rng(seed))
    rank = shuffled.groupby(shuffled).cumcount()
    taken = rank < shuffled.map(draw)
    return people.index[people.index.isin(taken.index[taken])]


def _cell_numbers(people: pd.DataFrame, cells: "pd.Series[float]") -> "pd.Series[Any]":
    """The cell of each person who has one, as its label in the census's index."""
    variables = list(cells.index.names)
    if missing := [name for name in variables if name not in people]:
        raise DataError(f"the table of people has no column {missing[0]!r} of the census")
    if people.index.has_duplicates:
        twice = people.index[people.index.duplicated()][0]
        raise DataError(f"the person {twice!r} is listed twice")
    whole = people[variables].dropna()
    for level, name in enumerate(variables):
        known = cells.index.get_level_values(level) if len(variables) > 1 else cells.index
        if len(odd := whole[name][~whole[name].isin(known)]):
            raise DataError(f"the census has no {name} {odd.iloc[0]!r}")
    rows = whole.astype("object")
    if len(variables) == 1:
        found = rows[variables[0]]
    else:
        found = pd.Series(list(rows.itertuples(index=False, name=None)), rows.index, dtype=object)
    if len(odd := found[~found.isin(list(cells.index))]):
        raise DataError(f"the census has no cell {odd.iloc[0]!r}")
    return found
