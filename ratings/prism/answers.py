"""What participants of PRISM said of themselves, as one short text an answer."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ratings.prism.codebook import STATED, USE_CASES

# Table 3 of the Value Profiles paper (Sorensen et al. 2025).
ANSWERS = (
    "lm_familiarity",
    "lm_indirect_use",
    "lm_direct_use",
    "lm_frequency_use",
    "lm_usecases",
    "self_description",
    "system_string",
    "religion",
    "stated_prefs",
    "order_lm_usecases",
    "order_stated_prefs",
    "age",
    "gender",
    "employment_status",
    "education",
    "marital_status",
    "english_proficiency",
    "study_locale",
    "location",
    "ethnicity",
)


def short_answers(survey: pd.DataFrame) -> pd.DataFrame:
    """R rows: the survey, and for each answer with parts one short text under its name.

    Uses that somebody ticked, attributes from the most to the least important, options in their
    order on the screen, and the source's groups of religion, ethnicity and region.
    """
    return survey.assign(
        lm_usecases=_ticked(survey, "lm_usecases", USE_CASES),
        stated_prefs=_ranked(-survey[[f"stated_prefs_{name}" for name in STATED]], STATED),
        order_lm_usecases=_ranked(
            survey[[f"order_lm_usecases_{name}" for name in USE_CASES]], USE_CASES
        ),
        order_stated_prefs=_ranked(
            survey[[f"order_stated_prefs_{name}" for name in STATED]], STATED
        ),
        religion=_group(survey, "religion"),
        ethnicity=_group(survey, "ethnicity"),
        location=survey["location_special_region"],
    )


def _ticked(survey: pd.DataFrame, parent: str, options: Sequence[str]) -> list[str]:
    chosen = survey[[f"{parent}_{name}" for name in options]].eq(1).to_numpy()
    return [", ".join(name for name, on in zip(options, row, strict=True) if on) for row in chosen]


def _ranked(numbers: pd.DataFrame, names: Sequence[str]) -> list[str]:
    """For each row the names with a number in the order of their numbers, the lowest first."""
    values = numbers.to_numpy(dtype=float)
    order = np.argsort(values, axis=1, kind="stable")  # which puts NaN last
    counts = (~np.isnan(values)).sum(axis=1)
    return [
        ", ".join(names[n] for n in row[:count]) for row, count in zip(order, counts, strict=True)
    ]


def _group(survey: pd.DataFrame, parent: str) -> pd.Series:
    """The source's group, or the own words of somebody whom it puts in none."""
    group = survey[f"{parent}_simplified"].astype("str")
    return group.fillna(survey[f"{parent}_self_described"])
