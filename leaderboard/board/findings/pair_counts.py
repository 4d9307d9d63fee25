"""How many pairs of raters differ on any of some scores."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from leaderboard.board.pairs import Pairs
from ratings.arrays import BoolArray
from scorers.comparison.differences import SIGNIFICANCE
from scorers.intervals.scopes import Scope


class PairCount(NamedTuple):
    """Of the pairs that were tested on any of some scores, how many differ on any."""

    differ: int
    tested: int


@dataclass(frozen=True, eq=False)
class PairCounter:
    """Counts from the tests themselves, of a table of any size.

    Attributes:
        pairs: every two rows, tested.
        raters: positions of the rows that count.
    """

    pairs: Pairs
    raters: Sequence[int]

    def count(self, names: Sequence[str], scope: Scope) -> PairCount:
        """How many pairs differ on any of some scores, after correction."""
        columns = np.flatnonzero([name in names for name in self.pairs.families])
        corrected = self.pairs.tests[scope].corrected[np.ix_(self._rows(), columns)]
        tested = ~np.isnan(corrected).all(axis=1)
        return PairCount(int((corrected < SIGNIFICANCE).any(axis=1).sum()), int(tested.sum()))

    def out_of_reach(self, names: Sequence[str], scope: Scope) -> list[str]:
        """Scores of which no pair could have differed, whatever the answers."""
        rows = self._rows()
        found = []
        for d, name in enumerate(self.pairs.families):
            tests = self.pairs.tests[scope]
            tested = rows & ~np.isnan(tests.corrected[:, d])
            if name in names and tested.any() and not tests.possible[tested, d].any():
                found.append(name)
        return found

    def gap(self, one: int, other: int, name: str) -> dict[str, float] | None:
        """The difference of two rows beyond these items, one less other, with its interval.

        Args:
            one: position of a row.
            other: of another.
            name: of the score.
        """
        pairs, names = self.pairs, list(self.pairs.families)
        found = np.flatnonzero((pairs.first == min(one, other)) & (pairs.second == max(one, other)))
        if not found.size or name not in names:
            return None
        scoped = pairs.tests["beyond"].scoped[names.index(name)].of_rows(found)
        value = float(scoped.values[0, 0]) * (1 if one > other else -1)
        reach = float(scoped.reach()[0, 0])
        if np.isnan(value + reach):
            return None
        return {"value": value, "low": value - reach, "high": value + reach}

    def _rows(self) -> BoolArray:
        """P, whether both rows of a pair count."""
        raters = list(self.raters)
        both: BoolArray = np.isin(self.pairs.first, raters) & np.isin(self.pairs.second, raters)
        return both


def listed_count(
    pairs: Sequence[dict[str, Any]], ids: Sequence[str], names: Sequence[str], scope: Scope
) -> PairCount:
    """The same from the pairs that a board lists.

    Args:
        pairs: of the board's table.
        ids: of the rows that count.
        names: of the scores.
        scope: of the tests.
    """
    counted, wanted = set(ids), set(names)
    found: dict[tuple[str, str], bool] = {}
    for pair in pairs:
        if pair["score"] not in wanted or pair["a"] not in counted or pair["b"] not in counted:
            continue
        corrected = (pair if scope == "beyond" else pair["on_items"])["corrected"]
        if corrected is not None:
            key = (pair["a"], pair["b"])
            found[key] = found.get(key, False) or corrected < SIGNIFICANCE
    return PairCount(sum(found.values()), len(found))
