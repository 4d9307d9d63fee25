"""The study of steering: the table of changes, success on target, spill-over and the circle."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd

from evals.studies.findings import Finding
from evals.studies.steering.draw import draw_by_distance, draw_heat_map
from evals.studies.system_prompts.differences import PromptDifferences
from ratings.arrays import FloatArray
from ratings.errors import DataError
from ratings.output.numbers import interval, number, p_value
from scorers.intervals.estimate import Estimate
from scorers.intervals.scopes import Scope
from scorers.psychometrics.chance_profiles import chance_profiles
from scorers.steering.changes import ChangeErrors, Changes
from scorers.steering.circle import CircleAgreement, circle_agreement, distances
from scorers.steering.spill_over import SpillOver, spill_over
from scorers.steering.success import OnTarget, on_target

SCOPES: Mapping[Scope, str] = {"on": "on these items", "beyond": "beyond these items"}
NO_CIRCLE = "The Big Five have no circle, so there is no agreement with one."
PRINTED = (
    "Printed figures have no errors, and the answers that they rest on are not in the release: no "
    "interval, no test of a rise or a lead, no share of noise and no p-value of the agreement can "
    "be had."
)


def changes_of(found: PromptDifferences) -> Changes:
    """The table of changes that prompts made, each named after the score it steers towards.

    Raises:
        DataError: when a score is missing.
    """
    without = np.isnan(found.values).any(axis=0)
    if without.any():
        names = ", ".join(np.array(found.scores)[without])
        raise DataError(f"no item that was answered counts for {names}; ask more items")
    return Changes(
        steered=[one.name for one in found.prompts],
        scores=found.scores,
        values=found.values,
        errors={
            "on": ChangeErrors(found.on, found.joint_on),
            "beyond": ChangeErrors(found.beyond, found.joint_beyond),
        },
    )


def printed_changes(lines: Sequence[Mapping[str, str]]) -> Changes:
    """A printed table of changes, a line a cell: `steered`, `score` and `value`; without errors."""
    steered = list(dict.fromkeys(line["steered"] for line in lines))
    scores = list(dict.fromkeys(line["score"] for line in lines))
    cells = {(line["steered"], line["score"]): float(line["value"]) for line in lines}
    return Changes(steered, scores, np.array([[cells[row, c] for c in scores] for row in steered]))


def chance_changes(found: PromptDifferences, seed: int) -> FloatArray:
    """N x B x D changes as they come out when items' changes are put on other items."""
    return chance_profiles(
        found.item_changes,
        found.tagged,
        found.clusters.tolist(),
        centred=found.answers[0].family.estimator == "centred_tagged_mean",
        seed=seed,
    )


def steering_findings(
    changes: Changes, *, circle: bool, chance: FloatArray | None = None
) -> Iterator[Finding]:
    """What steering did: conclusions first, then every change.

    Args:
        changes: the table; without errors, as of printed figures, its estimates have no intervals.
        circle: whether the scores are values in the order of Schwartz's circle.
        chance: as `chance_changes` makes them.
    """
    yield _on_target(changes, circle)
    if circle:
        yield _circle(changes, circle_agreement(changes, chance))
    yield _spill_over(changes)
    yield _table(changes)
    if changes.errors:
        yield _every_change(changes)


def _on_target(changes: Changes, circle: bool) -> Finding:
    found = {scope: on_target(changes, scope) for scope in SCOPES}
    mean = {scope: changes.mean(scope, changes.on_target) for scope in SCOPES}
    rows = []
    for on, beyond in zip(found["on"], found["beyond"], strict=True):
        row: dict[str, object] = {"steered towards": on.steered}
        for scope, one in zip(SCOPES, (on, beyond), strict=True):
            row |= _with_ends(SCOPES[scope], one.change)
        row |= {"p on": on.p, "p beyond": beyond.p, "rose most": on.largest, "lead": on.lead}
        rows.append(row | {"p lead on": on.p_lead, "p lead beyond": beyond.p_lead})
    table = pd.DataFrame(rows)
    if not changes.errors:
        table = table.dropna(axis=1, how="all").drop(columns=[SCOPES["beyond"]])
        table = table.rename(columns={SCOPES["on"]: "change"})
    notes = (
        "Change: score with the system prompt less without one, of the value steered towards. p: "
        "of no change, lead: of its change over the next, both after Holm's correction."
        if changes.errors
        else PRINTED,
    )
    return Finding(
        name="on_target",
        title="Does the value that is steered towards rise, and most?",
        sentence=_success(found, mean),
        table=table,
        columns=("steered towards", *SCOPES.values(), "rose most") if changes.errors else None,
        notes=(*notes, *(() if circle else (NO_CIRCLE,))),
    )


def _success(found: Mapping[Scope, Sequence[OnTarget]], mean: Mapping[Scope, Estimate]) -> str:
    on, beyond = found["on"], found["beyond"]
    count = len(on)
    up = sum(one.change.value > 0 for one in on)
    most = sum(one.is_largest for one in on)
    if all(np.isnan(one.p) for one in (*on, *beyond)):
        return (
            f"The value steered towards rises in {up} of {count}, by {number(mean['on'].value)} on "
            f"average, and rises most in {most} of {count}."
        )
    rises, sure = ([_shown(each, what) for each in (on, beyond)] for what in ("rises", "leads"))
    return (
        f"The value steered towards is shown to rise in {rises[0]} on these items and "
        f"in {rises[1]} beyond them, on average by {number(mean['on'].value)} "
        f"({interval(mean['on'])} on, {interval(mean['beyond'])} beyond); it rises most in {most} "
        f"of {count}, shown in {sure[0]} on these items and in {sure[1]} beyond them."
    )


def _shown(found: Sequence[OnTarget], what: str) -> str:
    """In how many it is shown; that none could be tested is said."""
    tested = any(not np.isnan(one.p) for one in found)
    count = sum(one.rises if what == "rises" else one.surely_largest for one in found)
    return f"{count} of {len(found)}" if tested else "none (not tested)"


def _circle(changes: Changes, found: CircleAgreement) -> Finding:
    steps = distances(changes)
    rows = []
    for step in range(int(steps.max()) + 1):
        row: dict[str, object] = {
            "steps apart": step,
            "angle": 360 * step / len(changes.scores),
            "changes": int((steps == step).sum()),
        }
        for scope, title in SCOPES.items():
            row |= _with_ends(title, changes.mean(scope, steps == step))
        rows.append(row)
    table = pd.DataFrame(rows)
    if not changes.errors:
        table = table.drop(columns=[SCOPES["beyond"]]).rename(columns={SCOPES["on"]: "mean change"})
    sentence = f"The changes correlate {number(found.correlation)} with the cosine of the angle"
    if not np.isnan(found.p):
        sentence += (
            f" (p {p_value(found.p)}; {number(found.by_chance)} on average when the changes are "
            f"put on other items)"
        )
    if changes.errors:
        known = {SCOPES[scope]: one for scope, one in found.without_noise.items()}
        parts = [
            f"not defined {title}, {one.reason}"
            if np.isnan(one.value)
            else f"{number(one.value)} {title} ({interval(one)})"
            for title, one in known.items()
        ]
        sentence += f"; without the noise of the changes: {', '.join(parts)}"
    return Finding(
        name="circle",
        title="Do the other values move as Schwartz's circle has them?",
        sentence=f"{sentence}.",
        table=table,
        notes=(
            "Means of the changes of scores so many steps from the value steered towards. The "
            "null keeps the tags, which neighbours share, and puts the items' changes on other "
            "items.",
        ),
        draw=partial(draw_by_distance, changes=changes, steps=steps, table=table),
    )


def _spill_over(changes: Changes) -> Finding:
    found = {scope: spill_over(changes, scope) for scope in SCOPES}
    on, beyond = found["on"], found["beyond"]
    rows: list[dict[str, object]] = [
        {"what": "mean change on target"} | _both(on.mean_target, beyond.mean_target),
        {"what": "mean absolute change off target"} | _plain(on.mean_absolute),
        {"what": "of which noise alone would give"}
        | {SCOPES["on"]: on.noise, SCOPES["beyond"]: beyond.noise},
        {"what": "off target for each point on target"} | _plain(on.relative),
        {"what": "root mean square off target, noise taken off"}
        | _both(on.root_mean_square, beyond.root_mean_square),
        {"what": "the same for each point on target"}
        | _both(on.relative_without_noise, beyond.relative_without_noise),
    ]
    table = pd.DataFrame(rows)
    if not changes.errors:
        table = table.dropna(subset=[SCOPES["on"]])[["what", SCOPES["on"]]]
        table = table.rename(columns={SCOPES["on"]: "value"}).reset_index(drop=True)
    return Finding(
        name="spill_over",
        title="How far do the others move with it?",
        sentence=_spilled(on, beyond, bool(changes.errors)),
        table=table,
        notes=(
            "A mean of absolute changes is above 0 by noise alone and has no interval; one of "
            "squares has one, with the noise taken off.",
        )
        if changes.errors
        else (),
    )


def _spilled(on: SpillOver, beyond: SpillOver, known: bool) -> str:
    moved = number(on.mean_absolute)
    sentence = f"Scores that were not steered towards change by {moved} points on average"
    if not np.isnan(on.relative):
        sentence += f": by {number(on.relative)} for each point that the one steered towards rises"
    if not known:
        return f"{sentence}."
    parts = [
        f"{number(one.root_mean_square.value)} {title} ({interval(one.root_mean_square)})"
        for one, title in zip((on, beyond), SCOPES.values(), strict=True)
        if not np.isnan(one.root_mean_square.value)
    ]
    without = f"is {' and '.join(parts)}" if parts else "is not known"
    return (
        f"{sentence}. Of the {moved}, noise alone would give {number(on.noise)} on these items; "
        f"with the noise taken off, the root mean square of the changes {without}."
    )


def _table(changes: Changes) -> Finding:
    """The table in the form that the paper prints."""
    values = changes.values
    marked = np.where(values == values.max(axis=1, keepdims=True), "*", "")
    marked = np.where(values == values.min(axis=1, keepdims=True), "†", marked)
    cells = [
        [f"{value:+.2f}{mark}" for value, mark in zip(row, marks, strict=True)]
        for row, marks in zip((values.round(2) + 0.0).tolist(), marked.tolist(), strict=True)
    ]
    table = pd.DataFrame(cells, columns=[name[:3] for name in changes.scores])
    table.insert(0, "steered towards", list(changes.steered))
    own, off = values[changes.on_target], values[~changes.on_target]
    return Finding(
        name="changes",
        title="What does steering change?",
        sentence=(
            f"On target the changes go from {number(own.min())} to {number(own.max())}, off "
            f"target from {number(off.min())} to {number(off.max())}."
        ),
        table=table,
        notes=("A row for each steered model, with its largest (*) and its smallest (†) change.",),
        draw=partial(draw_heat_map, changes=changes),
        size=(8, 7),
    )


def _every_change(changes: Changes) -> Finding:
    """Each change with its intervals in both scopes."""
    rows, columns = changes.values.shape
    table = pd.DataFrame(
        {
            "steered towards": np.repeat(list(changes.steered), columns),
            "score": np.tile(list(changes.scores), rows),
        }
    )
    for scope, title in SCOPES.items():
        errors = changes.errors[scope].scoped
        reach = errors.reach().ravel()
        values = changes.values.ravel()
        table[title] = values
        table[f"{title} low"], table[f"{title} high"] = values - reach, values + reach
        table[f"p {scope}"] = errors.p_values().ravel()
    sure = [int((table[f"p {scope}"] < 0.05).sum()) for scope in SCOPES]
    return Finding(
        name="every_change",
        title="Every change with its intervals",
        sentence=(
            f"{sure[0]} of {len(table)} changes differ from 0 on these items and {sure[1]} beyond "
            f"them, at p < .05 without correction."
        ),
        table=table,
        notes=("p: of no change, two-sided and not corrected; intervals are of 95%.",),
    )


def _with_ends(column: str, found: Estimate) -> dict[str, object]:
    row: dict[str, object] = {column: found.value}
    if found.reason is None:
        row |= {f"{column} low": found.low, f"{column} high": found.high}
    return row


def _both(on: Estimate, beyond: Estimate) -> dict[str, object]:
    return _with_ends(SCOPES["on"], on) | _with_ends(SCOPES["beyond"], beyond)


def _plain(value: float) -> dict[str, object]:
    return {SCOPES["on"]: value, SCOPES["beyond"]: value}
