"""How groups of people differ from everyone: in a survey, or in the figures that a paper prints."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ratings.instruments.dimensions import SCHWARTZ
from ratings.survey.european_social_survey import EuropeanSocialSurvey
from scorers.amplification.differences import GroupDifferences
from scorers.amplification.survey_means import survey_differences

Group = tuple[str, str]  # grouping and group

HUMAN, GPT_4O = "human", "GPT-4o"
PUBLISHED_PEOPLE = 37_498
ROUNDING = 0.005
DIFFERENCE_ROW = "Male-Female"


@dataclass(frozen=True, eq=False)
class GroupFigures:
    """Differences of groups on scores, from one source.

    Attributes:
        groups: B groupings with groups.
        scores: D names.
        differences: B x D.
        people: of each group; empty where it is not known.
        source: where they come from.
        notes: what a reader must know of them.
    """

    groups: tuple[Group, ...]
    scores: tuple[str, ...]
    differences: GroupDifferences
    people: Mapping[Group, int]
    source: str
    notes: tuple[str, ...]

    def of(self, groups: Sequence[Group], scores: Sequence[str]) -> GroupDifferences:
        """Figures of some groups and scores in the order given; unknown where there are none."""
        row = {group: b for b, group in enumerate(self.groups)}
        column = {name: d for d, name in enumerate(self.scores)}
        shape = len(groups), len(scores)
        cells = np.array(
            [
                row[group] * len(self.scores) + column[name]
                if group in row and name in column
                else -1
                for group in groups
                for name in scores
            ],
            dtype=int,
        ).reshape(-1)
        there = cells >= 0
        values = np.where(there, self.differences.values.ravel()[cells], np.nan)
        freedom = np.where(there, self.differences.freedom.ravel()[cells], np.inf)
        covariance = np.where(
            there[:, None] & there, self.differences.covariance[np.ix_(cells, cells)], 0.0
        )
        return GroupDifferences(values.reshape(shape), covariance, freedom.reshape(shape))


def survey_figures(survey: EuropeanSocialSurvey, groupings: Sequence[str]) -> GroupFigures:
    """Weighted means of the survey's groups less that of everyone.

    Args:
        survey: people with their values.
        groupings: of the survey that are wanted; others have no figures.
    """
    known = [name for name in survey.names if name in groupings]
    groups = [(name, group) for name in known for group in survey.names[name]]
    members = np.array([(survey.groups[name] == group).to_numpy() for name, group in groups])
    members = members.reshape(len(groups), len(survey.scores)).T
    found = survey_differences(
        survey.scores.to_numpy(), survey.weights, members, survey.strata, survey.clusters
    )
    people = dict(zip(groups, members.sum(axis=0).tolist(), strict=True))
    return GroupFigures(
        tuple(groups),
        SCHWARTZ,
        found,
        people,
        survey.origin,
        (
            f"{survey.origin}: {len(survey.scores):,} people (Han et al. (2025) have "
            f"{PUBLISHED_PEOPLE:,} of round 11), weighted",
            *survey.notes,
        ),
    )


def printed_figures(
    lines: Sequence[Mapping[str, str]], rater: str, scores: Sequence[str]
) -> GroupFigures:
    """Figures of Han et al. (2025), Tables 9 to 14; their error is that of rounding alone.

    The printed difference of men and women is left out: it follows from their own rows.

    Args:
        lines: a mapping a figure, with `rater`, `grouping`, `group`, `score`, `value`.
        rater: `human` or `GPT-4o`.
        scores: that are wanted.
    """
    table = pd.DataFrame(list(lines))
    table = table[
        (table["rater"] == rater)
        & (table["group"] != DIFFERENCE_ROW)
        & table["score"].isin(list(scores))
    ]
    table = table.assign(value=table["value"].astype(float))
    wide = table.pivot_table(
        index=["grouping", "group"], columns="score", values="value", sort=False
    )
    wide = wide.reindex(columns=list(scores))
    values = wide.to_numpy(dtype=float)
    errors = np.full(values.shape, ROUNDING / np.sqrt(3))
    sources = ", ".join(dict.fromkeys(source.split(", ")[1] for source in table["source"]))
    return GroupFigures(
        tuple((str(grouping), str(group)) for grouping, group in wide.index),
        tuple(scores),
        GroupDifferences.known(values, errors),
        {},
        f"Han et al. (2025), {sources}",
        (
            (
                f"people: Han et al. (2025), {sources}, from {PUBLISHED_PEOPLE:,} people of the "
                "European Social Survey; their error is taken to be that of rounding alone, to "
                "which sampling would add some 0.01"
            ),
        )
        if rater == HUMAN
        else (),
    )
