import gzip
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ratings.errors import DataError, DataMissingError, TermsError
from ratings.instruments.indie_value import load_catalog
from ratings.sources.cards import load_card
from ratings.sources.fetch import accept
from ratings.survey.generator import generate_columns, generate_survey
from ratings.survey.survey import MISSING_CODE, known_codes, statement_positions
from ratings.survey.world_values_survey import load_world_values_survey, needed_columns, survey_path

PEOPLE = 60


@pytest.fixture(autouse=True)
def _terms(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("VALUEGAUGE_WVS", raising=False)
    monkeypatch.delenv("VALUEGAUGE_DATA", raising=False)
    accept(load_card("world_values_survey"))


@pytest.fixture
def frame() -> pd.DataFrame:
    """Sixty simulated people in the layout of the survey's file, with other columns around."""
    columns, _ = generate_columns(load_catalog("sample"), PEOPLE, seed=5)
    found = pd.DataFrame(columns)
    found.insert(0, "version", "6-0-0 (2024-04-30)")
    found.insert(1, "doi", "doi.org/10.14281/18241.24; a text, with both marks")
    return found.assign(W_WEIGHT=1.25)


def written(frame: pd.DataFrame, folder: Path, **how: object) -> Path:
    path = folder / "WVS_Cross-National_Wave_7_csv_v6_0.csv"
    frame.to_csv(path, index=False, **how)
    return path


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
@pytest.mark.parametrize("quoting", [0, 1])
def test_what_was_written_is_read(frame, tmp_path: Path, delimiter, encoding, quoting):
    path = written(frame, tmp_path, sep=delimiter, encoding=encoding, quoting=quoting)
    survey = load_world_values_survey(str(path), "sample")
    expected = generate_survey(load_catalog("sample"), PEOPLE, seed=5)[0]
    np.testing.assert_array_equal(survey.codes, expected.codes)
    pd.testing.assert_frame_equal(survey.people, expected.people)
    assert survey.origin == "World Values Survey wave 7, version 6-0-0 (2024-04-30)"
    assert not survey.synthetic


def test_the_table_has_the_statements_of_the_catalog(frame, tmp_path: Path):
    survey = load_world_values_survey(str(written(frame, tmp_path)), "sample")
    for form in ("polar", "refined"):
        table = survey.table(form)
        assert table.positions().dtype == np.int8
        assert table.positions().shape == (PEOPLE, 253)
        assert table.choices == survey.catalog.statements[form]
        code = int(survey.codes[0, 0])
        if code != MISSING_CODE:
            index = survey.catalog.codes[form][0, code]
            assert table.positions()[0, 0] == index + 1


def test_codes_without_a_statement_are_missing():
    known = np.array([-1, 0, 0, 1], dtype=np.int8)
    codes = np.array([-5, -1, 0, 1, 3, 4, 99, 1_000], dtype=np.int32)
    assert known_codes(codes, known).tolist() == [-1, -1, -1, 1, 3, -1, -1, -1]


def test_positions_by_hand():
    catalog = load_catalog("sample")
    codes = np.full((2, 253), MISSING_CODE, dtype=np.int8)
    codes[0, 0] = 3  # not very important: the third refined statement, the second polar one
    assert statement_positions(codes, catalog, "refined")[:, 0].tolist() == [3, 0]
    assert statement_positions(codes, catalog, "polar")[:, 0].tolist() == [2, 0]


def test_a_repeated_person_counts_once(frame, tmp_path: Path):
    twice = pd.concat([frame, frame.iloc[[3]].assign(Q1=-2), frame.iloc[[7]]])
    survey = load_world_values_survey(str(written(twice, tmp_path)), "sample")
    expected = generate_survey(load_catalog("sample"), PEOPLE, seed=5)[0]
    np.testing.assert_array_equal(survey.codes, expected.codes)


def test_blanks_and_words_are_missing(frame, tmp_path: Path):
    spoilt = frame.astype({"Q2": object, "Q3": object, "Q4": float})
    spoilt.loc[0, "Q2"], spoilt.loc[0, "Q3"], spoilt.loc[0, "Q4"] = " ", "no answer", 1.5
    survey = load_world_values_survey(str(written(spoilt, tmp_path)), "sample")
    assert survey.codes[0, 1:4].tolist() == [MISSING_CODE] * 3
    assert (survey.codes[1:] != MISSING_CODE).mean() > 0.8


def refused(path: Path | str | None) -> str:
    with pytest.raises(DataError) as caught:
        load_world_values_survey(None if path is None else str(path), "sample")
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_a_missing_column_is_named_with_the_version(frame, tmp_path: Path):
    message = refused(written(frame.drop(columns=["Q288R"]), tmp_path))
    assert message.endswith("lacks the column Q288R (version 6-0-0 (2024-04-30))")
    path = written(frame.drop(columns=["Q1", "Q2", "Q3", "version"]), tmp_path)
    assert "lacks the column Q1 and 2 more (version not told)" in refused(path)


def test_the_time_series_is_recognised(frame, tmp_path: Path):
    series = frame.rename(columns={"Q1": "A001", "B_COUNTRY": "S003"}).assign(S020=2020, A_WAVE=7)
    message = refused(written(series.drop(columns="version"), tmp_path))
    assert "lacks the column B_COUNTRY and 1 more" in message
    assert "wave 7; it looks like the time series of all waves" in message


def test_a_wrong_delimiter_is_named(frame, tmp_path: Path):
    assert "separated by tabs, not by commas or semicolons" in refused(
        written(frame, tmp_path, sep="\t")
    )
    assert "separated by '|'" in refused(written(frame, tmp_path, sep="|"))
    path = tmp_path / "words.csv"
    path.write_text("just some words\nand more\n")
    assert "names no columns with commas or semicolons" in refused(path)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("wvs.sav", b"$FL2@(#) SPSS DATA FILE", "an SPSS file"),
        ("wvs.csv", b"$FL3 compressed", "an SPSS file"),
        ("wvs.dta", b"<stata_dta><header>", "a Stata file"),
        ("old.dta", b"\x72\x02\x01\x00", "a Stata file"),
        ("wvs.csv", b"PK\x03\x04 and more", "a packed file (zip or Excel)"),
        ("wvs.csv", gzip.compress(b"a,b", mtime=0), "a packed file (gzip)"),
        ("wvs.rdata", b"RDX3\nX", "an R file"),
    ],
)
def test_other_kinds_of_file_are_recognised(tmp_path: Path, name: str, content: bytes, kind: str):
    path = tmp_path / name
    path.write_bytes(content)
    assert f"{path} is {kind}; the survey's CSV file is needed" in refused(path)


def test_a_row_broken_in_two_is_refused(frame, tmp_path: Path):
    path = written(frame, tmp_path)
    lines = path.read_text().splitlines()
    half = len(lines[20]) // 2
    lines[20] = lines[20][:half] + "\n" + lines[20][half:]
    path.write_text("\n".join(lines) + "\n")
    assert "is damaged, most of it is blank; get the file again" in refused(path)


def test_odd_line_ends_and_endless_lines(frame, tmp_path: Path):
    path = written(frame, tmp_path, lineterminator="\r")
    assert "lines end in a carriage return alone" in refused(path)
    path.write_text('{"a": "' + "x" * 300_000 + '"}')
    assert "names no columns with commas or semicolons" in refused(path)


def test_ids_written_as_decimals_are_the_same_ids(frame, tmp_path: Path):
    whole = load_world_values_survey(str(written(frame, tmp_path)), "sample").people.index
    decimals = frame.astype({"D_INTERVIEW": float})
    found = load_world_values_survey(str(written(decimals, tmp_path)), "sample").people.index
    assert list(found) == list(whole)


def test_empty_and_binary_files(tmp_path: Path):
    path = tmp_path / "wvs.csv"
    path.write_bytes(b"")
    assert refused(path) == f"{path} is empty"
    path.write_bytes(b"a,b\0c\n")
    assert "is not text" in refused(path)


def test_a_truncated_file_is_refused(frame, tmp_path: Path):
    path = written(frame, tmp_path)
    content = path.read_bytes()
    for cut in (len(content) - 40, len(content) * 2 // 3):
        path.write_bytes(content[:cut])
        message = refused(path)
        assert "is cut off: its last line has" in message
        assert "get it again" in message


def test_names_without_people_and_people_without_id(frame, tmp_path: Path):
    assert "holds the names of the columns and no person" in refused(
        written(frame.iloc[:0], tmp_path)
    )
    nameless = frame.astype({"D_INTERVIEW": object})
    nameless.loc[2, "D_INTERVIEW"] = None
    assert "line 4 has no D_INTERVIEW" in refused(written(nameless, tmp_path))


def test_the_three_ways_to_give_the_file(frame, tmp_path: Path, monkeypatch):
    message = refused(None)
    for way in ("-T survey=PATH", "VALUEGAUGE_WVS=PATH", "VALUEGAUGE_DATA as world_values_survey"):
        assert way in message
    with pytest.raises(DataMissingError, match=r"the survey .*nowhere.csv is not there; give its"):
        survey_path(str(tmp_path / "nowhere.csv"))
    with pytest.raises(DataMissingError, match="is a folder"):
        survey_path(str(tmp_path))
    path = written(frame, tmp_path)
    assert survey_path(str(path)) == path
    monkeypatch.setenv("VALUEGAUGE_WVS", str(path))
    assert survey_path() == path
    monkeypatch.delenv("VALUEGAUGE_WVS")
    mirror = tmp_path / "mirrors" / "world_values_survey"
    mirror.mkdir(parents=True)
    os.link(path, mirror / "wvs.csv")
    monkeypatch.setenv("VALUEGAUGE_DATA", str(tmp_path / "mirrors"))
    assert survey_path() == mirror / "wvs.csv"
    os.link(path, mirror / "other.csv")
    with pytest.raises(DataError, match=r"holds several surveys \(other.csv, wvs.csv\)"):
        survey_path()


def test_terms_come_first(frame, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "nobody"))
    with pytest.raises(TermsError, match="data fetch world_values_survey --accept-terms"):
        load_world_values_survey(str(written(frame, tmp_path)), "sample")


def test_a_changed_file_is_read_again(frame, tmp_path: Path):
    path = written(frame, tmp_path)
    assert len(load_world_values_survey(str(path), "sample")) == PEOPLE
    written(frame.iloc[:20], tmp_path)
    assert len(load_world_values_survey(str(path), "sample")) == 20


def test_only_needed_columns_are_kept():
    catalog = load_catalog("sample")
    assert len(needed_columns(catalog)) == 1 + 30 + 253
