"""Whether scores and whole profiles agree."""

from collections import Counter
from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from evals.reports.picture import BLUE, BROWN, label
from evals.studies.agreement.pair import FAMILIES, Pair
from evals.studies.agreement.settings import AgreementSettings
from evals.studies.findings import Finding
from ratings.output.numbers import how_many, interval, number
from scorers.agreement.scores import profile_agreement, score_agreement
from scorers.intervals.estimate import Estimate

SCOPES = ("on", "beyond")
TOO_FEW = "too few queries"


def columns(name: str, found: Estimate) -> dict[str, float]:
    """An estimate as columns of a finding's table."""
    return {name: found.value, f"{name} low": found.low, f"{name} high": found.high}


def scores(pairs: Sequence[Pair], settings: AgreementSettings) -> Finding:
    """Every score of each pair: difference in both scopes, and whether it is within the margin."""
    rows = [
        {
            "pair": pair.name,
            "score": one.name,
            "first": one.one,
            "second": one.other,
            **columns("on these items", one.on.difference),
            "p on": one.on.p_value,
            "p Holm on": one.on.corrected,
            "verdict on": one.verdicts[0],
            **columns("beyond", one.beyond.difference),
            "p beyond": one.beyond.p_value,
            "p Holm beyond": one.beyond.corrected,
            "verdict beyond": one.verdicts[1],
            "margin": one.margin,
            "family": one.family,
        }
        for pair in pairs
        for one in score_agreement(pair.one.answers, pair.other.answers, FAMILIES, settings.margin)
    ]
    table = pd.DataFrame(rows)
    return Finding(
        name="agreement_scores",
        title="Do the scores agree?",
        sentence=_sentence(table, pairs),
        table=table,
        notes=(
            "Differences are the second set less the first, on the answers of both. On these "
            "items: asked again under wordings of the kind, and by other people where people "
            "answered. Beyond: with other items of the kind as well.",
            "same: the 90% interval lies within the margin (two one-sided tests at 5%). moved: p "
            "after Holm below .05 and not same. undecided: neither.",
        ),
        rows=20,
        columns=("pair", "score", "on these items", "verdict on", "beyond", "verdict beyond"),
        draw=partial(_draw, table=table) if len(pairs) == 1 else None,
        size=(7, 5.5),
    )


def _sentence(table: pd.DataFrame, pairs: Sequence[Pair]) -> str:
    parts = []
    for scope, words in zip(SCOPES, ("on these items", "beyond them"), strict=True):
        count = Counter(table[f"verdict {scope}"])
        parts.append(
            f"{count['same']} of {how_many(len(table), 'scores')} are the same {words} and "
            f"{count['moved']} "
            f"moved ({count['undecided']} undecided)"
        )
    found = "; ".join(parts)
    if len(pairs) > 1:
        return f"Over {len(pairs)} pairs: {found}."
    known = table["beyond"].notna().any()
    moved = table.iloc[int(table["beyond"].abs().argmax())] if known else None
    largest = (
        ""
        if moved is None
        else f" The largest difference is {moved['score']}'s, beyond these items "
        f"{said_of(moved, 'beyond')}."
    )
    return f"{pairs[0].name}: {found}.{largest}"


def said(found: Estimate) -> str:
    """An estimate in a sentence with its interval, or why there is none."""
    if np.isnan(found.value):
        return f"not known ({found.reason or TOO_FEW})"
    if np.isnan(found.low):
        return f"{number(found.value)} (no interval: {found.reason or TOO_FEW})"
    return f"{number(found.value)} ({interval(found)})"


def said_of(row: "pd.Series[float]", column: str) -> str:
    """The same of an estimate that is in a row of a table."""
    return said(Estimate(row[column], row[f"{column} low"], row[f"{column} high"]))


def _within(limits: tuple[Estimate, Estimate]) -> str:
    low, high = limits
    if np.isnan(low.value):
        return f"are not known ({low.reason or 'too few values'})"
    return f"within {number(low.value)} and {number(high.value)}"


def _draw(axes: Axes, table: pd.DataFrame) -> None:
    at = np.arange(len(table))[::-1]
    for name, colour, width in (("beyond", BLUE, 1.2), ("on these items", BROWN, 3.5)):
        low, high = (table[f"{name} {end}"].to_numpy(float) for end in ("low", "high"))
        shown = ~np.isnan(low)
        axes.hlines(at[shown], low[shown], high[shown], color=colour, linewidth=width, label=name)
    axes.plot(table["beyond"], at, "o", color="black", markersize=4)
    margin = float(table["margin"].iloc[0])
    axes.axvspan(-margin, margin, color="grey", alpha=0.15, label="margin")
    axes.axvline(0, color="grey", linewidth=0.8)
    axes.set_yticks(at, [label(name) for name in table["score"]])
    axes.set_xlabel("second less first, points of the scale, 95% intervals")
    axes.legend(frameon=False, fontsize=8)


def profiles(pairs: Sequence[Pair], settings: AgreementSettings) -> Finding:
    """Each family's scores as one profile: correlation, distance, limits of agreement."""
    rows, known = [], []
    for pair in pairs:
        for family in FAMILIES:
            found = profile_agreement(pair.one.answers, pair.other.answers, family, settings.seed)
            if found is not None:
                known.append(found)
                rows.append(
                    {
                        "pair": pair.name,
                        "profile": family.title,
                        "values": found.values,
                        **columns("correlation", found.correlation),
                        **columns("distance", found.distance),
                        "bias": found.bias,
                        **columns("lower limit", found.limits[0]),
                        **columns("upper limit", found.limits[1]),
                    }
                )
    table = pd.DataFrame(rows)
    first = table.iloc[0]
    return Finding(
        name="agreement_profiles",
        title="Do the profiles agree?",
        sentence=(
            f"{first['profile']} of {first['pair']}: correlation over the {first['values']} values "
            f"{said(known[0].correlation)}; 95% of the values' differences "
            f"{_within(known[0].limits)}."
        ),
        table=table,
        notes=(
            "correlation and distance: with queries drawn again for both sets at once, and people "
            "too where people answered. The distance is without what noise adds to it; noise pulls "
            "a correlation towards 0.",
            "limits: Bland and Altman's, mean difference of the values less and plus 1.96 standard "
            "deviations; of few values they are wide.",
        ),
    )
