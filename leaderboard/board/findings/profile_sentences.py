"""What a table shows of profiles: values of which more is not better."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import Any

from leaderboard.board.findings.view import Json, View, places_of, value_of
from leaderboard.board.findings.words import (
    between,
    called,
    capital,
    figure,
    listed,
    pairs_differ,
)
from ratings.output.numbers import highest_and_lowest

_FEW = 3  # models, of which that all are alike says something


def profile_sentences(view: View) -> list[str]:
    """Who differs from whom, who is like people, what models share, what wordings do."""
    if not view.profile or not view.raters:
        return []
    makers: Sequence[Callable[[View], str | None]] = (
        _pairs,
        _out_of_reach,
        _nearest,
        _least_like,
        _sides,
        _ends,
        _wordings,
    )
    return [sentence for make in makers if (sentence := make(view)) is not None]


def _pairs(view: View) -> str | None:
    """How many pairs differ on some value, in both scopes."""
    on, beyond = view.pair_count(view.profile, "on"), view.pair_count(view.profile, "beyond")
    if not beyond.tested:
        return None
    if beyond.tested == 1:
        return _two(view, on.differ if on.tested else None, beyond.differ)
    if not on.tested:
        differ = pairs_differ(beyond.differ, beyond.tested, view.noun)
        return f"Beyond these items {differ} on some {view.thing}."
    if not on.differ and not beyond.differ:
        return (
            f"No pair of {view.noun}s differs on any {view.thing}, on these items or beyond them."
        )
    lost, values = len(view.out_of_reach(view.profile, "beyond")), len(view.profile)
    some = f"{beyond.differ:,}" if beyond.differ else "none"
    if lost:
        some = f"{some} on the {values - lost} testable" if lost < values else "none is testable"
    return (
        f"On these items {pairs_differ(on.differ, on.tested, view.noun)} on some {view.thing}; "
        f"beyond them {some}."
    )


def _out_of_reach(view: View) -> str | None:
    """On which values no answers could have made a pair differ, and why."""
    lost = view.out_of_reach(view.profile, "beyond")
    if not lost:
        return None
    which = listed(lost) if len(lost) < len(view.profile) else f"any {view.thing}"
    return (
        f"Not testable beyond these items: {which}, for too few {view.clusters} and so many tests."
    )


def _two(view: View, on: int | None, beyond: int) -> str:
    who = f"the two {view.noun}s"
    if beyond:
        return f"On these items and beyond them {who} differ on some {view.thing}."
    if on:
        return f"On these items {who} differ on some {view.thing}; beyond them on none."
    scope = "beyond these items" if on is None else "on these items or beyond them"
    return capital(f"{who} differ on no {view.thing} {scope}.")


def _nearest(view: View) -> str | None:
    """Whose profile is nearest to people's, and how many others may be as near."""
    if view.people is None:
        return None
    known = [
        (row, row["human"]["distance"])
        for row in view.raters
        if row["human"] is not None and row["human"]["distance"]["value"] is not None
    ]
    if len(known) < 2:
        return None
    row, distance = min(known, key=lambda pair: float(pair[1]["value"]))
    ends = between(distance, 2)
    text = f"Nearest to people is {called(row)} (distance {figure(distance['value'], 2)}"
    if ends is None:
        return f"{text})."
    alike = sum(
        other["low"] is not None and other["low"] <= distance["high"]
        for one, other in known
        if one is not row
    )
    if not alike:
        return f"{text}, 95% interval {ends})."
    every = alike == len(known) - 1
    if alike == 1:
        overlap = f"that of {'the' if every else '1'} other overlaps it"
    else:
        overlap = f"those of {'all' if every else f'{alike:,}'} others overlap it"
    return f"{text}, 95% interval {ends}; {overlap})."


def _least_like(view: View) -> str | None:
    """Which model differs most from people on which value."""
    people = view.people
    if people is None:
        return None
    gaps = [
        (abs(mine - theirs), row, score)
        for row in view.raters
        for score in view.profile
        if (mine := value_of(row, score["name"])) is not None
        and (theirs := value_of(people, score["name"])) is not None
    ]
    if not gaps:
        return None
    _, row, score = max(gaps, key=lambda gap: gap[0])
    mine, theirs = (value_of(one, score["name"]) for one in (row, people))
    assert mine is not None
    assert theirs is not None
    tested = view.gap(row, people, score["name"])
    value = mine - theirs if tested is None else tested["value"]
    places = places_of(score)
    ends = None if tested is None else between(tested, places)
    uncorrected = "" if ends is None else f", 95% interval {ends} before correction"
    return (
        f"Least like people is {called(row)} on {score['name']} "
        f"({_signed(value, places)}{uncorrected})."
    )


def _signed(value: float, places: int) -> str:
    text = figure(value, places)
    return text if text.startswith("-") else f"+{text}"


def _sides(view: View) -> str | None:
    """The values on which all models lie on the same side of people."""
    people = view.people
    if people is None or len(view.raters) < _FEW:
        return None
    above, below = [], []
    for name in (score["name"] for score in view.profile):
        theirs, mine = value_of(people, name), [value_of(row, name) for row in view.raters]
        if theirs is None or None in mine:
            continue
        if all(value is not None and value > theirs for value in mine):
            above.append(name)
        if all(value is not None and value < theirs for value in mine):
            below.append(name)
    if not above and not below:
        return f"On no {view.thing} do all {view.noun}s lie on the same side of people's mean."
    parts = [f"{listed(above)} above people's mean"] if above else []
    if below:
        parts.append(f"{listed(below)} below " + ("it" if above else "people's mean"))
    return f"All {len(view.raters):,} {view.noun}s put {' and '.join(parts)}."


def _ends(view: View) -> str | None:
    """Which value comes first, and which last, for most models."""
    if len(view.raters) < _FEW:
        return None
    known = [values for row in view.raters if (values := profile_values(row, view.profile))]
    if len(known) < _FEW:
        return None
    # a value that shares an end counts there too
    found = [highest_and_lowest(values) for values in known]
    counts = [Counter(name for one in found for name in one[end]) for end in (0, 1)]
    ends = [(count.most_common(1) or [("", 0)])[0] for count in counts]
    total = len(known)
    shared = [
        (name, place, count)
        for (name, count), place in zip(ends, ("first", "last"), strict=True)
        if 2 * count > total
    ]
    if not shared:
        return f"No {view.thing} comes first, or last, for most {view.noun}s."
    (name, place, count), *rest = shared
    who = f"all {total:,} {view.noun}s"
    text = f"{name} comes {place} for {who if count == total else f'{count:,} of {who[4:]}'}"
    for name, place, count in rest:
        text += f", {name} {place} for {'all' if count == total else f'{count:,}'}"
    return f"{text}."


def profile_values(row: Mapping[str, Any], scores: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """A row's scores by name; empty where one is missing."""
    values = {score["name"]: value_of(row, score["name"]) for score in scores}
    known = {name: value for name, value in values.items() if value is not None}
    return known if len(known) == len(values) else {}


def _wordings(view: View) -> str | None:
    """How far the wordings of a question move a score, next to how far models lie apart."""
    moved = [
        (max(values) - min(values), row, score)
        for row in view.raters
        for score in view.profile
        if len(values := _per_variant(row, score["name"])) > 1
    ]
    if not moved:
        return None
    most, row, score = max(moved, key=lambda one: one[0])
    middle = median(one[0] for one in moved)
    text = (
        f"Wordings move a score by {figure(middle, 2)} at the median, by {figure(most, 2)} at most "
        f"({called(row)}, {score['name']})"
    )
    columns = [
        [value for row in view.raters if (value := value_of(row, one["name"])) is not None]
        for one in view.profile
    ]
    spans = [max(values) - min(values) for values in columns if len(values) > 1]
    if not spans:
        return f"{text}."
    apart = f"the {view.noun}s lie {figure(median(spans), 2)} apart, from lowest to highest"
    return f"{text}; on the median {view.thing} {apart}."


def _per_variant(row: Json, score: str) -> list[float]:
    found = row["scores"].get(score)
    return [] if found is None else [v for v in found["per_variant"] if v is not None]
