"""A grid of fits from start to end: data sets by representations, seeds and families."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from decoders.families import family_named
from evals.vinfo.fits import FitJob, FitKey, KeptFit, keys_of, read_fit, run_jobs
from evals.vinfo.grid_config import Grid
from evals.vinfo.study import VinfoStudy
from evals.vinfo.table import VinfoRow, row_as_json, vinfo_rows
from ratings.output.atomic_write import write_whole
from ratings.output.csv_text import csv_text
from ratings.output.json_values import json_object
from scorers.intervals.estimate import Estimate


@dataclass(frozen=True, eq=False)
class FamilyRows:
    """What one family came to on one data set.

    Attributes:
        study: what was measured.
        fits: all of them.
        rows: one a representation, each compared with the family's own `none`.
    """

    study: VinfoStudy
    fits: tuple[KeptFit, ...]
    rows: tuple[VinfoRow, ...]

    @property
    def family(self) -> str:
        """The family's name for tables."""
        return family_named(self.study.family).name


def run_grid(
    grid: Grid, folder: Path, jobs: int, done: Callable[[FitKey], None]
) -> list[FamilyRows]:
    """Make the fits that are missing in `folder`/fits, by joblib's backend, and tabulate all.

    Raises:
        DataError: when a fit cannot be made.
    """
    wanted = [_fit_jobs(study) for study in grid.studies]
    run_jobs([job for some in wanted for job in some], folder / "fits", jobs, done)
    found = []
    for study, some in zip(grid.studies, wanted, strict=True):
        fits = tuple(read_fit(folder / "fits", job.key) for job in some)
        found.append(FamilyRows(study, fits, tuple(vinfo_rows(fits))))
    return found


def _fit_jobs(study: VinfoStudy) -> list[FitJob]:
    family = family_named(study.family)
    keys = keys_of(study.data, family, study.representations, study.seeds, study.partitions)
    return [FitJob(study.data, study.family, key) for key in keys]


def write_grid(grid: Grid, found: list[FamilyRows], folder: Path) -> list[Path]:
    """Write `grid.json` and `grid.csv`."""
    paths = [folder / "grid.json", folder / "grid.csv"]
    about = grid_as_json(grid, found)
    write_whole(paths[0], json.dumps(about, indent=1, allow_nan=False))
    lines = [_line(rows, row) for rows in found for row in rows.rows]
    write_whole(paths[1], csv_text([lines[0], *(line.values() for line in lines)], "\n"))
    return paths


def grid_as_json(grid: Grid, found: list[FamilyRows]) -> dict[str, Any]:
    """All tables, as written to `grid.json`."""
    tables: dict[str, dict[str, Any]] = {}
    for rows in found:
        study, first = rows.study, rows.fits[0].key
        table = tables.setdefault(
            study.data.name,
            {
                "data": study.data.name,
                "data_sha256": first.data_sha256,
                "card_revision": study.data.card.revision if study.data.card else None,
                "synthetic": study.data.synthetic,
                "raters": len(study.data.table.raters),
                "ratings": len(study.data.table),
                "families": [],
            },
        )
        table["families"].append(
            {
                "family": first.family,
                "name": rows.family,
                "calibration": family_named(study.family).calibration,
                "partitions": study.partitions,
                "representations": [row_as_json(row) for row in rows.rows],
            }
        )
    return {
        "version": 1,
        "grid": grid.name,
        "seeds": list(range(grid.studies[0].seeds)),
        "units": {"loss": "nats", "information": "nats", "accuracy": "share"},
        "tables": list(tables.values()),
    }


def _line(rows: FamilyRows, row: VinfoRow) -> dict[str, Any]:
    estimates: dict[str, Estimate | None] = {
        "accuracy": row.accuracy.estimate,
        "loss": row.loss.estimate,
        "information": row.information.estimate,
        "preserved": row.preserved,
        "ece": row.calibration.corrected,
    }
    line: dict[str, Any] = {
        "data": rows.study.data.name,
        "family": rows.family,
        "representation": row.representation.name,
    }
    for name, estimate in estimates.items():
        for end in ("value", "low", "high"):
            key = name if end == "value" else f"{name}_{end}"
            line[key] = None if estimate is None else getattr(estimate, end)
    line |= {
        "ece_raw": row.calibration.raw,
        "ece_if_calibrated": row.calibration.if_calibrated.value,
        "seconds": row.seconds,
        "parameters": row.parameters,
    }
    return json_object(line)
