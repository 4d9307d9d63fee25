"""Test and retest: the same model asked twice."""

from collections.abc import Sequence

import pandas as pd

from evals.studies.agreement.pair import FAMILIES, Pair
from evals.studies.agreement.scored import columns, said_of
from evals.studies.findings import Finding
from ratings.output.numbers import number
from scorers.agreement.retest import retest


def retests(pairs: Sequence[Pair]) -> Finding:
    """Standard error of measurement and the smallest change that means something."""
    rows = []
    for pair in pairs:
        one, other = (each.reshape(len(each), -1) for each in pair.repeats)
        tagged = [(family, pair.tags(family)) for family in FAMILIES]
        rows += [
            {
                "pair": pair.name,
                "measured": found.name,
                **columns("standard error", found.error),
                **columns("smallest change", found.change),
                **columns("ICC(A,1)", found.icc),
            }
            for found in retest(one, other, pair.queries, tagged)
        ]
    table = pd.DataFrame(rows)
    item = table[table["measured"].str.startswith("an item")].iloc[0]
    values = table[table["measured"].isin(FAMILIES[0].names)]
    changes = values["smallest change"]
    settings = sorted({name for pair in pairs for name in pair.differing})
    return Finding(
        name="agreement_retest",
        title="How reliable is asking again?",
        sentence=(
            f"Test-retest reliability of an item's mean over wordings is "
            f"{said_of(item, 'ICC(A,1)')}, ICC(A,1); its standard error of "
            f"measurement is {number(item['standard error'])} points. The "
            f"score of a value has to change by {number(float(changes.min()))} to "
            f"{number(float(changes.max()))}, by value, to show more than asking again."
        ),
        table=table,
        notes=(
            "standard error: of one asking. smallest change: 1.96 times the root of 2 times that.",
            *(
                f"The two differ in {name}: what that changes is in these errors."
                for name in settings
            ),
        ),
        rows=24,
    )
