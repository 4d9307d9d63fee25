"""Amplification of a model's differences of groups, by grouping and over all of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from evals.studies.personas.human import Group, GroupFigures
from evals.studies.personas.scale import OWN
from ratings.output.numbers import interval, number, p_value
from scorers.amplification.amplification import Amplification, amplification
from scorers.amplification.differences import GroupDifferences
from scorers.amplification.instrument_scale import quotient
from scorers.intervals.estimate import Estimate

ALL = "all"
SURE = 0.05
ESTIMATES = {
    "slope": "slope",
    "same sign": "sign_agreement",
    "rank correlation": "rank_correlation",
}
P_VALUES = {"p slope 1": "p_as_large", "p slope 0": "p_unrelated", "p no bias": "p_no_bias"}
# what a terminal shows; all is in the CSV
SHOWN = ("grouping", "scope", "slope", OWN, "same sign", "rank correlation", "p no bias")


@dataclass(frozen=True, eq=False)
class ModelSide:
    """A model's differences of B groups in one scope, with a narrower one where there is one.

    Attributes:
        scope: in words.
        differences: B x D.
        reason: why errors are missing where they are.
        within: whose intervals lie within these.
    """

    scope: str
    differences: GroupDifferences
    reason: str
    within: "ModelSide | None" = None

    def compare(
        self,
        human: GroupDifferences,
        rows: Sequence[int],
        groupings: npt.NDArray[np.intp] | None,
        seed: int,
    ) -> Amplification:
        """The amplification over some of the groups; see `amplification`."""
        found = amplification(
            self.differences.of_groups(rows),
            human.of_groups(rows),
            None if groupings is None else groupings[list(rows)],
            seed=seed,
            reason=self.reason,
        )
        if self.within is None:
            return found
        return _at_least(found, self.within.compare(human, rows, groupings, seed))


def _at_least(wide: Amplification, narrow: Amplification) -> Amplification:
    """Intervals and p-values no smaller than in the narrower scope, as chance may make them."""
    return Amplification(
        cells=wide.cells,
        slope=_reaching(wide.slope, narrow.slope),
        sign_agreement=_reaching(wide.sign_agreement, narrow.sign_agreement),
        rank_correlation=_reaching(wide.rank_correlation, narrow.rank_correlation),
        p_as_large=float(np.fmax(wide.p_as_large, narrow.p_as_large)),
        p_unrelated=float(np.fmax(wide.p_unrelated, narrow.p_unrelated)),
        p_no_bias=float(np.fmax(wide.p_no_bias, narrow.p_no_bias)),
    )


def _reaching(wide: Estimate, narrow: Estimate) -> Estimate:
    if np.isnan([wide.low, narrow.low]).any():
        return wide
    return Estimate(wide.value, min(wide.low, narrow.low), max(wide.high, narrow.high))


def amplification_table(
    sides: Sequence[ModelSide],
    human: GroupFigures,
    groups: Sequence[Group],
    scores: Sequence[str],
    *,
    contrasts: bool,
    own: Estimate,
    seed: int,
) -> pd.DataFrame:
    """A row a grouping and scope, and of all groupings together.

    A grouping of which humans have figures of fewer than two groups has no row.

    Args:
        sides: the model's differences by scope, B x D each.
        human: figures of people.
        groups: B groupings with groups.
        scores: D names.
        contrasts: whether each group is taken less the mean of its grouping's groups.
        own: the slope that people's own differences have on the instrument.
        seed: of draws.
    """
    people = human.of(groups, scores)
    numbers = np.unique([grouping for grouping, _ in groups], return_inverse=True)[1]
    known: list[bool] = [not np.isnan(row).all() for row in people.values]
    by_name: dict[str, list[int]] = {}
    for row, (grouping, _) in enumerate(groups):
        if known[row]:
            by_name.setdefault(grouping, []).append(row)
    by_name = {name: rows for name, rows in by_name.items() if len(rows) > 1}
    if len(by_name) > 1:
        by_name[ALL] = [row for rows in by_name.values() for row in rows]
    out = []
    for name, rows in by_name.items():
        for side in sides:
            found = side.compare(people, rows, numbers if contrasts else None, seed)
            out.append(
                {"grouping": name, "scope": side.scope, "groups": len(rows)} | _row(found, own)
            )
    return pd.DataFrame(out)


def _row(found: Amplification, own: Estimate) -> dict[str, float]:
    row: dict[str, float] = {}
    for title, name in ESTIMATES.items():
        row |= with_ends(title, getattr(found, name))
        if name == "slope":
            row |= with_ends(OWN, quotient(found.slope, own))
    return row | {title: getattr(found, name) for title, name in P_VALUES.items()}


def with_ends(title: str, estimate: Estimate) -> dict[str, float]:
    """An estimate as columns of a table."""
    return {
        title: estimate.value,
        f"{title} low": estimate.low,
        f"{title} high": estimate.high,
    }


def verdict(slope: float, low: float, high: float) -> str:
    """What the interval of a slope says, in a word.

    >>> verdict(2.0, 1.4, 2.6), verdict(0.4, 0.1, 0.7), verdict(0.4, -0.2, 1.3)
    ('exaggerated', 'understated', 'not shown to follow')
    """
    if np.isnan([low, high]).any():
        return "without an interval"
    if low > 1:
        return "exaggerated"
    if high < 0:
        return "reversed"
    if low <= 0:
        return "not shown to follow"
    return "understated" if high < 1 else "as large within the error"


def table_row(table: pd.DataFrame, title: str) -> Estimate:
    """The estimate in the first row of a table."""
    first = table.iloc[0]
    value, low, high = (float(first[f"{title}{end}"]) for end in ("", " low", " high"))
    return Estimate(value, low, high)


def slope_sentence(table: pd.DataFrame, who: str) -> str:
    """What the last rows of a table of amplification say, of all groupings or of the only one."""
    last = table.iloc[-1]
    rows = table[table["grouping"] == last["grouping"]]
    what = "all groupings together" if last["grouping"] == ALL else str(last["grouping"])
    slope, own = (table_row(rows.iloc[[-1]], title) for title in ("slope", OWN))
    ends = "; ".join(
        f"{row['scope']} {interval(table_row(rows.iloc[[n]], 'slope'))}"
        for n, (_, row) in enumerate(rows.iterrows())
        if not np.isnan(float(row["slope low"]))
    )
    word = verdict(slope.value, slope.low, slope.high)
    parts = [
        f"Over {what}, differences between groups are {number(slope.value)} times as large in "
        f"{who} as in people{f' ({ends})' if ends else ''}: {word}"
    ]
    if not np.isnan(own.value):
        size = f" ({interval(own)})" if not np.isnan(own.low) else ""
        parts.append(f"that is {number(own.value)}{size} times what people show on these items")
    parts.append(
        f"{100 * float(last['same sign']):.0f} % point the same way, and ranks correlate "
        f"{number(float(last['rank correlation']))}"
    )
    bias = float(last.get("p no bias", np.nan))
    if not np.isnan(bias):
        parts.append(f"no bias: p {p_value(bias)}")
    return "; ".join(parts) + "."
