"""What people's own differences come out as on the instrument that the model answers."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from evals.studies.findings import Finding
from ratings.errors import DataError
from ratings.instruments.dimensions import SCHWARTZ
from ratings.instruments.value_portrait import load_human_ratings
from ratings.output.numbers import interval, number
from scorers.amplification.instrument_scale import NO_RATERS, instrument_scale
from scorers.intervals.estimate import Estimate, undefined

OWN = "times people's own"


@dataclass(frozen=True)
class InstrumentScale:
    """Slopes of people's scores on an instrument's items on their questionnaire scores.

    Attributes:
        values: of each of the ten values.
        every: of all together; undefined, with the reason, where people's ratings are not at hand.
    """

    values: Sequence[Estimate]
    every: Estimate


def load_scale(data: str) -> InstrumentScale:
    """The slopes of the people who rated an instrument's items, where they are at hand."""
    try:
        table = load_human_ratings(data)
    except DataError as error:
        nothing = undefined(f"people's ratings of the items are not at hand ({error})")
        return InstrumentScale([nothing] * len(SCHWARTZ), nothing)
    positions = table.positions().astype(float)
    positions[positions == 0] = float("nan")
    if not set(SCHWARTZ) <= set(table.raters.columns):
        return InstrumentScale([undefined(NO_RATERS)] * len(SCHWARTZ), undefined(NO_RATERS))
    found = instrument_scale(positions, table.raters[list(SCHWARTZ)].to_numpy(dtype=float))
    return InstrumentScale(found[:-1], found[-1])


def scale_finding(scale: InstrumentScale) -> Finding:
    """How far people's scores on the items move with their questionnaire scores."""
    table = pd.DataFrame(
        [
            {"value": name, "slope": one.value, "slope low": one.low, "slope high": one.high}
            for name, one in zip((*SCHWARTZ, "all"), (*scale.values, scale.every), strict=True)
        ]
    )
    every = scale.every
    return Finding(
        name="instrument_scale",
        title="How far do people's own differences show on these items?",
        sentence=(
            f"Not known: {every.reason}."
            if every.reason
            else f"A person a point higher on the PVQ-21 is {number(every.value)} "
            f"({interval(every)}) points higher on these items, so a slope of "
            f"{number(every.value)} is as large as people's own would be."
        ),
        table=table,
        notes=(
            "Of the people who rated the items. Items count for a value by the ratings of the "
            "others, so that nobody's own ratings choose the items.",
            "A single person's questionnaire score has error, which makes the slope smaller than "
            "it is for the means of large groups: at a reliability of .5, by half.",
        ),
        rows=len(table),
    )
