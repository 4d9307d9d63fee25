"""The instruments of the benchmarks, by name."""

from ratings.errors import unknown_name
from ratings.instruments.tables import Instrument
from scorers.scores.manifests import manifests, named_object


def instrument(name: str, data: str = "official") -> Instrument:
    """The items of an instrument with their texts, choices and tags.

    Args:
        name: `value_portrait`, whose items are tagged with the dimensions that they correlate
            with (r above 0.3, p below .05), or `indie_value`, whose questions are of a category
            and have statements for choices, in a coarse form (`polar`) and a fine one (`refined`).
        data: `official`, of which files must be at hand or are downloaded, or `sample`, which
            ships with the package.

    Raises:
        UnknownNameError: for another name, or other data; names the allowed ones.
        DataError: when files are missing or changed.
    """
    functions = {one.name: one.instrument for one in manifests().values() if one.instrument}
    if name not in functions:
        raise unknown_name("instrument", name, functions)
    found: Instrument = named_object(functions[name])(data)
    return found
