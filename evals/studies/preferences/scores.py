"""How people use the scale: by turn, from person to person and from group to group."""

from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from evals.reports.picture import BLUE, BROWN, label
from evals.studies.findings import Finding
from evals.studies.preferences.draw import draw_estimates
from evals.studies.preferences.settings import PreferenceSettings, groups_said
from evals.studies.preferences.tidy import tidy
from scorers.preferences.explanation.model_pairs import (
    PairTable,
    model_frequency,
    models_per_person,
    pair_win_fractions,
    score_correlations,
)
from scorers.preferences.explanation.scale_use import (
    counts_by_turn,
    scale_use,
    score_by_turn,
    score_distribution,
)


def by_turn(utterances: pd.DataFrame, settings: PreferenceSettings) -> Finding:
    """Counts, means and ranges of scores by turn (Figures 11 and 12)."""
    scores = score_by_turn(utterances, settings.seed, settings.replicates)
    counts = counts_by_turn(utterances)
    counts.index = counts.index - 1
    table = tidy(scores.join(counts))
    table["turn"] += 1
    later = table[table["turn"].gt(1) & table["mean"].notna()]
    change = (
        f"from {table['mean'].iloc[0]:.1f} in the first turn to {later['mean'].iloc[0]:.1f} in the "
        f"second, the range within a turn from {table['range'].iloc[0]:.1f} to "
        f"{later['range'].iloc[0]:.1f}"
        if len(later)
        else "in one turn only"
    )
    return Finding(
        name="scores_by_turn",
        title="How do scores change over a conversation?",
        sentence=f"The mean score goes {change} points.",
        table=table,
        notes=("conversations: with so many turns; reach: people with a conversation that long.",),
        draw=partial(_draw_turns, table=table),
        columns=("turn", "mean", "range", "conversations", "reach"),
    )


def use_of_scale(utterances: pd.DataFrame, settings: PreferenceSettings) -> Finding:
    """Centrality and expressivity of people (Figure 14)."""
    table = tidy(scale_use(utterances, settings.seed, settings.replicates))
    first = table[table["part"].eq("openers")].set_index("measure")["value"]
    return Finding(
        name="use_of_scale",
        title="How do people use the scale?",
        sentence=f"In first turns the average person scores around {first['centrality']:.0f} of "
        f"100 and spreads the replies of a turn over {first['expressivity']:.0f} points.",
        table=table,
        notes=(
            "centrality: mean of a person's scores by turn; expressivity: mean range of the scores "
            "of a turn; reach and deviation: range and standard deviation of all scores.",
        ),
        draw=partial(
            draw_estimates,
            names=table["part"] + ": " + table["measure"],
            table=table,
            column="value",
            what="points of the scale, mean over people",
        ),
        columns=("part", "measure", "value", "people", "sd"),
        rows=len(table),
    )


def by_group(openers: pd.DataFrame, survey: pd.DataFrame, settings: PreferenceSettings) -> Finding:
    """Distributions of scores in first turns by group (Figures 13 and 15)."""
    found = {
        column: score_distribution(
            openers,
            groups_said(survey[column]),
            settings.seed,
            least=settings.least,
            replicates=settings.replicates,
        )
        for column in settings.groupings
    }
    parts = {column: one.table.rename_axis("group") for column, one in found.items()}
    table = tidy(pd.concat(parts, names=["grouping"])) if parts else pd.DataFrame()
    left = [group for one in found.values() for group in one.left_out]
    spread = (
        f"from {table['median'].min():.0f} to {table['median'].max():.0f}" if len(table) else ""
    )
    return Finding(
        name="scores_by_group",
        title="Do groups use the scale differently?",
        sentence=f"Medians of first-turn scores go {spread} over {len(table)} groups."
        if len(table)
        else f"No group has {settings.least} people with a score.",
        table=table,
        notes=(
            f"{len(left)} groups are left out, which have fewer than {settings.least} people. Nor "
            f"do people who preferred not to say take part.",
        ),
        draw=partial(
            draw_estimates,
            names=table["grouping"] + ": " + table["group"],
            table=table,
            column="median",
            what="median score in first turns",
        )
        if len(table)
        else None,
        size=(7, 1 + 0.2 * len(table)),
        columns=("grouping", "group", "people", "median", "share_1", "share_50", "share_100"),
        rows=len(table),
    )


def frequencies(openers: pd.DataFrame, settings: PreferenceSettings) -> Finding:
    """How often each model was rated, and pairs of them (Figures 16 to 18)."""
    wins = pair_win_fractions(
        openers, settings.seed, threshold=settings.threshold, replicates=settings.replicates
    )
    each = models_per_person(openers, settings.seed, settings.replicates)["value"]
    average = wins.average.add_prefix("wins ").rename(columns={"wins value": "wins"})
    table = model_frequency(openers).join(average).rename_axis("model").reset_index()
    best = wins.average.index[0]
    return Finding(
        name="frequencies",
        title="How often was each model rated, and how often does it win?",
        sentence=f"{best} wins {100 * wins.average['value'].iloc[0]:.0f}% of its battles, averaged "
        f"over opponents; a person rates {each['models']:.1f} of {len(table)} models.",
        table=table.sort_values("wins", ascending=False, ignore_index=True),
        notes=("wins: mean over the other models of the share won, ties left out.",),
        draw=partial(_draw_square, pairs=wins, what="share of battles that the row's model wins"),
        size=(7, 6),
        rows=len(table),
    )


def pairs(openers: pd.DataFrame, settings: PreferenceSettings) -> Finding:
    """Battles, wins and correlations of each pair of models (Figures 17 to 19)."""
    wins = pair_win_fractions(
        openers, settings.seed, threshold=settings.threshold, replicates=settings.replicates
    )
    like = score_correlations(openers, settings.seed, replicates=settings.replicates)
    table = _long(wins, "wins").merge(_long(like, "correlation").drop(columns="times met"))
    known = table.dropna(subset="correlation").sort_values("correlation", ascending=False)
    sentence = "No pair of models met often enough for a correlation."
    if len(known):
        top = known.iloc[0]
        sentence = (
            f"{top['model']} and {top['other']} are scored most alike: correlation "
            f"{top['correlation']:.2f} over {top['times met']:.0f} turns."
        )
    return Finding(
        name="pairs",
        title="Which models are scored alike?",
        sentence=sentence,
        table=table.sort_values("correlation", ascending=False, ignore_index=True),
        notes=("Scores of two replies to the same prompt by the same person.",),
        draw=partial(_draw_square, pairs=like, what="correlation of scores within a turn"),
        size=(7, 6),
    )


def _long(square: PairTable, name: str) -> pd.DataFrame:
    """A row for each pair of models, the row's model first."""
    parts = {name: square.value, f"{name} low": square.low, f"{name} high": square.high}
    upper = np.triu_indices(len(square.value), 1)
    order = np.argsort(square.value.index.astype(str))  # both squares in one order
    models = square.value.index.to_numpy()[order]
    return pd.DataFrame(
        {
            "model": models[upper[0]],
            "other": models[upper[1]],
            **{key: part.to_numpy()[np.ix_(order, order)][upper] for key, part in parts.items()},
            "times met": square.n.to_numpy()[np.ix_(order, order)][upper],
        }
    )


def _draw_turns(axes: Axes, table: pd.DataFrame) -> None:
    for name, colour in (("mean", BLUE), ("range", BROWN)):
        known = table.dropna(subset=name)
        axes.plot(known["turn"], known[name], "o-", color=colour, label=f"{name} of a turn")
        axes.fill_between(
            known["turn"], known[f"{name} low"], known[f"{name} high"], color=colour, alpha=0.2
        )
    axes.set_xlabel("turn")
    axes.set_ylabel("points of the scale, 95% intervals")
    axes.legend(frameon=False)


def _draw_square(axes: Axes, pairs: PairTable, what: str) -> None:
    names = [label(name) for name in pairs.value.index]
    image = axes.imshow(pairs.value.to_numpy(), cmap="RdBu_r" if "corr" in what else "viridis")
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=7)
    axes.set_yticks(range(len(names)), names, fontsize=7)
    axes.figure.colorbar(image, ax=axes, label=what, shrink=0.8)
