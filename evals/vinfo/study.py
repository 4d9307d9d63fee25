"""A V-information study from start to end: fit, tabulate, follow up, write."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from decoders.families import family_named
from decoders.fit_split import redrawable
from evals.vinfo.finding import vinfo_finding
from evals.vinfo.fits import FitKey, KeptFit, keys_of, read_fit, run_fits
from evals.vinfo.follow_up import (
    best_groupings,
    distributions_of,
    pointwise_tables,
    population_study,
    reliability,
)
from evals.vinfo.plots import (
    plot_agreement,
    plot_information,
    plot_reliability,
    plot_uncertainty,
)
from evals.vinfo.preflight import require_available
from evals.vinfo.table import Stacked, VinfoRow, marginal_row, row_as_json, stack, vinfo_rows
from ratings.data_sets.data_set import DataSet
from ratings.output.atomic_write import write_whole
from ratings.output.csv_text import table_csv
from ratings.output.json_values import json_object
from ratings.output.slugs import folder_slug
from ratings.representations.names import NONE, Representation, describe_clusters
from ratings.representations.profile_distributions import write_profile_distributions
from ratings.splits import LEAST_RATINGS
from scorers.intervals.estimate import Estimate


@dataclass(frozen=True)
class VinfoStudy:
    """What to measure.

    Attributes:
        data: raters have at least four ratings.
        representations: `none` first.
        family: name of the predictive family.
        seeds: number of splits, with seeds from 0.
        partitions: of each training rater, the same for all fits.
    """

    data: DataSet
    representations: tuple[Representation, ...]
    family: str
    seeds: int
    partitions: int


@dataclass(frozen=True, eq=False)
class Findings:
    """What a study came to.

    Attributes:
        study: what was measured.
        rows: one a representation.
        majority: accuracy of the most frequent label, and entropy of the labels.
        fits: all of them.
        stacked: the ratings of all splits with every prediction.
    """

    study: VinfoStudy
    rows: tuple[VinfoRow, ...]
    majority: tuple[Estimate, Estimate]
    fits: tuple[KeptFit, ...]
    stacked: Stacked

    @cached_property
    def sentence(self) -> str:
        """What was found, in a sentence."""
        return vinfo_finding(self.study.data, self.rows, self.stacked)


def plan_study(
    data: DataSet, representations: Sequence[Representation], family: str, seeds: int
) -> VinfoStudy:
    """A study of these representations and of `none`, which all are compared with.

    Profiles are written from one partition of a rater's ratings, so a study that has any fits
    everything to one partition: fits are comparable only when they saw the same targets. The
    profiles that it gives describe its clusters, unless these are named with something else.

    Raises:
        DataError: when it is not said which of several profile runs describes the clusters.
    """
    known = family_named(family)
    every = tuple(dict.fromkeys([NONE, *describe_clusters(representations)]))
    partitions = known.partitions if all(map(redrawable, every)) else 1
    return VinfoStudy(data.with_at_least(LEAST_RATINGS), every, family, seeds, partitions)


def run_vinfo(
    study: VinfoStudy, folder: Path, jobs: int, done: Callable[[FitKey], None]
) -> Findings:
    """Make the fits that are missing in `folder`/fits and tabulate all.

    Raises:
        DataError: when the data set lacks what is to be given.
    """
    family = family_named(study.family)
    require_available(study.data, study.representations, study.seeds)
    keys = keys_of(study.data, family, study.representations, study.seeds, study.partitions)
    run_fits(study.data, study.family, keys, folder / "fits", jobs, done)
    fits = tuple(read_fit(folder / "fits", key) for key in keys)
    return Findings(study, tuple(vinfo_rows(fits)), marginal_row(fits), fits, stack(fits))


def write_findings(
    found: Findings, folder: Path, published: Sequence[Mapping[str, Any]] = ()
) -> list[Path]:
    """Write `vinfo.json`, tables and pictures; the paths in the order written."""
    given = [row.representation for row in found.rows if row.representation != NONE]
    title = f"{found.study.data.name}, family {found.study.family}"
    if found.study.data.synthetic:
        title += ", simulated raters"
    paths = [folder / "information.png", folder / "reliability.png"]
    if given:
        plot_information(found.rows, title, paths[0])
        curves = {one.name: reliability(found.stacked, one) for one in given}
        plot_reliability(curves, title, paths[1])
    written = [path for path in paths if path.exists()]
    studies: dict[str, Any] = {}
    for one in given:
        part = folder / folder_slug(one.name)
        part.mkdir(exist_ok=True)
        studies[one.name] = _follow_up(found, one, part, title)
        written.append(part)
    about = findings_as_json(found, published)
    for entry in about["representations"]:
        entry["studies"] = studies.get(entry["representation"])
    write_whole(folder / "vinfo.json", json.dumps(about, indent=1, allow_nan=False))
    return [folder / "vinfo.json", *written]


def findings_as_json(
    found: Findings, published: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """Everything of the table, as written to `vinfo.json`, with what a paper prints of it."""
    study, family = found.study, family_named(found.study.family)
    first = found.fits[0].key
    about: dict[str, Any] = {
        "version": 1,
        "finding": found.sentence,
        "data": study.data.name,
        "data_sha256": first.data_sha256,
        "card_revision": study.data.card.revision if study.data.card else None,
        "data_commit": study.data.commit,
        "synthetic": study.data.synthetic,
        "family": first.family,
        "calibration": family.calibration,
        "seeds": list(range(study.seeds)),
        "partitions": study.partitions,
        "raters": len(study.data.table.raters),
        "ratings": len(study.data.table),
        "test_ratings": len(found.stacked.ratings),
        "units": {"loss": "nats", "information": "nats", "accuracy": "share"},
        "majority": {
            "accuracy": asdict(found.majority[0]),
            "label_entropy": asdict(found.majority[1]),
        },
        "representations": [row_as_json(row) for row in found.rows],
        "groupings": best_groupings(found.rows, found.stacked, study.data),
        "clusters": {
            fit.key.representation.name: fit.clusters
            for fit in found.fits
            if fit.key.seed == 0 and fit.clusters
        },
        "published": list(published),
    }
    return json_object(about)


def _follow_up(
    found: Findings, representation: Representation, folder: Path, title: str
) -> dict[str, Any]:
    """Tables and pictures of one representation; what is for the JSON file."""
    data = found.study.data
    tables = pointwise_tables(data, found.stacked, representation)
    title = f"{title}: {representation.name}"
    for what, table in tables.items():
        _write_table(table, folder / f"{what}.csv")
    _write_table(reliability(found.stacked, representation), folder / "reliability.csv")
    plot_uncertainty(tables["instances"], title, folder / "uncertainty.png")
    by = {(fit.key.representation, fit.key.seed): fit for fit in found.fits}
    fit, none = by[representation, 0], by[NONE, 0]
    out: dict[str, Any] = {"folder": folder.name}
    if not fit.population.size:
        return {**out, "population": "not simulated: too many instances and candidates"}
    study = population_study(data, none, fit)
    _write_table(study["instances"], folder / "agreement.csv")
    _write_table(study["difficulty"], folder / "difficulty.csv")
    minimum = study["agreement"]["minimum"]
    plot_agreement(study["instances"], minimum, title, folder / "agreement.png")
    distributions = distributions_of(data, fit)
    if distributions is not None:
        write_profile_distributions(folder / "distributions.json", distributions)
        out["distributions"] = f"{folder.name}/distributions.json"
    return {**out, "agreement": json_object(study["agreement"])}


def _write_table(table: pd.DataFrame, path: Path) -> None:
    write_whole(path, table_csv(table))
