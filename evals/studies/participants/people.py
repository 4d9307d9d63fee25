"""Who took part: groups of people, countries, and where they were recruited."""

from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from evals.studies.findings import Finding
from evals.studies.participants.draw import MOST, bars, bars_size
from ratings.prism.codebook import PREFER_NOT
from ratings.prism.container import Prism
from scorers.participants.answers import answer_shares, question_shares, wilson

# Questions of the paper's Table 5 by survey column.
DEMOGRAPHICS = {
    "age": "age",
    "gender": "gender",
    "ethnicity_categorised": "ethnicity",
    "religion_categorised": "religion",
    "employment_status": "employment status",
    "education": "education",
    "marital_status": "marital status",
    "english_proficiency": "English proficiency",
    "location_special_region": "region of birth",
}
COST = 9.9  # pounds a participant, of Table 10: 14,850 for 1,500
SHOWN = ("question", "answer", "people", "share", "missing")
BORN, LIVES = "location_birth_country", "location_reside_country"


def who(prism: Prism) -> Finding:
    """How many people there are, and how many of them held conversations."""
    survey = prism.survey
    talked = survey.index.isin(prism.conversations["user_id"])
    parts = {
        "took part": np.full(len(survey), True),
        "held conversations": talked,
        "answered the survey only": ~talked,
        "have conversations balanced over types": survey["included_in_balanced_subset"].to_numpy(),
        "are in the rebalanced sample of the UK": survey["included_in_UK_REP"].to_numpy(),
        "are in the rebalanced sample of the US": survey["included_in_US_REP"].to_numpy(),
    }
    people = np.array([np.count_nonzero(flags) for flags in parts.values()])
    low, high = wilson(people, np.where(people < len(survey), len(survey), 0))
    table = pd.DataFrame(
        {
            "people who": list(parts),
            "people": people,
            "share": people / (len(survey) or np.nan),
            "share low": low,
            "share high": high,
        }
    )
    return Finding(
        name="participants",
        title="Who took part?",
        sentence=f"{_people(len(survey))} took part and {people[1]:,} of them held "
        f"{len(prism.conversations):,} conversations"
        + ("; the others answered the survey only." if people[1] < len(survey) else "."),
        table=table,
        notes=(
            "Intervals of shares are Wilson's, of other people; the share of everybody has none.",
        ),
    )


def demographics(survey: pd.DataFrame, questions: dict[str, str] | None = None) -> Finding:
    """What people said of themselves (Table 5).

    Args:
        survey: R rows.
        questions: what each is called, by column; those of Table 5 by default.
    """
    table = question_shares(survey, DEMOGRAPHICS if questions is None else questions)
    # questions with answers of everybody's own come last
    many = table.groupby("question")["question"].transform("size").gt(MOST)
    table = table.loc[many.sort_values(kind="stable").index].reset_index(drop=True)
    largest = table.drop_duplicates("question")
    sentence = "No question of the kind was asked."
    if len(largest):
        said = "; ".join(
            f"{row['question']}: {row['answer']} ({_percent(row['share'])})"
            for row in largest.head(4).to_dict("records")
        )
        sentence = f"Most frequent answers: {said}."
    return Finding(
        name="demographics",
        title="What did people say of themselves?",
        sentence=sentence,
        table=table,
        notes=(
            "share: of those who answered, Wilson's intervals; share of all: of everybody. "
            f'"{PREFER_NOT}" is an answer; missing: people who gave none.',
        ),
        draw=partial(_draw_questions, table=table),
        size=bars_size(table),
        columns=SHOWN,
        rows=30,
    )


def geography(survey: pd.DataFrame) -> Finding:
    """Countries of birth and of residence (Table 8)."""
    table = pd.DataFrame(
        {
            "people born": survey[BORN].astype(object).value_counts(),
            "people living": survey[LIVES].astype(object).value_counts(),
        }
    )
    table = table.fillna(0).astype(int).rename_axis("country").reset_index()
    unsaid = table["country"].eq(PREFER_NOT)
    order = np.lexsort((table["country"], -table["people living"], -table["people born"], unsaid))
    table = table.iloc[order].reset_index(drop=True)
    for kind, column in (("born", BORN), ("living", LIVES)):
        answered = int(survey[column].notna().sum())
        low, high = wilson(table[f"people {kind}"], np.full(len(table), answered))
        table[f"share {kind}"] = table[f"people {kind}"] / (answered or np.nan)
        table[f"share {kind} low"], table[f"share {kind} high"] = low, high
    countries = table[table["country"].ne(PREFER_NOT)]
    born, living = (int(countries[f"people {kind}"].gt(0).sum()) for kind in ("born", "living"))
    unsaid_born, unsaid_living = (int(survey[c].eq(PREFER_NOT).any()) for c in (BORN, LIVES))
    both = survey[[BORN, LIVES]].astype(object).dropna()
    elsewhere = both[BORN].ne(both[LIVES])
    named = both[BORN].ne(PREFER_NOT) & both[LIVES].ne(PREFER_NOT)
    moved, known = int((elsewhere & named).sum()), int(named.sum())
    low, high = wilson([moved], [known])
    share = moved / (known or np.nan)
    return Finding(
        name="geography",
        title="Where do people come from?",
        sentence=f"People were born in {born} countries and live in {living}; "
        f"{moved:,} ({_percent(share)}, {_percent(low[0])} to {_percent(high[0])}) live "
        f"in another country than they were born in.",
        table=table,
        notes=(
            f'"{PREFER_NOT}" is no country. By the rule of the paper it is one: '
            f"{born + unsaid_born} countries of birth, {living + unsaid_living} of residence, and "
            f"{int(elsewhere.sum()):,} people who live in another one.",
        ),
        draw=lambda axes: _draw_countries(axes, table),
        size=bars_size(table),
    )


def regions(survey: pd.DataFrame) -> Finding:
    """Regions of birth and of residence, as the United Nations part them, and the paper's own."""
    columns = {
        "location_special_region": "region of birth, UK and US apart",
        "location_birth_region": "region of birth",
        "location_birth_subregion": "subregion of birth",
        "location_reside_region": "region of residence",
        "location_reside_subregion": "subregion of residence",
    }
    table = question_shares(survey, columns)
    table = table[table["people"].gt(0)].reset_index(drop=True)
    special = table[table["question"].eq(columns["location_special_region"])]
    sentence = "Nobody said where."
    if len(special):
        first = ", ".join(
            f"{row['answer']} {_percent(row['share'])}"
            for row in special.head(3).to_dict("records")
        )
        shares = special["share"].to_numpy(dtype=float)
        bits, most = -(shares * np.log2(shares)).sum(), np.log2(len(special))
        sentence = f"By region of birth: {first}; entropy {bits:.2f} of at most {most:.2f} bits."
    return Finding(
        name="regions",
        title="How are people spread over regions?",
        sentence=sentence,
        table=table,
        draw=lambda axes: bars(axes, special, special["answer"], "share", "share of people"),
        size=bars_size(special),
        columns=SHOWN,
        rows=12,
    )


def recruitment(survey: pd.DataFrame) -> Finding:
    """Where people were recruited, since when and at what cost (Table 10)."""
    table = answer_shares(survey["study_locale"]).rename(columns={"answer": "recruited in"})
    table = table[table["people"].gt(0)].reset_index(drop=True)
    locale = survey["study_locale"].astype(object)
    first = survey["generated_datetime"].groupby(locale).min().dt.strftime("%Y-%m-%d")
    table["first survey"] = table["recruited in"].map(first)
    table["cost in pounds"] = (COST * table["people"]).round(2)
    return Finding(
        name="recruitment",
        title="Where were people recruited?",
        sentence=f"In {len(table)} locations, at a cost of about {COST * len(survey):,.2f} pounds.",
        table=table,
        notes=(
            "cost: 9.90 pounds a person, the rate of Table 10. How many people the recruiting "
            "platform had, which the table has as well, is not in the data.",
        ),
        columns=("recruited in", "people", "share", "first survey", "cost in pounds"),
    )


def _draw_questions(axes: Axes, table: pd.DataFrame) -> None:
    names = table["question"].astype(str) + ": " + table["answer"].astype(str)
    bars(axes, table, names, "share", "share of those who answered, 95% intervals")


def _draw_countries(axes: Axes, table: pd.DataFrame) -> None:
    bars(axes, table, table["country"], "share born", "share of people born there; dots: living")
    shown = table["share living"].head(len(axes.get_yticks()))
    axes.plot(shown, np.arange(len(shown))[::-1], "o", color="black", markersize=3)


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"


def _percent(share: float) -> str:
    return "-" if share != share else f"{100 * share:.1f}%"
