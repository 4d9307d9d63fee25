"""Tables of a run of Value Portrait: a family's scores, the sources of variance, estimates."""

import math
from collections.abc import Mapping, Sequence

from rich.box import HORIZONTALS

from ratings.output.numbers import (
    highest_and_lowest,
    interval,
    number,
    percent,
    percent_interval,
)
from ratings.output.tables import Table, plain
from scorers.comparison.differences import Change
from scorers.intervals.estimate import Estimate
from scorers.psychometrics.generalizability import GStudy
from scorers.scores.families import ScoreRow

HIGHEST, LOWEST = "\N{BLACK UP-POINTING TRIANGLE}", "\N{BLACK DOWN-POINTING TRIANGLE}"


def family_table(
    title: str,
    rows: Sequence[ScoreRow],
    *,
    expected: Mapping[str, ScoreRow],
    people: Mapping[str, Change],
    whom: str,
    variants: Sequence[str],
) -> Table:
    """The scores of a family, with people's where they are at hand.

    Args:
        title: of the table.
        rows: of one family.
        expected: the scores from expected ratings, where there are some.
        people: how the scores differ from people's, where these are at hand.
        whom: how many people they are.
        variants: whose scores are shown apart, those asked or none.
    """
    missing = any(row.moves_with_missing for row in rows)
    compared = any(row.name in people for row in rows)
    first, last = highest_and_lowest({row.name: row.estimate.value for row in rows})
    marks = dict.fromkeys(first, HIGHEST) | dict.fromkeys(last, LOWEST)
    # As narrow as can be: with people's scores it fits a terminal of 80 columns.
    table = Table(
        title=title,
        title_justify="left",
        box=HORIZONTALS,
        padding=0,
        show_edge=False,
        caption=_caption(rows[0].family, bool(marks), whom if compared else ""),
        caption_justify="left",
    )
    table.add_column("dimension")
    heads = ["score", "beyond these items", "on these items"]
    heads += ["people", "difference"] if compared else []
    heads += ["items"]
    heads += ["expected"] if expected else []
    heads += ["if missing answers were read worst .. best", "valid"] if missing else []
    for head in (*heads, *variants):
        table.add_column(plain(head), justify="right")
    for row in rows:
        cells = [f"{row.name} {marks[row.name]}" if row.name in marks else row.name]
        cells += [number(row.estimate.value), interval(row.estimate), interval(row.on_items)]
        cells += _people_cells(people.get(row.name)) if compared else []
        cells.append(str(row.items))
        if expected:
            cells.append(number(expected[row.name].estimate.value))
        if missing:
            cells.append(f"{number(row.lowest)} .. {number(row.highest)}")
            cells.append(percent(row.valid))
        if variants:
            cells += [number(value) for value in row.per_variant]
        table.add_row(*map(plain, cells))
    return table


def _caption(family: str, marked: bool, whom: str) -> str:
    predicted = family == "predicted_values"
    of = " of the scores, not of what one person who rates so values" if predicted else ""
    said = f"95% intervals{of}: with other items of the kind, and with these asked again."
    if marked:
        said += f" {HIGHEST} highest, {LOWEST} lowest."
    if whom:
        said += (
            f" people: {whom}. difference to them: * on these items, ** beyond them as well "
            f"(p < .05 after Holm)."
        )
    return said


def variance_table(study: GStudy) -> Table:
    """The shares of the sources of variance."""
    table = Table(
        title=f"Where the variance of the answers comes from ({study.items} complete items)",
        title_justify="left",
    )
    table.add_column("source")
    for name in ("variance", "share", "95% interval"):
        table.add_column(name, justify="right")
    for name, share in study.shares.items():
        variance = number(study.components[name], 3)
        table.add_row(name, variance, percent(share.value), percent_interval(share))
    return table


def _people_cells(found: Change | None) -> list[str]:
    """People's score, and the difference to it with a mark for the scopes that show it."""
    if found is None:
        return ["-", "-"]
    mark = {"beyond": "**", "on": "*", None: ""}[found.differs]
    value = found.on.difference.value
    return [number(found.before), "-" if math.isnan(value) else f"{value:+.2f}{mark}"]


def estimate_table(
    title: str,
    what: str,
    estimates: Mapping[str, Estimate],
    digits: int = 2,
    value: str = "value",
    ends: str = "95% interval",
) -> Table:
    """Estimates by name with their intervals.

    Args:
        title: of the table.
        what: heading of the names.
        estimates: by name.
        digits: after the point.
        value: heading of the values.
        ends: heading of the intervals.
    """
    table = Table(title=title, title_justify="left")
    table.add_column(what)
    table.add_column(value, justify="right")
    table.add_column(ends, justify="right")
    for name, found in estimates.items():
        table.add_row(name, number(found.value, digits), interval(found, digits))
    return table
