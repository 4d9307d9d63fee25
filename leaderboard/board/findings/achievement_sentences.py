"""What a table shows of achievements: scores of which one end is better."""

from collections.abc import Mapping
from typing import Any

from leaderboard.board.findings.view import View, places_of, title_of, value_of
from leaderboard.board.findings.words import (
    called,
    figure,
    listed,
    pairs_differ,
    some_of,
    with_interval,
)
from ratings.output.text import first_of

_EQUAL = 1e-9  # equal scores computed in another order differ in the last bits
_NAMED = 3


def achievement_sentences(view: View) -> list[str]:
    """Of each such headline score who is best and worst, and how many pairs differ."""
    return [sentence for score in view.achievements for sentence in _of_score(view, score)]


def _of_score(view: View, score: Mapping[str, Any]) -> list[str]:
    name, places = score["name"], places_of(score)
    known = [row for row in view.raters if value_of(row, name) is not None]
    if not known:
        return []
    known.sort(
        key=lambda row: round(row["scores"][name]["value"], 9),
        reverse=score["direction"] == "higher",
    )
    best, worst = (_equal(known, end, name, places) for end in (0, -1))
    who = best[1] if len(known) == 1 else f"best {best[0]} {best[1]}, worst {worst[1]}"
    if best == worst and len(known) > 1:
        who = f"equal {best[0]} {best[1]}"
    pairs = _pairs(view, score)
    sentence = (
        f"{title_of(score, view.table)}, {score['unit']}: {who}{f'; {pairs}' if pairs else ''}."
    )
    return [sentence, *_baselines(view, score, known)]


def _equal(known: list[dict[str, Any]], end: int, score: str, places: int) -> tuple[str, str]:
    """The rows of the first or the last value, each with its interval, and the verb for them."""
    value = known[end]["scores"][score]["value"]
    alike = [row for row in known if abs(row["scores"][score]["value"] - value) < _EQUAL]
    named = [f"{called(row)} ({with_interval(row['scores'][score], places)})" for row in alike]
    if len(named) > _NAMED:
        return "are", first_of(named, _NAMED)
    return "is" if len(named) == 1 else "are", listed(named)


def _pairs(view: View, score: Mapping[str, Any]) -> str | None:
    on, beyond = view.pair_count([score], "on"), view.pair_count([score], "beyond")
    tested, units = beyond.tested or on.tested, view.units
    if not tested:
        return None
    if tested == 1:
        if beyond.differ:
            return f"the two differ beyond these {units}"
        if on.differ:
            return f"the two differ on these {units}, not beyond them"
        return "the two do not differ significantly"
    if not on.tested:
        return f"beyond these {units} {pairs_differ(beyond.differ, tested, view.noun)}"
    return (
        f"on these {units} {pairs_differ(on.differ, on.tested, view.noun)}, "
        f"beyond them {f'{beyond.differ:,}' if beyond.differ else 'none'}"
    )


def _baselines(view: View, score: Mapping[str, Any], known: list[dict[str, Any]]) -> list[str]:
    """How many models are better than the best baseline."""
    name, places = score["name"], places_of(score)
    baselines = [
        row
        for row in view.table["rows"]
        if row["kind"] == "baseline" and value_of(row, name) is not None
    ]
    if not baselines or not view.models:
        return []
    sign = 1 if score["direction"] == "higher" else -1
    best = max(baselines, key=lambda row: sign * row["scores"][name]["value"])
    level = best["scores"][name]["value"]
    better = sum(sign * (row["scores"][name]["value"] - level) > 0 for row in known)
    what = f"the best baseline, {called(best)} ({figure(level, places)})"
    if len(known) == 1:
        return [f"It is {'better' if better else 'no better'} than {what}."]
    if not better:
        return [f"No {view.noun} is better than {what}."]
    verb = "is" if better == 1 else "are"
    return [f"{some_of(better, len(known), f'{view.noun}s')} {verb} better than {what}."]
