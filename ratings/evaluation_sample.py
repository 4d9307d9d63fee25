"""The people whose answers are to be predicted, and the people to learn from.

Jiang et al. (2025), section 2.2: 800 people held out, balanced over the world. What the paper
leaves open, and what was chosen here, stands on the card `indie_value`.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ratings.errors import DataError
from ratings.indie_value import PROBES
from ratings.survey import MISSING_CODE, Survey

PEOPLE = 800
LEAST_ANSWERS = 239
LEAST_DEMOGRAPHICS = 24
MOST_OF_A_DENOMINATION = 80
WHOLE_CONTINENT = "Oceania"

Places = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class EvaluationSample:
    """Who is held out and who is not.

    Attributes:
        held_out: places of the held-out people in the survey, in random order: the first n are
            a random part of them.
        training: places of all other people, in the order of the survey.
        eligible: number of people who answered enough to be held out.
        filled: how many were taken beyond the cap on one denomination, because too few others
            were eligible.
    """

    held_out: Places
    training: Places
    eligible: int
    filled: int


def evaluation_sample(survey: Survey, seed: int = 0, size: int = PEOPLE) -> EvaluationSample:
    """Hold out people who answered enough, in equal shares of continents.

    Eligible are people of a known continent with all probe questions, at least 239 questions and
    24 demographic questions answered. Continents give equal shares, Oceania all it has up to
    that; one that has too few gives all, and the others more. No denomination fills more than 80
    places of a continent, unless places would stay empty.

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
    continent = survey.groups("Continent").cat.codes.to_numpy()[eligible]
    within = eligible[_within_cap(survey, eligible, continent)]
    continent = survey.groups("Continent").cat.codes.to_numpy()[within]
    present, sizes = np.unique(continent, return_counts=True)
    shares = equal_shares(sizes, size, first=_places_of(survey, present, WHOLE_CONTINENT))
    chosen = np.concatenate(
        [within[continent == c][:share] for c, share in zip(present, shares, strict=True)]
    )
    others = eligible[~np.isin(eligible, chosen)]
    filled = size - len(chosen)
    people = rng.permutation(np.concatenate([chosen, others[:filled]]))
    training = np.setdiff1d(np.arange(len(survey)), people)
    return EvaluationSample(people, training, len(eligible), filled)


def is_eligible(survey: Survey) -> npt.NDArray[np.bool_]:
    """Whether each of the R people answered enough to be held out."""
    there = survey.codes != MISSING_CODE
    probes = survey.catalog.places(sorted({name for names in PROBES.values() for name in names}))
    eligible: npt.NDArray[np.bool_] = there[:, probes].all(axis=1)
    eligible &= there.sum(axis=1) >= LEAST_ANSWERS
    eligible &= survey.groups("Continent").notna().to_numpy()
    eligible &= survey.people.notna().sum(axis=1).to_numpy() >= LEAST_DEMOGRAPHICS
    return eligible


def equal_shares(sizes: Places, places: int, first: int | None = None) -> Places:
    """Places for each part, as equal as their sizes allow; a remainder goes to the earlier parts.

    Args:
        sizes: how many each part has.
        places: how many are wanted in all; fewer are given when all parts together have fewer.
        first: a part that is served before the others share what is left.

    >>> equal_shares(np.array([10, 2, 10]), 11).tolist()
    [5, 2, 4]
    """
    shares = np.zeros_like(sizes)
    if first is not None:
        shares[first] = min(int(sizes[first]), places // len(sizes))
        places -= int(shares[first])
    open_parts = [part for part in range(len(sizes)) if part != first]
    for place, part in enumerate(sorted(open_parts, key=lambda part: (sizes[part], -part))):
        share = min(int(sizes[part]), places // (len(open_parts) - place))
        shares[part] = share
        places -= share
    return shares


def _within_cap(survey: Survey, people: Places, continent: npt.NDArray[np.int8]) -> Places:
    """Places in `people` of those who are among the first 80 of denomination and continent."""
    denomination = survey.groups("Religion").cat.codes.to_numpy()[people].astype(int)
    group = continent.astype(int) * 1_000 + denomination
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.diff(group[order], prepend=group[order][:1] - 1))
    rank = np.arange(len(order)) - np.repeat(starts, np.diff([*starts, len(order)]))
    keep = (rank < MOST_OF_A_DENOMINATION) | (denomination[order] < 0)
    return np.sort(order[keep])


def _places_of(survey: Survey, codes: npt.NDArray[np.int8], continent: str) -> int | None:
    names = survey.groups("Continent").cat.categories[codes]
    return int(np.flatnonzero(names == continent)[0]) if continent in names else None
