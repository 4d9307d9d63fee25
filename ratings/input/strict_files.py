"""YAML and JSON that a user gives, read strictly: what is wrong is named with its file and line.

A file's shape is a dataclass that inherits from `StrictFields`, checked by pydantic. Its texts are
`str`, or `Text` where they must not be blank; its numbers and flags are `Whole`, `Number` and
`Flag`, so that `true` is not taken for 1, nor "3" for 3.
"""

import json
import re
import reprlib
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, is_dataclass, replace
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, TypeVar, cast, get_args, get_type_hints

import yaml
from pydantic import AfterValidator, AllowInfNan, ConfigDict, Strict, TypeAdapter, ValidationError

from ratings.errors import DataError, UnknownNameError

T = TypeVar("T")
Location = tuple[str | int, ...]


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must be text that is not blank")
    return text


Whole = Annotated[int, Strict()]
Number = Annotated[float, Strict(), AllowInfNan(False)]
Flag = Annotated[bool, Strict()]
Text = Annotated[str, AfterValidator(_not_blank)]

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MERGE, _TEXT = "tag:yaml.org,2002:merge", "tag:yaml.org,2002:str"
# What the constructors of PyYAML raise for a value that its tag does not fit.
_NOT_YAML = (yaml.YAMLError, ValueError, LookupError, AttributeError, TypeError, OverflowError)
# A character of JSON in two escapes, which YAML does not have.
_PAIR = re.compile(r"\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}")
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
        code: what kind of fault it is: `unreadable`, `encoding`, `empty`, `syntax`, `repeated_key`,
            `key_not_text`, `unknown_key`, `unknown_name`, `version`, `rule` for what the kind of
            file demands beyond types, or pydantic's type of error, such as `missing`.
    """

    def __init__(
        self,
        file: str,
        message: object,
        code: str = "rule",
        line: int | None = None,
        key: str = "",
    ) -> None:
        """What is wrong, in one line."""
        self.file, self.line, self.key, self.code = file, line, key, code
        self._given = (file, str(message), code, line, key)
        where = file if line is None else f"{file} line {line}"
        super().__init__(" ".join(f"{where}: {f'{key}: ' if key else ''}{message}".split()))

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        """From one process to another, as fits in parallel raise it."""
        return type(self), self._given


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
        location: of the value in the file, where it is a part.
    """

    value: Any
    file: str
    line_of: Callable[[Location], int | None]
    location: Location = ()

    @property
    def key(self) -> str:
        """The path of the value in the file, such as `tasks[1].arguments`."""
        return _path(self.location)

    @property
    def line(self) -> int | None:
        """Where the value is in the file, counted from 1."""
        return self.line_of(self.location)

    def part(self, *steps: str | int) -> "Document":
        """A part of the value."""
        value = self.value
        for step in steps:
            value = value[step]
        return replace(self, value=value, location=(*self.location, *steps))

    def check(self, kind: type[T], strict: bool | None = None) -> T:
        """The value as an instance of a type: a dataclass with `StrictFields`, or a container.

        Args:
            kind: the type.
            strict: whether pydantic converts nothing, where the type does not say it itself.

        Raises:
            MalformedFileError: for a key that is unknown (names the nearest) or missing, and for a
                value of another kind.
        """
        try:
            shape: Any = kind  # mypy takes a type for unhashable
            return cast("T", _adapter(shape).validate_python(self.value, strict=strict))
        except DataError as error:  # of a dataclass's own
            raise self.error((), error) from error
        except ValidationError as error:
            # a misspelt key is also a missing one: the misspelt one says more
            found = error.errors(include_url=False)
            first = min(found, key=lambda one: one["type"] not in _UNKNOWN)
            location = tuple(step for step in first["loc"] if step != "[key]")
            if first["type"] == "missing":
                raise self.error(
                    location[:-1], f"missing key {location[-1]!r}", "missing"
                ) from None
            raise self.error(location, _message(first, kind, location), _code(first)) from None

    def error(
        self, location: Location, message: object, code: str | None = None
    ) -> MalformedFileError:
        """The error for the value at a location of this part."""
        whole = (*self.location, *location)
        code = code or ("unknown_name" if isinstance(message, UnknownNameError) else "rule")
        return MalformedFileError(self.file, message, code, self.line_of(whole), _path(whole))


def read_text(path: Path) -> str:
    """The text of a file in UTF-8, with or without a byte-order mark.

    Raises:
        MalformedFileError: when it cannot be read or is not UTF-8.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise MalformedFileError(
            str(path), f"cannot be read: {error.strerror}", "unreadable"
        ) from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise MalformedFileError(str(path), "is not UTF-8 text", "encoding", line) from error


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
            raise MalformedFileError(file, "the file is empty", "empty")
        _refuse_odd_keys(root, file)
        value = loader.construct_object(root, deep=True)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        raise MalformedFileError(
            file, f"not valid YAML: {error.problem}", "syntax", line
        ) from error
    except RecursionError:
        raise MalformedFileError(file, "not valid YAML: nested too deeply", "syntax") from None
    except _NOT_YAML as error:
        raise MalformedFileError(file, f"not valid YAML: {error}", "syntax") from error
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
        raise MalformedFileError(file, "the file is empty", "empty")
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise MalformedFileError(
            file, f"not valid JSON: {error.msg}", "syntax", error.lineno
        ) from error
    except RecursionError:
        raise MalformedFileError(file, "not valid JSON: nested too deeply", "syntax") from None
    except _RepeatedKeyError as error:
        if root := _json_as_yaml(text):
            _refuse_odd_keys(root, file)  # which knows the line
        raise MalformedFileError(file, f"the key {error} is listed twice", "repeated_key") from None
    except ValueError as error:  # NaN; a number with thousands of digits
        raise MalformedFileError(file, f"not valid JSON: {error}", "syntax") from error

    def line_of(location: Location) -> int | None:
        root = _json_as_yaml(text)
        return _line_in_yaml(root, location) if root else None

    return Document(value, file, line_of)


def read_yaml(path: Path, kind: type[T]) -> T:
    """A YAML file as an instance of a type.

    Raises:
        MalformedFileError: as `read_text`, `parse_yaml` and `Document.check` do.
    """
    return parse_yaml(read_text(path), str(path)).check(kind)


def read_versioned_json(path: Path, kind: type[T], version: int) -> T:
    """A JSON file that says its `version` as an instance of a type.

    Raises:
        MalformedFileError: as `read_text`, `parse_json` and `Document.check` do, and for another
            version.
    """
    document = parse_json(read_text(path), str(path))
    found = document.check(dict[str, Any])
    if "version" not in found:
        raise document.error((), "missing key 'version'", "missing")
    made = found.pop("version")
    if made != version:
        raise document.error(
            ("version",), f"is {reprlib.repr(made)}; this reads {version}", "version"
        )
    return replace(document, value=found).check(kind)


def _path(location: Location) -> str:
    steps = (f"[{one}]" if isinstance(one, int) else f".{one}" for one in location)
    return "".join(steps).lstrip(".")


@lru_cache
def _adapter(kind: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(cast("Any", kind))


def _code(error: Mapping[str, Any]) -> str:
    kind = str(error["type"])
    if isinstance(error.get("ctx", {}).get("error"), UnknownNameError):
        return "unknown_name"
    return "unknown_key" if kind in _UNKNOWN else "rule" if kind == "value_error" else kind


def _message(error: Mapping[str, Any], kind: object, location: Location) -> str:
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
            kind = next(one for one in reversed(get_args(kind)) if one not in (type(None), ...))
            steps = steps if optional else steps[1:]
    return list(_fields(kind))


def _fields(kind: Any) -> dict[str, Any]:  # noqa: ANN401 - a dataclass
    """The types of a dataclass's fields by their keys."""
    types, marked = get_type_hints(kind), get_type_hints(kind, include_extras=True)
    found = {}
    for name in kind.__dataclass_fields__:
        marks = getattr(marked[name], "__metadata__", ())
        key = next((mark.alias for mark in marks if getattr(mark, "alias", None)), name)
        found[key] = types[name]
    return found


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
                    named = key.value if isinstance(key.value, str) else "it"
                    message = f"a key must be text; put {named} in quotes"
                    raise MalformedFileError(file, message, "key_not_text", line)
                if key.value in keys:
                    raise MalformedFileError(
                        file, f"the key {key.value!r} is listed twice", "repeated_key", line
                    )
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
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _RepeatedKeyError(repr(name))
        found[name] = value
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number of JSON")


def _json_as_yaml(text: str) -> yaml.Node | None:
    """JSON as the YAML that it nearly is, for the lines; None where it is not."""
    try:
        return _LOADER(_PAIR.sub(lambda pair: json.loads(f'"{pair[0]}"'), text)).get_single_node()
    except (yaml.YAMLError, ValueError):
        return None
