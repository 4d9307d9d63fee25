"""A report on IndieValueCatalog as a picture: accuracy by category, with intervals."""

import math
from pathlib import Path

import numpy as np

from evals.reports.choice_report import ChoiceReport
from evals.reports.picture import BLUE, picture
from ratings.errors import DataError


def plot_choices(report: ChoiceReport, path: Path) -> None:
    """Write the accuracy of each category as a picture, whole or not at all.

    Args:
        report: of one run.
        path: the picture's file; its ending (.png, .svg or .pdf) decides the format.

    Raises:
        DataError: when nothing was scored, or the folder does not exist.
        UnknownNameError: for another ending.
    """
    categories = list(dict.fromkeys(report.run.metadata["categories"]))
    found = [report.accuracy[name] for name in categories]
    if all(math.isnan(estimate.value) for estimate in found):
        raise DataError(f"{report.run.path} has no accuracies to draw")
    places = np.arange(len(found))[::-1]
    with picture(path, 8, 4.8) as axes:
        axes.barh(places, [100 * estimate.value for estimate in found], color=BLUE, height=0.65)
        ends = [(100 * estimate.low, 100 * estimate.high) for estimate in found]
        axes.hlines(places, *np.array(ends).T, color="0.15", linewidth=1.5)
        overall = 100 * report.accuracy["accuracy"].value
        axes.axvline(overall, color="0.4", linewidth=1, linestyle="--")
        axes.set_yticks(places, categories)
        axes.set_xlabel("accuracy (per cent); dashed: all questions")
        note = "simulated people, " if report.synthetic else ""
        axes.set_title(
            f"{report.run.model}\n{note}{len(report.answers.people)} people, 95% intervals",
            fontsize=10,
        )
