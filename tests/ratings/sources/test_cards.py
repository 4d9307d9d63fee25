from dataclasses import replace

import pytest

from ratings.errors import UnknownNameError
from ratings.input.strict_files import MalformedFileError
from ratings.instruments.dimensions import ALL_DIMENSIONS, FAMILIES
from ratings.instruments.value_portrait import (
    CARDS,
    load_human_ratings,
    load_instrument,
    recordings,
)
from ratings.sources.cards import card_ids, load_card, parse_card
from ratings.sources.fetch import verify

GOOD = """---
id: demo
title: A demo
homepage: https://example.org
licence: MIT
citation: Someone (2026)
revision: "1"
download: "https://example.org/{revision}/{path}"
counts: {items: 2}
files:
  a: [{path: x.json, bytes: 3, sha256: ab}, {path: y.json, git_blob: cd}]
---

# Demo

Prose.
"""


def test_a_card_is_read_whole():
    card = parse_card(GOOD, "demo.md")
    assert [file.path for file in card.files("a")] == ["x.json", "y.json"]
    assert card.files()[1].algorithm == "git_blob"
    assert card.files()[1].bytes is None
    assert card.prose.startswith("# Demo")
    assert not card.synthetic


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "code", "shown"),
    [
        ("title: A demo\n", "", 2, "", "missing", "'title'"),
        ("licence: MIT", "license: MIT", 5, "license", "unknown_key", "'licence'"),
        ("files:", "flies:", 10, "flies", "unknown_key", "'files'"),
        (
            "download:",
            "packaged: a/b\ndownload:",
            2,
            "",
            "rule",
            "'download', 'packaged', 'by_request' and 'files_of'",
        ),
        (
            "download:",
            "prose: a\ndownload:",
            8,
            "prose",
            "rule",
            "is the text after the front matter",
        ),
        ('revision: "1"', "revision: 2024-01-01", 7, "revision", "string_type", "datetime.date"),
        (", sha256: ab", "", 11, "files.a[0]", "rule", "one of 'sha256' and 'git_blob'"),
        (
            "sha256: ab",
            "sha256: ab, shaa256: a",
            11,
            "files.a[0].shaa256",
            "unknown_key",
            "'sha256'",
        ),
        ("git_blob: cd", "git_blob: 12", 11, "files.a[1].git_blob", "string_type", "12"),
        ("bytes: 3", "bytes: '3'", 11, "files.a[0].bytes", "int_type", "'3'"),
        ("  a: [", "  b: []\n  a: [", 11, "files.b", "too_short", ""),
        ("---\nid", "id", 1, "", "rule", "a card starts with front matter"),
        ("{items: 2}", "{items: 2", 10, "", "syntax", ""),
        ("{items: 2}", "{items: true}", 9, "counts.items", "int_type", "True"),
        ("{items: 2}", "{items: 2, items: 2}", 9, "", "repeated_key", "'items'"),
        (
            "files:",
            "rounded: {item: 10}\nfiles:",
            10,
            "rounded.item",
            "unknown_name",
            "'item'",
        ),
        (
            "files:",
            "rounded: {items: 0}\nfiles:",
            10,
            "rounded.items",
            "greater_than",
            "0",
        ),
    ],
)
def test_a_malformed_card_says_what_is_wrong(
    old: str, new: str, line: int, key: str, code: str, shown: str
):
    assert old in GOOD
    with pytest.raises(MalformedFileError) as caught:
        parse_card(GOOD.replace(old, new, 1), "demo.md")
    error = caught.value
    assert (error.file, error.line, error.key, error.code) == ("demo.md", line, key, code)
    assert shown in str(error)


def test_a_card_with_other_line_breaks_is_the_same():
    assert parse_card(GOOD.replace("\n", "\r\n"), "a").groups == parse_card(GOOD, "a").groups


def test_a_rounded_count_is_met_by_what_rounds_to_it():
    card = parse_card(GOOD.replace("items: 2", "items: 3100, people: 259"), "demo.md")
    assert [card.agrees("items", found) for found in (3099, 3100)] == [False, True]
    card = replace(card, rounded={"items": 100})
    found = (3049, 3050, 3100, 3150, 3151)
    assert [card.agrees("items", number) for number in found] == [False, True, True, True, False]
    assert not card.agrees("people", 260)


def test_an_unknown_card_and_group_name_the_nearest():
    with pytest.raises(UnknownNameError) as card:
        load_card("value_portrat")
    assert (card.value.name, card.value.allowed[0]) == ("value_portrat", "value_portrait")
    with pytest.raises(UnknownNameError) as files:
        load_card("value_portrait").files("prompt")
    assert (files.value.name, files.value.allowed[0]) == ("prompt", "prompts")


@pytest.mark.parametrize("card_id", card_ids())
def test_every_card_that_ships_is_complete(card_id: str):
    card = load_card(card_id)
    assert card.id == card_id
    assert card.prose.startswith("# ")
    assert bool(card.files()) == (card.by_request is None)
    assert len({file.path for file in card.files()}) == len(card.files())


@pytest.mark.parametrize("card_id", [name for name in card_ids() if name.endswith("_sample")])
def test_the_files_of_a_sample_are_those_of_its_card(card_id: str):
    assert {status.state for status in verify(load_card(card_id))} == {"good"}


def check_counts(data: str) -> None:
    counts = load_card(CARDS[data]).counts
    instrument = load_instrument(data)
    assert len(instrument.items) == counts["items"]
    assert instrument.items["query"].nunique() == counts["queries"]
    for family, names in FAMILIES.items():
        rows = [ALL_DIMENSIONS.index(name) for name in names]
        assert (~(instrument.correlations[rows] != instrument.correlations[rows])).sum() == counts[
            f"{family}_correlations"
        ]
        assert instrument.significant()[rows].sum() == counts[f"{family}_significant"]
    table = load_human_ratings(data)
    assert len(table) == counts["human_ratings"]
    assert len(table.raters) == counts["human_raters"]


def test_the_sample_has_the_counts_of_its_card():
    check_counts("sample")


def test_the_official_data_have_the_counts_of_their_card(mirror):
    check_counts("official")
    assert len(recordings()) == load_card("value_portrait").counts["recordings"]
