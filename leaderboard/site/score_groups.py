"""Scores that share an axis."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from leaderboard.site.text import label

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Group:
    """Scores that share a family and a unit, and so an axis.

    Attributes:
        key: `g0`, `g1`, ..., unique in the table.
        family: of the scores.
        title: for people.
        unit: of the axis.
        scores: the D scores, as in the board.
        low: left end of the axis, over all values and interval ends of the rows shown first.
        high: right end of the axis.
    """

    key: str
    family: str
    title: str
    unit: str
    scores: tuple[Json, ...]
    low: float
    high: float

    @property
    def names(self) -> list[str]:
        """Names of the scores."""
        return [score["name"] for score in self.scores]

    def position(self, value: float) -> float:
        """Where a value is on the axis, in per cent of its length.

        >>> Group("g0", "f", "F", "points", (), -1.0, 3.0).position(0.0)
        25.0
        """
        share = (value - self.low) / (self.high - self.low)
        return round(100 * min(max(share, 0.0), 1.0), 1)

    @property
    def zero(self) -> float | None:
        """Where zero is, in per cent; None when it is not an inner point of the axis."""
        return self.position(0.0) if self.low < 0 < self.high else None


def score_groups(table: Json) -> list[Group]:
    """The scores of a table in groups of one family and unit, in the order of the table."""
    together: dict[tuple[str, str], list[Json]] = {}
    for score in table["scores"]:
        together.setdefault((score["family"], score["unit"]), []).append(score)
    families = [family for family, _ in together]
    return [
        Group(
            key=f"g{k}",
            family=family,
            title=_group_title(scores, alone=families.count(family) == 1),
            unit=unit,
            scores=tuple(scores),
            **_axis(table, scores),
        )
        for k, ((family, unit), scores) in enumerate(together.items())
    ]


def _group_title(scores: Sequence[Json], alone: bool) -> str:
    title = str(scores[0]["family_title"])
    if alone:
        return title
    return f"{title}: {label(scores[0]['name'])}" + (" and others" if len(scores) > 1 else "")


def _axis(table: Json, scores: Sequence[Json]) -> dict[str, float]:
    """Ends that hold every value and interval of the rows shown first, with a little room."""
    people = (table["human"] or {}).get("profile", {})
    shown = set(table["shown"])
    holders = [*(row["scores"] for row in table["rows"] if row["id"] in shown), people]
    ends = [
        holder[score["name"]][end]
        for holder in holders
        for score in scores
        if score["name"] in holder
        for end in ("value", "low", "high")
        if holder[score["name"]].get(end) is not None
    ]
    low, high = (min(ends), max(ends)) if ends else (0.0, 1.0)
    room = 0.04 * (high - low) or 0.5
    return {"low": low - room, "high": high + room}
