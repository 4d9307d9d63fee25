"""Made people who answer PRISM's survey."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ratings.arrays import FloatArray, IntArray
from ratings.prism.codebook import PREFER_NOT, STATED, SURVEY, USE_CASES, typed
from ratings.prism.made.texts import self_descriptions, system_strings

# Country, code, region and subregion of the United Nations, PRISM's region, study, share.
_COUNTRIES = (
    ("United States", "USA", "Americas", "Northern America", "US", "us", 0.23),
    ("United Kingdom", "GBR", "Europe", "Northern Europe", "UK", "uk", 0.21),
    ("Germany", "DEU", "Europe", "Western Europe", "Europe", "europe", 0.11),
    ("Poland", "POL", "Europe", "Eastern Europe", "Europe", "europe", 0.1),
    ("Mexico", "MEX", "Americas", "Central America", "Latin America and the Caribbean", "mx", 0.1),
    ("Australia", "AUS", "Oceania", "Australia and New Zealand", "Australia and New Zealand", "au",
     0.09),
    ("South Africa", "ZAF", "Africa", "Southern Africa", "Africa", "za", 0.08),
    ("Korea, South", "KOR", "Asia", "Eastern Asia", "Asia", "kr", 0.04),
    ("Israel", "ISR", "Asia", "Western Asia", "Middle East", "il", 0.04),
)  # fmt: skip
_AGES = {
    "18-24 years old": 0.2,
    "25-34 years old": 0.3,
    "35-44 years old": 0.16,
    "45-54 years old": 0.14,
    "55-64 years old": 0.13,
    "65+ years old": 0.07,
}
_GENDERS = {"Male": 0.5, "Female": 0.478, "Non-binary / third gender": 0.014, PREFER_NOT: 0.008}
_ETHNICITIES = {
    "US": {"White": 0.61, "Hispanic": 0.17, "Black": 0.12, "Asian": 0.06, "Mixed": 0.02,
           PREFER_NOT: 0.02},
    "UK": {"White": 0.81, "Asian": 0.09, "Black": 0.04, "Mixed": 0.02, "Other": 0.02,
           PREFER_NOT: 0.02},
    "Latin America and the Caribbean": {"Hispanic": 0.75, "White": 0.15, "Mixed": 0.1},
    "Africa": {"Black": 0.75, "White": 0.15, "Mixed": 0.1},
    "Asia": {"Asian": 0.9, "White": 0.1},
    "": {"White": 0.8, "Asian": 0.05, "Mixed": 0.05, "Other": 0.05, PREFER_NOT: 0.05},
}  # fmt: skip
_ETHNICITY_NAMES = {"Black": "Black / African", "Hispanic": "Hispanic / Latino"}
_RELIGIONS = {
    "Non-religious": 0.5,
    "Christian": 0.33,
    "Agnostic": 0.06,
    PREFER_NOT: 0.04,
    "Jewish": 0.025,
    "Muslim": 0.025,
    "Buddhist": 0.01,
    "Hindu": 0.01,
}
_SIMPLIFIED = {
    "Non-religious": "No Affiliation",
    "Agnostic": "No Affiliation",
    "Buddhist": "Other",
    "Hindu": "Other",
}
_EVENLY_DRAWN = ("lm_familiarity", "employment_status", "education", "marital_status")
_ABROAD, _SAW_NO_USES, _USES, _OTHER_USE = 0.12, 0.165, 0.34, 0.1
_STATED_MEANS = dict(
    zip(STATED, (54.3, 69.6, 86.7, 88.7, 75.7, 80.2, 67.9, 89.4, 57.5), strict=True)
)
_STATED_SD, _OTHER_STATED = 20.0, 0.22
_EPOCH, _WEEKS = pd.Timestamp("2023-11-22 15:48:46"), 28 * 24 * 3600


def made_survey(
    user: pd.Index, importance: FloatArray, conversations: IntArray, rng: np.random.Generator
) -> pd.DataFrame:
    """R made people's answers, without the flags of subsets, which depend on conversations.

    Args:
        user: R ids.
        importance: R x A, how dear the attributes of `STATED` but `other` are to a person, as
            standard scores; what they state follows it.
        conversations: R, how many each completed.
        rng: of the answers.
    """
    people = len(user)
    seconds = rng.lognormal(6.3, 0.5, people).round()
    columns: dict[str, object] = {
        "user_id": user,
        "survey_only": conversations == 0,
        "num_completed_conversations": conversations,
        "timing_duration_s": seconds,
        "timing_duration_mins": (seconds / 60).round(2),
        "generated_datetime": _EPOCH + pd.to_timedelta(rng.integers(_WEEKS, size=people), "s"),
        "consent": SURVEY["consent"].categories[0],
        "consent_age": SURVEY["consent_age"].categories[0],
        "english_proficiency": _chosen(
            {"Native speaker": 0.6, "Fluent": 0.27, "Advanced": 0.1, "Intermediate": 0.03},
            people,
            rng,
        ),
        "age": _chosen(_AGES, people, rng),
        "gender": _chosen(_GENDERS, people, rng),
        "study_id": np.char.add("study", rng.integers(51, size=people).astype(str)),
        "self_description": self_descriptions(people, rng),
    }
    for name in _EVENLY_DRAWN:
        categories = SURVEY[name].categories
        weights = 1 / np.arange(1, len(categories) + 1)
        columns[name] = rng.choice(categories, people, p=weights / weights.sum())
    # the two that somebody states to be the most important to them
    dearest = np.argsort(-importance, axis=1)[:, :2]
    columns["system_string"] = system_strings(dearest[:, 0], dearest[:, 1], rng)
    columns |= _beliefs_and_countries(people, rng)
    columns |= _uses(people, rng)
    columns |= _stated(importance, rng)
    for flag in ("included_in_US_REP", "included_in_UK_REP", "included_in_balanced_subset"):
        columns[flag] = False
    frame = pd.DataFrame(columns).set_index(user)
    return typed(frame, SURVEY)


def of_census(survey: pd.DataFrame, balanced: pd.Series, region: str) -> pd.Series:
    """Whom the sample of a country takes: those of two genders with balanced conversations."""
    here = survey["location_reside_countryISO"].eq({"UK": "GBR", "US": "USA"}[region])
    return here & survey["gender"].isin(["Male", "Female"]) & balanced


def _beliefs_and_countries(people: int, rng: np.random.Generator) -> dict[str, object]:
    shares = np.array([country[-1] for country in _COUNTRIES], dtype=float)
    born = rng.choice(len(_COUNTRIES), people, p=shares / shares.sum())
    moved = rng.random(people) < _ABROAD
    lives = np.where(moved, rng.choice(len(_COUNTRIES), people, p=shares / shares.sum()), born)
    regions = np.array([country[4] for country in _COUNTRIES])[born]
    ethnicity = np.empty(people, dtype=object)
    for region in np.unique(regions):
        here = regions == region
        known = _ETHNICITIES.get(str(region), _ETHNICITIES[""])
        ethnicity[here] = _chosen(known, int(here.sum()), rng)
    religion = _chosen(_RELIGIONS, people, rng)
    full = [_ETHNICITY_NAMES.get(name, name) for name in ethnicity]
    columns: dict[str, object] = {
        "religion_self_described": [name.lower() for name in religion],
        "religion_categorised": religion,
        "religion_simplified": [_SIMPLIFIED.get(name, name) for name in religion],
        "ethnicity_self_described": [name.lower() for name in full],
        "ethnicity_categorised": full,
        "ethnicity_simplified": ethnicity,
        "location_same_birth_reside_country": np.where(born == lives, "Yes", "No"),
        # by birth, as in the release
        "location_special_region": regions,
        "study_locale": np.array([country[5] for country in _COUNTRIES])[lives],
    }
    for side, where in (("birth", born), ("reside", lives)):
        for key, part in (("country", 0), ("countryISO", 1), ("region", 2), ("subregion", 3)):
            names = np.array([str(country[part]) for country in _COUNTRIES])
            columns[f"location_{side}_{key}"] = names[where]
    return columns


def _uses(people: int, rng: np.random.Generator) -> dict[str, object]:
    saw = rng.random(people) >= _SAW_NO_USES
    unused = np.where(rng.random(people) < 0.8, "No", "Unsure")
    frequency = rng.choice(SURVEY["lm_frequency_use"].categories, people)
    order = _order(len(USE_CASES), people, rng)
    chosen = rng.random((people, len(USE_CASES))) < _USES
    wrote = saw & (rng.random(people) < _OTHER_USE)
    chosen[:, -1] |= wrote
    columns: dict[str, object] = {
        "lm_indirect_use": np.where(saw, "Yes", unused),
        "lm_direct_use": np.where(saw, rng.choice(["Yes", "Yes", "No"], people), unused),
        "lm_frequency_use": pd.Series(frequency).where(saw).to_numpy(),
        "lm_usecases_other_text": ["planning a garden" if did else None for did in wrote],
    }
    for position, name in enumerate(USE_CASES):
        columns[f"lm_usecases_{name}"] = np.where(saw, chosen[:, position], np.nan)
        columns[f"order_lm_usecases_{name}"] = np.where(saw, order[:, position], np.nan)
    return columns


def _stated(importance: FloatArray, rng: np.random.Generator) -> dict[str, object]:
    people, attributes = importance.shape
    order = _order(len(STATED), people, rng)
    other = np.asarray(rng.random(people) < _OTHER_STATED)
    columns: dict[str, object] = {
        "stated_prefs_other_text": ["good humour" if did else None for did in other],
        "stated_prefs_other": np.where(other, rng.integers(101, size=people), np.nan),
    }
    for position, name in enumerate(STATED):
        if position < attributes:
            shown = _STATED_MEANS[name] + _STATED_SD * importance[:, position]
            columns[f"stated_prefs_{name}"] = shown.round().clip(0, 100)
        columns[f"order_stated_prefs_{name}"] = order[:, position]
    return columns


def _order(options: int, people: int, rng: np.random.Generator) -> IntArray:
    """Positions on the screen from 1; the last option, `other`, always comes last."""
    drawn = rng.random((people, options - 1)).argsort(axis=1).argsort(axis=1) + 1
    return np.column_stack([drawn, np.full(people, options)])


def _chosen(
    shares: Mapping[str, float], count: int, rng: np.random.Generator
) -> "np.ndarray[tuple[int], np.dtype[np.str_]]":
    names: Sequence[str] = list(shares)
    weights = np.array(list(shares.values()))
    return rng.choice(names, count, p=weights / weights.sum())
