"""The table that all reports have: how answers were read."""

import math
from collections.abc import Mapping

from ratings.output.numbers import percent
from ratings.output.tables import Table


def status_table(title: str, what: str, counts: Mapping[str, int]) -> Table:
    """How many answers were read as each status, and their share."""
    table = Table(title=title, title_justify="left")
    total = sum(counts.values())
    table.add_column("status")
    table.add_column(what, justify="right")
    table.add_column("share", justify="right")
    for status, count in counts.items():
        table.add_row(status, str(count), percent(count / total if total else math.nan))
    return table
