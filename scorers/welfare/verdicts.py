"""Tests of schemes: who gains and who loses, and whether one dominates another."""

import numpy as np
import pandas as pd

from ratings.arrays import BoolArray, FloatArray
from scorers.comparison.differences import holm
from scorers.intervals.bootstrap import CONFIDENCE
from scorers.intervals.means import mean_of_present
from scorers.intervals.quantiles import student_beyond, student_quantile
from scorers.welfare.crossfit import Compared

SIGNIFICANT = 0.05


def gains_and_losses(compared: Compared) -> pd.DataFrame:
    """What each group gains or loses under each scheme, compared with the base.

    Intervals and p-values are Student's with the standard error of the bootstrap over people; the
    degrees of freedom are one less than the people of the smaller of pool and group.

    Returns:
        A row for each scheme but the base and each group: `scheme`, `group`, `gain` (with ` low`
        and ` high`), `p`, and `p Holm` over all rows.
    """
    off = compared.gains - mean_of_present(compared.gains, axis=0)
    error = np.sqrt(mean_of_present(off**2, axis=0))
    freedom = np.minimum(compared.pools[:, None], compared.sizes) - 1
    reach = student_quantile((1 + CONFIDENCE) / 2, freedom) * error
    ratio = np.divide(
        np.abs(compared.gain), error, out=np.full_like(error, np.nan), where=error > 0
    )
    table = _rows(
        compared,
        {
            "gain": compared.gain,
            "gain low": compared.gain - reach,
            "gain high": compared.gain + reach,
            "p": 2 * student_beyond(ratio, freedom),
        },
    )
    return table.assign(**{"p Holm": holm(table["p"].to_numpy(float))})


def dominance_tests(compared: Compared) -> pd.DataFrame:
    """Whether the base dominates each scheme, and the scheme the base, with sampling error.

    The statistic is the largest violation: the greatest excess with which the one that should
    dominate chooses one of the j worst models, over j. Its distribution is taken at the hardest
    case of no violation, two schemes that are equal: whose people are like any others, so that
    membership of groups is permuted over people. Of two numbers of people from one pool, it is
    that of resampled people less the estimate.

    Source: Barrett and Donald (2003), Consistent Tests for Stochastic Dominance, Econometrica 71,
    for the statistic. Their bootstrap is of independent outcomes. With one over people, tests at
    5% rejected 7 to 9% of the time where groups do not differ: a choice jumps from one model to
    another where their means are nearly equal, and the bootstrap takes that for smaller than it is.

    Returns:
        A row for each scheme but the base and each group: `scheme`, `group`, `violation` of the
        base's dominance (0 to 1) with its `p`; `reverse` and `p reverse` the same for the
        scheme's; and `verdict`.
    """
    forward, p_forward = _largest(compared.excess, compared.by_chance)
    reverse, p_reverse = _largest(-compared.excess, -compared.by_chance)
    table = _rows(
        compared,
        {"violation": forward, "p": p_forward, "reverse": reverse, "p reverse": p_reverse},
    )
    no, no_reverse = table["p"] < SIGNIFICANT, table["p reverse"] < SIGNIFICANT
    verdicts = {
        "base is better": no_reverse & ~no,
        "scheme is better": no & ~no_reverse,
        "neither dominates": no & no_reverse,
    }
    return table.assign(
        verdict=np.select(list(verdicts.values()), list(verdicts), default="not distinguished")
    )


def _largest(excess: FloatArray, centred: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The largest violation, S x G, and how often chance alone gives one as large."""
    statistic = np.maximum(excess.max(axis=-1), 0.0)
    chance = np.maximum(centred.max(axis=-1), 0.0)
    defined = ~np.isnan(chance)
    as_large = np.where(defined, chance >= statistic - 1e-12, False).sum(axis=0)
    p_value: FloatArray = (1 + as_large) / (1 + defined.sum(axis=0))
    return statistic, np.where(np.isnan(statistic), np.nan, p_value)


def _rows(compared: Compared, columns: dict[str, FloatArray]) -> pd.DataFrame:
    others: BoolArray = np.array([name != compared.base for name in compared.schemes])
    schemes = np.array(compared.schemes, dtype=object)[others]
    index = pd.MultiIndex.from_product([schemes, compared.groups], names=["scheme", "group"])
    data = {name: values[others].ravel() for name, values in columns.items()}
    return pd.DataFrame(data, index=index).reset_index()
