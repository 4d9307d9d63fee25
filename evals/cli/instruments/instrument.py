"""`valuegauge instrument`: the group of its commands."""

import click

from evals.cli.instruments.tables import tables
from evals.cli.instruments.tags import tags


@click.group()
def instrument() -> None:
    """What Value Portrait's instrument is made of."""


instrument.add_command(tables)
instrument.add_command(tags)
