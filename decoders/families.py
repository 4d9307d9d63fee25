"""The predictive families, by name: the embedded one, and a language model for each recipe."""

from collections.abc import Callable, Mapping
from functools import partial

from decoders.family import Family
from decoders.language_model.training.recipes import RECIPES, recipe_named
from ratings.errors import unknown_name


def _embedded() -> Family:
    from decoders.embedded.family import EmbeddedFamily

    return EmbeddedFamily()


def _language_model(name: str) -> Family:
    from decoders.extra import require_extra

    require_extra()
    from decoders.language_model.family import LanguageModelFamily

    return LanguageModelFamily(recipe_named(name))


# Made when asked for, so that nothing heavy is imported for a name.
FAMILIES: Mapping[str, Callable[[], Family]] = {
    "default": _embedded,
    **{name: partial(_language_model, name) for name in RECIPES},
}


def family_named(name: str) -> Family:
    """The family of that name: `default`, a recipe, or a recipe's file (`.yaml`).

    Raises:
        UnknownNameError: when no family has that name.
        DataError: when the file is not a valid recipe, or the extra is not installed.
    """
    if name.endswith((".yaml", ".yml")):
        return _language_model(name)
    if name not in FAMILIES:
        raise unknown_name("family", name, FAMILIES)
    return FAMILIES[name]()
