"""What the studies of PRISM share on the command line: which data, and of how many people."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
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
