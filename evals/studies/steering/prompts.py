"""System prompts that steer towards one value, or trait, at a time."""

from importlib import resources
from pathlib import Path

from evals.studies.system_prompts.prompts import (
    SystemPrompt,
    load_system_prompts,
    parse_system_prompts,
)
from ratings.errors import DataError, unknown_name
from ratings.input.prompt_template import fill
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
        MalformedFileError: when it is not one of definitions.
        UnknownNameError: for a family or value that there is not; names the nearest.
        DataError: for less than two values.
    """
    if definitions is None:
        shipped = resources.files("evals.studies.steering") / "definitions.yaml"
        found = parse_system_prompts(shipped.read_text(encoding="utf-8"), "definitions.yaml")
    else:
        found = load_system_prompts(definitions)
    template = TEMPLATES[family]
    return [
        SystemPrompt(
            one.name, one.grouping, fill(template, {"name": one.name, "definition": one.text})
        )
        for one in _of_family(found, family, definitions)
    ]


def given_prompts(family: str, path: Path) -> list[SystemPrompt]:
    """The prompts of a file of one's own, by family and value; raises as `defined_prompts` does."""
    return _of_family(load_system_prompts(path), family, path)


def _of_family(prompts: list[SystemPrompt], family: str, path: Path | None) -> list[SystemPrompt]:
    """The prompts of a family in the order of its values; every name in the file is checked."""
    for one in prompts:
        if one.grouping not in STEERABLE:
            raise DataError(f"{path}: {unknown_name('family', one.grouping, STEERABLE)}")
        if one.name not in FAMILIES[one.grouping]:
            known = FAMILIES[one.grouping]
            raise DataError(f"{path}: {unknown_name(f'name in {one.grouping}', one.name, known)}")
    mine = sorted(
        (one for one in prompts if one.grouping == family),
        key=lambda one: FAMILIES[family].index(one.name),
    )
    if len(mine) < 2:
        there = f"only {mine[0].name}" if mine else "none"
        raise DataError(f"{path}: steering needs two prompts of {family} or more, found {there}")
    return mine
