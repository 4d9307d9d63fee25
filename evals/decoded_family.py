"""A run of `decode_ratings` beside a family fitted on this machine, on exactly the same ratings."""

import numpy as np

from benchmarks.value_profiles._material import Setup, load_material
from decoders.families import family_named
from decoders.fit_split import fit_split
from evals.decoded_report import FamilyDifference
from ratings.errors import DataError
from scorers.inspect_adapter.run_log import RunLog
from scorers.scopes import clustered_mean
from scorers.v_information import log_losses


def family_difference(run: RunLog, name: str) -> FamilyDifference:
    """The paired difference of the losses, with the interval of raters drawn anew.

    The family is told the same, and fitted on the training raters of the same split.

    Args:
        run: of `decode_ratings`.
        name: of the family.

    Raises:
        UnknownNameError: for no family.
        DataError: when the run's data are not at hand, are others by now, or no rating was
            predicted.
    """
    family = family_named(name)
    rows = [
        (str(about["rater"]), about["place"], place, rating, loss)
        for score in run.scores
        if (about := score.sample_metadata) and (found := score.score.metadata)
        for place, rating, loss in zip(found["place"], found["rating"], found["loss"], strict=True)
        if loss is not None
    ]
    if not rows:
        raise DataError(f"{run.path} has no predicted rating to set beside {name}")
    setup = Setup(**(run.scores[0].sample_metadata or {})["setup"])
    material = load_material(setup)
    raters, places, instances, ratings, losses = zip(*rows, strict=True)
    at, asked = np.array(places, dtype=np.intp), np.array(instances, dtype=np.intp)
    given, chosen = material.data.table.positions(), np.array(ratings)
    inside = at.max() < given.shape[0] and asked.max() < given.shape[1]
    if not inside or not np.array_equal(given[at, asked], chosen):
        raise DataError(f"the ratings in {run.path} are not those of {setup.data} by now")
    fit = fit_split(material.data, family, material.representation, setup.seed)
    own = log_losses(fit.predict(at, asked), chosen)
    model = np.array(losses, dtype=float)
    loss, family_loss, difference = (
        clustered_mean(values, raters) for values in (model, own, model - own)
    )
    return FamilyDifference(name, len(rows), loss, family_loss, difference)
