"""The survey's file in the forms that programs export it: read as it is, or refused by name."""

import logging
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ratings.errors import DataError
from ratings.instruments.indie_value import load_catalog
from ratings.sources.cards import load_card
from ratings.sources.fetch import accept
from ratings.survey.generator import generate_columns, generate_survey
from ratings.survey.survey import MISSING_CODE, Survey
from ratings.survey.world_values_survey import load_world_values_survey

PEOPLE = 30
EXPECTED = generate_survey(load_catalog("sample"), PEOPLE, seed=5)[0]


@pytest.fixture(autouse=True)
def _terms(monkeypatch: pytest.MonkeyPatch):
    accept(load_card("world_values_survey"))


@pytest.fixture
def frame() -> pd.DataFrame:
    columns, _ = generate_columns(load_catalog("sample"), PEOPLE, seed=5)
    found = pd.DataFrame(columns)
    found.insert(0, "version", "6-0-0")
    return found.assign(REGION="São Tomé – “x”", W_WEIGHT=1.25)


def load(path: Path) -> Survey:
    return load_world_values_survey(str(path), "sample")


def read(path: Path, content: str | bytes, encoding: str = "utf-8") -> Survey:
    path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
    return load(path)


def refused(path: Path, content: str | bytes) -> str:
    with pytest.raises(DataError) as caught:
        read(path, content)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def same(survey: Survey, people: int = PEOPLE) -> None:
    np.testing.assert_array_equal(survey.codes, EXPECTED.codes[:people])
    pd.testing.assert_frame_equal(survey.people, EXPECTED.people.iloc[:people])


@pytest.mark.parametrize(
    ("encoding", "delimiter", "codes"),
    [
        ("utf-8", ",", "1"),
        ("utf-8", ",", "1,0"),
        ("utf-8-sig", ";", "1.0"),
        ("utf-8-sig", ";", '"1"'),
        ("cp1252", ";", "1,0"),
        ("cp1252", ";", " 1 "),
        ("mac_roman", ",", "1"),
        ("mac_roman", ",", '"1"'),
    ],
)
def test_every_form_reads_the_same(frame, tmp_path, encoding, delimiter, codes):
    line_end = "\r\n" if encoding == "cp1252" else "\n"
    asked = [name for name in frame.columns if name[0] in "QX"]
    if codes != "1":
        write = {"1.0": "{}.0", "1,0": "{},0", '"1"': "{}", " 1 ": " {} "}[codes].format
        frame[asked] = frame[asked].astype(str).map(write)
    how = {"sep": delimiter, "lineterminator": line_end, "index": False}
    text = frame.to_csv(quoting=1 if codes == '"1"' else 0, **how)
    survey = read(tmp_path / "wvs.csv", text, encoding)
    same(survey)
    assert survey.notes == ()


@pytest.mark.parametrize("position", ["first", "last"])
@pytest.mark.parametrize(
    "letters", [b"\xe9", b"\xc3", b"\x93x\x94", b"\xff", b"\x81", "\u017f".encode()]
)
def test_other_letters_anywhere_change_nothing(frame, tmp_path, position: str, letters: bytes):
    lines = frame.to_csv(index=False).encode().splitlines()
    number = {"first": 1, "middle": PEOPLE // 2, "last": PEOPLE}[position]
    lines[number] = lines[number].replace("São".encode(), letters)
    assert letters in lines[number]
    same(read(tmp_path / "wvs.csv", b"\n".join(lines) + b"\n"))


LABELS = {"Q1": {1: "Very important", 2: "Rather important"}, "Q260": {1: "Male", 2: "Female"}}


@pytest.mark.parametrize("column", LABELS)
@pytest.mark.parametrize("share", ["all", "one"])
def test_labels_instead_of_codes_are_refused_by_column(frame, tmp_path, column: str, share: str):
    words = frame[column].map(lambda code: LABELS[column].get(code, "Not at all important"))
    frame[column] = words if share == "all" else frame[column].astype(object)
    frame.loc[7, column] = words[7]
    message = refused(tmp_path / "wvs.csv", frame.to_csv(index=False))
    line = 2 if share == "all" else 9
    assert f"the column {column} holds {frame.loc[line - 2, column]!r} (line {line}) in" in message
    assert "the CSV file with codes is needed" in message


@pytest.mark.parametrize("column", ["Q2", "D_INTERVIEW", "Q288R"])
def test_codes_written_as_formulas_are_refused_by_column(frame, tmp_path, column: str):
    frame[column] = [f'="{code}"' for code in frame[column]]
    message = refused(tmp_path / "wvs.csv", frame.to_csv(index=False))
    assert f"the column {column} holds '=\"" in message
    everywhere = frame.drop(columns="version").map(lambda cell: f'="{cell}"')
    assert "holds '=\"" in refused(tmp_path / "all.csv", everywhere.to_csv(index=False))


@pytest.mark.parametrize("blank", ["", " ", "NA"])
@pytest.mark.parametrize("with_id", [True, False])
def test_a_blank_person_is_left_out_and_counted(frame, tmp_path, caplog, blank, with_id):
    nobody = frame.iloc[[0]].astype(object)
    nobody.loc[:, :] = blank
    if with_id:
        nobody["D_INTERVIEW"] = 999_999
    whole = pd.concat([frame.iloc[:10], nobody, frame.iloc[10:]])
    with caplog.at_level(logging.WARNING):
        survey = read(tmp_path / "wvs.csv", whole.to_csv(index=False))
    same(survey)
    assert survey.notes == ("1 blank person left out (first: line 12)",)
    assert caplog.messages == ["wvs.csv: 1 blank person left out (first: line 12)"]


def test_several_kinds_of_what_is_left_out_are_counted(frame, tmp_path):
    spoilt = frame.astype({"Q3": object, "Q4": float})
    spoilt.loc[[0, 5], "Q3"] = ["no answer", "Don’t know"]
    spoilt.loc[2, "Q4"] = 1.5
    blank = frame.iloc[[0, 0]].astype(object).assign(**dict.fromkeys(frame.columns, ""))
    text = pd.concat([spoilt, frame.iloc[[3]], blank]).to_csv(index=False) + "\n\n"
    survey = read(tmp_path / "wvs.csv", text)
    assert survey.notes == (
        f"2 blank people left out (first: line {PEOPLE + 3})",
        "1 row with the id of an earlier one left out",
        "2 words for no answer read as missing (first: Q3, line 2)",
        "1 number that is not whole read as missing (first: Q4, line 4)",
    )
    assert survey.codes[0, 2] == survey.codes[5, 2] == survey.codes[2, 3] == MISSING_CODE
    assert len(survey) == PEOPLE


def test_empty_lines_are_nobody(frame, tmp_path):
    text = frame.to_csv(index=False).replace("\n", "\n\n") + "\n\n\n"
    survey = read(tmp_path / "wvs.csv", text)
    same(survey)
    assert survey.notes == ()


def test_a_row_broken_behind_the_id_is_no_blank_person(frame, tmp_path):
    lines = frame.assign(REGION=1).to_csv(index=False).splitlines()
    cells = lines[10].split(",")
    lines[10] = ",".join(cells[:2]) + "\n" + ",".join(cells[2:])
    assert "line 11 is damaged" in refused(tmp_path / "wvs.csv", "\n".join(lines) + "\n")


@pytest.mark.parametrize("lost", [0, 100, 285])
def test_a_row_that_lacks_a_cell_is_refused(frame, tmp_path, lost: int):
    lines = frame.to_csv(index=False).splitlines()
    cells = lines[10].split(",")
    del cells[lost]
    lines[10] = ",".join(cells)
    message = refused(tmp_path / "wvs.csv", "\n".join(lines) + "\n")
    assert "line 11 is damaged: it has 286 of 287 columns" in message or "(line 11)" in message
    # a last column that is blank is none that is missing
    same(read(tmp_path / "wvs.csv", frame.assign(W_WEIGHT=None).to_csv(index=False)))


@pytest.mark.parametrize("rows", ["one", "all"])
def test_a_row_with_a_cell_too_many_is_refused(frame, tmp_path, rows: str):
    lines = frame.assign(REGION=1).to_csv(index=False).splitlines()
    for number in range(1, len(lines)) if rows == "all" else (10,):
        cells = lines[number].split(",")
        lines[number] = ",".join([*cells[:100], "1", *cells[100:]])
    message = refused(tmp_path / "wvs.csv", "\n".join(lines) + "\n")
    assert "288" in message
    assert "line 11" in message or rows == "all"


def test_nobody_but_blank_people_are_refused(frame, tmp_path):
    nobody = frame.astype(object).assign(**dict.fromkeys(frame.columns, ""))
    assert "and no person" in refused(tmp_path / "wvs.csv", nobody.to_csv(index=False))


def test_a_repeated_needed_column_and_utf_16_are_named(frame, tmp_path):
    twice = pd.concat([frame, frame[["Q5"]]], axis=1)
    assert refused(tmp_path / "wvs.csv", twice.to_csv(index=False)).endswith("has two columns Q5")
    text = frame.to_csv(index=False).encode("utf-16")
    assert refused(tmp_path / "wvs.csv", text).endswith("is UTF-16; save it as CSV UTF-8")
    # other columns may be there twice, or have no name
    more = pd.concat(
        [frame, frame[["W_WEIGHT"]], frame[["REGION"]].rename(columns={"REGION": ""})], axis=1
    )
    same(read(tmp_path / "wvs.csv", more.to_csv(index=False)))


@pytest.mark.parametrize("cut", [1, 3, 40, 400])
def test_a_cut_last_line_is_refused(frame, tmp_path, cut: int):
    content = frame.assign(REGION="x").to_csv(index=False).rstrip("\n")
    content = content[: len(content) - len("x,1.25") - cut]
    assert "is cut off: its last line has" in refused(tmp_path / "wvs.csv", content)
