"""The baselines without a model, on the people at hand: Tables 3 and 17 of the paper.

Jiang et al. (2025), section 4. The same predictions answer the task when a baseline runs as a
solver.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.indie_value._baselines import (
    BEST_K,
    demographics_predictions,
    majority_predictions,
    resemble_predictions,
)
from benchmarks.indie_value._setup import Material, Setup, load_material
from ratings.arrays import FloatArray
from ratings.instruments.indie_value import FORMS, PROBES
from ratings.survey.demonstrations import MOST
from ratings.survey.nearest_neighbours import MOST_NEIGHBOURS
from scorers.intervals.estimate import Estimate
from scorers.scores.accuracy import mean_over_people

COLUMNS = (*(f"{form} {name}" for form in FORMS for name in ("1", "2", "3", "mean")), "mean")


@dataclass(frozen=True)
class BaselineRow:
    """Accuracies of one baseline, as shares.

    Attributes:
        name: which baseline.
        accuracy: by column: a form and probe set, a form's mean over them, the mean of both forms.
    """

    name: str
    accuracy: dict[str, Estimate]


@dataclass(frozen=True)
class BaselineTables:
    """Both tables.

    Attributes:
        people: number of held-out people.
        training: number of training people.
        filled: how many held-out people were taken beyond the shares of continents.
        questions: on what `resemble` compares people, `all` or `shown`.
        rows: Table 3's baselines.
        by_k: Table 17, `resemble` with 1 to 35 people.
        best: the number of people with the highest accuracy over everything. It was chosen on
            the same people, so its accuracy is a little too good.
    """

    survey: str
    synthetic: bool
    people: int
    training: int
    filled: int
    seed: int
    questions: str
    rows: list[BaselineRow]
    by_k: list[BaselineRow]
    best: int

    def as_json(self) -> dict[str, Any]:
        """The tables as plain data."""
        return asdict(self)


def baseline_tables(
    data: str = "official",
    survey: str | None = None,
    seed: int = 0,
    dimensions: Sequence[str] = ("Country",),
    questions: str = "all",
) -> BaselineTables:
    """Work out the baselines' accuracies in both forms.

    Each form is known and asked alike.

    Args:
        data: `official` or `sample`.
        survey: path of the survey's file, or None.
        seed: of the held-out people and the statements shown.
        dimensions: for each a row that predicts the majority of the person's group.
        questions: on what `resemble` compares people: `all` 214 questions outside the probe set, or
            the 200 of them that a model is `shown`.

    Raises:
        DataError: when data are missing or not what they should be.
    """
    materials = [
        load_material(Setup(data, survey, seed, MOST, form, form, "none")) for form in FORMS
    ]
    ks = range(1, MOST_NEIGHBOURS + 1)
    resembling = [
        resemble_predictions(material, probe, ks, questions)
        for material in materials
        for probe in PROBES
    ]
    cells = [(material, probe) for material in materials for probe in PROBES]
    by_k = [
        _row(f"k={k}", cells, [found[position] for found in resembling])
        for position, k in enumerate(ks)
    ]
    best = int(np.argmax([row.accuracy["mean"].value for row in by_k]))
    rows = [
        _random_row(materials),
        _row("majority", cells, [majority_predictions(*cell) for cell in cells]),
        BaselineRow("resemble, k=1", by_k[0].accuracy),
        BaselineRow(f"resemble, k={BEST_K}", by_k[ks.index(BEST_K)].accuracy),
    ]
    for name in dimensions:
        found = [demographics_predictions(*cell, name) for cell in cells]
        rows.append(_row(f"demographics, {name}", cells, found))
    sample = materials[0].sample
    return BaselineTables(
        survey=materials[0].survey.origin,
        synthetic=materials[0].survey.synthetic,
        people=len(sample.held_out),
        training=len(sample.training),
        filled=sample.filled,
        seed=seed,
        questions=questions,
        rows=rows,
        by_k=by_k,
        best=ks[best],
    )


def _row(
    name: str,
    cells: Sequence[tuple[Material, int]],
    predictions: Sequence[npt.NDArray[np.int8]],
) -> BaselineRow:
    accuracies = np.column_stack(
        [
            (predicted == material.truth(probe)).mean(axis=1)
            for (material, probe), predicted in zip(cells, predictions, strict=True)
        ]
    )
    return BaselineRow(
        name,
        dict(zip(COLUMNS, mean_over_people(_with_means(accuracies), ends=(0.0, 1.0)), strict=True)),
    )


def _random_row(materials: Sequence[Material]) -> BaselineRow:
    """Uniform guessing in expectation, which has no interval."""
    expected = [
        material.catalog.random_accuracy(material.setup.probe_form, probe)
        for material in materials
        for probe in PROBES
    ]
    values = _with_means(np.array([expected]))[0]
    exact = [Estimate(float(value), reason="in expectation") for value in values]
    return BaselineRow("random", dict(zip(COLUMNS, exact, strict=True)))


def _with_means(accuracies: FloatArray) -> FloatArray:
    """E x 6 accuracies of forms and probe sets to E x 9 with the means."""
    polar, refined = accuracies[:, :3], accuracies[:, 3:]
    means = [part.mean(axis=1, keepdims=True) for part in (polar, refined)]
    return np.hstack([polar, means[0], refined, means[1], (means[0] + means[1]) / 2])
