"""Over-representation and regressions of topics on PRISM's tables."""

import numpy as np
import pandas as pd

from evals.studies.topics.settings import BASES, CONVERSATION_TYPE, TYPE_BASE, TopicSettings
from evals.topics.named import NamedTopics
from ratings.arrays import IntArray
from ratings.prism.container import Prism
from scorers.topics.regression import TopicRegressions, topic_regressions
from scorers.topics.representation import over_representation


def representation_of(
    prism: Prism, person: IntArray, topics: NamedTopics, settings: TopicSettings
) -> pd.DataFrame:
    """Over-representation factors of all groups in all topics, one row each.

    Columns: grouping, group, topic, texts, people, group people, by people and by texts, with ends
    of intervals. `group people` is the size of the group, writers or not; of a type of
    conversation, how many people had one.
    """
    parts = []
    for column in (*BASES, CONVERSATION_TYPE):
        of_prompts = column == CONVERSATION_TYPE
        labels = (prism.conversations if of_prompts else prism.survey)[column]
        codes, names = pd.factorize(labels.astype("object"), sort=True)
        group = codes if of_prompts else codes[person]
        part = over_representation(
            topics.found.topic,
            person,
            group.astype(np.intp),
            [str(name) for name in names],
            None if of_prompts else codes.astype(np.intp),
            len(prism.survey),
            settings.seed,
            settings.replicates,
        )
        whose = pd.Series(person) if of_prompts else pd.Series(np.arange(len(labels)))
        sizes = whose.groupby(np.asarray(names)[codes].astype(str)).nunique()
        part.insert(0, "grouping", column)
        part.insert(3, "group people", part["group"].map(sizes))
        parts.append(part)
    table = pd.concat(parts, ignore_index=True)
    table["topic"] = np.array(topics.names, dtype=object)[table["topic"]]
    return table.rename(columns=lambda name: name.replace("_", " "))


def regressions_of(
    prism: Prism, person: IntArray, topics: NamedTopics, settings: TopicSettings
) -> TopicRegressions:
    """Regressions of all topics on the paper's attributes and types of conversation."""
    attributes = prism.survey[list(BASES)].astype("object").iloc[person].reset_index(drop=True)
    kinds = prism.conversations[CONVERSATION_TYPE].astype("object").to_numpy()
    return topic_regressions(
        topics.found.topic,
        person,
        attributes.assign(**{CONVERSATION_TYPE: kinds}),
        {**BASES, CONVERSATION_TYPE: TYPE_BASE},
        settings.least,
    )
