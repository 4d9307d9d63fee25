"""Weights that make a sample count as a census does.

Source: Little (1993), Post-stratification: a modeler's perspective; Deming and Stephan (1940), On a
least squares adjustment of a sampled frequency table, for raking; Kish (1965), Survey sampling,
for the effective size.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from ratings.arrays import FloatArray, IntArray
from ratings.census.rebalance import cell_shares, counted
from ratings.errors import DataError, unknown_name

By = Literal["cells", "margins"]

_CLOSE = 1e-9  # of a margin's share
_ROUNDS = 10_000


@dataclass(frozen=True, eq=False)
class SampleWeights:
    """How much each person counts.

    Attributes:
        values: R weights with a mean of 1 over those who have one; NaN for a person outside the
            census.
        effective: the size of an unweighted sample whose mean is as sure, where weights have
            nothing to do with what is measured: (sum of weights)^2 / sum of their squares.
        rounds: how often raking went through the margins; 0 where it was not needed.
    """

    values: "pd.Series[float]"
    effective: float
    rounds: int = 0


def weights(people: pd.DataFrame, cells: "pd.Series[float]", by: By = "cells") -> SampleWeights:
    """Weights under which a sample has the census's shares.

    Args:
        people: R rows, as `counted` takes them.
        cells: people of the census by cell.
        by: what is to have the census's shares. `cells` is post-stratification: every cell. With
            `margins`, each variable by itself, by iterative proportional fitting (raking), where
            cells of the census have nobody in the sample.

    Raises:
        DataError: when nobody is in a cell; when people are in a cell, or a category, that the
            census counts nobody in; with `cells`, when the census counts people in a cell that is
            empty in the sample; with `margins`, when that holds of a category, or when no weights
            fit all margins.

    >>> index = pd.MultiIndex.from_product([["young", "old"]], names=["age"])
    >>> sample = pd.DataFrame({"age": ["young", "young", "young", "old"]})
    >>> weights(sample, pd.Series([50.0, 50.0], index.get_level_values(0))).values.round(3).tolist()
    [0.667, 0.667, 0.667, 2.0]
    """
    have, share = counted(people, cells), cell_shares(cells)
    if not have.sum():
        raise DataError("nobody of the sample is in a cell of the census: there is no one to weigh")
    if by == "cells":
        return _of_people(people, _by_cells(have, share), 0)
    if by == "margins":
        return _of_people(people, *_by_margins(have, share))
    raise unknown_name("way to weigh", by, ["cells", "margins"])


def _by_cells(have: "pd.Series[int]", share: "pd.Series[float]") -> "pd.Series[float]":
    empty = share.index[(share > 0) & (have == 0)]
    if len(empty):
        raise DataError(
            f"the sample has nobody in {len(empty)} of {len(share)} cells, such as "
            f"{_named(empty[0])}, {share[empty].sum():.1%} of the census: "
            "join categories, or weigh by margins"
        )
    _refuse_uncounted(have, share)
    return share * have.sum() / have.where(have > 0)


def _by_margins(
    have: "pd.Series[int]", share: "pd.Series[float]"
) -> tuple["pd.Series[float]", int]:
    _refuse_uncounted(have, share)
    start: FloatArray = np.asarray(have / have.sum(), dtype=np.float64)
    fitted: FloatArray = start.copy()
    margins: list[tuple[IntArray, FloatArray]] = []
    for level, name in enumerate(share.index.names):
        codes, labels = pd.factorize(share.index.get_level_values(level))
        target = _sums(codes, np.asarray(share, dtype=np.float64))
        sample = _sums(codes, start)
        if len(odd := np.flatnonzero((target > 0) & (sample == 0))):
            raise DataError(
                f"the sample has nobody with {name} {labels[odd[0]]!r}, {target[odd[0]]:.1%} of "
                "the census: join it with another category"
            )
        margins.append((codes, target))
    for rounds in range(1, _ROUNDS + 1):
        for codes, target in margins:
            fitted = fitted * _ratio(target, _sums(codes, fitted))[codes]
        if max(_distance(fitted, codes, target) for codes, target in margins) < _CLOSE:
            cells = np.where(start > 0, _ratio(fitted, start), np.nan)
            return pd.Series(cells, share.index), rounds
    raise DataError(
        f"no weights were found that fit all margins in {_ROUNDS} rounds: too many cells of the "
        "sample are empty; join categories"
    )


def _refuse_uncounted(have: "pd.Series[int]", share: "pd.Series[float]") -> None:
    uncounted = have.index[(have > 0) & (share == 0)]
    if len(uncounted):
        raise DataError(
            f"the sample has {have[uncounted[0]]} people in {_named(uncounted[0])}, where the "
            "census counts nobody: leave them out, or join categories"
        )


def _of_people(people: pd.DataFrame, by_cell: "pd.Series[float]", rounds: int) -> SampleWeights:
    variables = list(by_cell.index.names)
    table = by_cell.rename("weight").reset_index()
    for name in variables:
        table[name] = table[name].astype("object")
    plain = people[variables].astype("object")
    values = plain.merge(table, how="left", on=variables)["weight"].set_axis(people.index)
    there = values.dropna()
    return SampleWeights(values / there.mean(), float(there.sum() ** 2 / (there**2).sum()), rounds)


def _sums(codes: IntArray, values: FloatArray) -> FloatArray:
    found: FloatArray = np.bincount(codes, values).astype(np.float64)
    return found


def _ratio(above: FloatArray, below: FloatArray) -> FloatArray:
    found: FloatArray = np.divide(above, below, out=np.zeros_like(above), where=below > 0)
    return found


def _distance(fitted: FloatArray, codes: IntArray, target: FloatArray) -> float:
    return float(np.abs(_sums(codes, fitted) - target).max())


def _named(cell: object) -> str:
    return ", ".join(map(str, cell)) if isinstance(cell, tuple) else str(cell)
