"""How well people of each demographic group are read, from logs or by a baseline.

Jiang et al. (2025): Figures 4 and 8 (groups of one model), 4 and 10 to 20 (what training adds).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.indie_value._baselines import (
    BEST_K,
    demographics_predictions,
    majority_predictions,
    random_predictions,
    resemble_predictions,
)
from benchmarks.indie_value._setup import Material, Setup, load_material
from evals.reports.indie_value import TASK
from evals.reports.people import common_samples, people_of
from ratings.arrays import FloatArray
from ratings.errors import DataError
from ratings.instruments.indie_value import DIMENSIONS, PROBES
from ratings.output.json_values import json_object
from ratings.survey.demonstrations import MOST
from scorers.inspect_adapter.run_log import RunLog, read_run
from scorers.intervals.estimate import Estimate
from scorers.scores.group_means import LEAST_PEOPLE, group_means
from scorers.scores.inequity import Inequity, sigma_inequity
from scorers.scores.response_checks import MEASURED

Labels = Mapping[str, Sequence[str | None]]
Predict = Callable[[Material, int], npt.NDArray[np.int8]]

# Two runs that differ here did not ask about the same people.
_SAME = {"card", "survey_sha256"}

BASELINES: Mapping[str, Predict] = {
    "random": random_predictions,
    "majority": majority_predictions,
    "resemble": lambda material, probe: resemble_predictions(material, probe, [BEST_K])[0],
    "demographics": lambda material, probe: demographics_predictions(material, probe, "Country"),
}


@dataclass(frozen=True, eq=False)
class PeopleRead:
    """How well a reader read each of n people.

    Attributes:
        reader: a model, or a baseline.
        accuracies: n shares of right choices.
        labels: by dimension the group of each person, None where unknown.
        origin: which survey, of whom.
        synthetic: whether the people are simulated.
        incomplete: whether the run did not ask everybody it was to ask.
    """

    reader: str
    accuracies: FloatArray
    labels: Labels
    origin: str
    synthetic: bool
    incomplete: bool = False


@dataclass(frozen=True)
class GroupRow:
    """One group.

    Attributes:
        people: how many.
        accuracies: of each reader, a share.
        gain: the second reader's less the first's, person by person; None with one reader.
    """

    group: str
    people: int
    accuracies: tuple[Estimate, ...]
    gain: Estimate | None


@dataclass(frozen=True)
class DimensionRows:
    """The groups of one dimension.

    Attributes:
        sigmas: of each reader, sigma-INEQUITY over all groups, those of few people too.
        untold: how many people said nothing of the dimension.
        groups: those with an estimate, the best read by the first reader first; then the others.
    """

    name: str
    sigmas: tuple[Inequity, ...]
    untold: int
    groups: tuple[GroupRow, ...]


@dataclass(frozen=True)
class GroupReport:
    """Accuracies by group of one reader, or of two on the same people and questions.

    Attributes:
        differing: what the two readers were asked otherwise, such as `grouping`; empty with one.
    """

    readers: tuple[str, ...]
    people: int
    least: int
    origin: str
    synthetic: bool
    incomplete: bool
    differing: tuple[str, ...]
    dimensions: tuple[DimensionRows, ...]

    def as_json(self) -> dict[str, Any]:
        """As plain data, accuracies as shares; a number that is not defined is null."""
        return json_object(asdict(self))

    def table(self) -> pd.DataFrame:
        """A row a group: people, accuracies and what the second reader adds, in per cent."""
        rows = []
        for dimension in self.dimensions:
            for one in dimension.groups:
                row: dict[str, object] = {
                    "dimension": dimension.name,
                    "group": one.group,
                    "people": one.people,
                }
                named = dict(zip(self._columns(), one.accuracies, strict=True))
                for name, found in {**named, **({"gain": one.gain} if one.gain else {})}.items():
                    row[name] = 100 * found.value
                    row[f"{name} low"] = 100 * found.low
                    row[f"{name} high"] = 100 * found.high
                row["reason"] = one.accuracies[0].reason
                rows.append(row)
        return pd.DataFrame(rows)

    def _columns(self) -> list[str]:
        return ["accuracy", "accuracy of the second"][: len(self.readers)]


def groups_of_logs(
    paths: Sequence[Path],
    dimensions: Sequence[str] = tuple(DIMENSIONS),
    least: int = LEAST_PEOPLE,
    seed: int = 0,
) -> GroupReport:
    """The report of one log, or of two on the samples that both have.

    Args:
        paths: one log of IndieValueCatalog, or two.
        dimensions: of the 16.
        least: people that a group needs.
        seed: of the bootstrap.

    Raises:
        DataMissingError: when there is no log at a path.
        DataError: when it is not a log, or two have no sample in common or are of other people.
    """
    runs = [read_run(path, (TASK,)) for path in paths]
    differing: tuple[str, ...] = ()
    samples = None
    if len(runs) == 2:
        differing = _differing(*runs)
        if not _SAME.isdisjoint(differing):
            raise DataError(f"{paths[0]} and {paths[1]} are of other people: the surveys differ")
        samples = common_samples(*runs)
    reads = [_read(run, people_of(run, samples)) for run in runs]
    return group_report(reads, dimensions, least, differing, seed)


def read_by_baseline(
    name: str,
    data: str = "official",
    survey: str | None = None,
    seed: int = 0,
    form: str = "polar",
) -> PeopleRead:
    """How well a baseline reads each of the 800 held-out people, on all probe sets.

    Args:
        name: one of `BASELINES`; `resemble` with 24 people, `demographics` by country.
        data: `official` or `sample`.
        survey: path of the survey's file, or None.
        seed: of the held-out people and the statements shown.
        form: of the statements shown and asked.

    Raises:
        DataError: when data are missing or not what they should be.
    """
    material = load_material(Setup(data, survey, seed, MOST, form, form, "none"))
    right = [BASELINES[name](material, probe) == material.truth(probe) for probe in PROBES]
    held_out = material.sample.held_out
    labels = {one: material.survey.groups(one).astype(object).iloc[held_out] for one in DIMENSIONS}
    return PeopleRead(
        reader=f"baseline {name}",
        accuracies=np.hstack(right).mean(axis=1),
        labels={one: of.where(of.notna(), None).tolist() for one, of in labels.items()},
        origin=material.survey.origin,
        synthetic=material.survey.synthetic,
    )


def group_report(
    reads: Sequence[PeopleRead],
    dimensions: Sequence[str],
    least: int = LEAST_PEOPLE,
    differing: tuple[str, ...] = (),
    seed: int = 0,
) -> GroupReport:
    """Accuracies by group of one reader, or of two who read the same n people.

    Args:
        reads: of one reader or two.
        dimensions: of the 16.
        least: people that a group needs.
        differing: what the two were asked otherwise.
        seed: of the bootstrap.
    """
    first = reads[0]
    labels = {name: first.labels[name] for name in dimensions}
    codes = {
        name: pd.factorize(np.array(of, dtype=object))[0].astype(np.intp)
        for name, of in labels.items()
    }
    means = [group_means(read.accuracies, labels, least, (0.0, 1.0)) for read in reads]
    by_group = [{(one.dimension, one.group): one.estimate for one in found} for found in means]
    gains: dict[tuple[str, str], Estimate] = {}
    if len(reads) == 2:
        added = reads[1].accuracies - first.accuracies
        found = group_means(added, labels, least, (-1.0, 1.0))
        gains = {(one.dimension, one.group): one.estimate for one in found}
    spreads = [sigma_inequity(read.accuracies, codes, seed)[0] for read in reads]
    return GroupReport(
        readers=tuple(read.reader for read in reads),
        people=len(first.accuracies),
        least=least,
        origin=first.origin,
        synthetic=first.synthetic,
        incomplete=any(read.incomplete for read in reads),
        differing=differing,
        dimensions=tuple(
            DimensionRows(
                name=name,
                sigmas=tuple(of[name] for of in spreads),
                untold=int((codes[name] < 0).sum()),
                groups=tuple(
                    GroupRow(
                        one.group,
                        one.people,
                        tuple(of[one.dimension, one.group] for of in by_group),
                        gains.get((one.dimension, one.group)),
                    )
                    for one in means[0]
                    if one.dimension == name
                ),
            )
            for name in dimensions
        ),
    )


def _read(run: RunLog, people: pd.DataFrame) -> PeopleRead:
    return PeopleRead(
        reader=run.model,
        accuracies=people["accuracy"].to_numpy(),
        labels={name: people[name].tolist() for name in DIMENSIONS},
        origin=str(run.metadata.get("survey")),
        synthetic=bool(run.metadata.get("synthetic")),
        incomplete=not run.complete,
    )


def _differing(one: RunLog, other: RunLog) -> tuple[str, ...]:
    """Names of what two runs measured otherwise."""
    mine, theirs = one.measured, other.measured
    names = [name for name in MEASURED if name != "settings" and mine[name] != theirs[name]]
    settings = (mine["settings"], theirs["settings"])
    names += [n for n in settings[0] if settings[0][n] != settings[1].get(n)]
    return tuple(names)
