import pandas as pd
import pytest

from ratings.data_sets.valueprism import load_valueprism
from ratings.errors import DataError, DataMissingError, TermsError

FILE = "full/full.csv"
SITUATIONS = ["Feeding the cat", "Reading a friend's diary", "Skipping lunch", "Napping", "Rowing"]
KINDNESS = ["Supports", "Opposes", "Either", "either", "Supports"]


def table() -> pd.DataFrame:
    rows = [("Value", "Kindness", s, v) for s, v in zip(SITUATIONS, KINDNESS, strict=True)]
    rows += [("Duty", "Kindness", s, "Opposes") for s in SITUATIONS[1:]]
    rows += [("Right", "Right to rest", s, "Supports") for s in SITUATIONS[:3]]
    rows += [("Value", "Kindness", "Rowing", "Opposes"), ("Value", "Kindness", None, "Either")]
    frame = pd.DataFrame(rows, columns=["vrd", "text", "situation", "valence"])
    return frame.assign(explanation="Because, as they say, it is so.")


def test_each_value_right_or_duty_is_a_rater_with_its_words_as_profile(put):
    put("valueprism", {FILE: table().to_csv(index=False)})
    data = load_valueprism()
    # the right has three ratings; what is said twice counts once, the first time
    assert data.table.raters["profile"].tolist() == ["Value: Kindness", "Duty: Kindness"]
    assert data.groundtruth == "profile"
    assert data.table.instances["text"].tolist() == SITUATIONS
    assert data.table.choices[0] == ("Opposes", "Either", "Supports")
    assert data.table.positions().tolist() == [[3, 1, 2, 2, 3], [0, 1, 1, 1, 1]]
    assert data.demographics == ()


def test_situations_that_nobody_left_rated_are_left_out(put):
    frame = table()
    frame = frame[frame["vrd"].ne("Value") | frame["situation"].ne("Feeding the cat")]
    put("valueprism", {FILE: frame.to_csv(index=False)})
    assert load_valueprism().table.instances["text"].tolist() == SITUATIONS[1:]


def test_a_file_that_is_broken_is_named_with_its_column(put):
    folder = put("valueprism", {FILE: table().rename(columns={"vrd": "kind"}).to_csv(index=False)})
    with pytest.raises(DataError) as caught:
        load_valueprism()
    assert str(caught.value) == f"{folder / FILE} lacks the column 'vrd'"


def test_where_the_file_goes_and_what_to_accept_is_told(tmp_path, monkeypatch):
    page = "https://huggingface.co/datasets/allenai/ValuePrism"
    monkeypatch.delenv("VALUEGAUGE_DATA", raising=False)
    with pytest.raises(DataMissingError) as caught:
        load_valueprism()
    assert str(caught.value) == (
        f"valueprism: get full.csv from {page} and put it at VALUEGAUGE_DATA/valueprism/full/"
        "full.csv (VALUEGAUGE_DATA is not set); the card's prose says more"
    )
    monkeypatch.setenv("VALUEGAUGE_DATA", str(tmp_path))
    with pytest.raises(DataMissingError, match=f"put it at {tmp_path}/valueprism/full/full.csv;"):
        load_valueprism()
    path = tmp_path / "valueprism" / FILE
    path.parent.mkdir(parents=True)
    table().to_csv(path, index=False)
    with pytest.raises(TermsError, match="valuegauge data fetch valueprism --accept-terms"):
        load_valueprism()
