"""The tags of an instrument by family of dimensions, and what they are worth."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from ratings.arrays import BoolArray, FloatArray
from ratings.table import RatingTable
from scorers.tags.correlations import Rule, TagTable, correlate
from scorers.tags.false_tags import FalseTags, false_tags
from scorers.tags.stability import (
    HalfCheck,
    TrueCorrelations,
    bootstrap_shares,
    half_check,
    true_correlations,
)


@dataclass(frozen=True)
class TagSettings:
    """What counts as a tag, and how much is drawn.

    Attributes:
        rule: as in `TagTable.found`.
        threshold: that |r| must exceed.
        permutations: of people's scores.
        resamples: of raters.
        seed: of all draws.
    """

    rule: Rule = "published"
    threshold: float = 0.3
    permutations: int = 1_000
    resamples: int = 500
    seed: int = 0


@dataclass(frozen=True, eq=False)
class TaggedFamily:
    """The tags of one family of dimensions, and what they are worth; worked out when asked for."""

    name: str
    table: RatingTable
    dimensions: tuple[str, ...]
    settings: TagSettings

    @property
    def scores(self) -> pd.DataFrame:
        """R x D."""
        return self.table.raters[list(self.dimensions)]

    @cached_property
    def tags(self) -> TagTable:
        """Correlations with intervals."""
        return correlate(self.table, self.scores)

    def found(self, rule: Rule, *, positive: bool = False) -> BoolArray:
        """D x I: which pairs are tags by a rule, of either sign or of positive sign."""
        of = self.tags.tagged if positive else self.tags.found
        return of(self.settings.threshold, rule=rule)

    @cached_property
    def by_chance(self) -> FalseTags:
        """Tags of either sign with people's scores permuted."""
        return self._permuted(positive=False)

    @cached_property
    def positive_by_chance(self) -> FalseTags:
        """Tags that scores use with people's scores permuted."""
        return self._permuted(positive=True)

    @cached_property
    def true(self) -> TrueCorrelations:
        """What is likely to be true of the correlations."""
        return true_correlations(
            self.table, self.scores, self.settings.threshold, seed=self.settings.seed
        )

    @cached_property
    def halves(self) -> HalfCheck:
        """Whether what half of the people foretell is so in the other half."""
        return half_check(self.table, self.scores, self.settings.threshold, seed=self.settings.seed)

    @cached_property
    def shares(self) -> FloatArray:
        """D x I shares of resamples in which a pair is a tag."""
        return bootstrap_shares(
            self.table,
            self.scores,
            self.settings.threshold,
            resamples=self.settings.resamples,
            seed=self.settings.seed,
        )

    def _permuted(self, *, positive: bool) -> FalseTags:
        return false_tags(
            self.table,
            self.scores,
            self.settings.threshold,
            rule=self.settings.rule,
            positive=positive,
            permutations=self.settings.permutations,
            seed=self.settings.seed,
        )
