"""The whole study of welfare on PRISM's tables."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from evals.studies.findings import Finding
from evals.studies.welfare.enough import enough
from evals.studies.welfare.gains import compared_schemes, gains
from evals.studies.welfare.models import models, rules
from evals.studies.welfare.outcomes import distributions, with_imputation
from evals.studies.welfare.population import Population
from evals.studies.welfare.settings import MEASURES, WelfareSettings
from ratings.prism.container import Prism
from scorers.welfare.plan import WelfarePlan


def welfare_findings(
    prism: Prism, plan: WelfarePlan, settings: WelfareSettings
) -> Iterator[Finding]:
    """Who decides, for whom, and what it is worth: conclusions first, then what they rest on.

    Args:
        prism: survey, conversations and utterances.
        plan: groups, schemes and stakeholders.
        settings: of the study.

    Raises:
        DataError: when a population is empty, or the plan names a column that is not there.
    """
    populations = [Population.of(prism, name, plan) for name in settings.populations]
    for question in (enough, gains):
        for population in populations:
            for kind in MEASURES:
                yield question(population, kind, settings)
    for population in populations:
        yield models(population, settings)
        yield rules(population, settings)
        for kind in MEASURES:
            compared = compared_schemes(population, kind, settings)
            yield distributions(population, kind, compared, settings)
            yield with_imputation(population, kind, settings)


def study_facts(prism: Prism, data: str, plan: str, settings: WelfareSettings) -> dict[str, Any]:
    """Settings and data of a study, for its JSON."""
    return {
        "study": "welfare",
        "data": data,
        "card": prism.card.id,
        "card_revision": prism.card.revision,
        "synthetic": prism.card.synthetic,
        "people": len(prism.survey),
        "conversations": len(prism.conversations),
        "plan": plan,
        **asdict(settings),
    }
