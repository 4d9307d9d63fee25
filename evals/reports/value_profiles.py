"""What a run of a task of value profiles says: calibration, ways of asking, a fitted family."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import cached_property
from typing import Any

from rich.console import RenderableType
from rich.markup import escape

from evals.reports.fitted_family import FamilyDifference, family_difference
from evals.reports.plain import Report, in_unit
from evals.reports.status_table import status_table
from ratings.output.numbers import how_many, interval, number, p_value
from ratings.output.tables import Table
from scorers.information.calibration import CalibrationError
from scorers.inspect_adapter.decoded import TASK, calibration_of, way_counts
from scorers.inspect_adapter.profile_answers import APART, above_chance

_MIXED = "Distributions were got in several ways, which cannot be compared; ask again with one: "
_DIGITS = 3


class ProfilesReport(Report):
    """Everything a run of a task of value profiles says."""

    @property
    def synthetic_note(self) -> str:
        """What a reader of simulated ratings must know."""
        return (
            "SIMULATED RATERS: these ratings are nobody's; the scores are for trying out the "
            "software."
        )

    @property
    def made_of(self) -> str:
        """What synthetic data are, in a sentence."""
        return "ratings of simulated raters"

    def conclusion(self) -> str:
        """How much is used of what is given of a rater, or how well profiles are told apart."""
        rows = {row.name: row.estimate for row in self.scores.values()}
        family = self.run.manifest.scores
        accuracy = rows.get("accuracy")
        if accuracy is None or math.isnan(accuracy.value):
            return super().conclusion()
        right = in_unit(accuracy, family["accuracy"], self.beyond)
        if self.run.task == APART:
            return f"is right on {right}; p of guessing {p_value(self.chance_p)}"
        if math.isnan(rows["information"].value):
            return f"predicts {right}"
        used = in_unit(rows["information"], family["information"], self.beyond)
        said = f"uses {used} of what it is given about raters"
        if rows["information"].low <= 0 <= rows["information"].high:
            said = f"is not shown to use what it is given about raters: {used}"
        elif rows["information"].high < 0:
            said = f"is misled by what it is given about raters: {used}"
        return f"{said}; it predicts {right}"

    @property
    def size(self) -> dict[str, int]:
        """Nothing: `asked` is with what was found out."""
        return {}

    @property
    def asked(self) -> int:
        """Number of answers asked for."""
        return int(self.run.grid().asked.sum())

    @cached_property
    def calibration(self) -> CalibrationError | None:
        """Of `decode_ratings`, where anything could be read."""
        return calibration_of(self.run.scores) if self.run.task == TASK else None

    @cached_property
    def ways(self) -> Mapping[str, int]:
        """Of `decode_ratings`, how many distributions were got in which way."""
        return way_counts(self.run.scores) if self.run.task == TASK else {}

    @cached_property
    def chance_p(self) -> float:
        """Of `tell_profiles_apart`, p-value of guessing; NaN otherwise."""
        guessed = self.run.task == APART and self.run.scores
        return above_chance(self.run.scores)[1] if guessed else math.nan

    @cached_property
    def fitted(self) -> FamilyDifference | None:
        """The loss compared with that of a fitted family, where one was asked for."""
        return None if self.family is None else family_difference(self.run, self.family)

    def findings(self) -> dict[str, Any]:
        """What the run found out, as plain data; scores unscaled: shares, nats, words."""
        return {
            "scores": {name: asdict(self.unscaled(row)) for name, row in self.scores.items()},
            "on_items": {name: asdict(row.on_items) for name, row in self.scores.items()},
            "calibration": None if self.calibration is None else asdict(self.calibration),
            "ways": dict(self.ways),
            "chance_p": self.chance_p,
            "asked": self.asked,
            "counts": dict(self.counts),
            "family": None if self.fitted is None else asdict(self.fitted),
        }

    def subject(self) -> str:
        """The task, its data and how much was asked."""
        run = self.run
        data = run.metadata.get("data_set") or run.metadata["card"]
        samples, answers = how_many(len(run.scores), "samples"), how_many(self.asked, "answers")
        return f", {run.task} on {data}: {samples}, {answers} asked for"

    def sections(self, variants: bool) -> Iterator[RenderableType]:
        """Scores, what they rest on, and how answers were read."""
        if len(self.ways) > 1:
            counted = ", ".join(f"{count} {way}" for way, count in self.ways.items())
            yield f"[bold yellow]{_MIXED}{counted}[/bold yellow]"
        yield self.score_table()
        if self.calibration is not None:
            yield _calibration_line(self.calibration)
        if not math.isnan(self.chance_p):
            yield f"guessing reaches 50%; p of guessing: {number(self.chance_p, 4)}"
        if self.fitted is not None:
            yield _family_table(self.fitted)
        yield status_table("How the answers were read", "answers", self.counts)


def _calibration_line(found: CalibrationError) -> str:
    return (
        f"calibration error {number(found.raw, _DIGITS)}, root mean square without "
        f"noise {number(found.corrected.value, _DIGITS)} ({interval(found.corrected, _DIGITS)}); a "
        f"calibrated model would show {number(found.if_calibrated.value, _DIGITS)} "
        f"({interval(found.if_calibrated, _DIGITS)})"
    )


def _family_table(found: FamilyDifference) -> Table:
    table = Table(
        title=f"Compared with the family {escape(found.family)}, fitted on the training raters",
        title_justify="left",
        caption=f"On the same {how_many(found.ratings, 'ratings')}; a difference above 0: the "
        f"family predicts "
        "better.",
        caption_justify="left",
    )
    table.add_column("loss")
    table.add_column("nats", justify="right")
    table.add_column("95% interval", justify="right")
    for name, estimate in (
        ("this run", found.loss),
        (f"family {escape(found.family)}", found.family_loss),
        ("difference", found.difference),
    ):
        table.add_row(name, number(estimate.value, _DIGITS), interval(estimate, _DIGITS))
    return table
