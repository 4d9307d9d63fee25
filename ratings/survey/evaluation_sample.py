"""The people whose answers are to be predicted, and the people to learn from.

Jiang et al. (2025), section 2.2: 800 people held out, balanced over the world. The paper says no
more; the rule is that of the sampling code in the authors' release, and is put in words on the card
`indie_value`, with what was added for surveys that the rule cannot draw from.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ratings.errors import DataError
from ratings.instruments.indie_value import PROBES
from ratings.survey.survey import MISSING_CODE, Survey

PEOPLE = 800
LEAST_ANSWERS = 239
LEAST_DEMOGRAPHICS = 24
MOST_OF_A_DENOMINATION = 80
WHOLE_CONTINENT = "Oceania"
OTHER_CONTINENTS = 5
# Answers to Q289 that are cut: none, Roman Catholic, Protestant, Orthodox, Muslim, Buddhist, other
# Christian, other. Jewish and Hindu people, and those who gave no answer, are not.
CUT_DENOMINATIONS = (0, 1, 2, 3, 5, 7, 8, 9)

Places = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class EvaluationSample:
    """Who is held out and who is not.

    Attributes:
        held_out: positions of the held-out people in the survey, in random order: the first n are
            a random part of them.
        training: positions of all other people, in the order of the survey.
        eligible: number of people who answered enough to be held out.
        filled: how many were taken beyond the rule's shares, because a continent could not fill
            its own; 0 where the rule alone draws everybody.
    """

    held_out: Places
    training: Places
    eligible: int
    filled: int


def evaluation_sample(survey: Survey, seed: int = 0, size: int = PEOPLE) -> EvaluationSample:
    """Hold out people who answered enough, by the rule of the authors' sampling code.

    All of Oceania is taken, and from each of the other five continents
    `int((size - Oceania) / 5) + 1` people, drawn from those who are left when each of eight answers
    to Q289 has been cut to 80 people of the continent; of all of these, `size` are drawn. Where a
    continent has fewer, other eligible people fill it up, those within the cut first.

    Args:
        survey: the people.
        seed: of the draw.
        size: how many are held out.

    Raises:
        DataError: when fewer people are eligible.
    """
    rng = np.random.default_rng([seed, 0])
    eligible = rng.permutation(np.flatnonzero(is_eligible(survey)))
    if len(eligible) < size:
        raise DataError(
            f"{len(eligible)} of {len(survey)} people answered enough to be held out "
            f"(all probe questions, {LEAST_ANSWERS} questions, {LEAST_DEMOGRAPHICS} demographics, "
            f"a known country), "
            f"and {size} are needed"
        )
    whole = _of_oceania(survey)[eligible]
    within = whole | _within_cut(survey, eligible)
    share = max(0, int((size - int(whole.sum())) / OTHER_CONTINENTS) + 1)
    chosen = whole | (within & (_rank(_continents(survey)[eligible], within) < share))
    spare = np.concatenate([eligible[within & ~chosen], eligible[~within]])
    filled = max(0, size - int(chosen.sum()))
    drawn = np.concatenate([eligible[chosen], spare[:filled]])
    people = rng.permutation(drawn)[:size]
    training = np.setdiff1d(np.arange(len(survey)), people)
    return EvaluationSample(people, training, len(eligible), filled)


def is_eligible(survey: Survey) -> Flags:
    """Whether each of the R people answered enough to be held out.

    All questions of the probe sets, 239 questions, a known continent, and 24 demographic questions,
    which the release does not demand of the people of Oceania.
    """
    there = survey.codes != MISSING_CODE
    probes = survey.catalog.positions(sorted({name for names in PROBES.values() for name in names}))
    eligible: Flags = there[:, probes].all(axis=1)
    eligible &= there.sum(axis=1) >= LEAST_ANSWERS
    eligible &= survey.groups("Continent").notna().to_numpy()
    enough = survey.people.notna().sum(axis=1).to_numpy() >= LEAST_DEMOGRAPHICS
    eligible &= enough | _of_oceania(survey)
    return eligible


def _of_oceania(survey: Survey) -> Flags:
    found: Flags = (survey.groups("Continent") == WHOLE_CONTINENT).to_numpy()
    return found


def _continents(survey: Survey) -> Places:
    return survey.groups("Continent").cat.codes.to_numpy().astype(np.intp)


def _within_cut(survey: Survey, people: Places) -> Flags:
    """Whether each of some people is among the first 80 of denomination and continent, if cut."""
    labels = survey.catalog.demographics["Q289"].labels
    denomination = survey.groups("Religion").iloc[people]
    cut = denomination.isin([labels[code] for code in CUT_DENOMINATIONS]).to_numpy()
    groups = _continents(survey)[people] * len(labels) + denomination.cat.codes.to_numpy()
    return ~cut | (_rank(groups, cut) < MOST_OF_A_DENOMINATION)


def _rank(groups: Places, among: Flags) -> Places:
    """How many of those asked about come before each of a group, in the order given."""
    counted = among.astype(np.intp)
    before: Places = pd.Series(counted).groupby(groups).cumsum().to_numpy() - counted
    return before
