"""`valuegauge study participants`: who took part, what they did and what they wrote."""

from pathlib import Path

import click

from evals.cli.shared_options.findings import give_findings, out_folder, out_option, seed_option
from evals.cli.shared_options.prism import check_people, people_option


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
    from evals.studies.participants.settings import ParticipantSettings
    from evals.studies.participants.study import study_of

    check_people(data, people)
    folder = out_folder(out, "participants", data)
    settings = ParticipantSettings(replicates=replicates, seed=seed)
    facts, found = study_of(data, settings, people)
    for note in facts["notes"]:
        click.echo(note, err=True)
    give_findings(folder, facts, found, as_json, made_up="Made-up people: a sample.")
    return 0
