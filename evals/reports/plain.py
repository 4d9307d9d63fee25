"""What one run of any benchmark says: its scores, how answers were read, what is missing.

The manifest of the benchmark alone decides what is here. A benchmark that says more has a class of
its own, which adds to this one.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from rich.console import RenderableType

from evals.reports.missing_show import missing_json, missing_tables
from evals.reports.status_table import status_table
from ratings.errors import UnknownNameError
from ratings.output.json_values import json_object
from ratings.output.numbers import ends, how_many, interval, number, percent
from ratings.output.tables import Table, plain
from scorers.inspect_adapter.run_log import RunLog, model_name
from scorers.intervals.estimate import Estimate
from scorers.scores.families import ScoreRow, score_rows
from scorers.scores.manifests import ScoreFamily, named_object


@dataclass(frozen=True, eq=False)
class Report:
    """Everything a run says, worked out when it is first asked for.

    Attributes:
        run: the log.
        family: name of a fitted family to compare the run with, in a report that can.
    """

    run: RunLog
    family: str | None = None

    @property
    def synthetic_note(self) -> str:
        """What a reader of made-up data must know."""
        return (
            "SYNTHETIC DATA, made for trying out the software: these scores say nothing of people."
        )

    @property
    def made_of(self) -> str:
        """What synthetic data are, in a sentence."""
        return "made-up data"

    @property
    def complete(self) -> bool:
        """Whether the run finished every sample it was to make."""
        return self.run.complete

    @property
    def synthetic(self) -> bool:
        """Whether the data are made up."""
        return bool(self.run.metadata.get("synthetic"))

    @property
    def families(self) -> list[ScoreFamily]:
        """The families of the manifest whose scores are reported."""
        return list(self.run.manifest.scores.values())

    @cached_property
    def scores(self) -> Mapping[str, ScoreRow]:
        """Scores by name, in the manifest's units and order, with intervals in both scopes."""
        if not self.run.scores:
            return {}
        return {row.name: row for row in score_rows(self.run.grid(), self.families)}

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """Number of answers by status."""
        return self.run.grid().counts()

    @property
    def valid(self) -> float:
        """Share of the answers that could be read; NaN without any."""
        total = sum(self.counts.values())
        return self.counts.get("valid", 0) / total if total else math.nan

    @cached_property
    def ceilings(self) -> Mapping[str, Estimate]:
        """How high scores can get, by name and in the manifest's units, where that is known."""
        path = self.run.manifest.ceilings
        if path is None or not self.run.scores:
            return {}
        found: Mapping[str, Estimate] = named_object(path)(self.run.scores, self.run.metadata)
        return found

    @property
    def size(self) -> dict[str, int]:
        """How much was asked: numbers of things, by what they are."""
        return {"samples": len(self.run.scores), "answers": int(self.run.grid().asked.sum())}

    def as_json(self) -> dict[str, Any]:
        """The report as JSON data; a number that is not defined is null."""
        run = self.run
        found = {
            "model": run.model,
            "task": run.task,
            "log": str(run.path),
            "status": run.header.status,
            "complete": run.complete,
            **self.size,
            "finding": self.finding,
            "metadata": run.metadata,
            "arguments": run.arguments,
            **self.findings(),
            **missing_json(run, self.counts),
            "not_sent": run.not_sent,
        }
        return json_object(found)

    @property
    def who(self) -> str:
        """Who answered, in a sentence; recorded answers are those of their model."""
        return model_name(self.run.model)

    @property
    def finding(self) -> str:
        """What the run found out, in a sentence or two whose every number is computed."""
        part = self.part
        on = f"{'on' if part else 'On'} {self.made_of}, " if self.synthetic else ""
        said = f"{on}{self.who} {self.conclusion()}. {_missing(self.counts)}"
        if not self.complete:
            asked = f"; asked {part}" if part else ""
            return f"The run is not complete (status: {self.run.header.status}{asked}): {said}"
        return f"Asked {part}: {said}" if part else said

    @property
    def part(self) -> str:
        """How many answers of the instrument were asked for; empty where all or none were."""
        if not self.run.scores:
            return ""
        asked, full = self.run.answers_asked()
        return f"{asked:,} of {how_many(full, 'answers')}" if asked < full else ""

    def conclusion(self) -> str:
        """What is said of who answered: the scores that the manifest shows first."""
        families = {family.name: family for family in self.families}
        shown = [
            row
            for row in self.scores.values()
            if families[row.family].headline and not math.isnan(row.estimate.value)
        ]
        sure = [row for row in shown if not math.isnan(row.estimate.low)] or shown
        if not sure:
            return "has no score"
        parts = []
        for row in sure:
            family, ceiling = families[row.family], self.ceilings.get(row.name)
            title = family.title if row.name == family.name else row.name
            most = "" if ceiling is None else _reached(ceiling, family)
            parts.append(f"{_lower(title)} {in_unit(row.estimate, family, self.beyond)}{most}")
        return f"reaches: {'; '.join(parts)}"

    @property
    def beyond(self) -> str:
        """The scope of the intervals in a sentence."""
        return f"beyond these {self.run.manifest.answers.units}"

    def findings(self) -> dict[str, Any]:
        """What the run found out, as plain data."""
        return {
            "scores": {name: asdict(row) for name, row in self.scores.items()},
            **(
                {"ceilings": {name: asdict(one) for name, one in self.ceilings.items()}}
                if self.ceilings
                else {}
            ),
            "counts": dict(self.counts),
            "valid": self.valid,
        }

    def tables(self, *, variants: bool = False) -> Iterator[RenderableType]:
        """The report for a person to read, after its finding: lines with rich's markup, and tables.

        Args:
            variants: show the scores from each prompt variant too, where there are some.
        """
        run = self.run
        if self.synthetic:
            yield f"[bold yellow]{self.synthetic_note}[/bold yellow]"
        yield plain(f"{self.who}{self.subject()}")
        for name, value in run.arguments.items():
            yield f"asked with {plain(name)}={plain(f'{value!s:.200}')}"
        for note in run.metadata.get("notes", []):
            yield plain(note)
        if not run.complete:
            yield f"[bold red]This run is not complete (status: {run.header.status}).[/bold red]"
        yield from self.sections(variants)
        yield from missing_tables(run, self.counts)

    def subject(self) -> str:
        """What the model was asked, to go on the line after its name."""
        data = self.run.metadata.get("data_set") or self.run.metadata["card"]
        asked = ", ".join(how_many(count, what) for what, count in self.size.items())
        return f", {self.run.task} on {data}: {asked}; {percent(self.valid)} valid"

    def sections(self, variants: bool) -> Iterator[RenderableType]:
        """What the run found out, as tables and lines."""
        yield self.score_table(variants)
        yield status_table("How the answers were read", "answers", self.counts)

    def draw(self, path: Path, others: Sequence[Self] = ()) -> None:
        """Write the scores as a picture, whole or not at all.

        Args:
            path: the picture's file; its ending (.png, .svg or .pdf) decides the format.
            others: reports on further runs of the benchmark, drawn alongside.

        Raises:
            DataError: when there is nothing to draw, or the folder does not exist.
            UnknownNameError: for another ending, or a benchmark that has no picture.
        """
        raise UnknownNameError(f"--plot has no picture of {self.run.task}")

    def score_table(self, variants: bool = False) -> Table:
        """The scores of all families, with the unit of each."""
        families = {family.name: family for family in self.families}
        columns = list(self.run.grid().columns) if variants else []
        table = Table(title=self.run.manifest.title, title_justify="left")
        if self.ceilings:
            table.caption = "ceiling: of people who predict themselves by answering again"
            table.caption_justify = "left"
        table.add_column("score")
        table.add_column("value", justify="right")
        table.add_column("beyond these items, 95%", justify="right")
        repeated = any(not math.isnan(row.on_items.low) for row in self.scores.values())
        if repeated:
            table.add_column("on these items", justify="right")
        if self.ceilings:
            table.add_column("ceiling", justify="right")
        for name in columns:
            table.add_column(plain(name), justify="right")
        table.add_column("unit")
        for row in self.scores.values():
            family = families[row.family]
            digits = 3 if family.scale == 1 else 1
            title = family.title if row.name == family.name else row.name
            cells = [title, number(row.estimate.value, digits), interval(row.estimate, digits)]
            if repeated:
                cells.append(ends(row.on_items, digits))
            if self.ceilings:
                ceiling = self.ceilings.get(row.name)
                cells.append(_with_ends(ceiling, digits) if ceiling else "")
            if columns:
                each = row.per_variant or (math.nan,) * len(columns)
                cells += [number(value, digits) for value in each]
            table.add_row(*map(plain, cells), family.unit)
        return table

    def unscaled(self, row: ScoreRow) -> Estimate:
        """A score as its statistic has it: a share is a share and no percentage."""
        scale, found = self.run.manifest.scores[row.family].scale, row.estimate
        return Estimate(found.value / scale, found.low / scale, found.high / scale, found.reason)


def _with_ends(found: Estimate, digits: int) -> str:
    value = number(found.value, digits)
    return value if math.isnan(found.low) else f"{value} ({ends(found, digits)})"


def in_unit(found: Estimate, family: ScoreFamily, scope: str) -> str:
    """A score in a sentence: its value in its unit, and its interval in a scope."""
    digits = _digits(family)
    value, unit = number(found.value, digits), family.unit
    if unit.startswith("per cent"):
        counted = f"{value}%{unit.removeprefix('per cent')}"
    else:
        counted = f"{value} {unit}"
    return counted if math.isnan(found.low) else f"{counted} ({ends(found, digits)} {scope})"


def _digits(family: ScoreFamily) -> int:
    """Digits after the point of a score in a sentence."""
    return 1 if family.scale != 1 or family.unit.startswith("percentage points") else 3


def _reached(ceiling: Estimate, family: ScoreFamily) -> str:
    return f", where people who answer again reach {_with_ends(ceiling, _digits(family))}"


def _lower(title: str) -> str:
    """A title in the middle of a sentence; abbreviations and symbols stay as they are."""
    return title[0].lower() + title[1:] if title[1:2].islower() else title


def _missing(counts: Mapping[str, int]) -> str:
    total = sum(counts.values())
    missing = total - counts.get("valid", 0)
    if not total:
        return "No answer was asked for."
    if not missing:
        return f"None of {how_many(total, 'answers')} is missing."
    verb = "is" if missing == 1 else "are"
    return f"{missing:,} of {how_many(total, 'answers')} {verb} missing."
