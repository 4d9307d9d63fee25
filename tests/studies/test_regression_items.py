import numpy as np
import pytest
import yaml

from ratings.instruments.dimensions import SCHWARTZ
from ratings.instruments.value_portrait import Instrument, load_instrument
from studies import regression_items as module
from studies.regression_items import (
    FEWEST_QUERIES,
    FILE,
    choose,
    choose_items,
    information,
    recorded_ratings,
    score_errors,
    simulated_ratings,
    unsteadiness,
)
from tests.scorers.scores.tagged_rows import tagged_rows

SHIPPED = yaml.safe_load(FILE.read_text(encoding="utf-8"))


@pytest.fixture(params=["sample", "official"])
def data(request) -> str:
    if request.param == "official":
        request.getfixturevalue("mirror")
    return request.param


def kept_of(instrument: Instrument, data: str) -> np.ndarray:
    return instrument.items.index.isin(SHIPPED[data])


def test_the_file_holds_ids_and_nothing_else():
    assert set(SHIPPED) == {"official", "sample"}
    for ids in SHIPPED.values():
        assert all(isinstance(one, str) and len(one) <= 8 for one in ids)
        assert len(set(ids)) == len(ids)


def test_the_file_is_what_the_script_makes(data: str):
    assert choose(data) == SHIPPED[data]


def test_every_id_is_an_item_and_every_value_keeps_its_queries(data: str):
    instrument = load_instrument(data)
    kept = kept_of(instrument, data)
    assert kept.sum() == len(SHIPPED[data])
    if data == "official":
        assert len(SHIPPED[data]) == len(instrument.items) / 4
    queries = instrument.items["query"].to_numpy()
    for mine in instrument.tagged()[: len(SCHWARTZ)]:
        had, left = (len(set(queries[rows])) for rows in (mine, mine & kept))
        assert left >= min(had, FEWEST_QUERIES[data])


def test_the_chosen_items_are_better_than_as_many_drawn_at_random(data: str):
    instrument = load_instrument(data)
    ratings = recorded_ratings(instrument) if data == "official" else simulated_ratings(instrument)
    tagged = instrument.tagged()[: len(SCHWARTZ)]
    about = information(ratings), unsteadiness(ratings)
    chosen = np.flatnonzero(kept_of(instrument, data))
    able = np.flatnonzero(tagged.any(axis=0))
    rng = np.random.default_rng(0)

    def error(positions: np.ndarray) -> float:
        return float(score_errors(tagged[:, positions], *(one[positions] for one in about)).sum())

    drawn = [error(rng.choice(able, len(chosen), replace=False)) for _ in range(50)]
    assert error(chosen) < min(drawn)


def test_an_error_is_that_of_the_score_as_it_is_computed():
    """Each weight is how far the score moves when one item does."""
    instrument = load_instrument("sample")
    tagged = instrument.tagged()[: len(SCHWARTZ)]
    queries = list(instrument.items["query"])
    flat = np.full((len(queries), 1), 3.0)

    def scores(ratings: np.ndarray) -> np.ndarray:
        return np.array([s.estimate.value for s in tagged_rows(ratings, tagged, queries, SCHWARTZ)])

    even = np.ones(len(queries))
    for position in (0, 7, 50):
        moved = flat.copy()
        moved[position] += 1
        only = (np.arange(len(queries)) == position).astype(float)
        np.testing.assert_allclose(
            score_errors(tagged, even, only), np.abs(scores(moved) - scores(flat)), atol=1e-12
        )
    np.testing.assert_allclose(
        score_errors(tagged, 2 * even, even) * 2, score_errors(tagged, even, even)
    )


def test_a_value_without_items_has_no_finite_error():
    tagged = np.array([[True, True], [False, False]])
    assert np.isinf(score_errors(tagged, np.ones(2), np.ones(2))).tolist() == [False, True]


def answers(spread: np.ndarray, noise: np.ndarray, models: int = 30) -> np.ndarray:
    """M x 6 x I ratings; items differ in how far models and variants spread."""
    rng = np.random.default_rng(0)
    own = spread * rng.normal(size=(models, 1, len(spread)))
    return own + noise * rng.normal(size=(models, 6, len(noise)))


def test_information_is_what_separates_models():
    ratings = answers(np.array([0.0, 0.5, 2.0]), np.ones(3))
    found = information(ratings)
    assert found[0] < found[1] < found[2]
    assert found.mean() == pytest.approx(1)
    assert found.min() >= 0.5  # shrunk halfway


def test_unsteadiness_is_what_variants_do_and_no_model_decides_alone():
    noise = np.array([0.2, 1.0, 2.0])
    ratings = answers(np.ones(3), noise)
    found = unsteadiness(ratings)
    assert found[0] < found[1] < found[2]
    assert found.mean() == pytest.approx(1)
    louder = ratings.copy()
    louder[0] = louder[0].mean(axis=0) + 10 * (louder[0] - louder[0].mean(axis=0))
    np.testing.assert_allclose(unsteadiness(louder), found)
    gaps = ratings.copy()
    gaps[:3, :, 1] = np.nan
    gaps[5:, 0, :] = np.nan
    assert np.isfinite(unsteadiness(gaps)).all()


def test_dropped_first_is_what_counts_for_nothing_then_the_least_informative():
    tagged = np.array([[1, 1, 1, 1, 0, 0, 0, 0, 0], [0, 0, 0, 0, 1, 1, 1, 1, 0]], dtype=bool)
    queries = [str(i) for i in range(9)]
    even = np.ones(9)
    noisy, dull = even.copy(), even.copy()
    noisy[2] = 5.0
    dull[6] = 0.1
    assert choose_items(tagged, queries, even, even, 8, 1).tolist() == list(range(8))
    assert choose_items(tagged, queries, even, noisy, 7, 1).tolist() == [0, 1, 3, 4, 5, 6, 7]
    assert choose_items(tagged, queries, dull, even, 7, 1).tolist() == [0, 1, 2, 3, 4, 5, 7]


def test_a_value_keeps_as_many_queries_as_it_is_to_have():
    tagged = np.ones((1, 6), dtype=bool)
    queries = ["a", "a", "b", "b", "c", "c"]
    kept = choose_items(tagged, queries, np.ones(6), np.ones(6), 1, 3)
    assert sorted(queries[i] for i in kept) == ["a", "b", "c"]
    kept = choose_items(tagged, queries, np.ones(6), np.ones(6), 1, 2)
    assert len({queries[i] for i in kept}) == len(kept) == 2


def test_the_script_writes_the_file_aside_first(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(module, "choose", lambda data: [f"{data}-1"])
    monkeypatch.setattr(module, "FILE", tmp_path / "items.yaml")
    module.main(["--print"])
    assert not list(tmp_path.iterdir())
    module.main([])
    text = (tmp_path / "items.yaml").read_text()
    assert text == capsys.readouterr().out
    assert yaml.safe_load(text) == {"official": ["official-1"], "sample": ["sample-1"]}
