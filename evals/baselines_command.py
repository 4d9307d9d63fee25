"""`valuegauge baselines`: what predicts people without a model."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from evals.baselines import BaselineRow, BaselineTables

BENCHMARKS = ("indie_value",)


@click.command()
@click.argument("benchmark", type=click.Choice(BENCHMARKS))
@click.option("--data", default="official", show_default=True, help="official, or sample.")
@click.option("--survey", help="The survey's CSV file; else VALUEGAUGE_WVS is read.")
@click.option(
    "--seed",
    default=0,
    show_default=True,
    type=click.IntRange(0, 2**32 - 1),
    help="Of the people held out.",
)
@click.option(
    "--dimension",
    "dimensions",
    multiple=True,
    default=("Country",),
    show_default=True,
    help="Groups whose majority predicts; may be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def baselines(
    benchmark: str,
    data: str,
    survey: str | None,
    seed: int,
    dimensions: Sequence[str],
    as_json: bool,
) -> None:
    """Print the baselines of BENCHMARK for the people at hand (the paper's Tables 3 and 17)."""
    from benchmarks._arguments import check_choice
    from evals.baselines import baseline_tables
    from evals.run_log import without_nan
    from ratings.indie_value import DIMENSIONS

    names = [check_choice("dimension", name, DIMENSIONS) for name in dimensions]
    click.echo("reading people and looking for those who resemble them ...", err=True)
    tables = baseline_tables(data, survey, seed, names)
    if as_json:
        click.echo(json.dumps(without_nan(tables.as_json()), indent=2, allow_nan=False))
        return
    _print(tables, Console())


def _print(tables: "BaselineTables", console: Console) -> None:
    from evals.choice_show import SYNTHETIC

    if tables.synthetic:
        console.print(f"[bold yellow]{SYNTHETIC}[/bold yellow]")
    console.print(
        f"{tables.survey}: {tables.people} people held out, {tables.training} to learn from, "
        f"seed {tables.seed}"
    )
    console.print(_table("Table 3: accuracy in per cent, 95% intervals", tables.rows, True))
    console.print(_table("Table 17: resemble, by number of people", tables.by_k, False))
    console.print(
        f"best on these people: k={tables.best}; chosen on the people it is measured on, "
        f"so a little too good"
    )


def _table(title: str, rows: Sequence["BaselineRow"], intervals: bool) -> Table:
    from evals.cells import number

    table = Table(title=title, title_justify="left")
    table.add_column("baseline")
    for column in rows[0].accuracy:
        table.add_column(column.replace(" ", "\n"), justify="right")
    for row in rows:
        cells = []
        for found in row.accuracy.values():
            cell = number(100 * found.value)
            if intervals and found.low == found.low:
                cell += f"\n{number(100 * found.low, 1)}-{number(100 * found.high, 1)}"
            cells.append(cell)
        table.add_row(row.name, *cells)
    return table
