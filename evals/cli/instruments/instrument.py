"""`valuegauge instrument`: the group of its commands."""

import click

from evals.cli.instruments.build import build
from evals.cli.instruments.tables import tables
from evals.cli.instruments.tags import tags
from evals.cli.instruments.texts import texts


@click.group()
def instrument() -> None:
    """What an instrument is made of, and how one is made."""


instrument.add_command(build)
instrument.add_command(tables)
instrument.add_command(tags)
instrument.add_command(texts)
