"""Which topics there are, how large and how stable."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from evals.reports.picture import BLUE
from evals.studies.findings import Finding
from evals.studies.topics.settings import TopicSettings
from evals.topics.clusters import NO_MAP, OUTLIER, UMAP_MAP, find_topics
from evals.topics.embeddings import TFIDF, topic_points
from evals.topics.named import NamedTopics
from ratings.arrays import FloatArray, IntArray
from ratings.output.numbers import percent
from scorers.topics.stability import SHARE, Stability, topic_stability

_MAPPED_DRAWS = 10  # at most where each makes a map again, ten seconds at the size of PRISM
_SHOWN = 3  # texts of a topic in the table
_LONGEST = 120  # characters of each


def overview(
    texts: Sequence[str],
    points: FloatArray,
    person: IntArray,
    topics: NamedTopics,
    settings: TopicSettings,
) -> Finding:
    """Sizes, names, words and stability of topics (Table 22).

    Args:
        texts: N.
        points: N x D, which were clustered.
        person: N, 0 to R - 1, whose text it is.
        topics: of the texts.
        settings: of the study.
    """
    found = topics.found
    draws = settings.draws if found.reduction == NO_MAP else min(settings.draws, _MAPPED_DRAWS)
    stable = _stability(texts, points, person, topics, draws, settings)
    table = _table(texts, person, topics, stable)
    outside = percent(float((found.topic == OUTLIER).mean()))
    if found.count:
        low, high = table["stability"].min(), table["stability"].max()
        first = table.iloc[0]
        sentence = (
            f"{len(texts)} opening prompts fall into {found.count} topics of at least "
            f"{found.smallest}; {outside} are in none. The largest is {first['topic']!r} with "
            f"{first['prompts']} prompts. Topics found again from half of the people agree with "
            f"these by an adjusted Rand index of {stable.agreement:.2f}, and each overlaps with "
            f"itself by {low:.2f} to {high:.2f} of 1."
        )
    else:
        sentence = (
            f"{len(texts)} opening prompts fall into no topic of at least {found.smallest}: "
            f"choose fewer with --smallest, or another --model."
        )
    how = "the words that they use together" if settings.model == TFIDF else settings.model
    mapped = (
        f"brought to {found.dimensions} dimensions by UMAP" if found.reduction == UMAP_MAP else ""
    )
    return Finding(
        name="topics",
        title="What do people write about?",
        sentence=sentence,
        table=table,
        notes=(
            f"Prompts are embedded by {how} in {points.shape[1]} dimensions,"
            f"{mapped} and clustered by HDBSCAN.",
            f"stability: mean Jaccard index with the best match among topics found again, "
            f"embedding and map included, from {SHARE:.0%} of the people, {draws} draws, "
            f"with the range of 95% of the draws. Agreement over draws: {stable.low:.2f} to "
            f"{stable.high:.2f}; prompts in no topic count as one.",
        ),
        draw=(lambda axes: _draw(axes, table)) if found.count else None,
        size=(7, 1.5 + 0.25 * max(found.count, 1)),
        rows=25,
        columns=("topic", "prompts", "share", "people", "stability"),
    )


def _table(
    texts: Sequence[str], person: IntArray, topics: NamedTopics, stable: Stability
) -> pd.DataFrame:
    found = topics.found
    sizes = np.bincount(found.topic[found.topic >= 0], minlength=found.count)
    people = [len(np.unique(person[found.topic == t])) for t in range(found.count)]
    of_topics = stable.topics
    return pd.DataFrame(
        {
            "topic": topics.names,
            "prompts": sizes,
            "share": sizes / len(texts),
            "people": people,
            "stability": of_topics["stability"],
            "stability low": of_topics["low"],
            "stability high": of_topics["high"],
            "words": [", ".join(words) for words in topics.words],
            "closest": [_quoted(texts, rows) for rows in topics.closest],
            "furthest": [_quoted(texts, rows) for rows in topics.furthest],
        }
    )


def _stability(
    texts: Sequence[str],
    points: FloatArray,
    person: IntArray,
    topics: NamedTopics,
    draws: int,
    settings: TopicSettings,
) -> Stability:
    smallest = max(2, round(SHARE * topics.found.smallest))

    def again(rows: IntArray) -> IntArray:
        some = points[rows]
        if settings.model == TFIDF:  # which is learned from the texts
            some = topic_points([texts[n] for n in rows], settings.model, settings.seed)
        return find_topics(some, settings.seed, smallest).topic

    return topic_stability(topics.found.topic, person, again, settings.seed, draws)


def _quoted(texts: Sequence[str], rows: IntArray) -> str:
    return " | ".join(" ".join(texts[n].split())[:_LONGEST] for n in rows[:_SHOWN])


def _draw(axes: Axes, table: pd.DataFrame) -> None:
    at = np.arange(len(table))[::-1]
    axes.barh(at, table["prompts"], color=BLUE)
    axes.set_yticks(at, table["topic"], fontsize=7)
    axes.set_xlabel("prompts")
