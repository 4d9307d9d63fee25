import json
import pickle
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from ratings.input.strict_files import (
    Document,
    Flag,
    MalformedFileError,
    Number,
    StrictFields,
    Text,
    Whole,
    parse_json,
    parse_yaml,
    read_text,
    read_versioned_json,
    read_yaml,
)


@dataclass(frozen=True)
class Part(StrictFields):
    count: Whole
    weight: Number = 1.0
    flag: Flag = False
    kind: Literal["good", "bad"] = "good"


@dataclass(frozen=True)
class Thing(StrictFields):
    name: Text
    parts: tuple[Part, ...] = ()
    by: Mapping[str, Part | None] = field(default_factory=dict)
    renamed: Annotated[Part | None, Field(alias="as")] = None


YAML = """name: a  # of it
parts:
  - count: 1
  - count: 2
    weight: 3
by:
  x: {count: 1}
  y: null
as: {count: 4}
"""
JSON = json.dumps(yaml.safe_load(YAML), indent=1)
READERS = [(parse_yaml, YAML), (parse_json, JSON)]
KINDS = ["yaml", "json"]


def refused(read: Callable[[], object]) -> MalformedFileError:
    """The error, which is one line that starts with the file."""
    with pytest.raises(MalformedFileError) as caught:
        read()
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(caught.value.file)
    return caught.value


@pytest.mark.parametrize(("parse", "text"), READERS, ids=KINDS)
def test_a_file_is_read_as_its_type(parse: Callable[..., Document], text: str):
    found = parse(text, "a").check(Thing)
    one = Part(1)
    assert found == Thing("a", (one, Part(2, 3.0)), {"x": one, "y": None}, Part(4))
    assert isinstance(found.parts[1].weight, float)


@pytest.mark.parametrize(
    ("old", "new", "key", "code", "shown"),
    [
        ("count: 2", "cuont: 2", "parts[1].cuont", "unknown_key", "'count'"),
        (
            "count: 2",
            "size: 2",
            "parts[1].size",
            "unknown_key",
            "allowed: count, weight, flag, kind",
        ),
        ("  x: {count", "  x: {cuont", "by.x.cuont", "unknown_key", "'count'"),
        ("as: {count", "as: {cuont", "as.cuont", "unknown_key", "'count'"),
        ("as: ", "ass: ", "ass", "unknown_key", "'as'"),
        ("as: ", "renamed: ", "renamed", "unknown_key", "'name'"),
        ("count: 2", "weight: 2", "", "repeated_key", "'weight'"),
        ("count: 2", "flag: true", "parts[1]", "missing", "'count'"),
        ("count: 2", "count: true", "parts[1].count", "int_type", "True"),
        ("count: 2", "count: '2'", "parts[1].count", "int_type", "'2'"),
        ("count: 2", "count: 2.0", "parts[1].count", "int_type", "2.0"),
        ("count: 2", "count:", "parts[1].count", "int_type", "None"),
        ("weight: 3", "weight: true", "parts[1].weight", "float_type", "True"),
        ("weight: 3", "weight: '3'", "parts[1].weight", "float_type", "'3'"),
        ("weight: 3", "weight: .nan", "parts[1].weight", "finite_number", "nan"),
        ("weight: 3", "weight: -.inf", "parts[1].weight", "finite_number", "-inf"),
        ("weight: 3", "flag: 1", "parts[1].flag", "bool_type", "1"),
        ("weight: 3", "kind: god", "parts[1].kind", "literal_error", "'good'"),
        ("weight: 3", "kind: [good]", "parts[1].kind", "literal_error", "['good']"),
        ("name: a", "name: 1", "name", "string_type", "1"),
        ("name: a", "name: 2024-01-01", "name", "string_type", "datetime.date(2024, 1, 1)"),
        ("name: a", "name: ''", "name", "rule", "not blank"),
        ("  y: null", "  y: [1]", "by.y", "dataclass_type", "[1]"),
        ("  x: {count: 1}", "  1: {count: 1}", "", "key_not_text", "1"),
        ("  x: {count: 1}", "  no: {count: 1}", "", "key_not_text", "no"),
        ("  x: {count: 1}", "  ? [a]\n  : 1", "", "key_not_text", "it"),
    ],
)
def test_what_is_wrong_is_named_with_its_line_and_key(
    old: str, new: str, key: str, code: str, shown: str
):
    assert old in YAML
    error = refused(lambda: parse_yaml(YAML.replace(old, new), "a.yaml").check(Thing))
    assert error.code == code
    assert shown in str(error)
    line = YAML[: YAML.index(old)].count("\n") + 1
    assert (error.file, error.key) == ("a.yaml", key)
    assert error.line == line + (code == "repeated_key")


@pytest.mark.parametrize(
    ("old", "new", "key", "code", "shown"),
    [
        ('"count": 2', '"cuont": 2', "parts[1].cuont", "unknown_key", "'count'"),
        ('"count": 2', '"weight": 2', "", "repeated_key", "'weight'"),
        ('"count": 2', '"count": true', "parts[1].count", "int_type", "True"),
        (
            '"count": 2',
            '"count": 2, "kind": "[x}\\",: "',
            "parts[1].kind",
            "literal_error",
            "allowed: good, bad",
        ),
        ('"weight": 3', '"weight": 1e999', "parts[1].weight", "finite_number", "inf"),
        ('"y": null', '"y": 1', "by.y", "dataclass_type", "1"),
    ],
)
def test_json_has_lines_too(old: str, new: str, key: str, code: str, shown: str):
    assert old in JSON
    text = JSON.replace(old, new)
    error = refused(lambda: parse_json(text, "a.json").check(Thing))
    assert error.code == code
    assert shown in str(error)
    wrong = '"weight": 3' if code == "repeated_key" else new[:8]
    assert (error.file, error.key) == ("a.json", key)
    assert wrong in text.splitlines()[(error.line or 0) - 1]


@pytest.mark.parametrize(
    ("text", "line", "code", "shown"),
    [
        ("", None, "empty", ""),
        ("# nothing\n", None, "empty", ""),
        ("a: 1\nb: [", 3, "syntax", ""),
        ("a: 1\n---\nb: 2", 2, "syntax", ""),
        ("a: *b", 1, "syntax", ""),
        ("a: &b [*b]", 1, "syntax", ""),
        ("a: !!python/object:os.system x", 1, "syntax", ""),
        ("a: !!timestamp x", None, "syntax", ""),
        ("a: !!bool x", None, "syntax", ""),
        ("a: !!int ''", None, "syntax", ""),
        ("a: 2024-13-45", None, "syntax", ""),
        ("a: " + "9" * 5000, None, "syntax", ""),
        ("a: \x00", None, "syntax", ""),
        ("a: \ud800", None, "syntax", ""),
        ("[" * 100_000, 1, "syntax", ""),
        ("[" * 900 + "]" * 900, None, "syntax", ""),
    ],
)
def test_what_is_not_yaml_is_refused(text: str, line: int | None, code: str, shown: str):
    error = refused(lambda: parse_yaml(text, "a.yaml"))
    assert error.code == code
    assert shown in str(error)
    assert error.line == line


@pytest.mark.parametrize(
    ("text", "line", "code", "shown"),
    [
        ("", None, "empty", ""),
        (" \n", None, "empty", ""),
        ('{"a": 1,\n"b": }', 2, "syntax", ""),
        ('{"a": 1}\n{"a": 1}', 2, "syntax", ""),
        ('{"a": NaN}', None, "syntax", ""),
        ('{"a": -Infinity}', None, "syntax", ""),
        ('{"a": ' + "9" * 5000 + "}", None, "syntax", ""),
        ("[" * 100_000 + "]" * 100_000, None, "syntax", ""),
        ('{"a": {"b": 1,\n"c": 1,\n"b": 2}}', 3, "repeated_key", "'b'"),
        ('{"a": 1, "a": 1} ]', None, "repeated_key", "'a'"),
        ('{"\\ud83d\\ude00": 1,\n"\\ud83d\\ude00": 1}', 2, "repeated_key", "'😀'"),
        ('[{"a": {"b": 1},\n"a": {"b": 1}}]', 2, "repeated_key", "'a'"),
        ('{"a": "\x00"}', 1, "syntax", ""),
    ],
)
def test_what_is_not_json_is_refused(text: str, line: int | None, code: str, shown: str):
    error = refused(lambda: parse_json(text, "a.json"))
    assert error.code == code
    assert shown in str(error)
    assert error.line == line


def test_anchors_and_merged_keys_are_read():
    text = "name: a\nparts: [&one {count: 1, flag: true}, {<<: *one, count: 2}, *one]\n"
    found = parse_yaml(text, "a").check(Thing)
    assert found.parts == (Part(1, flag=True), Part(2, flag=True), Part(1, flag=True))
    error = refused(lambda: parse_yaml(text.replace("flag: true", "flag: 1"), "a").check(Thing))
    assert (error.key, error.line) == ("parts[0].flag", 2)


def test_an_alias_of_an_alias_of_an_alias_is_shown_in_short():
    text = "a0: &a0 [x, x, x, x, x, x]\n" + "".join(
        f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 6)}]\n" for i in range(1, 30)
    )
    error = refused(lambda: parse_yaml(text + "name: *a29", "a").check(Thing))
    assert len(str(error)) < 1000


def test_an_error_goes_from_process_to_process():
    error = refused(lambda: parse_yaml("name: 1", "a").check(Thing))
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.line, again.key) == (str(error), 1, "name")


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_byte_order_marks_and_line_breaks_change_nothing(tmp_path: Path, start: bytes, end: bytes):
    path = tmp_path / "a.yaml"
    path.write_bytes(start + YAML.encode().replace(b"\n", end))
    assert read_yaml(path, Thing) == parse_yaml(YAML, "a").check(Thing)
    path.write_bytes(path.read_bytes().replace(b"count: 4", b"count: x"))
    assert refused(lambda: read_yaml(path, Thing)).line == 9


def test_what_cannot_be_read_is_refused(tmp_path: Path):
    path = tmp_path / "a.yaml"
    assert "cannot be read: No such file" in str(refused(lambda: read_text(path)))
    assert "cannot be read: Is a directory" in str(refused(lambda: read_text(tmp_path)))
    path.write_bytes(b"a: 1\nb: \xff\n")
    error = refused(lambda: read_text(path))
    assert (error.line, "is not UTF-8 text" in str(error)) == (2, True)


@pytest.mark.parametrize(
    ("text", "key", "code", "shown"),
    [
        ("{}", "", "missing", "'version'"),
        ('{"version": 2}', "version", "version", "2"),
        ('{"version": 1}', "", "missing", "'count'"),
        ("[]", "", "dict_type", "[]"),
    ],
)
def test_the_version_comes_first(tmp_path: Path, text: str, key: str, code: str, shown: str):
    path = tmp_path / "a.json"
    path.write_text(text)
    error = refused(lambda: read_versioned_json(path, Part, 1))
    assert (error.key, error.code) == (key, code)
    assert shown in str(error)
    path.write_text('{"version": 1, "count": 2}')
    assert read_versioned_json(path, Part, 1) == Part(2)


# Keys and texts that YAML writes and reads as they are.
_TEXTS = st.text(string.ascii_letters + string.digits + ' "\\:{}[],#&*é😀', max_size=6)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=10,
)  # fmt: skip


def _locations(value: object) -> list[tuple[str | int, ...]]:
    if isinstance(value, dict):
        pairs: list[tuple[str | int, object]] = list(value.items())
    elif isinstance(value, list):
        pairs = list(enumerate(value))
    else:
        return []
    return [(), *((step, *rest) for step, one in pairs for rest in [(), *_locations(one)])]


@given(_VALUES)
def test_any_value_is_read_as_it_was_written_with_the_line_of_each_part(value: Any):
    in_json = parse_json(json.dumps(value, indent=1), "a.json")
    in_yaml = parse_yaml(yaml.safe_dump(value, allow_unicode=True), "a.yaml")
    for document in (in_json, in_yaml):
        assert document.value == value
        assert type(document.value) is type(value)
    lines = json.dumps(value, indent=1).splitlines()
    for location in _locations(value)[1:]:
        line = lines[(in_json.line_of(location) or 0) - 1]
        assert line.startswith(" " * len(location))
        assert not line.startswith(" " * (len(location) + 1))
        if isinstance(location[-1], str):
            assert line.strip().startswith(json.dumps(location[-1]) + ":")


@given(_VALUES)
def test_a_value_is_of_the_type_or_refused_in_one_line(value: Any):
    """And the two readers say the same."""
    found: list[object] = []
    for parse, text in (
        (parse_json, json.dumps(value)),
        (parse_yaml, yaml.safe_dump(value, allow_unicode=True, sort_keys=False)),
    ):
        document = parse(text, "a")
        for kind in (Part, Thing, dict[str, Part], tuple[Whole, ...]):
            try:
                found.append(document.check(kind))
            except MalformedFileError as error:
                found.append(str(error).partition(": ")[2])
    assert found[:4] == found[4:]
    assert not any("\n" in one for one in found if isinstance(one, str))


@pytest.mark.parametrize("parse", [parse_yaml, parse_json], ids=KINDS)
@given(text=st.text(max_size=60))
def test_whatever_a_text_holds_it_is_read_or_refused_in_one_line(
    parse: Callable[..., Document], text: str
):
    refused(lambda: parse(text, "any").check(Thing))
