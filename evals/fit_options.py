"""Options that commands which fit decoders share."""

import click

ratings_option = click.option(
    "--data",
    "data_name",
    required=True,
    help="Name of a data set, or the path of one's own ratings (.csv, .parquet or a folder), or "
    "their address on the Hugging Face hub (hf://owner/name).",
)
recipe_option = click.option(
    "--recipe", required=True, help="Name of a recipe, or the path of one's own (.yaml)."
)
seed_option = click.option(
    "--seed",
    default=0,
    show_default=True,
    type=click.IntRange(0),
    help="Of the split of the raters and of the training.",
)
save_every_option = click.option(
    "--save-every",
    default=200,
    show_default=True,
    type=click.IntRange(1),
    help="Steps after which to save where the training stands.",
)
jobs_option = click.option(
    "--jobs",
    type=click.IntRange(1),
    help="Fits at a time; as many as there are processors, if not said.",
)
