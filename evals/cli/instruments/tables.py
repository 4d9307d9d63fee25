"""`valuegauge instrument tables`: what the instrument is made of, compared with its paper."""

import json
import math
from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from evals.cli.shared_options.findings import SIMULATED_RATERS, UNRATED
from ratings.output.console import make_console
from ratings.output.numbers import number
from ratings.output.tables import Table

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from evals.instruments.tables import InstrumentTable

PAPER_TABLE = "Han et al. (2025), Table 5"


@click.command()
@click.option(
    "--data",
    default="official",
    show_default=True,
    help="official, sample, or the folder of an instrument of one's own.",
)
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1),
    default=0.3,
    show_default=True,
    help="What |r| of a tag must exceed.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**32 - 1),
    default=0,
    show_default=True,
    help="Of the queries drawn for the intervals.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def tables(data: str, threshold: float, seed: int, as_json: bool) -> None:
    """Make the paper's Tables 1 to 3 and the averages of its Figure 4 again."""
    from evals.instruments.tables import instrument_tables
    from ratings.instruments.own_instrument import is_own
    from ratings.instruments.value_portrait import load_instrument

    found = instrument_tables(data, threshold, seed)
    left_out = _left_out(data, threshold)
    if "Figure 4" not in left_out:
        found += _figure_4()
    if as_json:
        report = {
            "data": data,
            "synthetic": load_instrument(data).card.synthetic,
            "threshold": threshold,
            "seed": seed,
            "tables": [table.as_json() for table in found],
            "left_out": left_out,
        }
        click.echo(json.dumps(report, indent=2, ensure_ascii=False))
        return
    console = make_console()
    if load_instrument(data).card.synthetic:
        made_up = SIMULATED_RATERS if is_own(data) else UNRATED
        console.print(f"[bold yellow]{made_up}[/bold yellow]")
    for table in found:
        _print(table, console)
    for name, reason in left_out.items():
        console.print(f"{name}: left out, {reason}")


def _figure_4() -> "list[InstrumentTable]":
    import pandas as pd

    from evals.instruments.averages import figure_4, recorded_profiles
    from leaderboard.published.figures import published_rows
    from ratings.instruments.dimensions import SCHWARTZ

    rows = published_rows("value_portrait", "value_portrait", SCHWARTZ, {"threshold": 0.3})
    printed = pd.DataFrame(
        {row["rater"]: row["values"] for row in rows if PAPER_TABLE in row["sources"]}
    ).T[list(SCHWARTZ)]
    return figure_4(printed, recorded_profiles(printed.index))


def _left_out(data: str, threshold: float) -> dict[str, str]:
    """Which of the tables cannot be made, and why."""
    from evals.instruments.tables import PAPER_THRESHOLD

    if data != "official":
        return {
            "Table 1": f"{'the sample' if data == 'sample' else data}'s queries have no topics",
            "Figure 4": "it is of models that answered the published items",
        }
    if threshold != PAPER_THRESHOLD:
        return {"Figure 4": f"the paper's profiles are at the threshold {PAPER_THRESHOLD}"}
    return {}


def _print(table: "InstrumentTable", console: "Console") -> None:
    frame: pd.DataFrame = table.frame
    printed = Table(title=f"{table.name}: {table.title}", title_justify="left", padding=(0, 1))
    printed.add_column("", no_wrap=True)
    for name in frame.columns:
        printed.add_column(str(name), justify="right")
    for row, cells in zip(frame.index, frame.to_numpy(dtype=object).tolist(), strict=True):
        printed.add_row(Text(str(row)), *(_cell(cell, table.digits) for cell in cells))
    console.print(printed)
    for column, beside in table.beside.items():
        follows = table.follows(column)
        console.print(
            f"'{column}' rounds to '{beside}' in {int(follows.sum())} of {len(follows)} cells",
            highlight=False,
        )
    for note in table.notes:
        console.print(Text(note))
    console.print()


def _cell(cell: Any, digits: int) -> Text:  # noqa: ANN401 - a number, a text or nothing
    if isinstance(cell, str | int):
        return Text(str(cell))
    return Text(number(math.nan if cell is None else cell, digits))
