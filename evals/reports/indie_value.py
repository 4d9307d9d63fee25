"""What a run of IndieValueCatalog says: accuracy by category, and how evenly people are read."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from rich.console import RenderableType

from evals.reports.people import people_of
from evals.reports.picture import BLUE, picture
from evals.reports.plain import Report
from evals.reports.status_table import status_table
from ratings.errors import DataError
from ratings.output.numbers import interval, number, percent, percent_interval
from ratings.output.tables import Table
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

    synthetic_note = SYNTHETIC

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

    def findings(self) -> dict[str, Any]:
        """What the run found out, as plain data."""
        return {
            "accuracy": {name: asdict(found) for name, found in self.accuracy.items()},
            "on_items": {name: asdict(row.on_items) for name, row in self.scores.items()},
            "sigma_inequity": {
                "mean": asdict(self.inequity),
                "dimensions": {name: asdict(found) for name, found in self.dimensions.items()},
            },
            "counts": dict(self.counts),
            "person_accuracy": self.people["accuracy"].to_dict(),
        }

    def subject(self) -> str:
        """The survey and how much was asked of it."""
        asked = int(self.run.grid().asked.sum())
        survey = self.run.metadata.get("survey")
        return f" on {survey}: {len(self.people)} people, {asked} questions asked"

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
            table.add_row(*cells, *([narrow.get(name, "-")] if narrow else []))
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

    def draw(self, path: Path) -> None:
        """Write the accuracy of each category as bars."""
        categories = list(dict.fromkeys(self.categories))
        found = [self.accuracy[name] for name in categories]
        if all(math.isnan(estimate.value) for estimate in found):
            raise DataError(f"{self.run.path} has no accuracies to draw")
        positions = np.arange(len(found))[::-1]
        with picture(path, 8, 4.8) as axes:
            axes.barh(
                positions, [100 * estimate.value for estimate in found], color=BLUE, height=0.65
            )
            ends = [(100 * estimate.low, 100 * estimate.high) for estimate in found]
            axes.hlines(positions, *np.array(ends).T, color="0.15", linewidth=1.5)
            overall = 100 * self.accuracy["accuracy"].value
            axes.axvline(overall, color="0.4", linewidth=1, linestyle="--")
            axes.set_yticks(positions, categories)
            axes.set_xlabel("accuracy (per cent); dashed: all questions")
            note = "simulated people, " if self.synthetic else ""
            title = f"{self.run.model}\n{note}{len(self.people)} people, 95% intervals"
            axes.set_title(title, fontsize=10)


def read_indie_value(path: str | Path) -> IndieValueReport:
    """Read the log of a run of IndieValueCatalog, an `.eval` or `.json` file, and report on it.

    Raises:
        DataMissingError: when there is no log at the path.
        DataError: when it is not a log, or of another task.
    """
    return IndieValueReport(read_run(Path(path), (TASK,)))
