"""The whole study of welfare on PRISM's tables."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from evals.studies.findings import Finding
from evals.studies.prism_facts import prism_facts
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
    both = [(population, kind) for population in populations for kind in MEASURES]
    for population, kind in both:
        yield enough(population, kind, settings)
    compared = [compared_schemes(population, kind, settings) for population, kind in both]
    for (population, kind), found in zip(both, compared, strict=True):
        yield gains(population, kind, found)
    for population in populations:
        yield models(population, settings)
        yield rules(population, settings)
    for (population, kind), found in zip(both, compared, strict=True):
        yield distributions(population, kind, found, settings)
        yield with_imputation(population, kind, settings)


def study_facts(prism: Prism, data: str, plan: str, settings: WelfareSettings) -> dict[str, Any]:
    """Settings and data of a study, for its JSON."""
    return prism_facts("welfare", prism, data, asdict(settings), plan=plan)
