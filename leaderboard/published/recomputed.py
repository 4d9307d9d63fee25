"""Tables 4 to 7 of the Value Portrait paper, recomputed from the recorded answers of its models.

Cell by cell, in our reading and, step by step, in that of the source: its parser of answers, the
tags that each recording carries, and its rounding. Source: Han et al. (2025), Appendices F and G.3.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from leaderboard.board.table_profile import model_variant_rows
from leaderboard.published.figures import published_lines
from ratings.errors import unknown_name
from ratings.instruments.dimensions import ALL_DIMENSIONS, SCHWARTZ
from ratings.instruments.value_portrait import (
    VARIANTS,
    load_instrument,
    load_recording,
    recorded_tags,
    recording_of,
    recordings_at_hand,
)
from scorers.answers.recorded_responses import recorded_grid
from scorers.intervals.estimate import Estimate
from scorers.psychometrics.reliability import complete_cases, cronbach_alpha
from scorers.scores.families import ratio_scores
from scorers.scores.manifests import manifest_of

BENCHMARK = "value_portrait"

# Table 4: Cronbach's alpha of each value's items over the 27 models of Table 5 in six variants.
TABLE_4 = {
    "Universalism": 0.89, "Benevolence": 0.89, "Conformity": 0.88, "Tradition": 0.76,
    "Security": 0.87, "Power": 0.96, "Achievement": 0.95, "Hedonism": 0.92,
    "Stimulation": 0.93, "Self-Direction": 0.87,
}  # fmt: skip


@dataclass(frozen=True)
class Way:
    """How recorded answers become the figures of a table.

    Attributes:
        reading: of answers, by its name.
        own_tags: whether items are counted by the correlations that the recording carries, as the
            source does, and not by those of the instrument.
        twice: whether scores are rounded to three decimals and then to two.
        added: what is added to the way before it.
    """

    reading: str
    own_tags: bool
    twice: bool
    added: str


WAYS = {
    "careful": Way("careful", False, False, "our reading, the instrument's tags, rounded once"),
    "parser": Way("published", False, False, "the source's parser of answers"),
    "tags": Way("published", True, False, "and the tags that each recording carries"),
    "published": Way("published", True, True, "and rounded to three decimals, then to two"),
}


@dataclass(frozen=True, eq=False)
class Cell:
    """A figure of a table beside what it comes to.

    Attributes:
        table: such as `Table 5`.
        rater: the model as the table names it.
        printed: the figure.
        values: the score in each of the ways.
    """

    table: str
    rater: str
    score: str
    printed: float
    values: Mapping[str, float]

    def hit(self, way: str) -> bool:
        """Whether the score is printed so.

        Half a hundredth may go up or down: the tables round -.195 to -.20 and -.115 to -.11.
        """
        value = round(self.values[way], 3) if WAYS[way].twice else self.values[way]
        return abs(value - self.printed) <= 0.005 + 1e-9


@dataclass(frozen=True)
class Alpha:
    """Cronbach's alpha of one value's items over rows of model and variant.

    Attributes:
        printed: in Table 4, of 27 models.
        rows: that are complete.
        models: that they are of.
    """

    name: str
    printed: float
    found: Estimate
    rows: int
    models: int


def models_at_hand() -> list[str]:
    """Models of the tables whose recordings are on this machine; nothing is downloaded."""
    there = set(recordings_at_hand())
    return [rater for rater in printed_models() if recording_of(rater) in there]


def printed_models() -> list[str]:
    """All models of Tables 5, 6 and 7, as these name them; those of Table 8 have no recording."""
    lines = published_lines(BENCHMARK)
    return list(dict.fromkeys(line["rater"] for line in lines if "Table 8" not in line["source"]))


def scores_of(recording: pd.DataFrame, way: Way) -> dict[str, float]:
    """All scores of one model's recorded answers, by name."""
    tags = recorded_tags(recording) if way.own_tags else load_instrument().tagged()
    grid = recorded_grid(recording, way.reading, tags)
    found = (ratio_scores(grid, family) for family in manifest_of(BENCHMARK).scores.values())
    return {
        name: float(value)
        for one in found
        if one is not None
        for name, value in zip(one.names, one.values(), strict=True)
    }


def recomputed_cells(raters: Iterable[str]) -> list[Cell]:
    """Every figure of Tables 5, 6 and 7 of some models, next to what their recordings come to.

    Args:
        raters: as the tables name them.

    Raises:
        UnknownNameError: for a model that is in none of the tables.
        DataMissingError: when a recording is not at hand and cannot be downloaded.
    """
    known, cells = printed_models(), []
    for rater in raters:
        if rater not in known:
            raise unknown_name("model of the tables", rater, known)
        recording = load_recording(recording_of(rater))
        scores = {name: scores_of(recording, way) for name, way in WAYS.items()}
        cells += [
            Cell(
                table=line["source"].rsplit(", ", 1)[-1],
                rater=rater,
                score=line["score"],
                printed=float(line["value"]),
                values={name: found[line["score"]] for name, found in scores.items()},
            )
            for line in published_lines(BENCHMARK)
            if line["rater"] == rater
        ]
    return sorted(cells, key=lambda cell: cell.table)


def recomputed_alphas(raters: Sequence[str]) -> list[Alpha]:
    """Table 4's alphas over those of its models that are given, in the source's reading.

    A row is a model in a variant; rows with a missing answer to any of the value's items are left
    out. The models are those of Table 5. The interval keeps the rows of a model together.
    """
    lines = published_lines(BENCHMARK)
    of_table_5 = {line["rater"] for line in lines if line["source"].endswith("Table 5")}
    chosen = [rater for rater in raters if rater in of_table_5]
    tags = load_instrument().tagged()
    grids = [recorded_grid(load_recording(recording_of(r)), "published", tags) for r in chosen]
    clusters = np.repeat(np.arange(len(grids)), len(VARIANTS)).tolist()
    out = []
    for name in SCHWARTZ if grids else ():
        counted = tags[ALL_DIMENSIONS.index(name)]
        rows = model_variant_rows(grids, list(load_instrument().items.index[counted]))
        found = cronbach_alpha(rows, clusters)
        out.append(Alpha(name, TABLE_4[name], found, len(complete_cases(rows)), len(grids)))
    return out
