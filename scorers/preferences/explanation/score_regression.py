"""Which features of a reply go with a higher score: ordinary least squares, three kinds of error.

Source: Kirk et al. (2024), The PRISM alignment dataset, appendix T.8 and Table 27; Liang and Zeger
(1986), Longitudinal data analysis using generalized linear models, for errors by cluster;
Frisch and Waugh (1933), Partial time regressions, for effects that are taken out first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from statsmodels.regression.linear_model import OLS

from ratings.arrays import FloatArray, IntArray
from ratings.errors import DataError, unknown_name
from scorers.intervals.person_bootstrap import need_columns
from scorers.preferences.explanation.reply_features import FEATURES

Turns = Literal["openers", "all"]

EFFECTS = {"model": "model_name", "person": "user_id"}
KINDS = ("plain", "robust", "clustered")
CONSTANT = "const"

_ROUNDING = 1e-10  # of a column's sum of squares
_CLOSE = 1e-10  # of a standard deviation
_ROUNDS = 10_000


@dataclass(frozen=True, eq=False)
class ScoreRegression:
    """A regression of scores on features.

    Attributes:
        table: a row for each term, `const` first where there is one, with the columns `value` in
            points of the scale, and for each kind of standard error `<kind>_error`, `<kind>_low`,
            `<kind>_high` and `<kind>_p`. Kinds: `plain`, `robust` (HC1), and `clustered` by
            participant (with the factor R / (R - 1) x (N - 1) / (N - K), and Student's t with R - 1
            degrees of freedom), which is NaN for fewer than two participants.
        replies: N.
        people: R.
        r_squared: of effects that are taken out, within them.
        f_statistic: of all features, with plain errors, as published; NaN without a feature.
        longest: characters, replies beyond which are left out; None where none are.
        too_long: how many they are.
        unscored: replies without a score, which take no part.
        empty: how many of the N replies are `EMPTY STRING`.
        left_out: features that could not be estimated, with the reason.
        effects: what is taken out: `model`, `person`.
    """

    table: pd.DataFrame
    replies: int
    people: int
    r_squared: float
    f_statistic: float
    longest: float | None
    too_long: int
    unscored: int
    empty: int
    left_out: dict[str, str]
    effects: tuple[str, ...]


def explain_scores(
    utterances: pd.DataFrame,
    features: pd.DataFrame,
    *,
    turns: Turns = "openers",
    names: Sequence[str] = FEATURES,
    percentile: float | None = None,
    effects: Sequence[str] = (),
    keep_empty: bool = True,
) -> ScoreRegression:
    """Regress scores on features of replies, by ordinary least squares.

    The default is Table 27: seven features over the replies of opening turns. That table has no cut
    of length, though two other regressions of the release leave out replies beyond the 95th
    percentile of length, 1,346.5 characters: its 30,049 replies are all that opening turns have.

    Args:
        utterances: N rows with the columns `turn`, `user_id`, `score`, and `model_name` for the
            effects of models.
        features: rows for these, as `reply_features` gives them.
        turns: opening turns only, or all.
        names: the features that take part.
        percentile: 0 to 100, of the length of all the replies given, of whichever turn; longer
            replies are left out. None for no cut.
        effects: `model`, `person` or both: differences between models, or participants, are taken
            out (fixed effects). Coefficients, and plain and robust errors, are those of a
            regression with an indicator for each.
        keep_empty: whether replies that are `EMPTY STRING` take part, as in the release.

    Raises:
        DataError: when a column is missing, an effect or feature is unknown, or replies with a
            score are too few.
    """
    if odd := [name for name in effects if name not in EFFECTS]:
        raise unknown_name("fixed effect", odd[0], EFFECTS)
    if odd := [name for name in names if name not in features]:
        raise unknown_name("feature", odd[0], features.columns)
    columns = ("turn", "user_id", "score", *(EFFECTS[name] for name in effects))
    need_columns(utterances, columns, "regressions of scores")
    table = features.loc[utterances.index]
    longest = None if percentile is None else float(table["text_length"].quantile(percentile / 100))
    asked = utterances["turn"].eq(0) if turns == "openers" else utterances["turn"].ge(0)
    if not keep_empty:
        asked &= ~table["is_empty"]
    scored = asked & utterances["score"].notna()
    kept = scored if longest is None else scored & table["text_length"].le(longest)
    if not kept.any():
        raise DataError("no reply has a score: there is nothing to explain")

    rows, data = utterances[kept], table.loc[kept, list(names)].astype(float)
    groups = [pd.factorize(rows[EFFECTS[name]])[0] for name in effects]
    person = pd.factorize(rows["user_id"])[0]
    outcome = _without_effects(rows[["score"]].to_numpy(dtype=np.float64), groups)[:, 0]
    design = _without_effects(data.to_numpy(dtype=np.float64), groups)
    positions, left_out = _estimable(design, data)
    terms, design = [data.columns[position] for position in positions], design[:, positions]
    other = 1 + sum(int(codes.max()) for codes in groups)
    free = len(rows) - len(terms) - other
    if free < 1:
        raise DataError(
            f"{len(rows)} replies with a score are too few to estimate {len(terms)} features and "
            f"{other} other terms"
        )
    if not groups:
        terms, design = [CONSTANT, *terms], np.column_stack([np.ones(len(rows)), design])
    fitted = _fitted(outcome, design, free) if terms else None
    left = float((outcome**2).sum() if fitted is None else fitted.ssr)
    squares = float(((outcome - outcome.mean()) ** 2).sum())
    return ScoreRegression(
        table=_table(fitted, terms, person),
        replies=len(rows),
        people=int(person.max()) + 1,
        r_squared=1 - left / squares if squares > 0 else float("nan"),
        f_statistic=(squares - left) / len(positions) / (left / free)
        if positions and left > 0
        else float("nan"),
        longest=longest,
        too_long=int(scored.sum() - kept.sum()),
        unscored=int(asked.sum() - scored.sum()),
        empty=int(table.loc[kept, "is_empty"].sum()),
        left_out=left_out,
        effects=tuple(effects),
    )


def _fitted(outcome: FloatArray, design: FloatArray, free: int) -> Any:  # noqa: ANN401 - untyped
    model = OLS(outcome, design)
    model.df_resid = free  # the effects taken out have been estimated as well
    return model.fit(use_t=True)


def _table(fitted: Any, terms: list[str], person: IntArray) -> pd.DataFrame:  # noqa: ANN401 - untyped
    table = pd.DataFrame(index=pd.Index(terms, name="feature"))
    if fitted is None:
        return table
    table["value"] = fitted.params
    results = {"plain": fitted, "robust": fitted.get_robustcov_results("HC1")}
    if person.max() > 0:
        results["clustered"] = fitted.get_robustcov_results("cluster", groups=person, use_t=True)
    for kind in KINDS:
        columns = [f"{kind}_{name}" for name in ("error", "low", "high", "p")]
        if result := results.get(kind):
            table[columns] = np.column_stack([result.bse, result.conf_int(), result.pvalues])
        else:
            table[columns] = np.nan
    return table


def _without_effects(columns: FloatArray, groups: list[IntArray]) -> FloatArray:
    """N x K columns less their means by each effect, taken in turn until nothing moves."""
    scale = np.maximum(columns.std(axis=0), _CLOSE)
    for _ in range(_ROUNDS if groups and columns.size else 0):
        before = columns
        for codes in groups:
            counts = np.bincount(codes)
            sums = np.stack([np.bincount(codes, column) for column in columns.T], axis=1)
            columns = columns - (sums / counts[:, None])[codes]
        if len(groups) == 1 or float(np.abs((columns - before) / scale).max()) < _CLOSE:
            break
    return columns


def _estimable(design: FloatArray, data: pd.DataFrame) -> tuple[list[int], dict[str, str]]:
    """Positions of features that those before them do not determine; and why the others are out."""
    kept: list[int] = []
    left_out: dict[str, str] = {}
    basis = np.ones((len(data), 1))
    for position, name in enumerate(data.columns):
        column, raw = design[:, position], data[name].to_numpy()
        squares = float(((raw - raw.mean()) ** 2).sum())
        rest = column - basis @ np.linalg.lstsq(basis, column, rcond=None)[0]
        if squares <= _ROUNDING * float((raw**2).sum()):
            left_out[name] = "it is the same for all replies"
        elif float(rest @ rest) <= _ROUNDING * squares:
            before = " and ".join(data.columns[kept]) or "the effects taken out"
            left_out[name] = f"it is determined by {before}"
        else:
            kept.append(position)
            basis = np.column_stack([basis, column])
    return kept, left_out
