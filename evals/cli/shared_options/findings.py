"""What studies share on the command line: where they write, and how what they found is given."""

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

# What synthetic items are headed with: those of this package, and those that somebody built.
MADE_UP_ITEMS = "Made-up items: a sample."
UNRATED = "SYNTHETIC SAMPLE: nobody rated these items."
SIMULATED_RATERS = "Simulated raters: nobody rated these items."
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


def give_findings(
    folder: Path,
    facts: Mapping[str, Any],
    findings: "Sequence[Finding]",
    as_json: bool,
    made_up: str = "Made-up people and models: a sample.",
) -> None:
    """Write what a study found, then print it as tables or as JSON.

    Args:
        folder: to write to.
        facts: settings of the study.
        findings: in the order of a reader.
        as_json: print JSON.
        made_up: what synthetic data are, printed with them.
    """
    from evals.studies.findings import findings_json, show_findings, write_findings

    study = facts["study"]
    write_findings(folder, study, facts, findings)
    click.echo(f"wrote {folder / study}.json, tables and pictures beside it", err=True)
    if as_json:
        click.echo(json.dumps(findings_json(facts, findings), indent=2, allow_nan=False))
        return
    show_findings(findings, make_console(), made_up if facts["synthetic"] else "")
