"""The predictive families, by name."""

from collections.abc import Callable, Mapping

from decoders.family import Family
from ratings.errors import unknown_name


def _embedded() -> Family:
    from decoders.embedded.family import EmbeddedFamily

    return EmbeddedFamily()


# Made when asked for, so that nothing heavy is imported for a name.
FAMILIES: Mapping[str, Callable[[], Family]] = {"default": _embedded}


def family_named(name: str) -> Family:
    """The family of that name.

    Raises:
        UnknownNameError: for none.
    """
    if name not in FAMILIES:
        raise unknown_name("family", name, FAMILIES)
    return FAMILIES[name]()
