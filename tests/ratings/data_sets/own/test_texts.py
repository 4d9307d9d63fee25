"""Tables of texts: what is read of them, and what is refused."""

from pathlib import Path

import pytest

from ratings.data_sets.own.texts import load_own_texts
from ratings.errors import DataError, DataMissingError


def written(folder: Path, rows: list[str]) -> Path:
    path = folder / "texts.csv"
    path.write_text("\n".join(["rater,instance,text", *rows]))
    return path


def rows(raters: int = 3, texts: int = 4) -> list[str]:
    return [f"r{r},i{i},text {r} {i}" for r in range(raters) for i in range(texts)]


def test_texts_stand_by_rater_and_instance(tmp_path: Path):
    found = load_own_texts(written(tmp_path, [*rows(), "few,i0,alone"]))
    assert list(found.data.table.raters.index) == ["r0", "r1", "r2"]
    assert len(found.texts) == len(found.data.table) == 12
    positions = {name: n for n, name in enumerate(found.data.table.instances.index)}
    assert found.texts[1, positions["i2"]] == "text 1 2"


def test_profiles_and_demographics_are_read_from_the_table_of_raters(tmp_path: Path):
    path = written(tmp_path, rows())
    people = ["rater,region,profile", "r2,north,likes tea", "r0,south,", "r1,,likes rain"]
    (tmp_path / "texts.raters.csv").write_text("\n".join(people))
    data = load_own_texts(path).data
    assert data.demographics == ("region",)
    assert data.groundtruth == "profile"
    assert data.table.raters["profile"].tolist() == ["", "likes rain", "likes tea"]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["r0,i9,"], "texts.csv: row 14: no text"),
        (["r0,i0,again"], "texts.csv: rows 2 and 14: rater 'r0' rates instance 'i0' twice"),
    ],
)
def test_what_is_wrong_is_reported_with_its_row(more: list[str], message: str, tmp_path: Path):
    with pytest.raises(DataError) as caught:
        load_own_texts(written(tmp_path, [*rows(), *more]))
    assert str(caught.value) == message


def test_a_file_that_is_not_there(tmp_path: Path):
    with pytest.raises(DataMissingError) as caught:
        load_own_texts(tmp_path / "no.csv")
    assert str(caught.value) == (
        f"{tmp_path / 'no.csv'} is not there; give a CSV or Parquet file of texts"
    )


def test_texts_in_other_forms_are_read_and_noted(tmp_path: Path):
    path = tmp_path / "texts.csv"
    table = "\n".join(["sep=;", "rater;instance;text", *(row.replace(",", ";") for row in rows())])
    path.write_bytes(table.encode("utf-16"))
    (tmp_path / "texts.raters.csv").write_text(
        "rater\tregion\tprofile\nR0\tNorth\tlikes tea\nr1\tnorth\tNA\nr2\tNA\tlikes rain\n"
    )
    found = load_own_texts(path)
    assert list(found.data.table.raters.index) == ["R0", "r1", "r2"]
    assert found.data.table.raters["profile"].tolist() == ["likes tea", "", "likes rain"]
    assert found.data.table.raters["region"].tolist()[:2] == ["North", "North"]
    assert len(found.texts) == 12
    assert [note.split(";")[0] for note in found.notes] == [
        "rater 'r0' (4 times, first: row 2) is read as 'R0'",
        "texts.raters.csv: 'region': 'NA' (once) counts as missing (first: row 4)",
        "texts.raters.csv: 'profile': 'NA' (once) counts as missing (first: row 3)",
        "texts.raters.csv: 'region': 'north' (once, first: row 3) is read as 'North'",
    ]


def test_a_missing_text_is_named_with_its_word(tmp_path: Path):
    with pytest.raises(DataError) as caught:
        load_own_texts(written(tmp_path, [*rows(), "r0,i9,NA"]))
    assert str(caught.value) == "texts.csv: row 14: no text: 'NA' means that it is missing"
