"""What a run of Value Portrait says: the profile, and how far prompt variants agree."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import RenderableType

from evals.reports.picture import BLUE, BROWN, picture
from evals.reports.plain import Report
from evals.reports.status_table import status_table
from ratings.errors import DataError
from ratings.instruments.dimensions import ALL_DIMENSIONS, SCHWARTZ
from ratings.output.numbers import interval, number, percent, percent_interval
from ratings.output.tables import Table
from scorers.answers.phrases.likert import STATUSES
from scorers.inspect_adapter.portrait import EXPECTED, portrait_rows
from scorers.intervals.estimate import Estimate
from scorers.psychometrics.generalizability import GStudy, beyond_wordings
from scorers.psychometrics.variant_consistency import variant_consistency
from scorers.scores.families import ScoreRow, ratio_scores
from scorers.scores.profile_variance import ProfileVariance, variance_of

TITLES = {
    "schwartz": "Ten values, normalised: rating above (+) or below (-) the rater's own mean",
    "higher_order": "Four higher-order values, normalised",
    "big_five": "Big Five, mean ratings brought to a five-point scale",
    "predicted_values": "Ten values as predicted from all ratings: of people who rate alike",
}
WITHOUT_PEOPLE = (
    "They need people's ratings of the items asked, which are not at hand: "
    "valuegauge data fetch value_portrait"
)
MEASURES = {
    "alpha": "Cronbach's alpha over variants",
    "omega": "McDonald's omega over variants",
    "icc": "ICC(A,1), agreement of single variants",
    "g_coefficient": "G coefficient of an item's mean",
    "order_effect": "order effect: reversed minus forward",
}


class PortraitReport(Report):
    """Everything a run of Value Portrait says."""

    synthetic_note = (
        "SYNTHETIC SAMPLE: items and tags were made for trying out the software; "
        "these scores say nothing about values."
    )

    @cached_property
    def scores(self) -> Mapping[str, ScoreRow]:
        """Scores of the dimensions that the run was to score, and those of no dimension."""
        asked = self.run.metadata.get("dimensions")
        found = super().scores.items()
        return {
            name: row
            for name, row in found
            if not asked or name in asked or name not in ALL_DIMENSIONS
        }

    @property
    def variants(self) -> list[str]:
        """The prompt variants asked."""
        return list(self.run.grid().columns)

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """Number of answers by status, every status in its fixed order."""
        found = super().counts
        return {status: found.get(status, 0) for status in STATUSES}

    @property
    def size(self) -> dict[str, int]:
        """Number of items."""
        return {"items": len(set(self.run.grid().samples))}

    @cached_property
    def expected(self) -> Mapping[str, ScoreRow]:
        """The scores from expected ratings; empty where the run asked for none."""
        values = [score.score.value for score in self.run.scores]
        asked = any(
            key.endswith(EXPECTED) for value in values if isinstance(value, dict) for key in value
        )
        return portrait_rows(self.run.scores, list(self.scores), EXPECTED) if asked else {}

    @cached_property
    def profile_variance(self) -> ProfileVariance | None:
        """How far the ten values differ; None where no item counts for any of them."""
        found = ratio_scores(self.run.grid(), self.run.manifest.scores["schwartz"])
        return None if found is None else variance_of(found)

    @cached_property
    def agreement(self) -> tuple[Mapping[str, Estimate], GStudy]:
        """How far the variants agree: measures by name, and the generalizability study."""
        items = self.run.grid().by_sample()
        return variant_consistency(items.ratings, list(items.columns), items.clusters)

    @property
    def consistency(self) -> Mapping[str, Estimate]:
        """Reliability over the variants and the order effect."""
        return self.agreement[0]

    @property
    def study(self) -> GStudy:
        """Where the variance of the answers comes from."""
        return self.agreement[1]

    @cached_property
    def beyond_wordings(self) -> Mapping[str, Estimate]:
        """Each score with its interval beyond these prompt variants."""
        return {
            name: beyond_wordings(row.estimate.value, row.per_variant)
            for name, row in self.scores.items()
        }

    def findings(self) -> dict[str, Any]:
        """What the run found out, as plain data."""
        of_values = self.profile_variance
        wordings = {name: asdict(found) for name, found in self.beyond_wordings.items()}
        return {
            "variants": self.variants,
            "scores": {
                name: _score_json(row) | {"on_items": asdict(row.on_items)}
                for name, row in self.scores.items()
            },
            "expected": {name: _score_json(row) for name, row in self.expected.items()},
            "profile_variance": None if of_values is None else asdict(of_values),
            "counts": dict(self.counts),
            "consistency": {name: asdict(found) for name, found in self.consistency.items()},
            "variance": asdict(self.study) | {"beyond_wordings": wordings},
            "valid": self.valid,
        }

    def subject(self) -> str:
        """The instrument and how much of it was asked."""
        return (
            f" on {self.run.metadata.get('card')}: {self.size['items']} items x "
            f"{len(self.variants)} prompt variants; {percent(self.valid)} of the answers valid"
        )

    def sections(self, variants: bool) -> Iterator[RenderableType]:
        """Scores by family, then how far they can be trusted."""
        for family in self.families:
            rows = [row for row in self.scores.values() if row.family == family.name]
            if rows:
                yield self._family_table(TITLES[family.name], rows, variants)
            elif family.estimator == "predicted_values" and self.scores:
                yield f"{family.title}: none. {WITHOUT_PEOPLE}"
        if self.profile_variance is not None:
            yield estimate_table(
                "How far the ten values differ: their variance",
                "variance",
                {
                    "of the scores, as published": self.profile_variance.published,
                    "without noise": self.profile_variance.corrected,
                },
                3,
            )
        yield status_table("How the answers were read", "answers", self.counts)
        measured = {MEASURES[name]: found for name, found in self.consistency.items()}
        yield estimate_table("Does it answer alike whatever the prompt?", "measure", measured)
        yield self._variance_table()
        if len(self.variants) > 1:
            yield estimate_table(
                f"With other wordings: the {len(self.variants)} prompt variants as some of many",
                "dimension",
                self.beyond_wordings,
                value="score",
                ends="beyond these wordings",
            )

    def _family_table(self, title: str, rows: list[ScoreRow], variants: bool) -> Table:
        missing = any(row.moves_with_missing for row in rows)
        predicted = rows[0].family == "predicted_values"
        of = " of the scores, not of what one person who rates so values" if predicted else ""
        table = Table(
            title=title,
            title_justify="left",
            caption=f"95% intervals{of}: with other items of the kind, and with these asked again.",
            caption_justify="left",
        )
        table.add_column("dimension")
        for name in ("score", "beyond these items", "on these items"):
            table.add_column(name, justify="right")
        if self.expected:
            table.add_column("expected", justify="right")
        if missing:
            table.add_column("if missing answers were read worst .. best", justify="right")
            table.add_column("valid", justify="right")
        table.add_column("items", justify="right")
        for variant in self.variants if variants else ():
            table.add_column(variant, justify="right")
        for row in rows:
            cells = [row.name, number(row.estimate.value)]
            cells += [interval(row.estimate), interval(row.on_items)]
            if self.expected:
                cells.append(number(self.expected[row.name].estimate.value))
            if missing:
                cells.append(f"{number(row.lowest)} .. {number(row.highest)}")
                cells.append(percent(row.valid))
            cells.append(str(row.items))
            if variants:
                cells += [number(value) for value in row.per_variant]
            table.add_row(*cells)
        return table

    def _variance_table(self) -> Table:
        table = Table(
            title=f"Where the variance of the answers comes from ({self.study.items} complete "
            "items)",
            title_justify="left",
        )
        table.add_column("source")
        for name in ("variance", "share", "95% interval"):
            table.add_column(name, justify="right")
        for name, share in self.study.shares.items():
            variance = number(self.study.components[name], 3)
            table.add_row(name, variance, percent(share.value), percent_interval(share))
        return table

    def draw(self, path: Path) -> None:
        """Write the profile over the ten values, in the order of Schwartz's circle, as bars."""
        rows = [self.scores[name] for name in SCHWARTZ if name in self.scores]
        if not rows or all(math.isnan(row.estimate.value) for row in rows):
            raise DataError(f"{self.run.path} has no scores on the ten values to draw")
        positions = np.arange(len(rows))
        values = np.array([row.estimate.value for row in rows])
        ends = np.array([[row.estimate.low, row.estimate.high] for row in rows])
        with picture(path) as axes:
            axes.axhline(0, color="0.4", linewidth=1)
            axes.bar(positions, values, color=np.where(values >= 0, BLUE, BROWN), width=0.65)
            axes.vlines(positions, ends[:, 0], ends[:, 1], color="0.15", linewidth=1.5)
            axes.set_xticks(positions, [row.name for row in rows], rotation=35, ha="right")
            axes.set_ylabel("normalised score (points of the scale)")
            note = "synthetic sample, " if self.synthetic else ""
            axes.set_title(
                f"{self.run.model}\n{note}{self.size['items']} items, 95% intervals", fontsize=10
            )


def _score_json(row: ScoreRow) -> dict[str, Any]:
    return {
        "dimension": row.name,
        "estimate": asdict(row.estimate),
        "lowest": row.lowest,
        "highest": row.highest,
        "valid": row.valid,
        "items": row.items,
        "per_variant": row.per_variant,
        "family": row.family,
    }


def estimate_table(
    title: str,
    what: str,
    estimates: Mapping[str, Estimate],
    digits: int = 2,
    value: str = "value",
    ends: str = "95% interval",
) -> Table:
    """Estimates by name with their intervals.

    Args:
        title: of the table.
        what: heading of the names.
        estimates: by name.
        digits: after the point.
        value: heading of the values.
        ends: heading of the intervals.
    """
    table = Table(title=title, title_justify="left")
    table.add_column(what)
    table.add_column(value, justify="right")
    table.add_column(ends, justify="right")
    for name, found in estimates.items():
        table.add_row(name, number(found.value, digits), interval(found, digits))
    return table
