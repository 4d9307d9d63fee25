"""Options that commands on the survey share."""

import click

data_option = click.option(
    "--data", default="official", show_default=True, help="official, or sample."
)
survey_option = click.option("--survey", help="The survey's CSV file; else VALUEGAUGE_WVS is read.")
seed_option = click.option(
    "--seed",
    default=0,
    show_default=True,
    type=click.IntRange(0, 2**32 - 1),
    help="Of the people held out and the statements shown.",
)
