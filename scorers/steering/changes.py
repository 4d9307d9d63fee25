"""The table of changes: a row for each value steered towards, a column for each score."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ratings.arrays import BoolArray, FloatArray
from ratings.errors import unknown_name
from scorers.intervals.bootstrap import ANYWHERE
from scorers.intervals.estimate import Estimate
from scorers.intervals.joint_errors import JointErrors
from scorers.intervals.scopes import Scope, Scoped

NO_ERRORS = "no interval: printed figures have none"


@dataclass(frozen=True, eq=False)
class ChangeErrors:
    """The errors of B x D changes in one scope.

    Attributes:
        scoped: each change with its own error.
        joint: all errors, in the order of the rows, with their covariances.
    """

    scoped: Scoped
    joint: JointErrors


@dataclass(frozen=True, eq=False)
class Changes:
    """How far B steered models moved in D scores from the model that is not steered.

    Attributes:
        steered: B names of scores, what each row is steered towards.
        scores: D names.
        values: B x D, steered less not steered; none is NaN.
        errors: in each scope; empty where none are known, as of printed figures.

    Raises:
        UnknownNameError: for a row that is not steered towards one of the scores.
    """

    steered: Sequence[str]
    scores: Sequence[str]
    values: FloatArray
    errors: Mapping[Scope, ChangeErrors] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.steered:
            if name not in self.scores:
                raise unknown_name("score to steer towards", name, self.scores)

    @cached_property
    def targets(self) -> npt.NDArray[np.intp]:
        """B positions among the scores."""
        return np.array([list(self.scores).index(name) for name in self.steered])

    @cached_property
    def on_target(self) -> BoolArray:
        """B x D, whether a score is the one steered towards."""
        found: BoolArray = self.targets[:, None] == np.arange(len(self.scores))
        return found

    def estimate(
        self,
        scope: Scope,
        value: float,
        gradient: FloatArray,
        ends: tuple[float, float] = ANYWHERE,
    ) -> Estimate:
        """A number computed from the changes, with its interval in a scope.

        Args:
            scope: on these items or beyond them.
            value: the number.
            gradient: B x D, how fast it moves with each change.
            ends: the least and the greatest value that it can have.
        """
        if scope not in self.errors:
            return Estimate(float(np.clip(value, *ends)), reason=NO_ERRORS)
        return self.errors[scope].joint.estimate(value, gradient.ravel(), ends)

    def mean(self, scope: Scope, of: BoolArray) -> Estimate:
        """The mean of some of the changes."""
        weights = of / of.sum()
        return self.estimate(scope, float((weights * self.values).sum()), weights)
