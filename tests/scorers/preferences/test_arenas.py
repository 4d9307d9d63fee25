from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ratings.errors import DataError
from scorers.preferences.aggregations.rank_centrality import rank_centrality
from scorers.preferences.arenas import (
    compare_arenas,
    evenly_sampled,
    rank_correlation,
    read_arena,
)
from scorers.preferences.tallies import Tallies
from tests.scorers.preferences.made_replies import scored_replies

ROWS = pd.DataFrame(
    [
        ("gpt", "koala", "model_a", "j1", 1),
        ("koala", "vicuna", "tie", "j1", 1),
        ("vicuna", "gpt", "tie (bothbad)", "j2", 1),
        ("gpt", "koala", "model_b", "j3", 2),
        ("vicuna", "koala", "model_b", "j3", 1),
    ],
    columns=["model_a", "model_b", "winner", "judge", "turn"],
)


def write(frame: pd.DataFrame, path: Path) -> Path:
    if path.suffix == ".csv":
        frame.to_csv(path, index=False)
    elif path.suffix == ".json":
        frame.to_json(path, orient="records")
    else:
        frame.to_parquet(path)
    return path


@pytest.mark.parametrize("ending", ["csv", "json", "parquet"])
def test_battles_of_first_turns_are_read(tmp_path: Path, ending: str):
    found = read_arena(write(ROWS, tmp_path / f"battles.{ending}"))
    assert (found.models, found.people) == (("gpt", "koala", "vicuna"), ("j1", "j2", "j3"))
    assert found.first.tolist() == [0, 1, 2, 2]
    assert found.second.tolist() == [1, 2, 0, 1]
    assert found.margin.tolist() == [1, 0, 0, -1]
    assert found.person.tolist() == [0, 0, 1, 2]


def test_models_are_renamed_and_others_left_out(tmp_path: Path):
    path = write(ROWS.drop(columns=["judge", "turn"]), tmp_path / "battles.csv")
    found = read_arena(path, {"gpt": "gpt-4", "vicuna": "zephyr-7b-beta"})
    assert found.models == ("gpt-4", "zephyr-7b-beta")
    assert len(found) == len(found.people) == 1


def test_versions_of_one_model_do_not_battle_one_another(tmp_path: Path):
    path = write(ROWS, tmp_path / "battles.csv")
    found = read_arena(path, {"gpt": "gpt-4", "vicuna": "gpt-4", "koala": "koala"})
    assert len(found) == 3


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"columns": "winner"}, "has no column winner"),
        ({"winner": "a"}, "winner is 'a'; it may be model_a, model_b, tie"),
        ({"model_a": None}, "a battle has no name of a model"),
        ({"turn": 3}, "no battle between two models that are named"),
    ],
)
def test_files_that_are_no_battles_are_refused(tmp_path: Path, change: dict, message: str):
    frame = ROWS.drop(**change) if "columns" in change else ROWS.assign(**change)
    with pytest.raises(DataError, match=message):
        read_arena(write(frame, tmp_path / "battles.csv"))


def test_files_that_cannot_be_read_are_refused(tmp_path: Path):
    with pytest.raises(DataError, match="read from .csv, .parquet, .json files"):
        read_arena(tmp_path / "battles.xlsx")
    with pytest.raises(DataError, match="cannot be read"):
        read_arena(tmp_path / "battles.json")
    (tmp_path / "cut.json").write_text('[{"model_a": "x"')
    with pytest.raises(DataError, match="cannot be read"):
        read_arena(tmp_path / "cut.json")
    (tmp_path / "cut.parquet").write_bytes(b"PAR1")
    with pytest.raises(DataError, match="cannot be read"):
        read_arena(tmp_path / "cut.parquet")


def test_slots_are_filled_evenly_from_each_pairs_own_battles():
    wins = np.array([[0.0, 30, 0], [10, 0, 5], [0, 0, 0]])
    ties = np.array([[0.0, 60, 0], [60, 0, 0], [0, 0, 0]])
    found = evenly_sampled(wins, ties, slots=80, replicates=4_000, seed=0)
    ties_drawn = found[:, 0, 1] + found[:, 1, 0] - 80  # a tie counts twice
    assert (ties_drawn >= 0).all()
    np.testing.assert_allclose(
        [(found[:, 0, 1] - ties_drawn).mean(), ties_drawn.mean()], [24, 48], rtol=0.02
    )
    assert (found[:, 1, 2] == 80).all()
    assert not found[:, 2].any()
    assert not found[:, 0, 2].any()


def test_two_arenas_of_the_same_people_agree():
    ours, theirs = (
        Tallies.of(scored_replies(people=400, seed=0, sample=sample)) for sample in (1, 2)
    )
    found = compare_arenas(ours, theirs, replicates=300)
    assert found.rank_correlation.value == pytest.approx(1)
    assert found.rank_correlation.low > 0.7
    table = found.table
    assert (table["difference_even_low"] < 0).sum() >= 5
    assert (table["difference_even_high"] > 0).sum() >= 5
    assert (table["ours_low"] < table["ours"]).all()
    assert found.pairs["ours"].sum() == len(ours.battles)
    np.testing.assert_allclose(found.winners.sum(), 1)
    np.testing.assert_allclose(
        table["ours_even"], rank_centrality(ours, ours.everyone)[0], atol=0.02
    )


def test_a_model_that_fares_worse_in_one_arena_is_seen():
    worth = np.tile([50.0, 55, 60, 65, 70], (400, 1))
    ours = Tallies.of(scored_replies(400, 5, worth=worth, sample=1))
    worth[:, 4] = 45
    theirs = Tallies.of(scored_replies(400, 5, worth=worth, sample=2))
    found = compare_arenas(ours, theirs, replicates=300)
    assert found.table.loc["m4", "difference_even_low"] > 0
    assert found.table.loc["m0", "difference_even_high"] < 0
    assert found.rank_correlation.value < 0.5
    again = compare_arenas(ours, theirs, replicates=300)
    pd.testing.assert_frame_equal(found.table, again.table)


def test_pairs_that_one_arena_lacks_are_sampled_in_neither():
    ours = Tallies.of(scored_replies(100, 4, shown=2, sample=1))
    battles = Tallies.of(scored_replies(100, 4, shown=2, sample=2)).battles
    met = {0, 3}
    kept = np.array([{a, b} != met for a, b in zip(battles.first, battles.second, strict=True)])
    theirs = Tallies.of_battles(battles.where(kept))
    found = compare_arenas(ours, theirs, replicates=50).pairs.set_index(["model_a", "model_b"])
    assert found.loc[("m0", "m3"), "theirs"] == 0
    assert found.loc[("m0", "m3"), "ours"] > 0


def test_arenas_need_three_models_in_common(tmp_path: Path):
    ours = Tallies.of(scored_replies(30, 3, shown=3))
    battles = read_arena(write(ROWS, tmp_path / "b.csv"), {"gpt": "m0", "koala": "m1"})
    with pytest.raises(DataError, match=r"share 2 models \(m0, m1\); 3 are needed"):
        compare_arenas(ours, Tallies.of_battles(battles))


def test_rank_correlations_have_intervals_over_models():
    rng = np.random.default_rng(0)
    one = rng.normal(size=14)
    other = one + rng.normal(size=14)
    found = rank_correlation(one, other)
    assert found.value == pytest.approx(stats.spearmanr(one, other).statistic)
    assert -1 <= found.low < found.value < found.high <= 1
    assert np.isnan(rank_correlation(one, np.ones(14)).value)
