"""Which of a person's answers are shown before they are asked about others."""

import numpy as np
import numpy.typing as npt

from ratings.instruments.indie_value import PROBES, Catalog
from ratings.survey.evaluation_sample import LEAST_ANSWERS, EvaluationSample
from ratings.survey.survey import MISSING_CODE, Survey

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
        E x I: the position of a question in the order shown, from 0, or `NOT_SHOWN`.
    """
    catalog = survey.catalog
    there = survey.codes[sample.held_out] != MISSING_CODE
    there[:, catalog.positions(PROBES[probe])] = False
    return _drawn(catalog, there, wanted, np.random.default_rng([seed, 1, probe]))


def draw_for_each_question(
    survey: Survey,
    sample: EvaluationSample,
    position: int,
    probe: int,
    wanted: int | str,
    seed: int = 0,
) -> npt.NDArray[np.int16]:
    """Draw for each question of a probe set separately, for one held-out person.

    Any question that the person answered but the one that is asked: the other 38 of the probe set
    are among those drawn from, as in the release's evaluation of trained reasoners.

    Args:
        survey: the people.
        sample: who is held out.
        position: of the person among those held out.
        probe: 1, 2 or 3.
        wanted: as for `draw_demonstrations`.
        seed: of the draw.

    Returns:
        Q x I: the position of a question in the order shown, from 0, or `NOT_SHOWN`.
    """
    catalog = survey.catalog
    asked = catalog.positions(PROBES[probe])
    there = np.tile(survey.codes[sample.held_out[position]] != MISSING_CODE, (len(asked), 1))
    there[np.arange(len(asked)), asked] = False
    return _drawn(catalog, there, wanted, np.random.default_rng([seed, 3, probe, position]))


def _drawn(
    catalog: Catalog, there: npt.NDArray[np.bool_], wanted: int | str, rng: np.random.Generator
) -> npt.NDArray[np.int16]:
    """In each row, positions in a random order of those that are there, as many as wanted."""
    if isinstance(wanted, str):
        there = there & (catalog.questions["category"] == wanted).to_numpy()
    order = np.where(there, rng.random(there.shape), 2.0).argsort(axis=1)
    position = np.empty_like(order)
    np.put_along_axis(position, order, np.arange(order.shape[1])[None], axis=1)
    shown = there if isinstance(wanted, str) else there & (position < wanted)
    return np.where(shown, position, NOT_SHOWN).astype(np.int16)
