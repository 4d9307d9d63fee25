import json

import pandas as pd
import pytest

from ratings.data_sets.published import hatespeech_kumar
from ratings.data_sets.published.hatespeech_kumar import DEMOGRAPHICS, FILE, load_hatespeech_kumar
from ratings.errors import DataError

RATERS = [f"w{number}" for number in range(8)]


def lines(*, rated_by_last: int = 5) -> list[dict]:
    """Five comments rated by all of eight people; by the last of them only some."""
    return [
        {
            "comment_id": f"c{comment}",
            "comment": f"Well, comment {comment}",
            "source": "made up",
            "ratings": [
                {
                    "worker_id": rater,
                    "toxic_score": (position + comment) % 5,
                    "is_profane": False,
                    **{name: f"{name} of {rater}" for name in DEMOGRAPHICS},
                    "political_affilation": "Prefer not to say" if position == 0 else "Liberal",
                    "uses_media_news": position % 2 == 0,
                }
                for position, rater in enumerate(RATERS)
                if position < 7 or comment < rated_by_last
            ],
        }
        for comment in range(5)
    ]


def as_file(rows: list[dict]) -> dict[str, str]:
    for row in rows:
        for rating in row["ratings"]:
            rating.pop("political_affiliation", None)
    return {FILE: "\n".join(map(json.dumps, rows)) + "\n"}


def test_a_comment_is_toxic_from_the_second_grade_on(put):
    put("hatespeech_kumar", as_file(lines()))
    data = load_hatespeech_kumar()
    assert data.table.choices[0] == ("not toxic", "toxic")
    # grade 0 where the positions of rater and comment add up to a multiple of five
    expected = [[1 if (r + c) % 5 == 0 else 2 for c in range(5)] for r in range(8)]
    assert data.table.positions().tolist() == expected
    assert data.table.instances.loc["c3", "text"] == "Well, comment 3"


def test_eighteen_answers_are_known_of_a_rater(put):
    put("hatespeech_kumar", as_file(lines()))
    data = load_hatespeech_kumar()
    raters = data.table.raters
    assert data.demographics == DEMOGRAPHICS
    assert len(DEMOGRAPHICS) == 18
    assert pd.isna(raters.loc["w0", "political_affiliation"])
    assert raters.loc["w1", "political_affiliation"] == "Liberal"
    assert raters["uses_media_news"].tolist()[:2] == ["yes", "no"]


def test_raters_are_drawn_by_seed_and_need_four_ratings(put, monkeypatch):
    monkeypatch.setattr(hatespeech_kumar, "RATERS", 6)
    put("hatespeech_kumar", as_file(lines()))
    drawn = [sorted(load_hatespeech_kumar(seed).table.raters.index) for seed in (0, 0, 1, 2)]
    assert drawn[0] == drawn[1]
    assert len({tuple(names) for names in drawn}) > 1
    assert all(len(names) == 6 for names in drawn)
    monkeypatch.setattr(hatespeech_kumar, "RATERS", 8)
    put("hatespeech_kumar", as_file(lines(rated_by_last=3)))
    assert list(load_hatespeech_kumar().table.raters.index) == RATERS[:7]


def test_the_public_file_without_raters_is_refused(put):
    rows = lines()
    for row in rows:
        for rating in row["ratings"]:
            del rating["worker_id"]
    folder = put("hatespeech_kumar", as_file(rows))
    with pytest.raises(DataError) as caught:
        load_hatespeech_kumar()
    assert str(caught.value) == (
        f"{folder / FILE} lacks the column 'worker_id' in its ratings: the public file has no "
        "raters; ask the author for the one with worker ids"
    )


def test_ratings_without_a_rater_or_a_grade_are_missing(put):
    rows = lines()
    rows[0]["ratings"][1]["worker_id"] = None
    rows[1]["ratings"][2]["toxic_score"] = None
    put("hatespeech_kumar", as_file(rows))
    table = load_hatespeech_kumar().table
    found_at = zip(*(table.positions() == 0).nonzero(), strict=True)
    missing = {(table.raters.index[r], table.instances.index[i]) for r, i in found_at}
    assert missing == {("w1", "c0"), ("w2", "c1")}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: text[:-40], "line 5 is not JSON: "),
        (lambda text: text.replace('"toxic_score": 3', '"toxic_score": 9', 1), None),
        (lambda text: text.replace("is_parent", "parent"), "lacks the column 'is_parent'"),
        (lambda text: text.replace('"comment":', '"text":'), "lacks the column 'comment'"),
        (lambda text: text.replace('"worker_id": "', '"worker_id": null, "x": "'), "no rating wit"),
        (lambda text: "3\n" + text, "line 1 is not a JSON object"),
        (lambda text: text.replace('"ratings": [', '"ratings": 1, "x": [', 1), "of line 1 is"),
    ],
)
def test_a_broken_file_is_named(put, change, message):
    files = as_file(lines())
    folder = put("hatespeech_kumar", {FILE: change(files[FILE])})
    with pytest.raises(DataError) as caught:
        load_hatespeech_kumar()
    line = str(caught.value)
    assert line.startswith(str(folder / FILE))
    assert "\n" not in line
    expected = message or "the column 'toxic_score' holds '9', which is not one of 0, 1, 2, 3, 4"
    assert expected in line
