"""What every predictive family offers: it is fitted on some raters and predicts others' ratings.

A family is a set of functions from what is given about a rater, and an instance, to a distribution
over the instance's choices (Value Profiles, section 3). Fitting picks one of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ratings.arrays import FloatArray, IntArray
from ratings.data_sets.instances import Instances
from ratings.representations.rater_context import Episode, RaterContext


@dataclass(frozen=True)
class Cost:
    """What a fit cost.

    Attributes:
        seconds: of fitting, by the wall clock.
        parameters: how many numbers were fitted.
        ratings: how many ratings it was fitted on, each partition's counted.
    """

    seconds: float
    parameters: int
    ratings: int


class Decoder(Protocol):
    """A fitted family."""

    @property
    def cost(self) -> Cost:
        """What the fit cost."""

    def predict_proba(
        self, given: RaterContext, raters: IntArray, instances: IntArray
    ) -> FloatArray:
        """The distribution of each of N ratings over the choices, N x K.

        Args:
            given: of the raters; the same representation that was given in training.
            raters: N positions in `given`.
            instances: N indices of instances.

        Rows sum to one; choices that an instance does not have get 0.
        """


class Family(Protocol):
    """A way to fit decoders.

    Attributes:
        name: for tables and files.
        version: another whenever a fit could come out differently.
        calibration: how its probabilities are calibrated, a sentence for reports.
        partitions: how many draws of fit and evaluation part it wants of each training rater.
    """

    name: str
    version: str
    calibration: str
    partitions: int

    def fit(self, instances: Instances, training: Sequence[Episode], seed: int) -> Decoder:
        """Fit to the targets of training raters, given what is given about them.

        Args:
            instances: all that test raters may be asked too; texts and choices, no ratings.
            training: the same raters in every episode, each with another partition.
            seed: of every random draw.
        """
