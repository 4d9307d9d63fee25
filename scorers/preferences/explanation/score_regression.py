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
from scorers.preferences.explanation.person_bootstrap import need_columns
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
            participant, which is NaN for fewer than two participants.
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
    kept = utterances["turn"].eq(0) if turns == "openers" else utterances["turn"].ge(0)
    if not keep_empty:
        kept &= ~table["is_empty"]
    scored = kept & utterances["score"].notna()
    short = scored if longest is None else scored & table["text_length"].le(longest)

    if not short.any():
        raise DataError("no reply has a score: there is nothing to explain")
    rows, data = utterances[short], table.loc[short, list(names)].astype(float)
    groups = {name: pd.factorize(rows[EFFECTS[name]])[0] for name in effects}
    person = pd.factorize(rows["user_id"])[0]
    outcome = rows["score"].to_numpy(dtype=float)
    columns_of = _without_effects(np.column_stack([outcome, data.to_numpy()]), groups)
    kept_names, left_out = _estimable(columns_of[:, 1:], data)
    design = columns_of[:, [1 + names.index(name) for name in kept_names]]
    fitted = _fit(columns_of[:, 0], design, kept_names, person, groups)
    return ScoreRegression(
        *fitted,
        longest=longest,
        too_long=int(scored.sum() - short.sum()),
        unscored=int(kept.sum() - scored.sum()),
        empty=int(table.loc[short, "is_empty"].sum()),
        left_out=left_out,
        effects=tuple(effects),
    )


def _fit(
    outcome: FloatArray,
    design: FloatArray,
    names: list[str],
    person: IntArray,
    groups: dict[str, IntArray],
) -> tuple[pd.DataFrame, int, int, float, float]:
    taken = 1 + sum(int(codes.max(initial=0)) for codes in groups.values())
    people, free = len(np.unique(person)), len(outcome) - design.shape[1] - taken
    if free < 1:
        raise DataError(
            f"{len(outcome)} replies with a score are too few to estimate {design.shape[1]} "
            f"features and {taken} other terms"
        )
    if not groups:
        design, names = np.column_stack([np.ones(len(outcome)), design]), [CONSTANT, *names]
    features = design.shape[1] - (not groups)
    table = pd.DataFrame(index=pd.Index(names, name="feature"))
    if not names:
        return table, len(outcome), people, 0.0, float("nan")
    model = OLS(outcome, design)
    model.df_resid = free  # the effects taken out have been estimated as well
    plain = model.fit(use_t=True)
    table["value"] = plain.params
    found: dict[str, Any] = {"plain": plain, "robust": plain.get_robustcov_results("HC1")}
    if people > 1:
        found["clustered"] = plain.get_robustcov_results("cluster", groups=person, use_t=True)
    for kind in KINDS:
        result = found.get(kind)
        ends = np.full((len(names), 2), np.nan) if result is None else result.conf_int()
        table[f"{kind}_error"] = np.nan if result is None else result.bse
        table[f"{kind}_low"], table[f"{kind}_high"] = ends[:, 0], ends[:, 1]
        table[f"{kind}_p"] = np.nan if result is None else result.pvalues
    squares = float(((outcome - outcome.mean()) ** 2).sum())
    explained = 1 - float(plain.ssr) / squares if squares > 0 else float("nan")
    f_statistic = (
        (squares - plain.ssr) / features / (plain.ssr / free)
        if features and plain.ssr > 0
        else float("nan")
    )
    return table, len(outcome), people, explained, float(f_statistic)


def _without_effects(columns: FloatArray, groups: dict[str, IntArray]) -> FloatArray:
    """N x K columns less their means by each effect, taken in turn until nothing moves."""
    scale = np.maximum(columns.std(axis=0), _CLOSE)
    for _ in range(_ROUNDS if groups else 0):
        before = columns
        for codes in groups.values():
            counts = np.bincount(codes)
            sums = np.stack([np.bincount(codes, column) for column in columns.T], axis=1)
            columns = columns - (sums / counts[:, None])[codes]
        if len(groups) == 1 or float(np.abs((columns - before) / scale).max()) < _CLOSE:
            break
    return columns


def _estimable(design: FloatArray, data: pd.DataFrame) -> tuple[list[str], dict[str, str]]:
    """Features that those before them, and the constant, do not determine; and why not."""
    kept: list[str] = []
    left_out: dict[str, str] = {}
    basis = np.ones((len(data), 1))
    for position, name in enumerate(data.columns):
        column, raw = design[:, position], data[name].to_numpy()
        squares = float(((raw - raw.mean()) ** 2).sum())
        rest = column - basis @ np.linalg.lstsq(basis, column, rcond=None)[0]
        if squares <= _ROUNDING * float((raw**2).sum()):
            left_out[name] = "it is the same for all replies"
        elif float(rest @ rest) <= _ROUNDING * squares:
            before = " and ".join(kept) or "the effects taken out"
            left_out[name] = f"it is determined by {before}"
        else:
            kept.append(name)
            basis = np.column_stack([basis, column])
    return kept, left_out
