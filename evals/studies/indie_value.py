"""The paper's studies of what helps a model to read a person, as tables and pictures.

Jiang et al. (2025): Figure 3 (how many demonstrations, with and without demographics), Table 11
(refined against polar demonstrations), Figure 7 (one category's demonstrations at a time).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from evals.reports.indie_value import IndieValueReport
from evals.reports.people import difference
from evals.reports.picture import BLUE, BROWN, picture
from evals.studies.sweep import Reports, Variation
from ratings.instruments.indie_value import FORMS, load_catalog

NUMBERS = (0, 50, 100, 150, 200)
WITH = " with demographics"


@dataclass(frozen=True)
class Study:
    """A question answered by several runs.

    Attributes:
        variations: what to run, given the catalog's name.
        table: the answer as a table, a row a run.
        draw: the answer as a picture.
    """

    variations: Callable[[str], list[Variation]]
    table: Callable[[Reports], pd.DataFrame]
    draw: Callable[[pd.DataFrame, str, Path], None]


def demonstrations_variations(data: str) -> list[Variation]:
    """Five numbers of demonstrations, each with and without demographics (Figure 3)."""
    return [
        Variation(
            f"{number}{WITH if shown == 'with' else ''}",
            {"demonstrations": number, "demographics": shown},
        )
        for shown in ("none", "with")
        for number in NUMBERS
    ]


def forms_variations(data: str) -> list[Variation]:
    """Polar and refined demonstrations, asked in polar form (Table 11)."""
    return [Variation(form, {"demonstration_form": form}) for form in FORMS]


def categories_variations(data: str) -> list[Variation]:
    """Each category's statements as the only demonstrations (Figure 7)."""
    return [Variation(name, {"demonstrations": name}) for name in load_catalog(data).categories]


def accuracy_table(reports: Reports) -> pd.DataFrame:
    """A row a run: accuracy overall and of each probe set, with intervals; in per cent."""
    rows = {}
    for label, report in reports.items():
        row: dict[str, float] = {"people": len(report.people)}
        for name, found in report.accuracy.items():
            if name == "accuracy" or name.startswith("probe "):
                row[name] = 100 * found.value
                row[f"{name} low"] = 100 * found.low
                row[f"{name} high"] = 100 * found.high
        rows[label] = row
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("demonstrations")


def demonstrations_table(reports: Reports) -> pd.DataFrame:
    """Accuracies, and what demographics add to each number of demonstrations, paired by person."""
    pairs = {f"{number}{WITH}": str(number) for number in NUMBERS}
    return _with_differences(reports, pairs)


def forms_table(reports: Reports) -> pd.DataFrame:
    """Accuracies, and what refined demonstrations add to polar ones, paired by person."""
    return _with_differences(reports, {"refined": "polar"})


def categories_table(reports: Reports) -> pd.DataFrame:
    """A row a category shown and a category asked: accuracy with its interval, in per cent."""
    rows = []
    for shown, report in reports.items():
        for asked in dict.fromkeys(report.categories):
            found = report.accuracy[asked]
            ends = (100 * end for end in (found.value, found.low, found.high))
            rows.append((shown, asked, *ends))
    columns = ["demonstrations", "asked", "accuracy", "accuracy low", "accuracy high"]
    return pd.DataFrame(rows, columns=columns).set_index("demonstrations")


def square(table: pd.DataFrame) -> pd.DataFrame:
    """The accuracies of `categories_table`, a row a category shown, a column a category asked."""
    wide = table.set_index("asked", append=True)["accuracy"].unstack("asked")
    return wide.loc[list(dict.fromkeys(table.index)), list(dict.fromkeys(table["asked"]))]


def draw_demonstrations(table: pd.DataFrame, title: str, path: Path) -> None:
    """Accuracy by number of demonstrations, with and without demographics."""
    with picture(path) as axes:
        for ending, colour, name, shift in (
            ("", BLUE, "statements alone", -1),
            (WITH, BROWN, "statements and demographics", 1),
        ):
            rows = table.loc[[f"{n}{ending}" for n in NUMBERS if f"{n}{ending}" in table.index]]
            numbers = [int(label.removesuffix(ending)) + shift for label in rows.index]
            axes.vlines(numbers, rows["accuracy low"], rows["accuracy high"], color=colour)
            axes.plot(numbers, rows["accuracy"], "o-", color=colour, label=name)
        axes.set_xticks(NUMBERS)
        axes.set_xlabel("statements shown")
        axes.set_ylabel("accuracy (per cent)")
        axes.set_title(title, fontsize=10)
        axes.legend(frameon=False, loc="lower right")


def draw_forms(table: pd.DataFrame, title: str, path: Path) -> None:
    """Accuracy by probe set, a bar a form."""
    columns = [name for name in ("probe 1", "probe 2", "probe 3", "accuracy") if name in table]
    with picture(path) as axes:
        for place, (form, colour) in enumerate(zip(FORMS, (BLUE, BROWN), strict=True)):
            if form in table.index:
                places = np.arange(len(columns)) + 0.38 * place
                row = table.loc[form]
                label = f"{form} statements shown"
                axes.bar(places, row[columns], width=0.36, color=colour, label=label)
                low, high = (row[[f"{name} {end}" for name in columns]] for end in ("low", "high"))
                axes.vlines(places, low, high, color="0.15", linewidth=1.5)
        axes.set_xticks(
            np.arange(len(columns)) + 0.19, ["all" if n == "accuracy" else n for n in columns]
        )
        axes.set_ylabel("accuracy (per cent)")
        axes.set_title(title, fontsize=10)
        axes.set_ylim(0, 1.25 * table["accuracy"].max())
        axes.legend(frameon=False, loc="upper left", ncols=2)


def draw_categories(table: pd.DataFrame, title: str, path: Path) -> None:
    """A map of accuracies: the category asked down, the category shown across."""
    wide = square(table)
    values = wide.to_numpy().T
    with picture(path, 11, 8) as axes:
        axes.imshow(values, cmap="YlGnBu", aspect="auto")
        middle = np.nanmean([np.nanmin(values), np.nanmax(values)])
        for (row, column), value in np.ndenumerate(values):
            colour = "white" if value > middle else "black"
            axes.text(
                column, row, f"{value:.1f}", ha="center", va="center", fontsize=8, color=colour
            )
        axes.set_xticks(range(len(wide.index)), wide.index, rotation=40, ha="right", fontsize=8)
        axes.set_yticks(range(len(wide.columns)), wide.columns, fontsize=8)
        axes.set_xlabel("category shown")
        axes.set_ylabel("category asked")
        axes.set_title(title, fontsize=10)


STUDIES = {
    "demonstrations": Study(
        demonstrations_variations,
        demonstrations_table,
        draw_demonstrations,
    ),
    "forms": Study(
        forms_variations,
        forms_table,
        draw_forms,
    ),
    "categories": Study(
        categories_variations,
        categories_table,
        draw_categories,
    ),
}


def _with_differences(reports: Reports, pairs: Mapping[str, str]) -> pd.DataFrame:
    """The accuracy table with the paired difference of some runs to others, in points."""
    table = accuracy_table(reports)
    for label, base in pairs.items():
        if label in reports and base in reports:
            add_difference(table, label, reports[label], base, reports[base])
    return table


def add_difference(
    table: pd.DataFrame, row: object, report: IndieValueReport, base: str, other: IndieValueReport
) -> None:
    """Write into a row how much more accurate its run is than another, paired by person."""
    found = difference(report.run, other.run)
    table.loc[row, "against"] = base
    table.loc[row, "difference"] = 100 * found.estimate.value
    table.loc[row, "difference low"] = 100 * found.estimate.low
    table.loc[row, "difference high"] = 100 * found.estimate.high
    table.loc[row, "p"] = found.p_value
