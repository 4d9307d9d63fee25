"""Value Portrait's Appendix D: do responses written for a value go with that value in people?

Two pilots of 40 people each rated 40 responses, one a query and value, by how similar they are to
their own thoughts.
"""

from functools import lru_cache

import numpy as np
import pandas as pd
import pytest

from ratings.instruments.value_portrait_studies import load_pilot
from scorers.tags.correlations import correlate

pytestmark = pytest.mark.usefixtures("mirror")


def pilot_correlations(number: int) -> pd.DataFrame:
    """Spearman r and p of each response with each value: query, target, value, r, p."""
    table = load_pilot(number)
    found = correlate(table, table.raters).frame().rename(columns={"dimension": "value"})
    return found.join(table.instances, on="instance")


@lru_cache
def of_both_pilots() -> pd.DataFrame:
    found = [pilot_correlations(number).assign(pilot=number) for number in (1, 2)]
    return pd.concat(found, ignore_index=True)


def items_with(rows: pd.DataFrame) -> int:
    return len(rows[["pilot", "query", "target"]].drop_duplicates())


def test_80_items_of_which_47_go_with_a_value_and_9_with_their_own():
    """58.75 and 11.25 per cent, as printed; the 47 are without p < .05, with which they are 44."""
    found = of_both_pilots()
    assert not np.isnan(found["r"]).any()
    assert items_with(found) == 80
    strong = found["r"].abs() > 0.3
    assert items_with(found[strong]) == 47
    assert items_with(found[strong & (found["p"] < 0.05)]) == 44
    own = found["target"] == found["value"]
    assert own.sum() == 80
    aligned = own & (found["r"] > 0.3)
    assert aligned.sum() == 9
    assert (found.loc[aligned, "p"] < 0.05).all()


def test_a_response_goes_half_as_often_with_a_value_that_it_was_not_written_for():
    """What the 9 of 80 are worth: the other nine values of an item are at r > .3 in 42 of 720."""
    found = of_both_pilots()
    own = found["target"] == found["value"]
    aligned = (found["r"] > 0.3).groupby(own).mean()
    assert aligned[True] == pytest.approx(9 / 80)
    assert aligned[False] == pytest.approx(42 / 720)
