"""Baselines that answer instead of a model, scored by the task."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from inspect_ai._util.error import PrerequisiteError

from benchmarks.indie_value._baselines import (
    QUESTIONS,
    demographics_baseline,
    demographics_predictions,
    majority_baseline,
    majority_predictions,
    random_baseline,
    resemble_baseline,
    resemble_predictions,
)
from benchmarks.indie_value._setup import Setup, load_material
from benchmarks.indie_value.task import indie_value
from ratings.errors import DataError
from ratings.instruments.indie_value import load_catalog
from ratings.survey.demonstrations import NOT_SHOWN
from tests.benchmarks.indie_value_runs import SETUP, events, report_of, run

PREDICTING = {
    "majority": (majority_baseline, majority_predictions),
    "resemble (k=3)": (
        lambda: resemble_baseline(k=3),
        lambda material, probe: resemble_predictions(material, probe, [3])[0],
    ),
    "resemble (k=3, questions=shown)": (
        lambda: resemble_baseline(k=3, questions="shown"),
        lambda material, probe: resemble_predictions(material, probe, [3], "shown")[0],
    ),
    "demographics (dimension=Religion)": (
        lambda: demographics_baseline("Religion"),
        lambda material, probe: demographics_predictions(material, probe, "Religion"),
    ),
}


@pytest.mark.parametrize("name", PREDICTING)
def test_a_baseline_answers_what_it_predicts(name: str, tmp_path: Path):
    make, predict = PREDICTING[name]
    log = run(indie_value(data="sample", probe=1, people=30), "none", tmp_path, solver=make())
    report = report_of(log)
    material = load_material(SETUP)
    right = (predict(material, 1) == material.truth(1))[:30]
    assert report.accuracy["accuracy"].value == pytest.approx(right.mean())
    assert report.counts["valid"] == 30 * 39
    assert not events(log)
    assert report.run.model == f"baseline {name}"


def test_random_is_what_it_is_expected_to_be(tmp_path: Path):
    task = indie_value(data="sample", probe=1, people=60)
    log = run(task, "none", tmp_path, solver=random_baseline())
    expected = load_catalog("sample").random_accuracy("polar", 1)
    found = report_of(log).accuracy["accuracy"]
    assert abs(found.value - expected) < 4 * np.sqrt(expected * (1 - expected) / (60 * 39))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: resemble_baseline(k=36), "k must be a whole number from 1 to 35, found 36"),
        (lambda: resemble_baseline(questions="show"), "unknown value for questions 'show'"),
        (lambda: demographics_baseline("Contry"), "nearest first): Country, "),
    ],
)
def test_wrong_options_of_a_baseline(make, message: str):
    with pytest.raises(PrerequisiteError) as caught:
        make()
    assert message in str(caught.value.message)


def test_resemblance_is_on_all_questions_outside_the_probe_set_or_on_those_shown():
    """Held against counting in a loop over people."""
    material = load_material(replace(SETUP, demonstrations=50))
    training, probe = material.sample.training, 2
    theirs = material.known[training].astype(int)
    outside = np.setdiff1d(np.arange(253), material.columns(probe))
    assert len(outside) == 214
    found = {on: resemble_predictions(material, probe, [1], on)[0] for on in QUESTIONS}
    np.testing.assert_array_equal(found["all"], resemble_predictions(material, probe, [1])[0])
    assert (found["all"] != found["shown"]).any()
    for person in range(0, 800, 40):
        mine = material.known[material.sample.held_out[person]].astype(int)
        shown = np.flatnonzero(material.shown(probe)[person] != NOT_SHOWN)
        for on, columns in (("all", outside), ("shown", shown)):
            there = columns[mine[columns] > 0]
            nearest = training[(theirs[:, there] == mine[there]).sum(axis=1).argmax()]
            own = material.asked[nearest, material.columns(probe)]
            np.testing.assert_array_equal(found[on][person][own > 0], own[own > 0])


def test_where_nothing_is_shown_resemble_is_the_majority_or_needs_no_showing():
    nothing = load_material(Setup("sample", None, 0, 0, "polar", "polar", "none"))
    (found,) = resemble_predictions(nothing, 2, [5], "shown")
    np.testing.assert_array_equal(found, majority_predictions(nothing, 2))
    whole = resemble_predictions(load_material(SETUP), 2, [5])
    np.testing.assert_array_equal(resemble_predictions(nothing, 2, [5]), whole)


def test_before_each_question_others_are_shown_so_they_cannot_be_compared():
    each = load_material(replace(SETUP, grouping="each"))
    with pytest.raises(DataError, match="compare on questions=all"):
        resemble_predictions(each, 1, [1], "shown")
    whole = resemble_predictions(load_material(SETUP), 1, [1])
    np.testing.assert_array_equal(resemble_predictions(each, 1, [1]), whole)


def test_a_baseline_is_named_whatever_model_is_given(tmp_path: Path):
    task = indie_value(data="sample", probe=1, people=2)
    log = run(task, "respondent/0.7", tmp_path, solver=majority_baseline())
    assert report_of(log).run.model == "baseline majority"
    assert not events(log)
