"""Recorded answers of Value Portrait's source as the grids that scorers and leaderboard take."""

from collections.abc import Callable

import numpy as np

from ratings.dimensions import ALL_DIMENSIONS
from ratings.value_portrait import VARIANTS, load_instrument, load_recording
from scorers.answer_grid import AnswerGrid
from scorers.likert import Reading

# Recordings that the tests can reach, by the model's name in the paper's Table 5.
RECORDED = {
    "gpt-4o-2024-05-13": "gpt-4o-2024-05-13",
    "o1-mini": "o1-mini-2024-09-12",
    "claude-3-5-haiku": "claude-3-5-haiku-20241022",
    "mistral-medium": "mistral-medium",
    "llama-3.1-8b-instruct": "llama-3.1-8b-instruct",
}


def recorded_grid(recording: str, reader: Callable[[str], Reading]) -> AnswerGrid:
    """Every recorded answer, items x variants, where the authors kept one or only its error."""
    frame = load_recording(recording)
    answers = zip(frame["raw"], frame["error"], strict=True)
    texts = [
        raw if isinstance(raw, str) else error.split("response from: ")[-1]
        for raw, error in answers
    ]
    readings = [reader(text) for text in texts]
    frame = frame.assign(
        rating=[np.nan if one.rating is None else float(one.rating) for one in readings],
        status=[one.status for one in readings],
    )
    instrument = load_instrument()
    order = {"index": instrument.items.index, "columns": list(VARIANTS)}
    ratings, statuses = (
        frame.pivot(index="instance", columns="variant", values=name).reindex(**order)
        for name in ("rating", "status")
    )
    return AnswerGrid(
        samples=list(instrument.items.index),
        epochs=[1] * len(instrument.items),
        clusters=list(instrument.items["query"]),
        columns=list(VARIANTS),
        ratings=ratings.to_numpy(float),
        right=None,
        statuses=statuses.to_numpy(str),
        attributes=[
            {"tags": [name for name, counts in zip(ALL_DIMENSIONS, item, strict=True) if counts]}
            for item in instrument.tagged().T
        ],
        labels={},
    )
