"""Scores of a rater on the dimensions of Value Portrait.

A score is the mean rating over the items tagged with a dimension. For the ten Schwartz values
and the four higher-order values it is normalised: the mean over all items that carry at least
one tag of the family, each counted once, is subtracted, which takes out how a rater uses the
scale. Big Five scores are raw means, brought from six points to five by the factor 5/6.

Source: Value Portrait, sections 3.4.1 and 4.1; Tables 5 and 6.
"""

from dataclasses import dataclass

from scorers.intervals.estimate import Estimate


@dataclass(frozen=True)
class Score:
    """A rater's score on one dimension.

    Attributes:
        dimension: its name.
        estimate: the score with its interval beyond these items, clustered by query.
        lowest: the score if every missing answer is read in the worst way for it.
        highest: the score if every missing answer is read in the best way for it.
        valid: share of valid answers among those to the items of the dimension.
        items: number of items tagged with the dimension.
        per_variant: the score from each variant alone, V values, NaN where undefined.
    """

    dimension: str
    estimate: Estimate
    lowest: float
    highest: float
    valid: float
    items: int
    per_variant: tuple[float, ...]

    @property
    def moves_with_missing(self) -> bool:
        """Whether the score depends on how missing answers, its own or the centre's, are read."""
        return self.highest - self.lowest > 1e-9
