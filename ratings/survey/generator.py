"""A survey of simulated people with planted structure, in the columns and codes of the real one.

People have a position in a low-rank value space: their country's (countries lie around their
continent), a little of their demographics', and their own. An answer is that position seen through
the question's loadings, plus noise, cut into the question's codes. Noise differs by education and
by country, so some groups are harder to predict. Some people leave questions out.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy

from ratings.arrays import FloatArray
from ratings.instruments.indie_value import Catalog
from ratings.survey.survey import Survey, survey_from_columns

IntArray = npt.NDArray[np.int32]

SAMPLE_PEOPLE = 2_000
RANK = 6
NO_ANSWER = -2

# Wave 7 countries by continent, with the continent's share of the simulated people.
_COUNTRIES = {
    "Africa": (818, 231, 404, 434, 504, 566, 788, 716),
    "Asia": (50, 156, 356, 360, 364, 368, 392, 400, 398, 417, 422, 458, 496, 586, 608, 410, 762),
    "Europe": (20, 100, 196, 203, 276, 300, 528, 642, 643, 688, 703, 804, 826),
    "North America": (124, 320, 484, 558, 630, 840),
    "Oceania": (36, 554),
    "South America": (32, 68, 76, 152, 170, 218, 604, 858, 862),
}
_SHARES = {
    "Africa": 0.17,
    "Asia": 0.24,
    "Europe": 0.23,
    "North America": 0.16,
    "Oceania": 0.03,
    "South America": 0.17,
}
# All of Oceania who answered enough are held out, so in the survey as here it must be few.
_MOST_OF_OCEANIA = 100
# Size of what moves a person's position, in units of the person's own spread.
_CONTINENT, _COUNTRY, _DEMOGRAPHIC = 0.5, 0.6, 0.15
_SIGNAL = 1.3
_CATEGORY_LOADING = 0.8
_CARELESS_SHARE, _CARELESS_MISSING, _CAREFUL_MISSING = 0.2, 0.2, 0.0012
_EVENNESS = 10
_OWN_DENOMINATION = 0.4
_ALWAYS_GIVEN = ("D_INTERVIEW", "B_COUNTRY", "Q260", "X003R")
_COUNTRIES_OF_BIRTH = ("Q266", "Q267", "Q268")
_MATTERING = ("Q260", "X003R", "Q275", "Q288R", "Q289")


@dataclass(frozen=True, eq=False)
class SurveyTruth:
    """What was planted.

    Attributes:
        positions: R x RANK, each person's position in the value space.
        loadings: I x RANK, what each question measures of it.
        thresholds: I x (C - 1), where a question's scale is cut into its codes; NaN beyond.
        noise: R, the standard deviation of a person's noise.
    """

    positions: FloatArray
    loadings: FloatArray
    thresholds: FloatArray
    noise: FloatArray


def generate_survey(
    catalog: Catalog, people: int = SAMPLE_PEOPLE, seed: int = 0
) -> tuple[Survey, SurveyTruth]:
    """Simulated people with what was planted in them.

    Args:
        catalog: the questions and codes.
        people: R.
        seed: the same seed gives the same people.
    """
    columns, truth = generate_columns(catalog, people, seed)
    persons = pd.Index(columns.pop("D_INTERVIEW").astype(str), name="rater")
    survey = survey_from_columns(
        columns,
        persons,
        catalog,
        origin=f"simulated survey, {people} people, seed {seed}",
        synthetic=True,
    )
    return survey, truth


def generate_columns(
    catalog: Catalog, people: int, seed: int
) -> tuple[dict[str, IntArray], SurveyTruth]:
    """The simulated survey as columns of codes, as they would be in the survey's file."""
    rng = np.random.default_rng([seed, 7])
    columns = _demographics(catalog, people, rng)
    positions = _positions(columns, catalog, rng)
    loadings = _loadings(catalog, rng)
    noise = _noise(columns, rng)
    codes, thresholds = _answers(catalog, positions @ loadings.T, noise, rng)
    careless = rng.random(people) < _CARELESS_SHARE
    rate = np.where(careless, _CARELESS_MISSING, _CAREFUL_MISSING)
    codes[rng.random(codes.shape, dtype=np.float32) < rate[:, None]] = NO_ANSWER
    columns.update(
        {str(name): codes[:, position] for position, name in enumerate(catalog.questions.index)}
    )
    return columns, SurveyTruth(positions, loadings, thresholds, noise)


def _demographics(catalog: Catalog, people: int, rng: np.random.Generator) -> dict[str, IntArray]:
    country = _draw_countries(people, rng)
    columns: dict[str, IntArray] = {
        "D_INTERVIEW": (country * 100_000 + np.arange(people)).astype(np.int32),
        "B_COUNTRY": country,
    }
    for name, question in catalog.demographics.items():
        if question.column in columns or name == "B_COUNTRY_to_continent":
            continue
        known = np.array(sorted(question.labels), dtype=np.int32)
        if name == "Q290":
            columns[name] = _of_the_country(known, country, rng)
        elif name in _COUNTRIES_OF_BIRTH:
            columns[name] = country
        else:
            weights = rng.dirichlet(_EVENNESS * np.linspace(2, 1, len(known)))
            columns[name] = rng.choice(known, people, p=weights)
        if name == "Q289":
            columns[name] = _mostly_the_countrys(known, columns[name], country, rng)
    for name in [name for name in columns if name not in _ALWAYS_GIVEN]:
        columns[name] = np.where(rng.random(people) < 0.02, NO_ANSWER, columns[name])
    abroad = rng.random(people) < 0.04
    columns["Q263"] = np.where(abroad, 2, 1).astype(np.int32)
    columns["Q266"] = np.where(abroad, rng.permutation(country), country)
    columns["Q269"] = np.where(abroad & (rng.random(people) < 0.5), 2, 1).astype(np.int32)
    return columns


def _draw_countries(people: int, rng: np.random.Generator) -> IntArray:
    codes = np.array([code for codes in _COUNTRIES.values() for code in codes], dtype=np.int32)
    shares = {**_SHARES, "Oceania": min(_SHARES["Oceania"], _MOST_OF_OCEANIA / max(people, 1))}
    weights = np.concatenate(
        [np.full(len(codes), shares[name] / len(codes)) for name, codes in _COUNTRIES.items()]
    )
    return rng.choice(codes, people, p=weights / weights.sum())


def _of_the_country(known: IntArray, country: IntArray, rng: np.random.Generator) -> IntArray:
    """One of the known codes that start with the country's number, missing where none does."""
    out = np.full(len(country), NO_ANSWER, dtype=np.int32)
    for code in np.unique(country):
        mine = known[known // 1_000 == code]
        if len(mine):
            here = country == code
            out[here] = rng.choice(mine, int(here.sum()))
    return out


def _mostly_the_countrys(
    known: IntArray, own: IntArray, country: IntArray, rng: np.random.Generator
) -> IntArray:
    """Denominations: most people have the one that leads in their country."""
    _, position = np.unique(country, return_inverse=True)
    leading = rng.choice(known, int(position.max(initial=-1)) + 1)[position]
    return np.where(rng.random(len(own)) < _OWN_DENOMINATION, own, leading)


def _positions(
    columns: dict[str, IntArray], catalog: Catalog, rng: np.random.Generator
) -> FloatArray:
    country = columns["B_COUNTRY"]
    continent_of = catalog.demographics["B_COUNTRY_to_continent"].labels
    codes, position = np.unique(country, return_inverse=True)
    names = sorted(set(continent_of.values()))
    continents = _CONTINENT * rng.standard_normal((len(names), RANK))
    centre = continents[[names.index(continent_of[int(code)]) for code in codes]]
    centre = centre + _COUNTRY * rng.standard_normal(centre.shape)
    positions = centre[position] + rng.standard_normal((len(country), RANK))
    for name in _MATTERING:
        groups, group = np.unique(columns[name], return_inverse=True)
        positions += _DEMOGRAPHIC * rng.standard_normal((len(groups), RANK))[group]
    standardised: FloatArray = (positions - positions.mean(axis=0)) / np.maximum(
        positions.std(axis=0), 1e-9
    )
    return standardised


def _loadings(catalog: Catalog, rng: np.random.Generator) -> FloatArray:
    """Unit vectors: questions of a category lean the same way, each with something of its own."""
    categories = catalog.categories
    common = rng.standard_normal((len(categories), RANK))
    own = rng.standard_normal((len(catalog.questions), RANK))
    lean = common[[categories.index(name) for name in catalog.questions["category"]]]
    mixed = _CATEGORY_LOADING * lean * rng.choice([-1, 1], (len(own), 1)) + own
    unit: FloatArray = mixed / np.linalg.norm(mixed, axis=1, keepdims=True)
    return unit


def _noise(columns: dict[str, IntArray], rng: np.random.Generator) -> FloatArray:
    """People of some education levels and of some countries answer with more noise."""
    size = np.zeros(len(columns["B_COUNTRY"]))
    for name, spread in (("Q275", 0.25), ("B_COUNTRY", 0.25)):
        groups, group = np.unique(columns[name], return_inverse=True)
        size += spread * rng.standard_normal(len(groups))[group]
    noise: FloatArray = np.exp(size)
    return noise


def _answers(
    catalog: Catalog, signal: FloatArray, noise: FloatArray, rng: np.random.Generator
) -> tuple[IntArray, FloatArray]:
    """Codes, R x I, and the thresholds that the scales were cut at."""
    known = catalog.codes["refined"]
    thresholds = np.full((len(known), known.shape[1] - 1), np.nan)
    codes = np.empty(signal.shape, dtype=np.int32)
    for question, row in enumerate(known):
        there = np.flatnonzero(row >= 0)
        shares = rng.permutation(rng.dirichlet(np.linspace(3, 1, len(there))))
        cuts = scipy.special.ndtri(shares.cumsum()[:-1]) * np.sqrt(_SIGNAL**2 + 1)
        thresholds[question, : len(cuts)] = cuts
        latent = _SIGNAL * signal[:, question] + noise * rng.standard_normal(len(noise))
        codes[:, question] = there[np.searchsorted(cuts, latent)]
    return codes, thresholds
