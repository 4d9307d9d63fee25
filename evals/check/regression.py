"""What a check of one run found."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from evals.check.baseline import AcceptedLog
from ratings.output.json_values import json_object
from scorers.change.asking_noise import Yardstick
from scorers.change.lengths import LengthChange
from scorers.change.omnibus import Omnibus
from scorers.comparison.score_checks import ScoreCheck
from scorers.intervals.scopes import Scope


@dataclass(frozen=True)
class Regression:
    """A run checked against its baseline.

    Attributes:
        benchmark: what was asked.
        log: name of the run's log.
        log_id: of its evaluation, the same however the log is named.
        accepted: the logs that the baseline holds.
        started: when the run began.
        before: who answered the baseline.
        after: who answered the run.
        units: number of items (or people) that both were asked.
        baseline_units: number of them in the baseline.
        unit: what they are: such as `items`, `people` or `raters`.
        resampling_unit: what is resampled together.
        synthetic: whether the data are a sample.
        scope: in which the verdicts judge.
        sameness: whether it is the same rater, from all answers at once.
        lengths: whether answers are as long as they were.
        yardstick: what the error of asking again is read off.
        repeats: how often the baseline and the run were asked.
        statuses: by how it was read, the share of the answers before and after, in per cent.
        changed_items: the items (or people) whose answers changed most, with the share that
            changed, less what asking again changes.
        scores: of each score; the last is the share of valid answers.
        lacking: scores of the baseline that the run has no answer for.
        sentence: one to paste.
        finding: whether it is the same rater and what moved, in one line.
    """

    benchmark: str
    log: str
    log_id: str
    accepted: Sequence[AcceptedLog]
    started: str
    before: str
    after: str
    units: int
    baseline_units: int
    unit: str
    resampling_unit: str
    synthetic: bool
    scope: Scope
    sameness: Omnibus
    lengths: LengthChange
    yardstick: Yardstick
    repeats: tuple[int, int]
    statuses: dict[str, tuple[float, float]]
    changed_items: dict[str, float]
    scores: list[ScoreCheck]
    lacking: list[str]
    sentence: str
    finding: str

    @property
    def failed(self) -> bool:
        """Whether it is another rater, a score moved, or fewer answers are valid."""
        return self.another or any(check.fails for check in self.scores)

    @property
    def another(self) -> bool:
        """Whether the answers or their lengths are not those of the same rater."""
        return self.sameness.fails or self.lengths.fails

    def as_json(self) -> dict[str, Any]:
        """The check as JSON data; a number that is not defined or not finite is null."""
        found = asdict(self) | {"failed": self.failed}
        found["sameness"]["fails"] = self.sameness.fails
        found["lengths"]["fails"] = self.lengths.fails
        for data, check in zip(found["scores"], self.scores, strict=True):
            data |= asdict(check.judged)
        return json_object(found)
