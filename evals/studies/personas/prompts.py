"""The personas that a model plays."""

from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from evals.studies.system_prompts.prompts import (
    SystemPrompt,
    load_system_prompts,
    parse_system_prompts,
)
from ratings.errors import unknown_name


def load_personas(path: Path | None = None, groupings: Sequence[str] = ()) -> list[SystemPrompt]:
    """The personas of a file, or ours; of some groupings or of all.

    Args:
        path: a YAML file `{Gender: {Male: text, ...}, ...}`; None for ours.
        groupings: names, upper or lower case; all by default.

    Raises:
        DataMissingError, MalformedFileError: as `load_system_prompts` does.
        UnknownNameError: for a grouping that the file does not have.
    """
    if path is None:
        shipped = resources.files("evals.studies.personas") / "personas.yaml"
        found = parse_system_prompts(shipped.read_text(encoding="utf-8"), "personas.yaml")
    else:
        found = load_system_prompts(path)
    names = {one.grouping.casefold(): one.grouping for one in found}
    for name in groupings:
        if name.casefold() not in names:
            raise unknown_name("grouping of personas", name, names.values())
    wanted = {name.casefold() for name in groupings} or set(names)
    return [one for one in found if one.grouping.casefold() in wanted]
