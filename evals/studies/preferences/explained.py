"""What explains scores: length, layout and stock phrases of replies."""

from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from evals.reports.picture import BLUE
from evals.studies.findings import Finding
from evals.studies.preferences.draw import draw_estimates
from evals.studies.preferences.settings import PreferenceSettings
from ratings.output.numbers import percent
from scorers.preferences.explanation.chosen_replies import longest_chosen, refusals_by_prompt
from scorers.preferences.explanation.score_regression import CONSTANT, explain_scores

KIND = "clustered"


def regression(utterances: pd.DataFrame, features: pd.DataFrame) -> Finding:
    """Scores on features of replies of first turns, with three kinds of error (Table 27)."""
    found = explain_scores(utterances, features)
    table = found.table.rename_axis("feature").reset_index()
    ends = {f"{KIND}_low": "points low", f"{KIND}_high": "points high"}
    table = table.rename(columns={"value": "points", **ends, f"{KIND}_p": "p"})
    shown = table[table["feature"].ne(CONSTANT)]
    sure = shown[shown["p"].lt(0.05)].sort_values("points", key=abs, ascending=False)
    named = ", ".join(f"{row.feature} {row.points:+.3g}" for row in sure.itertuples())
    return Finding(
        name="explained",
        title="What explains scores?",
        sentence=f"Features of a reply explain {100 * found.r_squared:.1f}% of the variance of "
        f"{found.replies} scores; with errors clustered by person: {named or 'none'} points.",
        table=table.drop(columns=table.columns[table.columns.str.endswith("_p")]),
        notes=(
            "points: of the score for a feature that is there, or for one more character. Errors: "
            "plain as published, robust (HC1), clustered by participant; intervals and p of the "
            "last.",
            f"{found.people} people; {found.empty} replies are empty strings and take part.",
            *(f"{name} is left out: {reason}" for name, reason in found.left_out.items()),
        ),
        draw=partial(_draw, table=shown),
    )


def chosen(
    utterances: pd.DataFrame, features: pd.DataFrame, settings: PreferenceSettings
) -> Finding:
    """How often the longest reply is chosen, and what becomes of refusals (T.8)."""
    every = longest_chosen(utterances, features, settings.seed, settings.replicates)
    openers = utterances[utterances["turn"].eq(0)]
    refusals = refusals_by_prompt(openers, features, settings.seed, settings.replicates)
    first = longest_chosen(openers, features, settings.seed, settings.replicates)
    parts = {"all turns": every, "first turns": first, "first turns, refusals": refusals}
    columns = ["value", "low", "high", "people", "n"]
    table = pd.concat({name: part[columns] for name, part in parts.items()})
    table = table.rename_axis(["of", "outcome"]).reset_index()
    table = table.rename(columns={"low": "share low", "high": "share high", "value": "share"})
    longest, chance = every.loc["longest"].to_dict(), every.loc["chance"].to_dict()
    sentence = "No turn has one chosen reply among several."
    if longest["n"]:
        sentence = (
            f"The longest reply is chosen in {percent(longest['value'])} of turns "
            f"({percent(longest['low'])} to {percent(longest['high'])}; by chance "
            f"{percent(chance['value'])})."
        )
    return Finding(
        name="chosen",
        title="Are long replies chosen, and refusals not?",
        sentence=sentence,
        table=table,
        draw=partial(
            draw_estimates,
            names=table["of"] + ": " + table["outcome"],
            table=table,
            column="share",
            what="share of turns",
        ),
        rows=len(table),
    )


def _draw(axes: Axes, table: pd.DataFrame) -> None:
    """Coefficients of features that are there or not, with their clustered intervals."""
    flags = table[table["feature"].str.startswith("if_")]
    at = np.arange(len(flags))[::-1]
    axes.axvline(0, color="0.6", linewidth=0.8)
    axes.hlines(at, flags["points low"], flags["points high"], color=BLUE)
    axes.plot(flags["points"], at, "o", color=BLUE)
    axes.set_yticks(at, flags["feature"])
    axes.set_xlabel("points of the score, 95% intervals clustered by participant")
