"""Items that two sets of answers differ on at like scores, and what that does to the scores."""

from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from evals.reports.picture import BLUE, BROWN, label
from evals.studies.agreement.pair import FAMILIES, Pair
from evals.studies.agreement.scored import columns, said_of
from evals.studies.findings import Finding
from ratings.arrays import BoolArray
from ratings.output.numbers import how_many
from scorers.agreement.dif.model import model_dif, turned
from scorers.agreement.dif.people import people_dif
from scorers.agreement.dif.results import ALPHA, Dif
from scorers.agreement.dif.wordings import wordings_dif
from scorers.comparison.differences import holm
from scorers.intervals.means import mean_of_present
from scorers.scores.manifests import ScoreFamily


def functioning(pairs: Sequence[Pair]) -> tuple[Finding, Finding]:
    """Differential item functioning of every pair: by value first, then by item."""
    found = [
        (pair, family, _dif(pair, tagged))
        for pair in pairs
        for family in FAMILIES
        if (tagged := pair.tags(family)).any()
    ]
    by_item = pd.DataFrame([row for part in found for row in _item_rows(*part)])
    by_item = by_item.sort_values("q", kind="stable", ignore_index=True)
    by_value = pd.concat([_value_table(*part) for part in found], ignore_index=True)
    methods = dict.fromkeys(f"{pair.name}: {one.method}." for pair, _, one in found)
    return _by_value(by_value, pairs, tuple(methods)), _by_item(by_item, pairs, tuple(methods))


def _dif(pair: Pair, tagged: BoolArray) -> Dif:
    first, second = (pair.ratings(which) for which in (0, 1))
    people = [each.answers.people is not None for each in (pair.one, pair.other)]
    if all(people):
        return people_dif(first.T, second.T, tagged)
    if people[1]:
        return turned(model_dif(mean_of_present(first, axis=1), second.T, tagged))
    if people[0]:
        return model_dif(mean_of_present(second, axis=1), first.T, tagged)
    one, other = (each.reshape(len(each), -1) for each in pair.repeats)
    return wordings_dif(one, other, tagged)


def _item_rows(pair: Pair, family: ScoreFamily, found: Dif) -> list[dict[str, object]]:
    return [
        {
            "pair": pair.name,
            "item": pair.items[one.item],
            "value": family.names[one.dimension],
            **columns("difference", one.difference),
            "p": one.p,
            "q": one.q,
            "p uniform": one.uniform,
            "p non-uniform": one.nonuniform,
            "R2 change": one.r2,
            "size": one.size,
            "log odds": one.log_odds,
            "raters": one.raters,
            "family": family.name,
            "not tested": one.reason or "",
        }
        for one in found.items
    ]


def _value_table(pair: Pair, family: ScoreFamily, found: Dif) -> pd.DataFrame:
    p = np.array([one.p for one in found.values])
    return pd.DataFrame(
        [
            {
                "pair": pair.name,
                "value": family.names[one.dimension],
                "items": one.items,
                "differ": one.found,
                **columns("mean difference", one.difference),
                "p": one.p,
                "p Holm": float(corrected),
                "family": family.name,
                "not tested": one.difference.reason or "",
            }
            for one, corrected in zip(found.values, holm(p), strict=True)
        ]
    )


def _by_value(table: pd.DataFrame, pairs: Sequence[Pair], methods: tuple[str, ...]) -> Finding:
    sure = table[table["p Holm"] < ALPHA]
    who = pairs[0].name if len(pairs) == 1 else f"Over {len(pairs)} pairs"
    if len(sure):
        first = sure.iloc[int(sure["mean difference"].abs().argmax())]
        which = "" if len(pairs) == 1 else f" ({first['pair']})"
        most = (
            f" The most, in points of {first['value']}, is {said_of(first, 'mean difference')}"
            f"{which}."
        )
    else:
        most = ""
    return Finding(
        name="agreement_dif_values",
        title="Do items that differ move the scores?",
        sentence=(
            f"{who}: items that are answered differently at like scores are shown to move "
            f"{len(sure)} of {how_many(len(table), 'scores')}.{most}"
        ),
        table=table,
        notes=(
            "mean difference: of a value's items, second less first, beyond what the score on "
            "items without DIF says; 0 where no item has DIF. p after Holm within a family, for "
            "the items that were found.",
            "What all items of a value share is no DIF: it is a difference of scores.",
            *methods,
        ),
        rows=24,
        draw=partial(_draw, table=table) if len(pairs) == 1 else None,
        size=(7, 5.5),
    )


def _by_item(table: pd.DataFrame, pairs: Sequence[Pair], methods: tuple[str, ...]) -> Finding:
    tested = table["q"].notna()
    sure = table[table["q"] < ALPHA]
    who = pairs[0].name if len(pairs) == 1 else f"Over {len(pairs)} pairs"
    items = how_many(sure["item"].nunique(), "items")
    untested = table.loc[~tested, "not tested"].value_counts()
    return Finding(
        name="agreement_dif_items",
        title="Which items differ at like scores?",
        sentence=(
            f"{who}: {items} {'differs' if items == '1 item' else 'differ'} at like scores "
            f"({len(sure)} of {how_many(int(tested.sum()), 'tests')} of an item for a value hold "
            f"after Benjamini and Hochberg)."
        ),
        table=table,
        notes=(
            "difference: second less first, in points of the scale, beyond what the score on the "
            "value's other items without DIF says.",
            *methods,
            *(f"not tested, {count}: {reason}." for reason, count in untested.items()),
        ),
        columns=("pair", "item", "value", "difference", "p", "q", "R2 change", "size", "raters"),
    )


def _draw(axes: Axes, table: pd.DataFrame) -> None:
    shown = table[table["mean difference"].notna()]
    at = np.arange(len(shown))[::-1]
    sure = (shown["p Holm"] < ALPHA).to_numpy()
    for mask, colour in ((sure, BROWN), (~sure, BLUE)):
        part = shown[mask]
        axes.hlines(
            at[mask], part["mean difference low"], part["mean difference high"], color=colour
        )
        axes.plot(part["mean difference"], at[mask], "o", color=colour, markersize=4)
    axes.axvline(0, color="grey", linewidth=0.8)
    axes.set_yticks(at, [label(name) for name in shown["value"]])
    axes.set_xlabel("mean difference of a value's items at like scores, second less first")
