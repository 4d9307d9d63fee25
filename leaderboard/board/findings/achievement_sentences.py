"""What a table shows of achievements: scores of which one end is better."""

from collections.abc import Mapping
from typing import Any

from leaderboard.board.findings.view import View, places_of, value_of
from leaderboard.board.findings.words import called, capital, figure, some_of, with_interval


def achievement_sentences(view: View) -> list[str]:
    """Of each such headline score who is best and worst, and how many pairs differ."""
    return [sentence for score in view.achievements for sentence in _of_score(view, score)]


def _of_score(view: View, score: Mapping[str, Any]) -> list[str]:
    name, places = score["name"], places_of(score)
    known = [row for row in view.raters if value_of(row, name) is not None]
    if not known:
        return []
    known.sort(key=lambda row: row["scores"][name]["value"], reverse=score["direction"] == "higher")
    title = score["family_title"]
    best = f"{called(known[0])} ({with_interval(known[0]['scores'][name], places)})"
    if len(known) == 1:
        return [f"{title}: {best}, {score['unit']}.", *_baselines(view, score, known)]
    worst = f"{called(known[-1])} ({with_interval(known[-1]['scores'][name], places)})"
    out = [f"{title}: best is {best}, worst {worst}, {score['unit']}."]
    pairs = _pairs(view, score)
    return [*out, *([pairs] if pairs else []), *_baselines(view, score, known)]


def _pairs(view: View, score: Mapping[str, Any]) -> str | None:
    on, beyond = view.pair_count([score], "on"), view.pair_count([score], "beyond")
    tested = beyond.tested or on.tested
    if not tested:
        return None
    units, several = view.units, f"pairs of {view.noun}s"
    if tested == 1:
        return (
            f"The two {view.noun}s differ beyond these {units}."
            if beyond.differ
            else f"The two {view.noun}s differ on these {units}, not beyond them."
            if on.differ
            else f"The two {view.noun}s do not differ significantly."
        )
    if not on.tested:
        return f"Beyond these {units} {some_of(beyond.differ, tested, several)} differ."
    return (
        f"On these {units} {some_of(on.differ, on.tested, several)} "
        f"{'differs' if on.differ == 1 else 'differ'}; "
        f"beyond them {f'{beyond.differ:,}' if beyond.differ else 'none'}."
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
    verb = "is" if better == 1 else "are"
    return [capital(f"{some_of(better, len(known), f'{view.noun}s')} {verb} better than {what}.")]
