"""Usable information as one table."""

import math
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from evals.vinfo.study import Findings, plan_study, run_vinfo
from ratings.data_sets.data_set import DataSet
from ratings.data_sets.registry import load_data_set
from ratings.errors import DataError
from ratings.representations.names import parse_representations
from ratings.sources.locations import resolve_from_start
from scorers.intervals.estimate import Estimate, undefined


def information(
    data: str | Path | DataSet,
    representations: str = "examples:max",
    *,
    family: str = "default",
    seeds: int = 5,
    jobs: int = 1,
    folder: str | Path | None = None,
) -> pd.DataFrame:
    """How much descriptions of raters tell about what they choose, a row each, with intervals.

    A predictive family is fitted on half of the raters, once a representation and split, and
    measured on the other half; the drop of its loss is the usable information.

    Args:
        data: name of a data set; one's own ratings, as the path of a CSV or Parquet file or as an
            address on the Hugging Face hub (`hf://owner/name`); or a `DataSet`. What was left out
            of one's own ratings is reported in warnings.
        representations: what is given about a rater, separated by commas, as in `valuegauge vinfo`;
            `none` is always among them.
        family: name of the predictive family.
        seeds: number of splits of the raters, with seeds from 0.
        jobs: fits that are made at a time.
        folder: where fits are kept, so that they are not made again; nowhere if not said.

    Returns:
        A row a representation, `none` first, with the columns

        - `data`, `synthetic`, `family`, `representation`: what was measured. `synthetic` says
          whether the raters are simulated.
        - `information`, `loss`: usable information and V-entropy, nats.
        - `accuracy`: share of ratings predicted.
        - `preserved`: share of the information of the most examples; NaN where none are given.
        - `brier`: Brier score over the choices.
        - `ece`: expected calibration error, `ece_corrected`: the root mean square one, free of
          bias, and `ece_if_calibrated`: what `ece` would be if the family were calibrated.
        - `<name>_low`, `<name>_high`, `<name>_reason` for each of these but `ece`: ends of its 95%
          interval (raters resampled, and what splits differ beyond that), and why it is missing.
        - `p_value`: that the loss drops, of a mixed model with random splits and raters, and
          `p_value_note`: what was fitted instead of the full model, or why nothing was;
          `permutation_p`: the same of flipping signs rater by rater. NaN for `none`.

    Raises:
        UnknownNameError: for an unknown name.
        DataError: when files are missing or not as they should be, or the data lack what is to be
            told.
    """
    if seeds < 1 or jobs < 1:
        raise DataError(f"seeds and jobs must be 1 or more, found {seeds} and {jobs}")
    wanted = parse_representations(representations)
    if not isinstance(data, DataSet):
        data, notes = load_data_set(str(data))
        for note in notes:
            warnings.warn(f"{data.name}: {note}", stacklevel=2)
    study = plan_study(data, wanted, family, seeds)
    with TemporaryDirectory(ignore_cleanup_errors=True) as nowhere:
        kept = Path(nowhere) if folder is None else resolve_from_start(str(folder))
        found = run_vinfo(study, kept, jobs, lambda key: None)
    return pd.DataFrame(list(_rows(found)))


def _rows(found: Findings) -> Iterator[Mapping[str, Any]]:
    for row in found.rows:
        yield {
            "data": found.study.data.name,
            "synthetic": found.study.data.synthetic,
            "family": found.study.family,
            "representation": row.representation.name,
            **_columns("information", row.information.estimate),
            **_columns("loss", row.loss.estimate),
            **_columns("accuracy", row.accuracy.estimate),
            **_columns("preserved", row.preserved or undefined("no examples are given")),
            **_columns("brier", row.brier),
            "ece": row.calibration.raw,
            **_columns("ece_corrected", row.calibration.corrected),
            **_columns("ece_if_calibrated", row.calibration.if_calibrated),
            "p_value": math.nan if row.mixed is None else row.mixed.p_value,
            "p_value_note": None if row.mixed is None else row.mixed.note,
            "permutation_p": row.permutation_p,
        }


def _columns(name: str, estimate: Estimate) -> dict[str, Any]:
    ends = asdict(estimate)
    return {name: ends.pop("value"), **{f"{name}_{end}": value for end, value in ends.items()}}
