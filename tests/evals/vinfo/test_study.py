"""A whole study on a few simulated raters, through the library."""

import hashlib
import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from threadpoolctl import threadpool_limits

from benchmarks.value_profiles.tell_profiles_apart import tell_profiles_apart
from decoders.families import family_named
from evals.vinfo import fits as vinfo_fits
from evals.vinfo.fits import FitKey, keys_of, read_fit
from evals.vinfo.follow_up import best_groupings
from evals.vinfo.study import (
    Findings,
    VinfoStudy,
    findings_as_json,
    plan_study,
    run_vinfo,
    write_findings,
)
from evals.vinfo.table import marginal_row, stack
from ratings.data_sets.data_set import DataSet
from ratings.data_sets.published.planted import plant
from ratings.errors import DataError
from ratings.representations.names import parse_representations
from ratings.representations.profile_distributions import read_profile_distributions
from ratings.representations.profile_runs import ProfileRun, fit_hashes, write_profile_run
from ratings.splits import draw_partition, split_raters
from ratings.table import RatingTable

TOLD = "examples:2,examples:max,measured,groundtruth,demographics:region,cluster:2"
CLUSTERS = "cluster:2(groundtruth)"  # the profiles that are given describe the clusters
NAMES = [*TOLD.split(",")[:-1], CLUSTERS]
FOLDERS = [
    "examples-2",
    "examples-max",
    "measured",
    "groundtruth",
    "demographics-region",
    "cluster-2-groundtruth-" + hashlib.sha256(CLUSTERS.encode()).hexdigest()[:6],
]


def study_of(data: DataSet, names: str, seeds: int) -> VinfoStudy:
    return plan_study(data, parse_representations(names), "default", seeds)


def run(study: VinfoStudy, folder: Path) -> tuple[Findings, list[FitKey]]:
    """What a study came to, and the keys as they were reported."""
    keys: list[FitKey] = []
    with threadpool_limits(1):  # small matrices gain nothing from threads
        found = run_vinfo(study, folder, 1, keys.append)
    return found, keys


@pytest.fixture(scope="module")
def data() -> DataSet:
    return plant(raters=60, ratings=24, strength=6.0).data


@pytest.fixture(scope="module")
def few() -> DataSet:
    return plant(raters=16, ratings=8, strength=6.0).data


@pytest.fixture(scope="module")
def written(
    data: DataSet, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Findings, Path, list[Path]]:
    folder = tmp_path_factory.mktemp("study")
    found, _ = run(study_of(data, TOLD, 3), folder)
    return found, folder, write_findings(found, folder)


@pytest.fixture(scope="module")
def found(written: tuple[Findings, Path, list[Path]]) -> Findings:
    return written[0]


def test_none_is_the_first_row_and_carries_no_information(found: Findings):
    assert [row.representation.name for row in found.rows] == ["none", *NAMES]
    none = found.rows[0]
    assert none.information.estimate.value == 0
    assert (none.information.estimate.low, none.information.estimate.high) == (0, 0)
    assert none.mixed is None
    assert math.isnan(none.permutation_p)


def test_information_is_the_drop_of_the_loss(found: Findings):
    none = found.rows[0]
    for row in found.rows:
        drop = none.loss.estimate.value - row.loss.estimate.value
        assert row.information.estimate.value == pytest.approx(drop, abs=1e-12)
        assert row.uncertainty.total.value == pytest.approx(none.loss.estimate.value)
        assert row.uncertainty.aleatoric.value == pytest.approx(row.loss.estimate.value)


def test_the_most_examples_preserve_all_of_their_information(found: Findings):
    rows = {row.representation.name: row for row in found.rows}
    most, measured = rows["examples:max"], rows["measured"]
    assert most.information.estimate.low > 0
    assert most.preserved is not None
    assert measured.preserved is not None
    assert (most.preserved.value, most.preserved.low, most.preserved.high) == (1, 1, 1)
    share = measured.information.estimate.value / most.information.estimate.value
    assert measured.preserved.value == pytest.approx(share)


def test_the_sentence_names_what_tells_most_and_how_much_more_than_the_next(found: Findings):
    given = sorted(found.rows[1:], key=lambda row: -row.information.estimate.value)
    best, second = (row.information.estimate.value for row in given[:2])
    names = [row.representation.name for row in given[:2]]
    assert found.sentence.startswith(
        f"On planted (simulated raters), {names[0]} tells most of {len(given)} representations: "
        f"{best:.4f} nats ({given[0].information.estimate.low:.4f} to "
    )
    assert f"{best - second:.4f} more than {names[1]} (" in found.sentence
    assert findings_as_json(found)["finding"] == found.sentence


def test_planted_stances_carry_much_and_both_tests_detect_it(found: Findings):
    row = next(row for row in found.rows if row.representation.name == "measured")
    assert row.information.estimate.low > 0.2
    assert row.mixed is not None
    assert row.mixed.p_value < 0.001
    assert row.permutation_p < 0.001


def test_tables_of_ratings_say_what_the_row_says(written: tuple[Findings, Path, list[Path]]):
    found, folder, _ = written
    for row, part in zip(found.rows[1:], FOLDERS, strict=True):
        table = pd.read_csv(folder / part / "ratings.csv")
        per_split = table.groupby("seed")["information"].mean()
        assert per_split.mean() == pytest.approx(row.information.estimate.value)
        assert [one.value for one in row.information.per_split] == pytest.approx(list(per_split))
        raters = pd.read_csv(folder / part / "raters.csv").set_index("rater")["mean"]
        means = table.groupby("rater")["information"].mean()
        np.testing.assert_allclose(raters[means.index], means, atol=1e-12)


def test_only_test_raters_are_predicted_and_only_their_evaluation_ratings(
    found: Findings, data: DataSet
):
    for fit in found.fits:
        split, partition = (draw(data, fit.key.seed) for draw in (split_raters, draw_partition))
        assert set(fit.raters) == set(split.test)
        fit_ratings = data.table.ratings.iloc[partition.fit]
        known = set(
            zip(fit_ratings["rater"].cat.codes, fit_ratings["instance"].cat.codes, strict=True)
        )
        assert not known & set(zip(fit.raters, fit.instances, strict=True))


def test_the_majority_is_that_of_each_split(found: Findings):
    accuracy, entropy = marginal_row(found.fits)
    shares, entropies = [], []
    for seed in range(3):
        ratings = pd.Series(next(f for f in found.fits if f.key.seed == seed).ratings)
        share = ratings.value_counts(normalize=True)
        shares.append(share.max())
        entropies.append(-(share * np.log(share)).sum())
    assert accuracy.value == pytest.approx(np.mean(shares))
    assert entropy.value == pytest.approx(np.mean(entropies))


def test_everything_is_written(written: tuple[Findings, Path, list[Path]]):
    _, folder, paths = written
    assert paths[0] == folder / "vinfo.json"
    assert {path.name for path in folder.iterdir()} == {"fits", *(p.name for p in paths)}
    tables = ("agreement", "difficulty", "instances", "raters", "ratings", "reliability")
    pictures = ("agreement", "uncertainty")
    expected = {*(f"{name}.csv" for name in tables), *(f"{name}.png" for name in pictures)}
    for part in FOLDERS:
        more = {"distributions.json"} if "groundtruth" in part else set()
        assert {path.name for path in (folder / part).iterdir()} == expected | more
    assert len(list((folder / "fits").iterdir())) == 21


def refuse(constant: str) -> None:
    raise AssertionError(f"{constant} in a JSON file")


def test_the_json_file_has_all_rows_and_no_nan(written: tuple[Findings, Path, list[Path]]):
    found, folder, _ = written
    text = (folder / "vinfo.json").read_text(encoding="utf-8")
    about: dict[str, Any] = json.loads(text, parse_constant=refuse)
    assert about["synthetic"] is True
    assert (about["seeds"], about["partitions"], about["raters"]) == ([0, 1, 2], 4, 60)
    assert [one["representation"] for one in about["representations"]] == ["none", *NAMES]
    assert about["representations"][0]["permutation_p"] is None
    assert about["representations"][0]["studies"] is None
    assert [one["studies"]["folder"] for one in about["representations"][1:]] == FOLDERS
    for one, row in zip(about["representations"], found.rows, strict=True):
        assert one["loss"]["value"] == row.loss.estimate.value
    assert list(about["clusters"]) == [CLUSTERS]


def test_what_is_not_defined_of_a_cluster_is_null(found: Findings):
    """Makeup is not defined where all raters of a cluster said the same of themselves."""
    odd = tuple(replace(fit, clusters={CLUSTERS: {"low": math.nan}}) for fit in found.fits)
    about = findings_as_json(replace(found, fits=odd))
    assert about["clusters"][CLUSTERS] == {CLUSTERS: {"low": None}}
    json.dumps(about, allow_nan=False)


def test_distributions_are_those_of_tell_profiles_apart(
    written: tuple[Findings, Path, list[Path]],
):
    _, folder, _ = written
    path = folder / "groundtruth" / "distributions.json"
    read = read_profile_distributions(path)
    assert (read.data, read.representation, read.seed) == ("planted", "groundtruth", 0)
    assert read.probabilities.shape == (60, len(read.profiles), 5)
    assert len(set(read.profiles)) == len(read.profiles) > 20
    task = tell_profiles_apart(data="planted", distributions=str(path), pairs=4)
    assert len(task.dataset) == 4
    assert task.metadata is not None
    assert task.metadata["representation"] == "groundtruth"


def test_observed_agreement_is_that_of_the_test_raters(
    written: tuple[Findings, Path, list[Path]], data: DataSet
):
    _, folder, _ = written
    table = pd.read_csv(folder / "measured" / "agreement.csv").set_index("instance")
    frame = data.table.ratings
    mine = frame[np.isin(frame["rater"].cat.codes, split_raters(data, 0).test)]
    name = str(table["raters"].idxmax())
    chosen = mine.loc[mine["instance"].astype(str) == name, "rating"].to_numpy()
    same = (chosen[:, None] == chosen).sum() - len(chosen)
    assert table.loc[name, "raters"] == len(chosen)
    expected = same / (len(chosen) * (len(chosen) - 1))
    assert table.loc[name, "observed_agreement"] == pytest.approx(expected)
    assert table["predicted_agreement"].between(0, 1).all()
    assert (table["its_relevance"] >= table["mean_relevance"]).all()


def test_difficulty_ranks_the_test_raters(
    written: tuple[Findings, Path, list[Path]], data: DataSet
):
    _, folder, _ = written
    table = pd.read_csv(folder / "measured" / "difficulty.csv")
    names = data.table.raters.index.astype(str)
    split = split_raters(data, 0)
    assert set(table["rater"]) == set(names[split.test])
    assert set(table["profile"]) <= set(names[split.train])
    assert table["loss"].is_monotonic_decreasing
    assert list(table["rank"]) == list(range(1, 31))


def test_clusters_are_compared_with_the_best_grouping_of_no_more_groups(
    found: Findings, data: DataSet
):
    (entry,) = best_groupings(found.rows, found.stacked, data)
    rows = {row.representation.name: row.information.estimate.value for row in found.rows}
    difference = entry.pop("difference")
    assert entry == {
        "clusters": CLUSTERS,
        "information": rows[CLUSTERS],
        "best_grouping": "demographics:region",
        "its_information": rows["demographics:region"],
    }
    assert difference["value"] == pytest.approx(rows[CLUSTERS] - rows["demographics:region"])
    assert difference["low"] < difference["value"] < difference["high"]


def test_clusters_are_described_by_the_profiles_that_are_given(
    written: tuple[Findings, Path, list[Path]], data: DataSet
):
    _, folder, _ = written
    about = json.loads((folder / "vinfo.json").read_text())["clusters"][CLUSTERS][CLUSTERS]
    profiles = data.table.raters[str(data.groundtruth)]
    assert [profiles[rater] for rater in about["described_by"]] == about["texts"]
    assert set(about["described_by"]) <= set(profiles.index[split_raters(data, 0).train])
    alone = study_of(data, "cluster:2", 1)
    assert [one.name for one in alone.representations] == ["none", "cluster:2"]
    named = study_of(data, "groundtruth,cluster:2(examples:max)", 1)
    assert named.representations[-1].name == "cluster:2(examples:max)"


def test_none_alone_is_a_study_without_pictures(few: DataSet, tmp_path: Path):
    found, _ = run(study_of(few, "none", 1), tmp_path)
    assert write_findings(found, tmp_path) == [tmp_path / "vinfo.json"]
    assert found.rows[0].preserved is None


def test_representations_must_rest_on_the_same_ratings(found: Findings):
    first, *others = found.fits
    with pytest.raises(DataError, match="rest on different ratings"):
        stack([replace(first, ratings=first.ratings[::-1]), *others])


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[FitKey]:
    """The keys of fits that are really made, as they are."""
    keys: list[FitKey] = []
    really: Callable[..., FitKey] = vinfo_fits._make

    def counted(data: DataSet, family: str, key: FitKey, folder: Path) -> FitKey:
        keys.append(key)
        return really(data, family, key, folder)

    monkeypatch.setattr(vinfo_fits, "_make", counted)
    return keys


def test_kept_fits_are_not_made_again(few: DataSet, tmp_path: Path, made: list[FitKey]):
    first, keys = run(study_of(few, "demographics", 2), tmp_path)
    assert len(made) == len(keys) == 4
    made.clear()
    again, keys = run(study_of(few, "demographics", 2), tmp_path)
    assert made == []
    assert len(keys) == 4
    for one, other in zip(first.fits, again.fits, strict=True):
        np.testing.assert_array_equal(one.probabilities, other.probabilities)
    run(study_of(few, "demographics,examples:1", 2), tmp_path)
    assert [key.representation.name for key in made] == ["examples:1", "examples:1"]


def test_one_changed_rating_makes_all_fits_again(few: DataSet, tmp_path: Path, made: list[FitKey]):
    run(study_of(few, "none", 1), tmp_path)
    positions = few.table.positions()
    position = tuple(np.argwhere(positions > 0)[0])
    positions[position] = 1 + positions[position] % 5
    table = RatingTable.from_positions(
        positions,
        raters=few.table.raters,
        instances=few.table.instances,
        choices=few.table.choices[0],
    )
    run(study_of(replace(few, table=table), "none", 1), tmp_path)
    assert len({key.data_sha256 for key in made}) == len(made) == 2


def test_another_profile_makes_new_fits_and_one_partition(few: DataSet, tmp_path: Path):
    hashes = fit_hashes(few, draw_partition(few, 0))
    path = tmp_path / "profiles.json"
    files = []
    for text in ("likes rain", "likes snow"):
        texts = dict.fromkeys(hashes, text)
        write_profile_run(path, ProfileRun(few.name, 0, "somebody", "0", 0, texts, hashes))
        study = study_of(few, f"examples:1,profile:{path}", 1)
        assert study.partitions == 1
        family = family_named("default")
        keys = keys_of(few, family, study.representations, 1, study.partitions)
        files.append([key.file for key in keys])
    assert [one == other for one, other in zip(*files, strict=True)] == [True, True, False]


def test_what_the_data_lack_is_refused_before_anything_is_fitted(
    few: DataSet, tmp_path: Path, made: list[FitKey]
):
    with pytest.raises(DataError, match="^unknown demographic column of planted 'regoin'"):
        run(study_of(few, "demographics:regoin", 2), tmp_path)
    assert not made


@pytest.mark.parametrize("content", [b"", b"nothing", b"PK\x03\x04 cut"])
def test_a_broken_fit_is_reported_in_one_line(content: bytes, few: DataSet, tmp_path: Path):
    study = study_of(few, "none", 1)
    found, _ = run(study, tmp_path)
    key = found.fits[0].key
    path = tmp_path / "fits" / key.file
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        run(study, tmp_path)
    assert str(caught.value) == (f"{path} is not a valid kept fit; remove it and run again")


def test_half_of_a_fit_or_another_is_refused(found: Findings, few: DataSet, tmp_path: Path):
    made, _ = run(study_of(few, "demographics", 1), tmp_path)
    one, other = (tmp_path / "fits" / fit.key.file for fit in made.fits)
    whole = one.read_bytes()
    one.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match="is not a valid kept fit"):
        read_fit(tmp_path / "fits", made.fits[0].key)
    one.write_bytes(other.read_bytes())
    with pytest.raises(DataError, match="keeps another fit; remove it and run again"):
        read_fit(tmp_path / "fits", made.fits[0].key)
    missing = replace(found.fits[0].key, seed=99)
    with pytest.raises(DataError, match="is not a valid kept fit"):
        read_fit(tmp_path / "fits", missing)
