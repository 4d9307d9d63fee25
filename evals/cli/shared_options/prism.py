"""What the studies of PRISM share on the command line: options, data, and what is printed."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ratings.output.console import make_console
from ratings.sources.locations import resolve_from_start

if TYPE_CHECKING:
    from evals.studies.findings import Finding
    from ratings.prism.container import Prism

data_option = click.option(
    "--data",
    default="published",
    show_default=True,
    help="published, sample (made up), or a folder with the four JSON-lines files.",
)
people_option = click.option(
    "--people",
    type=click.IntRange(4),
    help="How many people a sample has. Default: its usual size.",
)
seed_option = click.option(
    "--seed",
    default=0,
    show_default=True,
    type=click.IntRange(0, 2**32 - 1),
    help="Of a sample and of all draws.",
)
out_option = click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder of tables, pictures and JSON. Default: studies/STUDY/DATA.",
)


def out_folder(out: Path | None, study: str, data: str) -> Path:
    """The folder that a study writes to, refused before any work where it cannot.

    Raises:
        DataError: when it is a file or cannot be written to.
    """
    from evals.studies.findings import check_folder

    name = re.sub(r"[^\w.-]+", "-", data).strip("-.") or "data"
    folder = resolve_from_start(str(out or Path("studies") / study / name))
    check_folder(folder)
    return folder


def check_people(data: str, people: int | None) -> None:
    """Refuse a number of people for data that are as they are."""
    from ratings.prism.prism import SAMPLE

    if people is not None and data != SAMPLE:
        raise click.UsageError(f"--people is of a sample: use it with --data {SAMPLE}")


def load_data(data: str, people: int | None, seed: int) -> "Prism":
    """PRISM as the options say; what its reader noticed goes to standard error."""
    from ratings.output.text import one_line
    from ratings.prism.prism import load_prism

    check_people(data, people)
    prism = load_prism(data, seed=seed, people=people)
    for note in prism.notes:
        click.echo(one_line(note), err=True)
    return prism


def give_findings(
    folder: Path,
    facts: Mapping[str, Any],
    findings: "Sequence[Finding]",
    as_json: bool,
    made_up: str = "Made-up people and models",
) -> None:
    """Write what a study found, then print it as tables or as JSON."""
    from evals.studies.findings import findings_json, show_findings, write_findings

    study = facts["study"]
    write_findings(folder, study, facts, findings)
    click.echo(f"wrote {folder / study}.json, tables and pictures beside it", err=True)
    if as_json:
        click.echo(json.dumps(findings_json(facts, findings), indent=2, allow_nan=False))
        return
    console = make_console()
    if facts["synthetic"]:
        console.print(f"[bold yellow]{made_up}: a sample.[/bold yellow]")
    show_findings(findings, console)
