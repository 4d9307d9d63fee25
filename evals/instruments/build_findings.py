"""What a built instrument is worth, as sentences, tables and pictures: the conclusion first."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evals.instruments.build import BuiltInstrument
from evals.reports.picture import BLUE, BROWN, label
from evals.studies.findings import Finding
from ratings.instruments.dimensions import FAMILIES, SCHWARTZ
from ratings.output.numbers import how_many, number, percent
from scorers.intervals.estimate import Estimate
from scorers.tags.coverage import (
    KINDS,
    chance_distance,
    mean_distance,
    pair_distances,
    spread,
    topic_shares,
)
from scorers.tags.power import detectable_correlation, power, raters_needed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TRUE = (0.2, 0.3, 0.4, 0.5, 0.6)
_FAMILY = {"schwartz": "values", "higher_order": "higher-order values", "big_five": "traits"}
_CHANCES = ("holds in resamples", "again with other people")
_RULE = "r > .3 and p < .05"


def build_findings(built: BuiltInstrument) -> Iterator[Finding]:
    """The findings in the order of a reader."""
    yield _conclusion(built)
    yield _screening(built)
    yield _power(built)
    yield _false(built)
    yield _coverage(built)
    if built.topics:
        yield _topics(built)
    if tuple(built.tags["schwartz"].dimensions if "schwartz" in built.tags else ()) == SCHWARTZ:
        yield _cross_loadings(built)
    yield _stability(built)


def tag_counts(built: BuiltInstrument) -> pd.DataFrame:
    """A row a dimension: family, items and queries that count, and items that survive control."""
    queries = built.table.instances["query"].to_numpy()
    rows = []
    for family, tags in built.tags.items():
        found, kept = tags.tagged(), tags.tagged(rule="fdr")
        rows += [
            {
                "dimension": name,
                "family": _FAMILY[family],
                "items": int(found[d].sum()),
                "queries": len(set(queries[found[d]])),
                "survive FDR": int(kept[d].sum()),
                "enough items": "yes"
                if found[d].sum() >= built.settings.fewest_items
                else "too few",
            }
            for d, name in enumerate(tags.dimensions)
        ]
    return pd.DataFrame(rows)


def _conclusion(built: BuiltInstrument) -> Finding:
    counts = tag_counts(built)
    table, few = built.table, counts[counts["enough items"] == "too few"]
    counting = np.any([tags.tagged().any(axis=0) for tags in built.tags.values()], axis=0)
    least = built.settings.fewest_items
    short = ", ".join(f"{name} {n}" for name, n in zip(few["dimension"], few["items"], strict=True))
    absent = [name for family in FAMILIES for name in FAMILIES[family] if name not in built.scores]
    sentence = (
        f"{how_many(len(table.instances), 'items')} of "
        f"{how_many(table.instances['query'].nunique(), 'queries')}, rated by "
        f"{how_many(len(table.raters), 'people')} ({built.raters_an_item.median():.0f} an item). "
        f"{how_many(int(counting.sum()), 'items')} count for a dimension ({_RULE}), with "
        f"{sum(counts['items'])} "
        f"tags in all, of which {number(_expected_false(built), 1)} are expected to be false and "
        f"{sum(counts['survive FDR'])} survive false-discovery control. "
        + (
            f"Fewer than {least} items: {short}. A score of these says little."
            if len(few)
            else f"Every dimension has {least} items or more."
        )
    )
    notes = [*built.study.notes]
    if absent:
        notes.append(
            f"nobody was measured on {', '.join(absent)}; the instrument has no such score"
        )
    return Finding(
        "tags",
        f"What {built.name} measures",
        sentence,
        counts,
        tuple(notes),
        draw=lambda axes: _draw_counts(axes, counts, least),
        rows=20,
    )


def _expected_false(built: BuiltInstrument) -> float:
    """How many tags are expected to be false, over all families."""
    found = built.false_tags.values()
    return sum(float(one.found.sum()) * one.share().value for one in found if one.found.sum())


def _screening(built: BuiltInstrument) -> Finding:
    table = built.screening
    first, last = len(built.study.raters), int(table["remaining"].iloc[-1])
    removed = table[table["removed"] > 0]
    by_rule = ", ".join(
        f"{rule} {count}" for rule, count in zip(removed["rule"], removed["removed"], strict=True)
    )
    sentence = f"{last} of {how_many(first, 'raters')} are kept; " + (
        f"removed by {by_rule}." if by_rule else "no rule removed anybody."
    )
    pairs = zip(table["rule"], table["note"], strict=True)
    unused = [f"{rule}: {note}" for rule, note in pairs if note]
    shown = ("rule", "broken by", "removed", "remaining")
    return Finding(
        "screening",
        "Which raters were left out",
        sentence,
        table,
        tuple(unused),
        rows=20,
        columns=shown,
    )


def _power(built: BuiltInstrument) -> Finding:
    n = int(built.raters_an_item.median())
    table = pd.DataFrame(
        {
            "true correlation": TRUE,
            "found (p < .05)": power(n, np.array(TRUE)),
            "tagged (r > .3 and p < .05)": power(n, np.array(TRUE), threshold=0.3),
            "raters for 80% (p < .05)": [raters_needed(r) or np.nan for r in TRUE],
        }
    )
    least = detectable_correlation(n, threshold=0.3)
    of_3 = float(table["found (p < .05)"].iloc[TRUE.index(0.3)])
    sentence = (
        f"With {how_many(n, 'raters')} an item a true correlation of .3 is found in "
        f"{percent(of_3)} of studies "
        f"(p < .05); only one of {number(least)} is tagged in 80% of them."
    )
    needed = raters_needed(0.3)
    notes = (f"to find .3 in 80% of studies takes {needed} raters an item",)
    return Finding("power", "What this number of raters can find", sentence, table, notes)


def _false(built: BuiltInstrument) -> Finding:
    rows, parts = [], []
    for family, found in built.false_tags.items():
        tags, share, most = built.tags[family], found.share(), found.most()
        total, kept = int(found.found.sum()), int(tags.tagged(rule="fdr").sum())
        rows.append(
            {
                "family": _FAMILY[family],
                "tags": total,
                "by chance": found.expected().value,
                "by chance low": found.expected().low,
                "by chance high": found.expected().high,
                **_ends("false, expected", share),
                **_ends("false, at most", most),
                "survive FDR": kept,
            }
        )
        parts.append(
            f"{_FAMILY[family]}: {how_many(total, 'tags')}, {percent(share.value)} of them "
            f"expected to be "
            f"false, {kept} survive false-discovery control at 5%"
        )
    notes = (
        "by chance: tags that permuted scores give; survive FDR: Benjamini-Hochberg over all items "
        "and dimensions of the family",
    )
    title = "How many tags are false"
    sentence = "; ".join(parts) + "."
    return Finding("false_tags", title, sentence, pd.DataFrame(rows), notes)


def _ends(name: str, found: Estimate) -> dict[str, float]:
    return {name: found.value, f"{name} low": found.low, f"{name} high": found.high}


def _coverage(built: BuiltInstrument) -> Finding:
    rows, parts = [], []
    for family, tags in built.tags.items():
        strong = tags.found()
        even = spread(strong)
        rows += [
            {
                "family": _FAMILY[family],
                "dimension": name,
                "positive tags": int(tags.tagged()[d].sum()),
                "tags of either sign": int(strong[d].sum()),
                "share": float(even.shares[d]),
            }
            for d, name in enumerate(tags.dimensions)
        ]
        parts.append(
            f"{_FAMILY[family]}: {how_many(int(even.counts.sum()), 'tags')} of either sign, "
            f"standard deviation "
            f"of the shares {number(even.deviation, 3)}, most over fewest {number(even.imbalance)}"
        )
    notes = (
        "of the published instrument the ten values have .042 and 3.65 (its Table 2 prints 3.69)",
    )
    table = pd.DataFrame(rows)
    title = "How evenly tags lie over dimensions"
    return Finding("coverage", title, "; ".join(parts) + ".", table, notes, rows=20)


def _topics(built: BuiltInstrument) -> Finding:
    shares = topic_shares(built.topics)
    table = shares.rename_axis("topic").reset_index()
    sentence = (
        f"{how_many(len(built.topics), 'queries')} have {how_many(len(table), 'topics')}; the "
        f"most frequent is "
        f"{table['topic'].iloc[0]} ({number(float(table['per cent'].iloc[0]), 0)}%)."
    )
    return Finding("topics", "Topics of the queries", sentence, table)


def _cross_loadings(built: BuiltInstrument) -> Finding:
    tags = built.tags["schwartz"]
    queries = built.table.instances["query"].tolist()
    rows, parts = [], []
    for kind in KINDS:
        by_item = pair_distances(tags.r, tags.found(), kind)
        counts = by_item.sum(axis=1)
        total = float(counts.sum())
        rows += [
            {
                "pairs": f"{kind} direction",
                "distance": step,
                "count": int(count),
                "per cent": 100 * count / total if total else np.nan,
            }
            for step, count in enumerate(counts, start=1)
        ]
        mean = mean_distance(by_item, queries, built.seed)
        ends = f" ({number(mean.low)} to {number(mean.high)})" if mean.reason is None else ""
        parts.append(
            f"{int(total)} pairs in {kind} directions lie {number(mean.value)}{ends} apart"
        )
    sentence = (
        f"{' and '.join(parts)}; two values at random lie "
        f"{number(chance_distance(len(SCHWARTZ)))} apart."
    )
    table = pd.DataFrame(rows)
    notes = (
        "values next to each other on Schwartz's circle have distance 1; the published instrument "
        "has 1.59 and 3.53",
    )
    return Finding(
        "cross_loadings",
        "Which values share an item",
        sentence,
        table,
        notes,
        draw=lambda axes: _draw_distances(axes, table),
    )


def _stability(built: BuiltInstrument) -> Finding:
    frames, reasons = [], set()
    for family, tags in built.tags.items():
        again = built.again[family]
        pair = tags.frame().drop(columns="reason")
        pair["holds in resamples"] = built.shares[family].ravel()
        pair["expected r"] = again.expected.ravel()
        pair["again with other people"] = again.again.ravel()
        frames.append(pair[tags.tagged().ravel()])
        if again.reason:
            reasons.add(f"{_FAMILY[family]}: no chance of being found again, {again.reason}")
    table = pd.concat(frames, ignore_index=True)
    table = table.sort_values("holds in resamples", kind="stable", ignore_index=True)
    chance = table["again with other people"].mean()
    sentence = (
        "No item counts for any dimension."
        if table.empty
        else f"Of {how_many(len(table), 'tags')}, as many other people would be expected to show "
        f"{percent(float(chance))} again; the least stable holds in "
        f"{percent(float(table['holds in resamples'].min()))} of resamples of raters."
    )
    notes = (
        "holding in resamples is too high a guess, because a tag was picked for being high; "
        "the chance with other people takes that into account",
        *sorted(reasons),
    )
    return Finding(
        "tag_stability",
        "Which tags would hold with other raters",
        sentence,
        table,
        notes,
        draw=None if table.empty else lambda axes: _draw_stability(axes, table),
        columns=("instance", "dimension", "r", "q", "n", *_CHANCES),
    )


def _draw_counts(axes: "Axes", counts: pd.DataFrame, least: int) -> None:
    positions = np.arange(len(counts))
    axes.bar(positions, counts["items"], color=BLUE, width=0.7, label="count for it")
    axes.bar(positions, counts["survive FDR"], color=BROWN, width=0.35, label="survive FDR")
    axes.axhline(least, color="0.4", linewidth=1, linestyle="--")
    axes.set_xticks(positions, counts["dimension"], rotation=45, ha="right")
    axes.set_ylabel("items")
    axes.legend(frameon=False)


def _draw_distances(axes: "Axes", table: pd.DataFrame) -> None:
    for shift, color, (kind, of) in zip(
        (-0.2, 0.2), (BROWN, BLUE), table.groupby("pairs"), strict=True
    ):
        axes.bar(of["distance"] + shift, of["per cent"], width=0.4, color=color, label=label(kind))
    axes.set_xlabel("distance on the circle")
    axes.set_ylabel("per cent of pairs")
    axes.legend(frameon=False)


def _draw_stability(axes: "Axes", table: pd.DataFrame) -> None:
    axes.plot(table["r"], table["holds in resamples"], "o", color=BLUE, label="resamples")
    axes.plot(
        table["r"], table["again with other people"], "o", color=BROWN, label="with other people"
    )
    axes.set_xlabel("correlation found")
    axes.set_ylabel("share or chance")
    axes.set_ylim(0, 1.02)
    axes.legend(frameon=False)
