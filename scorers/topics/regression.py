"""What goes with writing about a topic: a linear probability model for each topic, all at once.

Source: Kirk et al. (2024), The PRISM alignment dataset, appendix R.1, equation 1. The paper says
that errors are clustered by participant; the release calls `vcovHC(type = "HC1", cluster =
~user_id)`, which ignores `cluster`, so what it printed is HC1. MacKinnon and White (1985) for HC1;
Liang and Zeger (1986) for errors by cluster; Benjamini and Hochberg (1995) for the false discovery
rate.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control, t

from ratings.arrays import FloatArray, IntArray
from ratings.errors import DataError
from scorers.comparison.differences import holm
from scorers.intervals.bootstrap import CONFIDENCE

KINDS = ("robust", "clustered")
CONSTANT = "const"
EXPECTED = 5  # texts, after the rule of Cochran (1954) for tables of counts

_ROUNDING = 1e-10  # of a column's sum of squares


@dataclass(frozen=True, eq=False)
class TopicRegressions:
    """Linear probability models of T topics on the same K terms.

    Attributes:
        table: T x (K - 1) rows, without the constant: topic, attribute, level, `value` (by how much
            more likely a text of the level is of the topic than one of the base level, all else
            equal), people and texts of the level, `expected` texts of it on the topic if it made no
            difference, and `firm`, whether that is `EXPECTED` or more and people are `least` or
            more; and for each kind of error, `robust` (HC1, as
            published) and `clustered` by participant (as the paper says), `<kind>_error`,
            `<kind>_low`, `<kind>_high`, `<kind>_p`, `<kind>_p_holm` and `<kind>_p_bh`, the last two
            corrected over the firm rows, NaN elsewhere. Robust
            errors of a level with one text, and clustered ones of a level with one participant, are
            NaN: such a level fits its own residuals, and its error would be of the other levels.
        constants: T, probability of the base levels.
        r_squared: T; NaN for a topic of no text or of all.
        texts: N.
        people: R.
        bases: base level of each attribute.
        left_out: levels that the terms before them determine.
    """

    table: pd.DataFrame
    constants: FloatArray
    r_squared: FloatArray
    texts: int
    people: int
    bases: Mapping[str, str]
    left_out: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class _Design:
    matrix: FloatArray  # N x K, the constant first
    terms: list[tuple[str, str]]  # K - 1
    bases: dict[str, str]
    left_out: tuple[str, ...]


def topic_regressions(
    topic: IntArray,
    person: IntArray,
    attributes: pd.DataFrame,
    bases: Mapping[str, str],
    least: int = 2,
) -> TopicRegressions:
    """Regress each topic on the attributes of the text and of who wrote it.

    Args:
        topic: N, 0 to T - 1, or -1 for a text of no topic, which takes part: it is a 0 of every
            topic.
        person: N, 0 and up, whose text it is.
        attributes: N rows with a column of labels for each attribute; rows with a missing label are
            left out.
        bases: base level of attributes; where nobody has it, or none is given, the most frequent
            level.
        least: people that a firm level has.

    Both errors are too small where a level has few people, or is expected to have few texts on a
    topic: texts of no topic have no variance. With topics drawn at random, tests at the level of 1
    per cent reject 47 per cent of the time where less than one text is expected, 12 where one to
    three are, 4 where three to five are, and 1 to 3 from there on.

    Raises:
        DataError: when there are no topics, or too few texts for the terms.
    """
    count = int(topic.max(initial=-1)) + 1
    kept = attributes.notna().all(axis=1).to_numpy()
    if count == 0 or not kept.any():
        raise DataError("there is no topic with a text whose attributes are all known to explain")
    design = _design(attributes[kept].astype(str), bases)
    rows, width = design.matrix.shape
    if rows <= width:
        raise DataError(f"{rows} texts are too few to estimate {width} terms of a regression")
    outcome = (topic[kept, None] == np.arange(count)).astype(np.float64)
    people = np.unique(person[kept], return_inverse=True)[1]
    inverse = np.linalg.inv(design.matrix.T @ design.matrix)
    influence = design.matrix @ inverse  # N x K
    beta = influence.T @ outcome
    residual = outcome - design.matrix @ beta
    squares = ((outcome - outcome.mean(axis=0)) ** 2).sum(axis=0)
    left = (residual**2).sum(axis=0)
    r_squared = 1 - np.divide(left, squares, out=np.full(count, np.nan), where=squares > 0)
    errors = {
        "robust": (robust_errors(influence, residual), rows - width),
        "clustered": (clustered_errors(influence, residual, people), int(people.max())),
    }
    return TopicRegressions(
        table=_table(design, beta, errors, people, outcome.mean(axis=0), least),
        constants=beta[0],
        r_squared=r_squared,
        texts=rows,
        people=int(people.max()) + 1,
        bases=design.bases,
        left_out=design.left_out,
    )


def robust_errors(influence: FloatArray, residual: FloatArray) -> FloatArray:
    """HC1 standard errors, K x T.

    Args:
        influence: N x K, X (X'X)^-1.
        residual: N x T.
    """
    rows, width = influence.shape
    return np.asarray(np.sqrt((influence**2).T @ residual**2 * rows / (rows - width)))


def clustered_errors(influence: FloatArray, residual: FloatArray, person: IntArray) -> FloatArray:
    """Standard errors clustered by participant, with R / (R - 1) x (N - 1) / (N - K), K x T.

    Args:
        influence: N x K, X (X'X)^-1.
        residual: N x T.
        person: N, 0 to R - 1, each with a row.

    Returns:
        NaN with a single participant.
    """
    rows, width = influence.shape
    order = np.argsort(person, kind="stable")
    starts = np.flatnonzero(np.diff(person[order], prepend=-1))
    people = len(starts)
    if people < 2:
        return np.full((width, residual.shape[1]), np.nan)
    sums = [
        np.add.reduceat(influence[order] * one[order, None], starts, axis=0) for one in residual.T
    ]
    factor = people / (people - 1) * (rows - 1) / (rows - width)
    return np.asarray(np.sqrt(np.stack([(one**2).sum(axis=0) for one in sums], axis=1) * factor))


def _design(attributes: pd.DataFrame, bases: Mapping[str, str]) -> _Design:
    """Constant and indicators of levels, without base levels and what others determine."""
    columns: list[FloatArray] = [np.ones(len(attributes))]
    basis = np.full((len(attributes), 1), len(attributes) ** -0.5)  # orthonormal
    terms, left_out, used = [], [], {}
    for name in attributes:
        sizes = attributes[name].value_counts()
        base = bases.get(str(name), "")
        used[str(name)] = base = base if base in sizes.index else str(sizes.index[0])
        for level in sorted(sizes.index.drop(base)):
            column = attributes[name].eq(level).to_numpy(dtype=np.float64)
            rest = column - basis @ (basis.T @ column)
            rest -= basis @ (basis.T @ rest)
            length = float(rest @ rest)
            if length <= _ROUNDING * float(column @ column):
                left_out.append(f"{name}: {level}")
                continue
            basis = np.column_stack([basis, rest / np.sqrt(length)])
            columns.append(np.asarray(column, dtype=np.float64))
            terms.append((str(name), str(level)))
    return _Design(np.column_stack(columns), terms, used, tuple(left_out))


def _table(
    design: _Design,
    beta: FloatArray,
    errors: Mapping[str, tuple[FloatArray, int]],
    person: IntArray,
    share: FloatArray,
    least: int,
) -> pd.DataFrame:
    there = design.matrix[:, 1:] > 0
    texts = there.sum(axis=0)
    people = np.array([len(np.unique(person[column])) for column in there.T], dtype=int)
    enough = {"robust": texts > 1, "clustered": people > 1}
    width, count = len(design.terms), beta.shape[1]
    table = pd.DataFrame(
        {
            "topic": np.repeat(np.arange(count), width),
            "attribute": [name for name, _ in design.terms] * count,
            "level": [level for _, level in design.terms] * count,
            "value": beta[1:].T.ravel(),
            "people": np.tile(people, count),
            "texts": np.tile(texts, count),
            "expected": np.outer(share, texts).ravel(),
        }
    )
    table["firm"] = table["people"].ge(least) & table["expected"].ge(EXPECTED)
    for kind, (error, free) in errors.items():
        shown = np.where(enough[kind][:, None], error[1:], np.nan).T.ravel()
        reach = t.isf((1 - CONFIDENCE) / 2, free) * shown if free > 0 else np.nan * shown
        ratio = np.divide(table["value"], shown, out=np.full(len(table), np.nan), where=shown > 0)
        p = np.asarray(2 * t.sf(np.abs(ratio), max(free, 1)))
        table[f"{kind}_error"] = shown
        table[f"{kind}_low"], table[f"{kind}_high"] = table["value"] - reach, table["value"] + reach
        counted = np.where(table["firm"], p, np.nan)
        table[f"{kind}_p"], table[f"{kind}_p_holm"] = p, holm(counted)
        table[f"{kind}_p_bh"] = benjamini_hochberg(counted)
    return table


def benjamini_hochberg(p_values: FloatArray) -> FloatArray:
    """p-values corrected for the false discovery rate; NaN stays and does not count.

    >>> benjamini_hochberg(np.array([0.01, np.nan, 0.04])).tolist()
    [0.02, nan, 0.04]
    """
    out: FloatArray = np.full(len(p_values), np.nan)
    there = ~np.isnan(p_values)
    if there.any():
        out[there] = false_discovery_control(p_values[there])
    return out
