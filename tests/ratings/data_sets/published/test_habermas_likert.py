import io
import sys

import numpy as np
import pandas as pd
import pytest

from ratings.data_sets.published.habermas_likert import CHOICES, FILE, load_habermas_likert
from ratings.data_sets.registry import check_counts
from ratings.errors import DataError

GRADES = [choice.upper().replace(" ", "_") for choice in CHOICES]


def table() -> pd.DataFrame:
    """Three people: nine questions, ten of which one is no answer, and eight."""
    rows = []
    for rater, questions in (("ann", 9), ("bea", 10), ("cyd", 8)):
        for question in range(questions):
            unasked = rater == "bea" and question == 9
            grade = "MOCK" if unasked else GRADES[(question + len(rows)) % 7]
            for after in (0, 1):
                rows.append(
                    {
                        "worker_id": rater,
                        "question.id": f"q{question}",
                        "question.text": f"Should there be more of {question}?",
                        "question.affirming_statement": f"There should be more of {question}.",
                        "metadata.provenance": "HUMAN_CITIZEN",
                        "rating_index": after,
                        "ratings.agreement": ["NEUTRAL" if after else grade],
                    }
                )
    frame = pd.DataFrame(rows)
    machine = frame.tail(1).assign(**{"metadata.provenance": "MOCK_CITIZEN", "worker_id": "x"})
    return pd.concat([frame, machine, frame.head(1).assign(worker_id=None)], ignore_index=True)


def as_file(frame: pd.DataFrame) -> dict[str, bytes]:
    stream = io.BytesIO()
    frame.to_parquet(stream)
    return {FILE: stream.getvalue()}


def test_people_rate_nine_statements_at_least_before_they_discuss(put):
    pytest.importorskip("pyarrow")
    frame = table()
    put("habermas_likert", as_file(frame))
    data = load_habermas_likert()
    assert list(data.table.raters.index) == ["ann", "bea"]
    assert data.table.choices[0] == CHOICES
    assert data.table.choices[0][0] == "strongly disagree"
    before = frame[frame["rating_index"].eq(0) & frame["worker_id"].eq("ann")]
    expected = [GRADES.index(answer[0]) + 1 for answer in before["ratings.agreement"]]
    assert data.table.positions()[0].tolist() == expected
    assert np.count_nonzero(data.table.positions()) == 18
    assert data.table.instances.loc["q3", "text"] == (
        "Should there be more of 3?\nStatement: There should be more of 3."
    )


def test_demographics_are_known_where_the_file_holds_them(put):
    pytest.importorskip("pyarrow")
    put("habermas_likert", as_file(table()))
    data = load_habermas_likert()
    assert data.demographics == ()
    assert "demographics: found 0, the card says 9" in check_counts(data)
    known = table().assign(
        **{"demographics.party_id": "None of them", "demographics.age": [None] * 56}
    )
    put("habermas_likert", as_file(known))
    data = load_habermas_likert()
    assert data.demographics == ("party_id", "age")
    assert data.table.raters["party_id"].tolist() == ["None of them"] * 2
    assert data.table.raters["age"].isna().all()


def test_a_broken_file_is_named(put):
    pytest.importorskip("pyarrow")
    frame = table()
    folder = put("habermas_likert", as_file(frame.drop(columns="rating_index")))
    with pytest.raises(DataError) as caught:
        load_habermas_likert()
    assert str(caught.value) == f"{folder / FILE} lacks the column 'rating_index'"
    frame.at[0, "ratings.agreement"] = ["FINE"]
    put("habermas_likert", as_file(frame))
    with pytest.raises(
        DataError, match="'ratings.agreement' holds 'fine', which is not one of str"
    ):
        load_habermas_likert()
    put("habermas_likert", {FILE: b"worker_id,question.id\n"})
    with pytest.raises(DataError, match="cannot be read as a Parquet file: "):
        load_habermas_likert()


def test_without_pyarrow_the_error_names_what_to_install(put, monkeypatch):
    folder = put("habermas_likert", {FILE: b"PAR1"})
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "fastparquet", None)
    with pytest.raises(DataError) as caught:
        load_habermas_likert()
    assert str(caught.value) == (
        f"{folder / FILE}: reading Parquet needs pyarrow; install it with `pip install pyarrow`"
    )
