"""`valuegauge study groups`: how well people of each demographic group are read."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

import click

from evals.cli.shared_options.survey import data_option, seed_option, survey_option
from ratings.output.atomic_write import write_whole
from ratings.output.console import make_console
from ratings.output.csv_text import table_csv
from ratings.sources.locations import resolve_from_start

BASELINE_NAMES = ("random", "majority", "resemble", "demographics")


@click.command()
@click.argument("logs", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--baseline",
    type=click.Choice(BASELINE_NAMES),
    help="A baseline instead of logs: resemble with 24 people, demographics by country.",
)
@data_option
@survey_option
@click.option(
    "--form", default="polar", show_default=True, help="Of a baseline's statements: polar, refined."
)
@seed_option
@click.option(
    "--dimension", "dimensions", multiple=True, help="Whose groups; may be repeated. Default: all."
)
@click.option(
    "--least",
    default=10,
    show_default=True,
    type=click.IntRange(2),
    help="People that a group needs; smaller ones are named and have no accuracy.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder of table and picture. Default: studies/groups/READER.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def groups(
    logs: Sequence[Path],
    baseline: str | None,
    data: str,
    survey: str | None,
    form: str,
    seed: int,
    dimensions: Sequence[str],
    least: int,
    out: Path | None,
    as_json: bool,
) -> int:
    """Accuracies by group of people, and what a second run adds (Figures 4, 8, 10 to 20).

    LOGS is a log of indie_value, or two: the second is compared with the first on the samples that
    both have.
    """
    if (baseline is None) == (not logs) or len(logs) > 2:
        raise click.UsageError("name one log, two logs, or --baseline")
    from benchmarks._arguments import check_choice
    from evals.studies.groups import group_report, groups_of_logs, read_by_baseline
    from evals.studies.groups_show import draw_groups, show_groups
    from ratings.instruments.indie_value import CARDS, DIMENSIONS, FORMS

    names = [check_choice("dimension", name, DIMENSIONS) for name in dimensions] or [*DIMENSIONS]
    if baseline is None:
        paths = [resolve_from_start(str(path)) for path in logs]
        report = groups_of_logs(paths, names, least, seed)
    else:
        check_choice("data", data, CARDS)
        check_choice("form", form, FORMS)
        read = read_by_baseline(baseline, data, survey, seed, form)
        report = group_report([read], names, least, seed=seed)
    name = re.sub(r"[^\w.-]+", "-", "_".join(report.readers)).strip("-")
    folder = resolve_from_start(str(out or Path("studies") / "groups" / name))
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / "groups.csv", table_csv(report.table()))
    draw_groups(report, folder / "groups.png")
    click.echo(f"wrote {folder / 'groups'}.csv and .png", err=True)
    if as_json:
        click.echo(json.dumps(report.as_json(), indent=2, allow_nan=False))
    else:
        show_groups(report, make_console())
    return 0
