"""How far the scores of two sets of answers agree: value by value, and as whole profiles."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ratings.arrays import BoolArray, FloatArray
from scorers.agreement.jackknife import jackknifed
from scorers.agreement.people import PeopleError, people_error
from scorers.comparison.differences import ScopedDifference, scoped_differences
from scorers.comparison.equivalence import Equivalence, verdict
from scorers.comparison.paired import PairedScores, common_answers, paired_scores
from scorers.comparison.score_checks import FEWEST_CLUSTERS
from scorers.intervals.bootstrap import cluster_weights
from scorers.intervals.estimate import Estimate, undefined
from scorers.intervals.means import ratio
from scorers.intervals.quantiles import student_quantile
from scorers.intervals.scopes import Scoped
from scorers.psychometrics.human_norms import profile_distance
from scorers.scores.families import ratio_scores
from scorers.scores.manifests import ScoreFamily
from scorers.scores.responses import ResponseMatrix
from scorers.scores.shared_responses import tags_of

_TOST = 0.90  # the interval of two one-sided tests at 5%


@dataclass(frozen=True, eq=False)
class Answers:
    """One set of answers.

    Attributes:
        name: for people.
        matrix: a row an item; of people, the mean over them in one column.
        people: R x I ratings in the order of the matrix' rows; None where a model answered.
    """

    name: str
    matrix: ResponseMatrix
    people: FloatArray | None = None

    def in_columns_of(self, other: "Answers") -> ResponseMatrix:
        """The matrix; of people with the wordings of somebody who is not."""
        if self.people is None or other.people is not None:
            return self.matrix
        columns = list(other.matrix.columns)
        return ResponseMatrix.from_ratings(
            np.repeat(self.matrix.ratings, len(columns), axis=1),
            self.matrix.samples,
            self.matrix.clusters,
            columns,
            [about.get("tags", ()) for about in self.matrix.attributes],
        )


@dataclass(frozen=True)
class ScoreAgreement:
    """One score of two sets of answers.

    Attributes:
        name: of the score.
        family: of the manifest.
        one: of the first set, on the answers of both.
        other: of the second.
        on: the difference, the second less the first, on these items and with these wordings.
        beyond: the same beyond these items.
        margin: the largest difference that does not matter.
        verdicts: in both scopes, on and beyond.
    """

    name: str
    family: str
    one: float
    other: float
    on: ScopedDifference
    beyond: ScopedDifference
    margin: float
    verdicts: tuple[Equivalence, Equivalence]


def score_agreement(
    one: Answers, other: Answers, families: Sequence[ScoreFamily], margin: float | None = None
) -> list[ScoreAgreement]:
    """Every score of two sets of answers, compared on what both answered.

    Where one set is of people, the error of drawing other people is in both scopes. p-values
    of a scope are corrected together.

    Args:
        one: the first.
        other: the second.
        families: of the manifest.
        margin: instead of the families' own.

    Raises:
        DataError: when they have no item in common.
    """
    found = [
        _with_people(part, one, other)
        for part in paired_scores(one.in_columns_of(other), other.in_columns_of(one), families)
    ]
    on = scoped_differences([part.on for part in found])
    beyond = scoped_differences([part.beyond for part in found])
    positions = [(part, d) for part in found for d in range(len(part.names))]
    out = []
    for k, (part, d) in enumerate(positions):
        most = part.family.margin if margin is None else margin
        decided = [
            _verdict(part, d, scoped, difference, most)
            for scoped, difference in ((part.on, on[k]), (part.beyond, beyond[k]))
        ]
        if part.changed[d] and part.carrying[d] < FEWEST_CLUSTERS:
            decided[1] = "undecided"
        out.append(
            ScoreAgreement(
                name=part.names[d],
                family=part.family.name,
                one=float(part.before[d]),
                other=float(part.after[d]),
                on=on[k],
                beyond=beyond[k],
                margin=most,
                verdicts=(decided[0], decided[1]),
            )
        )
    return out


def _verdict(
    part: PairedScores, d: int, scoped: Scoped, found: ScopedDifference, margin: float
) -> Equivalence:
    if not part.changed[d] and not np.isnan(found.difference.value):
        return "same"
    interval = scoped.estimates(confidence=_TOST)[d]
    return verdict(found.difference, interval.low, interval.high, margin, found.corrected)


def _with_people(part: PairedScores, one: Answers, other: Answers) -> PairedScores:
    errors = [
        error for each in (one, other) if (error := error_of(each, part.family, (one, other)))
    ]
    if not errors:
        return part
    on = _widened(part.on, [np.diag(error.covariance) for error in errors], errors)
    beyond = _widened(part.beyond, [error.beyond for error in errors], errors)
    return replace(part, on=on, beyond=replace(beyond, within=on))


def _widened(scoped: Scoped, added: Sequence[FloatArray], errors: Sequence[PeopleError]) -> Scoped:
    """The scope with the error of drawing other people, which is independent of the rest."""
    own = np.nan_to_num(scoped.errors**2)
    parts = [(own, np.maximum(scoped.freedom, 1.0))] + [
        (variance[None], float(max(error.people - 1, 1)))
        for variance, error in zip(added, errors, strict=True)
    ]
    total = sum(variance for variance, _ in parts)
    square = sum(variance**2 / freedom for variance, freedom in parts)
    assert not isinstance(total, int)
    return replace(
        scoped,
        errors=np.sqrt(total),
        freedom=ratio(total**2, square, empty=1.0),
        least=np.zeros(scoped.values.shape),
        within=None,
    )


def error_of(
    answers: Answers, family: ScoreFamily, both: tuple[Answers, Answers]
) -> PeopleError | None:
    """The error of drawing other people, on the items of both sets; None where nobody is drawn."""
    if answers.people is None:
        return None
    return people_error(
        answers.people,
        tags_of(answers.matrix, family) & _of_both(answers, both),
        answers.matrix.clusters,
        centred=family.estimator == "centred_tagged_mean",
        scale=family.scale,
    )


def _of_both(answers: Answers, both: tuple[Answers, Answers]) -> BoolArray:
    """Which of its rows both sets answered."""
    answered = [
        {
            sample
            for sample, there in zip(each.matrix.samples, _answered(each.matrix), strict=True)
            if there
        }
        for each in both
    ]
    return np.array([all(s in known for known in answered) for s in answers.matrix.samples])


def _answered(matrix: ResponseMatrix) -> list[bool]:
    """S, whether an item has any answer."""
    return [bool(row.any()) for row in ~np.isnan(matrix.ratings)]


@dataclass(frozen=True)
class ProfileAgreement:
    """Two profiles of one family.

    Attributes:
        family: of the manifest.
        correlation: Pearson's over the values, with the error of items and people.
        distance: Euclidean, without what noise adds to it.
        bias: mean difference over the values; 0 for scores that are centred alike.
        limits: of Bland and Altman, within which 95% of the values' differences are to be.
    """

    family: str
    values: int
    correlation: Estimate
    distance: Estimate
    bias: float
    limits: tuple[Estimate, Estimate]


def profile_agreement(
    one: Answers, other: Answers, family: ScoreFamily, seed: int = 0
) -> ProfileAgreement | None:
    """How alike two profiles are, with queries drawn again for both at once.

    None where a set has no score of the family.
    """
    grids = common_answers(one.in_columns_of(other), other.in_columns_of(one))
    found = [ratio_scores(grid, family) for grid in grids]
    if found[0] is None or found[1] is None:
        return None
    rng = np.random.default_rng(seed)
    weights = cluster_weights(len(found[0].clusters), seed)
    values, replicates = [], []
    for each, scores in zip((one, other), found, strict=True):
        assert scores is not None
        drawn = scores.replicates(weights)
        error = error_of(each, family, (one, other))
        if error is not None:
            noise = rng.multivariate_normal(
                np.zeros(len(scores.names)), error.covariance, len(weights), method="eigh"
            )
            drawn = drawn + noise
        values.append(scores.values())
        replicates.append(drawn)
    distance, correlation = profile_distance(*values, *replicates)
    apart = values[1] - values[0]
    apart = apart[~np.isnan(apart)]
    return ProfileAgreement(
        family=family.name,
        values=len(apart),
        correlation=correlation,
        distance=distance,
        bias=float(apart.mean()) if len(apart) else float("nan"),
        limits=limits_of_agreement(apart),
    )


def limits_of_agreement(
    differences: FloatArray, queries: Sequence[str] | None = None
) -> tuple[Estimate, Estimate]:
    """The mean difference less and plus 1.96 standard deviations of the differences.

    The interval of a limit is by Student's t from Bland and Altman's standard error; of differences
    that come in clusters, from a jackknife over these.

    Source: Bland and Altman (1999), Measuring agreement in method comparison studies.

    Args:
        differences: N, NaN where missing.
        queries: N labels.

    >>> low, high = limits_of_agreement(np.array([-1.0, 0.0, 1.0]))
    >>> low.value, high.value
    (-1.96, 1.96)
    """
    there = ~np.isnan(differences)
    known = differences[there]
    count = len(known)
    if count < 3:
        reason = undefined(f"needs three differences or more, found {count}")
        return reason, reason

    def limit(of: FloatArray, sign: int) -> float:
        return float(of.mean() + sign * 1.96 * of.std(ddof=1))

    if queries is not None:
        labels = np.asarray(queries, dtype=str)[there]
        parts = [known[labels != name] for name in np.unique(labels)]
        parts = [part for part in parts if len(part) > 1]
        ends = [
            jackknifed(limit(known, sign), np.array([limit(part, sign) for part in parts]))
            for sign in (-1, 1)
        ]
        return ends[0], ends[1]
    error = known.std(ddof=1) * np.sqrt(1 / count + 1.96**2 / (2 * (count - 1)))
    reach = float(student_quantile(0.975, count - 1) * error)
    low, high = (
        Estimate(value, value - reach, value + reach)
        for value in (limit(known, -1), limit(known, 1))
    )
    return low, high
