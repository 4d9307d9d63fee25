"""What a V-information study found, in a sentence whose every number is computed."""

import math
from typing import TYPE_CHECKING

from evals.vinfo.follow_up import more_information
from evals.vinfo.table import Stacked, VinfoRow
from ratings.output.numbers import ends, how_many, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ratings.data_sets.data_set import DataSet
    from scorers.intervals.estimate import Estimate

_DIGITS = 4


def vinfo_finding(data: "DataSet", rows: "Sequence[VinfoRow]", stacked: Stacked) -> str:
    """Which representation tells most of what raters choose, how much, and how sure that is.

    Args:
        data: what was measured on.
        rows: one a representation; those that are shuffled are a control, and no rival.
        stacked: the ratings of all splits with every prediction.
    """
    lead = f"On {data.name}{' (simulated raters)' if data.synthetic else ''}"
    given = [
        row
        for row in rows
        if row.mixed is not None
        and "shuffled" not in row.representation.kinds()
        and not math.isnan(row.information.estimate.value)
    ]
    if not given:
        return f"{lead}, nothing was given about raters, so there is no usable information."
    best, *others = sorted(given, key=lambda row: -row.information.estimate.value)
    name, most = best.representation.name, best.information.estimate
    told = f"{_nats(most)} of usable information a rating"
    if not most.low > 0:
        count = how_many(len(given), "representations")
        return (
            f"{lead}, none of {count} is shown to tell what raters choose; most, {told}, is of "
            f"{name}."
        )
    if not others:
        return f"{lead}, {name} tells {told}."
    second = others[0]
    more = more_information(stacked, second, best)
    shown = "" if more.low > 0 else ", not shown to differ"
    return (
        f"{lead}, {name} tells most of {how_many(len(given), 'representations')}: {told}, "
        f"{number(more.value, _DIGITS)} more than {second.representation.name} "
        f"({ends(more, _DIGITS)}{shown})."
    )


def _nats(found: "Estimate") -> str:
    return f"{number(found.value, _DIGITS)} nats ({ends(found, _DIGITS)})"
