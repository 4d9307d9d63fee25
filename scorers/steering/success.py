"""Whether steering moves the value that it is for, and that one most."""

from dataclasses import dataclass

import numpy as np

from scorers.comparison.differences import SIGNIFICANCE, holm
from scorers.intervals.estimate import Estimate
from scorers.intervals.scopes import Scope
from scorers.steering.changes import Changes


@dataclass(frozen=True)
class OnTarget:
    """What steering towards one value did to it, in one scope.

    Attributes:
        steered: the value.
        change: of its own score.
        p: of no change, corrected over the values by Holm's method; NaN without an error.
        largest: the score that rose most.
        lead: its own change less the largest of the other scores'.
        p_lead: of a lead of 0 or less over some other score, corrected likewise; NaN without an
            error.
    """

    steered: str
    change: Estimate
    p: float
    largest: str
    lead: float
    p_lead: float

    @property
    def rises(self) -> bool:
        """Whether the value is shown to rise."""
        return self.change.value > 0 and self.p < SIGNIFICANCE

    @property
    def is_largest(self) -> bool:
        """Whether no other score rose more."""
        return self.largest == self.steered

    @property
    def surely_largest(self) -> bool:
        """Whether its lead over every other score is shown."""
        return self.p_lead < SIGNIFICANCE


def on_target(changes: Changes, scope: Scope) -> list[OnTarget]:
    """The change of each value that was steered towards.

    A lead over all others is shown when it is shown over each (an intersection-union test), so its
    p-value is the largest of those over single scores. Source: Berger (1982), Multiparameter
    hypothesis testing and acceptance sampling.

    Args:
        changes: the table.
        scope: of the errors.
    """
    errors = changes.errors.get(scope)
    rows = len(changes.steered)
    p_values = np.full(rows, np.nan)
    if errors is not None:
        p_values = errors.scoped.p_values()[np.arange(rows), changes.targets]
    p_leads = np.array([_p_lead(changes, scope, row) for row in range(rows)])
    out = []
    for row, (name, p, p_lead) in enumerate(
        zip(changes.steered, holm(p_values), holm(p_leads), strict=True)
    ):
        own, values = int(changes.targets[row]), changes.values[row]
        others = np.delete(values, own)
        alone = np.zeros(changes.values.shape)
        alone[row, own] = 1.0
        # of scores that rose alike the target counts as the one that rose most
        first = own if values[own] >= values.max() else int(values.argmax())
        out.append(
            OnTarget(
                steered=name,
                change=changes.estimate(scope, float(values[own]), alone),
                p=float(p),
                largest=changes.scores[first],
                lead=float(values[own] - others.max()),
                p_lead=float(p_lead),
            )
        )
    return out


def _p_lead(changes: Changes, scope: Scope, row: int) -> float:
    errors = changes.errors.get(scope)
    if errors is None:
        return np.nan
    own = int(changes.targets[row])
    found = [float(errors.scoped.least[row, own])]
    for other in range(len(changes.scores)):
        if other != own:
            gradient = np.zeros(changes.values.shape)
            gradient[row, own], gradient[row, other] = 1.0, -1.0
            lead = float(changes.values[row, own] - changes.values[row, other])
            found.append(errors.joint.p_greater(lead, gradient.ravel()))
    return float(np.max(found))
