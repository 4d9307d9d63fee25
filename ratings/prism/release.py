"""PRISM written as files in the layout of its release."""

import json
from pathlib import Path
from typing import Any

import pandas as pd

from ratings.output.atomic_write import write_whole
from ratings.prism.codebook import TABLES, Kind, Variables
from ratings.prism.container import Prism
from ratings.prism.reader import MAPPING


def write_release(prism: Prism, folder: Path) -> None:
    """Write the tables as JSON-lines files with nested answers, and the mapping of models' names.

    What `load_prism` reads from the folder are the same tables. Models have their long names.

    Args:
        prism: published or made.
        folder: made if it is not there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    utterances = prism.utterances.reset_index()
    if prism.models is not None:
        long = prism.models["long_name"]
        utterances["model_name"] = utterances["model_name"].astype("str").map(long)
        mapping = prism.models.reset_index()
        columns = ["long_name", "short_name", "longcode", "model_family"]
        write_whole(folder / MAPPING, mapping[columns].to_csv(index=False))
    tables = {
        "survey": prism.survey.reset_index(),
        "conversations": prism.conversations.reset_index(),
        "utterances": utterances,
    }
    if prism.metadata is not None:
        tables["metadata"] = prism.metadata
    for part, frame in tables.items():
        lines = _lines(frame, TABLES[part])
        write_whole(folder / f"{part}.jsonl", "".join(f"{line}\n" for line in lines))


def _lines(frame: pd.DataFrame, variables: Variables) -> list[str]:
    columns = {name: _plain(frame[name], variable.kind) for name, variable in variables.items()}
    rows: list[dict[str, Any]] = [{} for _ in range(len(frame))]
    for name, variable in variables.items():
        for row, value in zip(rows, columns[name], strict=True):
            parent = row if variable.nested is None else row.setdefault(variable.nested, {})
            parent[variable.key] = value
    return [json.dumps(row, ensure_ascii=False) for row in rows]


def _plain(column: pd.Series, kind: Kind) -> list[Any]:
    """Values as JSON has them: null where missing, whole numbers without a point."""
    if kind is Kind.TIME:
        column = column.dt.strftime("%Y-%m-%d %H:%M:%S")
    values = column.astype(object).where(column.notna(), None).tolist()
    if kind in (Kind.NUMBER, Kind.WHOLE):
        return [int(v) if v is not None and float(v).is_integer() else v for v in values]
    return values
