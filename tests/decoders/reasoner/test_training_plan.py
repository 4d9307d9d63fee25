"""What the rows of Table 15 and Table 4 are made of."""

import pytest

from decoders.reasoner.training_plan import TrainingPlan
from ratings.errors import DataError, UnknownNameError

POLAR, REFINED = "polar", "refined"
# Appendix C.1, Table 15: examples for each question by (demonstrations, form of the probe).
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
    found = {(part.demonstrations, part.form): part.per_question for part in plan.parts()}
    assert found == composition
    assert plan.name == f"probe={row[0]}, demo={row[1]}, N={row[2]}"


def test_half_of_both_is_told_by_demographics():
    """Table 4: 400 and 400 of 800."""
    parts = TrainingPlan("p", "mixed", 800, told="both").parts()
    assert {part.told: part.per_question for part in parts} == {
        "statements": 400,
        "demographics": 400,
    }
    (alone,) = TrainingPlan("p", "mixed", 800, told="demographics").parts()
    assert (alone.told, alone.per_question, alone.demonstrations) == ("demographics", 800, None)
    four = TrainingPlan("p+r", "mixed+200", 16, told="both").parts()
    assert sum(part.per_question for part in four) == 16
    assert sum(part.per_question for part in four if part.told == "demographics") == 8


def test_a_name_says_all_that_differs():
    plan = TrainingPlan("r", "200", 2, probes=39, told="both", continent="Asia")
    assert plan.name == "probe=r, demo=200, N=2, told=both, continent=Asia, probes=39"
    assert (
        TrainingPlan("p", "200", 2, told="demographics").name == "probe=p, N=2, told=demographics"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("p+r", "mixed+200", 6), "6 examples .* a multiple of 4"),
        (("p", "mixed", 0), "0 examples"),
        (("p", "mixed", 3, 1, "both"), "a multiple of 2"),
        (("p", "mixed", 4, 0), "probes must be at least 1"),
    ],
)
def test_what_does_not_divide_is_refused(arguments: tuple[object, ...], message: str):
    with pytest.raises(DataError, match=message):
        TrainingPlan(*arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("q", "mixed", 4), "unknown probe form 'q'"),
        (("p", "100", 4), "unknown number of demonstrations '100'"),
        (("p", "200", 4, 1, "stories"), "unknown kind of what is told 'stories'"),
    ],
)
def test_an_unknown_word_is_named(arguments: tuple[object, ...], message: str):
    with pytest.raises(UnknownNameError, match=message):
        TrainingPlan(*arguments)  # type: ignore[arg-type]
