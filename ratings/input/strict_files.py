"""YAML and JSON that a user gives, read strictly: what is wrong is named with its file and line.

A file's shape is a dataclass that inherits from `StrictFields`, checked by pydantic. Text is `str`;
numbers and flags are `Whole`, `Number` and `Flag`, so that `true` is not taken for 1 nor "3" for 3.
"""

import json
import re
import reprlib
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, is_dataclass, replace
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, TypeVar, cast, get_args, get_type_hints

import yaml
from pydantic import AllowInfNan, ConfigDict, Strict, TypeAdapter, ValidationError

from ratings.errors import DataError

T = TypeVar("T")
Location = tuple[str | int, ...]

Whole = Annotated[int, Strict()]
Number = Annotated[float, Strict(), AllowInfNan(False)]
Flag = Annotated[bool, Strict()]

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MERGE, _TEXT = "tag:yaml.org,2002:merge", "tag:yaml.org,2002:str"
# What the constructors of PyYAML raise for a value that its tag does not fit.
_NOT_YAML = (yaml.YAMLError, ValueError, LookupError, AttributeError, TypeError, OverflowError)
_TOKEN = re.compile(r'(?P<key>"(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[][{},]|[^][{},\s"]+')
_QUOTED = re.compile(r"'([^']*)'")
_UNKNOWN = ("unexpected_keyword_argument", "extra_forbidden")
_KINDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a mapping",
    "mapping_type": "a mapping",
    "dataclass_type": "a mapping",
}


class MalformedFileError(DataError):
    """A file that is not what it should be.

    Attributes:
        file: as messages name it.
        line: counted from 1; None where it is not known.
        key: path of the value in the file, such as `tasks[1].arguments`; empty for the whole file.
    """

    def __init__(self, file: str, message: object, line: int | None = None, key: str = "") -> None:
        """What is wrong, in one line."""
        self.file, self.line, self.key = file, line, key
        where = file if line is None else f"{file} line {line}"
        super().__init__(" ".join(f"{where}: {f'{key}: ' if key else ''}{message}".split()))


class StrictFields:
    """A dataclass whose fields are all the keys that a file may have."""

    __pydantic_config__ = ConfigDict(extra="forbid")


@dataclass(frozen=True, eq=False)
class Document:
    """What a file holds.

    Attributes:
        value: mappings, lists, texts, numbers, flags and None; from YAML also dates.
        file: how messages name the file.
        line_of: the line of the value at a location, or of the nearest part that holds it.
    """

    value: Any
    file: str
    line_of: Callable[[Location], int | None]

    def check(self, kind: type[T]) -> T:
        """The value as an instance of a type: a dataclass with `StrictFields`, or a container.

        Raises:
            MalformedFileError: for a key that is unknown (names the nearest) or missing, and for a
                value of another kind.
        """
        try:
            shape: Any = kind  # mypy takes a type for unhashable
            return cast("T", _adapter(shape).validate_python(self.value))
        except DataError as error:  # of a dataclass's own
            raise self.error((), error) from error
        except ValidationError as error:
            # a misspelt key is also a missing one: the misspelt one says more
            found = [
                (tuple(step for step in one["loc"] if step != "[key]"), one)
                for one in error.errors(include_url=False)
            ]
            location, first = min(
                found, key=lambda one: (one[1]["type"] not in _UNKNOWN, self.line_of(one[0]) or 0)
            )
            if first["type"] == "missing":
                *parent, name = location
                raise self.error(tuple(parent), f"missing key {name!r}") from None
            raise self.error(location, _told(first, kind, location)) from None

    def error(self, location: Location, message: object) -> MalformedFileError:
        """The error for the value at a location."""
        key = "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in location)
        return MalformedFileError(self.file, message, self.line_of(location), key.lstrip("."))


def read_text(path: Path) -> str:
    """The text of a file in UTF-8, with or without a byte-order mark.

    Raises:
        MalformedFileError: when it cannot be read or is not UTF-8.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise MalformedFileError(str(path), f"cannot be read: {error.strerror}") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise MalformedFileError(str(path), "is not UTF-8 text", line) from error


def parse_yaml(text: str, file: str) -> Document:
    """What a text in YAML holds; keys must be text and differ.

    Args:
        text: the whole file.
        file: how messages name it.

    Raises:
        MalformedFileError: when it is not valid YAML, or holds nothing.
    """
    try:
        loader = _LOADER(text)
        root = loader.get_single_node()
        if root is None:
            raise MalformedFileError(file, "the file is empty")
        _refuse_odd_keys(root, file)
        value = loader.construct_object(root, deep=True)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        raise MalformedFileError(file, f"not valid YAML: {error.problem}", line) from error
    except RecursionError:
        raise MalformedFileError(file, "not valid YAML: nested too deeply") from None
    except _NOT_YAML as error:
        raise MalformedFileError(file, f"not valid YAML: {error}") from error
    return Document(value, file, lambda location: _line_in_yaml(root, location))


def parse_json(text: str, file: str) -> Document:
    """What a text in JSON holds; keys must differ, and numbers be finite.

    Args:
        text: the whole file.
        file: how messages name it.

    Raises:
        MalformedFileError: when it is not valid JSON, or holds nothing.
    """
    if not text.strip():
        raise MalformedFileError(file, "the file is empty")
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise MalformedFileError(file, f"not valid JSON: {error.msg}", error.lineno) from error
    except RecursionError:
        raise MalformedFileError(file, "not valid JSON: nested too deeply") from None
    except _RepeatedKeyError:
        raise _repeated(text, file) from None
    except ValueError as error:  # NaN; a number with thousands of digits
        raise MalformedFileError(file, f"not valid JSON: {error}") from error
    return Document(value, file, lambda location: _line_in_json(text, location))


def read_yaml(path: Path, kind: type[T]) -> T:
    """A YAML file as an instance of a type.

    Raises:
        MalformedFileError: as `read_text`, `parse_yaml` and `Document.check` do.
    """
    return parse_yaml(read_text(path), str(path)).check(kind)


def read_json(path: Path, kind: type[T]) -> T:
    """A JSON file as an instance of a type.

    Raises:
        MalformedFileError: as `read_text`, `parse_json` and `Document.check` do.
    """
    return parse_json(read_text(path), str(path)).check(kind)


def read_versioned_json(path: Path, kind: type[T], version: int) -> T:
    """A JSON file that says its `version` as an instance of a type.

    Raises:
        MalformedFileError: as `read_json` does, and for another version.
    """
    document = parse_json(read_text(path), str(path))
    found = document.check(dict[str, Any])
    if "version" not in found:
        raise document.error((), "missing key 'version'")
    made = found.pop("version")
    if made != version:
        raise document.error(("version",), f"is {reprlib.repr(made)}; this reads {version}")
    return replace(document, value=found).check(kind)


@lru_cache
def _adapter(kind: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(cast("Any", kind))


def _told(error: Mapping[str, Any], kind: object, location: Location) -> str:
    """What is wrong with a value, from pydantic's error."""
    if error["type"] in _UNKNOWN:
        return f"unknown key{_hint(str(location[-1]), _keys(kind, location[:-1]))}"
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    found = reprlib.repr(error["input"])
    if error["type"] == "literal_error":
        return f"found {found}{_hint(error['input'], _QUOTED.findall(error['msg']))}"
    if error["type"] in _KINDS:
        return f"must be {_KINDS[error['type']]}, found {found}"
    return f"{error['msg'].replace('Input should be', 'must be')}, found {found}"


def _hint(name: object, allowed: list[str]) -> str:
    close = get_close_matches(str(name), allowed, n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; allowed: {', '.join(allowed)}"


def _keys(kind: Any, location: Location) -> list[str]:  # noqa: ANN401 - a type
    """The keys that the mapping at a location of a type has."""
    steps = list(location)
    while steps or not is_dataclass(kind):
        if is_dataclass(kind):
            kind = _fields(kind)[str(steps.pop(0))]
        else:
            optional = type(None) in get_args(kind)
            kind = [one for one in get_args(kind) if one not in (type(None), ...)][-1]
            steps = steps if optional else steps[1:]
    return list(_fields(kind))


def _fields(kind: Any) -> dict[str, Any]:  # noqa: ANN401 - a dataclass
    """The types of a dataclass's fields by their keys."""
    types, marked = get_type_hints(kind), get_type_hints(kind, include_extras=True)
    return {
        next((m.alias for m in getattr(marked[name], "__metadata__", ()) if _renames(m)), name): of
        for name, of in types.items()
        if name in kind.__dataclass_fields__
    }


def _renames(mark: object) -> bool:
    return getattr(mark, "alias", None) is not None


def _refuse_odd_keys(root: yaml.Node, file: str) -> None:
    """Refuse keys that are listed twice or are not text."""
    nodes, seen = [root], set()
    while nodes:
        node = nodes.pop()
        if id(node) in seen:  # by an alias
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            nodes += node.value
        elif isinstance(node, yaml.MappingNode):
            keys: set[str] = set()
            for key, value in node.value:
                line = key.start_mark.line + 1
                if key.tag not in (_TEXT, _MERGE):
                    named = f"put {key.value} in quotes" if isinstance(key.value, str) else "found"
                    raise MalformedFileError(file, f"a key must be text: {named}", line)
                if key.value in keys:
                    raise MalformedFileError(file, f"the key {key.value!r} is listed twice", line)
                keys.add(key.value)
                nodes.append(value)


def _line_in_yaml(node: yaml.Node, location: Location) -> int:
    line = node.start_mark.line
    for step in location:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line
            continue
        pairs = node.value if isinstance(node, yaml.MappingNode) else []
        found = next((pair for pair in pairs if pair[0].value == step), None)
        if found is None:
            break
        line, node = found[0].start_mark.line, found[1]
    return int(line) + 1


class _RepeatedKeyError(ValueError):
    pass


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _RepeatedKeyError
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number of JSON")


def _places(text: str) -> Iterator[tuple[Location, int]]:
    """The location of each value of valid JSON, and the offset of its key or of itself."""
    location: list[str | int] = []
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if mark in "]}":
            location.pop()
        elif mark == ",":
            if isinstance(location[-1], int):
                location[-1] += 1
        elif token["key"]:
            location[-1] = json.loads(token["key"])
            yield tuple(location), token.start()
        else:
            if location and isinstance(location[-1], int):
                yield tuple(location), token.start()
            if mark in "{[":
                location.append("" if mark == "{" else 0)


def _line_in_json(text: str, location: Location) -> int:
    for end in range(len(location), 0, -1):
        for found, start in _places(text):
            if found == location[:end]:
                return text.count("\n", 0, start) + 1
    return 1


def _repeated(text: str, file: str) -> MalformedFileError:
    places = list(_places(text))
    seen = Counter(location for location, _ in places)
    location, start = [one for one in places if seen[one[0]] > 1][-1]
    line = text.count("\n", 0, start) + 1
    return MalformedFileError(file, f"the key {location[-1]!r} is listed twice", line)
