"""What the shell completes: names, or files, that arguments and options take."""

from collections.abc import Callable, Iterable

import click
from click.shell_completion import CompletionItem

Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def completing(names: Callable[[], Iterable[str]], *, files: bool = False) -> Complete:
    """A click completion of names, asked for only while the shell completes.

    Args:
        names: all of them.
        files: whether a path is taken too.
    """

    def complete(
        context: click.Context, parameter: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Names that start like what was typed; after a comma, the last of several."""
        before, comma, typed = incomplete.rpartition(",")
        found = [CompletionItem(before + comma + n) for n in names() if n.startswith(typed)]
        return [*found, CompletionItem(incomplete, type="file")] if files else found

    return complete


def card_names() -> list[str]:
    """The ids of the data cards."""
    from ratings.sources.cards import card_ids

    return list(card_ids())


def set_names() -> list[str]:
    """The data sets of ratings."""
    from ratings.data_sets.registry import data_set_names

    return list(data_set_names())


def benchmark_names() -> list[str]:
    """The benchmarks."""
    from scorers.scores.manifests import manifests

    return sorted(manifests())


def family_names() -> list[str]:
    """The predictive families."""
    from decoders.families import FAMILIES

    return list(FAMILIES)


def recipe_names() -> list[str]:
    """The recipes that language models are trained by."""
    from decoders.language_model.training.recipes import RECIPES

    return list(RECIPES)


def representation_names() -> list[str]:
    """The kinds of representations, with the colon of those that need something behind it."""
    from ratings.representations.names import KINDS, NEEDS_ARGUMENT

    return [f"{kind}:" if kind in NEEDS_ARGUMENT else kind for kind in KINDS]
