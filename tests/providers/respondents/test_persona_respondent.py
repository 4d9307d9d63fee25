"""`respondent/personas` moves by what a system prompt's profile says, and by no more."""

import json
from pathlib import Path

import anyio
import numpy as np
import pytest
from inspect_ai._util.error import PrerequisiteError
from inspect_ai.model import ChatMessageSystem, ChatMessageUser, get_model

from providers.respondents.persona_respondent import (
    MIDDLE,
    expected_rating,
    leanings_for,
    read_profiles,
)
from providers.respondents.respondent import peaked_profile, simulated_rating
from ratings.asked import AskedItem
from ratings.errors import DataError
from ratings.instruments.dimensions import ALL_DIMENSIONS, BIG_FIVE, SCHWARTZ
from ratings.instruments.value_portrait import CHOICES, Instrument, load_instrument

MANLY = "You are a man."


@pytest.fixture
def profiles(tmp_path: Path) -> Path:
    path = tmp_path / "profiles.json"
    path.write_text(json.dumps({MANLY: {"power": 0.5, "Tradition": -0.2}}), encoding="utf-8")
    return path


def expected_scores(instrument: Instrument, leanings: np.ndarray, noise: float) -> np.ndarray:
    """The fifteen scores that ratings come to on average, written out."""
    ratings = expected_rating(leanings, noise)
    tagged = instrument.tagged()
    of = {name: ratings[tagged[ALL_DIMENSIONS.index(name)]] for name in (*SCHWARTZ, *BIG_FIVE)}
    centre = ratings[tagged[: len(SCHWARTZ)].any(axis=0)].mean()
    values = [of[name].mean() - centre for name in SCHWARTZ]
    return np.array(values + [of[name].mean() * 5 / 6 for name in BIG_FIVE])


@pytest.mark.parametrize("noise", [0.3, 0.7, 1.5])
@pytest.mark.parametrize(
    "wanted",
    [{"Power": 0.5}, peaked_profile("Hedonism"), {"Openness": -0.4}, {"Power": 0.3, "Openness": 1}],
    ids=["one value", "around the circle", "a trait", "a value and a trait"],
)
def test_expected_scores_differ_as_wanted(wanted: dict[str, float], noise: float):
    instrument = load_instrument("sample")
    base = expected_scores(instrument, np.full(len(instrument.items), MIDDLE), noise)
    found = expected_scores(instrument, leanings_for(instrument, wanted, noise), noise) - base
    for family, mine in ((SCHWARTZ, found[:10]), (BIG_FIVE, found[10:])):
        if set(wanted) & set(family):
            assert mine == pytest.approx([wanted.get(name, 0.0) for name in family], abs=2e-3)


def test_the_expected_rating_is_the_mean_of_what_is_drawn():
    drawn = [simulated_rating(5.2, 0.7, 0, f"{i}", "v1") for i in range(20_000)]
    assert expected_rating(np.array([5.2]), 0.7)[0] == pytest.approx(np.mean(drawn), abs=0.02)


def test_differences_that_the_scale_is_too_short_for_are_refused():
    with pytest.raises(DataError, match="the scale is too short for such differences"):
        leanings_for(load_instrument("sample"), {"Power": 9.0}, 0.7)


def answers(system: str | None, model_args: dict[str, object]) -> np.ndarray:
    model = get_model("respondent/personas", memoize=False, **model_args)

    async def ask(instance: str) -> str:
        about = AskedItem(data="sample", instance=instance, variant="v1").as_metadata()
        messages = [ChatMessageUser(content="?", metadata=about)]
        if system is not None:
            messages.insert(0, ChatMessageSystem(content=system))
        return (await model.generate(messages)).completion

    async def ask_all() -> list[str]:
        return [await ask(name) for name in load_instrument("sample").items.index]

    return np.array([CHOICES.index(answer) + 1 for answer in anyio.run(ask_all)])


def test_it_heeds_the_system_prompt_by_as_much_as_it_follows(profiles: Path):
    power = load_instrument("sample").tagged()[SCHWARTZ.index("Power")]

    def lead(ratings: np.ndarray) -> float:
        return float(ratings[power].mean() - ratings.mean())

    plain = answers(None, {"profiles": str(profiles)})
    found = {
        follows: lead(answers(MANLY, {"profiles": str(profiles), "follows": follows})) - lead(plain)
        for follows in (-1, 0, 1, 2)
    }
    assert found[2] > found[1] > found[0] > found[-1]
    # another prompt draws other noise, as a model that ignores it would
    assert (answers(MANLY, {"profiles": str(profiles), "follows": 0}) != plain).any()


def test_space_around_a_prompt_does_not_matter(profiles: Path):
    given = {"profiles": str(profiles)}
    assert answers(f"{MANLY}\n", given).shape == answers(MANLY, given).shape


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"x": {"Powr": 1}}', "line 1: x.Powr: unknown dimension 'Powr'; .*: Power, "),
        ('{"x": {"Power": "1"}}', "x.Power: must be a number, found '1'"),
        ('{"x": {"Power": true}}', "x.Power: must be a number, found True"),
        ('{"x": 3}', "x: must be a mapping, found 3"),
        ('{"x": ', "not valid JSON"),
    ],
)
def test_a_wrong_file_of_profiles_is_named(text: str, message: str, tmp_path: Path):
    path = tmp_path / "profiles.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        read_profiles(str(path))


@pytest.mark.parametrize(
    ("model", "given", "message"),
    [
        ("personas", {}, "respondent/personas needs -M profiles=FILE"),
        ("personas", {"profiles": "none.json"}, "there is no file of profiles at"),
        ("personas", {"profiles": "{}", "noise": 0.1}, "noise must be 0.3 or more, found 0.1"),
        ("personas", {"follows": "much"}, "follows must be a number, found 'much'"),
        ("power", {"profiles": "x.json"}, "respondent/power takes no profiles"),
    ],
)
def test_a_wrong_argument_is_named(model: str, given: dict[str, object], message: str):
    with pytest.raises(PrerequisiteError) as caught:
        get_model(f"respondent/{model}", memoize=False, **given)
    assert message in str(caught.value.message)


def test_a_prompt_without_a_profile_is_named(profiles: Path):
    with pytest.raises(PrerequisiteError) as caught:
        answers("You are a woman.", {"profiles": str(profiles)})
    assert "no profile for the system prompt 'You are a woman.'" in str(caught.value.message)
