"""Who rated: the tables that the rater columns of any rating data set allow."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from evals.studies.findings import Finding
from evals.studies.participants.draw import bars, bars_size
from evals.studies.participants.people import demographics
from evals.studies.participants.settings import ParticipantSettings
from evals.studies.participants.texts import Texts, text_findings
from ratings.data_sets.data_set import DataSet
from scorers.participants.counts import count_summary


def rater_findings(data: DataSet, settings: ParticipantSettings) -> Iterator[Finding]:
    """Who rated, what is known of them and what they wrote of themselves.

    Args:
        data: any rating data set. Its demographics are tables of answers, its measured columns
            tables of numbers, and the text that describes a rater one of words.
        settings: of the study.
    """
    yield _ratings(data, settings)
    if data.demographics:
        yield demographics(data.table.raters, {name: name for name in data.demographics})
    if data.measured:
        yield _measured(data, settings)
    if data.groundtruth:
        said = data.table.raters[data.groundtruth].dropna()
        yield from text_findings(
            {data.groundtruth: Texts(said, said.index.to_series())}, settings, {}
        )


def rater_facts(data: DataSet, name: str, settings: dict[str, Any]) -> dict[str, Any]:
    """Settings and data of a study of raters, for its JSON."""
    return {
        "study": "participants",
        "data": name,
        "card": None if data.card is None else data.card.id,
        "card_revision": None if data.card is None else data.card.revision,
        "synthetic": data.synthetic,
        "people": len(data.table.raters),
        "instances": len(data.table.instances),
        "ratings": len(data.table),
        **settings,
    }


def _ratings(data: DataSet, settings: ParticipantSettings) -> Finding:
    raters = data.table.raters.index.astype(str).to_numpy()
    given = np.bincount(data.table.rater_codes, minlength=len(raters))
    rated, got = np.unique(data.table.instance_codes, return_counts=True)
    by_rater = count_summary(pd.Series(given), raters, settings.seed, settings.replicates)
    # instances have no person of their own: no interval
    by_instance = count_summary(pd.Series(got), rated, settings.seed, settings.replicates).assign(
        **{"people": len(raters), "mean low": np.nan, "mean high": np.nan}
    )
    table = pd.concat(
        [by_rater.assign(what="ratings of a rater"), by_instance.assign(what="raters of a text")],
        ignore_index=True,
    )
    table = table[["what", *table.columns.drop("what")]]
    return Finding(
        name="ratings",
        title="Who rated, and how much?",
        sentence=f"{len(raters):,} raters gave {len(data.table):,} ratings of {len(rated):,} "
        f"texts: {table['mean'].iloc[0]:,.1f} a rater and {table['mean'].iloc[1]:,.1f} a text.",
        table=table,
    )


def _measured(data: DataSet, settings: ParticipantSettings) -> Finding:
    """Numbers that are known of raters, by questionnaire."""
    raters = data.table.raters
    rows = [
        count_summary(raters[column], raters.index, settings.seed, settings.replicates).assign(
            questionnaire=questionnaire, column=column, missing=int(raters[column].isna().sum())
        )
        for questionnaire, columns in data.measured.items()
        for column in columns
    ]
    table = pd.concat(rows, ignore_index=True)
    first = ["questionnaire", "column"]
    table = table[[*first, *table.columns.drop(first)]]
    known = table.dropna(subset="mean").sort_values("mean", ascending=False).to_dict("records")
    return Finding(
        name="measured",
        title="Which numbers are known of raters?",
        sentence=f"{len(table)} columns of {len(data.measured)} questionnaires; highest mean: "
        f"{known[0]['column']}, {known[0]['mean']:.2f}."
        if known
        else "None has a value.",
        table=table,
        draw=lambda axes: bars(axes, table, table["column"], "mean", "mean, 95% intervals"),
        size=bars_size(table),
        columns=("column", "people", "mean", "sd", "min", "median", "max", "missing"),
        rows=20,
    )
