"""The study of personas: how far a model amplifies differences of groups, and every difference."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from evals.studies.findings import Finding
from evals.studies.personas.compare import SHOWN, ModelSide, amplification_table, slope_sentence
from evals.studies.personas.human import Group, GroupFigures
from evals.studies.personas.profiles import profile_findings
from evals.studies.personas.scale import InstrumentScale, scale_finding
from evals.studies.system_prompts.differences import PromptDifferences
from ratings.arrays import FloatArray
from ratings.instruments.dimensions import BIG_FIVE, SCHWARTZ
from ratings.output.numbers import number
from scorers.amplification.differences import GroupDifferences
from scorers.intervals.means import mean_of_present
from scorers.intervals.scopes import Scoped

CONTRASTS = (
    "Each group is taken less the mean of its grouping's groups, so that what every persona does "
    "to the model says nothing of groups."
)
RAW = "Persona less no persona, and group less everyone, as the paper has them."
SCALES = (
    "A slope of 1 is a point on this instrument for a point of the PVQ-21. People's own "
    "differences come out smaller on it, so the slope is also given as a multiple of theirs."
)


def persona_findings(
    found: PromptDifferences, human: GroupFigures, scale: InstrumentScale, who: str, seed: int
) -> Iterator[Finding]:
    """What a model's personas show: conclusions first, then every difference.

    Args:
        found: of the model's runs, with the ten values first.
        human: figures of people.
        scale: what people's own differences come out as on the instrument.
        who: the model, for sentences.
        seed: of draws.
    """
    groups = [(one.grouping, one.name) for one in found.prompts]
    sides = model_sides(found)
    for contrasts in (True, False):
        table = amplification_table(
            sides, human, groups, SCHWARTZ, contrasts=contrasts, own=scale.every, seed=seed
        )
        yield _amplification(table, human, groups, who, contrasts)
    yield scale_finding(scale)
    yield _shared(found)
    yield _differences(found, human, groups)
    ten = [found.scores.index(name) for name in SCHWARTZ]
    reach = found.beyond.reach()[:, ten]
    yield from profile_findings(groups, human, found.values[:, ten], reach, who)
    yield _big_five(found, groups)


def model_sides(found: PromptDifferences) -> list[ModelSide]:
    """The ten values on these items and beyond them."""
    width, ten = len(found.scores), [found.scores.index(name) for name in SCHWARTZ]
    cells = (np.arange(len(found.prompts))[:, None] * width + ten).ravel()

    def side(scoped: Scoped, covariance: FloatArray) -> GroupDifferences:
        return GroupDifferences(
            scoped.values[:, ten],
            covariance[np.ix_(cells, cells)],
            np.maximum(scoped.freedom[:, ten], 1.0),
        )

    on = ModelSide("on these items", side(found.on, found.cov_on), found.on.reason)
    beyond = ModelSide(
        "beyond these items",
        side(found.beyond, found.cov_beyond),
        found.beyond.reason,
        within=None if np.isnan(found.cov_on[np.ix_(cells, cells)]).any() else on,
    )
    return [on, beyond]


def _amplification(
    table: pd.DataFrame,
    human: GroupFigures,
    groups: Sequence[Group],
    who: str,
    contrasts: bool,
) -> Finding:
    name = "amplification" if contrasts else "amplification_raw"
    title = (
        "Does the model follow, ignore or exaggerate how groups of people differ?"
        if contrasts
        else "The same with the differences as the paper has them"
    )
    without = _without_figures(human, groups)
    notes = (
        CONTRASTS if contrasts else RAW,
        "p slope 1: of differences as large as the human ones; p slope 0: of unrelated ones; p no "
        "bias: of every difference being the human one. Intervals count the errors of both sides.",
        SCALES,
        *human.notes,
        *([f"no human figures: {', '.join(without)}"] if without else []),
    )
    if table.empty:
        return Finding(
            name,
            title,
            "Not compared: there are no human figures for two groups of any grouping asked.",
            table,
            notes,
        )
    sentence = slope_sentence(table, who)
    return Finding(name, title, sentence, table, notes, rows=len(table), columns=SHOWN)


def _without_figures(human: GroupFigures, groups: Sequence[Group]) -> list[str]:
    """Groupings of which people have no figures."""
    there = {grouping for grouping, _ in human.groups}
    return [name for name in dict.fromkeys(g for g, _ in groups) if name not in there]


def _shared(found: PromptDifferences) -> Finding:
    """What all personas do alike, and its share of all that they do."""
    prompts, width = found.values.shape
    rows = []
    for d, name in enumerate(found.scores):
        gradient = np.zeros(prompts * width)
        gradient[d::width] = 1 / prompts
        mean = float(found.values[:, d].mean())
        row: dict[str, object] = {"score": name}
        for title, joint in (("on", found.joint_on), ("beyond", found.joint_beyond)):
            one = joint.estimate(mean, gradient)
            column = f"mean change {title} these items" if title == "on" else "beyond these items"
            row |= {column: one.value, f"{column} low": one.low, f"{column} high": one.high}
        rows.append(row)
    table = pd.DataFrame(rows)
    ten = found.values[:, [found.scores.index(name) for name in SCHWARTZ]]
    total = float(np.nansum(ten**2))
    shared = prompts * np.nansum(mean_of_present(ten, axis=0) ** 2) / total if total > 0 else np.nan
    beyond = table.set_index("score").loc[list(SCHWARTZ)]
    sure = beyond[(beyond["beyond these items low"] > 0) | (beyond["beyond these items high"] < 0)]
    moved = ", ".join(
        f"{name} {number(value)}" for name, value in sure["beyond these items"].items()
    )
    sentence = (
        "No persona changes any of the ten values."
        if np.isnan(shared)
        else f"{100 * shared:.0f} % of the squared changes of the ten values are what all "
        f"{prompts} personas share. Beyond these items any persona moves: {moved or 'nothing'}."
    )
    return Finding(
        name="any_persona",
        title="What does any persona do?",
        sentence=sentence,
        table=table,
        notes=("Means over all personas asked, less no persona.",),
        rows=len(table),
    )


def _differences(found: PromptDifferences, human: GroupFigures, groups: Sequence[Group]) -> Finding:
    """Each persona's difference on each of the ten values with its intervals, and people's."""
    ten = [found.scores.index(name) for name in SCHWARTZ]
    table = _long(found, groups, ten)
    people = human.of(groups, SCHWARTZ)
    table["people"] = people.values.ravel()
    known = ~np.isnan(people.values)
    reach = np.where(known, 1.96 * people.errors, np.nan).ravel()
    table["people low"], table["people high"] = table["people"] - reach, table["people"] + reach
    sure = [int((table[f"p {scope}"] < 0.05).sum()) for scope in ("on", "beyond")]
    return Finding(
        name="differences",
        title="Every persona's difference from no persona, and people's from everyone",
        sentence=(
            f"{sure[0]} of {len(table)} differences differ from 0 on these items and {sure[1]} "
            f"beyond them, at p < .05 without correction."
        ),
        table=table,
        notes=(RAW, *human.notes),
    )


def _long(
    found: PromptDifferences, groups: Sequence[Group], columns: Sequence[int]
) -> pd.DataFrame:
    scores = [found.scores[d] for d in columns]
    table = pd.DataFrame(
        [(*group, score) for group in groups for score in scores],
        columns=["grouping", "group", "score"],
    )
    for scope, scoped in (("on", found.on), ("beyond", found.beyond)):
        title = f"{scope} these items"
        values = scoped.values[:, columns].ravel()
        reach = scoped.reach()[:, columns].ravel()
        table[title] = values
        table[f"{title} low"], table[f"{title} high"] = values - reach, values + reach
        table[f"p {scope}"] = scoped.p_values()[:, columns].ravel()
    return table


def _big_five(found: PromptDifferences, groups: Sequence[Group]) -> Finding:
    """Traits, of which people have no figures."""
    five = [found.scores.index(name) for name in BIG_FIVE if name in found.scores]
    table = _long(found, groups, five)
    values = found.values[:, five]
    if not five or np.isnan(values).all():
        sentence = "No item that was answered counts for a trait."
    else:
        row, column = np.unravel_index(np.nanargmax(np.abs(values)), values.shape)
        sentence = (
            f"The largest change of a trait: {groups[int(row)][1]} "
            f"{number(float(values[row, column]))} "
            f"on {found.scores[five[column]]}; "
            f"{int((table['p beyond'] < 0.05).sum())} of {len(table)} differ from 0 beyond these "
            f"items, at p < .05 without correction."
        )
    return Finding(
        name="big_five",
        title="The personas on the Big Five",
        sentence=sentence,
        table=table,
        notes=("There are no human figures for traits: the survey does not ask them.",),
    )
