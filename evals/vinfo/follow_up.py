"""What follows from a V-information study: calibration, uncertainty, agreement, difficulty, groups.

Everything here reads kept fits and the data set; nothing is fitted again.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from evals.vinfo.fits import KeptFit
from evals.vinfo.table import Stacked, VinfoRow
from ratings.data_sets.data_set import DataSet
from ratings.representations.names import NONE, parse_representation
from ratings.representations.profile_distributions import ProfileDistributions
from ratings.splits import Partition, Split, draw_partition, split_raters
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

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.intp]

# The least raters of an instance for its observed agreement to count (Value Profiles, section 11).
_MINIMUM = {"habermas_likert": 3}
_COMMON_MINIMUM = 5
_DIGITS = 9  # of the probabilities in a file; it may hold ten million
_TINY = 1e-12


def reliability(found: Stacked, name: str) -> pd.DataFrame:
    """How often a representation's decoder is right where it is how confident."""
    confidence, right = top_label(found.of(name), found.ratings)
    return reliability_table(confidence, right, found.raters)


def pointwise_tables(data: DataSet, found: Stacked, name: str) -> dict[str, pd.DataFrame]:
    """Pointwise V-information: of each rating, and its means by rater and by instance."""
    none = log_losses(found.of(NONE.name), found.ratings)
    told = log_losses(found.of(name), found.ratings)
    information = pointwise_information(none, told)
    raters = data.table.raters.index.astype(str).to_numpy()[found.raters]
    instances = data.table.instances.index.astype(str).to_numpy()[found.instances]
    ratings = pd.DataFrame(
        {
            "seed": found.splits,
            "rater": raters,
            "instance": instances,
            "rating": found.ratings,
            "loss_none": none,
            "loss": told,
            "information": information,
        }
    )
    return {
        "ratings": ratings,
        "raters": information_by(information, raters, instances).rename(columns={"key": "rater"}),
        "instances": uncertainty_by_instance(none, told, instances, raters),
    }


def population_study(data: DataSet, none: KeptFit, fit: KeptFit) -> dict[str, Any]:
    """A simulated population of annotators: agreement, relevance and rater difficulty.

    Args:
        data: the data set.
        none: the fit that is told nothing, of the same seed.
        fit: with a simulated population; see `KeptFit`.
    """
    split = split_raters(data, fit.key.seed)
    partition = draw_partition(data, fit.key.seed)
    observed, raters = _observed(data, split)
    predicted = _predicted(data, partition, fit)
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
        "difficulty": _difficulty(data, split, partition, none, fit),
    }


def best_groupings(rows: Sequence[VinfoRow], found: Stacked, data: DataSet) -> list[dict[str, Any]]:
    """For each clustering, the best single demographic grouping of at most as many groups.

    Among the columns that the study was asked for as `demographics:<column>`. `difference` is how
    much more the clusters tell, rating by rating, with its interval. The grouping is the
    best of several on the very ratings that it is measured on, which favours it.
    """
    by_name = {row.representation: row for row in rows}
    groupings = []
    for name in by_name:
        part = parse_representation(name).parts[0]
        alone = len(parse_representation(name).parts) == 1
        if alone and part.kind == "demographics" and part.argument:
            groupings.append((int(data.table.raters[part.argument].nunique()), name))
    out = []
    for name, row in by_name.items():
        part = parse_representation(name).parts[0]
        if part.kind != "cluster" or part.number is None:
            continue
        fitting = [one for groups, one in groupings if groups <= part.number]
        best = max(fitting, key=lambda one: by_name[one].information.estimate.value, default=None)
        out.append(
            {
                "clusters": name,
                "information": row.information.estimate.value,
                "best_grouping": best,
                "its_information": by_name[best].information.estimate.value if best else None,
                "difference": asdict(_more(found, best, name)) if best else None,
            }
        )
    return out


def _more(found: Stacked, less: str, more: str) -> Estimate:
    """How much lower the loss of one representation is than that of another, nats."""
    base, other = (log_losses(found.of(name), found.ratings) for name in (less, more))
    (drop,) = v_information(base, other[None], found.raters, found.splits)
    return drop.estimate


def distributions_of(data: DataSet, fit: KeptFit) -> ProfileDistributions | None:
    """What is predicted given each candidate's text; None where what is told has no texts.

    Of all instances, to nine digits; candidates with the same text count once.
    """
    first = {text: v for v, text in reversed(list(enumerate(fit.texts))) if text}
    if len(first) < 2 or not fit.population.size:
        return None
    chosen = np.array(sorted(first.values()), dtype=np.intp)
    return ProfileDistributions(
        data=data.name,
        representation=fit.key.representation,
        family=fit.key.family,
        seed=fit.key.seed,
        profiles=tuple(fit.texts[v] for v in chosen),
        instances=tuple(map(str, data.table.instances.index)),
        probabilities=fit.population[:, chosen].round(_DIGITS),
    )


def _observed(data: DataSet, split: Split) -> tuple[FloatArray, IntArray]:
    """Agreement of the test raters on each instance, whom no decoder has seen, and their number."""
    frame = data.table.ratings
    rater = frame["rater"].cat.codes.to_numpy()
    mine = np.isin(rater, split.test)
    counts = np.zeros((len(data.table.instances), int(data.table.choice_counts().max())))
    instance = frame["instance"].cat.codes.to_numpy()[mine]
    np.add.at(counts, (instance, frame["rating"].to_numpy()[mine] - 1), 1)
    return observed_agreement(counts), counts.sum(axis=1).astype(np.intp)


def _predicted(data: DataSet, partition: Partition, fit: KeptFit) -> FloatArray:
    """Agreement of simulated raters, without those whose fit part holds the instance."""
    frame = data.table.ratings
    place = np.full(len(data.table.raters), -1)
    place[fit.candidates] = np.arange(len(fit.candidates))
    rater = place[frame["rater"].cat.codes.to_numpy()[partition.fit]]
    instance = frame["instance"].cat.codes.to_numpy()[partition.fit]
    kept = np.ones(fit.population.shape[:2], dtype=bool)
    kept[instance[rater >= 0], rater[rater >= 0]] = False
    return np.array(
        [
            predicted_agreement(given[mine]) if mine.sum() > 1 else np.nan
            for given, mine in zip(fit.population, kept, strict=True)
        ],
        dtype=float,
    )


def _difficulty(
    data: DataSet, split: Split, partition: Partition, none: KeptFit, fit: KeptFit
) -> pd.DataFrame:
    """How well the best of the candidates, chosen by fit ratings, predicts each test rater."""
    frame = data.table.ratings
    rater = frame["rater"].cat.codes.to_numpy()
    test = partition.fit[np.isin(rater[partition.fit], split.test)]
    instance = frame["instance"].cat.codes.to_numpy()
    chosen = np.log(np.maximum(fit.population, _TINY))
    known = chosen[instance[test], :, frame["rating"].to_numpy()[test] - 1]
    fit_losses = loss_table(known, rater[test].astype(np.intp), len(data.table.raters))
    fit_losses[~np.isin(np.arange(len(fit_losses)), split.test)] = np.nan
    held_out = -chosen[fit.instances, :, fit.ratings - 1]
    table = rater_difficulty(
        fit_losses, held_out, log_losses(none.probabilities, none.ratings), fit.raters
    )
    names = data.table.raters.index.astype(str).to_numpy()
    return table.assign(
        rater=names[table["rater"].astype(int)],
        profile=names[fit.candidates[table["profile"].astype(int)]],
    )
