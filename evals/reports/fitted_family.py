"""A run of `decode_ratings` compared with a family fitted on this machine, on the same ratings."""

from dataclasses import dataclass

import numpy as np

from ratings.errors import DataError
from scorers.information.v_information import log_losses
from scorers.inspect_adapter.run_log import RunLog
from scorers.intervals.estimate import Estimate
from scorers.intervals.scopes import clustered_mean


@dataclass(frozen=True)
class FamilyDifference:
    """The loss of a run compared with that of a family fitted on this machine, on the same ratings.

    Attributes:
        family: its name.
        ratings: how many both predicted.
        loss: of the run, nats.
        family_loss: of the family, nats.
        difference: loss of the run less that of the family, rating by rating; above 0 where the
            family predicts better.
    """

    family: str
    ratings: int
    loss: Estimate
    family_loss: Estimate
    difference: Estimate


def family_difference(run: RunLog, name: str) -> FamilyDifference:
    """The paired difference of the losses, with the interval of raters resampled.

    The family is given the same of each rater, and fitted on the training raters of the same split.

    Args:
        run: of `decode_ratings`.
        name: of the family.

    Raises:
        UnknownNameError: for no family.
        DataError: when the run's data are not at hand, are others by now, or no rating was
            predicted.
    """
    # what fits families takes seconds to import, and few reports ask for one
    from benchmarks.value_profiles._material import Setup, load_material
    from decoders.families import family_named
    from decoders.fit_split import fit_split

    family = family_named(name)
    rows = [
        (str(about["rater"]), about["place"], instance, rating, loss)
        for score in run.scores
        if (about := score.sample_metadata) and (found := score.score.metadata)
        for instance, rating, loss in zip(
            found["place"], found["rating"], found["loss"], strict=True
        )
        if loss is not None
    ]
    if not rows:
        raise DataError(f"{run.path} has no predicted rating to compare with {name}")
    setup = Setup(**(run.scores[0].sample_metadata or {})["setup"])
    material = load_material(setup)
    raters, rows_of, columns_of, ratings, losses = zip(*rows, strict=True)
    at, asked = np.array(rows_of, dtype=np.intp), np.array(columns_of, dtype=np.intp)
    given, chosen = material.data.table.positions(), np.array(ratings)
    inside = at.max() < given.shape[0] and asked.max() < given.shape[1]
    if not inside or not np.array_equal(given[at, asked], chosen):
        raise DataError(f"the ratings in {run.path} are not those of {setup.data} by now")
    fit = fit_split(material.prepared, family, material.representation)
    own = log_losses(fit.predict(at, asked), chosen)
    model = np.array(losses, dtype=float)
    loss, family_loss, difference = (
        clustered_mean(values, raters) for values in (model, own, model - own)
    )
    return FamilyDifference(name, len(rows), loss, family_loss, difference)
