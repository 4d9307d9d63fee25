"""What a run of IndieValueCatalog says: accuracy by category, and how evenly people are read."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from textwrap import fill
from typing import Any, Self

import numpy as np
import pandas as pd
from rich.console import RenderableType

from evals.reports.people import Difference, above_majority, people_of
from evals.reports.picture import label, picture
from evals.reports.plain import Report
from evals.reports.profile_picture import Series, draw_series, height_of
from evals.reports.status_table import status_table
from ratings.errors import DataError
from ratings.output.numbers import how_many, interval, number, percent, percent_interval
from ratings.output.tables import Table, plain
from scorers.answers.statement_choice import STATUSES
from scorers.inspect_adapter.run_log import read_run
from scorers.intervals.estimate import Estimate, undefined
from scorers.scores.accuracy import mean_over_people
from scorers.scores.families import SPREADS, spread_of
from scorers.scores.inequity import Inequity, sigma_inequity
from scorers.scores.manifests import ScoreFamily

TASK = "indie_value"
SYNTHETIC = (
    "SIMULATED PEOPLE: these answers are no person's; the scores are for trying out the software."
)


class IndieValueReport(Report):
    """Everything a run of IndieValueCatalog says."""

    @property
    def synthetic_note(self) -> str:
        """What a reader of simulated people must know."""
        return SYNTHETIC

    @property
    def made_of(self) -> str:
        """What synthetic data are, in a sentence."""
        return "simulated people"

    @property
    def families(self) -> list[ScoreFamily]:
        """The accuracies; spreads over groups are reported in full, as `dimensions`."""
        return [one for one in super().families if one.estimator not in SPREADS]

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """Number of choices by status, every status in its fixed order."""
        found = super().counts
        return {status: found.get(status, 0) for status in STATUSES}

    @cached_property
    def people(self) -> pd.DataFrame:
        """A row for each person; see `people_of`."""
        return people_of(self.run)

    @property
    def size(self) -> dict[str, int]:
        """Number of people."""
        return {"people": len(self.people)}

    @cached_property
    def accuracy(self) -> Mapping[str, Estimate]:
        """Shares: overall, among answered questions, by probe set and by category."""
        if not self.run.scores:
            names = ("accuracy", "accuracy_answered", *dict.fromkeys(self.categories))
            return dict.fromkeys(names, undefined("nobody was asked"))
        found = {name: self.unscaled(row) for name, row in self.scores.items()}
        shares = self.people[["accuracy_answered"]].to_numpy(dtype=float)
        (answered,) = mean_over_people(shares, ends=(0.0, 1.0))
        return {"accuracy": found["accuracy"], "accuracy_answered": answered} | found

    @property
    def categories(self) -> list[str]:
        """The category of each question of a probe set."""
        return list(self.run.metadata["categories"])

    @cached_property
    def spreads(self) -> tuple[Mapping[str, Inequity], Inequity]:
        """sigma-INEQUITY of each demographic dimension, and their mean."""
        family = self.run.manifest.scores["sigma_inequity"]
        return sigma_inequity(*spread_of(self.run.grid(), family))

    @property
    def dimensions(self) -> Mapping[str, Inequity]:
        """sigma-INEQUITY of each demographic dimension."""
        return self.spreads[0]

    @property
    def inequity(self) -> Inequity:
        """The mean of sigma-INEQUITY over the dimensions."""
        return self.spreads[1]

    @cached_property
    def above_majority(self) -> Difference | None:
        """The run compared with the majority baseline; None where the survey is not at hand."""
        return above_majority(self.run)

    def conclusion(self) -> str:
        """How much is right, against the majority baseline, and how far groups of people differ."""
        found, spread = self.accuracy["accuracy"], self.inequity
        if math.isnan(found.value):
            return "has no score"
        said = (
            f"picks {percent(found.value)} of {how_many(len(self.people), 'people')}'s own "
            f"statements ({percent_interval(found)})"
        )
        if self.above_majority is None:
            said += "; what the majority's answer reaches is not known, the survey is not at hand"
        else:
            more = self.above_majority.estimate
            points = Estimate(100 * more.value, 100 * more.low, 100 * more.high, more.reason)
            above = "above" if more.value >= 0 else "below"
            shown = ", not shown to differ" if more.low <= 0 <= more.high else ""
            said += (
                f", {number(abs(points.value), 1)} points {above} the majority's answer "
                f"({interval(points, 1)}{shown})"
            )
        groups = spread.corrected
        if math.isnan(groups.value):
            return f"{said}; how far groups of people differ is not known"
        return (
            f"{said}; beyond chance, groups of people differ by {number(groups.value)} points "
            f"({interval(groups)})"
        )

    def findings(self) -> dict[str, Any]:
        """What the run found out, as plain data."""
        return {
            "accuracy": {name: asdict(found) for name, found in self.accuracy.items()},
            "on_items": {name: asdict(row.on_items) for name, row in self.scores.items()},
            "sigma_inequity": {
                "mean": asdict(self.inequity),
                "dimensions": {name: asdict(found) for name, found in self.dimensions.items()},
            },
            "above_majority": None if self.above_majority is None else asdict(self.above_majority),
            "counts": dict(self.counts),
            "person_accuracy": self.people["accuracy"].to_dict(),
        }

    def subject(self) -> str:
        """The survey and how much was asked of it."""
        asked = int(self.run.grid().asked.sum())
        survey = self.run.metadata.get("survey")
        return (
            f" on {survey}: {how_many(len(self.people), 'people')}, "
            f"{how_many(asked, 'questions')} asked"
        )

    def sections(self, variants: bool) -> Iterator[RenderableType]:
        """Accuracies, their spread over people and over groups, and how choices were read."""
        yield self._accuracy_table()
        if len(self.people):
            least, quarter, half, three_quarters, most = (
                percent(end) for end in np.quantile(self.people["accuracy"], np.linspace(0, 1, 5))
            )
            yield (
                f"per person: half of the people between {quarter} and {three_quarters}, "
                f"median {half}, lowest {least}, highest {most}"
            )
        else:
            yield "nobody was asked about"
        yield self._inequity_table()
        table = status_table("How the choices were read", "choices", self.counts)
        if self.counts["truncated"]:
            table.caption = "truncated: a limit on tokens cut the answer off; raise --max-tokens"
        yield table

    def _accuracy_table(self) -> Table:
        table = Table(title="Accuracy: share of the person's own statements", title_justify="left")
        table.add_column("questions")
        table.add_column("accuracy", justify="right")
        table.add_column("beyond these people, 95%", justify="right")
        narrow = {
            name: f"{row.on_items.low:.1f}% to {row.on_items.high:.1f}%"
            for name, row in self.scores.items()
            if not math.isnan(row.on_items.low)
        }
        if narrow:
            table.add_column("on these people", justify="right")
        labels = {"accuracy": "all", "accuracy_answered": "those that were answered"}
        for name, found in self.accuracy.items():
            cells = [labels.get(name, name), percent(found.value), percent_interval(found)]
            table.add_row(*map(plain, cells), *([narrow.get(name, "-")] if narrow else []))
        return table

    def _inequity_table(self) -> Table:
        table = Table(
            title="sigma-INEQUITY: spread of the accuracy over groups, in percentage points",
            title_justify="left",
            caption="corrected: without the spread that few people a group make by chance; 0 where "
            "groups differ no more than that. by chance: as published, if groups did not matter.",
            caption_justify="left",
        )
        table.add_column("dimension")
        for name in ("groups", "as published", "corrected", "95% interval", "by chance", "p"):
            table.add_column(name, justify="right")
        for name, found in [*self.dimensions.items(), ("mean", self.inequity)]:
            if name == "mean":
                table.add_section()
            table.add_row(
                name,
                str(found.groups),
                number(found.raw),
                number(found.corrected.value),
                interval(found.corrected),
                number(found.null.value),
                number(found.p_value, 3),
            )
        return table

    def draw(self, path: Path, others: Sequence[Self] = ()) -> None:
        """Write the accuracy of each category, of other runs alongside."""
        reports = [self, *others]
        categories = list(dict.fromkeys(name for one in reports for name in one.categories))
        series = [one.series(categories) for one in reports]
        if all(math.isnan(found.value) for one in series for found in one.scores.values()):
            raise DataError(f"{self.run.path} has no accuracies to draw")
        with picture(path, 8, height_of(len(categories), len(series))) as axes:
            draw_series(axes, categories, series)
            if not others:
                overall = 100 * self.accuracy["accuracy"].value
                axes.axvline(overall, color="0.4", linewidth=1, linestyle="--")
            dashed = "; dashed: all questions" if not others else ""
            axes.set_xlabel(f"accuracy (per cent), 95% intervals{dashed}")
            people = "simulated people" if self.synthetic else "people"
            who = how_many(len(reports), "runs") if others else label(self.who, 200)
            axes.set_title(f"{fill(who, 60)}\n{how_many(len(self.people), people)}", fontsize=10)

    def series(self, categories: Sequence[str]) -> Series:
        """The accuracies of categories for a picture, in per cent."""
        found = {name: self.accuracy[name] for name in categories if name in self.accuracy}
        return Series(
            self.who,
            {
                name: Estimate(100 * one.value, 100 * one.low, 100 * one.high, one.reason)
                for name, one in found.items()
            },
            {name: self.scores[name].on_items for name in found if name in self.scores},
        )


def read_indie_value(path: str | Path) -> IndieValueReport:
    """Read the log of a run of IndieValueCatalog, an `.eval` or `.json` file, and report on it.

    Raises:
        DataMissingError: when there is no log at the path.
        DataError: when it is not a log, or of another task.
    """
    return IndieValueReport(read_run(Path(path), (TASK,)))
