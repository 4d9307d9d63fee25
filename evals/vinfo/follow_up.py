"""What follows from a V-information study: calibration, uncertainty, agreement, difficulty, groups.

Everything here reads kept fits and the data set; nothing is fitted again.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from evals.vinfo.fits import KeptFit
from evals.vinfo.table import Stacked, VinfoRow
from ratings.arrays import FloatArray, IntArray
from ratings.data_sets.data_set import DataSet
from ratings.prepared import PreparedSplit
from ratings.representations.names import NONE, Representation
from ratings.representations.profile_distributions import ProfileDistributions
from scorers.information.agreement import agreement_report, observed_agreement, predicted_agreement
from scorers.information.calibration import reliability_table, top_label
from scorers.information.profile_clusters import loss_table
from scorers.information.rater_difficulty import rater_difficulty
from scorers.information.uncertainty import profile_relevance, uncertainty_by_instance
from scorers.information.v_information import (
    information_by,
    log_losses,
    pointwise_information,
    v_information,
)
from scorers.intervals.estimate import Estimate

# The least raters of an instance for its observed agreement to count (Value Profiles, section 11).
_MINIMUM = {"habermas_likert": 3}
_COMMON_MINIMUM = 5
_DIGITS = 9  # of the probabilities in a file; it may hold ten million
_TINY = 1e-12


def reliability(found: Stacked, representation: Representation) -> pd.DataFrame:
    """How often a representation's decoder is right where it is how confident."""
    confidence, right = top_label(found.of(representation), found.ratings)
    return reliability_table(confidence, right, found.raters)


def pointwise_tables(
    data: DataSet, found: Stacked, representation: Representation
) -> dict[str, pd.DataFrame]:
    """Pointwise V-information: of each rating, and its means by rater and by instance."""
    none = log_losses(found.of(NONE), found.ratings)
    given = log_losses(found.of(representation), found.ratings)
    information = pointwise_information(none, given)
    raters = data.table.raters.index.astype(str).to_numpy()[found.raters]
    instances = data.table.instances.index.astype(str).to_numpy()[found.instances]
    ratings = pd.DataFrame(
        {
            "seed": found.splits,
            "rater": raters,
            "instance": instances,
            "rating": found.ratings,
            "loss_none": none,
            "loss": given,
            "information": information,
        }
    )
    return {
        "ratings": ratings,
        "raters": information_by(information, raters, instances).rename(columns={"key": "rater"}),
        "instances": uncertainty_by_instance(none, given, instances, raters),
    }


def population_study(data: DataSet, none: KeptFit, fit: KeptFit) -> dict[str, Any]:
    """A simulated population of annotators: agreement, relevance and rater difficulty.

    Args:
        data: the data set.
        none: the fit that is given nothing, of the same seed.
        fit: with a simulated population; see `KeptFit`.
    """
    prepared = PreparedSplit.of(data, fit.key.seed)
    observed, raters = _observed(prepared)
    predicted = _predicted(prepared, fit)
    minimum = _MINIMUM.get(data.name, _COMMON_MINIMUM)
    report = agreement_report(observed, predicted, raters, minimum, fit.key.seed)
    relevance = profile_relevance(
        np.maximum(fit.population, _TINY), np.maximum(none.population[:, 0], _TINY)
    )
    names = data.table.instances.index.astype(str)
    table = pd.DataFrame(
        {
            "instance": names,
            "raters": raters,
            "observed_agreement": observed,
            "predicted_agreement": predicted,
            "mean_relevance": relevance.mean(axis=1),
            "most_relevant": [
                str(data.table.raters.index[fit.candidates[v]]) for v in relevance.argmax(axis=1)
            ],
            "its_relevance": relevance.max(axis=1),
        }
    )
    return {
        "agreement": {**asdict(report), "minimum": minimum},
        "instances": table,
        "difficulty": _difficulty(prepared, none, fit),
    }


def best_groupings(rows: Sequence[VinfoRow], found: Stacked, data: DataSet) -> list[dict[str, Any]]:
    """For each clustering, the best single demographic grouping of at most as many groups.

    Among the columns that the study was asked for as `demographics:<column>`. `difference` is how
    much more information the clusters carry, rating by rating, with its interval. The grouping is
    the best of several on the very ratings that it is measured on, which favours it.
    """
    groupings = []
    for row in rows:
        first, *others = row.representation.components
        if not others and first.kind == "demographics" and first.argument:
            groupings.append((int(data.table.raters[first.argument].nunique()), row))
    out = []
    for row in rows:
        first = row.representation.components[0]
        if first.kind != "cluster" or first.number is None:
            continue
        fitting = [one for groups, one in groupings if groups <= first.number]
        best = max(fitting, key=lambda one: one.information.estimate.value, default=None)
        out.append(
            {
                "clusters": row.representation.name,
                "information": row.information.estimate.value,
                "best_grouping": best.representation.name if best else None,
                "its_information": best.information.estimate.value if best else None,
                "difference": asdict(more_information(found, best, row)) if best else None,
            }
        )
    return out


def more_information(found: Stacked, less: VinfoRow, more: VinfoRow) -> Estimate:
    """How much lower the loss of one representation is than that of another, nats."""
    base, other = (log_losses(found.of(row.representation), found.ratings) for row in (less, more))
    (drop,) = v_information(base, other[None], found.raters, found.splits)
    return drop.estimate


def distributions_of(data: DataSet, fit: KeptFit) -> ProfileDistributions | None:
    """What is predicted given each candidate's text; None where what is given has no texts.

    Of all instances, to nine digits; candidates with the same text count once.
    """
    first = {text: v for v, text in reversed(list(enumerate(fit.texts))) if text}
    if len(first) < 2 or not fit.population.size:
        return None
    chosen = np.array(sorted(first.values()), dtype=np.intp)
    return ProfileDistributions(
        data=data.name,
        representation=fit.key.representation.name,
        family=fit.key.family,
        seed=fit.key.seed,
        profiles=tuple(fit.texts[v] for v in chosen),
        instances=tuple(map(str, data.table.instances.index)),
        probabilities=fit.population[:, chosen].round(_DIGITS),
    )


def _observed(prepared: PreparedSplit) -> tuple[FloatArray, IntArray]:
    """Agreement of the test raters on each instance, whom no decoder has seen, and their number."""
    table = prepared.data.table
    mine = np.isin(table.rater_codes, prepared.split.test)
    counts = np.zeros((len(table.instances), int(table.choice_counts().max())))
    np.add.at(counts, (table.instance_codes[mine], table.rating_values[mine] - 1), 1)
    return observed_agreement(counts), counts.sum(axis=1).astype(np.intp)


def _predicted(prepared: PreparedSplit, fit: KeptFit) -> FloatArray:
    """Agreement of simulated raters, without those whose fit part holds the instance."""
    table, rows = prepared.data.table, prepared.partition.fit
    position = np.full(len(table.raters), -1)
    position[fit.candidates] = np.arange(len(fit.candidates))
    candidate, instance = position[table.rater_codes[rows]], table.instance_codes[rows]
    kept = np.ones(fit.population.shape[:2], dtype=bool)
    kept[instance[candidate >= 0], candidate[candidate >= 0]] = False
    return np.array(
        [
            predicted_agreement(given[mine]) if mine.sum() > 1 else np.nan
            for given, mine in zip(fit.population, kept, strict=True)
        ],
        dtype=float,
    )


def _difficulty(prepared: PreparedSplit, none: KeptFit, fit: KeptFit) -> pd.DataFrame:
    """How well the best of the candidates, chosen by fit ratings, predicts each test rater."""
    table, rows, test = prepared.data.table, prepared.partition.fit, prepared.split.test
    rows = rows[np.isin(table.rater_codes[rows], test)]
    chosen = np.log(np.maximum(fit.population, _TINY))
    known = chosen[table.instance_codes[rows], :, table.rating_values[rows] - 1]
    fit_losses = loss_table(known, table.rater_codes[rows], len(table.raters))
    fit_losses[~np.isin(np.arange(len(fit_losses)), test)] = np.nan
    held_out = -chosen[fit.instances, :, fit.ratings - 1]
    found = rater_difficulty(
        fit_losses, held_out, log_losses(none.probabilities, none.ratings), fit.raters
    )
    names = table.raters.index.astype(str).to_numpy()
    return found.assign(
        rater=names[found["rater"].astype(int)],
        profile=names[fit.candidates[found["profile"].astype(int)]],
    )
