"""What one row of a table shows, as a sentence."""

from collections.abc import Mapping
from typing import Any

from leaderboard.board.findings.profile_sentences import profile_values
from leaderboard.board.findings.view import View, places_of, title_of, value_of
from leaderboard.board.findings.words import called, capital, counted, listed, with_interval
from ratings.output.numbers import highest_and_lowest

_CORRECTED = "corrected over all pairs of this table"


def row_finding(view: View, row: Mapping[str, Any]) -> str | None:
    """A sentence about a row; None of figures that a paper prints."""
    if row["kind"] == "published":
        return None
    is_people = view.people is not None and row["id"] == view.people["id"]
    name = "people" if is_people else called(row)
    named = [_profile(view, row, name, is_people), _achieved(view, row, name)]
    parts = [named[0], _unlike(view, row), named[1], None if is_people else _missing(row)]
    text = "; ".join(part for part in parts if part is not None)
    if not text:
        return None
    if named == [None, None]:
        text = f"{name}: {text}"
    return f"{capital(text) if is_people else text}."


def _profile(view: View, row: Mapping[str, Any], name: str, is_people: bool) -> str | None:
    values = profile_values(row, view.profile)
    if not values:
        return None
    first, last = (listed(ends) for ends in highest_and_lowest(values))
    if not first:
        return f"{name} {'have' if is_people else 'has'} the same score everywhere"
    return f"{name} {'put' if is_people else 'puts'} {first} first and {last} last"


def _unlike(view: View, row: Mapping[str, Any]) -> str | None:
    """On how many values it differs from people, in both scopes."""
    found = [row["scores"][s["name"]] for s in view.profile if s["name"] in row["scores"]]
    known = {
        scope: [one["unlike_people"][scope] for one in found if "unlike_people" in one]
        for scope in ("on_items", "beyond")
    }
    tested = {scope: [one for one in flags if one is not None] for scope, flags in known.items()}
    on, beyond = (sum(tested[scope]) for scope in ("on_items", "beyond"))
    total = len(tested["beyond"] or tested["on_items"])
    if not total:
        return None
    things = f"{total:,} {view.thing}{'s' if total > 1 else ''}"
    if not tested["on_items"]:
        said = f"it differs from people on {beyond or 'none'} of {things} beyond these items"
        return f"{said} ({_CORRECTED})"
    if not on and not beyond:
        return (
            f"it differs from people on none of {things}, on these items or beyond them "
            f"({_CORRECTED})"
        )
    return (
        f"it differs from people on {on or 'none'} of {things} on these items, "
        f"on {beyond or 'none'} beyond them ({_CORRECTED})"
    )


def _achieved(view: View, row: Mapping[str, Any], name: str) -> str | None:
    """Its headline scores of which one end is better, with ranks and who it differs from."""
    parts = []
    for score in view.achievements:
        if value_of(row, score["name"]) is None:
            continue
        found = row["scores"][score["name"]]
        text = f"{title_of(score, view.table)} {with_interval(found, places_of(score))}"
        ranked = sum(
            1
            for other in view.table["rows"]
            if (other["scores"].get(score["name"]) or {}).get("rank") is not None
        )
        if found["rank"] is not None and ranked > 1:
            text += f" (rank {found['rank']:,} of {ranked:,})"
        parts.append(text)
    return f"{name}: {'; '.join(parts)}" if parts else None


def _missing(row: Mapping[str, Any]) -> str | None:
    """How many of its answers could not be read."""
    total = row["answers"]
    if not total:
        return None
    lost = total - row["statuses"].get("valid", 0)
    answers = counted(total, "answer")
    if lost == 0:
        return "all answers could be read" if total > 1 else "its answer could be read"
    return f"{lost:,} of {answers} {'is' if lost == 1 else 'are'} missing"
