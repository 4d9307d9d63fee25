"""Each grouping with people and model side by side, as a table and a picture."""

import re
from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
import pandas as pd

from evals.studies.findings import Finding
from evals.studies.personas.draw import draw_sides
from evals.studies.personas.human import Group, GroupFigures
from ratings.arrays import FloatArray
from ratings.instruments.dimensions import SCHWARTZ
from ratings.output.numbers import number

_NORMAL = 1.96


def profile_findings(
    groups: Sequence[Group], human: GroupFigures, model: FloatArray, reach: FloatArray, who: str
) -> Iterator[Finding]:
    """A finding a grouping.

    Args:
        groups: B groupings with groups.
        human: figures of people.
        model: B x 10 differences.
        reach: B x 10, half the widths of the model's intervals; NaN where there are none.
        who: the model.
    """
    for n, grouping in enumerate(dict.fromkeys(name for name, _ in groups), start=1):
        rows = [b for b, (name, _) in enumerate(groups) if name == grouping]
        yield _profile(n, [groups[b] for b in rows], human, model[rows], reach[rows], who)


def _profile(
    n: int,
    groups: Sequence[Group],
    human: GroupFigures,
    model: FloatArray,
    reach: FloatArray,
    who: str,
) -> Finding:
    grouping = groups[0][0]
    people = human.of(groups, SCHWARTZ)
    known = not np.isnan(people.values).all()
    rows: list[dict[str, object]] = []
    for g, group in enumerate(groups):
        for side, values in (("people", people.values[g]), (who, model[g])):
            if np.isnan(values).all():
                continue
            row: dict[str, object] = {"group": group[1], "who": side}
            if side == "people" and group in human.people:
                row["N"] = human.people[group]
            rows.append(row | dict(zip([s[:3] for s in SCHWARTZ], values.tolist(), strict=True)))
    widest = (
        (title, np.ptp(side, axis=0)) for title, side in (("people", people.values), (who, model))
    )
    parts = [
        f"of {title} differ most on {SCHWARTZ[int(np.nanargmax(spread))]} "
        f"({number(float(np.nanmax(spread)))})"
        for title, spread in widest
        if not np.isnan(spread).all()
    ]
    slug = re.sub(r"[^a-z0-9]+", "_", grouping.lower()).strip("_") or "grouping"
    bars = np.where(np.isnan(people.values), np.nan, _NORMAL * people.errors)
    return Finding(
        name=f"profile_{n}_{slug}",
        title=f"{grouping}: people and model side by side",
        sentence=f"Groups {'; groups '.join(parts)}." if parts else "Nothing to show.",
        table=pd.DataFrame(rows),
        notes=() if known else (f"There are no human figures for {grouping}.",),
        draw=partial(
            draw_sides,
            groups=[name for _, name in groups],
            scores=SCHWARTZ,
            sides={
                f"{grouping}: people": (people.values, bars),
                f"{grouping}: {who}": (model, reach),
            },
        ),
        size=(11, 4) if known else (6.5, 4),
        rows=len(rows),
    )
