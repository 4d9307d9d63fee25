"""Tables of texts: what is read of them, and what is refused."""

from pathlib import Path

import pytest

from ratings.data_sets.own_texts import load_own_texts
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
    places = {name: n for n, name in enumerate(found.data.table.instances.index)}
    assert found.texts[1, places["i2"]] == "text 1 2"


def test_profiles_and_demographics_lie_beside(tmp_path: Path):
    path = written(tmp_path, rows())
    people = ["rater,region,profile", "r2,north,likes tea", "r0,south,", "r1,,likes rain"]
    (tmp_path / "texts.raters.csv").write_text("\n".join(people))
    data = load_own_texts(path).data
    assert data.demographics == ("region",)
    assert data.groundtruth == "profile"
    assert data.table.raters["profile"].tolist() == ["", "likes rain", "likes tea"]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["r0,i9,"], "texts.csv: row 14: no text"),
        (["r0,i0,again"], "texts.csv: rows 2 and 14: rater 'r0' rates instance 'i0' twice"),
    ],
)
def test_what_is_wrong_is_told_with_its_row(more: list[str], told: str, tmp_path: Path):
    with pytest.raises(DataError) as caught:
        load_own_texts(written(tmp_path, [*rows(), *more]))
    assert str(caught.value) == told


def test_a_file_that_is_not_there(tmp_path: Path):
    with pytest.raises(DataMissingError) as caught:
        load_own_texts(tmp_path / "no.csv")
    assert str(caught.value) == (
        f"{tmp_path / 'no.csv'} is not there; give a CSV or Parquet file of texts"
    )
