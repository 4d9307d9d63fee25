"""What is known of models: family, size, whether they reason, and what they were made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field

from ratings.errors import DataError, unknown_name
from ratings.input.strict_files import Flag, Number, StrictFields, Text, read_yaml
from ratings.instruments.value_portrait import recording_of


def _listed(given: object) -> object:
    """One name as a list of one."""
    return [given] if isinstance(given, str) else given


_SHIPPED = Path(__file__).with_name("models.yaml")


@dataclass(frozen=True)
class ModelTag(StrictFields):
    """What is known of a model.

    Attributes:
        family: models that differ in their size alone.
        size: in billions of parameters.
        reasoning: whether it reasons before it answers.
        base: the same without reasoning, or the models whose mean it is compared with.
    """

    family: Text | None = None
    size: Annotated[Number, Field(gt=0)] | None = None
    reasoning: Flag = False
    base: Annotated[tuple[Text, ...], BeforeValidator(_listed)] = ()

    def __post_init__(self) -> None:
        """Refuse a size without a family, and a base of what does not reason.

        Raises:
            DataError: says what to give.
        """
        if (self.size is None) != (self.family is None):
            raise DataError("'family' and 'size' go together")
        if self.base and not self.reasoning:
            raise DataError("'base' is of a model with 'reasoning: true'")


Tags = Mapping[str, ModelTag]


def printed_variances() -> Mapping[str, float]:
    """The column Var of the paper's Table 8, by model."""
    return read_yaml(_SHIPPED.with_name("table_8.yaml"), dict[str, float])


@lru_cache
def shipped_tags() -> Tags:
    """Of the models in the tables of the Value Portrait paper, by the names that it prints."""
    return read_yaml(_SHIPPED, dict[str, ModelTag])


def read_tags(path: Path) -> Tags:
    """Tags from a file: model -> {family, size, reasoning, base}.

    Raises:
        DataError: names the file and the line; a base that is not in the file is refused.
    """
    found = read_yaml(path, dict[str, ModelTag])
    for name, tag in found.items():
        for base in tag.base:
            if base not in found:
                error = unknown_name("base", base, [one for one in found if one != name])
                raise DataError(f"{path}: {name}: {error}")
            if base == name:
                raise DataError(f"{path}: {name}: a model is not its own base")
    return found


def tagged_name(rater: str, tags: Tags) -> str | None:
    """The name under which a model is tagged; None where it is not.

    The whole name, that without the provider, and the paper's name of a recording are tried.

    >>> tagged_name("openrouter/qwen/qwq-32b", {"qwq-32b": ModelTag(reasoning=True)})
    'qwq-32b'
    """
    short = rater.rsplit("/", 1)[-1]
    for name in (rater, short):
        if name in tags:
            return name
    return next((name for name in tags if recording_of(name) in (rater, short)), None)
