"""Justifications, read from a made file with the columns of the source's."""

import io

import pandas as pd
import pytest

from ratings.data_sets.published.habermas_justifications import FILE
from ratings.data_sets.published.habermas_likert import FILE as RATED
from ratings.data_sets.registry import load_texts
from ratings.errors import DataError, DataMissingError

pytest.importorskip("pyarrow")

RATERS, QUESTIONS = ("ann", "bea", "cyd"), 10


def rated() -> pd.DataFrame:
    """Three people with ten ratings each."""
    rows = [
        {
            "worker_id": rater,
            "question.id": f"q{number}",
            "question.text": f"More of {number}?",
            "question.affirming_statement": f"There should be more of {number}.",
            "metadata.provenance": "HUMAN_CITIZEN",
            "rating_index": 0,
            "ratings.agreement": ["AGREE"],
            "demographics.region": "Wales",
        }
        for rater in RATERS
        for number in range(QUESTIONS)
    ]
    return pd.DataFrame(rows)


def compared() -> pd.DataFrame:
    """Each person's text is in a row for each of two statements; of cyd only three do."""
    rows = [
        {
            "worker_id": rater,
            "question.id": f"q{number}",
            "own_opinion.text": f" {rater} thinks\nso of {number} " + "again" * again,
            "own_opinion.metadata.provenance": "HUMAN_CITIZEN",
            "own_opinion.metadata.status": "COMPLETED",
            "candidates.text": ["A statement.", "Another."],
        }
        for rater in RATERS
        for number in range(3 if rater == "cyd" else QUESTIONS)
        for again in (0, 1)
    ]
    return pd.DataFrame(rows)


def as_files(first: pd.DataFrame, second: pd.DataFrame) -> dict[str, bytes]:
    out = {}
    for name, frame in ((RATED, first), (FILE, second)):
        stream = io.BytesIO()
        frame.to_parquet(stream)
        out[name] = stream.getvalue()
    return out


def test_the_first_text_of_each_rater_on_each_question_is_read(put):
    put("habermas_likert", as_files(rated(), compared()))
    found = load_texts("habermas_likert")
    data = found.data
    assert data.name == "habermas_likert"
    assert list(data.table.raters.index) == ["ann", "bea"]  # cyd wrote fewer than four
    assert len(found.texts) == len(data.table) == 20
    position = list(data.table.instances.index).index("q3")
    assert found.texts[1, position] == "bea thinks so of 3"
    assert data.table.instances.loc["q3", "text"] == (
        "More of 3?\nStatement: There should be more of 3."
    )
    assert data.demographics == ("region",)
    assert data.card is not None


@pytest.mark.parametrize(
    "changed",
    [
        {"own_opinion.metadata.provenance": "BOT_CITIZEN"},
        {"own_opinion.metadata.status": "STARTED"},
        {"own_opinion.text": "No opinion was provided."},
        {"own_opinion.text": "  "},
        {"own_opinion.text": None},
        {"worker_id": None},
        {"worker_id": "somebody else"},
        {"question.id": "q99"},
    ],
)
def test_what_is_no_text_of_a_rater_on_a_question_is_left_out(put, changed: dict[str, str | None]):
    frame = compared()
    rows = frame["worker_id"].eq("ann") & frame["question.id"].eq("q3")
    for name, value in changed.items():
        frame.loc[rows, name] = value
    put("habermas_likert", as_files(rated(), frame))
    found = load_texts("habermas_likert")
    position = list(found.data.table.instances.index).index("q3")
    assert (0, position) not in found.texts
    assert len(found.texts) == 19


def test_an_unfinished_first_text_gives_way_to_a_finished_one(put):
    frame = compared()
    frame.loc[0, "own_opinion.metadata.status"] = "STARTED"
    put("habermas_likert", as_files(rated(), frame))
    assert load_texts("habermas_likert").texts[0, 0] == "ann thinks so of 0 again"


def test_a_file_that_is_missing_or_broken_is_named(put, tmp_path):
    files = as_files(rated(), compared().drop(columns="own_opinion.text"))
    folder = put("habermas_likert", files)
    with pytest.raises(DataError) as caught:
        load_texts("habermas_likert")
    assert str(caught.value) == f"{folder / FILE} lacks the column 'own_opinion.text'"
    put("habermas_likert", as_files(rated(), compared().assign(worker_id="x")))
    with pytest.raises(DataError, match="holds no finished text of a rater of habermas_likert$"):
        load_texts("habermas_likert")
    put("habermas_likert", {FILE: b"worker_id\n"})
    with pytest.raises(DataError, match="cannot be read as a Parquet file: "):
        load_texts("habermas_likert")
    (folder / FILE).unlink()
    with pytest.raises(DataMissingError, match=f"get {FILE} from https://github.com/google-deepm"):
        load_texts("habermas_likert")


def test_ones_own_texts_are_read_by_path(tmp_path):
    rows = [f"r0,i{number},text {number}" for number in range(4)]
    path = tmp_path / "texts.csv"
    path.write_text("\n".join(["rater,instance,text", *rows]))
    assert len(load_texts(str(path)).texts) == 4
    with pytest.raises(DataMissingError, match="none.csv is not there"):
        load_texts(str(tmp_path / "none.csv"))
