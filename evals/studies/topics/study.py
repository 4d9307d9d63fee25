"""The whole study of topics on PRISM's opening prompts."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from evals.studies.findings import Finding
from evals.studies.prism_facts import prism_facts
from evals.studies.topics.groups import explained, prevalence, represented
from evals.studies.topics.neighbourhoods import neighbourhood_findings
from evals.studies.topics.overview import overview
from evals.studies.topics.settings import TopicSettings
from evals.studies.topics.tables import regressions_of, representation_of
from evals.suites.build import build_model
from evals.suites.suite import ModelChoice
from evals.topics.embeddings import embed
from evals.topics.named import named_topics
from ratings.errors import DataError
from ratings.prism.container import Prism


def topic_findings(prism: Prism, settings: TopicSettings, logs: Path) -> Iterator[Finding]:
    """What people write to models about, who writes about what, and what nearly repeats.

    Args:
        prism: survey, conversations and utterances.
        settings: of the study.
        logs: folder of the log of a model that names topics.

    Raises:
        DataError: when a model is missing, or the prompts are too few or all the same.
    """
    texts = prism.conversations["opening_prompt"].fillna("").astype(str).tolist()
    if not texts:
        raise DataError("the data have no conversations: there are no topics to find")
    asked = None if settings.name_with is None else build_model(ModelChoice(settings.name_with))
    embedded = embed(texts, settings.model, settings.seed)
    topics = named_topics(
        texts,
        embedded,
        seed=settings.seed,
        smallest=settings.smallest,
        name_with=asked,
        logs=logs,
    )
    writers = pd.Index(prism.conversations["user_id"])
    person = prism.survey.index.get_indexer(writers).astype(np.intp)
    yield overview(texts, person, topics, settings)
    if topics.found.count:
        factors = representation_of(prism, person, topics, settings)
        fitted = regressions_of(prism, person, topics, settings)
        yield prevalence(topics, factors, fitted, settings)
        yield represented(factors, settings)
        yield explained(topics, fitted, settings)
    replies = None
    if settings.replies:
        written = prism.utterances["model_response"].fillna("").astype(str).tolist()
        replies = embed(written, settings.model, settings.seed)
    yield from neighbourhood_findings(
        prism,
        embedded,
        replies,
        topic=topics.found.topic,
        replicates=settings.replicates,
        seed=settings.seed,
    )


def study_facts(prism: Prism, data: str, settings: TopicSettings) -> dict[str, Any]:
    """Settings and data of a study, for its JSON."""
    return prism_facts("topics", prism, data, asdict(settings))
