import pytest

from leaderboard.board.table_titles import titles_of


def table(title: str = "Decoding ratings", **other) -> dict:
    plain = {
        "title": title,
        "comparability": "1-A",
        "synthetic": False,
        "settings": {},
        "card": {"id": "planted", "revision": "1"},
        "template_sha256": "a" * 64,
        "survey_sha256": None,
    }
    return plain | other


def decoded(way: str, what: str, **other) -> dict:
    return table(settings={"elicitation": way, "representation": what, "seed": 0}, **other)


def test_a_table_alone_keeps_its_title():
    assert titles_of([decoded("stated", "none"), table("Encoding profiles")]) == [
        "Decoding ratings",
        "Encoding profiles",
    ]


def test_tables_of_one_benchmark_say_in_what_they_differ():
    found = titles_of([decoded("stated", "none"), table("Other"), decoded("stated", "measured")])
    assert found == [
        "Decoding ratings (representation none)",
        "Other",
        "Decoding ratings (representation measured)",
    ]


def test_every_difference_is_named():
    tables = [decoded("stated", "none"), decoded("logprobs", "none"), decoded("stated", "measured")]
    assert titles_of(tables)[0] == "Decoding ratings (elicitation stated, representation none)"


def test_what_one_table_does_not_set_is_not_set():
    assert titles_of([table(settings={"seed": 1}), table()]) == [
        "Decoding ratings (seed 1)",
        "Decoding ratings (seed not set)",
    ]


@pytest.mark.parametrize(
    ("other", "named"),
    [
        ({"card": {"id": "dices_990", "revision": "1"}}, "data dices_990"),
        ({"card": {"id": "planted", "revision": "2"}}, "revision 2"),
        ({"template_sha256": "b" * 64}, "template bbbbbbbb"),
        ({"survey_sha256": "c" * 64}, "survey cccccccc"),
    ],
)
def test_other_data_and_wording_are_named(other: dict, named: str):
    assert titles_of([table(), table(**other)])[1] == f"Decoding ratings ({named})"


def test_versions_and_samples_are_shown_elsewhere():
    tables = [table(), table(comparability="2-A"), table(synthetic=True)]
    assert titles_of(tables) == ["Decoding ratings"] * 3
