"""Profiles that an encoder wrote from raters' fit ratings, kept in files of their own."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from ratings.data_sets.data_set import DataSet
from ratings.errors import DataError, DataMissingError
from ratings.input.strict_files import StrictFields, Whole, read_versioned_json
from ratings.output.atomic_write import write_whole
from ratings.representations.names import Representation
from ratings.sources.locations import resolve_from_start
from ratings.splits import Partition

VERSION = 1


@dataclass(frozen=True)
class ProfileRun(StrictFields):
    """Profiles of the raters of one split of a data set.

    Attributes:
        data: name of the data set.
        seed: of the split whose fit ratings were encoded.
        model: that wrote them.
        template_sha256: hash of the prompt template.
        tokens: read and written in all; None where the provider does not say.
        profiles: text by rater.
        fit_sha256: by rater, hash of the fit ratings it was written from.
    """

    data: str
    seed: Whole
    model: str
    template_sha256: str
    tokens: Whole | None
    profiles: Mapping[str, str]
    fit_sha256: Mapping[str, str]


def write_profile_run(path: Path, run: ProfileRun) -> None:
    """Write a run, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, json.dumps({"version": VERSION, **asdict(run)}, indent=1, sort_keys=True))


def read_profile_run(path: Path) -> ProfileRun:
    """Read a run.

    Raises:
        DataMissingError: when it is not there.
        MalformedFileError: when it is not a profile run, or of another version.
    """
    if not path.is_file():
        raise DataMissingError(f"profile run {path} is not there")
    return read_versioned_json(path, ProfileRun, VERSION)


def read_profiles(name: str, data: DataSet, partition: Partition, seed: int) -> list[str]:
    """The profile of each of the R raters, from a run's file or a folder with a run a seed.

    Raises:
        DataError: when the run is of other data or another seed, lacks a rater, or a profile was
            written from other ratings than the fit ratings at hand: it could hold what is to be
            predicted.
    """
    path, run = _run_of_seed(name, data.name, seed)
    hashes = fit_hashes(data, partition)
    for rater, digest in hashes.items():
        if rater not in run.profiles:
            raise DataError(f"{path} has no profile of rater {rater!r}")
        if run.fit_sha256.get(rater) != digest:
            raise DataError(
                f"{path}: the profile of rater {rater!r} was not written from the rater's fit "
                f"ratings of seed {seed}; encode the profiles again"
            )
    return [run.profiles[rater] for rater in hashes]


def fit_hashes(data: DataSet, partition: Partition) -> dict[str, str]:
    """By rater, a hash of the fit ratings: which instances, in which order, and how rated."""
    names = data.table.instances.index.astype(str).to_numpy()
    instance = names[data.table.instance_codes[partition.fit]]
    rating = data.table.rating_values[partition.fit].astype(str)
    known = np.char.add(np.char.add(instance.astype(str), "\0"), rating)
    ends = zip(partition.starts[:-1], partition.starts[1:], strict=True)
    return {
        str(rater): hashlib.sha256("\1".join(known[start:end]).encode()).hexdigest()
        for rater, (start, end) in zip(data.table.raters.index, ends, strict=True)
    }


def _run_of_seed(name: str, data: str, seed: int) -> tuple[Path, ProfileRun]:
    path = resolve_from_start(name)
    paths = sorted(path.glob("*.json")) if path.is_dir() else [path]
    runs = [(one, read_profile_run(one)) for one in paths]
    right = [(one, run) for one, run in runs if run.data == data and run.seed == seed]
    if len(right) == 1:
        return right[0]
    if not right:
        there = ", ".join(f"{run.data} seed {run.seed}" for _, run in runs) or "none"
        raise DataError(f"{path} has no profiles of {data} for seed {seed}; it has: {there}")
    raise DataError(f"{path} has several profile runs of {data} for seed {seed}; name one file")


def profile_files_sha256(representation: Representation) -> str:
    """Hash of all profile runs that a representation names; empty where it names none.

    Raises:
        DataError: for a run that is not there.
    """
    digest = hashlib.sha256()
    names = _named_runs(representation)
    for name in names:
        path = resolve_from_start(name)
        for file in sorted(path.glob("*.json")) if path.is_dir() else [path]:
            if not file.is_file():
                raise DataError(f"profile run {file} is not there")
            digest.update(file.read_bytes())
    return digest.hexdigest() if names else ""


def _named_runs(representation: Representation) -> list[str]:
    out = [part.argument for part in representation.components if part.kind == "profile"]
    for part in representation.components:
        out += _named_runs(part.inner) if part.inner else []
    return out
