"""Whether the answers of a run are possible ones, whoever wrote them."""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from scorers.scores.data_at_hand import data_at_hand
from scorers.scores.manifests import Manifest, named_object
from scorers.scores.responses import NOT_ASKED, ResponseMatrix

# What must be alike for two runs to have measured the same.
MEASURED = ("benchmark", "comparability", "card", "card_revision", "synthetic", "template_sha256",
            "survey_sha256", "settings")  # fmt: skip

_ROUNDING = 1e-6


def fault_of(
    grid: ResponseMatrix, manifest: Manifest, samples: Mapping[str, str] | None = None
) -> str | None:
    """What is wrong with the answers of a run; None where nothing is.

    A rating is a whole number of the scale, and is there just where the answer was read. A
    sample is there once an epoch. Further numbers are finite, and lie in the range of their score
    where one end of it is better; of a mere count, more is possible.

    Args:
        grid: of the run.
        manifest: of the benchmark.
        samples: the cluster of each sample that there is, where the instrument is at hand.

    Returns:
        A phrase with the log as its subject, such as `has the rating 99 ...`.
    """
    return (
        _columns(grid)
        or _samples(grid, samples)
        or _statuses(grid, manifest)
        or _ratings(grid, manifest)
        or _right(grid)
        or _values(grid, manifest)
    )


def known_samples(manifest: Manifest, card: str, revision: str | None) -> Mapping[str, str] | None:
    """The cluster of each sample of an instrument, by the sample's id.

    Args:
        manifest: of the benchmark.
        card: id of the data card.
        revision: of the card, that the run was on.

    Returns:
        None where the benchmark does not say, the revision is another than today's, or the files
        are not at hand; nothing is downloaded.
    """
    at_hand = data_at_hand(manifest, card, revision)
    if manifest.samples is None or at_hand is None:
        return None
    found: Mapping[str, str] | None = named_object(manifest.samples)(at_hand[0])
    return found


@lru_cache
def known_statuses(path: str) -> frozenset[str]:
    """The statuses that a benchmark's manifest names, as `module:name`."""
    return frozenset(named_object(path))


def _columns(grid: ResponseMatrix) -> str | None:
    columns = list(grid.columns)
    if len(set(columns)) < len(columns):
        return f"has the answers {', '.join(columns)[:80]!r}, some of one name"
    return None


def _samples(grid: ResponseMatrix, known: Mapping[str, str] | None) -> str | None:
    pairs = list(zip(grid.samples, grid.epochs, strict=True))
    if len(set(pairs)) < len(pairs):
        sample, epoch = next(pair for pair in pairs if pairs.count(pair) > 1)
        return f"has the sample {sample!r} more than once in epoch {epoch}"
    if known is None:
        return None
    foreign = [sample for sample in dict.fromkeys(grid.samples) if sample not in known]
    if foreign:
        more = f" and {len(foreign) - 1} more" if len(foreign) > 1 else ""
        return f"has samples that its data card does not know ({foreign[0]!r:.60}{more})"
    for sample, cluster in zip(grid.samples, grid.clusters, strict=True):
        if cluster != known[sample]:
            return f"puts the sample {sample!r} with {cluster!r:.60}, not with {known[sample]!r}"
    return None


def _statuses(grid: ResponseMatrix, manifest: Manifest) -> str | None:
    if manifest.answers.statuses is None:
        return None
    known = known_statuses(manifest.answers.statuses) | {NOT_ASKED}
    found = [str(name) for name in np.unique(grid.statuses)]
    foreign = [name for name in found if name not in known]
    if foreign:
        return f"has answers read as {foreign[0]!r:.60}, which {manifest.name} does not know"
    return None


def _ratings(grid: ResponseMatrix, manifest: Manifest) -> str | None:
    # A prediction is one also where its counterpart, with nothing known, is missing.
    ratings, valid = grid.ratings, np.isin(grid.statuses, ("valid", "none_missing"))
    there = ~np.isnan(ratings)
    scales = [family.ratings for family in manifest.scores.values()]
    low, high = min(one[0] for one in scales), max(one[1] for one in scales)
    scale = f"the scale is {low:g} to {high:g}"
    if manifest.answers.layout != "variants":
        low, high, scale = 1.0, np.inf, "choices are counted from 1"
    with np.errstate(invalid="ignore"):
        wrong = there & ~((ratings >= low) & (ratings <= high) & (ratings == np.floor(ratings)))
    wrong |= np.isinf(ratings)
    if wrong.any():
        s, p = (int(of[0]) for of in np.nonzero(wrong))
        return f"has the rating {ratings[s, p]:g} ({_where(grid, s, p)}); {scale}"
    if (there != valid).any():
        s, p = (int(of[0]) for of in np.nonzero(there != valid))
        which = "a valid answer without a rating" if valid[s, p] else "a rating that is not valid"
        return f"has {which} ({_where(grid, s, p)}, status {str(grid.statuses[s, p])!r})"
    return None


def _right(grid: ResponseMatrix) -> str | None:
    if grid.right is None:
        return None
    wrong = ~np.isin(grid.right, (0.0, 1.0)) | ((grid.right == 1.0) & (grid.statuses != "valid"))
    if wrong.any():
        s, p = (int(of[0]) for of in np.nonzero(wrong))
        return f"says {grid.right[s, p]:g} for right ({_where(grid, s, p)})"
    return None


def _values(grid: ResponseMatrix, manifest: Manifest) -> str | None:
    for family in manifest.scores.values():
        if not family.of:
            continue
        values = grid.values[family.of]
        low, high = (end / family.scale for end in family.range)
        most = np.inf if family.direction == "none" else high + _ROUNDING
        wrong = ~np.isnan(values) & ~((values >= low - _ROUNDING) & (values <= most))
        wrong |= np.isinf(values)
        if wrong.any():
            s, p = (int(of[0]) for of in np.nonzero(wrong))
            return (
                f"has {family.of} {values[s, p]:g} ({_where(grid, s, p)}); it lies between "
                f"{low:g} and {high:g}"
            )
    return None


def _where(grid: ResponseMatrix, sample: int, column: int) -> str:
    return f"sample {grid.samples[sample]!r:.60}, {grid.columns[column]!s:.40}"
