"""Whether tables of PRISM fit the codebook and each other, and have the counts of the card."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd

from ratings.prism.codebook import CONVERSATION_TYPES, IDS, TABLES
from ratings.prism.container import Prism

# which texts metadata are about, and the rows that have them
_TEXTS = (
    ("model_response", "utterances"),
    ("open_feedback", "conversations"),
    ("self_description", "survey"),
    ("system_string", "survey"),
)
_REFERENCES = (
    ("conversations", "user_id", "survey"),
    ("utterances", "conversation_id", "conversations"),
    ("utterances", "user_id", "survey"),
    ("metadata", "user_id", "survey"),
)


def find_faults(tables: Mapping[str, pd.DataFrame], paths: Mapping[str, Path]) -> tuple[str, ...]:
    """A line for each kind of fault, with the first row that has it: the file, the id, what.

    Args:
        tables: by part, with ids as columns; those that are not there are not checked.
        paths: of their files, for messages.
    """
    faults: list[str] = []
    for part, frame in tables.items():
        faults += [f"{paths[part]}: {fault}" for fault in _of_table(part, frame)]
    for part, column, to in _REFERENCES:
        if part in tables and to in tables:
            frame = tables[part]
            lost = frame[~frame[column].isin(tables[to][column])]
            if len(lost):
                row = _name(part, lost.iloc[0])
                what = f"{column} {lost[column].iloc[0]!r}, which {paths[to].name} does not have"
                faults.append(f"{paths[part]}: {row} has the {what}")
    if {"survey", "conversations"} <= set(tables):
        faults += _incomplete_people(tables, paths)
    if {"conversations", "utterances"} <= set(tables):
        faults += _incomplete_conversations(tables, paths)
    if "metadata" in tables:
        faults += _texts_without_metadata(tables, paths)
    return tuple(faults)


def differing_counts(prism: Prism, parts: Sequence[str]) -> tuple[str, ...]:
    """A line for each count that is not the card's or the codebook's, of the parts read."""
    counts: dict[str, int] = {}
    if "survey" in parts:
        counts["people"] = len(prism.survey)
        counts["survey_only"] = int(prism.survey["survey_only"].sum())
        counts["uk_sample"] = int(prism.survey["included_in_UK_REP"].sum())
        counts["us_sample"] = int(prism.survey["included_in_US_REP"].sum())
    if "conversations" in parts:
        counts["conversations"] = len(prism.conversations)
        balanced = prism.conversations["included_in_balanced_subset"]
        counts["balanced_conversations"] = int(balanced.sum())
    if "utterances" in parts:
        counts["interactions"] = prism.utterances["interaction_id"].nunique()
        counts["utterances"] = len(prism.utterances)
        counts["models"] = prism.utterances["model_name"].nunique()
    if prism.metadata is not None:
        counts["texts"] = len(prism.metadata)
    notes = [
        f"{name.replace('_', ' ')}: found {found}, the card says {prism.card.counts[name]}"
        for name, found in counts.items()
        if not prism.card.agrees(name, found)
    ]
    for part in parts:
        frame: pd.DataFrame = getattr(prism, part).reset_index()
        for name, variable in TABLES[part].items():
            missing = int(frame[name].isna().sum())
            if variable.missing is not None and missing != variable.missing:
                what = f"{missing} rows lack {name}, the codebook says {variable.missing}"
                notes.append(f"{part}: {what}")
    return tuple(notes)


def _of_table(part: str, frame: pd.DataFrame) -> Iterator[str]:
    if part in IDS:
        again = frame[IDS[part]].duplicated()
        if again.any():
            yield f"{IDS[part]} {frame[IDS[part]][again].iloc[0]!r} is listed twice"
    for name, variable in TABLES[part].items():
        if variable.lowest is not None and variable.highest is not None:
            outside = frame[name].lt(variable.lowest) | frame[name].gt(variable.highest)
            if outside.any():
                row = frame[outside].iloc[0]
                bounds = f"{variable.lowest} to {variable.highest}"
                yield f"{_name(part, row)}: {name} {row[name]:g} is not in {bounds}"
    if "conversation_type" in frame:
        kind = frame["conversation_type"]
        unknown = ~kind.isin(CONVERSATION_TYPES)
        if unknown.any():
            row = frame[unknown].iloc[0]
            what = f"conversation_type {row['conversation_type']!r}"
            yield f"{_name(part, row)}: {what} is not one of {', '.join(CONVERSATION_TYPES)}"


def _incomplete_people(
    tables: Mapping[str, pd.DataFrame], paths: Mapping[str, Path]
) -> Iterator[str]:
    people = tables["survey"].set_index("user_id")
    held = tables["conversations"]["user_id"].value_counts().reindex(people.index, fill_value=0)
    said = people["num_completed_conversations"].where(~people["survey_only"], 0)
    wrong = held.ne(said)
    if wrong.any():
        who = people.index[wrong][0]
        file = paths["conversations"]
        yield (
            f"{file}: {held[who]} conversations of {who}, who had {said[who]} by "
            f"{paths['survey'].name}: is a file cut off, or of another revision?"
        )


def _incomplete_conversations(
    tables: Mapping[str, pd.DataFrame], paths: Mapping[str, Path]
) -> Iterator[str]:
    talks = tables["conversations"].drop_duplicates("conversation_id").set_index("conversation_id")
    replies = tables["utterances"]
    written = talks["conversation_history"].map(_replies_in)
    found = replies["conversation_id"].value_counts().reindex(talks.index, fill_value=0)
    wrong = found.ne(written)
    if wrong.any():
        which = talks.index[wrong][0]
        yield (
            f"{paths['utterances']}: {found[which]} of the {written[which]} replies of {which}: is "
            "the file cut off, or of another revision?"
        )
    author = replies["conversation_id"].map(talks["user_id"])
    strange = author.notna() & author.ne(replies["user_id"])
    if strange.any():
        row = replies[strange].iloc[0]
        yield (
            f"{paths['utterances']}: {row['utterance_id']} of {row['user_id']} is in "
            f"{row['conversation_id']}, a conversation of {author[strange].iloc[0]}"
        )


def _texts_without_metadata(
    tables: Mapping[str, pd.DataFrame], paths: Mapping[str, Path]
) -> Iterator[str]:
    metadata = tables["metadata"]
    for text, part in _TEXTS:
        if part in tables:
            ids = tables[part][IDS[part]]
            found = metadata[IDS[part]][metadata["column_id"].eq(text)]
            lost = ids[~ids.isin(found)]
            if len(lost):
                yield (
                    f"{paths['metadata']}: nothing of the {text} of {lost.iloc[0]}: is the file "
                    "cut off, or of another revision?"
                )


def _replies_in(history: list[dict[str, object]]) -> int:
    return sum(message["role"] == "model" for message in history)


def _name(part: str, row: pd.Series) -> str:
    """What a row is called: its id, or its number."""
    return str(row[IDS[part]]) if part in IDS else f"row {int(str(row.name)) + 1}"
