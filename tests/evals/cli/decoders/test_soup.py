"""`valuegauge decoders init` and `soup`, from data to a table."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

torch = pytest.importorskip("torch", reason="needs the extra: decoders")

from decoders import extra
from evals.cli.main import valuegauge
from ratings.errors import DataError, DataMissingError

SMALL = "base: tiny-llama\nmodel: {model}\npartitions: 1\nepochs: 1\ncalibrated_on: 0.0\n"


def call(*arguments: object) -> Result:
    found = CliRunner().invoke(valuegauge, ["decoders", *map(str, arguments)])
    if found.exception is not None and not isinstance(found.exception, SystemExit):
        raise found.exception
    return found


@pytest.fixture(scope="module")
def kitchen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base for two tables of one's own, and a decoder of each."""
    folder = tmp_path_factory.mktemp("kitchen")
    for name, words in (("tea", "tea milk cup"), ("rain", "rain snow wind")):
        rows = [
            f"r{r},{word}{i},{1 + (r + i) % 3}"
            for r in range(16)
            for i, word in enumerate(words.split() * 2)
        ]
        (folder / f"{name}.csv").write_text("\n".join(["rater,instance,rating", *rows]))
    data = [folder / "tea.csv", folder / "rain.csv"]
    call("init", "--recipe", "tiny-llama", "--data", data[0], "--data", data[1],
         "--out", folder / "base")  # fmt: skip
    (folder / "small.yaml").write_text(SMALL.format(model=folder / "base"))
    for path in data:
        call("train", "--data", path, "--representation", "none", "--recipe",
             folder / "small.yaml", "--out", folder / path.stem)  # fmt: skip
    return folder


def test_a_soup_is_measured_along_with_its_parts(kitchen: Path, tmp_path: Path):
    parts = kitchen / "tea", kitchen / "rain"
    found = call(
        "soup", *parts, "--out", tmp_path / "soup", "--data", kitchen / "tea.csv", "--json"
    )
    printed = json.loads(found.stdout)
    assert printed["data"] == "tea + rain"
    measured = printed["metrics"]["measured"]
    assert [row["decoder"] for row in measured["rows"]] == ["soup", *map(str, parts)]
    for row in measured["rows"]:
        assert row["loss"]["low"] <= row["loss"]["value"] <= row["loss"]["high"]
        assert sum(row["reliability"]["count"]) == row["test_ratings"]
    alone = json.loads((parts[0] / "decoder.json").read_text())["metrics"]["loss"]
    assert measured["rows"][1]["loss"]["value"] == pytest.approx(alone["value"], abs=1e-5)
    assert found.stderr.endswith(f"soup of 2 decoders written to {tmp_path / 'soup'}\n")
    kept = json.loads((tmp_path / "soup" / "decoder.json").read_text())
    assert kept["metrics"]["measured"] == measured


def test_a_soup_of_one_decoder_with_itself_measures_as_that_decoder(kitchen: Path, tmp_path: Path):
    part = kitchen / "rain"
    found = call(
        "soup", part, part, "--out", tmp_path / "it", "--data", kitchen / "rain.csv", "--json"
    )
    rows = json.loads(found.stdout)["metrics"]["measured"]["rows"]
    assert len(rows) == 2
    assert {**rows[0], "decoder": ""} == {**rows[1], "decoder": ""}


def test_raters_that_a_part_learned_from_are_not_measured(kitchen: Path, tmp_path: Path):
    parts = kitchen / "tea", kitchen / "rain"
    with pytest.raises(DataError) as caught:
        call("soup", *parts, "--out", tmp_path / "it", "--data", kitchen / "tea.csv", "--seed", 1)
    assert str(caught.value) == (
        f"{parts[0]} was trained on the training raters of tea at seed 0, some of whom are test "
        "raters at seed 1: give --seed 0, or other data"
    )
    assert not (tmp_path / "it").exists()


def test_the_table_for_a_person(kitchen: Path, tmp_path: Path):
    parts = kitchen / "tea", kitchen / "rain"
    shown = call("soup", *parts, "--out", tmp_path / "it", "--data", kitchen / "rain.csv").stdout
    assert "rain given none, seed 0" in shown
    assert "ratings of 8 test raters; nothing was trained on them" in shown


def test_without_torch_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(extra, "find_spec", lambda name: None)
    for arguments in (
        ("soup", "one", "two", "--out", tmp_path / "it"),
        ("init", "--recipe", "tiny-llama", "--data", "planted", "--out", tmp_path / "it"),
    ):
        with pytest.raises(DataMissingError, match="pip install '\\.\\[decoders\\]'"):
            call(*arguments)
