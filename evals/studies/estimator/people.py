"""How well values of people who were left out are predicted."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from evals.reports.picture import BLUE, BROWN
from evals.studies.estimator.settings import METHODS, PREDICTED, PUBLISHED, EstimatorSettings
from evals.studies.findings import Finding
from ratings.output.numbers import number, percent
from scorers.intervals.estimate import Estimate
from scorers.predicted_values.comparison import Accuracy, accuracies
from scorers.predicted_values.methods import left_out
from scorers.predicted_values.people import Part, folds_of


def people_findings(
    parts: Sequence[Part], names: Sequence[str], settings: EstimatorSettings
) -> list[Finding]:
    """Each estimator on people that it was not fitted to, as a whole and value by value.

    Args:
        parts: of the survey.
        names: of the D values.
        settings: of the study.
    """
    folds = folds_of(parts, settings.folds, settings.seed)
    predicted = {name: left_out(parts, folds, method) for name, method in METHODS.items()}
    values = np.concatenate([part.values for part in parts])
    found, differences = accuracies(values, predicted, settings.seed)
    return [_as_a_whole(len(values), found, differences, settings), _by_value(names, found)]


def _as_a_whole(
    people: int,
    found: Mapping[str, Accuracy],
    differences: Mapping[str, Estimate],
    settings: EstimatorSettings,
) -> Finding:
    rows = []
    for name, one in found.items():
        less = differences.get(name, Estimate(np.nan))
        rows.append(
            {
                "estimator": name,
                "r": one.mean_correlation.value,
                "r low": one.mean_correlation.low,
                "r high": one.mean_correlation.high,
                "more than published": less.value,
                "more than published low": less.low,
                "more than published high": less.high,
                "slope": float(np.nanmedian(one.slopes)),
                "RMSE": one.rmse,
                "variance explained": one.explained,
                "defined": one.defined,
                "with interval": one.with_interval,
                "covered": one.covered,
                "width": one.width,
            }
        )
    ours, theirs, gain = found[PREDICTED], found[PUBLISHED], differences[PREDICTED]
    return Finding(
        "people",
        "How well are the values of people predicted who were left out?",
        f"Over the ten values the {PREDICTED} correlates "
        f"{number(ours.mean_correlation.value)} with what {people} people said of themselves, the "
        f"{PUBLISHED} {number(theirs.mean_correlation.value)}: of the same people "
        f"{number(gain.value)} more ({number(gain.low)} to {number(gain.high)}). Its 95% intervals "
        f"hold {percent(ours.covered)} of the values; the {PUBLISHED} is defined for "
        f"{percent(theirs.defined, 0)} of them.",
        pd.DataFrame(rows),
        (
            f"{settings.folds} folds of people, seed {settings.seed}; tags, variances and weights "
            f"are found in the training folds. r is the mean over the values; its intervals are "
            f"over people, who are resampled, the fits are not.",
            "slope: of measured values on predictions, median of the values; 1 is calibrated. "
            "RMSE in points of the questionnaire.",
            "agreement alone: one number, how far a person's ratings rise with the items' means.",
        ),
    )


def _by_value(names: Sequence[str], found: Mapping[str, Accuracy]) -> Finding:
    rows = []
    for d, value in enumerate(names):
        for name, one in found.items():
            r = one.correlations[d]
            rows.append(
                {
                    "value": value,
                    "estimator": name,
                    "r": r.value,
                    "r low": r.low,
                    "r high": r.high,
                    "slope": float(one.slopes[d]),
                }
            )
    table = pd.DataFrame(rows)
    ours, theirs = (table[table["estimator"] == one] for one in (PREDICTED, PUBLISHED))
    better = int((ours["r"].to_numpy() > theirs["r"].to_numpy()).sum())
    ranked = ours.sort_values("r", ignore_index=True)
    worst, best = ranked.iloc[0], ranked.iloc[-1]
    return Finding(
        "people_by_value",
        "Which values of people are predicted?",
        f"The {PREDICTED} correlates more than the {PUBLISHED} with {better} of {len(names)} "
        f"values: from {number(worst['r'])} with {worst['value']} to {number(best['r'])} with "
        f"{best['value']}.",
        table,
        draw=lambda axes: _draw(axes, names, {PUBLISHED: theirs, PREDICTED: ours}),
        rows=5 * len(names),
    )


def _draw(axes: Axes, names: Sequence[str], tables: Mapping[str, pd.DataFrame]) -> None:
    at = np.arange(len(names))[::-1]
    for shift, colour, (name, table) in zip(
        (-0.15, 0.15), (BROWN, BLUE), tables.items(), strict=True
    ):
        axes.hlines(at - shift, table["r low"], table["r high"], color=colour)
        axes.plot(table["r"], at - shift, "o", color=colour, markersize=4, label=name)
    axes.axvline(0, color="grey", linewidth=0.5)
    axes.set_yticks(at, names)
    axes.set_xlabel("correlation with people's own values, 95% intervals")
    axes.legend(frameon=False, fontsize=8)
