"""Names of rows: short, unique in a table, and the same again."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from leaderboard.board.rows.names import name_rows


def rows_of(*raters: tuple[str, str]) -> list[dict[str, Any]]:
    return [
        {"rater": rater, "kind": kind, "id": f"row-{k:08x}", "name": None}
        for k, (rater, kind) in enumerate(raters)
    ]


def names_of(*raters: tuple[str, str]) -> list[str]:
    rows = rows_of(*raters)
    name_rows(rows)
    return [row["name"] for row in rows]


def test_a_recording_is_named_by_its_model_and_a_persona_stays():
    assert names_of(
        ("replay/gpt-4o-2024-05-13", "recording"),
        ("openai/gpt-4o (persona=You are Ann, 61.)", "model"),
        ("baseline majority", "baseline"),
    ) == ["gpt-4o-2024-05-13", "openai/gpt-4o (persona=You are Ann, 61.)", "baseline majority"]


def test_rows_that_would_be_named_alike_keep_what_distinguishes_them():
    assert names_of(("replay/o1", "recording"), ("o1", "model"), ("o1", "published")) == [
        "replay/o1",
        "o1",
        "o1 (as published)",
    ]
    assert names_of(("o3", "published"), ("o1", "model")) == ["o3", "o1"]


def test_people_keep_the_name_they_have():
    rows = rows_of(("people (560, mean of each item)", "human"), ("openai/people", "model"))
    rows[0]["name"] = "people (560)"
    name_rows(rows)
    assert [row["name"] for row in rows] == ["people (560)", "openai/people"]


HOSTILE = st.one_of(st.text(max_size=12), st.sampled_from(["a", "replay/a", "replay/", "\0", "‮a"]))


@given(st.lists(st.tuples(HOSTILE, st.sampled_from(["model", "recording", "published"]))))
def test_names_are_unique_whatever_the_raters(raters: list[tuple[str, str]]):
    names = names_of(*raters)
    assert len(set(names)) == len(names)
    assert all(isinstance(name, str) for name in names)
