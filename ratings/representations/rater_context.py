"""What is given about raters: known ratings, numbers, labels and texts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ratings.arrays import IntArray
from ratings.errors import DataError

# Fields of a RaterContext that are tables with a row a rater.
FRAMES = ("numbers", "levels", "labels", "texts")
LEVELS = ("very low", "low", "average", "high", "very high")


@dataclass(frozen=True, eq=False)
class RaterContext:
    """What is given about each of R raters; it holds all of it, and nothing else of the data set.

    Attributes:
        raters: R names.
        givers: R names, whose known ratings they are: the rater's own unless shuffled.
        starts: R + 1 positions; rater r's known ratings are `starts[r]` to `starts[r + 1]`.
        instances: for each known rating its instance, in the order they are shown.
        ratings: for each known rating the position of the choice, from 1.
        numbers: R x D measured scores, NaN where missing.
        levels: R x D fifth of the raters that each score falls into, 0 to 4, NaN where missing.
        labels: R x D labels that raters gave themselves, missing where they did not say.
        texts: R x T descriptions, empty where there is none.
    """

    raters: tuple[str, ...]
    givers: tuple[str, ...]
    starts: IntArray
    instances: IntArray
    ratings: IntArray
    numbers: pd.DataFrame
    levels: pd.DataFrame
    labels: pd.DataFrame
    texts: pd.DataFrame

    def __len__(self) -> int:
        """Number of raters, R."""
        return len(self.raters)

    @property
    def counts(self) -> IntArray:
        """Number of known ratings of each of the R raters."""
        return np.diff(self.starts)

    def owners(self) -> IntArray:
        """The rater, from 0, of each known rating."""
        return np.repeat(np.arange(len(self)), self.counts)

    def take(self, rows: Sequence[int] | IntArray) -> "RaterContext":
        """Some raters, in the order given; a rater may be taken more than once."""
        taken = np.asarray(rows, dtype=np.intp)
        counts = self.counts[taken]
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.intp)
        known = np.repeat(self.starts[taken] - starts[:-1], counts) + np.arange(starts[-1])
        return RaterContext(
            raters=tuple(self.raters[r] for r in taken),
            givers=tuple(self.givers[r] for r in taken),
            starts=starts,
            instances=self.instances[known],
            ratings=self.ratings[known],
            numbers=self.numbers.iloc[taken],
            levels=self.levels.iloc[taken],
            labels=self.labels.iloc[taken],
            texts=self.texts.iloc[taken],
        )


@dataclass(frozen=True, eq=False)
class Targets:
    """N ratings that are to be predicted.

    Attributes:
        raters: N positions among the raters that something is given about.
        instances: N.
        ratings: N positions of choices, from 1.
    """

    raters: IntArray
    instances: IntArray
    ratings: IntArray

    def __len__(self) -> int:
        """Their number, N."""
        return len(self.ratings)


@dataclass(frozen=True, eq=False)
class Episode:
    """Ratings to predict, with what is given about their raters."""

    given: RaterContext
    targets: Targets


def no_context(raters: Sequence[str]) -> RaterContext:
    """Raters about whom nothing is given."""
    empty = pd.DataFrame(index=range(len(raters)))
    none = np.zeros(0, dtype=np.intp)
    starts = np.zeros(len(raters) + 1, dtype=np.intp)
    return RaterContext(
        tuple(raters), tuple(raters), starts, none, none, empty, empty, empty, empty
    )


def combine(parts: Sequence[RaterContext]) -> RaterContext:
    """Several things given about the same raters, at once.

    Raises:
        DataError: when two parts hold known ratings, or columns of the same name.
    """
    first = parts[0]
    with_examples = [part for part in parts if part.starts[-1] > 0]
    if len(with_examples) > 1:
        raise DataError("examples can be given only once: join them with something else")
    examples = with_examples[0] if with_examples else first
    frames = {name: _beside([getattr(part, name) for part in parts]) for name in FRAMES}
    return RaterContext(
        first.raters,
        examples.givers,
        examples.starts,
        examples.instances,
        examples.ratings,
        **frames,
    )


def levels_of(numbers: pd.DataFrame) -> pd.DataFrame:
    """The fifth of the raters that each score falls into, R x D, 0 (lowest) to 4.

    >>> levels_of(pd.DataFrame({"Power": [1.0, 2.0, 3.0, 4.0, 5.0]}))["Power"].tolist()
    [0.0, 1.0, 2.0, 3.0, 4.0]
    """
    share = (numbers.rank(method="average") - 0.5) / numbers.notna().sum()
    fifths: pd.DataFrame = (share * len(LEVELS)).clip(upper=len(LEVELS) - 1) // 1
    return fifths


def require_no_leak(given: RaterContext, targets: Targets) -> None:
    """Refuse targets whose rating is among the known ratings of their own rater.

    Raises:
        DataError: naming the first rater and the instance.
    """
    most = 1 + max(given.instances.max(initial=0), targets.instances.max(initial=0))
    own = np.array(
        [giver == rater for giver, rater in zip(given.givers, given.raters, strict=True)]
    )
    known = (given.owners() * most + given.instances)[np.repeat(own, given.counts)]
    asked = targets.raters * most + targets.instances
    leaked = np.isin(asked, known)
    if leaked.any():
        row = int(np.argmax(leaked))
        raise DataError(
            f"target leakage: {int(leaked.sum())} of {len(leaked)} target ratings are also among "
            f"the rater's known ratings, first that of rater "
            f"{given.raters[targets.raters[row]]!r} on instance number {targets.instances[row]}"
        )


def _beside(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    there = [frame.reset_index(drop=True) for frame in frames if frame.shape[1]]
    out = pd.concat(there, axis=1) if there else frames[0]
    repeated = out.columns[out.columns.duplicated()]
    if len(repeated):
        raise DataError(f"{str(repeated[0])!r} is given twice; name it once")
    return out
