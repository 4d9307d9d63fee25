"""The recorded answers of a model to Value Portrait, as a response matrix."""

from itertools import compress

import numpy as np
import pandas as pd

from ratings.arrays import BoolArray
from ratings.instruments.dimensions import ALL_DIMENSIONS
from ratings.instruments.value_portrait import VARIANTS, load_instrument, recorded_answer
from scorers.answers.phrases.likert import READINGS
from scorers.scores.responses import ResponseMatrix


def recorded_grid(recording: pd.DataFrame, reading: str, tags: BoolArray) -> ResponseMatrix:
    """The recorded answers of one model to I items, read one way.

    Args:
        recording: as `load_recording` gives it.
        reading: of answers, by its name.
        tags: D x I, whether an item counts for a dimension.
    """
    answers = map(recorded_answer, recording["raw"], recording["error"])
    found = [READINGS[reading](*answer) for answer in answers]
    frame = recording.assign(
        rating=[np.nan if one.rating is None else float(one.rating) for one in found],
        status=[one.status for one in found],
    )
    items = load_instrument().items
    ratings, statuses = (
        frame.pivot(index="instance", columns="variant", values=name).reindex(
            index=items.index, columns=list(VARIANTS)
        )
        for name in ("rating", "status")
    )
    return ResponseMatrix.from_ratings(
        ratings.to_numpy(float),
        samples=list(items.index),
        clusters=list(items["query"]),
        columns=list(VARIANTS),
        tags=[list(compress(ALL_DIMENSIONS, item)) for item in tags.T],
        statuses=statuses.to_numpy(str),
    )
