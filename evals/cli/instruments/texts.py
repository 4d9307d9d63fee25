"""`valuegauge instrument texts`: queries that were kept, or responses that were written."""

import json
from pathlib import Path

import click

from evals.exit_codes import INCOMPLETE


@click.command()
@click.argument("log", type=click.Path(path_type=Path))
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="CSV to write: queries for write_responses, or items for instrument build.",
)
@click.option(
    "--fewest-values",
    type=click.IntRange(0, 10),
    help="Keep queries that engage at least so many values.",
)
@click.option("--top", type=click.IntRange(1), help="Keep so many queries that engage most values.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def texts(log: Path, out: Path, fewest_values: int | None, top: int | None, as_json: bool) -> int:
    """Write what LOG, a run of filter_queries or write_responses, made, for the next step.

    Exit code 4 when the run is not complete.
    """
    from evals.instruments.texts import read_texts
    from ratings.output.atomic_write import write_whole
    from ratings.output.csv_text import table_csv
    from ratings.sources.locations import resolve_from_start

    found = read_texts(resolve_from_start(str(log)), fewest_values, top)
    write_whole(resolve_from_start(str(out)), table_csv(found.frame))
    rows = found.stages.to_dict("records")
    first = rows[0]["remaining"]
    if as_json:
        report = {"log": log.name, "model": found.run.model, "unit": found.unit, "stages": rows}
        click.echo(json.dumps({**report, "kept": len(found.frame)}, indent=2))
    else:
        click.echo(f"{len(found.frame)} of {first} {found.unit} are kept.")
        for row in rows:
            click.echo(f"  {row['stage']}: removed {row['removed']}, {row['remaining']} left")
    click.echo(f"wrote {out}", err=True)
    return 0 if found.run.complete else INCOMPLETE
