"""`valuegauge decoders init`: a tiny model to start several trainings from."""

from pathlib import Path

import click

from decoders.language_model.training.recipes import RECIPES
from evals.cli.shared_options.completions import completing, recipe_names, set_names
from ratings.sources.locations import resolve_from_start


@click.command()
@click.option(
    "--recipe",
    required=True,
    shell_complete=completing(recipe_names, files=True),
    help=f"One of {', '.join(name for name in RECIPES if name.startswith('tiny-'))}.",
)
@click.option(
    "--data",
    "names",
    required=True,
    multiple=True,
    shell_complete=completing(set_names, files=True),
    help="A data set, or the path of one's own ratings, whose texts the tokenizer learns; "
    "more than one may be given.",
)
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder for the model.")
@click.option(
    "--seed", default=0, show_default=True, type=click.IntRange(0), help="Of the weights."
)
def init(recipe: str, names: tuple[str, ...], out: Path, seed: int) -> int:
    """Write a tiny model with random weights and one tokenizer for all of the data.

    Decoders that start from it can be averaged. Beside it lies a recipe that starts from it.
    """
    from decoders.extra import require_extra

    require_extra()
    from decoders.language_model.base import write_base
    from decoders.language_model.training.recipes import recipe_named
    from ratings.data_sets.instances import instances_of
    from ratings.data_sets.registry import load_data_set

    found = recipe_named(recipe)
    folder = resolve_from_start(str(out))
    data = []
    for name in names:
        one, notes = load_data_set(name)
        data.append(one)
        for note in notes:
            click.echo(f"{one.name}: {note}", err=True)
    path = write_base(found, [instances_of(one) for one in data], folder, seed)
    click.echo(f"model written to {folder}; train from it with --recipe {path}", err=True)
    return 0
