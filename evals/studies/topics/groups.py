"""Who writes about what: over-representation, regressions, and both in one picture."""

from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import TwoSlopeNorm

from evals.studies.findings import Finding
from evals.studies.topics.settings import CONVERSATION_TYPE, LEVEL, REPRESENTED, TopicSettings
from evals.topics.named import NamedTopics
from ratings.prism.codebook import PREFER_NOT
from scorers.comparison.differences import holm
from scorers.topics.regression import EXPECTED, TopicRegressions

_KEYS = ["grouping", "group", "topic"]
_TESTS = ["robust p", "clustered p", "clustered p holm"]
_MARKS = {(True, True): "●", (True, False): "○", (False, True): "·", (False, False): ""}


def prevalence(
    topics: NamedTopics, factors: pd.DataFrame, fitted: TopicRegressions, settings: TopicSettings
) -> Finding:
    """The picture of Figure 3: factors, and which coefficients are significant."""
    shown = _shown(factors, settings)
    tests = _renamed(fitted, topics)[[*_KEYS, *_TESTS, "firm"]]
    table = shown.merge(tests, how="left", on=_KEYS)
    table["factor"] = table["by people"].fillna(table["by texts"])
    table["firm"] = table["firm"].eq(True)
    firm = table[table["firm"]]
    counted = firm[_TESTS].lt(LEVEL).sum()
    of_people = firm[firm["grouping"].ne(CONVERSATION_TYPE)]
    sentence = (
        f"Of {len(firm)} differences between a group and its base group, {counted['clustered p']} "
        f"are significant at {1 - LEVEL:.0%} with errors clustered by person "
        f"({counted['robust p']} with the published HC1 errors), and "
        f"{counted['clustered p holm']} after Holm's correction; without types of conversation "
        f"{int(of_people['clustered p'].lt(LEVEL).sum())} of {len(of_people)}."
    )
    return Finding(
        name="prevalence",
        title="Who writes about what?",
        sentence=sentence,
        table=table[[*_KEYS, "texts", "people", "group people", "factor", *_TESTS, "firm"]],
        notes=(
            "factor: a group's share of a topic's prompts over its share of people; of a type of "
            "conversation, over its share of prompts. Base groups have no test: "
            + ", ".join(fitted.bases.values())
            + ".",
            f"Groups of fewer than {settings.least} people, and {PREFER_NOT!r}, are controls of "
            f"the regressions and not shown.",
            f"Counted and marked are differences with {EXPECTED} prompts or more expected, without "
            f"which both errors are too small. Picture: ● significant at 99% with both errors, ○ "
            f"with HC1 only, · clustered only.",
        ),
        draw=partial(_draw, table=table, topics=topics),
        size=(2.5 + 0.34 * topics.found.count, 8),
        columns=("grouping", "group", "topic", "texts", "factor", "clustered p"),
    )


def represented(factors: pd.DataFrame, settings: TopicSettings) -> Finding:
    """Over-representation factors with intervals, people and prompts as the base."""
    table = _shown(factors, settings).copy()
    table["p holm"] = holm(table["p"].to_numpy())
    table = table.sort_values(["p", "by texts"], ascending=[True, False], ignore_index=True)
    of_people = table[table["p"].notna()]
    sure = of_people[of_people["p holm"].lt(REPRESENTED)]
    named = "none is surely so"
    if len(sure):
        first = sure.iloc[0]
        named = (
            f"most surely {first['group']} in {first['topic']!r}, {first['people']} people where "
            f"{first['expected']:.1f} were expected, {first['by texts']:.2f} times their share of "
            f"prompts ({first['by texts low']:.2f} to {first['by texts high']:.2f})"
        )
    return Finding(
        name="over_representation",
        title="Which groups pull more than their weight?",
        sentence=f"Of {len(of_people)} groups of people in topics, {len(sure)} are over- or "
        f"under-represented at {1 - REPRESENTED:.0%} after Holm's correction "
        f"({int(of_people['p'].lt(REPRESENTED).sum())} without it): {named}.",
        table=table,
        notes=(
            "by people: over the share of people, as published, though prompts are counted and "
            "people wrote one to seven; by texts: over the share of prompts. Intervals: people "
            "are resampled.",
            "p: Fisher's exact test of how many of those who wrote on the topic are of the group, "
            "a person counted once; it keeps its level however few are expected. Types of "
            "conversation are of prompts and have none.",
        ),
        columns=("grouping", "group", "topic", "people", "expected", "by texts", "p", "p holm"),
    )


def explained(topics: NamedTopics, fitted: TopicRegressions, settings: TopicSettings) -> Finding:
    """All coefficients of the regressions (Figure 23)."""
    table = _renamed(fitted, topics)
    table = table.sort_values(["firm", "clustered p"], ascending=[False, True], ignore_index=True)
    firm = table[table["firm"]]
    counts = {
        name: int(firm[name].lt(LEVEL).sum())
        for name in ("robust p", "clustered p", "clustered p holm", "clustered p bh")
    }
    low, high = np.nanmin(fitted.r_squared), np.nanmax(fitted.r_squared)
    return Finding(
        name="regressions",
        title="What goes with writing about a topic, all else equal?",
        sentence=f"{counts['clustered p']} of {len(firm)} coefficients are significant at "
        f"{1 - LEVEL:.0%} with errors clustered by person, {counts['robust p']} with HC1 as "
        f"published; {counts['clustered p holm']} after Holm's correction and "
        f"{counts['clustered p bh']} at a false discovery rate of {LEVEL:.0%}. The regressions "
        f"explain {100 * low:.1f}% to {100 * high:.1f}% of who writes about a topic.",
        table=table,
        notes=(
            f"Linear probability models of {fitted.texts} prompts by {fitted.people} people; "
            f"value: difference from the base group in the probability of the topic, with "
            f"clustered intervals.",
            f"{len(table) - len(firm)} coefficients of groups of fewer than {settings.least} "
            f"people, or with fewer than {EXPECTED} prompts expected on the topic, come last and "
            f"are neither counted nor corrected: both errors are too small there.",
            *(f"{name} is left out: terms before it determine it" for name in fitted.left_out),
        ),
        columns=("grouping", "group", "topic", "value", "clustered p", "clustered p holm"),
    )


def _shown(factors: pd.DataFrame, settings: TopicSettings) -> pd.DataFrame:
    enough = factors["group people"].ge(settings.least) & factors["group"].ne(PREFER_NOT)
    return factors[enough]


def _renamed(fitted: TopicRegressions, topics: NamedTopics) -> pd.DataFrame:
    table = fitted.table.rename(columns={"attribute": "grouping", "level": "group"})
    table["topic"] = np.array(topics.names, dtype=object)[table["topic"]]
    ends = {"clustered_low": "value low", "clustered_high": "value high"}
    return table.rename(columns=ends).rename(columns=lambda name: name.replace("_", " "))[
        [*_KEYS, "value", "value low", "value high", "people", "texts", "expected", "firm"]
        + ["robust error", "clustered error"]
        + [f"{kind} {p}" for kind in ("robust", "clustered") for p in ("p", "p holm", "p bh")]
    ]


def _draw(axes: Axes, table: pd.DataFrame, topics: NamedTopics) -> None:
    rows = table[["grouping", "group"]].drop_duplicates()
    index = pd.MultiIndex.from_frame(rows)
    square = table.pivot(index=["grouping", "group"], columns="topic", values="factor")
    image = axes.imshow(
        square.reindex(index=index, columns=topics.names),
        cmap="PiYG",
        norm=TwoSlopeNorm(1, 0, 3),
        aspect="auto",
    )
    marks = table.assign(
        mark=[
            _MARKS[(bool(robust), bool(clustered))]
            for robust, clustered in zip(
                table["robust p"].lt(LEVEL) & table["firm"],
                table["clustered p"].lt(LEVEL) & table["firm"],
                strict=True,
            )
        ]
    ).pivot(index=["grouping", "group"], columns="topic", values="mark")
    for (row, column), mark in np.ndenumerate(marks.reindex(index=index, columns=topics.names)):
        axes.text(column, row, mark, ha="center", va="center", fontsize=7)
    axes.set_xticks(range(len(topics.names)), topics.names, rotation=90, fontsize=6)
    labels = [
        f"{group[:25]} ({grouping.partition('_')[0]})" if twice else group[:25]
        for grouping, group, twice in zip(
            rows["grouping"], rows["group"], rows["group"].duplicated(keep=False), strict=True
        )
    ]
    axes.set_yticks(range(len(rows)), labels, fontsize=6)
    axes.figure.colorbar(image, ax=axes, label="share of the topic over share of all", shrink=0.6)
