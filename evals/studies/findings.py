"""What a study found: sentences, tables and pictures, printed and written to a folder."""

import json
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.console import Console
from rich.padding import Padding

from evals.reports.picture import picture
from ratings.errors import DataError
from ratings.output.atomic_write import write_whole
from ratings.output.console import say
from ratings.output.csv_text import table_csv
from ratings.output.interval_cells import ends_cell, estimate_columns, interval_cell
from ratings.output.json_values import json_object
from ratings.output.numbers import how_many
from ratings.output.tables import Table, plain
from ratings.output.text import one_line

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False)
class Finding:
    """One question of a study and its answer.

    Attributes:
        name: of its files.
        title: what was asked, for people.
        sentence: the answer, with its numbers.
        table: a row an estimate; `low` and `high`, or `<column> low` and `<column> high`, are the
            ends of 95% intervals, `p` and `p Holm` p-values. NaN where something is not defined.
        notes: what a reader must know to read it rightly.
        draw: draws it on axes; None for a finding without a picture.
        size: of the picture, width and height in inches.
        rows: how many rows a terminal shows.
        columns: which columns a terminal shows; all by default.
        ends_only: columns whose estimate another column shows too: a terminal has their interval.
    """

    name: str
    title: str
    sentence: str
    table: pd.DataFrame
    notes: tuple[str, ...] = ()
    draw: "Callable[[Axes], None] | None" = None
    size: tuple[float, float] = (7, 4.5)
    rows: int = 10
    columns: tuple[str, ...] | None = None
    ends_only: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As plain data; a number that is not defined is null."""
        rows = self.table.astype(object).where(self.table.notna(), None).to_dict("records")
        return json_object(
            {
                "name": self.name,
                "title": self.title,
                "sentence": self.sentence,
                "notes": self.notes,
                "rows": rows,
            }
        )


def findings_json(facts: Mapping[str, object], findings: Sequence[Finding]) -> dict[str, Any]:
    """A whole study as plain data: its settings with the seed, and what it found.

    `finding` is the answer to its first question that has one.
    """
    first = lead(findings)
    return {
        **json_object(facts),
        "finding": None if first is None else one_line(first.sentence),
        "findings": [found.as_json() for found in findings],
    }


def lead(findings: Sequence[Finding]) -> Finding | None:
    """The first finding that has an answer: one without a table says why it has none."""
    answered = [found for found in findings if len(found.table)]
    return next(iter([*answered, *findings]), None)


def check_folder(folder: Path) -> None:
    """Make sure that a folder can be made and written to, before long work is done for it.

    Raises:
        DataError: when it, or a folder that it is to be in, is a file or cannot be written to.
    """
    there = next(path for path in (folder, *folder.parents) if path.exists())
    if not there.is_dir():
        raise DataError(f"cannot write to the folder {folder}: {there} is a file")
    if not os.access(there, os.W_OK | os.X_OK):
        raise DataError(f"cannot write to the folder {folder}: no permission to write in {there}")


def write_findings(
    folder: Path, study: str, facts: Mapping[str, object], findings: Sequence[Finding]
) -> None:
    """Write `<study>.json` and, for each finding, its CSV and picture; each whole or not at all.

    Args:
        folder: made where it is missing; files of other names stay as they are.
        study: name of the JSON file.
        facts: settings of the study.
        findings: in the order of a reader.

    Raises:
        DataError: when the folder is a file or cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"cannot make the folder {folder}: {error.strerror}") from error
    for found in findings:
        write_whole(folder / f"{found.name}.csv", table_csv(found.table))
        if found.draw is not None:
            with picture(folder / f"{found.name}.png", *found.size) as axes:
                found.draw(axes)
    text = json.dumps(findings_json(facts, findings), indent=2, allow_nan=False)
    write_whole(folder / f"{study}.json", text + "\n")


def show_findings(findings: Sequence[Finding], console: Console, note: str = "") -> None:
    """Print what was found: the answer to the first question, then each finding with its table.

    Args:
        findings: in the order of a reader.
        console: to print on.
        note: what made-up data are, printed below the first line.
    """
    first = lead(findings)
    if first is not None:
        say(console, first.sentence)
    if note:
        console.print(f"[bold yellow]{plain(note)}[/bold yellow]")
    for found in findings:
        console.print(f"\n[bold]{plain(found.title)}[/bold]")
        if found is not first:
            console.print(plain(found.sentence), highlight=False)
        if len(found.table):
            shared = _shared(found)
            for name, value in shared.items():
                console.print(f"{plain(name)}: {plain(value)}", highlight=False)
            console.print(_printed(found, shared))
        left = len(found.table) - found.rows
        if left > 0:
            console.print(f"{how_many(left, 'more rows')} in {found.name}.csv", highlight=False)
        for line in found.notes:
            console.print(Padding(plain(line), (0, 0, 0, 2)), style="dim", highlight=False)


def _shared(found: Finding) -> dict[str, str]:
    """The columns of names in which all rows say the same: once is enough, and leaves room."""
    if len(found.table) < 2:
        return {}
    names = found.columns or [str(name) for name in found.table.columns]
    texts = [n for n in names if found.table[n].map(lambda cell: isinstance(cell, str)).all()]
    return {n: found.table[n].iloc[0] for n in texts[:1] if found.table[n].nunique() == 1}


def _printed(found: Finding, left_out: Collection[str]) -> Table:
    """The table with each interval in one column after its estimate."""
    shown = found.table.head(found.rows)
    columns = estimate_columns(found.columns or shown.columns)
    columns = [name for name in columns if name not in left_out]
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="dim")
    for column in columns:
        numeric = pd.api.types.is_numeric_dtype(shown[column])
        table.add_column(plain(column), justify="right" if numeric else "left")
    for row in shown.to_dict("records"):
        cells = [
            ends_cell(row, column) if column in found.ends_only else interval_cell(row, column)
            for column in columns
        ]
        table.add_row(*map(plain, cells))
    return table
