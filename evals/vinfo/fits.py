"""Fits of a family over representations and split seeds, each kept in a file and resumed."""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from joblib.parallel import get_active_backend
from threadpoolctl import threadpool_limits

from decoders.cluster_raters import RaterClusters, candidate_log_probabilities, candidate_raters
from decoders.families import family_named
from decoders.family import Family
from decoders.fit_split import SplitFit, fit_split
from ratings.arrays import FloatArray, IntArray
from ratings.data_sets.data_set import DataSet
from ratings.data_sets.digest import data_sha256
from ratings.errors import DataError
from ratings.output.atomic_write import remove_left_behind, written_aside
from ratings.prepared import PreparedSplit
from ratings.representations.names import Representation
from ratings.representations.profile_runs import profile_files_sha256
from scorers.information.profile_clusters import group_makeup

_VERSION = 1
# Instances times candidates up to which a simulated population is kept with a fit.
_MOST_PREDICTIONS = 4_000_000


@dataclass(frozen=True)
class FitKey:
    """What a fit is determined by; a kept fit is used again only for the same.

    Attributes:
        data: name of the data set.
        data_sha256: of everything in it.
        family: its name and version.
        representation: what is given of a rater.
        seed: of the split.
        partitions: of each training rater.
        profiles_sha256: of the profile runs that the representation names.
    """

    data: str
    data_sha256: str
    family: str
    representation: Representation
    seed: int
    partitions: int
    profiles_sha256: str = ""

    def as_json(self) -> dict[str, Any]:
        """As it is written with the fit."""
        return {**asdict(self), "representation": self.representation.name}

    @property
    def file(self) -> str:
        """Name of the file that keeps the fit."""
        digest = hashlib.sha256(json.dumps([_VERSION, self.as_json()]).encode()).hexdigest()
        return f"{digest[:24]}.npz"


@dataclass(frozen=True, eq=False)
class KeptFit:
    """What a fit predicted for the evaluation ratings of the test raters.

    Attributes:
        key: what it was.
        raters: N positions in the table.
        instances: N positions in the table.
        ratings: N positions of choices, from 1.
        probabilities: N x K.
        population: I x V x K distributions given each candidate, of the first seed's fits alone
            and of data sets that are not too large; else empty.
        candidates: V positions in the table of the training raters whom the candidates describe.
        texts: V texts of the candidates, empty where what is given holds none.
        seconds: what the fit took.
        parameters: how many numbers were fitted.
        training_ratings: how many ratings it was fitted on.
        clusters: what is to be given about clusters, by the name of their part.
    """

    key: FitKey
    raters: IntArray
    instances: IntArray
    ratings: IntArray
    probabilities: FloatArray
    population: FloatArray
    candidates: IntArray
    texts: tuple[str, ...]
    seconds: float
    parameters: int
    training_ratings: int
    clusters: dict[str, Any]


@dataclass(frozen=True, eq=False)
class FitJob:
    """A fit to make: of a data set by a family, named as the user does."""

    data: DataSet
    family: str
    key: FitKey


def keys_of(
    data: DataSet,
    family: Family,
    representations: Iterable[Representation],
    seeds: int,
    partitions: int,
) -> list[FitKey]:
    """The keys of all fits, seed by seed."""
    found = data_sha256(data)
    named = [(one, profile_files_sha256(one)) for one in representations]
    return [
        FitKey(data.name, found, f"{family.name} {family.version}", one, seed, partitions, texts)
        for seed in range(seeds)
        for one, texts in named
    ]


def run_fits(
    data: DataSet,
    family: str,
    keys: Sequence[FitKey],
    folder: Path,
    jobs: int,
    done: Callable[[FitKey], None],
) -> None:
    """Make every fit that is not kept in the folder yet, several at a time.

    Args:
        data: of all the keys.
        family: name of the family.
        keys: of the fits.
        folder: where fits are kept, one file each, whole or not at all.
        jobs: how many processes.
        done: is called with each key as its fit is there.

    Raises:
        DataError: when the data set lacks what is to be given.
    """
    run_jobs([FitJob(data, family, key) for key in keys], folder, jobs, done)


def run_jobs(
    wanted: Sequence[FitJob], folder: Path, jobs: int, done: Callable[[FitKey], None]
) -> None:
    """The same for fits of several data sets and families; joblib's backend is as it was set."""
    folder.mkdir(parents=True, exist_ok=True)
    remove_left_behind(folder)
    missing = []
    for job in wanted:
        if _readable(folder / job.key.file, job.key):
            done(job.key)
        else:
            missing.append(job)
    # Ray's backend returns all at once; fits are kept one by one all the same.
    one_by_one = get_active_backend()[0].supports_return_generator
    workers = joblib.Parallel(
        n_jobs=min(jobs, max(1, len(missing))), return_as="generator" if one_by_one else "list"
    )
    for key in workers(
        joblib.delayed(_make)(job.data, job.family, job.key, folder) for job in missing
    ):
        done(key)


def read_fit(folder: Path, key: FitKey) -> KeptFit:
    """A fit that is kept.

    Raises:
        DataError: when it is not there, or another.
    """
    path = folder / key.file
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as found:
            about = json.loads(str(found["about"]))
            arrays = {name: found[name] for name in _ARRAYS}
    except _UNREADABLE as error:
        raise DataError(f"{path} is not a valid kept fit; remove it and run again") from error
    if about.pop("key") != key.as_json():
        raise DataError(f"{path} keeps another fit; remove it and run again")
    texts = tuple(about.pop("texts"))
    return KeptFit(key=key, texts=texts, **arrays, **about)


# What reading an empty, cut or foreign file raises.
_UNREADABLE = (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile, zlib.error)
_ARRAYS = ("raters", "instances", "ratings", "probabilities", "population", "candidates")


@lru_cache(maxsize=2)
def _family(name: str) -> Family:
    """One family a process, which may keep what its fits have in common."""
    return family_named(name)


def _make(data: DataSet, family: str, key: FitKey, folder: Path) -> FitKey:
    prepared = PreparedSplit.of(data, key.seed)
    fit = fit_split(prepared, _family(family), key.representation, key.partitions)
    targets = fit.test_targets()
    with threadpool_limits(1, "blas"):
        population, candidates = _population(fit)
    texts = fit.given.texts.iloc[candidates] if len(candidates) else fit.given.texts.iloc[:0]
    about = {
        "key": key.as_json(),
        "texts": [" ".join(filter(None, row)) for row in texts.to_numpy(dtype=object)],
        "seconds": fit.decoder.cost.seconds,
        "parameters": fit.decoder.cost.parameters,
        "training_ratings": fit.decoder.cost.ratings,
        "clusters": {name: _cluster_report(fit, found) for name, found in fit.clusters.items()},
    }
    arrays: dict[str, Any] = {
        "raters": targets.raters,
        "instances": targets.instances,
        "ratings": targets.ratings,
        "probabilities": fit.predict(targets.raters, targets.instances),
        "population": population,
        "candidates": candidates,
        "about": np.array(json.dumps(about)),
    }
    with written_aside(folder / key.file) as aside:
        np.savez_compressed(aside, **arrays)
    return key


def _population(fit: SplitFit) -> tuple[FloatArray, IntArray]:
    """What is predicted for every instance given each of up to a hundred training raters."""
    data, split = fit.prepared.data, fit.prepared.split
    candidates = candidate_raters(split, fit.given)
    size = len(candidates) * len(data.table.instances)
    if split.seed or not 0 < size <= _MOST_PREDICTIONS:
        return np.zeros((0, 0, 0)), np.zeros(0, dtype=np.intp)
    found = candidate_log_probabilities(fit.decoder, fit.given.take(candidates), data)
    shares = np.exp(found.astype(float))
    shares[shares < 1e-11] = 0.0  # choices that an instance does not have
    return shares / shares.sum(axis=2, keepdims=True), candidates


def _cluster_report(fit: SplitFit, clusters: RaterClusters) -> dict[str, Any]:
    """Who describes each cluster, how many raters it has, and its make-up by demographics."""
    data, split = fit.prepared.data, fit.prepared.split
    cluster = clusters.of(fit.prepared)
    size = len(clusters.found.chosen)
    chosen = clusters.raters[list(clusters.found.chosen)].tolist()
    raters = data.table.raters
    makeup = {}
    for column in data.demographics:
        known = raters[column].notna().to_numpy()
        if raters[column].nunique() > 1:
            labels = raters[column][known].astype(str).to_numpy()
            found = group_makeup(cluster[known], labels, size, split.seed)
            makeup[column] = {
                "cramers_v": found.cramers_v.value,
                "low": found.cramers_v.low,
                "high": found.cramers_v.high,
                "p_value": found.p_value,
                "shares": found.table.to_dict("records"),
            }
    texts = clusters.candidates.texts.iloc[list(clusters.found.chosen)]
    return {
        "described_by": [str(raters.index[rater]) for rater in chosen],
        "texts": [" ".join(filter(None, row)) for row in texts.to_numpy(dtype=object)],
        "training_raters": np.bincount(cluster[split.train], minlength=size).tolist(),
        "test_raters": np.bincount(cluster[split.test], minlength=size).tolist(),
        "loss": clusters.found.loss,
        "converged": clusters.found.converged,
        "makeup": makeup,
    }


def _readable(path: Path, key: FitKey) -> bool:
    if not path.exists():
        return False
    read_fit(path.parent, key)
    return True
