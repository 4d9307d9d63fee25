import json
from pathlib import Path

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from inspect_ai._util.error import PrerequisiteError
from inspect_ai.model import ChatMessageUser, GenerateConfig, get_model

from providers.respondents.known_accuracy import read_accuracy, simulated_choice
from providers.respondents.respondent import (
    check_weights,
    noiseless_ratings,
    read_profile,
    simulated_rating,
)
from ratings.errors import DataError
from ratings.instruments.dimensions import SCHWARTZ
from ratings.instruments.value_portrait import load_instrument
from ratings.survey.source import load_survey


def test_a_named_profile_falls_off_around_the_circle():
    profile = read_profile("Self-Direction")
    assert profile["Self-Direction"] == 1
    assert profile["Universalism"] == pytest.approx(profile["Stimulation"])
    assert min(profile, key=profile.__getitem__) == "Security"


def test_weights_come_from_json_inline_or_in_a_file(tmp_path: Path):
    weights = {"Power": 1.5, "hedonism": -1}
    path = tmp_path / "profile.json"
    path.write_text(json.dumps(weights))
    for name in (json.dumps(weights), str(path)):
        assert read_profile(name) == dict.fromkeys(SCHWARTZ, 0.0) | {"Power": 1.5, "Hedonism": -1.0}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("benevolense", "unknown respondent profile 'benevolense'; .*: benevolence, "),
        ('{"Powr": 1}', "unknown value 'Powr'; .*: Power, "),
        ('{"Power": "high"}', "the weight of Power must be a number, found 'high'"),
        ("[1, 2", "unknown respondent profile"),
        ('{"Power": ', "the profile is not valid JSON"),
        ("none.json", "there is no profile at"),
    ],
)
def test_a_wrong_profile_is_told_in_one_line(name: str, message: str):
    with pytest.raises(DataError, match=message):
        read_profile(name)
    with pytest.raises(PrerequisiteError):
        get_model(f"respondent/{name}", memoize=False)
    with pytest.raises(DataError):
        check_weights([1, 2])


def test_an_unknown_argument_names_the_known_ones():
    with pytest.raises(PrerequisiteError) as caught:
        get_model("respondent/power", memoize=False, sed=1)
    assert "unknown argument of respondent 'sed'" in str(caught.value.message)


def test_items_without_a_tag_are_in_the_middle_and_tagged_ones_lean():
    instrument = load_instrument("sample")
    weights = dict.fromkeys(SCHWARTZ, 0.0) | {"Power": 1.0}
    ratings = noiseless_ratings(instrument, weights)
    power = instrument.tagged()[SCHWARTZ.index("Power")]
    assert (ratings[power] > 3.5).all()
    assert (ratings[~power] == 3.5).all()


def test_the_same_question_gets_the_same_answer_and_another_seed_another():
    asked = [(f"{i}-1", "v1") for i in range(200)]
    first, again, other = (
        [simulated_rating(3.5, 1.0, seed, *ask) for ask in asked] for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other
    assert set(first) <= set(range(1, 7))
    assert [simulated_rating(4.0, 0.0, 1, *ask) for ask in asked] == [4] * 200


async def ask(text: str) -> str:
    return (await get_model("respondent/power", memoize=False).generate(text)).completion


def test_a_question_outside_the_instrument_is_refused():
    with pytest.raises(PrerequisiteError, match="answers value_portrait only"):
        anyio.run(ask, "Hello?")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("1.5", "a respondent's accuracy must be a number from 0 to 1, found 1.5"),
        ('{"accuracy": true}', "must be a number from 0 to 1, found True"),
        ('{"accuracy": 0.5, "Sexx": {"male": 1}}', "unknown dimension 'Sexx'; allowed (nearest"),
        ('{"accuracy": 0.5, "Sex": {"male": 7}}', "must be a number from 0 to 1, found 7"),
        ('{"accuracy": 0.5, "Sex": 1}', "may differ between the groups of one dimension"),
        ('{"accuracy": 0.5, "Sex": {}, "Age": {}}', "may differ between the groups of one"),
    ],
)
def test_an_accuracy_that_is_none_is_refused(name: str, told: str):
    with pytest.raises(DataError) as caught:
        read_accuracy(name)
    assert told in str(caught.value)


def test_an_accuracy_from_a_number_an_object_and_a_file(tmp_path: Path):
    assert read_accuracy("0.7").accuracy == 0.7
    assert read_accuracy("benevolence") is None
    assert read_accuracy('{"Power": 1}') is None
    path = tmp_path / "reader.json"
    path.write_text('{"accuracy": 0.5, "Income": {"high": 1}}')
    known = read_accuracy(str(path))
    survey = load_survey("sample")
    chances, income = known.chances(survey), survey.groups("Income")
    assert set(chances[(income == "high").to_numpy()]) == {1.0}
    assert set(chances[(income != "high").to_numpy()]) == {0.5}


def test_a_group_that_is_none_is_refused():
    known = read_accuracy('{"accuracy": 0.5, "Sex": {"Male": 0.7}}')
    with pytest.raises(DataError, match="unknown group of Sex 'Male'; .*: male, female"):
        known.chances(load_survey("sample"))


@given(st.integers(2, 8), st.data())
def test_a_simulated_choice_is_always_one_of_the_statements(count: int, data: st.DataObject):
    own = data.draw(st.integers(1, count))
    key = data.draw(st.text(max_size=5))
    assert simulated_choice(own, count, 1.0, key) == own
    wrong = simulated_choice(own, count, 0.0, key)
    assert wrong != own
    assert 1 <= wrong <= count


@pytest.mark.parametrize(
    ("model", "metadata", "told"),
    [
        (
            "respondent/0.7",
            {"benchmark": "value_portrait", "data": "sample", "instance": "1-1", "variant": "v1"},
            "answers indie_value only",
        ),
        (
            "respondent/power",
            {"benchmark": "indie_value"},
            "indie_value and prism by one with an accuracy .respondent/0.7.",
        ),
    ],
)
def test_a_respondent_answers_what_it_is_made_for(model: str, metadata: dict, told: str):
    message = ChatMessageUser(content="?", metadata=metadata)
    with pytest.raises(PrerequisiteError, match=told):
        anyio.run(get_model(model).api.generate, [message], [], "auto", GenerateConfig())
