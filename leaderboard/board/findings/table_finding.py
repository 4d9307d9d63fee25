"""The sentences of a table and of its rows."""

from typing import Any

from leaderboard.board.findings.achievement_sentences import achievement_sentences
from leaderboard.board.findings.pair_counts import PairCounter
from leaderboard.board.findings.profile_sentences import profile_sentences
from leaderboard.board.findings.row_finding import row_finding
from leaderboard.board.findings.view import View
from leaderboard.board.findings.words import counted


def add_findings(table: dict[str, Any], counter: PairCounter | None = None) -> None:
    """Put into a finished table and its rows what they show, as sentences.

    Args:
        table: with everything else of the board's layout; undefined numbers are None.
        counter: of the pairs that differ; without it those that the table lists are counted.
    """
    view = View(table, counter)
    table["finding"] = [_size(view), *profile_sentences(view), *achievement_sentences(view)]
    for row in table["rows"]:
        row["finding"] = row_finding(view, row)


def _size(view: View) -> str:
    """How many models there are, or who is there instead; people; items."""
    kinds = [row["kind"] for row in view.table["rows"]]
    parts = []
    if view.models:
        models = len({row["model"] for row in view.models})
        parts.append(counted(models, "model"))
        if len(view.models) > models:
            parts[0] = f"{counted(len(view.models), 'rater')} of {parts[0]}"
    else:
        parts += [
            counted(kinds.count(kind), name)
            for kind, name in (("simulated", "simulated rater"), ("baseline", "baseline"))
            if kinds.count(kind)
        ]
    if view.table["human"] is not None:
        parts.append(counted(view.table["human"]["people"], "person", "people"))
    if view.table["items"]:
        parts.append(counted(len(view.table["items"]), "response"))
    who = f"{', '.join(parts)}." if parts else ""
    sample = "Sample data: " if view.table["synthetic"] else ""
    if view.models:
        return f"{sample}{who}"
    none = "No language model yet" if not sample else "no language model yet"
    return f"{sample}{none}: {who}" if who else f"{sample}{none}."
