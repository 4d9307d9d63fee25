"""Local neighbourhoods of prompts: how many, how mixed, and how apart scores in them are."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from evals.reports.picture import BLUE, BROWN
from evals.studies.findings import Finding
from evals.studies.topics.field_sites import SHOWN, WIDEST, field_site_finding
from evals.studies.topics.settings import BASES
from ratings.arrays import FloatArray, IntArray
from ratings.output.numbers import percent
from ratings.prism.container import Prism
from scorers.intervals.bootstrap import cluster_interval, cluster_sums, cluster_weights, resampled
from scorers.intervals.means import ratio
from scorers.neighbourhoods.counts import in_neighbourhoods, neighbourhood_counts
from scorers.neighbourhoods.entropy import ABOVE, BELOW, DRAWS, INSIDE, adjusted_entropies
from scorers.neighbourhoods.repeats import different_people_sites, same_person_sites
from scorers.neighbourhoods.single_link import PAPER_THRESHOLDS, single_link
from scorers.neighbourhoods.spread import summary

_MIXED = {INSIDE: "as mixed", ABOVE: "more mixed", BELOW: "less mixed"}
_TICKS = (2, 3, 5, 10, 20, 50, 100, 200, 500)


def neighbourhood_findings(
    prism: Prism,
    embeddings: FloatArray,
    replies: FloatArray | None = None,
    *,
    topic: IntArray | None = None,
    thresholds: Sequence[float] = PAPER_THRESHOLDS,
    draws: int = DRAWS,
    replicates: int = 1_000,
    seed: int = 0,
) -> list[Finding]:
    """Neighbourhoods of opening prompts, field sites, and the noise of repeated scores.

    Args:
        prism: survey, conversations and utterances.
        embeddings: of the C opening prompts, C x D, zero for an empty text.
        replies: of the replies of all turns, in the order of `prism.utterances`; field sites need
            them.
        topic: C, the topic of each prompt, negative for none, for its entropy and for field sites.
        thresholds: cosine distances.
        draws: of random neighbourhoods, for the band.
        replicates: of each bootstrap.
        seed: of all draws.
    """
    clusters = _by_threshold(_of_prompts(prism, embeddings), thresholds)
    found = [_neighbourhoods(prism, clusters, topic, draws, replicates, seed)]
    if replies is not None:
        of_replies = _by_threshold(replies, thresholds)
        found.append(field_site_finding(prism, clusters, of_replies, topic, replicates, seed))
    found.append(_repeats(prism.openers(), replicates, seed))
    return found


def _of_prompts(prism: Prism, embeddings: FloatArray) -> FloatArray:
    """Embeddings of prompts; those without dimensions, in which no text differs, are all alike."""
    if embeddings.shape[1]:
        return embeddings
    texts = prism.conversations["opening_prompt"].fillna("").astype(str)
    return np.array(texts.str.strip().ne(""), dtype=float)[:, None]


def _by_threshold(embeddings: FloatArray, thresholds: Sequence[float]) -> dict[float, IntArray]:
    return dict(zip(thresholds, single_link(embeddings, thresholds), strict=True))


def _neighbourhoods(
    prism: Prism,
    clusters: Mapping[float, IntArray],
    topic: IntArray | None,
    draws: int,
    replicates: int,
    seed: int,
) -> Finding:
    """Table 23, and Figure 28 at the paper's threshold."""
    author = prism.conversations["user_id"].astype(str)
    attributes = prism.survey[list(BASES)].astype(object).reindex(author).set_axis(author.index)
    checks = None if topic is None else pd.DataFrame({"topic": topic}, author.index)
    rows, each = [], {}
    for threshold, cluster in clusters.items():
        counts = neighbourhood_counts(cluster, author)
        table = adjusted_entropies(cluster, author, attributes, checks, draws=draws, seed=seed)
        each[threshold] = table
        row: dict[str, float] = {
            "threshold": threshold,
            "neighbourhoods": counts.neighbourhoods,
            "prompts": counts.members,
            **_share(cluster, author, replicates, seed),
            "printed share": counts.printed_share,
            "by one author": counts.one_author,
            "single prompts": counts.singletons,
            "smallest": counts.smallest,
            "largest": counts.largest,
            "mean size": counts.mean,
            "sd of size": counts.sd,
        }
        for rule in ("position", "printed position"):
            known = table[rule].dropna()
            for where, name in _MIXED.items():
                value = known.eq(where).mean() if len(known) else np.nan
                row[f"{rule.removesuffix('position')}{name}"] = value
        for name in ("total", *BASES, "author", *(checks if checks is not None else ())):
            of = summary(table[name], table.index, seed, replicates)
            row |= {f"{name}{end}": of[f"mean{end}"] for end in ("", " low", " high")}
            row[f"{name} sd"] = of["sd"]
        rows.append(row)
    found = pd.DataFrame(rows)
    main = found.iloc[int(np.argmin(np.abs(found["threshold"] - SHOWN)))]
    drawn = each[main["threshold"]]
    return Finding(
        name="neighbourhoods",
        title="Do different people write nearly the same prompts?",
        sentence=_sentence(main, len(author), prism),
        table=found,
        notes=(
            "A neighbourhood is a single-link cluster below a cosine distance, with prompts of two "
            "people or more. Distances of tfidf are not those of the paper's sentence embeddings.",
            "total: sum over five attributes of entropy over its expectation at that size, less 1; "
            "0 is as mixed as random prompts. as mixed, more, less: than 99% of random "
            f"neighbourhoods of the size ({draws} draws). printed: by the paper's band, 2.56 "
            "standard deviations in bits over the root of the size, on either side of 0.",
            "share: of the prompts that are in a neighbourhood, people resampled with clusters "
            "held; printed share: neighbourhoods over prompts, as Table 23 prints it. Intervals of "
            "entropies are over neighbourhoods.",
        ),
        draw=(lambda axes: _draw(axes, drawn)) if drawn["total"].notna().any() else None,
        columns=(
            "threshold", "neighbourhoods", "prompts", "share", "printed share", "largest", "total",
            "as mixed", "more mixed", "less mixed", "printed less mixed",
        ),
    )  # fmt: skip


def _sentence(main: pd.Series, prompts: int, prism: Prism) -> str:
    people = prism.conversations["user_id"].nunique()
    said = (
        f"At a cosine distance of {main['threshold']:g}, {main['prompts']:.0f} of {prompts} "
        f"opening prompts by {people} people are in {main['neighbourhoods']:.0f} neighbourhoods of "
        f"several people"
    )
    if np.isnan(main["as mixed"]):
        return f"{said}; how mixed they are is not defined."
    mixed = percent(float(main["as mixed"] + main["more mixed"]))
    return (
        f"{said} ({percent(float(main['share']))}); {mixed} of the neighbourhoods are at least as "
        f"mixed as random ones."
    )


def _share(
    cluster: IntArray, author: "pd.Series[str]", replicates: int, seed: int
) -> dict[str, float]:
    """Share of prompts in neighbourhoods, people resampled while clusters stay as found."""
    person, people = pd.factorize(author)
    inside = in_neighbourhoods(cluster, author).astype(float)
    sums = cluster_sums(np.stack([inside, np.ones(len(inside))]), person, len(people))
    top, bottom = resampled(cluster_weights(len(people), seed, replicates), sums).T
    value = float(inside.mean()) if len(inside) else np.nan
    low, high = cluster_interval(value, ratio(top, bottom), len(people), ends=(0, 1))
    return {"share": value, "share low": low, "share high": high}


def _repeats(openers: pd.DataFrame, replicates: int, seed: int) -> Finding:
    """Identical prompts and replies (S.5)."""
    rows = []
    for kind, sites, cluster in (
        ("different people", different_people_sites(openers), "user_prompt"),
        ("same person", same_person_sites(openers), "user_id"),
        (
            "same person, one conversation",
            same_person_sites(openers, one_conversation=True),
            "user_id",
        ),
    ):
        of = summary(sites["range"], sites[cluster], seed, replicates, WIDEST)
        rows.append({"scored by": kind, "sites": len(sites), **of})
    table = pd.DataFrame(rows)
    people, person = table.iloc[0], table.iloc[1]
    sentence = (
        f"Identical replies to identical prompts: {_apart(people)} when different people score "
        f"them, {_apart(person)} when one person does."
    )
    return Finding(
        name="repeats",
        title="How apart are scores of identical replies?",
        sentence=sentence,
        table=table,
        notes=(
            "Ranges in points; scores of different people are first averaged within person. "
            "Intervals are over prompts for different people, else over people. In one "
            "conversation: as the paper counts.",
        ),
        columns=(
            "scored by",
            "sites",
            "mean",
            "sd",
            *("lower quartile", "median"),
            "upper quartile",
        ),
    )


def _apart(row: pd.Series) -> str:
    if np.isnan(row["mean"]):
        return "none"
    return f"{row['mean']:.1f} points apart on average ({row['sites']} sites)"


def _draw(axes: Axes, table: pd.DataFrame) -> None:
    """Adjusted entropy by size, with our band and the printed one."""
    known = table[table["total"].notna()]
    bands = known.drop_duplicates("size").sort_values("size")
    axes.fill_between(
        bands["size"], bands["low"], bands["high"], color=BLUE, alpha=0.15,
        label="99% of random neighbourhoods",
    )  # fmt: skip
    axes.plot(bands["size"], bands["printed half"], "--", color=BROWN, label="band as printed")
    axes.plot(bands["size"], -bands["printed half"], "--", color=BROWN)
    axes.plot(known["size"], known["total"], "o", color=BLUE, alpha=0.5, markersize=4)
    axes.axhline(0, color="grey", linewidth=0.8)
    axes.set_xscale("log")
    axes.set_xticks([size for size in _TICKS if size <= known["size"].max()])
    axes.xaxis.set_major_formatter("{x:.0f}")
    axes.xaxis.set_minor_formatter("")
    axes.set_xlabel("prompts in the neighbourhood")
    axes.set_ylabel("adjusted intersectional entropy")
    axes.legend(frameon=False)
