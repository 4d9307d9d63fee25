"""Pages of the responses behind a score: each item's text, people's ratings and the models'."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from leaderboard.site.figures.histogram import MOST_DOTS, histogram
from leaderboard.site.score_groups import Json
from leaderboard.site.text import number
from ratings.output.slugs import page_slug

ITEMS_A_PAGE = 40
POINTS = 6  # of a scale, where no people were asked
# Orders of the items, as a reader names them, and what each sorts by.
ORDERS = {"models": "Models differ most", "people": "Least like people"}


@dataclass(frozen=True)
class ResponsesPage:
    """One page of the items behind a score, in one order.

    Attributes:
        table: of the board.
        score: that the items count for.
        order: of the items, a key of `ORDERS`.
        number: of the page, from 1.
        of: how many pages there are.
        count: of items on all pages.
        items: those of this page.
        models: id and name of the rows that are drawn.
        dots: whether each of them has a dot; otherwise a script draws that of one.
        higher: on how many items models rate higher than people on average.
        lower: on how many lower.
        points: of the scale, from 1.
    """

    table: Json
    score: Json
    order: str
    number: int
    of: int
    count: int
    items: tuple["DrawnItem", ...]
    models: tuple[tuple[str, str], ...]
    dots: bool
    higher: int
    lower: int
    points: int

    @property
    def path(self) -> str:
        """From the site's root."""
        return responses_path(self.table["id"], self.score["name"], self.order, self.number)

    def other(self, order: str, number: int = 1) -> str:
        """Address of another page of the same score, from this one."""
        path = responses_path(self.table["id"], self.score["name"], order, number)
        return path.rpartition("/")[2]


@dataclass(frozen=True)
class DrawnItem:
    """An item with its figure.

    Attributes:
        item: of the board.
        position: among the items of the table, from 0.
        anchor: on its pages.
        figure: SVG of its answers.
    """

    item: Json
    position: int
    anchor: str
    figure: Markup


def responses_path(table: str, score: str, order: str = "models", number: int = 1) -> str:
    """The address of a page, from the site's root; the first one is that of the score."""
    parts = [page_slug(score), *([] if order == "models" else [order])]
    parts += [] if number == 1 else [str(number)]
    return f"items/{table}/{'-'.join(parts)}.html"


def responses_paths(table: Json) -> dict[str, str]:
    """The first page of each score that has any, by the score's name, in the table's order."""
    tagged = {name for item in table["items"] for name in item["scores"]}
    return {
        score["name"]: responses_path(table["id"], score["name"])
        for score in table["scores"]
        if score["name"] in tagged
    }


def item_anchor(instance: str) -> str:
    """Where an item is on its pages."""
    return f"i-{page_slug(instance)}"


def responses_pages(table: Json) -> Iterator[ResponsesPage]:
    """All pages of a table: for each score the items in both orders, forty a page."""
    rows = models_of(table)
    models = tuple((row["id"], row["name"]) for row in rows)
    drawn = drawn_items(table)
    paths = responses_paths(table)
    for score in (one for one in table["scores"] if one["name"] in paths):
        items = [one for one in drawn if score["name"] in one.item["scores"]]
        gaps = [one.item["gap"] for one in items if one.item["gap"] is not None]
        for order, key in (("models", "separating"), ("people", "gap")):
            if order == "people" and not gaps:
                continue
            sorted_ = by_size(items, key)
            pages = range(0, len(sorted_), ITEMS_A_PAGE)
            for page, start in enumerate(pages, start=1):
                yield ResponsesPage(
                    table, score, order, page, len(pages), len(items),
                    tuple(sorted_[start : start + ITEMS_A_PAGE]), models, len(rows) <= MOST_DOTS,
                    sum(gap > 0 for gap in gaps), sum(gap < 0 for gap in gaps), _points(table),
                )  # fmt: skip


def by_size(items: Sequence[DrawnItem], key: str) -> list[DrawnItem]:
    """Items in the order of the size of a number, the largest first and missing ones last."""

    def order(one: DrawnItem) -> tuple[float, str]:
        value = one.item[key]
        return (1.0 if value is None else -abs(value), one.item["instance"])

    return sorted(items, key=order)


def models_of(table: Json) -> list[Json]:
    """The rows shown first that are no people."""
    shown = set(table["shown"])
    return [row for row in table["rows"] if row["id"] in shown and row["kind"] != "human"]


def drawn_items(table: Json) -> list[DrawnItem]:
    """The table's items with their figures, in the order of the board."""
    names = {row["id"]: row["name"] for row in models_of(table)}
    points = _points(table)
    return [
        DrawnItem(item, k, item_anchor(item["instance"]), _figure(item, names, points))
        for k, item in enumerate(table["items"])
    ]


def ratings_apart(table: Json) -> Iterator[tuple[str, list[float | None]]]:
    """Each model's mean rating of every item, by its row, where models have no dot of their own."""
    rows = models_of(table) if table["items"] else []
    for row in rows if len(rows) > MOST_DOTS else []:
        found = [item["ratings"].get(row["id"]) for item in table["items"]]
        yield row["id"], [None if one is None else round(one, 4) for one in found]


def _points(table: Json) -> int:
    asked = [len(item["people"]["histogram"]) for item in table["items"] if item["people"]]
    return max(asked, default=POINTS)


def _figure(item: Json, names: dict[str, str], points: int) -> Markup:
    people = item["people"]
    ratings = {
        row: (names[row], value)
        for row, value in item["ratings"].items()
        if row in names and value is not None
    }
    return histogram(
        _described(item, [value for _, value in ratings.values()]),
        points,
        people and people["histogram"],
        people and people["mean"],
        ratings,
    )


def _described(item: Json, ratings: Sequence[float]) -> str:
    people = item["people"]
    asked = (
        f"{people['people']} people, mean {number(people['mean'])}" if people else "no people asked"
    )
    rated = (
        f"{len(ratings)} models from {number(min(ratings))} to {number(max(ratings))}"
        if ratings
        else "no model answered"
    )
    return f"Answers to {item['instance']}: {asked}; {rated}"


def item_lines(table: Json) -> list[list[Any]]:
    """One line an item for a CSV file: its text, people's ratings, each row's mean rating."""
    points = _points(table)
    rows = [row for row in table["rows"] if row["kind"] != "published"]
    lines: list[list[Any]] = [
        ["data", "item", "scores", "query", "response", "between models", "models minus people",
         "people", "people's mean", *(f"people: {k}" for k in range(1, points + 1)),
         *(row["name"] for row in rows)]
    ]  # fmt: skip
    data = "synthetic sample" if table["synthetic"] else "real"
    for item in table["items"]:
        text, people = item["text"] or {}, item["people"] or {}
        counts = people.get("histogram") or [None] * points
        lines.append(
            [data, item["instance"], "; ".join(item["scores"]), text.get("query"),
             text.get("response"), item["separating"], item["gap"], people.get("people"),
             people.get("mean"), *counts, *(item["ratings"].get(row["id"]) for row in rows)]
        )  # fmt: skip
    return lines
