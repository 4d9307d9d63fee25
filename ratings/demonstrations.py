"""Which of a person's answers are shown before they are asked about others."""

import numpy as np
import numpy.typing as npt

from ratings.evaluation_sample import LEAST_ANSWERS, EvaluationSample
from ratings.indie_value import PROBES
from ratings.survey import MISSING_CODE, Survey

NOT_SHOWN = -1

# Everybody in the evaluation sample answered as many questions besides those of a probe set.
MOST = LEAST_ANSWERS - len(PROBES[1])


def draw_demonstrations(
    survey: Survey, sample: EvaluationSample, probe: int, wanted: int | str, seed: int = 0
) -> npt.NDArray[np.int16]:
    """Draw the questions whose answers are shown, for each held-out person.

    Only questions that the person answered and that the probe set does not ask. A smaller number
    draws a part of what a larger number draws, in the same order.

    Args:
        survey: the people.
        sample: who is held out.
        probe: 1, 2 or 3.
        wanted: how many, or the name of a category all of whose questions are shown.
        seed: of the draw.

    Returns:
        E x I: the place of a question in the order shown, from 0, or `NOT_SHOWN`.
    """
    catalog = survey.catalog
    there = survey.codes[sample.held_out] != MISSING_CODE
    there[:, catalog.places(PROBES[probe])] = False
    if isinstance(wanted, str):
        there &= (catalog.questions["category"] == wanted).to_numpy()
    rng = np.random.default_rng([seed, 1, probe])
    order = np.where(there, rng.random(there.shape), 2.0).argsort(axis=1)
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.arange(order.shape[1])[None], axis=1)
    shown = there if isinstance(wanted, str) else there & (place < wanted)
    return np.where(shown, place, NOT_SHOWN).astype(np.int16)
