"""Options that commands which fit decoders share."""

import click

from decoders.language_model.training.recipes import RECIPES
from evals.cli.shared_options.completions import (
    completing,
    recipe_names,
    representation_names,
    set_names,
)

KINDS = (
    "none, demographics, demographics:COLUMN, examples:N, examples:max, profile:RUN, measured, "
    "measured:QUESTIONNAIRE, groundtruth, cluster:K, shuffled(ANY), or several joined with +"
)
SETS = (
    "planted (simulated), value_portrait_humans, opinionqa_w92, hatespeech_kumar, dices_990, "
    "valueprism, habermas_likert, prism_chat, opinionqa_w27, prism_replies"
)
ratings_option = click.option(
    "--data",
    "data_name",
    required=True,
    shell_complete=completing(set_names, files=True),
    help=f"One of {SETS}, or the path of one's own ratings (.csv, .parquet or a folder), or their "
    "address on the Hugging Face hub (hf://owner/name).",
)
recipe_option = click.option(
    "--recipe",
    required=True,
    shell_complete=completing(recipe_names, files=True),
    help=f"One of {', '.join(RECIPES)}, or the path of one's own (.yaml).",
)
representation_option = click.option(
    "--representation",
    required=True,
    shell_complete=completing(representation_names),
    help=f"What to give about a rater: {KINDS}.",
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
    help="Steps after which to save the state of the training.",
)
jobs_option = click.option(
    "--jobs",
    type=click.IntRange(1),
    help="Fits at a time; as many as there are processors, if not said.",
)
