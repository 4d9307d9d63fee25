"""`valuegauge decoders`: train language models as decoders, and what follows from them."""

import click

from evals.cli.decoders.free_text import free_text
from evals.cli.decoders.grid import grid
from evals.cli.decoders.init import init
from evals.cli.decoders.reasoner import reasoner
from evals.cli.decoders.soup import soup
from evals.cli.decoders.train import train


@click.group()
def decoders() -> None:
    """Train language models to predict what raters choose (extra: decoders)."""


decoders.add_command(grid)
decoders.add_command(train)
decoders.add_command(init)
decoders.add_command(soup)
decoders.add_command(reasoner)
decoders.add_command(free_text)
