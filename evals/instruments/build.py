"""From a rating study to a tagged instrument: raters kept, correlations, tags, and what they bear.

Source: Value Portrait, section 3.2.3 and Appendix E, for the steps and their usual numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from evals.instruments.settings import BuildSettings
from evals.instruments.study_files import TOPIC, Study
from ratings.arrays import FloatArray
from ratings.errors import DataError
from ratings.instruments.dimensions import FAMILIES
from ratings.table import RatingTable
from scorers.screening.screen import screen
from scorers.tags.correlations import TagTable, correlate
from scorers.tags.false_tags import FalseTags, false_tags
from scorers.tags.stability import TrueCorrelations, bootstrap_shares, true_correlations


@dataclass(frozen=True, eq=False)
class BuiltInstrument:
    """An instrument made of a study.

    Attributes:
        name: id of its card.
        settings: as the user gave them.
        study: that it is made of.
        screening: a row a rule: `rule`, `broken by`, `removed`, `remaining`, `note`.
        table: the ratings of the raters that were kept.
        tags: correlations by family of dimensions, for families that were measured.
        seed: of permutations and resamples.
    """

    name: str
    settings: BuildSettings
    study: Study
    screening: pd.DataFrame
    table: RatingTable
    tags: Mapping[str, TagTable]
    seed: int

    @property
    def scores(self) -> pd.DataFrame:
        """R x D scores of the raters that were kept."""
        return self.table.raters

    def scores_of(self, family: str) -> pd.DataFrame:
        """The scores on the dimensions of one family."""
        return self.scores[list(self.tags[family].dimensions)]

    @property
    def correlations(self) -> dict[str, tuple[FloatArray, FloatArray]]:
        """R and p of each item by dimension."""
        return {
            name: (tags.r[d], tags.p[d])
            for tags in self.tags.values()
            for d, name in enumerate(tags.dimensions)
        }

    @property
    def tagged(self) -> dict[str, int]:
        """By dimension the number of items that count for it: r above .3 and p < .05."""
        return {
            name: int(count)
            for tags in self.tags.values()
            for name, count in zip(tags.dimensions, tags.tagged().sum(axis=1), strict=True)
        }

    @cached_property
    def false_tags(self) -> dict[str, FalseTags]:
        """By family how many of its tags chance explains, of those that scores use."""
        return {
            family: false_tags(
                self.table,
                self.scores_of(family),
                positive=True,
                permutations=self.settings.permutations,
                seed=self.seed,
            )
            for family in self.tags
        }

    @cached_property
    def shares(self) -> dict[str, FloatArray]:
        """By family the share of resamples of raters in which each pair is a tag, D x I."""
        return {
            family: bootstrap_shares(
                self.table,
                self.scores_of(family),
                resamples=self.settings.resamples,
                seed=self.seed,
            )
            for family in self.tags
        }

    @cached_property
    def again(self) -> dict[str, TrueCorrelations]:
        """By family the chance that as many other people would show each tag."""
        return {
            family: true_correlations(self.table, self.scores_of(family), seed=self.seed)
            for family in self.tags
        }

    @property
    def raters_an_item(self) -> pd.Series:
        """How many raters each item has."""
        return self.table.ratings.groupby("instance", observed=True)["rater"].size()

    @property
    def topics(self) -> dict[str, tuple[str, ...]]:
        """Topics of each query, where the study has them: a cell may list several with `|`."""
        items = self.table.instances
        if TOPIC not in items:
            return {}
        first = items.drop_duplicates("query").set_index("query")[TOPIC].dropna()
        return {
            str(query): tuple(part.strip() for part in str(topic).split("|"))
            for query, topic in first.items()
        }


def build_instrument(
    study: Study, settings: BuildSettings, name: str, seed: int
) -> BuiltInstrument:
    """Screen the raters of a study and correlate each item's ratings with their scores.

    Raises:
        DataError: when fewer than three raters are left, or no item can be correlated.
    """
    found = screen(study.signs(settings.checks), study.answers, settings.screening)
    table = study.table(found.kept)
    if len(table.raters) < 3:
        raise DataError(
            f"{len(table.raters)} raters with ratings are left after screening; a correlation "
            f"needs three"
        )
    tags = {}
    for family, dimensions in FAMILIES.items():
        measured = [one for one in dimensions if one in table.raters]
        if measured:
            # Centring leaves equal scores apart in their last digits: that would break ties.
            tags[family] = correlate(table, table.raters[measured].round(9))
    built = BuiltInstrument(name, settings, study, found.table, table, tags, seed)
    if not any(np.isfinite(found.r).any() for found in tags.values()):
        raise DataError("no item has ratings that vary by raters whose scores vary; nothing to tag")
    return built
