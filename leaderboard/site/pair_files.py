"""Which rows of a table differ: the tests of its pairs, for the pair map, the scripts and as CSV.

Shapes: R rows that have pairs, P = R (R - 1) / 2 pairs in the order of `numpy.triu_indices`,
D scores of the table.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from leaderboard.site.score_groups import Json
from ratings.arrays import BoolArray, FloatArray
from scorers.comparison.differences import SIGNIFICANCE

# States of a pair, as codes: nothing was tested, and the three that a reader sees.
UNTESTED, UNDECIDED, EQUIVALENT, DIFFERS = range(4)
SCOPES = {"on": "on_items", "beyond": None}
_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
States = npt.NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class PairTable:
    """The tests of every two of R rows on D scores, D x P in each scope.

    Attributes:
        rows: ids of the rows, in the order of the table.
        scores: of the table, in its order.
        p_values: of no difference; NaN where there is no test.
        corrected: the same after Holm's correction, as in the board.
        equivalent: whether the 90% interval lies within the score's margin.
    """

    rows: tuple[str, ...]
    scores: tuple[Json, ...]
    p_values: Mapping[str, FloatArray]
    corrected: Mapping[str, FloatArray]
    equivalent: Mapping[str, BoolArray]

    def states(self, scope: str, scores: Sequence[int], rows: Sequence[str]) -> States:
        """What is known of each two of some rows over some scores together, R x R codes.

        Two rows differ when they do on any of the scores. They are equivalent when they are on
        all of them and differ on none.
        """
        count = len(self.rows)
        codes = np.full((len(scores), count, count), UNTESTED, dtype=np.int8)
        one, other = np.triu_indices(count, 1)
        codes[:, one, other] = codes[:, other, one] = self._codes(scope)[list(scores)]
        some = codes.max(axis=0)
        together = np.where(
            (some == EQUIVALENT) & (codes.min(axis=0) < EQUIVALENT), UNDECIDED, some
        ).astype(np.int8)
        positions = [self.rows.index(row) for row in rows]
        return together[np.ix_(positions, positions)]

    def _codes(self, scope: str) -> States:
        """D x P. A significant difference is one, also where it lies within the margin."""
        codes = np.where(self.equivalent[scope], EQUIVALENT, UNDECIDED).astype(np.int8)
        codes[self.corrected[scope] < SIGNIFICANCE] = DIFFERS
        codes[np.isnan(self.p_values[scope])] = UNTESTED
        return codes


def pair_table(table: Json) -> PairTable | None:
    """The tests of a table's pairs; None where it lists none."""
    if not table["pairs"]:
        return None
    among = {end for pair in table["pairs"] for end in (pair["a"], pair["b"])}
    rows = tuple(row["id"] for row in table["rows"] if row["id"] in among)
    row_at = {row: index for index, row in enumerate(rows)}
    score_at = {score["name"]: index for index, score in enumerate(table["scores"])}
    shape = (len(score_at), len(rows), len(rows))
    index = [
        (score_at[pair["score"]], *sorted((row_at[pair["a"]], row_at[pair["b"]])))
        for pair in table["pairs"]
    ]
    positions = np.ravel_multi_index(tuple(np.transpose(index)), shape)
    upper = np.triu_indices(len(rows), 1)

    def by_pair(scope: str, key: str) -> FloatArray:
        part = SCOPES[scope]
        found = np.full(shape, np.nan)
        found.flat[positions] = [
            np.nan if one[key] is None else float(one[key])
            for one in (pair[part] if part else pair for pair in table["pairs"])
        ]
        return found[:, upper[0], upper[1]]

    return PairTable(
        rows,
        tuple(table["scores"]),
        {scope: by_pair(scope, "p") for scope in SCOPES},
        {scope: by_pair(scope, "corrected") for scope in SCOPES},
        {scope: by_pair(scope, "equivalent") == 1 for scope in SCOPES},
    )


def packed_pairs(pairs: PairTable, apart: bool) -> dict[str, Any]:
    """The tests of the scores that are corrected together, for `assets/verdicts.js`.

    What Holm's method asks of a p-value is with how many tests it is still significant, so that
    number is written, and a script that corrects over any of the rows finds exactly what Python
    does. It has `width` digits of base 64, the largest of which means that nothing was tested.
    Whether a pair is equivalent is one bit, the first pair in the lowest.

    Args:
        pairs: of a table.
        apart: whether those that are corrected apart are wanted, or the others.
    """
    scores = [d for d, score in enumerate(pairs.scores) if score["apart"] == apart]
    tests = pairs.p_values["on"][scores].size
    width = next(n for n in range(1, 9) if 64**n - 2 >= tests)
    return {
        "rows": pairs.rows,
        "scores": scores,
        "apart": [d for d, score in enumerate(pairs.scores) if score["apart"]],
        "width": width,
        **{
            scope: {
                "tests": _survived(pairs.p_values[scope][scores].ravel(), width),
                "equivalent": _bits(pairs.equivalent[scope][scores].ravel()),
            }
            for scope in SCOPES
        },
    }


def _survived(p_values: FloatArray, width: int) -> str:
    """With how many tests each p-value is still significant, as digits of base 64."""
    most = 64**width - 2
    with np.errstate(divide="ignore"):
        number = np.minimum(np.floor(SIGNIFICANCE / p_values), most)
    number -= p_values * number >= SIGNIFICANCE
    number += (p_values * (number + 1) < SIGNIFICANCE) & (number < most)
    number = np.where(np.isnan(p_values), most + 1, number).astype(np.int64)
    digits = np.array(list(_DIGITS))
    places = [digits[number // 64**place % 64] for place in reversed(range(width))]
    return "".join(np.stack(places, axis=1).ravel().tolist())


def _bits(flags: BoolArray) -> str:
    padded = np.zeros(-(-len(flags) // 6) * 6, dtype=np.int64)
    padded[: len(flags)] = flags
    return "".join(_DIGITS[one] for one in padded.reshape(-1, 6) @ (1 << np.arange(6)))


def compared_rows(table: Json) -> Iterator[tuple[str, dict[str, Any]]]:
    """For each row's id what the compare page needs of it: its scores, and half of its pairs.

    Each pair is in the file of one of its rows, so that the files of any five are light; those
    with people, who are drawn alongside any, are in the others'. It is the row less the other:
    the difference, and in each scope half the width of its interval, which is symmetric, its
    p-value, the detectable difference and whether it is equivalent.
    """
    among = {end for pair in table["pairs"] for end in (pair["a"], pair["b"])}
    paired = [row["id"] for row in table["rows"] if row["id"] in among]
    order = {row: index for index, row in enumerate(paired)}
    people = people_row_of(table)
    score_at = {score["name"]: index for index, score in enumerate(table["scores"])}
    pairs: dict[str, dict[str, dict[int, Any]]] = {row["id"]: {} for row in table["rows"]}
    for pair in table["pairs"]:
        a, b = pair["a"], pair["b"]
        first = b == people or (a != people and _ahead(order[a], order[b], len(order)))
        own, other, sign = (a, b, 1) if first else (b, a, -1)
        pairs[own].setdefault(other, {})[score_at[pair["score"]]] = _difference(pair, sign)
    for row in table["rows"]:
        scores = [_scored(row["scores"].get(name)) for name in score_at]
        yield row["id"], {"scores": scores, "pairs": pairs[row["id"]]}


def _ahead(one: int, other: int, count: int) -> bool:
    """Whether the second of two rows follows the first within half a circle of all rows."""
    ahead = (other - one) % count
    return 2 * ahead < count or (2 * ahead == count and one < other)


def _scored(found: Json | None) -> list[Any] | None:
    if found is None or found["value"] is None:
        return None
    on = found["on_items"]
    ends = (found["value"], found["low"], found["high"], on["low"], on["high"])
    return [*(_short(end) for end in ends), found["rank"], found["rank_low"], found["rank_high"]]


def _difference(pair: Json, sign: int) -> list[Any]:
    value = pair["difference"]["value"]
    signed = None if value is None else _short(sign * value)
    return [signed, *_scoped(pair["on_items"]), *_scoped(pair)]


def _scoped(test: Json) -> list[Any]:
    low, high = test["difference"]["low"], test["difference"]["high"]
    half = None if low is None or high is None else _short((high - low) / 2)
    equivalent = test["equivalent"]
    return [half, _short(test["p"]), _short(test["detectable"], 3), equivalent and int(equivalent)]


def _short(value: float | None, digits: int = 6) -> float | None:
    return None if value is None else float(f"{value:.{digits}g}")


def people_row_of(table: Json) -> str | None:
    """The row of all people together, which has no log; otherwise the first row of people."""
    people = [row for row in table["rows"] if row["kind"] == "human"]
    people.sort(key=lambda row: row["log"] is not None)
    return people[0]["id"] if people else None


def pair_lines(table: Json) -> list[list[object]]:
    """The pairs of a table as CSV: one line a pair and score, the first row less the second."""
    raters = {row["id"]: row["rater"] for row in table["rows"]}
    numbers = ("low", "high", "p", "p (Holm)", "detectable", "equivalent")
    lines: list[list[object]] = [
        ["data", "a", "b", "score", "a less b", *(f"{scope} these items: {name}"
         for scope in ("on", "beyond") for name in numbers)]
    ]  # fmt: skip
    data = "synthetic sample" if table["synthetic"] else "real"
    for pair in table["pairs"]:
        fields = [raters[pair["a"]], raters[pair["b"]], pair["score"], pair["difference"]["value"]]
        for test in (pair["on_items"], pair):
            fields += [test["difference"][end] for end in ("low", "high")]
            fields += [test[key] for key in ("p", "corrected", "detectable", "equivalent")]
        lines.append([data, *fields])
    return lines
