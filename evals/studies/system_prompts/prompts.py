"""System prompts in one strict YAML file, each with its name and its grouping."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from ratings.errors import DataMissingError
from ratings.input.strict_files import Text, parse_yaml, read_text

_Grouping = Annotated[dict[Text, Text], Field(min_length=1)]
_File = Annotated[dict[Text, _Grouping], Field(min_length=1)]


@dataclass(frozen=True)
class SystemPrompt:
    """A system prompt.

    Attributes:
        name: of what it plays or steers towards, such as `Male`.
        grouping: what it is one of, such as `Gender`.
        text: sent as written.
    """

    name: str
    grouping: str
    text: str

    @property
    def label(self) -> str:
        """Name with grouping, for messages."""
        return f"{self.grouping}: {self.name}"


def load_system_prompts(path: Path) -> list[SystemPrompt]:
    """The system prompts of a YAML file, in its order: `{Gender: {Male: text, ...}, ...}`.

    Raises:
        DataMissingError: when there is no file at the path.
        MalformedFileError: for what is not such a mapping, a blank text or name, a name that is
            listed twice in its grouping, or two prompts with one text: they are one run.
    """
    if not path.is_file():
        raise DataMissingError(f"there is no file of system prompts at {path}")
    return parse_system_prompts(read_text(path), str(path))


def parse_system_prompts(text: str, origin: str) -> list[SystemPrompt]:
    """Read system prompts from the text of a file, as `load_system_prompts` does.

    Args:
        text: the whole file.
        origin: where the text comes from, for messages.
    """
    document = parse_yaml(text, origin)
    prompts: dict[str, SystemPrompt] = {}
    for grouping, named in document.check(_File).items():
        for name, each in named.items():
            prompt = SystemPrompt(name, grouping, each)
            if each in prompts:
                other = prompts[each].label
                raise document.error((grouping, name), f"has the same text as {other}")
            prompts[each] = prompt
    return list(prompts.values())


def prompts_sha256(prompts: Sequence[SystemPrompt]) -> str:
    """The sha256 of the names and texts of prompts in their order."""
    parts = [part for one in prompts for part in (one.grouping, one.name, one.text)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
