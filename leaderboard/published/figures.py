"""Figures as the papers print them, which tables show next to our own.

`published/<benchmark>.csv` in this package has a line for each figure: `card`, `rater` (the name
that the paper prints), `source`, `score`, `value` and `settings`, the settings of a table that the
figure needs, as `name=value` with spaces between. Where a paper prints a ± behind a figure,
`plus_minus` holds it.
"""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

DECODED = "decode_ratings"


def published_rows(
    benchmark: str, card: str, names: Iterable[str], settings: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Rows of a paper's tables: the rater, its sources, each score's value and source.

    Papers print no intervals, so there are none. A figure is shown only in a table whose settings
    are those it was measured with, where they matter: not under another threshold, nor next to
    accuracies from fewer demonstrations. How answers are read does not keep a figure out.

    Args:
        benchmark: its name; one without a file has no rows.
        card: of the table's data.
        names: of the table's scores; figures of others are left out.
        settings: of the table, by the name of the task's argument.

    >>> settings = {"threshold": 0.3, "reading": "careful"}
    >>> published_rows("value_portrait", "value_portrait", ["Power", "Openness"], settings)[2]
    ... # doctest: +NORMALIZE_WHITESPACE
    {'rater': 'gpt-4o-2024-05-13',
     'sources': ['Han et al. (2025), Table 5', 'Han et al. (2025), Table 6'],
     'values': {'Power': -0.3, 'Openness': 3.97},
     'source_of': {'Power': 'Han et al. (2025), Table 5', 'Openness': 'Han et al. (2025), Table 6'}}
    """
    wanted = set(names)
    rows: dict[str, dict[str, Any]] = {}
    for line in published_lines(benchmark):
        if line["card"] != card or line["score"] not in wanted:
            continue
        if not _fits(line["settings"], settings):
            continue
        row = rows.setdefault(
            line["rater"], {"rater": line["rater"], "sources": [], "values": {}, "source_of": {}}
        )
        row["values"][line["score"]] = float(line["value"])
        row["source_of"][line["score"]] = line["source"]
        if line["source"] not in row["sources"]:
            row["sources"].append(line["source"])
    return list(rows.values())


@dataclass(frozen=True)
class PublishedDecoder:
    """What a paper prints of a decoder that was given a representation.

    Attributes:
        representation: what it was given, as we name it; a profile by its name in the paper.
        rater: the decoder, as the paper names it.
        source: paper and table.
        values: accuracy and information preserved in per cent, loss and information in nats, as
            far as they are printed.
        plus_minus: what follows them after a ±; the paper does not say what it is.
    """

    representation: str
    rater: str
    source: str
    values: dict[str, float]
    plus_minus: dict[str, float]


def published_decoders(card: str, representations: Sequence[str]) -> list[PublishedDecoder]:
    """Rows of a paper's tables about decoders that were given what ours are, in the same order.

    Profiles of one encoder stand for those of another, and the most examples that the paper shows
    a decoder for `examples:max`.

    Args:
        card: of the data set.
        representations: names of representations.

    >>> [row.values["loss"] for row in published_decoders("dices_990", ["none", "examples:max"])]
    [0.668, 0.563]
    """
    found: dict[str, PublishedDecoder] = {}
    for line in published_lines(DECODED):
        if line["card"] != card:
            continue
        name = line["settings"].removeprefix("representation=")
        row = found.setdefault(name, PublishedDecoder(name, line["rater"], line["source"], {}, {}))
        row.values[line["score"]] = float(line["value"])
        if line["plus_minus"]:
            row.plus_minus[line["score"]] = float(line["plus_minus"])
    most = [name for name, row in found.items() if _is_most(row)]
    wanted = [most[0] if one == "examples:max" and most else one for one in representations]
    return [
        row
        for one in dict.fromkeys(map(_whoever_wrote, wanted))
        for row in found.values()
        if _whoever_wrote(row.representation) == one
    ]


def _is_most(row: PublishedDecoder) -> bool:
    return row.representation.startswith("examples:") and "preserved" in row.values


def _whoever_wrote(representation: str) -> str:
    """The name of a representation without that of the profile run."""
    return re.sub(r"profile:[^()+]*", "profile", representation)


def published_lines(benchmark: str) -> list[dict[str, str]]:
    """The figures of a benchmark's file, a mapping a line; none without a file."""
    path = resources.files("leaderboard.published") / f"{benchmark}.csv"
    if not path.is_file():
        return []
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def _fits(needed: str, settings: Mapping[str, Any]) -> bool:
    """Whether a table has the settings that a figure needs."""
    pairs = (part.split("=", 1) for part in needed.split())
    return all(str(settings.get(name)) == value for name, value in pairs)
