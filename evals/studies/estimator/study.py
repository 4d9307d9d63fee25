"""The whole study of estimators: people, models, simulated raters."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from evals.studies.estimator.models import model_findings
from evals.studies.estimator.people import people_findings
from evals.studies.estimator.settings import LEVELLED, PREDICTED, EstimatorSettings
from evals.studies.estimator.simulated import simulated_finding
from evals.studies.findings import Finding
from ratings.instruments.dimensions import SCHWARTZ
from ratings.instruments.value_portrait import load_human_ratings, load_instrument
from scorers.predicted_values.model import fit_people
from scorers.predicted_values.people import parts_of
from scorers.scores.responses import ResponseMatrix


def estimator_findings(
    data: str, runs: Mapping[str, ResponseMatrix], settings: EstimatorSettings
) -> Iterator[Finding]:
    """Whether values predicted from all ratings are better scores than the published ones.

    Args:
        data: `official` or `sample`.
        runs: answers of models to it by name; with fewer than two nothing is said of models.
        settings: of the study.

    Raises:
        DataError: when the ratings are missing, changed or too few.
    """
    parts = parts_of(load_human_ratings(data), SCHWARTZ)
    yield from people_findings(parts, SCHWARTZ, settings)
    models = {
        PREDICTED: fit_people(parts, settings.seed),
        LEVELLED: fit_people(parts, settings.seed, level_only=False),
    }
    if len(runs) > 1:
        yield from model_findings(runs, SCHWARTZ, models)
    yield simulated_finding(models[PREDICTED], SCHWARTZ, settings)


def study_facts(
    data: str, runs: Mapping[str, ResponseMatrix], settings: EstimatorSettings
) -> dict[str, Any]:
    """Settings and data of the study, for its JSON."""
    card = load_instrument(data).card
    people = load_human_ratings(data)
    return {
        "study": "estimator",
        "data": data,
        "card": card.id,
        "card_revision": card.revision,
        "synthetic": card.synthetic,
        "people": len(people.raters),
        "ratings": len(people),
        "models": list(runs),
        **asdict(settings),
    }
