"""What Value Portrait's instrument is made of: Tables 1 to 3, compared with the paper's.

Each table is made twice where the paper's text and its figures part: with the tags of its text
(|r| > .3 and p < .05) and with every |r| > .3, whatever its p.
"""

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

import numpy as np
import pandas as pd

from ratings.arrays import BoolArray
from ratings.instruments.dimensions import ALL_DIMENSIONS, BIG_FIVE, SCHWARTZ
from ratings.instruments.value_portrait import Instrument, load_human_ratings, load_instrument
from ratings.instruments.value_portrait_queries import SOURCES, query_sources, query_topics
from ratings.output.numbers import how_many
from scorers.tags.coverage import (
    chance_distance,
    mean_distance,
    pair_distances,
    spread,
    topic_shares,
)

PAPER_THRESHOLD = 0.3
ANY_P = "any p"
_PRINTED = "value_portrait_instrument.csv"
_WITHOUT_P = (
    "the paper's figures follow without p < .05, which its text asks for: "
    "it counted every |r| above the threshold"
)


@dataclass(frozen=True, eq=False)
class InstrumentTable:
    """A table of the paper, made again.

    Attributes:
        name: as the paper numbers it.
        title: for people.
        frame: a row a row of the table; columns are ours and, as `printed`, the paper's.
        beside: the printed column that each of our columns is compared with.
        notes: what differs, and why.
        digits: decimals of numbers that are not whole, for people.
    """

    name: str
    title: str
    frame: pd.DataFrame
    beside: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[str] = ()
    digits: int = 2

    def follows(self, column: str) -> pd.Series:
        """Of each printed cell next to a column, whether ours rounds to it."""
        printed = self.frame[self.beside[column]].dropna()
        ours = self.frame.loc[printed.index, column].astype(float)
        apart = (ours - printed.astype(float)).abs()
        half = printed.map(lambda text: 0.5 * 10.0 ** -len(text.partition(".")[2]))
        found: pd.Series = apart <= half + 1e-9
        return found

    def as_json(self) -> dict[str, Any]:
        """The table as JSON data; a number that is not defined is null."""
        follows = {column: self.follows(column) for column in self.beside}
        return {
            "table": self.name,
            "title": self.title,
            "rows": [
                {"row": str(row), **{name: _json(cell) for name, cell in cells.items()}}
                for row, cells in self.frame.to_dict(orient="index").items()
            ],
            "follow": {
                column: {"of": len(found), "cells": int(found.sum())}
                for column, found in follows.items()
            },
            "notes": list(self.notes),
        }


def instrument_tables(
    data: str = "official", threshold: float = 0.3, seed: int = 0
) -> list[InstrumentTable]:
    """Every table that can be made from the data; the sample has no topics, so no Table 1.

    Args:
        data: `official` or `sample`.
        threshold: that |r| must exceed. The paper's figures are shown for the official data at its
            own threshold only.
        seed: of the bootstrap over queries.

    Raises:
        DataError: when files are missing or changed.
    """
    instrument = load_instrument(data)
    tables = [_counts(data, instrument, threshold)]
    if topics := query_topics(data):
        tables.append(_topics(topics))
    tables.append(_spread(instrument, threshold))
    tables += [_distances(instrument, threshold, kind, seed) for kind in ("same", "opposite")]
    if data == "official" and threshold == PAPER_THRESHOLD:
        return tables
    return [_without_printed(table) for table in tables]


def _counts(data: str, instrument: Instrument, threshold: float) -> InstrumentTable:
    """Section 3.2.3: how much there is of what."""
    people = load_human_ratings(data)
    strong = instrument.significant(threshold)
    values = int(strong[: len(SCHWARTZ)].sum())
    traits = int(strong[len(ALL_DIMENSIONS) - len(BIG_FIVE) :].sum())
    items = len(instrument.items)
    found = {
        "queries": instrument.items["query"].nunique(),
        "items": items,
        "data points": items * (len(SCHWARTZ) + len(BIG_FIVE)),
        "significant data points": values + traits,
        "of these, values": values,
        "of these, traits": traits,
        "people": len(people.raters),
        "people an item": len(people.ratings) / items,
    }
    sources = query_sources(data)
    for source in SOURCES if sources else ():
        found[f"queries from {source}"] = list(sources.values()).count(source)
    notes = []
    if lost := list(sources.values()).count(None):
        notes.append(
            f"{how_many(lost, 'queries')} are in none of the four files of sources; by the first "
            f"digit of "
            f"their ids, two belong to each"
        )
    if sources:
        notes.append(
            "people are those of the main study with ratings; the paper counts more than the "
            "release has, and prints the whole part of the number an item"
        )
    frame = pd.Series(found, dtype=object).to_frame("count")
    frame["printed"] = _printed("Section 3.2.3", "count", frame.index)
    return InstrumentTable("Section 3.2.3", "What there is", frame, {"count": "printed"}, notes, 1)


def _topics(topics: Mapping[str, Sequence[str]]) -> InstrumentTable:
    """Table 1: share of the queries in each topic; a query may have several."""
    frame = topic_shares(topics)
    frame["queries"] = frame["queries"].astype(object)
    frame["printed"] = _printed("Table 1", "per cent", frame.index)
    notes = ["the paper writes a second decimal, which is 0 throughout"]
    title = f"Topics of the {len(topics)} queries"
    return InstrumentTable("Table 1", title, frame, {"per cent": "printed"}, notes)


def _spread(instrument: Instrument, threshold: float) -> InstrumentTable:
    """Table 2: share of the tags of each value, of either sign; their spread and imbalance."""
    rows = [*SCHWARTZ, "standard deviation", "imbalance"]
    columns: dict[str, pd.Series] = {}
    totals: list[int] = []
    for rule, strong in _rules(instrument, threshold).items():
        found = spread(strong)
        columns[_named("tags", rule)] = pd.Series(
            [*found.counts.tolist(), None, None], index=rows, dtype=object
        )
        columns[_named("share", rule)] = pd.Series(
            [*found.shares, found.deviation, found.imbalance], index=rows
        )
        totals.append(int(found.counts.sum()))
    frame = pd.DataFrame(columns)
    for column in ("share", "ValueNet", "ValueFULCRA"):
        frame["printed" if column == "share" else column] = _printed("Table 2", column, frame.index)
    notes = [
        f"{totals[0]} tags with p < .05, {totals[1]} with any p; {_WITHOUT_P}",
        "ValueNet and ValueFULCRA are as the paper prints them: their data are not in the release",
    ]
    beside = {"share": "printed", _named("share", ANY_P): "printed"}
    title = "Tags of each value, and how evenly they lie"
    return InstrumentTable("Table 2", title, frame, beside, notes, 3)


def _distances(instrument: Instrument, threshold: float, kind: str, seed: int) -> InstrumentTable:
    """Table 3: pairs of values that one item is tagged with, by their distance on the circle."""
    name = f"Table 3, {kind}"
    steps = np.arange(1, len(SCHWARTZ) // 2 + 1)
    rows = [*map(str, steps), "all", "mean distance", "low", "high"]
    columns: dict[str, pd.Series] = {}
    for rule, strong in _rules(instrument, threshold).items():
        by_item = pair_distances(instrument.correlations[: len(SCHWARTZ)], strong, kind)
        counts = by_item.sum(axis=1).astype(int)
        total = int(counts.sum())
        mean = mean_distance(by_item, list(instrument.items["query"]), seed)
        percent = 100 * counts / total if total else np.full(len(counts), math.nan)
        columns[_named("pairs", rule)] = pd.Series(
            [*counts.tolist(), total, mean.value, mean.low, mean.high], index=rows, dtype=object
        )
        columns[_named("per cent", rule)] = pd.Series(
            [*percent, percent.sum(), *[math.nan] * 3], index=rows
        )
    frame = pd.DataFrame(columns)
    for column in ("pairs", "per cent"):
        frame[f"printed {column}"] = _printed(name, column, frame.index)
    notes = [
        "low and high are the ends of the 95% interval of the mean, with queries resampled",
        f"two values taken at random lie {chance_distance(len(SCHWARTZ)):.2f} apart",
        _WITHOUT_P,
    ]
    beside = {
        _named(column, rule): f"printed {column}"
        for column in ("pairs", "per cent")
        for rule in ("", ANY_P)
    }
    title = f"Pairs of values tagged in {kind} directions, by distance on the circle"
    return InstrumentTable(name, title, frame, beside, notes)


def _rules(instrument: Instrument, threshold: float) -> dict[str, BoolArray]:
    """Tags of the ten values, 10 x I, by the text's rule and without its p."""
    values = slice(len(SCHWARTZ))
    any_p = np.abs(instrument.correlations[values]) > threshold
    return {"": instrument.significant(threshold)[values], ANY_P: any_p}


def _named(column: str, rule: str) -> str:
    return f"{column}, {rule}" if rule else column


def _printed(table: str, column: str, rows: pd.Index) -> pd.Series:
    """What the paper prints, as it prints it; missing where it prints nothing."""
    path = resources.files("evals.instruments") / _PRINTED
    lines = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    found = {
        line["row"]: line["value"]
        for line in lines
        if (line["table"], line["column"]) == (table, column)
    }
    return pd.Series({row: found.get(str(row)) for row in rows}, dtype=object)


def _without_printed(table: InstrumentTable) -> InstrumentTable:
    """The table of other data than the paper's: no printed column, and nothing said of them."""
    ours = [name for name in table.frame.columns if name in table.beside or "tags" in name]
    notes = [note for note in table.notes if note.startswith(("low and high", "two values"))]
    return InstrumentTable(table.name, table.title, table.frame[ours], {}, notes, table.digits)


def _json(cell: Any) -> Any:  # noqa: ANN401 - a number, a text or nothing
    return None if cell is None or (isinstance(cell, float) and math.isnan(cell)) else cell
