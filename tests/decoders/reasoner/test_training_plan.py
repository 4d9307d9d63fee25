"""What the rows of Table 15 and Table 4 are made of."""

import pytest

from decoders.reasoner.training_plan import TrainingPlan
from ratings.errors import DataError, UnknownNameError

POLAR, REFINED = "polar", "refined"
# Appendix C.1, Table 15: examples for each question by (demonstrations, form of the probe), each in
# equal parts of polar and refined demonstrations in the authors' release.
TABLE_15 = {
    ("p", "mixed", 800): {("mixed", POLAR): 800},
    ("r", "mixed", 800): {("mixed", REFINED): 800},
    ("p+r", "200", 800): {("200", POLAR): 400, ("200", REFINED): 400},
    ("p+r", "mixed", 800): {("mixed", POLAR): 400, ("mixed", REFINED): 400},
    ("p+r", "mixed+200", 800): {
        ("mixed", POLAR): 200, ("mixed", REFINED): 200, ("200", POLAR): 200, ("200", REFINED): 200,
    },
    ("p+r", "mixed+200", 1600): {
        ("mixed", POLAR): 400, ("mixed", REFINED): 400, ("200", POLAR): 400, ("200", REFINED): 400,
    },
}  # fmt: skip


@pytest.mark.parametrize(("row", "composition"), TABLE_15.items(), ids=str)
def test_a_row_of_table_15_has_its_parts(
    row: tuple[str, str, int], composition: dict[tuple[str, str], int]
):
    plan = TrainingPlan(*row)
    found = {
        (segment.demonstrations, segment.form, segment.demonstration_form): segment.per_question
        for segment in plan.segments()
    }
    assert found == {
        (*key, told): number // 2
        for key, number in composition.items()
        for told in (POLAR, REFINED)
    }
    assert plan.name == f"probe={row[0]}, demo={row[1]}, N={row[2]}"


def test_the_sets_of_the_release_are_its_four_combinations_of_forms():
    """Figure 6: p200_p1, r200_p1, p200_r1 and r200_r1 with 50 examples each, 200 a question."""
    sets = {
        f"{one.demonstration_form[0]}{one.demonstrations}_{one.form[0]}1": one.per_question
        for one in TrainingPlan("p+r", "200", 200, continent="Asia").segments()
    }
    assert sets == {"p200_p1": 50, "r200_p1": 50, "p200_r1": 50, "r200_r1": 50}
    (alone,) = TrainingPlan("r", "200", 200, demonstration_forms="r").segments()
    assert (alone.demonstration_form, alone.form, alone.per_question) == (REFINED, REFINED, 200)


def test_half_of_both_is_given_by_demographics():
    """Table 4: 400 and 400 of 800."""
    parts = TrainingPlan("p", "mixed", 800, told="both").segments()
    assert [
        (segment.context, segment.demonstration_form, segment.per_question) for segment in parts
    ] == [
        ("statements", POLAR, 200),
        ("statements", REFINED, 200),
        ("demographics", None, 400),
    ]
    (alone,) = TrainingPlan("p", "mixed", 800, told="demographics").segments()
    assert (alone.context, alone.per_question, alone.demonstrations) == ("demographics", 800, None)
    assert alone.demonstration_form is None
    ten = TrainingPlan("p+r", "mixed+200", 16, told="both").segments()
    assert sum(segment.per_question for segment in ten) == 16
    assert sum(segment.per_question for segment in ten if segment.context == "demographics") == 8


def test_a_name_says_all_that_differs():
    plan = TrainingPlan("r", "200", 4, probes=39, told="both", continent="Asia")
    assert plan.name == "probe=r, demo=200, N=4, told=both, continent=Asia, probes=39"
    polar = TrainingPlan("r", "200", 4, demonstration_forms="p")
    assert polar.name == "probe=r, demo=200, demo_form=p, N=4"
    assert (
        TrainingPlan("p", "200", 2, told="demographics").name == "probe=p, N=2, told=demographics"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("p+r", "mixed+200", 12), "12 examples .* a multiple of 8"),
        (("p", "mixed", 0), "0 examples"),
        (("p", "mixed", 3), "a multiple of 2"),
        (("p", "mixed", 6, 1, "both"), "a multiple of 4"),
        (("p", "mixed", 4, 0), "probes must be at least 1"),
    ],
)
def test_what_does_not_divide_is_refused(arguments: tuple[object, ...], message: str):
    with pytest.raises(DataError, match=message):
        TrainingPlan(*arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("arguments", "what", "name"),
    [
        (("q", "mixed", 4), "probe form", "q"),
        (("p", "100", 4), "number of demonstrations", "100"),
        (("p", "200", 4, 1, "stories"), "kind of what is given", "stories"),
        (("p", "200", 4, 1, "both", None, "polar"), "form of demonstrations", "polar"),
    ],
)
def test_an_unknown_word_is_named(arguments: tuple[object, ...], what: str, name: str):
    with pytest.raises(UnknownNameError, match=what) as caught:
        TrainingPlan(*arguments)  # type: ignore[arg-type]
    assert caught.value.name == name
