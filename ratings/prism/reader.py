"""PRISM's files, by the hashes of their card or in a folder, as checked tables."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from ratings.data_sets.sources import read_csv
from ratings.errors import DataError, DataMissingError
from ratings.prism.checks import differing_counts, find_faults
from ratings.prism.codebook import IDS, TABLES, typed
from ratings.prism.container import Prism
from ratings.prism.read_table import read_table
from ratings.sources.cards import Card
from ratings.sources.fetch import fetch, verify
from ratings.sources.locations import resolve_from_start

MAPPING = "model_mapping.csv"
_MAPPINGS = "mappings"
_MAPPING_COLUMNS = ("long_name", "short_name", "longcode", "model_family")
_FOLDERS = ("", "data", "metadata", "data/metadata", "storage/mappings", "data/storage/mappings")


def read_published(card: Card, parts: Sequence[str]) -> Prism:
    """The files of the card, at its revision; each must have the card's hash.

    The files are then known to be whole, so what the checks find is only noted.

    Raises:
        TermsError: when a download needs terms to be accepted first.
        DataError: when a file is missing, has another content, or cannot be read.
    """
    wanted = [*parts, _MAPPINGS]
    paths = {Path(name).name: path for name, path in fetch(card, wanted).items()}
    tables = {part: paths[f"{part}.jsonl"] for part in parts}
    prism, faults, notes = _read(tables, paths[MAPPING], card)
    return replace(prism, notes=(*notes, *faults, *differing_counts(prism, parts)))


def read_folder(path: str, card: Card, parts: Sequence[str]) -> Prism:
    """Files in the layout of the release, in a folder of the user, whatever their hashes.

    Models are called by the short names of `model_mapping.csv` in the folder or, where it has
    none, of the card's, if that is at hand; else by the names in the files.

    Raises:
        DataMissingError: when there is no such folder, or it lacks a file of one of the parts.
        DataError: for the first fault that is found; names the file, and the line or id.
    """
    folder = resolve_from_start(path)
    if not folder.is_dir():
        raise DataMissingError(
            f"{path} is not a folder; PRISM is read as 'published', as 'sample' or from a folder"
        )
    paths = {part: _in_folder(folder, f"{part}.jsonl") for part in parts}
    for part, found in paths.items():
        if found is None:
            others = [one.name for one in paths.values() if one is not None]
            there = f"; it has {', '.join(others)}" if others else ""
            raise DataMissingError(f"{folder} has no {part}.jsonl{there}")
    mapping = _in_folder(folder, MAPPING) or _mapping_at_hand(card)
    read, faults, notes = _read(
        {part: Path(str(one)) for part, one in paths.items()}, mapping, card
    )
    if faults:
        raise DataError(faults[0])
    return replace(read, notes=notes)


def _in_folder(folder: Path, name: str) -> Path | None:
    found = (folder / inner / name for inner in _FOLDERS)
    return next((path for path in found if path.is_file()), None)


def _mapping_at_hand(card: Card) -> Path | None:
    states = verify(card, [_MAPPINGS])
    found = (one.path for one in states if one.state == "good" and one.path.name == MAPPING)
    return next(found, None)


def _read_mapping(path: Path) -> pd.DataFrame:
    """The models, by their short names.

    Raises:
        DataError: when a name is that of two models.
    """
    models = read_csv(path, _MAPPING_COLUMNS)
    for column in ("short_name", "long_name"):
        again = models[column].duplicated()
        if again.any():
            line, name = int(again.to_numpy().argmax()) + 2, models[column][again].iloc[0]
            raise DataError(f"{path}: line {line}: {column} {name!r} is that of two models")
    return models.set_index("short_name")


def _read(
    paths: Mapping[str, Path], mapping: Path | None, card: Card
) -> tuple[Prism, tuple[str, ...], tuple[str, ...]]:
    """The tables, faults and notes."""
    tables: dict[str, pd.DataFrame] = {}
    notes: list[str] = []
    for part, path in paths.items():
        tables[part], found = read_table(part, path)
        notes += found
    models = None
    if mapping is not None:
        models = _read_mapping(mapping)
    if "utterances" in tables and models is not None:
        short = dict(zip(models["long_name"], models.index, strict=True))
        names = (
            tables["utterances"]["model_name"].astype("str").map(lambda name: short.get(name, name))
        )
        known = sorted({*names.dropna(), *models.index})
        tables["utterances"]["model_name"] = pd.Categorical(names, known)
    elif "utterances" in tables:
        notes.append(f"no {MAPPING}: models are called by the names in the files")
    faults = find_faults(tables, paths)
    for part, name in IDS.items():
        if part in tables:
            tables[part] = tables[part].set_index(name)
        else:
            variables = TABLES[part]
            empty = pd.DataFrame(columns=list(variables)).set_index(name)
            tables[part] = typed(empty, variables)
    prism = Prism(
        survey=tables["survey"],
        conversations=tables["conversations"],
        utterances=tables["utterances"],
        metadata=tables.get("metadata"),
        card=card,
        models=models,
    )
    return prism, faults, tuple(notes)
