"""The table of a study for a person to read."""

from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from ratings.output.numbers import number
from ratings.output.tables import Table

if TYPE_CHECKING:
    import pandas as pd


def show_study(table: "pd.DataFrame", title: str, console: Console) -> None:
    """Print the table of a study: a row a run, a square of categories, or a column a reader."""
    if "asked" in table.columns:
        _show_square(table, title, console)
        return
    if table.index.nlevels > 1:
        _show_readers(table, title, console)
        return
    printed = Table(title=escape(title), title_justify="left", padding=(0, 0, 0, 1))
    printed.add_column("shown")
    names = [n for n in ("accuracy", "probe 1", "probe 2", "probe 3") if n in table.columns]
    for name in (*names, "difference"):
        printed.add_column(name, justify="right", no_wrap=True)
    for label, row in table.iterrows():
        cells = [
            f"{row[name]:.2f}\n{row[f'{name} low']:.1f}-{row[f'{name} high']:.1f}" for name in names
        ]
        printed.add_row(str(label), *cells, _difference(row))
    console.print(printed)


def _difference(row: "pd.Series") -> str:
    """What a run adds to the one it is compared with, or a dash."""
    if not isinstance(row.get("against"), str):
        return "-"
    return escape(
        f"{row['difference']:+.2f} to {row['against']}\n"
        f"{row['difference low']:.1f} to {row['difference high']:.1f}, p {row['p']:.3f}"
    )


def _show_readers(table: "pd.DataFrame", title: str, console: Console) -> None:
    """A row a number of statements, a column a reader; below its interval the difference."""
    readers = list(dict.fromkeys(table.index.get_level_values(0)))
    printed = Table(title=escape(title), title_justify="left", padding=(0, 0, 0, 1))
    printed.add_column("shown", justify="right")
    for name in readers:
        printed.add_column(escape(name), justify="right")
    for shown in dict.fromkeys(table.index.get_level_values(1)):
        printed.add_row(shown, *(_reader_cell(table.loc[(name, shown)]) for name in readers))
    if len(readers) > 1:
        printed.caption = (
            f"accuracy, its 95% interval, and the difference to {escape(readers[0])} with its "
            f"interval and p-value, in percentage points"
        )
        printed.caption_justify = "left"
    console.print(printed)


def _reader_cell(row: "pd.Series") -> str:
    cell = f"{row['accuracy']:.2f}\n{row['accuracy low']:.1f}-{row['accuracy high']:.1f}"
    if not isinstance(row.get("against"), str):
        return cell
    ends = f"{row['difference low']:.1f} to {row['difference high']:.1f}"
    return f"{cell}\n{row['difference']:+.2f} ({ends})\np {row['p']:.3f}"


def _show_square(table: "pd.DataFrame", title: str, console: Console) -> None:
    """A row a category shown, a column a category asked, both by number, to fit a terminal."""
    from evals.studies.indie_value import square

    wide = square(table)
    console.print(escape(title))
    for index, name in enumerate(wide.columns, start=1):
        console.print(f"{index:>3} {name}", highlight=False)
    printed = Table(box=None, padding=(0, 0, 0, 1))
    printed.add_column("shown", justify="right")
    for index in range(1, len(wide.columns) + 1):
        printed.add_column(str(index), justify="right", no_wrap=True)
    for index, row in enumerate(wide.to_numpy().tolist(), start=1):
        printed.add_row(str(index), *(number(cell, 1) for cell in row))
    console.print(printed)
