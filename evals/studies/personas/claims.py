"""What Value Portrait says in words of its Tables 9 to 13, computed from them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from evals.studies.personas.human import GroupFigures
from ratings.instruments.dimensions import SCHWARTZ

_CLOSE = 1e-9


@dataclass(frozen=True, eq=False)
class _Tables:
    """Both sides, by `human` and `model`."""

    sides: Mapping[str, GroupFigures]

    def along(self, side: str, grouping: str, value: str) -> dict[str, float]:
        """The groups of a grouping in order."""
        of = self.sides[side]
        column = of.differences.values[:, of.scores.index(value)].tolist()
        return {
            group: figure
            for (name, group), figure in zip(of.groups, column, strict=True)
            if name == grouping
        }

    def apart(self, side: str, grouping: str, one: str, other: str, value: str) -> float:
        """One group less another."""
        along = self.along(side, grouping, value)
        return along[one] - along[other]


def checked_claims(human: GroupFigures, model: GroupFigures) -> pd.DataFrame:
    """A row a claim: what is claimed (in our words), what was computed, whether it holds.

    `within rounding`: the printed figures do not show it, but unrounded ones may.
    """
    tables = _Tables({"human": human, "model": model})
    found = [_gap(tables, *one) for one in _GAPS]
    found += [
        _monotone(tables, side, grouping, value, sign)
        for side, grouping, values, sign in _MONOTONE
        for value in values
    ]
    found += [_less(tables, grouping, value) for grouping, values in _LESS for value in values]
    found += [check(tables) for check in (_masters, _religion, _left_and_right)]
    return pd.DataFrame(found)


# side, grouping, one group, the other, value, difference that is claimed
_GAPS = (
    ("model", "Gender", "Male", "Female", "Conformity", 0.51),
    ("model", "Gender", "Male", "Female", "Tradition", 0.58),
    ("human", "Gender", "Male", "Female", "Conformity", 0.02),
    ("human", "Gender", "Female", "Male", "Tradition", 0.11),
    ("model", "Gender", "Male", "Female", "Self-Direction", -0.37),
    ("human", "Gender", "Male", "Female", "Self-Direction", 0.03),
    ("human", "Political orientation", "Left-wing", "Right-wing", "Hedonism", 0.03),
    ("human", "Political orientation", "Left-wing", "Right-wing", "Stimulation", 0.07),
    ("model", "Political orientation", "Left-wing", "Right-wing", "Hedonism", 0.74),
    ("model", "Political orientation", "Left-wing", "Right-wing", "Stimulation", 0.39),
)
# side, grouping, values, direction that is claimed; 0 for none
_MONOTONE = (
    ("human", "Age", ("Conformity", "Tradition", "Security"), 1),
    ("human", "Age", ("Achievement", "Hedonism", "Stimulation", "Self-Direction"), -1),
    ("model", "Age", ("Conformity", "Tradition", "Security"), 0),
    ("human", "Education", ("Conformity", "Tradition", "Security"), -1),
    ("human", "Education", ("Self-Direction",), 1),
    ("model", "Education", ("Conformity", "Tradition", "Security"), 0),
)
# grouping and values on which GPT-4o is said to move less than people
_LESS = (("Age", ("Achievement", "Hedonism", "Stimulation", "Self-Direction")),)
_WHO = {"human": "people", "model": "GPT-4o"}


def _claim(claim: str, computed: str, holds: str | bool) -> dict[str, str]:
    verdict = ("yes" if holds else "no") if isinstance(holds, bool) else holds
    return {"claim": claim, "computed": computed, "holds": verdict}


def _gap(
    tables: _Tables, side: str, grouping: str, one: str, other: str, value: str, claimed: float
) -> dict[str, str]:
    found = tables.apart(side, grouping, one, other, value)
    return _claim(
        f"{_WHO[side]}: {one} less {other} on {value} is {claimed:+.2f}",
        f"{found:+.2f}",
        abs(found - claimed) < _CLOSE,
    )


def _monotone(tables: _Tables, side: str, grouping: str, value: str, sign: int) -> dict[str, str]:
    along = np.array(list(tables.along(side, grouping, value).values()))
    steps = np.diff(along).round(9)
    shown = ", ".join(f"{figure:+.2f}" for figure in along)
    if sign == 0:
        monotone = bool((steps >= 0).all() or (steps <= 0).all())
        return _claim(
            f"{_WHO[side]}: {value} has no trend with {grouping.lower()}", shown, not monotone
        )
    direction = "rises" if sign > 0 else "falls"
    strict = bool((sign * steps > 0).all())
    possible = bool((sign * steps > -0.01 - _CLOSE).all())
    return _claim(
        f"{_WHO[side]}: {value} {direction} with {grouping.lower()}",
        shown,
        "yes" if strict else "within rounding" if possible else "no",
    )


def _less(tables: _Tables, grouping: str, value: str) -> dict[str, str]:
    """Whether GPT-4o does not fall steadily, or by less than people do, from first to last."""
    along = {side: list(tables.along(side, grouping, value).values()) for side in _WHO}
    falls = {side: of[0] - of[-1] for side, of in along.items()}
    steady = bool((np.diff(along["model"]).round(9) <= 0).all())
    return _claim(
        f"GPT-4o: {value} does not fall steadily with {grouping.lower()}, or by less than people's",
        f"{'steadily' if steady else 'not steadily'}, by {falls['model']:.2f}; "
        f"people's by {falls['human']:.2f}",
        not steady or falls["model"] < falls["human"],
    )


def _masters(tables: _Tables) -> dict[str, str]:
    groups = tables.along("model", "Education", "Self-Direction")
    return _claim(
        "GPT-4o: Master's has the least Self-Direction of the four",
        ", ".join(f"{figure:+.2f}" for figure in groups.values()),
        min(groups, key=lambda group: groups[group]) == "Master's",
    )


def _religion(tables: _Tables) -> dict[str, str]:
    groups = tables.along("model", "Religion", "Tradition")
    others = [figure for group, figure in groups.items() if group != "Atheist"]
    claimed, found = (-0.51, 0.13, 0.47), (groups["Atheist"], min(others), max(others))
    holds = bool(np.allclose(claimed, found, rtol=0, atol=_CLOSE))
    return _claim(
        "GPT-4o: Tradition falls by 0.51 for the atheist and rises by 0.13 to 0.47 for believers",
        ", ".join(f"{group} {figure:+.2f}" for group, figure in groups.items()),
        holds,
    )


def _left_and_right(tables: _Tables) -> dict[str, str]:
    larger = [
        value
        for value in SCHWARTZ
        if abs(tables.apart("model", "Political orientation", "Left-wing", "Right-wing", value))
        > abs(tables.apart("human", "Political orientation", "Left-wing", "Right-wing", value))
    ]
    return _claim(
        "GPT-4o exaggerates differences of left and right",
        f"larger on {len(larger)} of 10 values ({', '.join(larger)})",
        "yes" if len(larger) == len(SCHWARTZ) else f"on {len(larger)} of 10",
    )
