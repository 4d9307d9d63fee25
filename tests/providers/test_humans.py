from pathlib import Path

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from inspect_ai._util.error import PrerequisiteError
from inspect_ai.model import ChatMessageUser, GenerateConfig, get_model

from benchmarks.value_portrait.task import value_portrait
from providers.humans import rating_of, ratings_in_order, read_slice
from ratings.asked import AskedItem
from ratings.errors import DataError
from ratings.instruments.value_portrait import CHOICES, VARIANTS, load_human_ratings
from tests.evaluate import evaluate


def answer(model: str, instance: str, variant: str, data: str = "sample", **arguments) -> str:
    asked = AskedItem(data=data, instance=instance, variant=variant).as_metadata()
    api = get_model(model, **arguments).api
    message = ChatMessageUser(content="?", metadata=asked)
    return anyio.run(api.generate, [message], [], "auto", GenerateConfig()).completion


def check_that_nobody_answers_twice(data: str, slices: range) -> tuple[int, int]:
    """Every person's rating of an item is given once; how many were asked for, and given."""
    table = load_human_ratings(data).ratings
    known = table.groupby("instance", observed=True)["rating"].apply(sorted).to_dict()
    asked = given = 0
    for instance, ratings in ratings_in_order(data, 0).items():
        assert sorted(ratings) == known[instance]
        found = [rating_of(ratings, number, v) for number in slices for v in VARIANTS]
        answers = [one for one in found if one is not None]
        # As many answers as people, and the rest missing: nobody stands in for another.
        assert len(answers) == min(len(found), len(ratings))
        assert answers == list(ratings[: len(answers)])
        asked, given = asked + len(found), given + len(answers)
    return asked, given


def test_every_person_answers_once():
    most = max(len(ratings) for ratings in ratings_in_order("sample", 0).values())
    slices = range(-(-most // len(VARIANTS)))
    _, given = check_that_nobody_answers_twice("sample", slices)
    assert given == len(load_human_ratings("sample"))


def test_seven_slices_cover_nearly_all_of_the_published_ratings(mirror: Path):
    asked, given = check_that_nobody_answers_twice("official", range(7))
    assert asked == 520 * 42
    assert given / asked > 0.99
    assert given / len(load_human_ratings("official")) > 0.88


@given(st.lists(st.integers(1, 6), max_size=20), st.integers(0, 5), st.sampled_from(VARIANTS))
def test_a_place_without_a_person_is_missing(ratings: list[int], number: int, variant: str):
    turn = 6 * number + VARIANTS.index(variant)
    expected = ratings[turn] if turn < len(ratings) else None
    assert rating_of(tuple(ratings), number, variant) == expected


def test_an_answer_is_the_phrase_that_the_person_chose_and_stays_the_same():
    ratings = ratings_in_order("sample", 0)
    instance = next(iter(ratings))
    given = [answer("humans/0", instance, variant) for variant in VARIANTS]
    assert given == [CHOICES[rating - 1] for rating in ratings[instance][:6]]
    assert given == [answer("humans/0", instance, variant) for variant in VARIANTS]
    assert ratings_in_order("sample", 1) != ratings
    assert (
        answer("humans/0", instance, "v1", seed=1)
        == (CHOICES[ratings_in_order("sample", 1)[instance][0] - 1])
    )


def test_the_last_slice_leaves_items_with_fewer_people_empty():
    ratings = ratings_in_order("sample", 0)
    most = max(map(len, ratings.values()))
    last = (most - 1) // 6
    fewest = min(ratings, key=lambda name: len(ratings[name]))
    variant = VARIANTS[-1]
    expected = rating_of(ratings[fewest], last, variant)
    found = answer(f"humans/{last}", fewest, variant)
    assert found == ("" if expected is None else CHOICES[expected - 1])
    with pytest.raises(
        PrerequisiteError, match=f"more than {most} people; slices go from 0 to {last}"
    ):
        answer(f"humans/{last + 1}", fewest, "v1")


@pytest.mark.parametrize("name", ["all", "-1", "1.5", "", "²"])
def test_a_slice_that_is_none_is_told_in_one_line(name: str):
    with pytest.raises(DataError, match="a slice of people is a whole number from 0"):
        read_slice(name)
    with pytest.raises(PrerequisiteError):
        get_model(f"humans/{name}", memoize=False)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [({"sed": 1}, "unknown argument of humans 'sed'"), ({"seed": -1}, "must be a whole number")],
)
def test_arguments_are_checked(arguments: dict, told: str):
    with pytest.raises(PrerequisiteError) as caught:
        get_model("humans/0", memoize=False, **arguments)
    assert told in str(caught.value.message)


def test_another_benchmark_is_refused():
    message = ChatMessageUser(content="?", metadata={"benchmark": "indie_value"})
    with pytest.raises(PrerequisiteError, match="humans/0 answers value_portrait only"):
        anyio.run(get_model("humans/0").api.generate, [message], [], "auto", GenerateConfig())


def test_the_task_gets_what_people_chose(tmp_path: Path):
    (log,) = evaluate(
        value_portrait(data="sample"), model="humans/0", limit=3, log_dir=str(tmp_path),
        score=False,
    )  # fmt: skip
    assert log.status == "success", log.error
    ratings = ratings_in_order("sample", 0)
    for sample in log.samples:
        answers = sample.output.metadata["answers"]
        chosen = [CHOICES[rating - 1] for rating in ratings[str(sample.id)][:6]]
        assert [answers[variant]["text"] for variant in VARIANTS] == chosen
