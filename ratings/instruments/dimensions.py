"""The psychological dimensions that Value Portrait scores, in fixed order and spelling."""

from collections.abc import Sequence

from ratings.errors import unknown_name

# The order of Schwartz's circle: neighbours are compatible, opposite values conflict.
SCHWARTZ = (
    "Universalism",
    "Benevolence",
    "Conformity",
    "Tradition",
    "Security",
    "Power",
    "Achievement",
    "Hedonism",
    "Stimulation",
    "Self-Direction",
)
HIGHER_ORDER = (
    "Self-Transcendence",
    "Conservation",
    "Self-Enhancement",
    "Openness to Change",
)
BIG_FIVE = (
    "Openness",
    "Conscientiousness",
    "Extraversion",
    "Agreeableness",
    "Neuroticism",
)
FAMILIES: dict[str, tuple[str, ...]] = {
    "schwartz": SCHWARTZ,
    "higher_order": HIGHER_ORDER,
    "big_five": BIG_FIVE,
}
ALL_DIMENSIONS = SCHWARTZ + HIGHER_ORDER + BIG_FIVE

_FROM_SOURCE = {
    name.replace("-", "_").replace(" ", "_").casefold(): name for name in ALL_DIMENSIONS
}


def dimension_name(source_name: str) -> str:
    """Our spelling of a dimension that a source writes with underscores.

    >>> dimension_name("Self_Direction"), dimension_name("Openness_to_Change")
    ('Self-Direction', 'Openness to Change')

    Raises:
        UnknownNameError: for a name that is not one of the 19 dimensions.
    """
    key = source_name.replace("-", "_").replace(" ", "_").casefold()
    if key not in _FROM_SOURCE:
        raise unknown_name("dimension", source_name, ALL_DIMENSIONS)
    return _FROM_SOURCE[key]


def dimensions_of(families: Sequence[str]) -> tuple[str, ...]:
    """All dimensions of some families, in the fixed order.

    Raises:
        UnknownNameError: for a name that is not one of the three families.
    """
    for family in families:
        if family not in FAMILIES:
            raise unknown_name("dimensions", family, FAMILIES)
    return tuple(name for family in FAMILIES if family in families for name in FAMILIES[family])
