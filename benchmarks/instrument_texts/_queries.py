"""Queries that may become part of an instrument: read from a user's file, and filtered by rules.

Source: Value Portrait, Appendix C.1.1: length, language, and for posts with readers' reactions how
many there are and how far they agree. The paper gives numbers for reactions only.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import pandas as pd
import yaml

from ratings.data_sets.own.numbers import read_numbers
from ratings.data_sets.own.user_tables import ALL_ENDINGS, OwnTable, RowError, read_own_table
from ratings.errors import DataError, DataMissingError, unknown_name
from ratings.input.prompt_template import load_template
from ratings.instruments.dimensions import SCHWARTZ
from ratings.instruments.value_portrait import load_instrument
from ratings.sources.locations import resolve_from_start

CARDS = {"official": "value_portrait", "sample": "value_portrait_sample"}
# The last two are what `valuegauge instrument texts` adds to the queries that it keeps.
OPTIONAL = ("title", "topic", "language", "reactions", "agreement", "values", "engaged")
FOLDER = "benchmarks.instrument_texts"


@dataclass(frozen=True, eq=False)
class Queries:
    """Queries and where they come from.

    Attributes:
        frame: indexed by query: `title` and `topic` (empty for none), `text`, and of `language`,
            `reactions` and `agreement` those that the file has.
        card: id of the data card, or the name of the user's file.
        revision: of the card, or a hash of the file.
        synthetic: whether they are of the sample.
        own: whether they are of the user's file.
    """

    frame: pd.DataFrame
    card: str
    revision: str
    synthetic: bool
    own: bool


@dataclass(frozen=True)
class Rules:
    """What a query must have before a model is asked about it.

    Attributes:
        fewest_words: of its text.
        most_words: of its text.
        language: that the column `language` must name, where there is one.
        fewest_reactions: of readers, where there is such a column.
        most_agreement: share of readers who agree, from 0 to 1, where there is such a column.
    """

    fewest_words: int
    most_words: int
    language: str
    fewest_reactions: int
    most_agreement: float


def load_queries(data: object) -> Queries:
    """Queries of a user's file, or those of the published instrument or the sample.

    Args:
        data: path of a CSV, TSV, Parquet or JSON file with the columns `query` (its id) and
            `text`, and perhaps `title`, `topic`, `language`, `reactions` and `agreement`.

    Raises:
        UnknownNameError: for what is neither a path nor one of the two.
        DataError: names the file and the row.
    """
    if data in CARDS:
        instrument = load_instrument(str(data))
        first = instrument.items.drop_duplicates("query").set_index("query")
        frame = first[["title", "text"]].assign(topic="")
        card = instrument.card
        return Queries(frame, card.id, card.revision, card.synthetic, own=False)
    if not isinstance(data, str):
        raise unknown_name("value for data", data, CARDS)
    path = resolve_from_start(data)
    if not path.is_file():
        if path.suffix.lower() in ALL_ENDINGS or "/" in data:
            raise DataMissingError(f"there is no file of queries {path}")
        raise unknown_name("value for data", data, CARDS)
    table = read_own_table(path, ["query", "text"], OPTIONAL, endings=ALL_ENDINGS)
    table.refuse_blank(["query", "text"])
    table.refuse_repeated(["query"])
    revision = hashlib.sha256(path.read_bytes()).hexdigest()
    return Queries(_frame(table), path.name, revision, synthetic=False, own=True)


def filtered(queries: pd.DataFrame, rules: Rules) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    """Queries that pass all rules, and for each rule what it removed and left.

    Raises:
        DataError: when none is left.
    """
    words = queries["text"].map(lambda text: len(text.split()))
    checks: dict[str, pd.Series] = {
        f"at least {rules.fewest_words} words": words >= rules.fewest_words,
        f"at most {rules.most_words} words": words <= rules.most_words,
    }
    if "language" in queries:
        wanted = rules.language.casefold()
        named = queries["language"].fillna("").str.casefold()
        checks[f"language {rules.language}"] = named == wanted
    if "reactions" in queries:
        enough = queries["reactions"] >= rules.fewest_reactions
        checks[f"at least {rules.fewest_reactions} reactions"] = enough
    if "agreement" in queries:
        disputed = queries["agreement"] < rules.most_agreement
        checks[f"agreement below {rules.most_agreement:g}"] = disputed
    kept = pd.Series(data=True, index=queries.index)
    stages: list[dict[str, object]] = [
        {"stage": "all queries", "removed": 0, "remaining": len(queries)}
    ]
    for name, passes in checks.items():
        removed = int((kept & ~passes).sum())
        kept &= passes
        stages.append({"stage": name, "removed": removed, "remaining": int(kept.sum())})
    if not kept.any():
        raise DataError(
            "no query passes the rules: "
            + ", ".join(f"{one['stage']} removed {one['removed']}" for one in stages[1:])
        )
    return queries[kept], stages


def shown(query: Mapping[Any, Any]) -> str:
    """A query as a model reads it: its title, where it has one, above its text."""
    title = f"{query['title']}\n\n" if query["title"] else ""
    return f"{title}{query['text']}"


def template(name: str, fields: tuple[str, ...], path: str | None) -> str:
    """A prompt that ships with the tasks, or one of the user's in its place, without end lines.

    Raises:
        DataError: when there is no file at the path, or it lacks a field.
    """
    shipped = (resources.files(FOLDER) / name).read_text(encoding="utf-8")
    return load_template(shipped, fields, path).strip()


def definitions() -> dict[str, str]:
    """What each of the ten values is, in our own words."""
    text = (resources.files(FOLDER) / "values.yaml").read_text(encoding="utf-8")
    found: dict[str, str] = yaml.safe_load(text)
    return {name: found[name] for name in SCHWARTZ}


def _frame(table: OwnTable) -> pd.DataFrame:
    frame = table.frame.assign(
        **{
            name: table.frame[name].fillna("") if name in table.frame else ""
            for name in ("title", "topic")
        }
    )
    for name in ("reactions", "agreement"):
        if name in frame:
            numbers = read_numbers(frame[name], table.mark).values
            odd = frame[name].notna() & numbers.isna()
            if odd.any():
                row = int(frame.index[odd][0])
                raise RowError(table.path, row, f"{name} {frame.loc[row, name]!r} is not a number")
            frame[name] = numbers
    return frame.set_index("query")
