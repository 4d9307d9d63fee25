"""A suite's file as parts that know their line, so that an error names it.

Nothing is passed over: a key that nobody reads, a key that is listed twice and a value of another
kind are errors.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from ratings.errors import DataError, unknown_name

Plain = str | int | float | bool | None
_PLAIN = (str, int, float, bool, type(None))


class SuiteError(DataError):
    """A suite that cannot be read as one: the message says where and what."""


class Part:
    """A value of a suite's file and where it stands.

    Attributes:
        value: as YAML reads it.
        place: its path in the file, such as `tasks[1].arguments`.
        line: counted from 1.
    """

    def __init__(
        self,
        loader: yaml.SafeLoader,
        node: yaml.Node,
        origin: str,
        place: str = "",
        key: yaml.Node | None = None,
    ) -> None:
        """A node of a file, with the node of its key where it has one."""
        self._loader, self._node, self._origin = loader, node, origin
        self.place = place
        self.line = (key or node).start_mark.line + 1
        self.value: Any = loader.construct_object(node, deep=True)

    def error(self, told: object) -> SuiteError:
        """The error for this part."""
        named = f"{self.place}: " if self.place else ""
        return SuiteError(f"{self._origin}, line {self.line}: {named}{told}")

    def fields(self, required: Iterable[str], optional: Iterable[str] = ()) -> dict[str, "Part"]:
        """The parts of a mapping with known keys.

        Raises:
            SuiteError: for another kind of value, a key that is unknown, or one that is missing.
        """
        parts = self.entries()
        required = list(required)
        known = [*required, *optional]
        for name, part in parts.items():
            if name not in known:
                raise part.error(unknown_name("key", name, known))
        for name in required:
            if name not in parts:
                raise self.error(f"missing key {name!r}")
        return parts

    def entries(self) -> dict[str, "Part"]:
        """The parts of a mapping, whatever its keys.

        Raises:
            SuiteError: for another kind of value.
        """
        if not isinstance(self._node, yaml.MappingNode):
            raise self.error(f"must be a mapping, found {self.value!r}")
        prefix = f"{self.place}." if self.place else ""
        return {
            key.value: Part(self._loader, node, self._origin, f"{prefix}{key.value}", key)
            for key, node in self._node.value
        }

    def items(self) -> list["Part"]:
        """The parts of a list with something in it.

        Raises:
            SuiteError: for another kind of value, or an empty list.
        """
        if not isinstance(self._node, yaml.SequenceNode):
            raise self.error(f"must be a list, found {self.value!r}")
        if not self._node.value:
            raise self.error("the list is empty; leave it out or put something in")
        return [
            Part(self._loader, node, self._origin, f"{self.place}[{place}]")
            for place, node in enumerate(self._node.value)
        ]

    def text(self) -> str:
        """A text that is not empty.

        Raises:
            SuiteError: for anything else.
        """
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.error(f"must be text, found {self.value!r}")
        return self.value

    def whole_number(self, low: int) -> int:
        """A whole number from `low` on.

        Raises:
            SuiteError: for anything else.
        """
        if type(self.value) is not int or self.value < low:
            raise self.error(f"must be a whole number from {low}, found {self.value!r}")
        return self.value

    def plain(self) -> Plain | list[Plain]:
        """A text, a number, true or false, null, or a list of these: what an argument can be.

        Raises:
            SuiteError: for anything else, such as a date.
        """
        values = self.value if isinstance(self.value, list) else [self.value]
        for value in values:
            if not isinstance(value, _PLAIN):
                raise self.error(
                    f"must be text, a number, true or false, or a list of these, found {value!r}; "
                    f"put text in quotes"
                )
        found: Plain | list[Plain] = self.value
        return found

    def named(self, what: str, allowed: Iterable[str]) -> str:
        """One of some names.

        Raises:
            SuiteError: for anything else; names the nearest.
        """
        names = list(allowed)
        if self.value not in names:
            raise self.error(unknown_name(what, self.value, names))
        return str(self.value)


def read_parts(text: str, origin: str) -> Part:
    """The parts of a suite's text.

    Args:
        text: the whole file.
        origin: how messages name it.

    Raises:
        SuiteError: when it is not YAML, holds nothing, or has a key twice.
    """
    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        if node is None:
            raise SuiteError(f"{origin} holds nothing")
        _refuse_odd_keys(node, origin, set())
        return Part(loader, node, origin)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f", line {mark.line + 1}" if mark else ""
        raise SuiteError(f"{origin}{line}: not valid YAML: {error.problem}") from error
    except (yaml.YAMLError, ValueError) as error:  # odd characters; a date that does not exist
        raise SuiteError(f"{origin}: not valid YAML: {' '.join(str(error).split())}") from error


def as_json_key(value: Mapping[str, Any]) -> str:
    """Arguments as one text, the same for the same arguments in any order."""
    return json.dumps(value, sort_keys=True, default=str)


def _refuse_odd_keys(node: yaml.Node, origin: str, seen: set[int]) -> None:
    """Refuse keys that are listed twice, keys that are not text, and parts that hold themselves."""
    if id(node) in seen:  # an alias of what was looked at
        return
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        for entry in node.value:
            _refuse_odd_keys(entry, origin, seen)
    elif isinstance(node, yaml.MappingNode):
        keys: set[str] = set()
        for key, value in node.value:
            line = f"{origin}, line {key.start_mark.line + 1}"
            if not isinstance(key, yaml.ScalarNode) or key.tag != "tag:yaml.org,2002:str":
                raise SuiteError(f"{line}: a key must be text; put {_shown(key)} in quotes")
            if key.value in keys:
                raise SuiteError(f"{line}: the key {key.value!r} is listed twice")
            keys.add(key.value)
            _refuse_odd_keys(value, origin, seen)


def _shown(node: yaml.Node) -> str:
    return str(node.value) if isinstance(node, yaml.ScalarNode) else "it"
