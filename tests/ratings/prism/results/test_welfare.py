"""The reader of published welfare results: plain data only, nothing is run."""

import contextlib
import io
import os
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratings.errors import DataError, DataMissingError
from ratings.prism.results.welfare import (
    COLUMNS,
    SCHEMES,
    load_plain_pickle,
    read_welfare_file,
    read_welfare_results,
)


def made(folder: Path, name: str, **changes: object) -> Path:
    """A file as published, of two draws."""
    country = name.split("_")[1]
    content: dict[str, object] = {f"{country}_{scheme}": [0.25, 0.5] for scheme in SCHEMES}
    path = folder / name
    path.write_bytes(pickle.dumps(content | changes))
    return path


def refused(path: Path) -> str:
    """The one line that a file is refused with."""
    with pytest.raises(DataError) as caught:
        load_plain_pickle(path)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)
    return str(caught.value)


class Runs:
    """Makes a file when it is unpickled."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self.marker),)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_malicious_pickle_is_refused_in_one_line_and_runs_nothing(tmp_path, protocol):
    marker = tmp_path / "ran"
    path = tmp_path / "welfare_us_rating.pickle"
    path.write_bytes(pickle.dumps({"us_rep_10": Runs(marker)}, protocol))
    assert "mkdir" in refused(path)
    assert not marker.exists()
    pickle.loads(path.read_bytes())  # which an ordinary reader would have run
    assert marker.exists()


def test_extension_codes_and_persistent_ids_are_refused(tmp_path):
    path = tmp_path / "it.pickle"
    buffer = io.BytesIO()
    pickler = pickle.Pickler(buffer)
    pickler.persistent_id = lambda thing: "elsewhere" if thing == "x" else None  # type: ignore[method-assign]
    pickler.dump(["x"])
    path.write_bytes(buffer.getvalue())
    assert "outside" in refused(path)
    path.write_bytes(b"\x80\x02\x82\x01.")
    assert "extension" in refused(path)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("any") / "it.pickle"
    path.write_bytes(content)
    with contextlib.suppress(DataError):
        load_plain_pickle(path)


@pytest.mark.parametrize("cut", [0, 1, 20, 100])
def test_a_file_that_was_cut_short_is_refused(tmp_path, cut):
    path = made(tmp_path, "welfare_us_rating.pickle")
    path.write_bytes(path.read_bytes()[:cut])
    refused(path)


def test_a_file_is_a_tidy_frame(tmp_path):
    table = read_welfare_file(made(tmp_path, "welfare_uk_below_45_choice_imputed.pickle"))
    assert tuple(table.columns) == COLUMNS
    assert len(table) == 2 * len(SCHEMES)
    assert table["scheme"].unique().tolist() == list(SCHEMES)
    first = table.iloc[1].to_dict()
    assert first == {
        "country": "UK", "group": "below_45", "kind": "choice", "imputed": True,
        "scheme": "rep_10", "draw": 1, "welfare": 0.5,
    }  # fmt: skip


def test_a_folder_is_read_whole_and_other_files_are_passed_over(tmp_path):
    made(tmp_path, "welfare_us_rating.pickle")
    made(tmp_path, "welfare_us_nonmale_choice.pickle")
    (tmp_path / "notes.txt").write_text("x")
    table = read_welfare_results(tmp_path)
    assert set(zip(table["group"], table["kind"], strict=True)) == {
        ("everyone", "rating"),
        ("nonmale", "choice"),
    }


@pytest.mark.parametrize("folder", ["empty", "missing"])
def test_a_folder_without_files_is_refused(tmp_path, folder):
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataMissingError, match=r"no welfare_\*\.pickle files"):
        read_welfare_results(tmp_path / folder)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"us_rep_10": []}, "us_rep_10 has no draws"),
        ({"us_rep_10": ["a"]}, "us_rep_10 is not a list of numbers"),
        ({"us_rep_10": 0.5}, "us_rep_10 is not a list of numbers"),
        ({"us_rep_30": [0.5]}, "does not hold the schemes"),
    ],
)
def test_other_content_is_refused(tmp_path, changes, named):
    with pytest.raises(DataError, match=named):
        read_welfare_file(made(tmp_path, "welfare_us_rating.pickle", **changes))


def test_another_name_is_refused(tmp_path):
    path = tmp_path / "welfare_fr_rating.pickle"
    with pytest.raises(DataError, match="not named like a welfare file"):
        read_welfare_file(path)
    with pytest.raises(DataError, match="cannot be read"):
        read_welfare_file(tmp_path / "welfare_us_rating.pickle")
