"""One's own ratings as a data set of the Hugging Face hub, or a folder of the same kind.

They are written aside as the files that `own_ratings` reads, so the rules are the same.
"""

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from ratings.data_sets.data_set import TEXT, DataSet
from ratings.errors import DataError, DataMissingError, unknown_name
from ratings.sources.hub import hub_errors, quiet, resolve_commit
from ratings.sources.locations import resolve_from_start

if TYPE_CHECKING:
    from datasets import Dataset

SCHEME = "hf://"
FORM = "hf://OWNER/NAME[@REVISION][/CONFIG][:SPLIT]"

_ADDRESS = re.compile(
    r"hf://(?:datasets/)?(?P<dataset>[\w.-]+/[\w.-]+)(?:@(?P<revision>[\w.%-]+))?"
    r"(?:/(?P<config>[\w.-]+))?(?::(?P<split>[\w.-]+))?",
    re.ASCII,
)
_NEEDED = ("rater", "instance", "rating")
_OF_INSTANCES = (TEXT, "choices", "group")
# Configurations of a data set of the hub, or splits of a folder, that hold raters
# and instances, as files next to a CSV file do.
_BESIDE = ("instances", "raters")
_SEPARATOR = "|"


@dataclass(frozen=True)
class HubAddress:
    """A table of ratings on the hub.

    Attributes:
        dataset: owner and name.
        revision: a branch, a tag or a commit; None for the newest.
        config: one of its configurations; None for the only or the default one.
        split: one of its splits; None for the only one.
    """

    dataset: str
    revision: str | None
    config: str | None
    split: str | None


def parse_address(text: str) -> HubAddress:
    """An address of ratings on the hub.

    >>> parse_address("hf://ann/tea@v1/survey:train")
    HubAddress(dataset='ann/tea', revision='v1', config='survey', split='train')

    Raises:
        DataError: for anything else.
    """
    found = _ADDRESS.fullmatch(text)
    if found is None:
        raise DataError(f"{text!r} is not the address of a data set; write {FORM}")
    revision = found["revision"]
    return HubAddress(
        found["dataset"],
        revision.replace("%2F", "/") if revision else None,
        found["config"],
        found["split"],
    )


def load_hub_ratings(address: str) -> tuple[DataSet, tuple[str, ...]]:
    """Ratings of the hub at one commit, and notes: the commit, and what was left out.

    The table has the columns `rater`, `instance` and `rating`, and may have `text` and `group` of
    the instance. Where `rating` is a `ClassLabel`, its names are the choices, in their order. The
    configurations `instances` and `raters` of the same data set, where there are any, are what
    the files of these names are beside a CSV file.

    Raises:
        DataMissingError: when the hub does not give it.
        DataError: when the ratings are not as they should be.
    """
    from datasets import get_dataset_config_names, load_dataset

    parsed = parse_address(address)
    commit = resolve_commit(parsed.dataset, parsed.revision)
    with hub_errors(parsed.dataset, parsed.revision), quiet():
        configs = get_dataset_config_names(parsed.dataset, revision=commit)
        config = _one_of("configuration", parsed.config, configs, address)
        tables = {
            name: load_dataset(parsed.dataset, name, revision=commit)
            for name in (config, *_BESIDE)
            if name in configs
        }
    found = _split(tables[config], parsed.split, address)
    others = {name: _split(tables[name], None, name) for name in _BESIDE if name in tables}
    data, notes = _as_own(parsed.dataset.rpartition("/")[2], found, others)
    return replace(data, commit=commit), (f"read at {_at(parsed, commit)}", *notes)


def pinned(address: str) -> str:
    """The address with the commit that it means now, so that it means the same ever after.

    Raises:
        DataMissingError: when the hub does not say.
        DataError: when it is not such an address.
    """
    parsed = parse_address(address)
    return _at(parsed, resolve_commit(parsed.dataset, parsed.revision))


def _at(parsed: HubAddress, commit: str) -> str:
    config = f"/{parsed.config}" if parsed.config else ""
    return f"{SCHEME}{parsed.dataset}@{commit}{config}{f':{parsed.split}' if parsed.split else ''}"


def load_folder_ratings(path: str) -> tuple[DataSet, tuple[str, ...]]:
    """Ratings of a folder: what `save_to_disk` wrote, or files that `load_dataset` reads.

    As `load_hub_ratings`; splits named `instances` and `raters` are what the configurations of
    these names are there.

    Raises:
        DataError: when the folder holds no such data set, or the ratings are not as they should be.
    """
    from datasets import Dataset, load_dataset, load_from_disk

    folder = resolve_from_start(path)
    saved = any((folder / name).is_file() for name in ("dataset_dict.json", "state.json"))
    with tempfile.TemporaryDirectory() as cache, quiet():
        try:
            found = load_from_disk(folder) if saved else load_dataset(str(folder), cache_dir=cache)
        except Exception as error:
            raise DataError(
                f"{folder} cannot be read as a data set: {' '.join(str(error).split())}"
            ) from error
        splits = {"train": found} if isinstance(found, Dataset) else dict(found)
        others = {name: splits.pop(name) for name in _BESIDE if name in splits}
        return _as_own(folder.name, _split(splits, None, path), others)


def _as_own(
    name: str, ratings: "Dataset", others: Mapping[str, "Dataset"]
) -> tuple[DataSet, tuple[str, ...]]:
    """What `load_own_ratings` makes of the same tables as files."""
    from ratings.data_sets.own.ratings import load_own_ratings

    columns = list(ratings.column_names)
    for column in _NEEDED:
        if column not in columns:
            raise DataError(f"{name} has no column {column!r}; found: {', '.join(columns)}")
    used = [column for column in (TEXT, "group") if column in columns]
    left_out = [column for column in columns if column not in (*_NEEDED, *used)]
    frame = _frame(ratings, [*_NEEDED, *used])
    instances = _instances(frame[["instance", *used]], others, _labels(name, ratings))
    with tempfile.TemporaryDirectory() as aside:
        path = Path(aside) / f"{name}.parquet"
        frame[list(_NEEDED)].to_parquet(path)
        if instances is not None:
            instances.to_parquet(path.with_name(f"{name}.instances.parquet"))
        if "raters" in others:
            raters = _frame(others["raters"], others["raters"].column_names)
            raters.to_parquet(path.with_name(f"{name}.raters.parquet"))
        data, notes = load_own_ratings(path)
    if left_out:
        return data, (f"columns left out: {', '.join(left_out)}", *notes)
    return data, notes


def _instances(
    rated: pd.DataFrame, others: Mapping[str, "Dataset"], labels: str | None
) -> pd.DataFrame | None:
    """The table of instances, where anything is known of them."""
    if "instances" in others:
        found = others["instances"]
        known = [name for name in ("instance", *_OF_INSTANCES) if name in found.column_names]
        table = _frame(found, known)
        if "choices" in table:
            table["choices"] = table["choices"].map(_joined)
    elif labels is None and TEXT not in rated and "group" not in rated:
        return None
    else:
        table = rated.dropna(subset="instance").drop_duplicates("instance")
        if TEXT not in table:
            table = table.assign(text=table["instance"].astype(str))
    if labels is not None:
        given = table["choices"] if "choices" in table else pd.Series(None, table.index, object)
        table = table.assign(choices=given.where(given.notna(), labels))
    return table


def _frame(table: "Dataset", columns: list[str]) -> pd.DataFrame:
    """Columns of a data set, labels as their names; missing where a label is -1 or null."""
    from datasets import ClassLabel

    frame: pd.DataFrame = table.select_columns(columns).with_format(None).to_pandas()
    for name in columns:
        feature = table.features[name]
        if isinstance(feature, ClassLabel):
            names = dict(enumerate(feature.names))
            frame[name] = pd.Series([names.get(code) for code in frame[name]], dtype=object)
    return frame


def _labels(name: str, ratings: "Dataset") -> str | None:
    """The names of a `ClassLabel` as own files list choices, or None for any other column."""
    from datasets import ClassLabel

    feature = ratings.features["rating"]
    if not isinstance(feature, ClassLabel):
        return None
    odd = [label for label in feature.names if _SEPARATOR in label]
    if odd:
        raise DataError(f"{name}: the choice {odd[0]!r} contains {_SEPARATOR!r}; rename it")
    return _SEPARATOR.join(feature.names)


def _joined(cell: object) -> object:
    """A list of choices, which arrives as an array, as own files write it."""
    return cell if cell is None or isinstance(cell, str) else _SEPARATOR.join(map(str, cell))  # type: ignore[call-overload]


def _split(splits: Mapping[str, "Dataset"], wanted: str | None, where: str) -> "Dataset":
    return splits[_one_of("split", wanted, list(splits), where)]


def _one_of(what: str, wanted: str | None, found: list[str], where: str) -> str:
    """The one that was asked for, or the only one."""
    if wanted is not None:
        if wanted not in found:
            raise unknown_name(f"{what} of {where}", wanted, found)
        return wanted
    own = [name for name in found if name not in _BESIDE] or found
    if "default" in own:
        return "default"
    if len(own) != 1:
        raise DataMissingError(f"{where} has several {what}s, {', '.join(own)}; name one: {FORM}")
    return own[0]
