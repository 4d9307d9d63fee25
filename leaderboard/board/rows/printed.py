"""Figures that papers print, in the rows of the models that they are of."""

from collections.abc import Mapping, Sequence
from typing import Any

from leaderboard.models.facts import bare_name, model_facts
from ratings.instruments.value_portrait import recording_of

_KINDS = ("model", "recording")


def add_printed(
    rows: Sequence[dict[str, Any]], figures: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """Put into each row of a model what papers print of it.

    Args:
        rows: of runs and of people, whose `published` is filled.
        figures: as `published_rows` gives them.

    Returns:
        The figures of models that none of the rows is of.
    """
    left = []
    for printed in figures:
        mine = [row for row in rows if _same_model(row, printed["rater"])]
        for row in mine:
            row["published"] |= {
                name: _figure(value, row["scores"].get(name), printed["source_of"][name])
                for name, value in printed["values"].items()
            }
        if not mine:
            left.append(printed)
    return left


def _figure(value: float, ours: Mapping[str, Any] | None, source: str) -> dict[str, Any]:
    own = None if ours is None else ours["value"]
    return {
        "value": value,
        "difference": None if own is None else own - value,
        "source": source,
    }


def _same_model(row: Mapping[str, Any], rater: str) -> bool:
    """Whether a row is of the model that a paper names so, and plays nobody."""
    if row["kind"] not in _KINDS or row["persona"] is not None:
        return False
    bare, facts = bare_name(row["model"]), model_facts()
    if bare == recording_of(rater):
        # A name that moves from model to model is another one today than when it was recorded.
        moves = bare != rater and (bare not in facts or facts[bare].released is None)
        return row["kind"] == "recording" or not moves
    return bare == rater or (rater in facts and facts.get(bare) is facts[rater])
