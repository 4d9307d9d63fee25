"""`valuegauge study participants`: who took part, what they did and what they wrote."""

import json
from pathlib import Path

import click

from evals.cli.shared_options.prism import (
    out_folder,
    out_option,
    people_option,
    seed_option,
)
from ratings.output.console import make_console


@click.command()
@click.option(
    "--data",
    default="published",
    show_default=True,
    help="published, sample (made up), a folder with the JSON-lines files of PRISM, the name of a "
    "rating data set, or the path of your own ratings.",
)
@people_option
@click.option(
    "--replicates",
    default=1_000,
    show_default=True,
    type=click.IntRange(20),
    help="Resamples of people for intervals.",
)
@seed_option
@out_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def participants(
    data: str,
    people: int | None,
    replicates: int,
    seed: int,
    out: Path | None,
    as_json: bool,
) -> int:
    """Who took part, where they come from, what they did and what they wrote."""
    from evals.studies.findings import findings_json, show_findings, write_findings
    from evals.studies.participants.settings import ParticipantSettings
    from evals.studies.participants.study import study_of

    settings = ParticipantSettings(replicates=replicates, seed=seed)
    facts, found = study_of(data, settings, people)
    folder = out_folder(out, "participants", data)
    write_findings(folder, "participants", facts, found)
    for note in facts["notes"]:
        click.echo(note, err=True)
    click.echo(f"wrote {folder / 'participants.json'}, tables and pictures beside it", err=True)
    if as_json:
        click.echo(json.dumps(findings_json(facts, found), indent=2, allow_nan=False))
    else:
        console = make_console()
        if facts["synthetic"]:
            console.print("[bold yellow]Made-up people: a sample.[/bold yellow]")
        show_findings(found, console)
    return 0
