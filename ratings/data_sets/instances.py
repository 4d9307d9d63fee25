"""What a predictive family may know of the instances: never a rating."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ratings.arrays import IntArray
from ratings.data_sets.data_set import TEXT, DataSet


@dataclass(frozen=True, eq=False)
class Instances:
    """The I instances of a data set, without who rated them how.

    Attributes:
        names: I.
        texts: I.
        choices: I, the labels of each.
        counts: I numbers of choices.
        groups: I codes from 0 of the group of each; all different where there are no groups.
        ordered: whether choices are ordered, lowest first.
        task: what the raters were asked.
        descriptions: what a measured column of the raters stands for, in words.
    """

    names: tuple[str, ...]
    texts: tuple[str, ...]
    choices: tuple[tuple[str, ...], ...]
    counts: IntArray
    groups: IntArray
    ordered: bool
    task: str
    descriptions: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        """Their number, I."""
        return len(self.texts)

    @property
    def most_choices(self) -> int:
        """K, the largest number of choices."""
        return int(self.counts.max())


def instances_of(data: DataSet) -> Instances:
    """The instances of a data set."""
    frame, choices = data.table.instances, data.table.choices
    own = np.arange(len(frame))
    groups = pd.factorize(frame[data.groups])[0] if data.groups else own
    return Instances(
        names=tuple(map(str, frame.index)),
        texts=tuple(frame[TEXT].fillna("").astype(str)),
        choices=choices,
        counts=data.table.choice_counts(),
        groups=groups.astype(np.intp),
        ordered=data.ordered,
        task=data.task,
        descriptions=data.descriptions,
    )
