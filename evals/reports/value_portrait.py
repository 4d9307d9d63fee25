"""What a run of Value Portrait says: the profile, and how far prompt variants agree."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from textwrap import fill
from typing import Any, Self

from rich.console import RenderableType

from evals.reports.people_compared import PeopleCompared, compare_with_people
from evals.reports.picture import label, picture
from evals.reports.plain import Report
from evals.reports.portrait_tables import estimate_table, family_table, variance_table
from evals.reports.profile_picture import Series, draw_series, height_of
from evals.reports.status_table import status_table
from ratings.errors import DataError
from ratings.instruments.dimensions import ALL_DIMENSIONS, SCHWARTZ
from ratings.output.numbers import highest_and_lowest, how_many, percent
from ratings.output.text import first_of
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
# What the scores of a family are called; the first that a run has is what its finding is on.
RANKED = {"schwartz": "values", "higher_order": "higher-order values", "big_five": "traits"}
MEASURES = {
    "alpha": "Cronbach's alpha over variants",
    "omega": "McDonald's omega over variants",
    "icc": "ICC(A,1), agreement of single variants",
    "g_coefficient": "G coefficient of an item's mean",
    "order_effect": "order effect: reversed minus forward",
}


class PortraitReport(Report):
    """Everything a run of Value Portrait says."""

    @property
    def own(self) -> bool:
        """Whether the instrument is one that somebody built, and no sample of this package."""
        return self.run.card is None

    @property
    def made_of(self) -> str:
        """What synthetic data are, in a sentence."""
        return "items rated by simulated raters" if self.own else "made-up items"

    @property
    def synthetic_note(self) -> str:
        """What a reader must know of a sample, or of an instrument of simulated raters."""
        if self.own:
            return (
                "SIMULATED RATERS: nobody rated these items; these scores say nothing about values."
            )
        return (
            "SYNTHETIC SAMPLE: items and tags were made for trying out the software; "
            "these scores say nothing about values."
        )

    @cached_property
    def people(self) -> PeopleCompared | None:
        """The run compared with the people who rated its items, where they are at hand."""
        return compare_with_people(self.run) if self.run.scores else None

    @property
    def whom(self) -> str:
        """How many people the run is compared with."""
        count = 0 if self.people is None else self.people.people
        return how_many(count, "simulated people" if self.synthetic else "people")

    def conclusion(self) -> str:
        """What comes first and last, and on how much the model differs from people."""
        families = {
            family: [
                row
                for row in self.scores.values()
                if row.family == family and not math.isnan(row.estimate.value)
            ]
            for family in RANKED
        }
        family = next((name for name, rows in families.items() if len(rows) > 1), None)
        if family is None:
            return "has no score"
        names = [row.name for row in families[family]]
        values = {row.name: row.estimate.value for row in families[family]}
        first, last = (
            " and ".join(ends) if len(ends) < 3 else first_of(ends)
            for ends in highest_and_lowest(values)
        )
        said = f"puts {first} first and {last} last"
        if family == "big_five":
            said = f"is highest on {first} and lowest on {last}"
        if not first:
            said = "has the same score everywhere"
        of = f"of {len(names)} {RANKED[family]}"
        if self.people is None:
            return f"{said} {of}; people's ratings of these items are not at hand"
        on, beyond = self.people.differing(names)
        return (
            f"{said}; it differs from {self.whom} on {on or 'none'} {of} on these items, on "
            f"{beyond or 'none'} beyond them (corrected over this run's scores)"
        )

    @property
    def part(self) -> str:
        """How many of the items and prompt variants were asked; empty where all were."""
        known, asked = self.run.known_samples(), self.size["items"]
        if known is None or not super().part:
            return super().part
        items = f"{asked:,} of {how_many(len(known), 'items')}" if asked < len(known) else ""
        every = self.run.metadata.get("answers_in_full", 0) // len(known)
        variants = f"{len(self.variants)} of {how_many(every, 'prompt variants')}"
        shown = [items, variants if len(self.variants) < every else ""]
        return " in ".join(filter(None, shown)) or super().part

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
            "people": None
            if self.people is None
            else {
                "people": self.people.people,
                "changes": {
                    name: asdict(one) | {"differs": one.differs}
                    for name, one in self.people.changes.items()
                },
            },
        }

    def subject(self) -> str:
        """The instrument and how much of it was asked."""
        return (
            f" on {self.run.metadata.get('card')}: {how_many(self.size['items'], 'items')} x "
            f"{how_many(len(self.variants), 'prompt variants')}; {percent(self.valid)} of the "
            f"answers valid"
        )

    def sections(self, variants: bool) -> Iterator[RenderableType]:
        """Scores by family, then how far they can be trusted."""
        for family in self.families:
            rows = [row for row in self.scores.values() if row.family == family.name]
            if rows:
                yield family_table(
                    TITLES[family.name],
                    rows,
                    expected=self.expected,
                    people={} if self.people is None else self.people.changes,
                    whom=self.whom,
                    variants=self.variants if variants else (),
                )
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
        yield variance_table(self.study)
        if len(self.variants) > 1:
            yield estimate_table(
                f"With other wordings: the {len(self.variants)} prompt variants as some of many",
                "dimension",
                self.beyond_wordings,
                value="score",
                ends="beyond these wordings",
            )

    def draw(self, path: Path, others: Sequence[Self] = ()) -> None:
        """Draw the profile over the ten values, people's and other runs' alongside.

        Values are in the order of Schwartz's circle.
        """
        reports = [self, *others]
        rows = [name for name in SCHWARTZ if any(name in report.scores for report in reports)]
        series = [report.series(rows) for report in reports]
        if all(math.isnan(one.value) for each in series for one in each.scores.values()):
            raise DataError(f"{self.run.path} has no scores on the ten values to draw")
        items = {tuple(sorted(set(report.run.grid().samples))) for report in reports}
        if self.people is not None and len(items) == 1:
            own = {name: self.people.own[name] for name in rows if name in self.people.own}
            series = [Series(self.whom, own, own, people=True), *series]
        with picture(path, 7.5, height_of(len(rows), len(series))) as axes:
            axes.axvline(0, color="0.4", linewidth=1)
            draw_series(axes, rows, series)
            axes.set_xlabel(
                "normalised score (points of the scale); 95% intervals, thick: on these items, "
                "thin: beyond",
                fontsize=8,
            )
            note = "simulated raters, " if self.own else "synthetic sample, "
            note = note if self.synthetic else ""
            who = label(self.who, 200) if not others else how_many(len(reports), "runs")
            axes.set_title(
                f"{fill(who, 60)}\n{note}{how_many(self.size['items'], 'items')}", fontsize=10
            )

    def series(self, rows: Sequence[str]) -> Series:
        """The scores of this run for a picture."""
        there = {name: self.scores[name] for name in rows if name in self.scores}
        return Series(
            self.who,
            {name: row.estimate for name, row in there.items()},
            {name: row.on_items for name, row in there.items()},
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
