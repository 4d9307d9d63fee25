"""The whole study of agreement between sets of answers."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import combinations
from typing import Any

from evals.studies.agreement.answer_sets import AnswerSet
from evals.studies.agreement.functioning import functioning
from evals.studies.agreement.pair import Pair
from evals.studies.agreement.rated import answers, items
from evals.studies.agreement.scored import profiles, scores
from evals.studies.agreement.settings import AgreementSettings
from evals.studies.agreement.twice import retests
from evals.studies.findings import Finding


def agreement_findings(sets: Sequence[AnswerSet], settings: AgreementSettings) -> Iterator[Finding]:
    """Scores first, then answers, items, test and retest, and items that differ.

    Args:
        sets: two or more; every pair of them is compared.
        settings: of the study.

    Raises:
        DataError: when two of them have no item in common.
    """
    pairs = [Pair(one, other) for one, other in combinations(sets, 2)]
    yield scores(pairs, settings)
    yield profiles(pairs, settings)
    yield answers(pairs)
    yield items(pairs)
    yield from functioning(pairs)
    same = [pair for pair in pairs if pair.same_rater]
    if same:
        yield retests(same)


def study_facts(
    sets: Sequence[AnswerSet], data: str, settings: AgreementSettings
) -> dict[str, Any]:
    """Settings and data of a study, for its JSON."""
    return {
        "study": "agreement",
        "data": data,
        "synthetic": any(one.synthetic for one in sets),
        "sets": [
            {
                "name": one.name,
                "rater": one.rater,
                "people": None if one.answers.people is None else len(one.answers.people),
                "items": len(set(one.answers.matrix.samples)),
                "wordings": None
                if one.answers.people is not None
                else list(one.answers.matrix.columns),
                **one.asked,
            }
            for one in sets
        ],
        **asdict(settings),
    }
