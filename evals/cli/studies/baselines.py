"""`valuegauge baselines`: what predicts people without a model."""

import json
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click
from rich.console import Console

from evals.cli.shared_options.survey import data_option, seed_option, survey_option
from ratings.errors import DataMissingError
from ratings.instruments.indie_value import FORMS
from ratings.output.console import make_console
from ratings.output.json_values import json_object
from ratings.output.numbers import how_many, number
from ratings.output.tables import Table

if TYPE_CHECKING:
    from evals.studies.baselines import BaselineRow, BaselineTables
    from scorers.intervals.estimate import Estimate

BENCHMARKS = ("indie_value",)


@click.command()
@click.argument("benchmark", type=click.Choice(BENCHMARKS))
@data_option
@survey_option
@seed_option
@click.option(
    "--dimension",
    "dimensions",
    multiple=True,
    default=("Country",),
    show_default=True,
    help="Groups whose majority predicts; may be repeated.",
)
@click.option(
    "--questions",
    type=click.Choice(("all", "shown")),
    default="all",
    show_default=True,
    help="On what resemble compares people: all 214 outside a probe set, or the 200 shown.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def baselines(
    benchmark: str,
    data: str,
    survey: str | None,
    seed: int,
    dimensions: Sequence[str],
    questions: str,
    as_json: bool,
) -> None:
    """Print the baselines of BENCHMARK for the people at hand (the paper's Tables 3 and 17)."""
    from benchmarks._arguments import check_choice
    from evals.studies.baselines import baseline_tables
    from ratings.instruments.indie_value import DIMENSIONS

    names = [check_choice("dimension", name, DIMENSIONS) for name in dimensions]
    click.echo("reading people and looking for those who resemble them ...", err=True)
    try:
        tables = baseline_tables(data, survey, seed, names, questions)
    except DataMissingError as error:
        raise DataMissingError(f"{error}; or take simulated people: --data sample") from error
    if as_json:
        click.echo(json.dumps(json_object(tables.as_json()), indent=2, allow_nan=False))
        return
    _print(tables, make_console())


def _print(tables: "BaselineTables", console: Console) -> None:
    from evals.reports.indie_value import SYNTHETIC

    if tables.synthetic:
        console.print(f"[bold yellow]{SYNTHETIC}[/bold yellow]")
    console.print(
        f"{tables.survey}: {how_many(tables.people, 'people')} held out, {tables.training} to "
        f"learn from, "
        f"seed {tables.seed}"
    )
    compared = {"all": "all 214 questions outside a probe set", "shown": "the 200 questions shown"}
    console.print(f"resemble compares people on {compared[tables.questions]}")
    if tables.filled:
        console.print(f"{tables.filled} of them beyond the shares, where a continent had too few")
    console.print(_forms_table(tables.rows))
    console.print(_by_k_table(tables.by_k))
    console.print(
        f"best on these people: k={tables.best}; chosen on the people it is measured on, "
        f"so a little too good"
    )


def _forms_table(rows: Sequence["BaselineRow"]) -> Table:
    """A row a baseline and form, a column a probe set, with intervals."""
    table = Table(
        title="Table 3: accuracy in per cent, 95% intervals",
        title_justify="left",
        padding=(0, 0, 0, 1),
    )
    table.add_column("baseline")
    table.add_column("form")
    for column in ("probe 1", "probe 2", "probe 3", "mean"):
        table.add_column(column, justify="right", no_wrap=True)
    for row in rows:
        for form in FORMS:
            cells = [_cell(row.accuracy[f"{form} {name}"]) for name in ("1", "2", "3", "mean")]
            table.add_row(row.name if form == FORMS[0] else "", form, *cells)
        table.add_row("", "both", "", "", "", _cell(row.accuracy["mean"]), end_section=True)
    return table


def _cell(found: "Estimate") -> str:
    ends = "" if math.isnan(found.low) else f"\n{100 * found.low:.1f}-{100 * found.high:.1f}"
    return f"{100 * found.value:.2f}{ends}"


def _by_k_table(rows: Sequence["BaselineRow"]) -> Table:
    table = Table(
        title="Table 17: resemble, by number of people", title_justify="left", padding=(0, 0, 0, 1)
    )
    table.add_column("people")
    for column in rows[0].accuracy:
        table.add_column(column.replace(" ", "\n"), justify="right", no_wrap=True)
    for row in rows:
        table.add_row(row.name, *(number(100 * found.value) for found in row.accuracy.values()))
    return table
