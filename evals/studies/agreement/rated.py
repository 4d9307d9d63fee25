"""Whether answers agree, all of them and item by item."""

from collections.abc import Sequence
from functools import partial
from itertools import compress

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from evals.reports.picture import BLUE
from evals.studies.agreement.pair import FAMILIES, Pair
from evals.studies.agreement.scored import columns, said_of
from evals.studies.findings import Finding
from ratings.arrays import FloatArray
from ratings.output.numbers import how_many, number, percent
from scorers.agreement.scores import limits_of_agreement
from scorers.intervals.means import mean_of_present, ratio
from scorers.intervals.quantiles import student_quantile
from scorers.intervals.repeats import added_variances


def answers(pairs: Sequence[Pair]) -> Finding:
    """Exact share, kappa, ICC and mean difference, of all answers and by wording."""
    rows = [
        {
            "pair": pair.name,
            "wording": wording,
            "answers": found.pairs,
            **columns("exact", found.exact),
            **columns("within one", found.near),
            **columns("kappa", found.kappa),
            **columns("ICC(A,1)", found.icc),
            **columns("difference", found.difference),
        }
        for pair in pairs
        for wording, found in pair.agreement()
    ]
    table = pd.DataFrame(rows)
    overall = table[table["wording"].eq("all")]
    worst = overall.iloc[int(overall["kappa"].argmin())] if overall["kappa"].notna().any() else None
    first = overall.iloc[0] if worst is None else worst
    least = f"The least alike of {len(pairs)} pairs, {first['pair']}" if len(pairs) > 1 else None
    return Finding(
        name="agreement_answers",
        title="Do the answers agree?",
        sentence=(
            f"{least or first['pair']}: {percent(first['exact'])} of "
            f"{how_many(first['answers'], 'answers')} "
            f"are equal, {percent(first['within one'])} at most one point apart; weighted kappa "
            f"{said_of(first, 'kappa')}, ICC(A,1) {said_of(first, 'ICC(A,1)')}."
        ),
        table=table,
        notes=(
            "kappa: Cohen's, weighted by the square of the distance. Intervals keep the items of a "
            "query together.",
            *(
                f"{pair.name}: ratings of people are paired with every answer of the other, each "
                f"item counts alike, and the ICC is of the items' means."
                for pair in pairs
                if not pair.paired
            ),
            *(
                f"{pair.name}: asked differently in {', '.join(pair.differing)}."
                for pair in pairs
                if pair.differing
            ),
        ),
        rows=28,
    )


def items(pairs: Sequence[Pair]) -> Finding:
    """Each item's two means, and how far they are apart."""
    tables = []
    limits: dict[str, tuple[float, float]] = {}
    for pair in pairs:
        one, other = pair.ratings(0), pair.ratings(1)
        means = [mean_of_present(each, axis=1) for each in (one, other)]
        apart = means[1] - means[0]
        reach = _reach(pair)
        low, high = limits_of_agreement(apart, pair.queries)
        limits[pair.name] = (low.value, high.value)
        carried = np.concatenate([pair.tags(family) for family in FAMILIES])
        names = [name for family in FAMILIES for name in family.names]
        exact = np.full(len(apart), np.nan)
        if pair.paired:
            first, second = (each.reshape(len(each), -1) for each in pair.repeats)
            both = ~np.isnan(first + second)
            exact = ratio(((first == second) & both).sum(axis=1), both.sum(axis=1))
        tables.append(
            pd.DataFrame(
                {
                    "pair": pair.name,
                    "item": pair.items,
                    "first": means[0],
                    "second": means[1],
                    "difference": apart,
                    "difference low": apart - reach,
                    "difference high": apart + reach,
                    "exact": exact,
                    "lower limit": low.value,
                    "lower limit low": low.low,
                    "lower limit high": low.high,
                    "upper limit": high.value,
                    "upper limit low": high.low,
                    "upper limit high": high.high,
                    "counts for": [
                        ", ".join(compress(names, carried[:, s])) for s in range(len(pair.items))
                    ],
                }
            )
        )
    table = pd.concat(tables, ignore_index=True)
    table = table.sort_values("difference", key=lambda c: -c.abs(), kind="stable")
    table = table.reset_index(drop=True)
    first_pair = pairs[0].name
    mine = table[table["pair"].eq(first_pair)]
    low_value, high_value = limits[first_pair]
    top = mine.iloc[0]
    return Finding(
        name="agreement_items",
        title="Which items are answered differently?",
        sentence=(
            f"{first_pair}: 95% of the items' means are between {number(low_value)} and "
            f"{number(high_value)} points apart (limits of agreement of Bland and Altman, "
            f"{len(mine)} items); farthest is {top['item']}, {number(top['first'])} and "
            f"{number(top['second'])}."
        ),
        table=table,
        notes=(
            "difference: with its interval over wordings, and over people where people rated; one "
            "item at a time, without correction for their number.",
            "limits: mean difference less and plus 1.96 standard deviations; intervals over "
            "queries.",
        ),
        columns=("pair", "item", "first", "second", "difference", "exact", "counts for"),
        draw=partial(_draw, table=mine, limits=(low_value, high_value)),
    )


def _reach(pair: Pair) -> FloatArray:
    """S half widths of the items' intervals, by Student's t over wordings, or by Welch's t."""
    if pair.paired:
        first, second = (each.reshape(len(each), -1) for each in pair.repeats)
        variance, freedom = _of_means(second - first)
    else:
        variance, freedom = added_variances(_of_means(pair.ratings(1)), _of_means(pair.ratings(0)))
    found: FloatArray = student_quantile(0.975, np.where(freedom > 0, freedom, np.nan)) * np.sqrt(
        variance
    )
    return found


def _of_means(ratings: FloatArray) -> tuple[FloatArray, FloatArray]:
    """S variances of the means of S x M ratings, NaN with fewer than two, and their freedom."""
    counts = (~np.isnan(ratings)).sum(axis=1)
    gaps = ratings - mean_of_present(ratings, axis=1)[:, None]
    freedom = np.maximum(counts - 1.0, 0.0)
    return ratio(ratio(np.nansum(gaps**2, axis=1), freedom), counts), freedom


def _draw(axes: Axes, table: pd.DataFrame, limits: tuple[float, float]) -> None:
    middle = (table["first"] + table["second"]) / 2
    axes.plot(middle, table["difference"], "o", color=BLUE, alpha=0.4, markersize=4)
    axes.axhline(float(table["difference"].mean()), color="black", linewidth=1)
    for limit in limits:
        axes.axhline(limit, color="grey", linestyle="--", linewidth=1)
    axes.set_xlabel("mean of both sets' mean ratings of an item")
    axes.set_ylabel("second less first")
