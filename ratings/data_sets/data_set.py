"""A rating data set: its table, and what its raters were asked and are known by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from ratings.errors import DataError, unknown_name
from ratings.sources.cards import Card
from ratings.table import RatingTable

TEXT = "text"


@dataclass(frozen=True, eq=False)
class DataSet:
    """Ratings of R raters on I instances with what is known of both.

    Attributes:
        name: for files, tables and people.
        table: the ratings. Its instances have a column `text`; its raters the columns named below,
            missing where a rater did not say.
        task: what the raters were asked, a sentence or two, as a decoder is given it.
        ordered: whether an instance's choices are ordered, lowest first.
        demographics: rater columns with what raters said of themselves, as labels.
        measured: for each questionnaire its rater columns, numbers; the first questionnaire is
            what `measured` means.
        descriptions: what a measured column stands for, in words, by column.
        groundtruth: rater column with a text that is known to describe the rater, if any.
        groups: instance column; instances that share it have something in common (a query, a
            conversation), if any.
        card: where the data came from; None for a user's own or for made data.
        commit: the commit of the Hugging Face hub that was read, if it came from there.
    """

    name: str
    table: RatingTable
    task: str
    ordered: bool
    demographics: tuple[str, ...] = ()
    measured: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    groundtruth: str | None = None
    groups: str | None = None
    card: Card | None = None
    commit: str | None = None

    def __post_init__(self) -> None:
        """Refuse parts that do not fit each other."""
        columns = self.table.raters.columns
        wanted = [*self.demographics, *(c for found in self.measured.values() for c in found)]
        wanted += [self.groundtruth] if self.groundtruth else []
        for column in wanted:
            if column not in columns:
                raise unknown_name(f"rater column of {self.name}", column, columns)
        for name in (TEXT, *([self.groups] if self.groups else [])):
            if name not in self.table.instances.columns:
                raise DataError(f"{self.name}: the instances have no column {name!r}")

    @property
    def synthetic(self) -> bool:
        """Whether the raters are made up."""
        return self.card is not None and self.card.synthetic

    def of_raters(self, raters: Iterable[object]) -> "DataSet":
        """The data set of some raters, in the order given."""
        return replace(self, table=self.table.select(raters=raters))

    def with_at_least(self, ratings: int) -> "DataSet":
        """The data set without raters who gave fewer ratings, in the same order.

        Raises:
            DataError: when nobody is left.
        """
        counts = np.bincount(self.table.rater_codes, minlength=len(self.table.raters))
        enough = np.flatnonzero(counts >= ratings)
        if not len(enough):
            raise DataError(f"{self.name}: no rater has {ratings} ratings or more")
        if len(enough) == len(self.table.raters):
            return self
        return self.of_raters(self.table.raters.index[enough])
