"""How long the answers of a run are, in characters, from the texts that its log holds."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from inspect_ai.log import EvalSample

from ratings.errors import DataError
from scorers.inspect_adapter.asking import ANSWERS, NO_ANSWER
from scorers.inspect_adapter.log_bounds import OutOfBoundsError, require_bounds
from scorers.inspect_adapter.unread_answers import sample_reader
from scorers.scores.responses import ResponseMatrix

if TYPE_CHECKING:
    from evals.check.any_task import CheckedRun


def grid_with_lengths(run: "CheckedRun") -> ResponseMatrix:
    """The answers of a run with their lengths, for which the whole samples are read.

    Prompt variants were each answered in a text of its own. Of other tasks the answers of a sample
    share one text, and each has the length of that text.

    Raises:
        DataError: when the samples cannot be read.
    """
    grid = run.grid()
    try:
        require_bounds(run.path, samples=True)
    except OutOfBoundsError as error:
        raise DataError(f"{run.path} {error}") from error
    columns, variants = list(grid.columns), run.manifest.answers.layout == "variants"
    read = sample_reader(run.path)
    found = {
        (str(one.id), one.epoch): _of_sample(read(one), columns, variants) for one in run.summaries
    }
    unknown = [np.nan] * len(columns)
    rows = [found.get(key, unknown) for key in zip(grid.samples, grid.epochs, strict=True)]
    lengths = np.array(rows, dtype=float).reshape(len(rows), len(columns))
    return replace(grid, lengths=None if np.isnan(lengths).all() else lengths)


def _of_sample(sample: EvalSample, columns: Sequence[str], variants: bool) -> list[float]:
    """The length of each answer; NaN where no text is there."""
    if variants:
        kept = (sample.output.metadata or {}).get(ANSWERS)
        return [
            _of_variant(kept.get(name) if isinstance(kept, Mapping) else None) for name in columns
        ]
    known = bool(sample.output.choices)
    return [float(len(sample.output.completion)) if known else np.nan] * len(columns)


def _of_variant(answer: object) -> float:
    if not isinstance(answer, Mapping) or NO_ANSWER in answer:
        return np.nan
    text = answer.get("text")
    return float(len(text)) if isinstance(text, str) else np.nan
