"""The variance of each profile, and how it goes with the size of a model."""

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from evals.reports.picture import label
from evals.studies.agreement.scored import columns
from evals.studies.findings import Finding
from evals.studies.profile_variance.profiles import Profile
from ratings.output.numbers import how_many, number, p_value
from scorers.profiles.variances import size_slope


def variances(profiles: Sequence[Profile], notes: tuple[str, ...]) -> Finding:
    """The variance of every profile, the largest first."""
    rows = [
        {
            "model": one.name,
            "family": one.tag.family or "",
            "size": one.tag.size if one.tag.size is not None else np.nan,
            "reasoning": one.tag.reasoning,
            **columns("variance", one.variance.found.published),
            **columns("without noise", one.variance.found.corrected),
        }
        for one in profiles
    ]
    table = pd.DataFrame(rows)
    noisy = table["without noise"].isna().all()
    shown = "variance" if noisy else "without noise"
    table = table.sort_values(shown, ascending=False, kind="stable", ignore_index=True)
    first, last = table.iloc[0], table.iloc[-1]
    what = "variance of ten values" if noisy else "variance of ten values without noise"
    return Finding(
        name="variance_profiles",
        title="How far do a model's values differ?",
        sentence=f"The {what} is {number(first[shown], 3)} for {first['model']}."
        if len(table) == 1
        else (
            f"The {what} is largest for {first['model']} ({number(first[shown], 3)}) and smallest "
            f"for {last['model']} ({number(last[shown], 3)}), of {how_many(len(table), 'models')}."
        ),
        table=table,
        notes=(
            "variance: of the ten scores (n - 1), in squared points, as the paper's Table 8 has "
            "it. Noise of few items adds to it; both intervals are those of the variance without "
            "noise, beyond these items.",
            *notes,
        ),
        rows=30,
    )


def slopes(profiles: Sequence[Profile]) -> Finding:
    """The slope of the variance on the logarithm of the size, of each family and of all."""
    sized = [one for one in profiles if one.tag.family is not None]
    names = list(dict.fromkeys(str(one.tag.family) for one in sized))
    by_name = {name: [one for one in sized if one.tag.family == name] for name in names}
    families = {n: mine for n, mine in by_name.items() if len({o.tag.size for o in mine}) > 1}
    title = "Do larger models differ more between values?"
    if not families:
        reason = "a slope needs two sizes of a family or more"
        return Finding("variance_sizes", title, f"Not known: {reason}.", pd.DataFrame())
    together = [one for mine in families.values() for one in mine]
    smallest = [one for mine in families.values() for one in _larger(mine)]
    groups = {"all families": together, **families}
    if any(len(mine) > 2 for mine in families.values()):
        groups["all families, each without its smallest"] = smallest
    table = pd.DataFrame([_row(name, mine) for name, mine in groups.items()])
    first = table.iloc[0]
    scope = "items" if pd.notna(first["slope low"]) else "models"
    ends = ("slope low", "slope high") if scope == "items" else ("models low", "models high")
    return Finding(
        name="variance_sizes",
        title=title,
        sentence=(
            f"Ten times the parameters go with {number(first['slope'], 3)} more variance "
            f"({number(first[ends[0]], 3)} to {number(first[ends[1]], 3)} over other {scope}) in "
            f"{how_many(len(families), 'families')} of {how_many(first['of'], 'models')}; p over "
            f"models "
            f"{p_value(first['p'])}; the variance rises in {first['rises']} of {first['steps']} "
            f"steps to the next size."
        ),
        table=table,
        notes=(
            "slope: of the variance on the logarithm (base 10) of the size, one for all families, "
            "each with its own level. Its interval draws other queries; models: the interval over "
            "other models, by how far models lie off their family's line.",
            "The paper leaves the smallest model of a family out of its claim; so does the last "
            "row, whose p does not count that it was chosen after seeing them.",
        ),
        draw=partial(_draw, families=families),
        ends_only=("models",),
    )


def _larger(mine: Sequence[Profile]) -> list[Profile]:
    """A family without its smallest model, where a slope is left."""
    ordered = sorted(mine, key=lambda one: float(one.tag.size or 0))
    return ordered[1:] if len(ordered) > 2 else []


def _row(name: str, mine: Sequence[Profile]) -> dict[str, object]:
    sizes = np.array([float(one.tag.size or np.nan) for one in mine])
    found = size_slope(sizes, [str(one.tag.family) for one in mine], [one.variance for one in mine])
    return {
        "family": name,
        "of": found.models,
        **columns("slope", found.items),
        **columns("models", found.models_too),
        "p": found.p,
        "rises": found.rises,
        "steps": found.steps,
    }


def _draw(axes: Axes, families: Mapping[str, Sequence[Profile]]) -> None:
    for name, mine in families.items():
        ordered = sorted(mine, key=lambda one: float(one.tag.size or 0))
        sizes = [float(one.tag.size or np.nan) for one in ordered]
        values = [one.variance.best for one in ordered]
        line = axes.plot(sizes, values, "o-", label=label(name))[0]
        ends = np.array(
            [(one.variance.found.corrected.low, one.variance.found.corrected.high)
             for one in ordered]
        )  # fmt: skip
        there = ~np.isnan(ends[:, 0])
        axes.vlines(np.array(sizes)[there], *ends[there].T, color=line.get_color(), alpha=0.5)
    axes.set_xscale("log")
    axes.set_xlabel("billions of parameters")
    axes.set_ylabel("variance of the ten values")
    axes.legend(frameon=False)


def table_8(profiles: Sequence[Profile], printed: Mapping[str, float]) -> Finding:
    """The printed variances of Table 8, next to those of its printed scores."""
    rows = []
    for one in profiles:
        if one.name not in printed:
            continue
        values, size = one.values, len(one.values)
        apart = np.abs(values - values.mean())
        # how far rounding of the scores to two decimals can move the variance
        room = float((0.01 * apart.sum() + size * 0.005**2) / (size - 1)) + 0.0005
        less, whole = float(values.var(ddof=1)), float(values.var())
        rows.append(
            {
                "model": one.name,
                "printed": printed[one.name],
                "n - 1": less,
                "off by": printed[one.name] - less,
                "n": whole,
                "off by with n": printed[one.name] - whole,
                "to three decimals": "n - 1" if abs(less - printed[one.name]) <= 0.0005 + 1e-9
                else "n" if abs(whole - printed[one.name]) <= 0.0005 + 1e-9
                else "neither",
                "within rounding": abs(less - printed[one.name]) <= room,
            }
        )  # fmt: skip
    table = pd.DataFrame(rows)
    exact = int((table["to three decimals"] == "n - 1").sum())
    other = int((table["to three decimals"] == "n").sum())
    off = table[table["to three decimals"] != "n - 1"]
    named = "; ".join(f"{r['model']} by {r['off by']:+.4f}" for r in off.to_dict("records"))
    return Finding(
        name="variance_table_8",
        title="Do the printed variances follow from the printed scores?",
        sentence=(
            f"With n - 1, {exact} of {len(table)} printed variances follow to three decimals and "
            f"{int(table['within rounding'].sum())} within what rounding of the scores allows "
            f"({named or 'none is off'}); with n, {other} of those left."
        ),
        table=table,
        notes=(
            "within rounding: the scores are printed with two decimals, which moves their "
            "variance by so much at most.",
        ),
        rows=len(table),
    )
