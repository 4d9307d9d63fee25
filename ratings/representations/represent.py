"""What a representation gives a predictor about each rater of a data set."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from ratings.arrays import IntArray
from ratings.data_sets.data_set import DataSet
from ratings.errors import DataError, unknown_name
from ratings.representations.names import Component, Representation
from ratings.representations.profile_runs import read_profiles
from ratings.representations.rater_context import (
    FRAMES,
    RaterContext,
    combine,
    levels_of,
    no_context,
)
from ratings.splits import Partition, Split

# What a fitted family gives about all R raters, for a part that the data alone cannot give.
ClusterContext = Callable[[Component], RaterContext]


def represent(
    data: DataSet,
    split: Split,
    partition: Partition,
    representation: Representation,
    cluster_context: ClusterContext | None = None,
) -> RaterContext:
    """What is given about all R raters: only of their fit part, never of their evaluation part.

    Args:
        data: raters have at least four ratings.
        split: `shuffled` swaps raters within each of its halves.
        partition: whose fit part may be given.
        representation: what to give.
        cluster_context: the cluster of each rater, where a fitted family is at hand.

    Raises:
        DataError: when the data set or a profile run lacks what is to be given.
    """
    parts = [
        _given(data, split, partition, part, cluster_context) for part in representation.components
    ]
    return combine(parts)


def wrong_raters(split: Split) -> IntArray:
    """For each rater a different one of the same half of the split, each given away once."""
    out = np.empty(len(split.train) + len(split.test), dtype=np.intp)
    rng = np.random.default_rng([split.seed, 3])
    for members in (split.train, split.test):
        order = rng.permutation(members)
        out[order] = np.roll(order, 1)
    return out


def _given(
    data: DataSet,
    split: Split,
    partition: Partition,
    part: Component,
    cluster_context: ClusterContext | None,
) -> RaterContext:
    if part.kind == "shuffled":
        assert part.inner is not None
        given = represent(data, split, partition, part.inner, cluster_context)
        return _renamed(given.take(wrong_raters(split)), data)
    if part.kind == "cluster" and cluster_context is not None:
        return cluster_context(part)
    if part.kind == "examples":
        return _examples(data, partition, part.number)
    if part.kind == "profile":
        profiles = read_profiles(part.argument, data, partition, split.seed)
        return _frames(data, texts=pd.DataFrame({part.name: profiles}))
    if part.kind not in _PLAIN:
        raise DataError(f"{part.name} needs a fitted family: use it in `valuegauge vinfo`")
    return _PLAIN[part.kind](data, part)


def _examples(data: DataSet, partition: Partition, most: int | None) -> RaterContext:
    sizes = np.diff(partition.starts)
    kept = sizes if most is None else np.minimum(sizes, most)
    rank = np.arange(len(partition.fit)) - np.repeat(partition.starts[:-1], sizes)
    rows = partition.fit[rank < np.repeat(kept, sizes)]
    return replace(
        no_context(_names(data)),
        starts=np.concatenate([[0], np.cumsum(kept)]).astype(np.intp),
        instances=data.table.instance_codes[rows],
        ratings=data.table.rating_values[rows],
    )


def _nothing(data: DataSet, part: Component) -> RaterContext:
    del part
    return no_context(_names(data))


def _demographics(data: DataSet, part: Component) -> RaterContext:
    if not data.demographics:
        raise DataError(f"{data.name} has no demographics of its raters")
    if part.argument and part.argument not in data.demographics:
        raise unknown_name(f"demographic column of {data.name}", part.argument, data.demographics)
    columns = [part.argument] if part.argument else list(data.demographics)
    return _frames(data, labels=data.table.raters[columns])


def _measured(data: DataSet, part: Component) -> RaterContext:
    if not data.measured:
        raise DataError(f"{data.name} has no measured scores of its raters")
    name = part.argument or next(iter(data.measured))
    if name not in data.measured:
        raise unknown_name(f"questionnaire of {data.name}", name, data.measured)
    numbers = data.table.raters[list(data.measured[name])].astype(float)
    return _frames(data, numbers=numbers, levels=levels_of(numbers))


def _groundtruth(data: DataSet, part: Component) -> RaterContext:
    if data.groundtruth is None:
        raise DataError(f"{data.name} has no text that is known to describe its raters")
    texts = data.table.raters[[data.groundtruth]].fillna("").astype(str)
    return _frames(data, texts=texts.rename(columns={data.groundtruth: part.name}))


_PLAIN: Mapping[str, Callable[[DataSet, Component], RaterContext]] = {
    "none": _nothing,
    "demographics": _demographics,
    "measured": _measured,
    "groundtruth": _groundtruth,
}


def _frames(data: DataSet, **frames: pd.DataFrame) -> RaterContext:
    tables: dict[str, Any] = {name: frame.reset_index(drop=True) for name, frame in frames.items()}
    return replace(no_context(_names(data)), **tables)


def _renamed(given: RaterContext, data: DataSet) -> RaterContext:
    """What was given about other raters, under the names of those it is given to."""
    plain = _frames(data, **{name: getattr(given, name) for name in FRAMES})
    return replace(
        plain,
        givers=given.givers,
        starts=given.starts,
        instances=given.instances,
        ratings=given.ratings,
    )


def _names(data: DataSet) -> tuple[str, ...]:
    return tuple(map(str, data.table.raters.index))
