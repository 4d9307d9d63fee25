"""Options that commands on PRISM share."""

import re
from pathlib import Path

import click

from ratings.sources.locations import resolve_from_start

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
    """The folder that a study writes to."""
    name = re.sub(r"[^\w.-]+", "-", data).strip("-.") or "data"
    return resolve_from_start(str(out or Path("studies") / study / name))
