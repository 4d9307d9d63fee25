"""`valuegauge decoders`: train language models as decoders, and what follows from them."""

import click

from evals.decoders_reasoner import reasoner


@click.group()
def decoders() -> None:
    """Train language models to predict what raters choose (extra: decoders)."""


decoders.add_command(reasoner)
