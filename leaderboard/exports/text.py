"""Names of scores and counts, as the exports write them."""

import re
from collections.abc import Iterable


def metric_id(benchmark: str, score: str) -> str:
    """The name of a score for machines.

    >>> metric_id("value_portrait", "Openness to Change")
    'value_portrait.openness_to_change'
    """
    return f"{benchmark}.{re.sub(r'[^a-z0-9]+', '_', score.casefold()).strip('_')}"


def listed(counts: Iterable[tuple[str, int]]) -> str:
    """Counted things in a sentence.

    >>> listed([("baseline", 2), ("human", 1)])
    '2 baseline, 1 human'
    """
    return ", ".join(f"{count} {name}" for name, count in counts)
