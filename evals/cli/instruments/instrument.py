"""`valuegauge instrument`: the group of its commands."""

import click

from evals.cli.instruments.tables import tables


@click.group()
def instrument() -> None:
    """What Value Portrait's instrument is made of."""


instrument.add_command(tables)
