"""`valuegauge decoders`: train language models as decoders, and what follows from them."""

import click

from evals.decoders_train import train


@click.group()
def decoders() -> None:
    """Train language models to predict what raters choose (extra: decoders)."""


decoders.add_command(train)
