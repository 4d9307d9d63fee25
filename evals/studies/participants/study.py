"""The whole study of participants."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from evals.studies.findings import Finding
from evals.studies.participants import conversations, people, use
from evals.studies.participants.census import COUNTRIES, compared
from evals.studies.participants.flags import flag_findings
from evals.studies.participants.prior_work import compared_with_prior_work
from evals.studies.participants.raters import rater_facts, rater_findings
from evals.studies.participants.registry import registry
from evals.studies.participants.settings import ParticipantSettings
from evals.studies.participants.texts import QUESTIONS, prism_texts, text_findings
from evals.studies.prism_facts import prism_facts
from ratings.data_sets.registry import DATA_SETS, load_data_set
from ratings.errors import DataMissingError, unknown_name
from ratings.prism.container import Prism
from ratings.prism.prism import PARTS, PUBLISHED, SAMPLE, load_prism
from ratings.sources.locations import resolve_from_start


def participant_findings(prism: Prism, settings: ParticipantSettings) -> Iterator[Finding]:
    """Who took part in PRISM, what they did and wrote, one finding after another.

    Args:
        prism: survey, conversations, utterances and, if it is there, metadata.
        settings: of the study.
    """
    yield people.who(prism)
    yield people.demographics(prism.survey)
    yield compared_with_prior_work(prism.survey)
    yield people.geography(prism.survey)
    yield people.regions(prism.survey)
    yield people.recruitment(prism.survey)
    yield use.familiarity(prism.survey)
    yield use.use_cases(prism.survey)
    yield conversations.conversations(prism, settings)
    yield conversations.types(prism, settings)
    yield conversations.models(prism, settings)
    yield registry(prism)
    yield from text_findings(prism_texts(prism), settings, QUESTIONS)
    if prism.metadata is not None:
        yield from flag_findings(prism.metadata, settings)
    for country in COUNTRIES:
        yield compared(prism.survey, country, settings)


def study_facts(prism: Prism, data: str, settings: ParticipantSettings) -> dict[str, Any]:
    """Settings and data of a study of PRISM, for its JSON."""
    return prism_facts(
        "participants",
        prism,
        data,
        asdict(settings),
        metadata=prism.metadata is not None,
        notes=prism.notes,
    )


def study_of(
    data: str, settings: ParticipantSettings, people: int | None = None
) -> tuple[dict[str, Any], list[Finding]]:
    """Facts and findings of PRISM, or of any rating data set, by name or path.

    Args:
        data: as `load_prism` or `load_data_set` takes it.
        settings: of the study.
        people: of a sample of PRISM.

    Raises:
        UnknownNameError: for a name that is neither.
        DataError: when files are missing or not as they should be.
    """
    if _is_prism(data):
        prism = _with_metadata(data, settings.seed, people)
        return study_facts(prism, data, settings), list(participant_findings(prism, settings))
    rated, notes = load_data_set(data)
    facts = {**rater_facts(rated, data, asdict(settings)), "notes": notes}
    return facts, list(rater_findings(rated, settings))


def _is_prism(data: str) -> bool:
    """Whether this names PRISM, or a folder with a survey.

    Raises:
        UnknownNameError: for what names neither PRISM nor a rating data set.
    """
    if data in (PUBLISHED, SAMPLE):
        return True
    path = resolve_from_start(data)
    rated = data in DATA_SETS or data.startswith("hf://") or path.suffix in (".csv", ".parquet")
    if not rated and not path.is_dir():
        raise unknown_name("data set or folder", data, (PUBLISHED, SAMPLE, *DATA_SETS))
    return not rated and any(path.rglob("survey.jsonl"))


def _with_metadata(data: str, seed: int, people: int | None) -> Prism:
    """PRISM, with metadata where there are any."""
    try:
        return load_prism(data, seed=seed, people=people, parts=PARTS)
    except DataMissingError:
        return load_prism(data, seed=seed, people=people)
