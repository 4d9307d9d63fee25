"""System prompts that steer towards one value, or trait, at a time."""

from importlib import resources
from pathlib import Path

from evals.studies.system_prompts.prompts import (
    SystemPrompt,
    load_system_prompts,
    parse_system_prompts,
)
from ratings.errors import unknown_name
from ratings.input.prompt_template import fill
from ratings.input.strict_files import MalformedFileError
from ratings.instruments.dimensions import FAMILIES

STEERABLE = ("schwartz", "big_five")
# Our own wording, with the parts of Value Portrait's Appendix I.2 in the same order: what the model
# is told of itself, the name of the value, and the value with its definition.
TEMPLATES = {
    "schwartz": (
        "**About You**: What matters to you is {name}.\nWhat the value means:\n"
        "- {name}: {definition}"
    ),
    "big_five": (
        "**About You**: What marks you is {name}.\nWhat the trait means:\n- {name}: {definition}"
    ),
}


def defined_prompts(family: str, definitions: Path | None = None) -> list[SystemPrompt]:
    """A prompt for each value of a family, its definition put in our template.

    Args:
        family: `schwartz` or `big_five`.
        definitions: a YAML file of definitions by family and value; None for ours.

    Raises:
        DataMissingError: when there is no such file.
        MalformedFileError: when it is not one of definitions, names a family or value that there
            is not (says the nearest), or has less than two of the family.
    """
    if definitions is None:
        shipped = resources.files("evals.studies.steering") / "definitions.yaml"
        origin = "definitions.yaml"
        found = parse_system_prompts(shipped.read_text(encoding="utf-8"), origin)
    else:
        origin = str(definitions)
        found = load_system_prompts(definitions)
    template = TEMPLATES[family]
    return [
        SystemPrompt(
            one.name, one.grouping, fill(template, {"name": one.name, "definition": one.text})
        )
        for one in _of_family(found, family, origin)
    ]


def given_prompts(family: str, path: Path) -> list[SystemPrompt]:
    """The prompts of a file of one's own, by family and value; raises as `defined_prompts` does."""
    return _of_family(load_system_prompts(path), family, str(path))


def _of_family(prompts: list[SystemPrompt], family: str, origin: str) -> list[SystemPrompt]:
    """The prompts of a family in the order of its values; every name in the file is checked."""
    for one in prompts:
        if one.grouping not in STEERABLE:
            raise MalformedFileError(origin, unknown_name("family", one.grouping, STEERABLE))
        known = FAMILIES[one.grouping]
        if one.name not in known:
            message = unknown_name(f"name in {one.grouping}", one.name, known)
            raise MalformedFileError(origin, message, "unknown_name")
    mine = sorted(
        (one for one in prompts if one.grouping == family),
        key=lambda one: FAMILIES[family].index(one.name),
    )
    if len(mine) < 2:
        there = f"only {mine[0].name}" if mine else "none"
        raise MalformedFileError(origin, f"needs two prompts of {family} or more, found {there}")
    return mine
