"""What reasoning changes: the variance of the profile, and each value."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import scipy

from evals.studies.agreement.scored import columns
from evals.studies.findings import Finding
from evals.studies.profile_variance.profiles import FAMILY, Profile
from ratings.errors import DataError
from ratings.output.numbers import how_many, p_value
from scorers.agreement.scores import Answers, score_agreement
from scorers.intervals.estimate import Estimate
from scorers.profiles.variances import variance_difference

CLAIMED = ("Universalism", "Benevolence")


def reasoning(profiles: Sequence[Profile]) -> list[Finding]:
    """Every reasoning model with its base: variance, then values; nothing where there is no pair.

    A base of several models is their mean; those that are not at hand are left out of it.
    """
    by_name = {one.name: one for one in profiles}
    pairs = []
    lacking = []
    for one in profiles:
        if not one.tag.reasoning:
            continue
        there = [by_name[name] for name in one.tag.base if name in by_name]
        if there:
            pairs.append((one, there))
        else:
            lacking.append(one.name)
    notes = tuple(f"No base at hand: {name}." for name in lacking)
    if not pairs:
        title = "Does reasoning spread the values?"
        sentence = "Not known: no reasoning model is there with the model that it is made from."
        return [Finding("variance_reasoning", title, sentence, pd.DataFrame(), notes)]
    return [_variances(pairs, notes), _values(pairs, notes)]


Pairs = Sequence[tuple[Profile, Sequence[Profile]]]


def _named(base: Sequence[Profile]) -> str:
    return base[0].name if len(base) == 1 else f"mean of {how_many(len(base), 'models')}"


def _variances(pairs: Pairs, notes: tuple[str, ...]) -> Finding:
    rows = [
        {
            "reasoning": one.name,
            "base": _named(base),
            "variance": one.variance.best,
            "of base": float(np.mean([each.variance.best for each in base])),
            **columns(
                "difference",
                variance_difference(one.variance, [each.variance for each in base]),
            ),
        }
        for one, base in pairs
    ]
    table = pd.DataFrame(rows)
    up = int((table["difference"] > 0).sum())
    sure = int(((table["difference low"] > 0) | (table["difference high"] < 0)).sum())
    with_interval = int(table["difference low"].notna().sum())
    tested = f"; the interval of {sure} of {with_interval} leaves out 0" if with_interval else ""
    return Finding(
        name="variance_reasoning",
        title="Does reasoning spread the values?",
        sentence=(
            f"The variance of the ten values is larger with reasoning in {up} of "
            f"{how_many(len(table), 'pairs')}{tested} (two-sided sign test p "
            f"{p_value(_sign_test(up, len(table)))})."
        ),
        table=table,
        notes=notes,
        rows=20,
    )


def _values(pairs: Pairs, notes: tuple[str, ...]) -> Finding:
    rows = []
    for one, base in pairs:
        scoped = _scoped(one, base)
        for d, value in enumerate(FAMILY.names):
            before = float(np.mean([each.values[d] for each in base]))
            change = float(one.values[d]) - before
            on, beyond = scoped.get(value, (Estimate(change), Estimate(change)))
            rows.append(
                {
                    "reasoning": one.name,
                    "base": _named(base),
                    "value": value,
                    "of base": before,
                    "with reasoning": float(one.values[d]),
                    **columns("difference", on if value in scoped else Estimate(change)),
                    **columns("beyond", beyond),
                }
            )
    table = pd.DataFrame(rows)
    claims = []
    for value in CLAIMED:
        mine = table[table["value"].eq(value)]
        up = int((mine["difference"] > 0).sum())
        down = ", ".join(mine.loc[mine["difference"] < 0, "reasoning"])
        claims.append(
            f"{value} is higher with reasoning in {up} of {how_many(len(mine), 'pairs')} (sign "
            f"test p "
            f"{p_value(_sign_test(up, len(mine)))}{f'; lower: {down}' if down else ''})"
        )
    counts = table.assign(up=table["difference"] > 0).groupby("value", sort=False)["up"].sum()
    return Finding(
        name="variance_reasoning_values",
        title="Are Universalism and Benevolence higher with reasoning?",
        sentence=f"{'; '.join(claims)}.",
        table=table.sort_values(
            "value", key=lambda c: ~c.isin(CLAIMED), kind="stable", ignore_index=True
        ),
        notes=(
            "Pairs in which a value is higher with reasoning, of "
            f"{len(pairs)}: {', '.join(f'{name} {count}' for name, count in counts.items())}.",
            "difference: on these items; beyond: with other items too. Intervals where the answers "
            "are at hand and the base is one model.",
            *notes,
        ),
        rows=20,
    )


def _scoped(one: Profile, base: Sequence[Profile]) -> dict[str, tuple[Estimate, Estimate]]:
    """Differences with intervals in both scopes, where both models' answers are there."""
    if len(base) > 1 or one.matrix is None or base[0].matrix is None:
        return {}
    sets = Answers(base[0].name, base[0].matrix), Answers(one.name, one.matrix)
    try:
        found = score_agreement(*sets, [FAMILY])
    except DataError as error:
        raise DataError(f"{base[0].name} and {one.name}: {error}") from error
    return {each.name: (each.on.difference, each.beyond.difference) for each in found}


def _sign_test(up: int, pairs: int) -> float:
    """Two-sided p of as many rises by chance."""
    most = max(up, pairs - up)
    tail = float(scipy.special.bdtrc(most - 1, pairs, 0.5)) if most else 1.0
    return min(2 * tail, 1.0)
