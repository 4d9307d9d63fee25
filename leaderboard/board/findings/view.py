"""What the sentences of a table are made from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from leaderboard.board.findings.pair_counts import PairCount, PairCounter, listed_count
from scorers.intervals.scopes import Scope

Json = dict[str, Any]

MODELS = ("model", "recording")
_CORRECTED = "_corrected"  # the end of a score's name that is shown in place of the plain one
_SEVERAL = {"query": "items", "person": "people"}


@dataclass(frozen=True, eq=False)
class View:
    """A finished table, as the sentences see it.

    Attributes:
        table: in the board's layout.
        counter: of the pairs that differ; without it those that the table lists are counted.
    """

    table: Mapping[str, Any]
    counter: PairCounter | None

    @cached_property
    def models(self) -> list[Json]:
        """Rows of models and of recordings."""
        return [row for row in self.table["rows"] if row["kind"] in MODELS]

    @cached_property
    def raters(self) -> list[Json]:
        """The rows that are compared: those of models, or of all runs where there is no model."""
        runs = [row for row in self.table["rows"] if row["kind"] not in ("human", "published")]
        return self.models or runs

    @cached_property
    def people(self) -> Json | None:
        """The row of people's mean ratings."""
        rows = [row for row in self.table["rows"] if row["kind"] == "human"]
        rows.sort(key=lambda row: row["run"] is not None)  # a run may be of kind human too
        return rows[0] if rows and self.table["human"] is not None else None

    @property
    def noun(self) -> str:
        """What the raters are: models, unless one stands in several rows, as with personas."""
        models = {row["model"] for row in self.models}
        return "model" if models and len(models) == len(self.models) else "rater"

    @property
    def clusters(self) -> str:
        """What is resampled, in the plural."""
        unit = str(self.table["resampling_unit"])
        return {"query": "queries", "person": "people"}.get(unit, f"{unit}s")

    @property
    def units(self) -> str:
        """What a narrow interval is about, in the plural."""
        unit = str(self.table["resampling_unit"])
        return _SEVERAL.get(unit, f"{unit}s")

    @cached_property
    def profile(self) -> list[Json]:
        """The headline scores of which more is not better, where there are several: a profile."""
        found = [s for s in self.table["scores"] if s["headline"] and s["direction"] == "none"]
        return found if len(found) > 1 else []

    @cached_property
    def achievements(self) -> list[Json]:
        """The headline scores of which one end is better; corrected ones in place of the plain."""
        found = [s for s in self.table["scores"] if s["headline"] and s["direction"] != "none"]
        names = {score["name"] for score in found}
        return [score for score in found if f"{score['name']}{_CORRECTED}" not in names]

    @property
    def thing(self) -> str:
        """What a score of the profile is."""
        titles = {score["family_title"].casefold() for score in self.profile}
        return "value" if all("value" in title for title in titles) else "score"

    def pair_count(self, scores: Sequence[Mapping[str, Any]], scope: Scope) -> PairCount:
        """How many pairs of raters differ on any of some scores, after correction."""
        names = [score["name"] for score in scores]
        if self.counter is not None:
            return self.counter.count(names, scope)
        ids = [row["id"] for row in self.raters]
        return listed_count(self.table["pairs"], ids, names, scope)

    def out_of_reach(self, scores: Sequence[Mapping[str, Any]], scope: Scope) -> list[str]:
        """Scores on which no pair could have differed; none where nothing is known of it."""
        names = [score["name"] for score in scores]
        return [] if self.counter is None else self.counter.out_of_reach(names, scope)

    def gap(self, one: Json, other: Json, score: str) -> Mapping[str, Any] | None:
        """The difference of two rows on a score beyond these items, as the pair was tested."""
        if self.counter is not None:
            positions = [self.table["rows"].index(row) for row in (one, other)]
            return self.counter.gap(positions[0], positions[1], score)
        for sign, (a, b) in ((1, (one, other)), (-1, (other, one))):
            pair = self._pairs.get((a["id"], b["id"], score))
            if pair is not None and pair["difference"]["low"] is not None:
                low, high = (sign * pair["difference"][end] for end in ("low", "high"))
                value = sign * pair["difference"]["value"]
                return {"value": value, "low": min(low, high), "high": max(low, high)}
        return None

    @cached_property
    def _pairs(self) -> dict[tuple[str, str, str], Json]:
        return {(pair["a"], pair["b"], pair["score"]): pair for pair in self.table["pairs"]}


def value_of(row: Mapping[str, Any], score: str) -> float | None:
    """A row's score; None where it has none."""
    found = row["scores"].get(score)
    return None if found is None else found["value"]


def title_of(score: Mapping[str, Any], table: Mapping[str, Any]) -> str:
    """What a score is called in a sentence: the title of its family where it is the only one."""
    families = [one["family"] for one in table["scores"]]
    return str(score["family_title" if families.count(score["family"]) == 1 else "name"])


def places_of(score: Mapping[str, Any]) -> int:
    """How many places a score is said with: two, or as its margin needs."""
    margin = score.get("margin")
    return 2 if margin is None or 0.1 <= margin < 1 else 1 if margin >= 1 else 3
