import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import linalg, optimize

from ratings.errors import DataError, UnknownNameError
from scorers.preferences.aggregations.aggregation import AGGREGATIONS, aggregation_named
from scorers.preferences.aggregations.bradley_terry import davidson_of, elo_mle
from scorers.preferences.aggregations.elo import elo
from scorers.preferences.aggregations.rank_centrality import (
    centrality_of,
    rank_centrality,
    released,
    released_of,
)
from scorers.preferences.battles import Battles
from scorers.preferences.replies import ScoredReplies
from scorers.preferences.tallies import Tallies
from tests.scorers.preferences.made_replies import scored_replies

ALL = list(AGGREGATIONS)
# `released` pairs wins by the order of models, `elo` draws an order of battles
OF_COUNTS = [name for name in ALL if name not in ("released", "elo")]


def some_wins(seed: int, models: int = 8, fewest: int = 1) -> np.ndarray:
    wins = np.random.default_rng(seed).integers(fewest, 40, size=(models, models)).astype(float)
    np.fill_diagonal(wins, 0)
    return wins


def battles_from(first: list[int], second: list[int], margin: list[float]) -> Battles:
    models = max(*first, *second) + 1
    count = len(margin)
    return Battles(
        tuple(f"m{m}" for m in range(models)),
        tuple(f"p{n}" for n in range(count)),
        np.arange(count),
        np.array(first),
        np.array(second),
        np.array(margin, dtype=float),
    )


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("regularisation", [0.0, 1.0, 30.0])
def test_rank_centrality_is_the_exact_eigenvector(seed: int, regularisation: float):
    wins = some_wins(seed)
    moves = (wins + regularisation) / (wins + wins.T + 2 * regularisation + np.eye(8)) / 7
    np.fill_diagonal(moves, 0)
    np.fill_diagonal(moves, 1 - moves.sum(axis=0))
    values, vectors = linalg.eig(moves)
    vector = vectors[:, np.argmax(values.real)].real
    found = centrality_of(wins[None], regularisation)[0]
    np.testing.assert_allclose(found, vector / vector.sum(), rtol=1e-10)
    np.testing.assert_allclose(found, np.linalg.matrix_power(moves, 4096) @ np.full(8, 1 / 8))


@pytest.mark.parametrize("seed", range(3))
def test_rank_centrality_is_that_of_choix(seed: int):
    choix = pytest.importorskip("choix")
    wins = some_wins(seed)
    pairs = [(i, j) for i in range(8) for j in range(8) for _ in range(int(wins[i, j]))]
    logs = np.log(centrality_of(wins[None], 0.0)[0])
    np.testing.assert_allclose(choix.rank_centrality(8, pairs), logs - logs.mean(), atol=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_bradley_terry_without_ties_is_that_of_choix(seed: int):
    choix = pytest.importorskip("choix")
    wins = some_wins(seed)
    pairs = [(i, j) for i in range(8) for j in range(8) for _ in range(int(wins[i, j]))]
    found = davidson_of(wins[None], np.zeros((1, 8, 8)))[0]
    np.testing.assert_allclose(found, choix.ilsr_pairwise(8, pairs), atol=1e-7)


@pytest.mark.parametrize("seed", range(3))
def test_bradley_terry_with_ties_is_the_maximum_of_the_likelihood(seed: int):
    wins, ties = some_wins(seed, 5), np.triu(some_wins(seed + 50, 5))
    ties += ties.T

    def loss(parameters: np.ndarray) -> float:
        half = np.subtract.outer(parameters[:5], parameters[:5]) / 2
        total = np.logaddexp(np.logaddexp(half, -half), parameters[5])
        of_wins, of_ties = wins * (half - total), ties * (parameters[5] - total)
        return float(-of_wins.sum() - of_ties.sum() / 2 + parameters[:5].sum() ** 2)

    best = optimize.minimize(loss, np.zeros(6), tol=1e-10)
    np.testing.assert_allclose(davidson_of(wins[None], ties[None])[0], best.x[:5], atol=1e-4)


def test_elo_by_maximum_likelihood_is_the_arenas():
    """As FastChat does it: scikit-learn on every battle twice, half of the ties a win each."""
    from sklearn.linear_model import LogisticRegression

    tallies = Tallies.of(scored_replies(people=60))
    battles, outcome = tallies.battles, tallies.battles.outcomes()
    first = np.eye(6)[battles.first] - np.eye(6)[battles.second]
    result = np.concatenate([np.where(outcome == 0, tie, outcome) for tie in (1, -1)])
    fitted = LogisticRegression(fit_intercept=False, tol=1e-10, max_iter=10_000)
    fitted.fit(np.log(10) * np.concatenate([first, first]), result)
    found = elo_mle(tallies, tallies.everyone)[0]
    np.testing.assert_allclose(found, 400 * fitted.coef_[0] + 1000, atol=1e-3)
    assert found.mean() == pytest.approx(1000)
    anchored = elo_mle(tallies, tallies.everyone, anchor="m3")[0]
    np.testing.assert_allclose(anchored - found, 800 - found[3])
    with pytest.raises(UnknownNameError, match="unknown anchor 'm9'"):
        elo_mle(tallies, tallies.everyone, anchor="m9")


def test_elo_is_a_tournament_in_a_random_order():
    tallies = Tallies.of(scored_replies(people=25, models=4))
    battles, outcome = tallies.battles, tallies.battles.outcomes()
    weights = np.random.default_rng(0).integers(0, 3, size=(3, 25)).astype(float)
    found = elo(tallies, weights, orders=2, seed=7)
    for b in range(3):
        every = np.repeat(np.arange(len(battles)), weights[b, battles.person].astype(int))
        expected = np.zeros((2, 4))
        for order in range(2):
            ratings = np.full(4, 1000.0)
            for n in np.random.default_rng((7, order)).permutation(every):
                one, other = battles.first[n], battles.second[n]
                chance = 1 / (1 + 10 ** ((ratings[other] - ratings[one]) / 400))
                change = 4 * ((1 + outcome[n]) / 2 - chance)
                ratings[one] += change
                ratings[other] -= change
            expected[order] = ratings
        np.testing.assert_allclose(found[b], expected.mean(axis=0))


def test_the_releases_scores_follow_its_code_line_by_line():
    wins = some_wins(3, 6)
    matrix = wins + 1.0
    np.fill_diagonal(matrix, 0)
    total = matrix[np.triu_indices(6, 1)] + matrix[np.tril_indices(6, -1)]
    matrix[np.triu_indices(6, 1)] /= total
    matrix[np.tril_indices(6, -1)] /= total
    matrix /= 5
    matrix[np.diag_indices(6)] = 1 - matrix.sum(axis=0)
    scores = np.full(6, 1 / 6)
    for _ in range(1000):
        scores = matrix @ scores
    np.testing.assert_allclose(released_of(wins[None])[0], scores, rtol=1e-10)
    assert np.abs(released_of(wins[None])[0] - centrality_of(wins[None])[0]).max() > 1e-3


def test_the_releases_scores_depend_on_its_order_of_models_and_not_on_ours():
    names = ("zephyr-7b-beta", "command", "gpt-4", "palm-2", "another")
    replies = scored_replies(people=50, models=5)
    scores = {}
    for order in (range(5), [4, 2, 0, 1, 3]):
        new = np.argsort(order)
        one = ScoredReplies(
            tuple(names[m] for m in order),
            replies.people,
            replies.turn,
            replies.person,
            new[replies.model],
            replies.score,
        )
        tallies = Tallies.of(one)
        for name, score in zip(one.models, released(tallies, tallies.everyone)[0], strict=True):
            assert scores.setdefault(name, score) == pytest.approx(score, rel=1e-12)


@pytest.mark.parametrize("name", ALL)
def test_every_aggregation_recovers_a_planted_order(name: str):
    tallies = Tallies.of(scored_replies(people=600, spacing=8))
    scores = AGGREGATIONS[name].aggregate(tallies, tallies.everyone)[0]
    if name == "released":  # its mismatched pairs know the ends alone
        assert scores.argmax() < 2
        assert scores.argmin() > 3
    else:
        assert (np.diff(scores) < 0).all()


@pytest.mark.parametrize("name", OF_COUNTS)
def test_names_carry_scores_with_them(name: str):
    replies = scored_replies(people=80)
    new = np.array([3, 5, 0, 1, 4, 2])
    moved = ScoredReplies(
        replies.models, replies.people, replies.turn, replies.person, new[replies.model],
        replies.score,
    )  # fmt: skip
    one, other = Tallies.of(replies), Tallies.of(moved)
    aggregate = AGGREGATIONS[name].aggregate
    np.testing.assert_allclose(
        aggregate(other, other.everyone)[0][new], aggregate(one, one.everyone)[0], rtol=1e-7
    )


@pytest.mark.parametrize(
    "name", [name for name in OF_COUNTS if name not in ("rank_centrality", "elo_mle")]
)
def test_everyone_twice_says_the_same(name: str):
    tallies = Tallies.of(scored_replies(people=80, missing=0.1))
    aggregate = AGGREGATIONS[name].aggregate
    once, twice = aggregate(tallies, np.array([[1.0], [2.0]]) * tallies.everyone)
    np.testing.assert_allclose(once, twice, rtol=1e-7)


def test_everyone_twice_says_the_same_with_twice_the_prior():
    tallies = Tallies.of(scored_replies(people=80, missing=0.1))
    once = rank_centrality(tallies, tallies.everyone, 1.0)
    np.testing.assert_allclose(rank_centrality(tallies, 2 * tallies.everyone, 2.0), once)


@pytest.mark.parametrize("name", ALL)
def test_rows_of_weights_do_not_depend_on_one_another(name: str):
    tallies = Tallies.of(scored_replies(people=30, models=4))
    weights = np.random.default_rng(1).integers(0, 3, size=(5, 30)).astype(float)
    aggregate = AGGREGATIONS[name].aggregate
    together = aggregate(tallies, weights)
    alone = np.concatenate([aggregate(tallies, row[None]) for row in weights])
    np.testing.assert_allclose(together, alone, rtol=1e-9)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 6), st.integers(1, 25), st.floats(0, 0.9))
def test_scores_are_numbers_or_missing_whatever_the_battles(
    seed: int, models: int, people: int, missing: float
):
    replies = scored_replies(
        people, models, turns=1, shown=min(models, 3), seed=seed, missing=missing
    )
    tallies = Tallies.of(replies)
    weights = np.random.default_rng(seed).multinomial(people, np.full(people, 1 / people), size=3)
    for name in ALL:
        scores = AGGREGATIONS[name].aggregate(tallies, weights.astype(float))
        assert scores.shape == (3, models)
        assert not np.isinf(scores).any()
    shares = rank_centrality(tallies, weights.astype(float))
    met = ~np.isnan(shares)
    assert (shares[met] > 0).all()
    np.testing.assert_allclose(np.nansum(shares, axis=1)[met.any(axis=1)], 1.0)


def test_a_model_without_battles_takes_no_part():
    tallies = Tallies.of_battles(battles_from([0, 1, 1, 3], [1, 0, 3, 0], [50, 20, 50, 30]))
    full = Tallies.of_battles(battles_from([0, 1, 1, 2], [1, 0, 2, 0], [50, 20, 50, 30]))
    for name in ("rank_centrality", "bradley_terry", "elo_mle", "win_rate", "elo"):
        aggregate = AGGREGATIONS[name].aggregate
        with_gap = aggregate(tallies, tallies.everyone)[0]
        assert np.isnan(with_gap[2])
        if name != "elo":
            np.testing.assert_allclose(
                with_gap[[0, 1, 3]], aggregate(full, full.everyone)[0], rtol=1e-9
            )


def test_a_model_that_never_wins_has_a_score_where_there_is_a_prior():
    tallies = Tallies.of_battles(battles_from([0, 1, 0, 1], [1, 0, 2, 2], [50, 20, 50, 30]))
    for name in ("rank_centrality", "elo_mle", "elo", "win_rate"):
        scores = AGGREGATIONS[name].aggregate(tallies, tallies.everyone)[0]
        assert scores.argmin() == 2
    assert np.isnan(AGGREGATIONS["bradley_terry"].aggregate(tallies, tallies.everyone)).all()
    assert rank_centrality(tallies, tallies.everyone, 0.0)[0, 2] == pytest.approx(0, abs=1e-12)


def test_without_a_prior_a_walk_with_two_ends_has_no_scores():
    tallies = Tallies.of_battles(battles_from([0, 1], [2, 2], [50, 50]))
    assert np.isnan(rank_centrality(tallies, tallies.everyone, 0.0)).all()
    assert rank_centrality(tallies, tallies.everyone)[0].argmin() == 2


def test_all_ties_are_even():
    tallies = Tallies.of_battles(battles_from([0, 1, 0], [1, 2, 2], [1, 0, -2]))
    for name, even in (("rank_centrality", 1 / 3), ("elo_mle", 1000), ("elo", 1000)):
        scores = AGGREGATIONS[name].aggregate(tallies, tallies.everyone)[0]
        np.testing.assert_allclose(scores, even)
    np.testing.assert_array_equal(
        AGGREGATIONS["win_rate"].aggregate(tallies, tallies.everyone), np.zeros((1, 3))
    )
    assert np.isnan(AGGREGATIONS["bradley_terry"].aggregate(tallies, tallies.everyone)).all()


@pytest.mark.parametrize("name", ["mean_score", "mean_normalised_score", "borda"])
def test_battles_alone_have_no_scores(name: str):
    tallies = Tallies.of_battles(battles_from([0], [1], [50]))
    with pytest.raises(DataError, match="battles alone have no scores"):
        AGGREGATIONS[name].aggregate(tallies, tallies.everyone)


def test_names_of_aggregations_are_checked():
    with pytest.raises(UnknownNameError, match="unknown aggregation 'elo_mel'"):
        aggregation_named("elo_mel")
    assert all(one.title and one.unit and one.source for one in AGGREGATIONS.values())
