"""An instrument of one's own: read from its folder, known by its contents, refused when changed."""

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ratings.errors import DataError, UnknownNameError
from ratings.instruments.dimensions import ALL_DIMENSIONS
from ratings.instruments.own_instrument import CARD, own_at_hand, own_card
from ratings.instruments.portrait_files import SURVEY, TAGGED
from ratings.instruments.portrait_writing import card_text, instrument_files
from ratings.instruments.value_portrait import (
    CHOICES,
    load_human_ratings,
    load_instrument,
    load_prompts,
    sample_queries,
)
from ratings.table import RatingTable


def write(folder: Path, name: str = "ours", texts: str = "Text", **front: object) -> str:
    """Write an instrument of two items, measured on two values; returns its revision."""
    ratings = np.array([[1, 6], [2, 5], [6, 1], [5, np.nan]], dtype=float)
    raters = pd.DataFrame(
        {"Power": [0.5, np.nan, -1.0, 0.25], "Security": [1.0, 2.0, 3.0, 4.0]},
        index=["P186", "b", "c", "d"],
    )
    items = pd.DataFrame(
        {
            "query": ["q-1", "q-2"],
            "title": ["", "T"],
            "text": [texts, "Other"],
            "response": ["Yes {text}", "No"],
        },
        index=["q-1-1", "q-2-x"],
    )
    table = RatingTable.from_matrix(ratings, raters=raters, instances=items, choices=CHOICES)
    r, p = np.array([0.5, np.nan]), np.array([0.01, np.nan])
    files = instrument_files(table, {"Power": (r, p)}, load_prompts("sample"))
    about = {
        "id": name, "title": "Ours", "homepage": "", "licence": "own", "citation": "us",
        "synthetic": False, "counts": {"items": 2}, **front,
    }  # fmt: skip
    card, revision = card_text(about, "# Ours", files)
    for path, content in {**files, CARD: card}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content, encoding="utf-8")
    return revision


def test_what_was_written_is_what_is_read(tmp_path: Path):
    revision = write(tmp_path / "ours")
    data = str(tmp_path / "ours")
    found = load_instrument(data)
    assert (found.card.id, found.card.revision, found.card.title) == ("ours", revision, "Ours")
    assert found.items.to_dict("index")["q-2-x"] == {
        "query": "q-2", "title": "T", "text": "Other", "response": "No"
    }  # fmt: skip
    assert found.measured == ("Power",)
    power = ALL_DIMENSIONS.index("Power")
    assert found.correlations[power].tolist()[0] == 0.5
    assert np.isnan(found.correlations[power, 1])
    assert np.isnan(np.delete(found.correlations, power, axis=0)).all()
    assert found.tagged().sum() == 1
    assert load_prompts(data) == load_prompts("sample")
    assert sample_queries(data) == {"q-1-1": "q-1", "q-2-x": "q-2"}


def test_a_rater_called_p186_keeps_its_scores(tmp_path: Path):
    """In the official data that id is two people's; nowhere else."""
    write(tmp_path / "ours")
    people = load_human_ratings(str(tmp_path / "ours"))
    assert list(people.raters.index) == ["P186", "b", "c", "d"]
    assert people.raters.loc["P186", "Power"] == 0.5
    assert np.isnan(people.raters.loc["b", "Power"])
    assert np.isnan(people.raters.loc["b", "Openness"])
    assert people.matrix()[:, 0].tolist() == [1, 2, 6, 5]
    assert np.isnan(people.matrix()[3, 1])


def test_another_word_is_another_version_and_the_loader_sees_it(tmp_path: Path):
    folder = tmp_path / "ours"
    first = write(folder)
    assert load_instrument(str(folder)).items["text"].iloc[0] == "Text"
    second = write(folder, texts="Texts")
    assert first != second
    assert load_instrument(str(folder)).items["text"].iloc[0] == "Texts"
    assert load_instrument(str(folder)).card.revision == second


def test_a_changed_file_is_refused_in_one_line(tmp_path: Path):
    folder = tmp_path / "ours"
    write(folder)
    with (folder / TAGGED).open("a") as file:
        file.write(" ")
    with pytest.raises(DataError, match=rf"not as it was built \({TAGGED} is changed\)") as found:
        own_card(str(folder))
    assert "\n" not in str(found.value)
    (folder / TAGGED).unlink()
    with pytest.raises(DataError, match="is missing"):
        own_card(str(folder))


def test_a_revision_that_somebody_wrote_is_refused(tmp_path: Path):
    folder = tmp_path / "ours"
    revision = write(folder)
    card = (folder / CARD).read_text()
    (folder / CARD).write_text(card.replace(revision, "a" * 64))
    with pytest.raises(DataError, match="its revision is not of these files"):
        own_card(str(folder))


@pytest.mark.parametrize("name", ["value_portrait", "value_portrait_sample"])
def test_nobody_gets_the_id_of_an_instrument_of_the_package(tmp_path: Path, name: str):
    write(tmp_path / "ours", name=name)
    with pytest.raises(DataError, match="is not the card of an instrument of one's own"):
        own_card(str(tmp_path / "ours"))


def test_a_folder_without_an_instrument_and_no_folder(tmp_path: Path):
    with pytest.raises(DataError, match="there is no folder"):
        load_instrument(str(tmp_path / "nowhere"))
    with pytest.raises(DataError, match=r"has no card\.md, so it is not an instrument"):
        load_instrument(str(tmp_path))
    with pytest.raises(UnknownNameError, match="unknown data 'smaple'"):
        load_instrument("smaple")


def test_a_version_is_found_again_by_id_and_revision_alone(tmp_path: Path, monkeypatch):
    monkeypatch.delenv("VALUEGAUGE_DATA", raising=False)
    folder = tmp_path / "ours"
    revision = write(folder)
    assert own_at_hand("ours", revision) is None
    load_instrument(str(folder))
    found = own_at_hand("ours", revision)
    assert found is not None
    assert (found[0], found[1].id) == (str(folder), "ours")
    assert own_at_hand("theirs", revision) is None
    write(folder, texts="Texts")
    assert own_at_hand("ours", revision) is None


def test_a_version_is_found_in_the_folder_of_mirrors(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("VALUEGAUGE_DATA", str(tmp_path))
    revision = write(tmp_path / "ours")
    found = own_at_hand("ours", revision)
    assert found is not None
    assert found[0] == str(tmp_path / "ours")


def test_names_of_people_are_in_the_file_as_in_the_sample(tmp_path: Path):
    write(tmp_path / "ours")
    survey = json.loads((tmp_path / "ours" / SURVEY).read_text())
    assert survey[0]["q-1"] == [
        {"option_id": "1", "data": [[1, "P186"], [2, "b"], [6, "c"], [5, "d"]]}
    ]
    assert re.fullmatch("[0-9a-f]{64}", own_card(str(tmp_path / "ours")).revision)
