"""A run compared with the people who rated the same items, where their ratings are at hand."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scorers.agreement.scores import Answers, ScoreAgreement, error_of, score_agreement
from scorers.comparison.differences import Change
from scorers.inspect_adapter.run_log import RunLog
from scorers.intervals.estimate import Estimate
from scorers.intervals.quantiles import student_quantile
from scorers.scores.data_at_hand import read_people
from scorers.scores.families import ratio_scores
from scorers.scores.manifests import ScoreFamily


@dataclass(frozen=True)
class PeopleCompared:
    """How the scores of a run differ from people's.

    Attributes:
        people: number of people who rated an item of the run.
        changes: of each score, `before` of people and `after` of the run, on the items of both.
        own: people's scores, with the interval of asking other people on these items.
    """

    people: int
    changes: Mapping[str, Change]
    own: Mapping[str, Estimate]

    def differing(self, names: Collection[str]) -> tuple[int, int]:
        """How many of some scores differ on these items, and how many beyond them."""
        known = [self.changes[name] for name in names if name in self.changes]
        return sum(one.on.differs for one in known), sum(one.beyond.differs for one in known)


def compare_with_people(run: RunLog) -> PeopleCompared | None:
    """Compare a run with people, score by score, as `valuegauge study agreement people LOG` does.

    The error of asking other people is in both scopes, and p-values of a scope are corrected
    together.

    Args:
        run: of a benchmark whose items people have rated.

    Returns:
        None where no ratings by people are at hand, or no answer of the run could be read.
    """
    grid = run.grid()
    if not grid.counts().get("valid"):
        return None
    found = read_people(run.manifest, run.measured, grid.by_sample())
    if found is None:
        return None
    families = [family for family in run.manifest.scores.values() if not family.apart]
    theirs = Answers("people", found.grid, found.ratings)
    compared = score_agreement(theirs, Answers(run.model, grid), families)
    return PeopleCompared(
        people=len(found.ratings),
        changes={one.name: _change(one) for one in compared},
        own={
            name: one
            for family in families
            for name, one in _own(theirs, family, [each.name for each in compared]).items()
        },
    )


def _own(theirs: Answers, family: ScoreFamily, names: Sequence[str]) -> dict[str, Estimate]:
    """People's own scores of a family, those that are named."""
    scores = ratio_scores(theirs.matrix, family)
    error = error_of(theirs, family, (theirs, theirs))
    if scores is None or error is None:
        return {}
    reach = student_quantile(0.975, max(error.people - 1, 1)) * np.sqrt(np.diag(error.covariance))
    ends = zip(scores.names, scores.values().tolist(), reach.tolist(), strict=True)
    return {
        name: Estimate(value, value - far, value + far)
        for name, value, far in ends
        if name in names
    }


def _change(found: ScoreAgreement) -> Change:
    return Change(found.name, found.one, found.other, found.on, found.beyond)
