"""`valuegauge study`: questions that several runs answer, as a table and a picture."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Table

from evals.cells import number
from evals.survey_options import data_option, seed_option, survey_option
from ratings.errors import DataError
from ratings.locations import resolve_from_start
from ratings.whole_file import written_aside

if TYPE_CHECKING:
    import pandas as pd

INCOMPLETE = 4
NAMES = ("demonstrations", "forms", "categories")


@click.command()
@click.argument("name", metavar="STUDY", type=click.Choice(NAMES))
@click.option("--model", required=True, help="Who answers, as Inspect names it.")
@data_option
@survey_option
@click.option(
    "--people",
    default=800,
    show_default=True,
    type=click.IntRange(1, 800),
    help="How many people to ask about.",
)
@click.option(
    "--probe",
    default="all",
    show_default=True,
    type=click.Choice(["1", "2", "3", "all"]),
    help="Which probe sets to ask.",
)
@seed_option
@click.option("--max-connections", type=click.IntRange(1), help="Calls at a time.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder of logs, table and picture; the same folder goes on where it stopped. "
    "Default: studies/STUDY/MODEL.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the table as JSON.")
def study(
    name: str,
    model: str,
    data: str,
    survey: str | None,
    people: int,
    probe: str,
    seed: int,
    max_connections: int | None,
    out: Path | None,
    as_json: bool,
) -> int:
    """Run or resume STUDY of indie_value: demonstrations, forms or categories."""
    from benchmarks._arguments import check_choice
    from evals.indie_value_studies import STUDIES
    from evals.study import run_study
    from ratings.indie_value import CARDS

    check_choice("data", data, CARDS)
    chosen = STUDIES[name]
    folder = resolve_from_start(str(out or Path("studies") / name / _folder_name(model)))
    if folder.is_file():
        raise DataError(f"{folder} is a file; --out needs a folder")
    common: dict[str, Any] = {"data": data, "people": people, "probe": probe, "seed": seed}
    if survey is not None:
        common["survey"] = survey
    variations = chosen.variations(data)
    reports = run_study(variations, common, model, folder / "logs", max_connections)
    missing = [v.label for v in variations if v.label not in reports]
    missing += [label for label, report in reports.items() if not report.complete]
    if missing:
        click.echo(
            f"study {name}: {len(missing)} of {len(variations)} runs are not complete "
            f"({', '.join(missing)}); the same command goes on with them",
            err=True,
        )
        return INCOMPLETE
    table = chosen.table(reports)
    first = next(iter(reports.values()))
    note = "simulated people, " if first.synthetic else ""
    title = f"{model}: {chosen.what}\n{note}{len(first.answers.people)} people"
    _write_aside(folder / f"{name}.csv", table)
    chosen.draw(table, title, folder / f"{name}.png")
    click.echo(f"wrote {folder / name}.csv and .png", err=True)
    if as_json:
        rows = json.loads(table.reset_index().to_json(orient="records"))
        click.echo(json.dumps(rows, indent=2))
    else:
        _print(table, title)
    return 0


def _folder_name(model: str) -> str:
    return re.sub(r"[^\w.-]+", "-", model).strip("-")


def _write_aside(path: Path, table: "pd.DataFrame") -> None:
    with written_aside(path) as aside:
        table.to_csv(aside)


def _print(table: "pd.DataFrame", title: str) -> None:
    console = Console()
    if "asked" in table.columns:
        _print_square(table, title, console)
        return
    printed = Table(title=title, title_justify="left", padding=(0, 0, 0, 1))
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
    return (
        f"{row['difference']:+.2f} to {row['against']}\n"
        f"{row['difference low']:.1f} to {row['difference high']:.1f}, p {row['p']:.3f}"
    )


def _print_square(table: "pd.DataFrame", title: str, console: Console) -> None:
    """A row a category shown, a column a category asked, both by number, to fit a terminal."""
    from evals.indie_value_studies import square

    wide = square(table)
    console.print(title)
    for place, name in enumerate(wide.columns, start=1):
        console.print(f"{place:>3} {name}", highlight=False)
    printed = Table(box=None, padding=(0, 0, 0, 1))
    printed.add_column("shown", justify="right")
    for place in range(1, len(wide.columns) + 1):
        printed.add_column(str(place), justify="right", no_wrap=True)
    for place, row in enumerate(wide.to_numpy().tolist(), start=1):
        printed.add_row(str(place), *(number(cell, 1) for cell in row))
    console.print(printed)
