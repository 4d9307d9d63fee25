"""The tables that `import valuegauge` gives hold what the command line prints."""

import json
import math
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import valuegauge
from evals.cli.main import main
from ratings.data_sets.data_set import DataSet
from ratings.data_sets.published.planted import plant
from ratings.instruments.dimensions import ALL_DIMENSIONS
from ratings.instruments.indie_value import load_catalog
from ratings.instruments.value_portrait import CHOICES, load_instrument
from tests.leaderboard.made_logs import choice_log, decoded_log, portrait_log

PAGE = (Path(__file__).parents[2] / "docs" / "library.md").read_text(encoding="utf-8")
ENDS = ("low", "high", "reason")


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log of each layout, one of them in a folder of its own, and a file that is no log."""
    folder = tmp_path_factory.mktemp("logs")
    (folder / "deeper").mkdir()
    portrait_log(folder / "portrait.eval", dimensions=["Power", "Hedonism", "Security"])
    choice_log(folder / "choice.json")
    decoded_log(folder / "deeper" / "decoded.eval")
    (folder / "broken.eval").write_text("no log", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def table(logs: Path) -> pd.DataFrame:
    with pytest.warns(UserWarning, match=r"left out: .*broken\.eval cannot be read"):
        return valuegauge.scores(logs)


@pytest.fixture(scope="module")
def small() -> DataSet:
    return plant(raters=60, ratings=16).data


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


@pytest.fixture(scope="module")
def found(small: DataSet, kept: Path) -> pd.DataFrame:
    return valuegauge.information(small, "examples:max,measured", seeds=2, folder=kept)


def shown(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict:
    with pytest.raises(SystemExit) as caught:
        main([*map(str, arguments), "--json"])
    assert caught.value.code == 0
    return json.loads(capsys.readouterr().out)


def same(row: pd.Series, report: dict, prefix: str, *names: str) -> bool:
    """Whether a row has the numbers of a JSON object, null for NaN, but for rounding."""
    printed = [math.nan if report[name] is None else report[name] for name in names]
    mine = [row[prefix + name] for name in names]
    return mine == pytest.approx(printed, rel=1e-12, nan_ok=True)


def documented(columns: list[str]) -> bool:
    generic = {re.sub("^(.+)_(low|high|reason)$", r"<name>_\2", name) for name in columns}
    return all(f"`{name}`" in PAGE for name in generic - {"on_low", "on_high", "on_reason"})


def test_scores_of_every_benchmark_in_one_table(table: pd.DataFrame):
    assert set(table["benchmark"]) == {"value_portrait", "indie_value", "decode_ratings"}
    assert not table.duplicated(["log", "score"]).any()
    assert table["complete"].all()
    assert table["synthetic"].all()
    assert (table["unit"].str.len() > 0).all()
    assert documented(list(table.columns))


def test_a_number_or_a_reason(table: pd.DataFrame):
    for columns in (["value", "low", "high", "reason"], ["on_low", "on_high", "on_reason"]):
        *numbers, reason = columns
        assert (table[numbers].notna().all(axis=1) == table[reason].isna()).all()


def test_the_scores_are_those_that_show_prints(
    logs: Path, table: pd.DataFrame, capsys: pytest.CaptureFixture[str]
):
    report = shown(capsys, "show", logs / "portrait.eval")
    mine = table[table["benchmark"] == "value_portrait"].set_index("score")
    assert {"Power", "Hedonism", "Security"} <= set(report["scores"])
    assert mine.drop(list(report["scores"]))["value"].isna().all()
    for name, row in mine.loc[list(report["scores"])].iterrows():
        score = report["scores"][name]
        assert same(row, score["estimate"], "", "value", "low", "high")
        assert same(row, score["on_items"], "on_", "low", "high")
        assert same(row, score, "", "lowest", "highest")
        assert row["valid"] == score["valid"]


def test_a_log_that_is_named_must_be_readable(logs: Path):
    with pytest.raises(valuegauge.DataError, match="broken"):
        valuegauge.scores(logs / "portrait.eval", logs / "broken.eval")
    with pytest.raises(valuegauge.DataError, match="no log or folder at"):
        valuegauge.scores(logs / "nowhere")
    with pytest.raises(valuegauge.DataError, match="needs a log"):
        valuegauge.scores()


@pytest.mark.parametrize("data", ["sample", "official"])
def test_value_portrait_as_tables(data: str, request: pytest.FixtureRequest):
    if data == "official":
        request.getfixturevalue("mirror")
    found, source = valuegauge.instrument("value_portrait", data), load_instrument(data)
    assert found.synthetic == (data == "sample")
    assert found.items["response"].tolist() == source.items["response"].tolist()
    assert found.tags.columns.tolist() == list(ALL_DIMENSIONS)
    assert np.array_equal(found.tags.to_numpy().T, source.tagged())
    mine = found.choices.set_index("instance").loc[found.items.index[-1]]
    assert mine["label"].tolist() == list(CHOICES)
    assert mine["rating"].tolist() == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("data", ["sample", "official"])
def test_the_catalog_as_tables(data: str, request: pytest.FixtureRequest):
    if data == "official":
        request.getfixturevalue("mirror")
    found, source = valuegauge.instrument("indie_value", data), load_catalog(data)
    assert found.synthetic == (data == "sample")
    assert (found.tags.sum(axis=1) == 1).all()
    assert (found.tags.idxmax(axis=1) == source.questions["category"]).all()
    for form, statements in source.statements.items():
        labels = found.choices[found.choices["form"] == form].groupby("instance")["label"]
        assert labels.agg(tuple).reindex(source.questions.index).tolist() == list(statements)


def test_an_instrument_that_there_is_not():
    with pytest.raises(valuegauge.DataError, match="value_portrait, "):
        valuegauge.instrument("value_portrat")
    with pytest.raises(valuegauge.DataError, match="official"):
        valuegauge.instrument("indie_value", "offical")


def test_changing_a_table_does_not_change_the_instrument():
    for name in ("value_portrait", "indie_value"):
        before = valuegauge.instrument(name, "sample")
        before.items.iloc[:, 0] = "changed"
        assert "changed" not in valuegauge.instrument(name, "sample").items.iloc[:, 0].tolist()


def test_information_has_a_row_a_representation(found: pd.DataFrame):
    assert found["representation"].tolist() == ["none", "examples:max", "measured"]
    assert found["information"].iloc[0] == 0
    assert np.allclose(found["information"], found["loss"].iloc[0] - found["loss"])
    for name in ("information", "loss", "accuracy", "brier"):
        ends = found[[f"{name}_low", name, f"{name}_high"]]
        assert (ends.diff(axis=1).iloc[:, 1:] >= 0).all(axis=None), name
    assert found["p_value"].isna().iloc[0]
    assert found["p_value"].iloc[2] < 0.05
    assert (found["p_value"].notna() | found["p_value_note"].notna())[1:].all()
    assert documented(list(found.columns))


def test_the_information_is_what_vinfo_prints(
    tmp_path: Path, small: DataSet, capsys: pytest.CaptureFixture[str]
):
    mine = tmp_path / "mine.csv"
    small.table.ratings.to_csv(mine, index=False)
    found = valuegauge.information(mine, "examples:1", seeds=1, folder=tmp_path / "fits")
    capsys.readouterr()
    report = shown(
        capsys, "vinfo", "--data", mine, "--representations", "examples:1", "--seeds", 1,
        "--jobs", 1, "--out", tmp_path / "out",
    )  # fmt: skip
    for (_, row), entry in zip(found.iterrows(), report["representations"], strict=True):
        assert row["representation"] == entry["representation"]
        for end in ("value", "low", "high"):
            name = "information" if end == "value" else f"information_{end}"
            assert row[name] == pytest.approx(entry["information"][end], abs=1e-12)
        assert row["accuracy"] == pytest.approx(entry["accuracy"]["value"], abs=1e-12)


def test_fits_that_are_kept_are_not_made_again(
    small: DataSet, kept: Path, found: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("evals.vinfo.fits.fit_split", lambda *given, **named: 1 / 0)
    again = valuegauge.information(small, "examples:max,measured", seeds=2, folder=kept)
    pd.testing.assert_frame_equal(again, found)


def test_what_is_wrong_with_ratings_is_reported_in_an_error(tmp_path: Path):
    with pytest.raises(valuegauge.DataError, match="planted"):
        valuegauge.information("plantd")
    with pytest.raises(valuegauge.DataError, match="is not there"):
        valuegauge.information(tmp_path / "mine.csv")
    with pytest.raises(valuegauge.DataError, match="1 or more"):
        valuegauge.information("planted", seeds=0)


def test_what_was_left_out_of_ones_own_ratings_is_a_warning(tmp_path: Path, small: DataSet):
    ratings = small.table.ratings.astype(object)
    extra = pd.DataFrame({"rater": ["few"], "instance": [ratings["instance"].iloc[0]], "rating": 1})
    pd.concat([ratings, extra]).to_csv(tmp_path / "mine.csv", index=False)
    with pytest.warns(UserWarning, match="mine: rater 'few' has 1 rating"):
        valuegauge.information(tmp_path / "mine.csv", "examples:1", seeds=1)


def test_every_public_name_is_there_and_on_the_page():
    for name in valuegauge.__all__:
        assert getattr(valuegauge, name) is not None
        assert f"`{name}`" in PAGE, name
    assert set(valuegauge.__all__) <= set(dir(valuegauge))
    with pytest.raises(AttributeError, match="no attribute 'score'"):
        valuegauge.score  # noqa: B018
