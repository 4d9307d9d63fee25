"""Texts that raters wrote about instances, as a data set of their own."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from ratings.data_sets.data_set import TEXT, DataSet
from ratings.data_sets.sources import AT_LEAST
from ratings.sources.cards import Card
from ratings.table import RatingTable

_WROTE = ("wrote", "did not write")


@dataclass(frozen=True, eq=False)
class TextSet:
    """Texts of R raters about I instances.

    Attributes:
        data: who wrote about what; every rating in it is the first of two choices, that there is a
            text. Splits and representations are those of any data set.
        texts: by the positions of rater and instance in the data set's table.
        notes: a line for each thing that was read as something else, or looks like a slip.
    """

    data: DataSet
    texts: dict[tuple[int, int], str]
    notes: tuple[str, ...] = ()


def text_set(
    name: str,
    frame: pd.DataFrame,
    raters: pd.DataFrame,
    instances: pd.DataFrame,
    *,
    task: str,
    demographics: Sequence[str],
    groundtruth: str | None = None,
    card: Card | None = None,
    notes: Sequence[str] = (),
) -> TextSet:
    """Texts with what is known of their raters; raters with fewer than four are left out.

    Args:
        name: of the data set.
        frame: N texts, with columns `rater`, `instance` and `text`.
        raters: R, with the columns named below.
        instances: I, with a column `text`: what was written about.
        task: what the raters were asked.
        demographics: rater columns with what raters said of themselves.
        groundtruth: rater column with a text that describes the rater, if any.
        card: where the texts came from.
        notes: of what was read as something else.

    Raises:
        DataError: when nobody is left.
    """
    ratings = frame[["rater", "instance"]].assign(rating=1)
    data = DataSet(
        name=name,
        table=RatingTable(ratings, raters, instances, [_WROTE] * len(instances)),
        task=task,
        ordered=False,
        demographics=tuple(demographics),
        groundtruth=groundtruth,
        card=card,
    ).with_at_least(AT_LEAST)
    positions = [
        {name: n for n, name in enumerate(index)}
        for index in (data.table.raters.index, data.table.instances.index)
    ]
    rows = zip(frame["rater"], frame["instance"], frame[TEXT], strict=True)
    texts = {
        (positions[0][rater], positions[1][instance]): text
        for rater, instance, text in rows
        if rater in positions[0]
    }
    return TextSet(data, texts, tuple(notes))
