"""A profile as a picture: the scores on Schwartz's circle of values, with their intervals."""

import math
from pathlib import Path

import numpy as np

from evals.reports.picture import BLUE, BROWN, picture
from evals.reports.portrait_report import Report
from ratings.errors import DataError
from ratings.instruments.dimensions import SCHWARTZ


def plot_profile(report: Report, path: Path) -> None:
    """Write the profile over the ten values as a picture, whole or not at all.

    Args:
        report: of one run that scored the ten values.
        path: the picture's file; its ending (.png, .svg or .pdf) decides the format.

    Raises:
        DataError: when the run has no value scores, or the folder does not exist.
        UnknownNameError: for another ending.
    """
    scores = [report.scores[name] for name in SCHWARTZ if name in report.scores]
    if not scores or all(math.isnan(score.estimate.value) for score in scores):
        raise DataError(f"{report.log} has no scores on the ten values to draw")
    places = np.arange(len(scores))
    values = np.array([score.estimate.value for score in scores])
    ends = np.array([[score.estimate.low, score.estimate.high] for score in scores])
    with picture(path) as axes:
        axes.axhline(0, color="0.4", linewidth=1)
        axes.bar(places, values, color=np.where(values >= 0, BLUE, BROWN), width=0.65)
        axes.vlines(places, ends[:, 0], ends[:, 1], color="0.15", linewidth=1.5)
        axes.set_xticks(places, [score.dimension for score in scores], rotation=35, ha="right")
        axes.set_ylabel("normalised score (points of the scale)")
        note = "synthetic sample, " if report.synthetic else ""
        axes.set_title(f"{report.model}\n{note}{report.items} items, 95% intervals", fontsize=10)
