import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ratings.data_sets.data_set import DataSet
from ratings.data_sets.published.planted import plant
from ratings.errors import DataError
from ratings.input.strict_files import MalformedFileError
from ratings.representations.names import parse_representation
from ratings.representations.profile_runs import (
    ProfileRun,
    fit_hashes,
    read_profile_run,
    read_profiles,
    write_profile_run,
)
from ratings.representations.represent import represent, wrong_raters
from ratings.splits import draw_partition, split_raters
from ratings.table import RatingTable

SEED = 5


@pytest.fixture(scope="module")
def data() -> DataSet:
    return plant(raters=12, ratings=8, seed=1).data


def made(data: DataSet, seed: int = SEED) -> ProfileRun:
    hashes = fit_hashes(data, draw_partition(data, seed))
    return ProfileRun(
        data=data.name,
        seed=seed,
        model="mock/encoder",
        template_sha256="0" * 64,
        tokens=1234,
        profiles={rater: f"{rater} is thrifty." for rater in hashes},
        fit_sha256=hashes,
    )


def rerated(data: DataSet, rows: np.ndarray) -> DataSet:
    """The data set with some of its ratings changed, counted by row."""
    frame = data.table.ratings
    positions = data.table.positions().copy()
    where = frame["rater"].cat.codes.to_numpy()[rows], frame["instance"].cat.codes.to_numpy()[rows]
    positions[where] = positions[where] % 5 + 1
    table = RatingTable.from_positions(
        positions,
        raters=data.table.raters,
        instances=data.table.instances,
        choices=data.table.choices,
    )
    return replace(data, table=table)


def test_what_is_written_is_read(data: DataSet, tmp_path: Path):
    run, path = made(data), tmp_path / "new" / "folder" / "run.json"
    write_profile_run(path, run)
    assert read_profile_run(path) == run
    assert [file.name for file in path.parent.iterdir()] == ["run.json"]


def test_a_run_that_cannot_be_written_leaves_what_was_there(
    data: DataSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "run.json"
    write_profile_run(path, made(data))
    before = path.read_bytes()

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, f"no space left for {target}")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="no space left"):
        write_profile_run(path, replace(made(data), model="mock/other"))
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["run.json"]


def test_profiles_come_in_the_order_of_the_raters(data: DataSet, tmp_path: Path):
    path = tmp_path / "run.json"
    write_profile_run(path, made(data))
    found = read_profiles(str(path), data, draw_partition(data, SEED), SEED)
    assert found == [f"{rater} is thrifty." for rater in data.table.raters.index]


def test_profiles_are_given_as_texts_and_shuffled_like_all_else(data: DataSet, tmp_path: Path):
    path = tmp_path / "run.json"
    write_profile_run(path, made(data))
    split, partition = split_raters(data, SEED), draw_partition(data, SEED)
    own, wrong = (
        represent(data, split, partition, parse_representation(name))
        for name in (f"profile:{path}", f"shuffled(profile:{path})")
    )
    assert own.texts.iloc[:, 0].tolist() == [f"{rater} is thrifty." for rater in own.raters]
    expected = own.texts.iloc[wrong_raters(split), 0].tolist()
    assert wrong.texts.iloc[:, 0].tolist() == expected
    assert wrong.raters == own.raters


def test_a_folder_gives_the_run_of_the_seed(data: DataSet, tmp_path: Path):
    for seed in (SEED, SEED + 1):
        write_profile_run(tmp_path / f"{seed}.json", made(data, seed))
    for seed in (SEED, SEED + 1):
        found = read_profiles(str(tmp_path), data, draw_partition(data, seed), seed)
        assert found[0] == "rater0000 is thrifty."
    refuses(data, tmp_path, f"has no profiles of planted for seed 9; it has: {data.name} seed 5", 9)
    write_profile_run(tmp_path / "again.json", made(data))
    refuses(data, tmp_path, "several profile runs of planted for seed 5; name one file")


def refuses(data: DataSet, path: Path, message: str, seed: int = SEED) -> None:
    """Reading is refused in one line that names the file or folder."""
    with pytest.raises(DataError, match=re.escape(message)) as error:
        read_profiles(str(path), data, draw_partition(data, seed), seed)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


def test_runs_of_other_data_or_another_seed_are_refused(data: DataSet, tmp_path: Path):
    path = tmp_path / "run.json"
    write_profile_run(path, made(data))
    refuses(data, path, "has no profiles of planted for seed 6; it has: planted seed 5", 6)
    refuses(replace(data, name="own"), path, "no profiles of own for seed 5; it has: planted seed")
    empty = tmp_path / "empty"
    empty.mkdir()
    refuses(data, empty, "has no profiles of planted for seed 5; it has: none")
    refuses(data, tmp_path / "gone.json", "gone.json is not there")


def test_a_run_without_somebody_is_refused(data: DataSet, tmp_path: Path):
    run, path = made(data), tmp_path / "run.json"
    fewer = {rater: text for rater, text in run.profiles.items() if rater != "rater0003"}
    write_profile_run(path, replace(run, profiles=fewer))
    refuses(data, path, "has no profile of rater 'rater0003'")


def test_profiles_of_other_fit_ratings_are_refused(data: DataSet, tmp_path: Path):
    path, partition = tmp_path / "run.json", draw_partition(data, SEED)
    write_profile_run(path, made(data))
    last = partition.fit[-1:]
    message = (
        "the profile of rater 'rater0011' was not written from the rater's fit ratings of seed 5; "
        "encode the profiles again"
    )
    refuses(rerated(data, last), path, message)


def test_ratings_that_were_not_encoded_may_change(data: DataSet, tmp_path: Path):
    path, partition = tmp_path / "run.json", draw_partition(data, SEED)
    write_profile_run(path, made(data))
    other = rerated(data, partition.evaluation)
    assert len(read_profiles(str(path), other, partition, SEED)) == 12


def test_a_run_of_another_partition_is_refused(data: DataSet, tmp_path: Path):
    """As if somebody had encoded what is to be predicted, under the right seed."""
    path, partition = tmp_path / "run.json", draw_partition(data, SEED)
    whole = replace(partition, fit=np.sort(np.concatenate([partition.fit, partition.evaluation])))
    counts = np.bincount(data.table.ratings["rater"].cat.codes)
    whole = replace(whole, starts=np.concatenate([[0], np.cumsum(counts)]))
    write_profile_run(path, replace(made(data), fit_sha256=fit_hashes(data, whole)))
    refuses(data, path, "was not written from the rater's fit ratings")


def test_hashes_depend_on_order_choice_and_rater(data: DataSet):
    partition = draw_partition(data, SEED)
    hashes = fit_hashes(data, partition)
    assert len(set(hashes.values())) == 12
    turned = partition.fit.copy()
    end = int(partition.starts[1])
    turned[:end] = turned[:end][::-1]
    other = fit_hashes(data, replace(partition, fit=turned))
    assert [rater for rater in hashes if hashes[rater] != other[rater]] == ["rater0000"]


@pytest.mark.parametrize(
    ("change", "key", "code", "shown"),
    [
        ({"version": 2}, "version", "version", "2"),
        ({"profile": {}}, "profile", "unknown_key", "'profiles'"),
        ({"profiles": ["a"]}, "profiles", "dict_type", "['a']"),
        ({"profiles": None}, "profiles", "dict_type", "None"),
        ({"fit_sha256": 3}, "fit_sha256", "dict_type", "3"),
        ({"profiles": {"a": 1}}, "profiles.a", "string_type", "1"),
        ({"tokens": "1"}, "tokens", "int_type", "'1'"),
    ],
)
def test_parts_of_the_wrong_kind_are_named(
    data: DataSet, tmp_path: Path, change: dict, key: str, code: str, shown: str
):
    path = tmp_path / "run.json"
    write_profile_run(path, made(data))
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}, indent=1))
    with pytest.raises(MalformedFileError) as error:
        read_profile_run(path)
    found = error.value
    assert (found.file, found.key, found.code) == (str(path), key, code)
    assert shown in str(found)
    name = key.rpartition(".")[2]
    assert f'"{name}": ' in path.read_text().splitlines()[(error.value.line or 0) - 1]


@pytest.mark.parametrize("text", ["", "[1]", "{}", "null", "\x00"])
def test_other_files_are_refused(data: DataSet, tmp_path: Path, text: str):
    path = tmp_path / "run.json"
    path.write_text(text)
    with pytest.raises(MalformedFileError, match=re.escape(str(path))):
        read_profile_run(path)
