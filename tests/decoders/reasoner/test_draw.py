"""Training sets drawn from the simulated people, each looked through in full."""

from dataclasses import replace

import numpy as np
import pytest

from decoders.reasoner.draw import TrainingSet, draw_training_set
from decoders.reasoner.training_plan import TrainingPlan
from ratings.errors import DataError, UnknownNameError
from ratings.survey.evaluation_sample import EvaluationSample, evaluation_sample
from ratings.survey.source import load_survey
from ratings.survey.survey import MISSING_CODE, Survey, statement_positions

QUESTIONS = 253
PLANS = [
    TrainingPlan("p", "mixed", 2),
    TrainingPlan("r", "mixed", 2, demonstration_forms="p"),
    TrainingPlan("p+r", "200", 4),
    TrainingPlan("p+r", "mixed", 2, demonstration_forms="r"),
    TrainingPlan("p+r", "mixed+200", 8),
    TrainingPlan("p+r", "mixed+200", 8, probes=39),
    TrainingPlan("p", "mixed", 8, probes=20, told="both"),
    TrainingPlan("p+r", "200", 2, told="demographics"),
    TrainingPlan("p", "200", 2, probes=5, continent="Europe"),
]


@pytest.fixture(scope="module")
def survey() -> Survey:
    return load_survey("sample")


@pytest.fixture(scope="module")
def sample(survey: Survey) -> EvaluationSample:
    return evaluation_sample(survey, 3)


@pytest.fixture(scope="module", params=PLANS, ids=lambda plan: plan.name)
def drawn(
    request: pytest.FixtureRequest, survey: Survey, sample: EvaluationSample
) -> tuple[TrainingPlan, TrainingSet]:
    return request.param, draw_training_set(survey, sample, request.param, seed=3)


def test_every_question_has_as_many_examples_of_every_part(
    drawn: tuple[TrainingPlan, TrainingSet],
):
    plan, found = drawn
    assert len(found) == QUESTIONS * plan.per_question
    segment = found.segment[found.block]
    for position, one in enumerate(plan.segments()):
        counts = np.bincount(found.question[segment == position], minlength=QUESTIONS)
        assert (counts == one.per_question).all()


def test_nobody_asked_is_held_out_repeated_or_of_another_continent(
    drawn: tuple[TrainingPlan, TrainingSet], survey: Survey, sample: EvaluationSample
):
    plan, found = drawn
    assert set(found.person) <= set(sample.training)
    assert not set(found.person) & set(sample.held_out)
    asked = set(zip(found.person[found.block], found.question, strict=True))
    assert len(asked) == len(found)
    if plan.continent:
        assert set(survey.groups("Continent").iloc[found.person]) == {plan.continent}


def test_no_probe_is_among_what_is_given_and_what_is_missing_stays_missing(
    drawn: tuple[TrainingPlan, TrainingSet], survey: Survey
):
    plan, found = drawn
    numbers = []
    for block, (person, shown) in enumerate(zip(found.person, found.shown, strict=True)):
        asked = found.question[found.block == block] if plan.probes > 1 else found.question[[block]]
        segment = found.segments[found.segment[block]]
        assert 1 <= len(asked) <= plan.probes
        assert not set(asked) & set(shown)
        assert len(set(shown)) == len(shown)
        assert (survey.codes[person, [*asked, *shown]] != MISSING_CODE).all()
        if segment.context == "demographics":
            assert len(shown) == 0
            assert survey.people.iloc[person].notna().any()
        else:
            numbers.append((segment.demonstrations, len(shown)))
    for kind in {kind for kind, _ in numbers}:
        sizes = [size for found, size in numbers if found == kind]
        assert min(sizes) >= (200 if kind == "200" else 50)
        assert max(sizes) <= 200
        if kind == "mixed" and len(sizes) > 100:  # 125 on average, a standard deviation of 44
            assert abs(np.mean(sizes) - 125) < 5 * 44 / np.sqrt(len(sizes))


def test_what_was_chosen_is_what_the_person_answered(
    drawn: tuple[TrainingPlan, TrainingSet], survey: Survey
):
    _, found = drawn
    for position, segment in enumerate(found.segments):
        rows = found.segment[found.block] == position
        people, questions = found.person[found.block[rows]], found.question[rows]
        positions = statement_positions(survey.codes[people], survey.catalog, segment.form)
        assert (positions[np.arange(len(people)), questions] - 1 == found.chosen[rows]).all()


def test_a_draw_follows_its_seed(survey: Survey, sample: EvaluationSample):
    plan = TrainingPlan("p", "mixed", 2, probes=39)
    one, same, other = (draw_training_set(survey, sample, plan, seed) for seed in (1, 1, 2))
    assert (one.question == same.question).all()
    assert (one.person == same.person).all()
    assert not (one.question == other.question).all()


def test_a_held_out_person_among_those_to_learn_from_is_refused(
    survey: Survey, sample: EvaluationSample
):
    planted = sample.held_out[7]
    leaking = replace(sample, training=np.sort(np.append(sample.training, planted)))
    name = survey.people.index[planted]
    with pytest.raises(DataError, match=rf"person {name} is held out .*\(1 such"):
        draw_training_set(survey, leaking, PLANS[0])
    with pytest.raises(DataError, match="800 such people"):
        draw_training_set(survey, sample, PLANS[0], people=sample.held_out)


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        (TrainingPlan("p", "200", 64), r"60 people to train on are too few .*200 other"),
        (TrainingPlan("p", "mixed", 60, continent="Oceania"), "people of Oceania to train on"),
        (TrainingPlan("p", "200", 2, probes=54), "at most 53 probes"),
    ],
)
def test_too_few_people_are_reported(
    survey: Survey, sample: EvaluationSample, plan: TrainingPlan, message: str
):
    with pytest.raises(DataError, match=message):
        draw_training_set(survey, sample, plan, people=sample.training[:60])


def test_an_unknown_continent_is_named(survey: Survey, sample: EvaluationSample):
    plan = TrainingPlan("p", "mixed", 2, continent="Atlantis")
    with pytest.raises(UnknownNameError, match="continent") as caught:
        draw_training_set(survey, sample, plan)
    assert caught.value.name == "Atlantis"
    assert "Asia" in caught.value.allowed
