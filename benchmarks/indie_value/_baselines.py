"""Baselines that call no model: they answer in the same form and are scored by the same task.

Jiang et al. (2025), Table 3 and appendix C.1, Table 15.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from inspect_ai.model import ModelOutput
from inspect_ai.solver import Generate, Solver, TaskState, solver

from benchmarks._arguments import check_choice, check_whole_number
from benchmarks.indie_value._setup import Material, Setup, load_material
from ratings.errors import DataError
from ratings.instruments.indie_value import DIMENSIONS
from ratings.survey.demonstrations import NOT_SHOWN
from ratings.survey.nearest_neighbours import (
    MOST_NEIGHBOURS,
    group_majority,
    majority,
    nearest_people,
    neighbour_votes,
)
from scorers.inspect_adapter.asking import user_errors
from scorers.inspect_adapter.choices import ANSWERS

Positions = npt.NDArray[np.int8]

# Table 3's number of people: the best of Table 17 in the paper.
BEST_K = 24
# What people are compared on: all questions outside the probe set, as in the authors' release, or
# those of them that a model is shown.
QUESTIONS = ("all", "shown")


@solver(name="random")
def random_baseline() -> Solver:
    """Each statement of a group with the same chance, drawn by the task's seed."""
    return _answering("random", random_predictions)


@solver(name="majority")
def majority_baseline() -> Solver:
    """The statement that most training people chose; the first of equals."""
    return _answering("majority", majority_predictions)


@solver(name="resemble")
def resemble_baseline(k: int = BEST_K, questions: str = "all") -> Solver:
    """The majority of the k training people who share most statements with the person.

    Of people who share equally many the one earlier in the survey is nearer; of statements with
    equally many votes the one whose first holder is nearer wins.

    Args:
        k: 1 to 35 people.
        questions: `all` 214 outside the probe set, or those of them that are `shown` to a model;
            where nothing is shown, all people are equally near, and the majority of all answers.
    """
    with user_errors(sample="sample"):
        k = check_whole_number("k", k, 1, MOST_NEIGHBOURS)
        on = check_choice("questions", questions, QUESTIONS)
    return _answering(
        f"resemble, k={k}, questions={on}",
        lambda material, probe: resemble_predictions(material, probe, [k], on)[0],
    )


@solver(name="demographics")
def demographics_baseline(dimension: str = "Country") -> Solver:
    """The majority of the training people in the person's group.

    Args:
        dimension: which of the 16 demographic dimensions makes the groups.
    """
    with user_errors(sample="sample"):
        name = check_choice("dimension", dimension, DIMENSIONS)
    return _answering(
        f"demographics, {name}",
        lambda material, probe: demographics_predictions(material, probe, name),
    )


def random_predictions(material: Material, probe: int) -> Positions:
    """E x Q positions drawn uniformly."""
    counts = material.catalog.choice_counts(material.setup.probe_form)[material.columns(probe)]
    rng = np.random.default_rng([material.setup.seed, 2, probe])
    drawn = rng.random((len(material.sample.held_out), len(counts)))
    return (1 + drawn * counts).astype(np.int8)


def majority_predictions(material: Material, probe: int) -> Positions:
    """E x Q positions: the same for everybody."""
    row = majority(material.asked[material.sample.training][:, material.columns(probe)])
    return np.broadcast_to(row, (len(material.sample.held_out), len(row)))


def resemble_predictions(
    material: Material, probe: int, ks: Sequence[int], questions: str = "all"
) -> Positions:
    """len(ks) x E x Q positions; the majority of all for a person who is compared on nothing.

    Args:
        material: the people.
        probe: 1, 2 or 3.
        ks: numbers of people.
        questions: what people are compared on, one of `QUESTIONS`.

    Raises:
        DataError: for the questions shown where each question is shown after others.
    """
    answers = material.asked[material.sample.training][:, material.columns(probe)]
    everybody = majority(answers)
    found = neighbour_votes(_neighbours(material, probe, questions), answers, everybody, ks)
    found[:, ~_compared(material, probe, questions).any(axis=1)] = everybody
    return found


def demographics_predictions(material: Material, probe: int, dimension: str) -> Positions:
    """E x Q positions: the majority of each person's group, of all where there is no group."""
    groups = material.survey.groups(dimension).cat.codes.to_numpy().astype(np.intp)
    training = material.sample.training
    answers = material.asked[training][:, material.columns(probe)]
    rows = group_majority(answers, groups[training])
    mine = groups[material.sample.held_out]
    return rows[np.where(mine < len(rows) - 1, mine, -1)]


@lru_cache(maxsize=12)
def _neighbours(material: Material, probe: int, questions: str) -> npt.NDArray[np.intp]:
    known = material.known[material.sample.held_out] * _compared(material, probe, questions)
    counts = material.catalog.choice_counts(material.setup.demonstration_form)
    return nearest_people(known.astype(np.int8), material.known_of_training, counts)


def _compared(material: Material, probe: int, questions: str) -> npt.NDArray[np.bool_]:
    """E x I: the answers of each held-out person on which others are compared with them."""
    if questions == "shown":
        if material.setup.grouping == "each":
            raise DataError(
                "with grouping=each other statements are shown before each question: compare on "
                "questions=all"
            )
        shown: npt.NDArray[np.bool_] = material.shown(probe) != NOT_SHOWN
        return shown
    there: npt.NDArray[np.bool_] = material.known[material.sample.held_out] > 0
    there[:, material.columns(probe)] = False
    return there


def _answering(name: str, predict: Any) -> Solver:  # noqa: ANN401 - a function of this file
    """A solver that answers with what a baseline predicts, worked out once for all people."""
    known: dict[tuple[Setup, int], Positions] = {}

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        setup, probe = Setup(**state.metadata["setup"]), state.metadata["probe"]
        if (setup, probe) not in known:
            with user_errors(sample="sample"):
                known[setup, probe] = predict(load_material(setup), probe)
        choices = known[setup, probe][state.metadata["place"]].tolist()
        chosen = {f"NSG{i}": {"choice": f"NSG{i}_s{choice}"} for i, choice in enumerate(choices, 1)}
        text = json.dumps(chosen)
        state.output = ModelOutput.from_content(name, text)
        answer = {"groups": list(chosen), "text": text, "stop_reason": "stop"}
        state.output.metadata = {ANSWERS: [answer]}
        state.completed = True
        return state

    return solve
