"""What people's ratings say of an instrument's tags: how many are chance, which would hold."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evals.instruments.tagged_family import TaggedFamily, TagSettings
from evals.reports.picture import BLUE, BROWN
from evals.studies.findings import Finding
from ratings.arrays import BoolArray, FloatArray
from ratings.instruments.dimensions import FAMILIES, SCHWARTZ
from ratings.instruments.value_portrait_studies import PILOTS, complete_human_ratings, load_pilot
from ratings.output.numbers import how_many, number, percent, percent_interval
from ratings.table import RatingTable
from scorers.intervals.estimate import Estimate
from scorers.tags.correlations import ALPHA, correlate
from scorers.tags.coverage import KINDS, chance_distance, mean_distance, pair_distances, spread
from scorers.tags.power import detectable_correlation, power, raters_needed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAMES = {"schwartz": "values", "higher_order": "higher-order values", "big_five": "traits"}
TRUE = (0.1, 0.2, 0.3, 0.4, 0.5)
_RULES = {
    "published": f"p < {ALPHA}",
    "fdr": f"q < {ALPHA} (Benjamini-Hochberg)",
    "fdr_any_dependence": f"q < {ALPHA} (Benjamini-Yekutieli)",
}


def tag_findings(data: str, settings: TagSettings) -> Iterator[Finding]:
    """The findings, the conclusion first.

    Args:
        data: `official`, `sample`, or the folder of an instrument.
        settings: what counts as a tag.

    Raises:
        UnknownNameError: for data that are not known.
        DataError: when files are missing or changed.
    """
    table = complete_human_ratings(data)
    families = {
        family: TaggedFamily(NAMES[family], table, measured, settings)
        for family, names in FAMILIES.items()
        if (measured := tuple(one for one in names if _known(table.raters, one)))
    }
    yield _tags(families, settings)
    yield _false(families)
    yield _again(families)
    yield _by_dimension(families, settings)
    yield _each(families)
    yield _power(table, settings)
    if set(SCHWARTZ) == set(families["schwartz"].dimensions if "schwartz" in families else ()):
        yield _coverage(families["schwartz"])
    if data == "official":
        yield _written_for_a_value(settings)


def _known(raters: pd.DataFrame, dimension: str) -> bool:
    return dimension in raters and bool(raters[dimension].notna().any())


def _tags(families: Mapping[str, TaggedFamily], settings: TagSettings) -> Finding:
    rows, parts = [], []
    for family in families.values():
        found = family.found(settings.rule)
        kept, strict = family.found("fdr"), family.found("fdr_any_dependence")
        share = family.by_chance.share()
        strong = np.abs(family.tags.r) > settings.threshold
        by_permutation = strong & (family.by_chance.q < ALPHA)
        rows.append(
            {
                "family": family.name,
                "pairs": found.size,
                "tags": int(found.sum()),
                "positive": int((found & (family.tags.r > 0)).sum()),
                "survive FDR 5%": int(kept.sum()),
                "of these positive": int((kept & (family.tags.r > 0)).sum()),
                "survive, p by permutation": int(by_permutation.sum()),
                "survive under any dependence": int(strict.sum()),
                **_ends("false, expected", share),
            }
        )
        parts.append(
            f"{family.name}: {how_many(int(found.sum()), 'tags')}, {int(kept.sum())} survive "
            f"false-discovery "
            f"control at 5%, about {percent(share.value, 0)} "
            f"({percent_interval(share, 0)}) of them are expected to be false"
        )
    notes = (
        f"a tag: |r| > {settings.threshold:g} and {_RULES[settings.rule]}; scores use the "
        f"positive ones",
        "survive FDR: |r| above the threshold and the adjusted p below 5%, over all pairs of the "
        "family; p by permutation are a little greater far out, where ratings have ties",
    )
    title = "What the ratings say of the tags"
    return Finding("tags", title, "; ".join(parts) + ".", pd.DataFrame(rows), notes)


def _false(families: Mapping[str, TaggedFamily]) -> Finding:
    rows, parts = [], []
    for family in families.values():
        for sign, chance in (
            ("either", family.by_chance),
            ("positive", family.positive_by_chance),
        ):
            found = family.found(family.settings.rule, positive=sign == "positive")
            local = chance.local[found]
            rows.append(
                {
                    "family": family.name,
                    "sign": sign,
                    "tags": int(found.sum()),
                    **_ends("if none were related", chance.expected()),
                    **_ends("false, at most", chance.most()),
                    "unrelated pairs": chance.unrelated(),
                    **_ends("false, expected", chance.share()),
                    "false, by local rates": float(local.mean()) if local.size else np.nan,
                }
            )
        none = family.by_chance.expected()
        parts.append(
            f"{family.name}: {none.value:.0f} ({none.low:.0f} to {none.high:.0f}) of the "
            f"{how_many(int(family.by_chance.found.sum()), 'tags')} would be there if nobody's "
            f"ratings had to "
            f"do with their scores"
        )
    notes = (
        "people's scores are permuted among those who rated the same items; the ends hold 95% of "
        "the permutations",
        "at most: as if all pairs were unrelated; expected: with the share of unrelated pairs from "
        "the pairs with p > .5; by local rates: a second method, from the density of all "
        "correlations",
    )
    title = "How many tags chance explains"
    return Finding("false_tags", title, "; ".join(parts) + ".", pd.DataFrame(rows), notes)


def _again(families: Mapping[str, TaggedFamily]) -> Finding:
    rows, parts = [], []
    for family in families.values():
        found = family.found(family.settings.rule)
        sign, true, halves = np.sign(family.tags.r), family.true, family.halves
        r, expected = _mean(np.abs(family.tags.r), found), _mean(sign * true.expected, found)
        again = _mean(true.again, found)
        row = {
            "family": family.name,
            "tags": int(found.sum()),
            "mean |r|": r,
            "true r, expected": expected,
            "wrong sign": 1 - _mean(true.sign, found),
            "again with other people": again,
            "hold in resamples": _mean(family.shares, found),
            "half: tags": halves.tags,
            "half: foretold": halves.foretold,
            "half: held": halves.held,
            "half: r": halves.r,
            "half: r foretold": halves.r_foretold,
            "half: r in the other": halves.r_other,
        }
        rows.append(row)
        parts.append(
            f"{family.name}: |r| of the tags is {number(r)} on average, and the true "
            f"correlation is expected to be {number(expected)}; as many other "
            f"people would show {percent(again, 0)} of the tags again"
        )
    reasons = {f"{one.name}: {one.true.reason}" for one in families.values() if one.true.reason}
    notes = (
        "held in resamples of the same raters: too high, because a tag was picked for being high",
        "half: tags found in half of the people, the share that was to be expected in the other "
        "half from the first alone, and the share that was there",
        "again: by the published rule",
        *sorted(reasons),
    )
    title = "Whether the tags would hold with other people"
    return Finding("again", title, "; ".join(parts) + ".", pd.DataFrame(rows), notes)


def _by_dimension(families: Mapping[str, TaggedFamily], settings: TagSettings) -> Finding:
    frames = []
    for family in families.values():
        positive = family.found(settings.rule, positive=True)
        kept = family.found("fdr", positive=True)
        frames.append(
            family.positive_by_chance.by_dimension().assign(
                family=family.name,
                survive=kept.sum(axis=1),
                again=[_mean(a, f) for a, f in zip(family.true.again, positive, strict=True)],
                true=[_mean(e, f) for e, f in zip(family.true.expected, positive, strict=True)],
            )
        )
    table = pd.concat(frames, ignore_index=True).rename(
        columns={
            "found": "items",
            "expected": "by chance",
            "expected low": "by chance low",
            "expected high": "by chance high",
            "most false": "false, at most",
            "survive": "survive FDR 5%",
            "again": "again with other people",
            "true": "true r, expected",
        }
    )
    table.insert(0, "family", table.pop("family"))
    no_more = table.loc[table["items"] <= table["by chance high"], "dimension"].tolist()
    names = ", ".join(no_more)
    sentence = (
        f"No more items count for {names} than permuted scores give."
        if no_more
        else "Every dimension has more items than permuted scores give."
    )
    return Finding(
        "dimensions",
        "Items that count for each dimension, and by chance",
        sentence,
        table,
        ("the items are those that scores use: positive tags",),
        draw=lambda axes: _draw_dimensions(axes, table),
        rows=20,
    )


def _each(families: Mapping[str, TaggedFamily]) -> Finding:
    frames = []
    for family in families.values():
        pairs = family.tags.frame().drop(columns="reason")
        pairs.insert(0, "family", family.name)
        pairs["q by permutation"] = family.by_chance.q.ravel()
        pairs["chance to be false"] = family.by_chance.local.ravel()
        pairs["true r, expected"] = family.true.expected.ravel()
        pairs["again with other people"] = family.true.again.ravel()
        pairs["holds in resamples"] = family.shares.ravel()
        frames.append(pairs[family.found(family.settings.rule).ravel()])
    table = pd.concat(frames, ignore_index=True)
    surest = "again with other people"
    table = table.sort_values([surest, "p"], ascending=[False, True], ignore_index=True)
    if table.empty:
        sentence = "No item is tagged."
    else:
        first, half = table.iloc[0], int((table[surest] >= 0.5).sum())
        sentence = (
            f"{half} of {how_many(len(table), 'tags')} are likelier than not to be found again "
            f"with other "
            f"people; the surest is {first['dimension']} on item {first['instance']}, with r "
            f"{number(float(first['r']))}."
        )
    return Finding("each_tag", "Which tags are surest", sentence, table)


def _power(table: RatingTable, settings: TagSettings) -> Finding:
    rated = table.ratings.groupby("instance", observed=True)["rater"].size()
    n = int(rated.median())
    true = np.array(TRUE)
    rows = pd.DataFrame(
        {
            "true correlation": TRUE,
            "found (p < .05)": power(n, true),
            "tagged (also above the threshold)": power(n, true, threshold=settings.threshold),
            "raters for 80% (p < .05)": [raters_needed(r) or np.nan for r in TRUE],
        }
    )
    of_3, needed = float(power(n, 0.3)), raters_needed(0.3)
    sentence = (
        f"{how_many(n, 'raters')} an item find a true correlation of .3 in {percent(of_3, 0)} of "
        f"studies; it "
        f"takes {needed} to find it in 80%, and with {how_many(n, 'raters')} the least "
        f"correlation that is "
        f"found in 80% is {number(detectable_correlation(n))}."
    )
    notes = (
        "two-sided tests at .05; a true correlation at the threshold exceeds it in half of all "
        "studies, however many people rate",
    )
    return Finding("power", "What this many raters can find", sentence, rows, notes)


def _coverage(family: TaggedFamily) -> Finding:
    rows = {}
    found = {
        "tags": family.found("published"),
        "tags, any p": np.abs(family.tags.r) > family.settings.threshold,
        "survive FDR 5%": family.found("fdr"),
    }
    queries = [str(query) for query in family.table.instances["query"]]
    for name, strong in found.items():
        even = spread(strong)
        row = dict(zip(family.dimensions, even.shares, strict=True))
        row |= {"standard deviation": even.deviation, "imbalance": even.imbalance}
        for kind in KINDS:
            pairs = pair_distances(family.tags.r, strong, kind)
            mean = mean_distance(pairs, queries, family.settings.seed)
            row[f"{kind} pairs"] = pairs.sum()
            row |= _ends(f"{kind} distance", mean)
        rows[name] = row
    table = pd.DataFrame(rows).T.rename_axis("rule").reset_index()
    of = rows["tags"]
    sentence = (
        f"Shares of the values differ by {number(of['standard deviation'], 3)} (standard "
        f"deviation), the most are {number(of['imbalance'])} times the fewest; "
        f"{of['same pairs']:.0f} pairs of values on one item in the same direction lie "
        f"{number(of['same distance'])} apart on the circle, {of['opposite pairs']:.0f} in "
        f"opposite directions {number(of['opposite distance'])}, two at random "
        f"{number(chance_distance(len(SCHWARTZ)))}."
    )
    return Finding(
        "coverage",
        "How evenly tags lie over the values, and which values share items",
        sentence,
        table,
        ("`valuegauge instrument tables` compares each cell with the paper",),
        columns=(
            "rule", "standard deviation", "imbalance", "same pairs", "same distance",
            "opposite pairs", "opposite distance",
        ),
    )  # fmt: skip


def _written_for_a_value(settings: TagSettings) -> Finding:
    """Appendix D: responses written for a value."""
    counts = np.zeros(6, dtype=int)
    for pilot in PILOTS:
        people = load_pilot(pilot)
        tags = correlate(people, people.raters)
        own = people.instances["target"].to_numpy() == np.array(tags.dimensions)[:, None]
        strong, above = np.abs(tags.r) > settings.threshold, tags.r > settings.threshold
        counts += [
            own.shape[1],
            strong.any(axis=0).sum(),
            tags.found(settings.threshold).any(axis=0).sum(),
            (own & above).sum(),
            (~own & above).sum(),
            tags.tagged(settings.threshold, rule="fdr").sum(),
        ]
    items, related, _, aligned, others, _ = map(int, counts)
    names = (
        "responses",
        "|r| above the threshold with a value",
        "of these p < .05",
        "r above the threshold with its own value",
        "pairs with another value above it",
        "pairs that survive FDR 5%",
    )
    of = [items, items, items, items, 9 * items, 10 * items]
    table = pd.DataFrame({"counted": names, "count": counts, "of": of})
    sentence = (
        f"Of {items} responses written for a value, {related} go with some value and {aligned} "
        f"with their own; of the {9 * items} pairs with another value {others} go with it, so "
        f"writing for a value makes it {aligned / items / (others / (9 * items)):.1f} times as "
        f"likely."
    )
    title = "Whether responses written for a value go with it in people (two pilots)"
    return Finding("pilots", title, sentence, table)


def _ends(name: str, found: Estimate) -> dict[str, float]:
    return {name: found.value, f"{name} low": found.low, f"{name} high": found.high}


def _mean(values: FloatArray, where: BoolArray) -> float:
    return float(values[where].mean()) if where.any() else np.nan


def _draw_dimensions(axes: "Axes", table: pd.DataFrame) -> None:
    positions = np.arange(len(table))
    axes.bar(positions, table["items"], color=BLUE, width=0.7, label="items")
    low, high = table["by chance low"], table["by chance high"]
    middle = table["by chance"]
    axes.errorbar(
        positions, middle, [middle - low, high - middle], fmt="o", color=BROWN, label="by chance"
    )
    axes.set_xticks(positions, table["dimension"], rotation=45, ha="right")
    axes.set_ylabel("items that count")
    axes.legend(frameon=False)
