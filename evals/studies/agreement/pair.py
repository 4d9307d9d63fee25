"""Two sets of answers side by side."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from evals.studies.agreement.answer_sets import AnswerSet
from ratings.arrays import BoolArray, FloatArray
from ratings.errors import DataError
from ratings.instruments.value_portrait import CHOICES
from scorers.agreement.ratings import RatingAgreement, crossed_agreement, paired_agreement
from scorers.scores.manifests import ScoreFamily, manifest_of
from scorers.scores.shared_responses import shared_responses, tags_of

BENCHMARK = "value_portrait"
# Predicted values rest on all items at once: no item of theirs can be looked at alone.
FAMILIES = tuple(of for of in manifest_of(BENCHMARK).scores.values() if not of.apart)


@dataclass(frozen=True, eq=False)
class Pair:
    """Two sets of answers, on the items that both rated.

    Attributes:
        one: the first.
        other: the second.
    """

    one: AnswerSet
    other: AnswerSet

    def __post_init__(self) -> None:
        """Refuse sets that have nothing in common.

        Raises:
            DataError: names both.
        """
        if not self.items:
            raise DataError(f"{self.one.name} and {self.other.name} have no item in common")
        if not self.wordings and self.paired:
            raise DataError(f"{self.one.name} and {self.other.name} have no wording in common")

    @property
    def name(self) -> str:
        """For people."""
        return f"{self.one.name} - {self.other.name}"

    @property
    def same_rater(self) -> bool:
        """Whether the same model answered twice."""
        return self.paired and self.one.rater == self.other.rater

    @property
    def paired(self) -> bool:
        """Whether an answer of the one goes with one of the other: neither are people."""
        return self.one.answers.people is None and self.other.answers.people is None

    @property
    def differing(self) -> list[str]:
        """What was asked differently."""
        first, second = self.one.asked, self.other.asked
        return sorted(
            name for name in first.keys() & second.keys() if first[name] != second[name]
        ) + sorted(name for name in first.keys() ^ second.keys() if name != "template_sha256")

    @cached_property
    def items(self) -> list[str]:
        """Ids that both rated, sorted."""
        return sorted(_rated(self.one) & _rated(self.other))

    @property
    def wordings(self) -> list[str]:
        """Columns that both have."""
        theirs = self.other.answers.matrix.columns
        return [name for name in self.one.answers.matrix.columns if name in theirs]

    @cached_property
    def queries(self) -> list[str]:
        """The query of each item."""
        matrix = self.one.answers.matrix
        of = dict(zip(matrix.samples, matrix.clusters, strict=True))
        return [of[item] for item in self.items]

    @cached_property
    def repeats(self) -> FloatArray:
        """2 x S x P x E ratings of two sets that are not people, by wording and epoch."""
        kept = set(self.items)
        grids = [
            each.answers.matrix.of_samples(kept).of_columns(self.wordings)
            for each in (self.one, self.other)
        ]
        return shared_responses(grids, FAMILIES[0]).repeats

    def ratings(self, which: int) -> FloatArray:
        """S x M ratings of a set, a column a wording and epoch, or a person."""
        each = (self.one, self.other)[which]
        matrix, people = each.answers.matrix, each.answers.people
        if people is None:
            kept = matrix.of_samples(set(self.items))
            found: FloatArray = shared_responses([kept], FAMILIES[0]).repeats[0]
            flat: FloatArray = found.reshape(len(found), -1)
            return flat
        row = {item: s for s, item in enumerate(matrix.samples)}
        rated: FloatArray = people[:, [row[item] for item in self.items]].T
        return rated

    def tags(self, family: ScoreFamily) -> BoolArray:
        """D x S, which items count for which of the scores."""
        matrix = self.one.answers.matrix.of_samples(set(self.items)).by_sample()
        return tags_of(matrix, family)

    def agreement(self) -> Iterable[tuple[str, RatingAgreement]]:
        """Agreement of all answers, then under each wording alone."""
        choices = len(CHOICES)
        if not self.paired:
            found = crossed_agreement(self.ratings(0), self.ratings(1), self.queries, choices)
            yield "all", found
            return
        one, other = self.repeats
        flat = one.reshape(len(one), -1), other.reshape(len(other), -1)
        yield "all", paired_agreement(*flat, self.queries, choices)
        if len(self.wordings) > 1:
            for p, wording in enumerate(self.wordings):
                yield (
                    wording,
                    paired_agreement(one[:, p], other[:, p], self.queries, choices),
                )


def _rated(each: AnswerSet) -> set[str]:
    matrix = each.answers.matrix
    there = ~np.isnan(matrix.ratings)
    return {item for item, row in zip(matrix.samples, there, strict=True) if row.any()}
