"""How people know and use language models."""

import pandas as pd

from evals.studies.findings import Finding
from evals.studies.participants.draw import bars, bars_size
from evals.studies.participants.people import SHOWN
from ratings.prism.codebook import USE_CASES
from scorers.participants.answers import option_shares, question_shares

QUESTIONS = {
    "lm_familiarity": "familiarity",
    "lm_direct_use": "direct use",
    "lm_indirect_use": "indirect use",
    "lm_frequency_use": "frequency of use",
}


def familiarity(survey: pd.DataFrame) -> Finding:
    """How well people know language models, and how often they use them (Table 9)."""
    table = question_shares(survey, QUESTIONS)
    direct = table[table["question"].eq("direct use") & table["answer"].eq("Yes")]["share"].sum()
    asked = int(survey["lm_frequency_use"].notna().sum())
    return Finding(
        name="lm_use",
        title="Do people know language models?",
        sentence=f"{100 * direct:.1f}% use them directly; {asked:,} of {len(survey):,} people were "
        f"asked how often and for what, because they use them at all.",
        table=table,
        notes=(
            "share: of those who answered; share of all: of everybody, as the paper prints "
            "frequencies. missing: people who were not asked.",
        ),
        draw=lambda axes: bars(
            axes, table, table["question"] + ": " + table["answer"], "share", "share of answers"
        ),
        size=bars_size(table),
        columns=(*SHOWN[:4], "share of all", "missing"),
        rows=len(table),
    )


def use_cases(survey: pd.DataFrame) -> Finding:
    """What people use language models for, of those who were asked (Table 9)."""
    names = {f"lm_usecases_{name}": name.replace("_", " ") for name in USE_CASES}
    table = option_shares(survey[list(names)].rename(columns=names)).rename(
        columns={"answer": "use"}
    )
    wrote = int(survey["lm_usecases_other_text"].notna().sum())
    asked = int(table["answered"].max())
    first = table.iloc[0]
    sentence = (
        f"Most of all for {first['use']}: {100 * first['share']:.1f}% of the {asked:,} people who "
        f"were asked; {wrote:,} wrote of another use."
        if asked
        else "Nobody was asked."
    )
    return Finding(
        name="use_cases",
        title="What do people use language models for?",
        sentence=sentence,
        table=table,
        notes=("People could choose several uses; shares are of those who saw the question.",),
        draw=lambda axes: bars(axes, table, table["use"], "share", "share of those asked"),
        size=bars_size(table),
        columns=("use", "people", "share", "answered", "missing"),
        rows=len(table),
    )
