"""The codebook of PRISM (appendix V of its paper): every variable of its four files, and its type.

The release nests some answers (`religion: {self_described: ...}`). Here they are columns with
joined names (`religion_self_described`), as the codebook itself writes them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

CONVERSATION_TYPES = ("unguided", "values guided", "controversy guided")
PREFER_NOT = "Prefer not to say"
EMPTY_REPLY = "EMPTY STRING"
LOWEST_SCORE, HIGHEST_SCORE = 1, 100

USE_CASES = (
    "homework_assistance",
    "research",
    "source_suggestions",
    "professional_work",
    "creative_writing",
    "casual_conversation",
    "personal_recommendations",
    "daily_productivity",
    "technical_or_programming_help",
    "travel_guidance",
    "lifestyle_and_hobbies",
    "well-being_guidance",
    "medical_guidance",
    "financial_guidance",
    "games",
    "historical_or_news_insight",
    "relationship_advice",
    "language_learning",
    "other",
)
STATED = (
    "values",
    "creativity",
    "fluency",
    "factuality",
    "diversity",
    "safety",
    "personalisation",
    "helpfulness",
    "other",
)
ATTRIBUTES = (
    "values",
    "fluency",
    "factuality",
    "safety",
    "diversity",
    "creativity",
    "helpfulness",
)
MEANING = {
    "values": "reflects my values or cultural perspectives",
    "creativity": "produces responses that are creative and inspiring",
    "fluency": "produces responses that are well-written and coherent",
    "factuality": "produces factual and informative responses",
    "diversity": "summarises multiple viewpoints or different worldviews",
    "safety": "produces responses that are safe and do not risk harm to myself and others",
    "personalisation": "learns from our conversations and feels personalised to me",
    "helpfulness": "produces responses that are helpful and relevant to my requests",
    "other": "has another quality, in the rater's own words",
}
OTHER_TEXT = "other_text"


class Kind(StrEnum):
    """The type of a variable."""

    ID = "id"
    TEXT = "text"
    CATEGORY = "category"
    FLAG = "flag"
    WHOLE = "whole number"
    NUMBER = "number"
    TIME = "time"
    NESTED = "nested"


@dataclass(frozen=True)
class Variable:
    """One variable.

    Attributes:
        kind: type of its values.
        nested: name of the object that holds it in the release, or None: `religion` holds
            `self_described`, which is the column `religion_self_described`.
        key: its name in that object, or in the row.
        categories: as the codebook lists them, the most frequent answer first; empty where it
            does not, because they are too many.
        missing: how many rows of the release lack it; None where the codebook gives no number.
        lowest: smallest possible number.
        highest: largest possible number.
    """

    kind: Kind
    nested: str | None
    key: str
    categories: tuple[str, ...] = ()
    missing: int | None = 0
    lowest: float | None = None
    highest: float | None = None


Variables = Mapping[str, Variable]


def _plain(kind: Kind, *names: str, missing: int | None = 0) -> dict[str, Variable]:
    return {name: Variable(kind, None, name, missing=missing) for name in names}


def _category(name: str, *categories: str, missing: int = 0) -> dict[str, Variable]:
    return {name: Variable(Kind.CATEGORY, None, name, categories, missing)}


def _part(parent: str, kind: Kind, *keys: str, missing: int | None = 0) -> dict[str, Variable]:
    return {f"{parent}_{key}": Variable(kind, parent, key, missing=missing) for key in keys}


def _category_part(parent: str, key: str, *categories: str) -> dict[str, Variable]:
    return {f"{parent}_{key}": Variable(Kind.CATEGORY, parent, key, categories)}


def _sliders(parent: str, keys: tuple[str, ...], lowest: float) -> dict[str, Variable]:
    return {
        f"{parent}_{key}": Variable(
            Kind.NUMBER, parent, key, missing=None, lowest=lowest, highest=HIGHEST_SCORE
        )
        for key in keys
    }


_YES_NO = ("Yes", "No", "Unsure")

SURVEY: Variables = {
    **_plain(Kind.ID, "user_id"),
    **_plain(Kind.FLAG, "survey_only"),
    **_plain(Kind.WHOLE, "num_completed_conversations"),
    **_plain(Kind.NUMBER, "timing_duration_s", "timing_duration_mins"),
    **_plain(Kind.TIME, "generated_datetime"),
    **_category("consent", "Yes, I consent to take part"),
    **_category("consent_age", "I certify that I am 18 years of age or over"),
    **_category("lm_familiarity", "Somewhat familiar", "Very familiar", "Not familiar at all"),
    **_category("lm_indirect_use", *_YES_NO),
    **_category("lm_direct_use", *_YES_NO),
    **_category(
        "lm_frequency_use",
        "Once per month",
        "Every week",
        "More than once a month",
        "Less than one a year",
        "Every day",
        missing=247,
    ),
    **_plain(Kind.TEXT, "self_description", "system_string"),
    **_category(
        "age",
        "25-34 years old",
        "18-24 years old",
        "35-44 years old",
        "45-54 years old",
        "55-64 years old",
        "65+ years old",
        PREFER_NOT,
    ),
    **_category("gender", "Male", "Female", "Non-binary / third gender", PREFER_NOT),
    **_category(
        "employment_status",
        "Working full-time",
        "Working part-time",
        "Student",
        "Unemployed, seeking work",
        "Retired",
        "Homemaker / Stay-at-home parent",
        "Unemployed, not seeking work",
        PREFER_NOT,
    ),
    **_category(
        "education",
        "University Bachelors Degree",
        "Graduate / Professional degree",
        "Some University but no degree",
        "Completed Secondary School",
        "Vocational",
        "Some Secondary",
        "Completed Primary School",
        PREFER_NOT,
        "Some Primary",
    ),
    **_category(
        "marital_status",
        "Never been married",
        "Married",
        "Divorced / Separated",
        PREFER_NOT,
        "Widowed",
    ),
    **_category(
        "english_proficiency", "Native speaker", "Fluent", "Advanced", "Intermediate", "Basic"
    ),
    **_plain(Kind.ID, "study_id"),
    **_category("study_locale"),
    **_part("religion", Kind.TEXT, "self_described"),
    **_category_part(
        "religion",
        "categorised",
        "Non-religious",
        "Christian",
        "Agnostic",
        PREFER_NOT,
        "Jewish",
        "Muslim",
        "Spiritual",
        "Buddhist",
        "Folk religion",
        "Hindu",
        "Other",
        "Sikh",
    ),
    **_category_part(
        "religion",
        "simplified",
        "No Affiliation",
        "Christian",
        PREFER_NOT,
        "Jewish",
        "Muslim",
        "Other",
    ),
    **_part("ethnicity", Kind.TEXT, "self_described"),
    **_category_part(
        "ethnicity",
        "categorised",
        "White",
        "Black / African",
        "Hispanic / Latino",
        "Asian",
        PREFER_NOT,
        "Mixed",
        "Other",
        "Middle Eastern / Arab",
        "Indigenous / First Peoples",
    ),
    **_category_part(
        "ethnicity",
        "simplified",
        "White",
        "Black",
        "Hispanic",
        "Asian",
        PREFER_NOT,
        "Mixed",
        "Other",
    ),
    **_category_part("location", "birth_country"),
    **_category_part("location", "birth_countryISO"),
    **_category_part("location", "birth_region"),
    **_category_part("location", "birth_subregion"),
    **_category_part("location", "reside_country"),
    **_category_part("location", "reside_countryISO"),
    **_category_part("location", "reside_region"),
    **_category_part("location", "reside_subregion"),
    **_category_part("location", "same_birth_reside_country", "Yes", "No", PREFER_NOT),
    **_category_part(
        "location",
        "special_region",
        "US",
        "Europe",
        "UK",
        "Latin America and the Caribbean",
        "Australia and New Zealand",
        "Africa",
        "Asia",
        "Northern America",
        "Middle East",
        PREFER_NOT,
        "Oceania",
    ),
    **_part("lm_usecases", Kind.WHOLE, *USE_CASES, missing=247),
    **_part("lm_usecases", Kind.TEXT, OTHER_TEXT, missing=None),
    **_sliders("stated_prefs", STATED, 0),
    **_part("stated_prefs", Kind.TEXT, OTHER_TEXT, missing=None),
    **_part("order_lm_usecases", Kind.WHOLE, *USE_CASES, missing=247),
    **_part("order_stated_prefs", Kind.WHOLE, *STATED),
    **_plain(Kind.FLAG, "included_in_US_REP", "included_in_UK_REP", "included_in_balanced_subset"),
}
CONVERSATIONS: Variables = {
    **_plain(Kind.ID, "conversation_id", "user_id"),
    **_plain(Kind.FLAG, "included_in_balanced_subset"),
    **_plain(Kind.TIME, "generated_datetime"),
    **_plain(Kind.NUMBER, "timing_duration_s", "timing_duration_mins"),
    **_category("conversation_type", *CONVERSATION_TYPES),
    **_plain(Kind.TEXT, "opening_prompt"),
    **_plain(Kind.WHOLE, "conversation_turns"),
    **_plain(Kind.NESTED, "conversation_history"),
    **_sliders("performance_attributes", ATTRIBUTES, LOWEST_SCORE),
    **_sliders("choice_attributes", ATTRIBUTES, LOWEST_SCORE),
    **_plain(Kind.TEXT, "open_feedback"),
}
UTTERANCES: Variables = {
    **_plain(Kind.ID, "utterance_id", "interaction_id", "conversation_id", "user_id"),
    **_plain(Kind.WHOLE, "turn", "within_turn_id"),
    **_plain(Kind.FLAG, "included_in_balanced_subset"),
    **_category("conversation_type", *CONVERSATION_TYPES),
    **_plain(Kind.TEXT, "user_prompt", "model_response"),
    **_category("model_name"),
    **_category("model_provider"),
    "score": Variable(Kind.NUMBER, None, "score", lowest=LOWEST_SCORE, highest=HIGHEST_SCORE),
    **_plain(Kind.FLAG, "if_chosen"),
}
METADATA: Variables = {
    **_category(
        "column_id",
        "model_response",
        "user_prompt",
        "open_feedback",
        "self_description",
        "system_string",
    ),
    **_plain(Kind.ID, "user_id"),
    **_plain(Kind.ID, "conversation_id", missing=3_000),
    **_plain(Kind.ID, "interaction_id", missing=11_011),
    **_plain(Kind.ID, "utterance_id", missing=38_183),
    **_plain(Kind.FLAG, "pii_flag"),
    **_plain(Kind.NUMBER, "pii_manual_flag", missing=106_387),
    **_category("language_flag"),
    **_plain(Kind.FLAG, "en_flag"),
    **_plain(Kind.NESTED, "moderation_flag"),
}
TABLES: Mapping[str, Variables] = {
    "survey": SURVEY,
    "conversations": CONVERSATIONS,
    "utterances": UTTERANCES,
    "metadata": METADATA,
}
IDS = {"survey": "user_id", "conversations": "conversation_id", "utterances": "utterance_id"}


def typed(frame: pd.DataFrame, variables: Variables) -> pd.DataFrame:
    """The columns of a table in the codebook's types and order.

    Categories are those of the codebook in its order, then any others that the data holds, sorted.
    Whole numbers that some rows lack are floats with NaN. The variable that is the index stays it.
    """
    return pd.DataFrame(
        {
            name: _typed(frame[name], variable)
            for name, variable in variables.items()
            if name != frame.index.name
        },
        index=frame.index,
    )


def _typed(column: pd.Series, variable: Variable) -> pd.Series:
    match variable.kind:
        case Kind.ID | Kind.TEXT:
            return column.astype("str")
        case Kind.CATEGORY:
            others = sorted(set(column.dropna().unique()) - set(variable.categories))
            return column.astype(pd.CategoricalDtype([*variable.categories, *others]))
        case Kind.FLAG:
            return column.astype(bool)
        case Kind.WHOLE:
            return column.astype("float64" if variable.missing != 0 or column.hasnans else "int64")
        case Kind.NUMBER:
            return column.astype("float64")
        case Kind.TIME:
            return pd.to_datetime(column).astype("datetime64[s]")
        case Kind.NESTED:
            return column
