"""Checks of task arguments, so that a wrong one ends the run in one line."""

from collections.abc import Callable, Iterable, Mapping
from inspect import signature

from ratings.errors import DataError, unknown_name


def argument_names(task: Callable[..., object]) -> list[str]:
    """The arguments of a task, in the order of its signature, without its `**unknown`."""
    parameters = signature(task).parameters.values()
    return [one.name for one in parameters if one.kind is not one.VAR_KEYWORD]


def check_no_unknown(unknown: Mapping[str, object], task: Callable[..., object]) -> None:
    """Refuse arguments that a task takes up in `**unknown`, because it has none of that name.

    Raises:
        UnknownNameError: names the allowed ones, nearest first.
    """
    for name in unknown:
        raise unknown_name("task argument", name, argument_names(task))


def check_choice(argument: str, value: object, allowed: Iterable[str]) -> str:
    """One of some names.

    Raises:
        UnknownNameError: for anything else.
    """
    names = list(allowed)
    if value not in names:
        raise unknown_name(f"value for {argument}", value, names)
    return str(value)


def check_choices(argument: str, value: object, allowed: Iterable[str]) -> tuple[str, ...]:
    """Some of some names, in their fixed order: a list, a text with commas, or `all`.

    Raises:
        UnknownNameError: for a name that is not allowed.
        DataError: for an empty list.
    """
    names = list(allowed)
    if value == "all":
        return tuple(names)
    given = value.split(",") if isinstance(value, str) else value
    if not isinstance(given, list | tuple) or not given:
        raise DataError(f"{argument} must be 'all' or a list of: {', '.join(names)}")
    wanted = [check_choice(argument, str(name).strip(), names) for name in given]
    return tuple(name for name in names if name in wanted)


def check_text(argument: str, value: object) -> str | None:
    """A text, or None. Inspect's command line cuts a text at its commas: they are put back.

    Raises:
        DataError: for what the command line read as something else than text.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list | tuple) and all(isinstance(part, str) for part in value):
        return ",".join(value)
    raise DataError(
        f"{argument} must be text, found {value!r}; put it in quotes of its own: "
        f"-T '{argument}=\"...\"'"
    )


def check_number(argument: str, value: object, low: float, high: float) -> float:
    """A number between two ends.

    Raises:
        DataError: for anything else.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise DataError(f"{argument} must be a number from {low:g} to {high:g}, found {value!r}")
    return float(value)


def check_whole_number(argument: str, value: object, low: int, high: int) -> int:
    """A whole number between two ends.

    Raises:
        DataError: for anything else.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise DataError(f"{argument} must be a whole number from {low} to {high}, found {value!r}")
    return value


def check_flag(argument: str, value: object) -> bool:
    """True or false.

    Raises:
        DataError: for anything else.
    """
    if not isinstance(value, bool):
        raise DataError(f"{argument} must be true or false, found {value!r}")
    return value
