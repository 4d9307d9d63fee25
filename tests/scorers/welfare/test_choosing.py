"""What a sample of people chooses: against the release's loops, and by hand."""

import numpy as np
import pandas as pd
import pytest

from ratings.errors import DataError
from scorers.welfare.matrix import CHOICE, RATING, WelfareMatrix, group_worth
from scorers.welfare.plan import Scheme
from scorers.welfare.rules import RULES, max_choice, max_rating, veto
from scorers.welfare.sampling import (
    Uniforms,
    choice_shares,
    chosen_models,
    expected_worth,
    sample_counts,
)

NAN = np.nan


def openers(rows: list[tuple[str, str, float, bool]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["user_id", "model_name", "score", "if_chosen"])


def as_released(worth: np.ndarray, sample: list[int], unrated: float) -> set[int]:
    """The models that may win: the release's loops over models."""
    scores = []
    for model in range(worth.shape[1]):
        values = [worth[person, model] for person in sample if not np.isnan(worth[person, model])]
        scores.append(unrated if not values else float(np.mean(values)))
    return {model for model, value in enumerate(scores) if value >= max(scores) - 1e-12}


def test_a_matrix_is_of_means_over_the_turns_of_a_person():
    frame = openers(
        [("p", "b", 10, False), ("p", "b", 30, True), ("p", "a", 50, True), ("q", "a", NAN, False)]
    )
    ratings = WelfareMatrix.of(frame, RATING, pd.Index(["q", "p", "r"]))
    assert ratings.models == ("a", "b")
    assert ratings.people == ("q", "p", "r")
    assert np.array_equal(ratings.worth, [[NAN, NAN], [50, 20], [NAN, NAN]], equal_nan=True)
    choices = WelfareMatrix.of(frame, CHOICE)
    assert np.array_equal(choices.worth, [[1, 0.5], [0, NAN]], equal_nan=True)


def test_a_population_of_nobody_or_without_scores_is_refused():
    frame = openers([("p", "a", NAN, True)])
    with pytest.raises(DataError, match="no people"):
        WelfareMatrix.of(frame, RATING, pd.Index([], dtype=str))
    with pytest.raises(DataError, match="no reply"):
        WelfareMatrix.of(frame, RATING)
    with pytest.raises(DataError, match="no reply"):
        WelfareMatrix.of(frame, CHOICE, pd.Index(["somebody else"]))


def test_welfare_is_over_all_of_the_group_who_rated():
    worth = np.array([[10.0, NAN], [20.0, 40.0], [NAN, NAN]])
    members = np.array([[True, True, True], [True, False, True], [False, False, False]])
    found = group_worth(worth, members)
    assert np.array_equal(found, [[15, 40], [10, NAN], [NAN, NAN]], equal_nan=True)


@pytest.mark.parametrize(("kind", "unrated"), [(RATING, 1.0), (CHOICE, 0.0)])
@pytest.mark.parametrize("people", [1, 3, 30])
def test_every_choice_is_one_that_the_release_allows(kind, unrated, people):
    rng = np.random.default_rng(people)
    worth = rng.integers(1, 6, (12, 5)) / 5.0 if kind == CHOICE else rng.integers(1, 101, (12, 5))
    worth = np.where(rng.random((12, 5)) < 0.5, worth, NAN)
    picks = rng.random((200, people))
    counts = sample_counts(np.ones(12, dtype=np.intp), people, picks)
    rule = max_rating if kind == RATING else max_choice
    chosen = rule(counts, worth, rng.random((200, 5)))
    for draw, model in enumerate(chosen):
        sample = [int(12 * pick) for pick in picks[draw]]
        assert model in as_released(worth, sample, unrated)


def test_a_model_that_nobody_rated_counts_as_the_worst_and_ties_with_it():
    worth = np.array([[1.0, NAN], [50.0, 60.0]])
    breaks = np.random.default_rng(0).random((4_000, 2))
    alone = np.tile([1.0, 0.0], (4_000, 1))  # the first person, who gave a 1 and saw one model
    shares = np.bincount(max_rating(alone, worth, breaks)) / 4_000
    assert shares == pytest.approx([0.5, 0.5], abs=0.03)
    assert max_rating(alone[:1], worth + 1, breaks[:1]) == [0]
    assert max_choice(alone[:1], worth / 100, breaks[:1]) == [0]


def test_ties_are_broken_at_random_and_by_the_seed():
    worth = np.full((5, 4), 50.0)
    counts = np.ones((8_000, 5))
    breaks = np.random.default_rng(3).random((8_000, 4))
    chosen = max_rating(counts, worth, breaks)
    assert np.bincount(chosen) / 8_000 == pytest.approx([0.25] * 4, abs=0.02)
    assert np.array_equal(chosen, max_rating(counts, worth, breaks))


def test_rounding_breaks_no_tie():
    thirds = np.array([[1 / 3, 0.1 + 0.2], [2 / 3, 0.7], [NAN, 0.5]])
    counts = np.ones((500, 3))
    both = max_choice(counts, thirds, np.random.default_rng(0).random((500, 2)))
    assert set(both) == {0, 1}  # both means are one half


def test_somebody_drawn_twice_counts_twice():
    worth = np.array([[90.0, 10.0], [10.0, 50.0]])
    counts = np.array([[1.0, 1.0], [1.0, 3.0]])
    assert max_rating(counts, worth, np.zeros((2, 2))).tolist() == [0, 1]


def test_a_veto_outweighs_any_mean():
    #                 loved by most, vetoed by one | liked by all | like it, better | unrated
    worth = np.array([[100.0, 40.0, 41.0, NAN], [100.0, 40.0, 41.0, NAN], [9.0, 40.0, 41.0, NAN]])
    assert veto(np.ones((1, 3)), worth, np.zeros((1, 4))) == [2]
    assert max_rating(np.ones((1, 3)), worth, np.zeros((1, 4))) == [0]
    worth[:, 1:3] = 5.0
    assert veto(np.ones((1, 3)), worth, np.zeros((1, 4))) == [0]  # one veto, not three
    ten = np.array([[10.0, 9.0]])
    assert veto(np.ones((1, 1)), ten, np.zeros((1, 2))) == [0]  # ten is no veto


def test_draws_are_of_the_pool_with_replacement():
    rng = np.random.default_rng(0)
    counts = sample_counts(np.array([2, 0, 1, 1]), 40, rng.random((2_000, 40)))
    assert (counts.sum(axis=1) == 40).all()
    assert counts.mean(axis=0) == pytest.approx([20, 0, 10, 10], abs=0.3)
    assert counts[:, 0].var() == pytest.approx(10, rel=0.15)  # binomial
    with pytest.raises(DataError, match="nobody"):
        sample_counts(np.zeros(3, dtype=np.intp), 2, rng.random((1, 2)))


def test_schemes_of_one_pool_share_their_first_people():
    picks = np.random.default_rng(0).random((50, 20))
    pool = np.ones(30, dtype=np.intp)
    assert (sample_counts(pool, 20, picks) >= sample_counts(pool, 10, picks)).all()


def test_the_same_seed_gives_the_same_choices_and_another_does_not():
    rng = np.random.default_rng(0)
    worth = rng.uniform(1, 100, (40, 6))
    masks = {"all": np.ones(40, dtype=np.bool_)}
    schemes = {"s": Scheme("all", 5)}

    def chosen(seed: int) -> np.ndarray:
        uniforms = Uniforms.of(100, 5, 6, np.random.default_rng(seed))
        return chosen_models(worth, masks, schemes, RULES["max_rating"], uniforms)

    assert np.array_equal(chosen(1), chosen(1))
    assert not np.array_equal(chosen(1), chosen(2))


def test_an_empty_pool_is_named():
    uniforms = Uniforms.of(3, 2, 2, np.random.default_rng(0))
    with pytest.raises(DataError, match="'nobody' of the scheme 's'"):
        chosen_models(
            np.ones((4, 2)),
            {"nobody": np.zeros(4, dtype=np.bool_)},
            {"s": Scheme("nobody", 2)},
            RULES["max_rating"],
            uniforms,
        )


def test_one_participant_chooses_what_they_like_best():
    worth = np.array([[20.0, NAN, 80.0]])
    uniforms = Uniforms.of(10, 100, 3, np.random.default_rng(0))
    masks = {"all": np.ones(1, dtype=np.bool_)}
    for rule in RULES.values():
        chosen = chosen_models(worth, masks, {"s": Scheme("all", 100)}, rule, uniforms)
        assert (chosen == 2).all()


def test_expected_worth_leaves_out_what_is_not_known():
    shares = choice_shares(np.array([[0, 0, 1, 2]]), 3)
    worth = np.array([[10.0, 30.0, NAN], [NAN, NAN, NAN]])
    found = expected_worth(shares, worth)
    assert found[0, 0] == pytest.approx((0.5 * 10 + 0.25 * 30) / 0.75)
    assert np.isnan(found[0, 1])
