"""What people say matters to them, and what they say of single conversations.

Each participant states once how much an attribute of a model matters. After each conversation they
say how well the model did on it (performance), and how much it decided their choice.

Source: Kirk et al. (2024), The PRISM alignment dataset, appendix N, Figures 9 and 10.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from ratings.arrays import FloatArray, IntArray
from ratings.errors import unknown_name
from ratings.prism.codebook import ATTRIBUTES, OTHER_TEXT
from scorers.comparison.differences import holm
from scorers.intervals.bootstrap import REPLICATES, cluster_weights
from scorers.intervals.means import ratio
from scorers.intervals.person_bootstrap import SHARE, means, need_columns
from scorers.intervals.quantiles import student_beyond
from scorers.psychometrics.correlation import fisher_interval

Method = Literal["spearman", "pearson"]

STATED, PERFORMANCE, CHOICE = "stated", "performance", "choice"
PREFIXES = {
    STATED: "stated_prefs_",
    PERFORMANCE: "performance_attributes_",
    CHOICE: "choice_attributes_",
}
UNMOVED = 50

_SCALE = (0.0, 100.0)
_OTHER = f"{PREFIXES[STATED]}{OTHER_TEXT}"
_NOT_ATTRIBUTES = ("other", OTHER_TEXT)
_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
_AT_ONCE = 50  # replicates
_NEXT_TO_ONE = 0.9999
_FLAT = 1e-9  # variance


def person_attributes(survey: pd.DataFrame, conversations: pd.DataFrame) -> pd.DataFrame:
    """What each person states, and the means of what they say of their conversations.

    Args:
        survey: indexed by `user_id`, with columns `stated_prefs_<attribute>`, 0 to 100.
        conversations: with `user_id`, `performance_attributes_<attribute>` and
            `choice_attributes_<attribute>`, 1 to 100; NaN is not applicable.

    Returns:
        R rows, everybody of the survey, with columns (stage, attribute); NaN where a person said
        nothing, or has no conversation to which the attribute applies. `other` is left out: it
        means another thing to everybody.
    """
    need_columns(conversations, ("user_id",), "attributes")
    columns: dict[tuple[str, str], pd.Series[float]] = {}
    for stage, prefix in PREFIXES.items():
        table = survey if stage == STATED else conversations
        rated = table[_of_stage(table, prefix)].astype(float)
        if stage != STATED:
            rated = rated.groupby(conversations["user_id"]).mean().reindex(survey.index)
        columns |= {(stage, str(name).removeprefix(prefix)): rated[name] for name in rated}
    found = pd.DataFrame(columns, index=survey.index)
    found.columns.names = ["stage", "attribute"]
    return found


@dataclass(frozen=True, eq=False)
class AttributeCorrelations:
    """How the V attributes of the three stages go together over people.

    Attributes:
        value: V x V correlations, rows and columns (stage, attribute); NaN where one does not vary
            or fewer than three people said both.
        low: lower ends of the intervals.
        high: upper ends.
        people: V x V, who said both.
        same: a row for each pair of stages (stated and performance, stated and choice, performance
            and choice) and attribute that they share, with the columns value, low, high, people, p
            (two-sided, of no correlation) and p_holm, corrected for the attributes of one pair of
            stages.
        method: `spearman` or `pearson`.
    """

    value: pd.DataFrame
    low: pd.DataFrame
    high: pd.DataFrame
    people: pd.DataFrame
    same: pd.DataFrame
    method: Method


def attribute_correlations(
    attributes: pd.DataFrame,
    seed: int,
    *,
    method: Method = "spearman",
    replicates: int = REPLICATES,
) -> AttributeCorrelations:
    """Correlations of all attributes of all stages over people (Figure 9).

    The paper does not say which correlation its figure has. Ranks are among all who gave an
    attribute, and are computed again in each replicate of the bootstrap. Intervals and p-values
    are Student's on Fisher's scale, with the standard error of the bootstrap.

    Args:
        attributes: as `person_attributes` gives them.
        seed: of the bootstrap over people.
        method: of the correlation.
        replicates: of the bootstrap.
    """
    if method not in ("spearman", "pearson"):
        raise unknown_name("correlation", method, ["spearman", "pearson"])
    values = attributes.to_numpy(dtype=np.float64)
    there = ~np.isnan(values)
    both = there.astype(int).T @ there.astype(int)
    ranked = method == "spearman"
    everybody = np.ones((1, len(values)))
    found = _correlations(values, everybody, ranked)[0]
    drawn = cluster_weights(len(values), seed, replicates) if len(values) > 1 else everybody
    again = np.concatenate(
        [
            _correlations(values, drawn[start : start + _AT_ONCE], ranked)
            for start in range(0, len(drawn), _AT_ONCE)
        ]
    )
    found[both < 3] = np.nan
    low, high, p_value = (np.full(found.shape, np.nan) for _ in range(3))
    for i, j in zip(*np.nonzero(~np.isnan(found)), strict=True):
        if i == j:
            low[i, j] = high[i, j] = found[i, j]
        elif i < j:
            ends = fisher_interval(float(found[i, j]), again[:, i, j], int(both[i, j]))
            p_value[i, j] = _p_value(float(found[i, j]), again[:, i, j], int(both[i, j]))
            low[[i, j], [j, i]], high[[i, j], [j, i]] = ends
            p_value[j, i] = p_value[i, j]
    names = attributes.columns
    return AttributeCorrelations(
        value=pd.DataFrame(found, names, names),
        low=pd.DataFrame(low, names, names),
        high=pd.DataFrame(high, names, names),
        people=pd.DataFrame(both, names, names),
        same=_same(names.to_list(), {"value": found, "low": low, "high": high, "p": p_value}, both),
        method=method,
    )


def attribute_distributions(
    survey: pd.DataFrame, conversations: pd.DataFrame, seed: int, replicates: int = REPLICATES
) -> pd.DataFrame:
    """How each attribute is rated in each stage, and how often it did not apply (Figure 10).

    Args:
        survey: as `person_attributes` takes it; a row is a person.
        conversations: the same; a row is a conversation.
        seed: of the bootstrap over people.
        replicates: of the bootstrap.

    Returns:
        A row for each (stage, attribute), with the columns value (the mean), low, high, people, n,
        sd, quantiles q05, q25, q50, q75, q95, and two shares with `_low` and `_high`:
        `not_applicable`, of rows without a rating, and `unmoved`, of ratings of 50.
    """
    need_columns(conversations, ("user_id",), "attributes")
    parts = []
    for stage, prefix in PREFIXES.items():
        table = survey if stage == STATED else conversations
        people = survey.index if stage == STATED else conversations["user_id"]
        rated = table[_of_stage(table, prefix)].astype(float)
        rated.columns = pd.MultiIndex.from_product(
            [[stage], rated.columns.str.removeprefix(prefix)], names=["stage", "attribute"]
        )
        found = means(rated, people, seed, replicates, ends=_SCALE).assign(sd=rated.std())
        for share in _QUANTILES:
            found[f"q{round(100 * share):02}"] = rated.quantile(share)
        unmoved = rated.eq(UNMOVED).astype(float).where(rated.notna())
        for name, flags in (("not_applicable", rated.isna()), ("unmoved", unmoved)):
            shares = means(flags, people, seed, replicates, ends=SHARE)
            found[name] = shares["value"]
            found[f"{name}_low"], found[f"{name}_high"] = shares["low"], shares["high"]
        parts.append(found)
    return pd.concat(parts)


def people_with_other(survey: pd.DataFrame) -> "pd.Index[str]":
    """The people who wrote of another attribute that matters to them (332 in the release).

    >>> texts = {"stated_prefs_other_text": ["is kind", " ", None]}
    >>> table = pd.DataFrame(texts, index=["ann", "bob", "cy"])
    >>> people_with_other(table).tolist()
    ['ann']
    """
    need_columns(survey, (_OTHER,), "other attributes")
    texts = survey[_OTHER].fillna("").astype("str").str.strip()
    return survey.index[texts.ne("")]


def _of_stage(table: pd.DataFrame, prefix: str) -> list[str]:
    left_out = {prefix + name for name in _NOT_ATTRIBUTES}
    names = map(str, table.columns)
    return [name for name in names if name.startswith(prefix) and name not in left_out]


def _correlations(values: FloatArray, weights: FloatArray, ranked: bool) -> FloatArray:
    """B x V x V correlations of R x V values, where B x R weights say how often each counts."""
    there = ~np.isnan(values)
    if ranked:
        numbers = np.stack([_ranks(column, weights) for column in values.T], axis=2)
    else:
        centred = values - np.nanmean(values, axis=0) if len(values) else values
        numbers = np.broadcast_to(np.where(there, centred, 0.0), (len(weights), *values.shape))
    counted = weights[:, :, None] * there
    weighted = counted * numbers
    n = counted.transpose(0, 2, 1) @ there.astype(float)
    sums = weighted.transpose(0, 2, 1) @ there.astype(float)  # of the row's attribute
    squares = (weighted * numbers).transpose(0, 2, 1) @ there.astype(float)
    products = weighted.transpose(0, 2, 1) @ numbers
    mean = ratio(sums, n)
    variance = ratio(squares, n) - mean**2
    variance = np.where(variance > _FLAT, variance, np.nan)
    spread = np.sqrt(variance * variance.transpose(0, 2, 1))
    found: FloatArray = (ratio(products, n) - mean * mean.transpose(0, 2, 1)) / spread
    return np.clip(found, -1.0, 1.0)


def _ranks(column: FloatArray, weights: FloatArray) -> FloatArray:
    """B x R ranks of the values of a column, from -0.5 to 0.5, equal ones in the middle; 0 for NaN.

    A person whom a replicate draws w times is there w times.
    """
    there = ~np.isnan(column)
    out: FloatArray = np.zeros((len(weights), len(column)))
    if not there.any():
        return out
    _, position = np.unique(column[there], return_inverse=True)
    order = np.argsort(position, kind="stable")
    starts = np.flatnonzero(np.diff(position[order], prepend=-1))
    per_value = np.add.reduceat(weights[:, there][:, order], starts, axis=1)
    upto = per_value.cumsum(axis=1)
    middle = ratio(upto - per_value / 2, upto[:, -1:]) - 0.5
    out[:, there] = middle[:, position]
    return np.nan_to_num(out)


def _p_value(value: float, replicates: FloatArray, people: int) -> float:
    """Of no correlation, from the interval's own standard error."""
    defined = np.clip(replicates[~np.isnan(replicates)], -_NEXT_TO_ONE, _NEXT_TO_ONE)
    error = float(np.arctanh(defined).std()) * np.sqrt(people / (people - 1)) if len(defined) else 0
    if error == 0:
        return float("nan")
    centre = np.arctanh(np.clip(value, -_NEXT_TO_ONE, _NEXT_TO_ONE))
    return float(2 * student_beyond(abs(centre) / error, people - 1))


def _same(
    names: Sequence[object], numbers: dict[str, FloatArray], people: IntArray
) -> pd.DataFrame:
    """The correlations of one attribute in two stages."""
    position = {name: at for at, name in enumerate(names)}
    rows = []
    for one, other in ((STATED, PERFORMANCE), (STATED, CHOICE), (PERFORMANCE, CHOICE)):
        for name in ATTRIBUTES:
            pair = position.get((one, name)), position.get((other, name))
            if None not in pair:
                found = {key: float(array[pair]) for key, array in numbers.items()}
                row = {"stages": f"{one} and {other}", "attribute": name, **found}
                rows.append({**row, "people": int(people[pair])})
    columns = ["stages", "attribute", *numbers, "people"]
    table = pd.DataFrame(rows, columns=columns).assign(p_holm=np.nan)
    for _, mine in table.groupby("stages"):
        table.loc[mine.index, "p_holm"] = holm(mine["p"].to_numpy())
    return table.set_index(["stages", "attribute"])
