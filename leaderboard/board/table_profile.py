"""What the runs of one table say together: reliability, the circle, clusters, separating items."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from leaderboard.board.table_scores import JointScore
from ratings.arrays import FloatArray
from ratings.output.text import shortened
from ratings.threads import in_threads
from scorers.intervals.means import mean_of_present
from scorers.psychometrics.chance_profiles import chance_profiles
from scorers.psychometrics.circumplex import circle_order, cosine_fit
from scorers.psychometrics.item_discrimination import separating_items
from scorers.psychometrics.model_clusters import cluster_profiles
from scorers.psychometrics.reliability import complete_cases, cronbach_alpha, mcdonald_omega
from scorers.scores.manifests import Manifest, ScoreFamily
from scorers.scores.responses import ResponseMatrix
from scorers.scores.shared_responses import TAGGED, shared_layout, tags_of

SHOWN_ITEMS = 30
LONGEST_TEXT = 300
_OMEGA_DRAWS = 200  # up to 92 items, and no more clusters than raters


def model_variant_rows(grids: Sequence[ResponseMatrix], instances: Sequence[str]) -> FloatArray:
    """Ratings with a row for every rater and prompt variant and a column for every item, MV x I."""
    return ratings_cube(grids, instances).reshape(-1, len(instances))


def ratings_cube(grids: Sequence[ResponseMatrix], instances: Sequence[str]) -> FloatArray:
    """Ratings of M raters in V variants of I items, M x V x I; NaN where missing."""
    index = {instance: i for i, instance in enumerate(instances)}
    cube = np.full((len(grids), len(grids[0].columns), len(instances)), np.nan)
    for m, grid in enumerate(grids):
        items = grid.by_sample()
        kept = [s for s, sample in enumerate(items.samples) if sample in index]
        cube[m][:, [index[items.samples[s]] for s in kept]] = items.ratings[kept].T
    return cube


def reliability_table(grids: Sequence[ResponseMatrix], manifest: Manifest) -> dict[str, Any]:
    """Cronbach's alpha and omega of each score's items over rows of rater and variant.

    Source: Value Portrait, Table 4. Rows with a missing answer to any of the items are left out.
    """
    if manifest.answers.layout != "variants":
        return {}
    found = shared_layout(grids)
    cube = ratings_cube(grids, found.samples)
    raters = np.repeat(np.arange(len(grids)), cube.shape[1]).tolist()
    families = [f for f in manifest.scores.values() if f.estimator in TAGGED]
    tagged = {
        name: [i for i, about in enumerate(found.attributes) if name in about["tags"]]
        for family in families
        for name in family.names
    }

    def of_items(items: list[int]) -> dict[str, Any]:
        rows = cube.take(items, axis=2).reshape(-1, len(items))
        return {
            "alpha": asdict(cronbach_alpha(rows, raters)),
            "omega": asdict(mcdonald_omega(rows, raters, replicates=_OMEGA_DRAWS)),
            "rows": len(complete_cases(rows)),
            "items": len(items),
        }

    some = {name: items for name, items in tagged.items() if items}
    return dict(zip(some, in_threads(of_items, some.values()), strict=True))


def circle_family(manifest: Manifest) -> ScoreFamily | None:
    """The family whose names are the values of Schwartz's circle."""
    return next((family for family in manifest.scores.values() if family.circle), None)


def profiles_by_chance(grids: Sequence[ResponseMatrix], family: ScoreFamily) -> FloatArray:
    """Profiles of M raters, B x M x D, from their ratings put on other items."""
    asked = shared_layout(grids)
    return chance_profiles(
        mean_of_present(ratings_cube(grids, asked.samples), axis=1),
        tags_of(asked, family),
        asked.clusters,
        centred=family.estimator == "centred_tagged_mean",
    )


def circle_of_all(
    joint: Mapping[str, JointScore], family: ScoreFamily, chance: FloatArray
) -> dict[str, Any]:
    """Whether the values of all raters together lie in the circle's order.

    Args:
        joint: scores of M raters.
        family: of the values.
        chance: their profiles by chance, B x M x D.
    """
    found = circle_order(_profiles(joint, family), chance)
    return {"order": list(family.names), **asdict(found)}


def circle_of_each(
    joint: Mapping[str, JointScore], family: ScoreFamily, chance: FloatArray
) -> list[dict[str, Any]]:
    """Of each rater, how well a cosine on the circle fits its profile."""
    profiles = _profiles(joint, family)
    found = [cosine_fit(profile, chance[:, m]) for m, profile in enumerate(profiles)]
    return [
        {"fit": one.fit, "p": one.p, "by_chance": one.by_chance, "amplitude": one.amplitude}
        for one in found
    ]


def clusters_of(
    joint: Mapping[str, JointScore], family: ScoreFamily, ids: Sequence[str]
) -> tuple[dict[str, Any] | None, list[int | None]]:
    """Groups of raters by profile, and the group of each."""
    profiles = _profiles(joint, family)
    replicates = np.stack([joint[name].replicates.T for name in family.names], axis=-1)
    found = cluster_profiles(profiles, replicates)
    if found.reason is not None:
        return None, [None] * len(ids)
    members: dict[str, list[str]] = {}
    for label, one in zip(found.labels, ids, strict=True):
        if label:
            members.setdefault(str(label), []).append(one)
    return {
        "number": found.number,
        "silhouette": found.silhouette,
        "stability": found.stability,
        "members": {name: members[name] for name in sorted(members, key=int)},
    }, [label or None for label in found.labels]


def separating(
    grids: Sequence[ResponseMatrix], manifest: Manifest, texts: Mapping[str, Mapping[str, str]]
) -> list[dict[str, Any]]:
    """The items that tell raters apart most, the best first.

    Args:
        grids: of M raters.
        manifest: of the benchmark.
        texts: query and response of items that may be passed on, by instance.
    """
    if manifest.answers.layout != "variants" or len(grids) < 2:
        return []
    instances = list(shared_layout(grids).samples)
    ratios = separating_items(ratings_cube(grids, instances))
    order = [i for i in np.argsort(-ratios, kind="stable") if not np.isnan(ratios[i])]
    return [
        {
            "instance": instances[i],
            "ratio": float(ratios[i]),
            "text": _one_text(texts.get(instances[i])),
        }
        for i in order[:SHOWN_ITEMS]
    ]


def _one_text(text: Mapping[str, str] | None) -> str | None:
    joined = None if text is None else f"{text['query']} Response: {text['response']}"
    return None if joined is None else shortened(joined, LONGEST_TEXT)


def missing_items(grid: ResponseMatrix, manifest: Manifest, most: int = 50) -> list[dict[str, Any]]:
    """Items or questions with missing answers, those with most first."""
    lost = grid.asked & (grid.statuses != "valid")
    by_column = manifest.answers.layout == "choices" and len(grid.columns) > 1
    found: dict[str, dict[str, int]] = {}
    for s, p in zip(*np.nonzero(lost), strict=True):
        instance = f"question {grid.columns[p]}" if by_column else grid.samples[s]
        counts = found.setdefault(instance, {})
        status = str(grid.statuses[s, p])
        counts[status] = counts.get(status, 0) + 1
    worst = sorted(found.items(), key=lambda pair: (-sum(pair[1].values()), pair[0]))
    return [{"instance": name, "statuses": counts} for name, counts in worst[:most]]


def _profiles(joint: Mapping[str, JointScore], family: ScoreFamily) -> FloatArray:
    return np.column_stack([joint[name].values for name in family.names])
