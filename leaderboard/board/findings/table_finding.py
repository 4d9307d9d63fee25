"""The sentences of a table and of its rows."""

from typing import Any

from leaderboard.board.findings.words import counted

MODELS = ("model", "recording")


def add_findings(table: dict[str, Any]) -> None:
    """Put into a finished table and its rows what they show, as sentences.

    Args:
        table: with everything else of the board's layout.
    """
    table["finding"] = [_size(table)]


def _size(table: dict[str, Any]) -> str:
    """How many models there are, or who is there instead; people; items."""
    kinds = [row["kind"] for row in table["rows"]]
    models = sum(kind in MODELS for kind in kinds)
    others = [
        counted(kinds.count(kind), name)
        for kind, name in (("simulated", "simulated rater"), ("baseline", "baseline"))
        if kinds.count(kind)
    ]
    parts = [counted(models, "model")] if models else others
    if table["human"] is not None:
        parts.append(counted(table["human"]["people"], "person", "people"))
    if table["items"]:
        parts.append(counted(len(table["items"]), "response"))
    who = ", ".join(parts)
    if not models:
        return f"No language model yet: {who}." if who else "No language model yet."
    return f"{who}."
