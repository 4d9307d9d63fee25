"""The models of PRISM as its registry describes them."""

import json
from pathlib import Path

import pandas as pd

from evals.studies.findings import Finding
from ratings.errors import DataError
from ratings.prism.container import Prism
from ratings.prism.prism import CARD
from ratings.sources.cards import load_card
from ratings.sources.fetch import fetch

_COLUMNS = {
    "short_name": "model",
    "long_name": "long name",
    "model_provider": "provider",
    "model_provider_type": "provider is",
    "model_type": "type",
}
_SPELLINGS = {"Commerical": "Commercial"}  # the release's


def registry(prism: Prism) -> Finding:
    """Providers, types and decoding of the models (Table 21)."""
    name, title = "registry", "What are the models?"
    if prism.card.id != CARD:
        models = ", ".join(sorted(map(str, prism.utterances["model_name"].cat.categories)))
        return Finding(name, title, f"Made up: {models}.", pd.DataFrame())
    try:
        (path,) = fetch(load_card(CARD), ["models"]).values()
        table = read_registry(path)
    except DataError as error:
        return Finding(name, title, f"Not known: {error}", pd.DataFrame())
    kinds = table["provider is"].value_counts()
    said = ", ".join(f"{count} {str(kind).lower()}" for kind, count in kinds.items())
    return Finding(
        name=name,
        title=title,
        sentence=f"{len(table)} models of {table['provider'].nunique()} providers: {said}.",
        table=table,
        columns=("model", "provider", "provider is", "type"),
        rows=len(table),
    )


def read_registry(path: Path) -> pd.DataFrame:
    """A row for each model: names, provider, whether its weights are open, type, and decoding.

    Raises:
        DataError: for a file that is not in the layout of the release.
    """
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        frame = pd.DataFrame(rows)
        table = frame[list(_COLUMNS)].rename(columns=_COLUMNS).replace(_SPELLINGS)
        table["decoding"] = [
            ", ".join(f"{key} {value}" for key, value in one.items())
            for one in frame["selected_params"]
        ]
    except (OSError, ValueError, KeyError, AttributeError):
        raise DataError(f"{path} is not a registry of models as PRISM has it") from None
    return table.sort_values(["provider", "model"], ignore_index=True)
