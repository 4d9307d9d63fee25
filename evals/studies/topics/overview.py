"""Which topics there are, how large and how stable."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from evals.reports.picture import BLUE
from evals.studies.findings import Finding
from evals.studies.topics.settings import TopicSettings
from evals.topics.clusters import OUTLIER, Topics, dense_clusters
from evals.topics.embeddings import TFIDF
from evals.topics.named import NamedTopics
from ratings.arrays import IntArray
from ratings.output.numbers import percent
from scorers.topics.stability import SHARE, topic_stability

_SHOWN = 3  # texts of a topic in the table
_LONGEST = 120  # characters of each
_MAPS = {
    "umap": "UMAP",
    "spectral": "a spectral map of nearest neighbours, because umap-learn is not installed or "
    "prompts are few,",
}


def overview(
    texts: Sequence[str], person: IntArray, topics: NamedTopics, settings: TopicSettings
) -> Finding:
    """Sizes, names, words and stability of topics (Table 22)."""
    found = topics.found
    table = _table(texts, person, topics, settings)
    outside = percent(float((found.topic == OUTLIER).mean()))
    if found.count:
        low, high = table["stability"].min(), table["stability"].max()
        first = table.iloc[0]
        sentence = (
            f"{len(texts)} opening prompts fall into {found.count} topics of at least "
            f"{found.smallest}; {outside} are in none. The largest is {first['topic']!r} with "
            f"{first['prompts']} prompts. Found again among half of the people, topics overlap "
            f"with themselves by {low:.2f} to {high:.2f} of 1."
        )
    else:
        sentence = (
            f"{len(texts)} opening prompts fall into no topic of at least {found.smallest}: "
            f"choose fewer with --smallest, or another --model."
        )
    how = "words and pairs of words" if settings.model == TFIDF else settings.model
    return Finding(
        name="topics",
        title="What do people write about?",
        sentence=sentence,
        table=table,
        notes=(
            f"Prompts are embedded by {how}, brought to {found.reduced.shape[1]} dimensions by "
            f"{_MAPS[found.reduction]} and clustered by HDBSCAN.",
            f"stability: mean Jaccard index with the best match among clusters of "
            f"{SHARE:.0%} of the people, {settings.draws} draws, with the range of 95% of the "
            f"draws. The map is kept; only clusters are found again.",
        ),
        draw=(lambda axes: _draw(axes, table)) if found.count else None,
        size=(7, 1.5 + 0.25 * max(found.count, 1)),
        rows=25,
        columns=("topic", "prompts", "share", "people", "stability"),
    )


def _table(
    texts: Sequence[str], person: IntArray, topics: NamedTopics, settings: TopicSettings
) -> pd.DataFrame:
    found = topics.found
    sizes = np.bincount(found.topic[found.topic >= 0], minlength=found.count)
    people = [len(np.unique(person[found.topic == t])) for t in range(found.count)]
    stable = _stability(found, person, settings)
    return pd.DataFrame(
        {
            "topic": topics.names,
            "prompts": sizes,
            "share": sizes / len(texts),
            "people": people,
            "stability": stable["stability"],
            "stability low": stable["low"],
            "stability high": stable["high"],
            "words": [", ".join(words) for words in topics.words],
            "closest": [_quoted(texts, rows) for rows in topics.closest],
            "furthest": [_quoted(texts, rows) for rows in topics.furthest],
        }
    )


def _stability(found: Topics, person: IntArray, settings: TopicSettings) -> pd.DataFrame:
    there = np.asarray(found.reduced.any(axis=1))
    smallest = max(2, round(SHARE * found.smallest))

    def again(rows: IntArray) -> IntArray:
        out = np.full(len(rows), OUTLIER, dtype=np.intp)
        kept = there[rows]
        out[kept] = dense_clusters(found.reduced[rows[kept]], smallest)
        return out

    return topic_stability(found.topic, person, again, settings.seed, settings.draws)


def _quoted(texts: Sequence[str], rows: IntArray) -> str:
    return " | ".join(" ".join(texts[n].split())[:_LONGEST] for n in rows[:_SHOWN])


def _draw(axes: Axes, table: pd.DataFrame) -> None:
    at = np.arange(len(table))[::-1]
    axes.barh(at, table["prompts"], color=BLUE)
    axes.set_yticks(at, table["topic"], fontsize=7)
    axes.set_xlabel("prompts")
