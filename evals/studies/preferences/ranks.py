"""Which model people prefer: overall, by aggregation, in each context and group."""

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from evals.reports.picture import BLUE, label
from evals.studies.findings import Finding
from evals.studies.preferences.draw import draw_ranks
from evals.studies.preferences.settings import PreferenceSettings, groups_said
from ratings.errors import DataError
from ratings.output.numbers import number, p_value
from scorers.comparison.differences import holm
from scorers.preferences.aggregations.aggregation import AGGREGATIONS
from scorers.preferences.context_differences import context_differences
from scorers.preferences.group_differences import GroupTest, group_differences
from scorers.preferences.preference_ranks import Ranking, rank_models
from scorers.preferences.replies import ScoredReplies
from scorers.preferences.sensitivity import by_aggregation
from scorers.preferences.tallies import Tallies

SIGNIFICANT = 0.05
_ROW = 0.27  # inches of a picture


def overall(tallies: Tallies, settings: PreferenceSettings) -> Finding:
    """Models by rank, with intervals over participants."""
    ranking = rank_models(
        tallies, settings.aggregation, seed=settings.seed, replicates=settings.replicates
    )
    chosen = AGGREGATIONS[settings.aggregation]
    first = ranking.models[0]
    table = _ranking_table(ranking)
    last = first.rank.high
    sure = "" if last == 1 else f", and may be as low as {last}"
    return Finding(
        name="ranks",
        title="Which model do people prefer?",
        sentence=f"{first.model} ranks first of {len(table)} models by {ranking.people} people in "
        f"{ranking.battles} battles ({chosen.title.lower()}){sure}.",
        table=table,
        notes=(
            f"Score: {chosen.title.lower()}, {chosen.unit}. Intervals over other participants "
            f"({ranking.replicates} resamples, seed {ranking.seed}); each holds for one model.",
        ),
        draw=lambda axes: _draw_ranking(axes, ranking, chosen.unit),
        size=(7, 1 + _ROW * len(table)),
        rows=len(table),
    )


def aggregations(tallies: Tallies, settings: PreferenceSettings) -> Finding:
    """Ranks by each way to make scores (Figure 31)."""
    found = by_aggregation(tallies)
    taus = found.tau[settings.aggregation].drop(index=settings.aggregation).dropna()
    table = found.ranks.astype("Int64").rename_axis("model").reset_index()
    moved = (found.ranks.max(axis=1) - found.ranks.min(axis=1)).max()
    between = f"{number(taus.min())} to {number(taus.max())}" if len(taus) else "undefined"
    return Finding(
        name="ranks_by_aggregation",
        title="Does the rank depend on how scores are made?",
        sentence=f"Kendall's tau with {settings.aggregation} is {between} over "
        f"{len(taus)} other ways; a model moves by up to {moved:.0f} ranks.",
        table=table.sort_values(settings.aggregation, ignore_index=True),
        notes=tuple(f"{name}: {reason}" for name, reason in found.reasons.items()),
        draw=partial(draw_ranks, ranks=found.ranks),
        size=(8, 5.5),
    )


def contexts(
    replies: ScoredReplies, contexts_of: "pd.Series[str]", settings: PreferenceSettings
) -> Finding:
    """Ranks by type of conversation, and whether scores differ between types (Figure 4B).

    Args:
        replies: N scored replies.
        contexts_of: N, the type of each one's conversation.
        settings: of the study.
    """
    labels = contexts_of.astype(str).to_numpy()
    names = sorted(set(labels))
    inside = {name: _tallies(replies, labels == name, settings) for name in names}
    outside = {name: _tallies(replies, labels != name, settings) for name in names}
    file, title = "ranks_by_conversation_type", "Does it depend on the type of conversation?"
    try:
        test = context_differences(
            inside,
            outside,
            settings.aggregation,
            seed=settings.seed,
            replicates=settings.replicates,
        )
    except DataError as error:
        return _not_tested(file, title, error)
    ranks = {name: _rank_numbers(part, settings) for name, part in inside.items()}
    rows = [
        {
            "conversation type": one.context,
            "model": one.model,
            "rank": ranks[one.context].get(one.model, np.nan),
            "difference": one.effect.value,
            "difference low": one.effect.low,
            "difference high": one.effect.high,
            "p": one.p_value,
            "p Holm": one.corrected,
        }
        for one in test.effects
    ]
    table = pd.DataFrame(rows)
    sure = int((table["p Holm"] < SIGNIFICANT).sum())
    verdict = "differ" if test.p_value < SIGNIFICANT else "are not shown to differ"
    return Finding(
        name=file,
        title=title,
        sentence=f"Scores {verdict} between the {len(names)} types of conversation (p "
        f"{p_value(test.p_value)}); {sure} of {len(table)} differences of a model hold after "
        f"Holm's correction.",
        table=table.sort_values(["p Holm", "p"], ignore_index=True),
        notes=("difference: score in conversations of the type less that in all others.",),
        draw=partial(draw_ranks, ranks=pd.DataFrame(ranks)),
        size=(7, 5.5),
    )


def groups(
    tallies: Tallies, survey: pd.DataFrame, settings: PreferenceSettings
) -> tuple[Finding, ...]:
    """Ranks by group of people, and whether groups differ: a finding for each grouping (4C)."""
    tested: dict[str, tuple[Tallies, list[str | None], GroupTest]] = {}
    refused: dict[str, DataError] = {}
    for column in settings.groupings:
        labels = _labels(survey[column].reindex(tallies.people), settings.least)
        try:
            test = group_differences(
                tallies,
                labels,
                settings.aggregation,
                seed=settings.seed,
                permutations=settings.permutations,
                replicates=settings.replicates,
            )
        except DataError as error:
            refused[column] = error
            continue
        tested[column] = (tallies, labels, test)
    corrected = dict(
        zip(tested, holm(np.array([t.p_value for *_, t in tested.values()])), strict=True)
    )
    found = [
        _grouping(column, *parts, float(corrected[column]), settings)
        for column, parts in tested.items()
    ]
    return tuple(found) + tuple(
        _not_tested(f"ranks_by_{column}", f"Do groups by {column} differ?", error)
        for column, error in refused.items()
    )


def _not_tested(name: str, title: str, error: DataError) -> Finding:
    return Finding(name, title, f"Not tested: {error}.", pd.DataFrame())


def _grouping(
    column: str,
    tallies: Tallies,
    labels: list[str | None],
    test: GroupTest,
    corrected: float,
    settings: PreferenceSettings,
) -> Finding:
    ranks = {}
    for name in test.groups:
        part = tallies.of_people(np.array([label == name for label in labels]))
        ranks[name] = _rank_numbers(part, settings)
    rows = [
        {
            "group": name,
            "people": test.groups[name],
            "model": one.model,
            "rank": ranks[name].get(one.model, np.nan),
            "difference": effect.value,
            "difference low": effect.low,
            "difference high": effect.high,
            "p Holm": one.corrected,
        }
        for one in test.models
        for name, effect in one.effects.items()
    ]
    table = pd.DataFrame(rows).sort_values(["p Holm", "model"], ignore_index=True)
    sure = [one.model for one in test.models if one.corrected < SIGNIFICANT]
    verdict = "differ" if corrected < SIGNIFICANT else "are not shown to differ"
    models = f"; by model: {', '.join(sure)}" if sure else "; by model: none"
    return Finding(
        name=f"ranks_by_{column}",
        title=f"Do groups by {column} differ?",
        sentence=f"Scores {verdict} between {len(test.groups)} groups (p {p_value(test.p_value)}, "
        f"after Holm over groupings {p_value(corrected)}){models}.",
        table=table,
        notes=(
            f"difference: score by the group less that by all other groups. {test.permutations} "
            f"permutations of people. p Holm: of a model, corrected over models. People "
            f"in no group, because they did not say or their group has fewer than "
            f"{settings.least}: {test.left_out}.",
        ),
        draw=partial(draw_ranks, ranks=pd.DataFrame(ranks)),
        size=(8, 5.5),
    )


def _labels(column: pd.Series, least: int) -> list[str | None]:
    """The group of each person; None for those who did not say, and for small groups."""
    said = groups_said(column)
    counts = said.value_counts()
    large = set(counts.index[counts >= least])
    return [label if label in large else None for label in said]


def _tallies(replies: ScoredReplies, kept: np.ndarray, settings: PreferenceSettings) -> Tallies:
    return Tallies.of(replies.where(kept), settings.threshold)


def _rank_numbers(tallies: Tallies, settings: PreferenceSettings) -> Mapping[str, float]:
    """The rank of each model by some battles; empty where they cannot rank."""
    sensitivity = by_aggregation(tallies, [settings.aggregation])
    ranks = sensitivity.ranks[settings.aggregation].dropna()
    return {str(model): float(rank) for model, rank in ranks.items()}


def _ranking_table(ranking: Ranking) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "model": one.model,
                "score": one.score.value,
                "score low": one.score.low,
                "score high": one.score.high,
                "rank": one.rank.rank,
                "rank low": one.rank.low,
                "rank high": one.rank.high,
                "raters": one.raters,
                "battles": one.battles,
            }
            for one in ranking.models
        ]
    )


def _draw_ranking(axes: Axes, ranking: Ranking, unit: str) -> None:
    shown = [one for one in ranking.models if one.rank.rank is not None]
    at = np.arange(len(shown))[::-1]
    axes.hlines(at, [m.score.low for m in shown], [m.score.high for m in shown], color=BLUE)
    axes.plot([m.score.value for m in shown], at, "o", color=BLUE, markersize=4)
    names = [f"{label(m.model)}  {m.rank.rank} ({m.rank.low} to {m.rank.high})" for m in shown]
    axes.set_yticks(at, names, fontsize=8)
    axes.set_xlabel(f"score ({unit}), 95% intervals; rank with its interval after the name")
