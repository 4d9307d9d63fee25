"""`valuegauge decoders`: train language models as decoders, and what follows from them."""

import click

from evals.decoders_free_text import free_text
from evals.decoders_grid import grid
from evals.decoders_init import init
from evals.decoders_reasoner import reasoner
from evals.decoders_soup import soup
from evals.decoders_train import train


@click.group()
def decoders() -> None:
    """Train language models to predict what raters choose (extra: decoders)."""


decoders.add_command(grid)
decoders.add_command(train)
decoders.add_command(init)
decoders.add_command(soup)
decoders.add_command(reasoner)
decoders.add_command(free_text)
