"""Readers by the number of statements shown when they are asked: the grid of the paper's Figure 5.

Jiang et al. (2025), section 4.2: reasoners that were trained on sets of different sizes (left) and
with different numbers of demonstrations (right), each asked with few statements and with many. Each
question is asked in a prompt of its own, as the paper asked its reasoners.
"""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from evals.reports.picture import picture
from evals.studies.indie_value import accuracy_table, add_difference
from evals.studies.sweep import Reports, Variation

# The numbers on the axis of the released figure.
TESTED = tuple(range(25, 201, 25))
ONE_BY_ONE = {"grouping": "each"}

READER, SHOWN = "reader", "demonstrations"


def reasoner_variations() -> list[Variation]:
    """Eight numbers of demonstrations, one question a prompt."""
    return [Variation(str(number), {SHOWN: number, **ONE_BY_ONE}) for number in TESTED]


def reasoner_table(reports: Mapping[str, Reports]) -> pd.DataFrame:
    """A row a reader and number: accuracies, and the difference to the first reader, in per cent.

    Args:
        reports: by reader and number, of each reader with the same numbers.
    """
    table = pd.concat(
        {name: accuracy_table(mine) for name, mine in reports.items()}, names=[READER]
    )
    first, *others = reports
    for name in others:
        for number, report in reports[name].items():
            add_difference(table, (name, number), report, first, reports[first][number])
    return table


def draw_reasoners(table: pd.DataFrame, title: str, path: Path) -> None:
    """Accuracy by number of demonstrations, a line a reader."""
    names = list(dict.fromkeys(table.index.get_level_values(READER)))
    with picture(path, 8, 5) as axes:
        for position, name in enumerate(names):
            rows = table.loc[name]
            # Side by side, so that intervals can be distinguished.
            at = rows.index.astype(int) + 1.5 * (position - (len(names) - 1) / 2)
            (line,) = axes.plot(at, rows["accuracy"], "o-", markersize=4, label=name)
            axes.vlines(at, rows["accuracy low"], rows["accuracy high"], color=line.get_color())
        axes.set_xticks(TESTED)
        axes.set_xlabel("statements shown")
        axes.set_ylabel("accuracy (per cent)")
        axes.set_title(title, fontsize=10)
        axes.legend(frameon=False, loc="best", fontsize=8)
