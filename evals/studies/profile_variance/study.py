"""The whole study: variance of profiles, by size, and with reasoning on or off."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evals.studies.findings import Finding
from evals.studies.profile_variance.profiles import Profile
from evals.studies.profile_variance.reasoning import reasoning
from evals.studies.profile_variance.sizes import slopes, table_8, variances


def variance_findings(
    profiles: Sequence[Profile],
    printed: Mapping[str, float] | None = None,
    notes: tuple[str, ...] = (),
) -> Iterator[Finding]:
    """Size first, then reasoning, then every profile.

    Args:
        profiles: one a model.
        printed: the variances that a paper prints, where the profiles are as printed.
        notes: on models that are left out.
    """
    yield slopes(profiles)
    yield from reasoning(profiles)
    yield variances(profiles, notes)
    if printed is not None:
        yield table_8(profiles, printed)


def study_facts(
    profiles: Sequence[Profile], tags: str, synthetic: bool, seed: int, *, published: bool
) -> dict[str, Any]:
    """Settings and data of a study, for its JSON."""
    return {
        "study": "variance",
        "synthetic": synthetic,
        "published": published,
        "tags": tags,
        "models": [one.name for one in profiles],
        "seed": seed,
    }
