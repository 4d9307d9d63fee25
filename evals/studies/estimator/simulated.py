"""Coverage on simulated raters with planted values."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from evals.studies.estimator.settings import EstimatorSettings
from evals.studies.findings import Finding
from ratings.output.numbers import number, percent
from scorers.predicted_values.model import ValueModel
from scorers.predicted_values.simulated import World, simulate


def simulated_finding(
    model: ValueModel, names: Sequence[str], settings: EstimatorSettings
) -> Finding:
    """Whether intervals hold planted values, with other items rated by other people each time.

    Args:
        model: as fitted to people, whose variances the worlds have.
        names: of the D values.
        settings: of the study.
    """
    world = World()
    found = simulate(world, model, settings.worlds, settings.seed)
    table = pd.DataFrame(
        {
            "value": names,
            "covered": found.covered,
            "covered low": found.covered_low,
            "covered high": found.covered_high,
            "bias": found.bias,
            "bias low": found.bias - found.bias_reach,
            "bias high": found.bias + found.bias_reach,
            "slope": found.slopes,
            "r": found.correlations,
            "width": found.widths,
            "score covered": found.score_covered,
            "difference covered": found.difference_covered,
        }
    )
    return Finding(
        "simulated",
        "Do the intervals hold planted values?",
        f"In {settings.worlds} worlds with other items, other people and {found.raters} raters of "
        f"all items each, the 95% intervals of a rater's values hold "
        f"{percent(float(found.covered.mean()))} of those planted, with a bias of "
        f"{number(float(np.abs(found.bias).max()))} at most; the intervals of scores beyond these "
        f"items hold {percent(float(found.score_covered.mean()))} of the scores' expected values, "
        f"those of differences {percent(float(found.difference_covered.mean()))}.",
        table,
        (
            f"Each world: {world.parts} parts of {world.items} items and {world.people} people, "
            f"with the fitted variances; people differ in level and agreement as well, and "
            f"ratings are whole numbers. Seed {settings.seed}.",
            "slope: of planted values on predictions, 1 where calibrated. score covered: the "
            "expectation over worlds of what somebody with certain values scores.",
        ),
    )
