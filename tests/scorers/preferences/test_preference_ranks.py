import numpy as np
import pytest

from ratings.errors import DataError
from scorers.preferences.aggregations.aggregation import AGGREGATIONS
from scorers.preferences.battles import Battles
from scorers.preferences.preference_ranks import rank_models
from scorers.preferences.replies import ScoredReplies
from scorers.preferences.tallies import Tallies
from tests.scorers.preferences.made_replies import scored_replies


def tallies_from(*battles: tuple[int, int, float], models: int = 0) -> Tallies:
    first, second, margin = map(np.array, zip(*battles, strict=True))
    size = max(models, first.max() + 1, second.max() + 1)
    people = tuple(f"p{n}" for n in range(len(battles)))
    names = tuple(f"m{m}" for m in range(size))
    return Tallies.of_battles(
        Battles(names, people, np.arange(len(people)), first, second, margin.astype(float))
    )


@pytest.mark.parametrize("name", [name for name in AGGREGATIONS if name != "released"])
def test_models_come_by_rank_with_intervals(name: str):
    found = rank_models(Tallies.of(scored_replies(people=300)), name, replicates=100)
    assert [one.model for one in found.models] == [f"m{m}" for m in range(6)]
    assert [one.rank.rank for one in found.models] == list(range(1, 7))
    for one in found.models:
        assert one.score.low <= one.score.value <= one.score.high
        assert one.rank.low <= one.rank.rank <= one.rank.high
        assert 250 < one.raters <= 300
    assert sum(one.battles for one in found.models) == 2 * found.battles
    assert (found.people, found.replicates, found.defined) == (300, 100, 100)


def test_the_same_seed_gives_the_same_ranking():
    tallies = Tallies.of(scored_replies(people=40))
    assert rank_models(tallies, seed=3) == rank_models(tallies, seed=3)
    assert rank_models(tallies, seed=3) != rank_models(tallies, seed=4)


def test_sixty_per_cent_missing_widens_intervals_and_no_more():
    full, thinned = (
        rank_models(Tallies.of(scored_replies(people=300, missing=share))) for share in (0, 0.6)
    )
    assert thinned.battles < 0.25 * full.battles
    for one in thinned.models:
        other = next(m for m in full.models if m.model == one.model)
        assert one.score.low < other.score.value < one.score.high
        assert one.score.high - one.score.low > other.score.high - other.score.low


def test_people_with_one_conversation_count_as_much_as_they_say():
    found = rank_models(Tallies.of(scored_replies(people=900, turns=1)))
    assert found.models[0].model == "m0"
    assert all(np.isfinite(one.score.low) for one in found.models)


@pytest.mark.parametrize("name", ["rank_centrality", "bradley_terry", "elo_mle", "win_rate"])
def test_sets_of_models_that_never_met_are_named(name: str):
    tallies = tallies_from((0, 1, 50), (1, 0, 50), (2, 3, 50), (3, 2, 50), models=5)
    with pytest.raises(DataError, match="cannot be compared: m0, m1; m2, m3$"):
        rank_models(tallies, name)


@pytest.mark.parametrize("name", AGGREGATIONS)
def test_one_model_or_none_is_nothing_to_rank(name: str):
    one = scored_replies(people=3, models=1, shown=1)
    if AGGREGATIONS[name].compares:
        with pytest.raises(DataError, match="there is no battle between two models"):
            rank_models(Tallies.of(one), name)
    else:
        with pytest.raises(DataError, match="no reply has a score"):
            rank_models(Tallies.of(one.where(np.zeros(len(one.score), dtype=bool))), name)


def test_one_model_alone_has_a_mean_score():
    found = rank_models(Tallies.of(scored_replies(people=9, models=1, shown=1)), "mean_score")
    assert [(one.model, one.rank.rank, one.rank.high) for one in found.models] == [("m0", 1, 1)]


@pytest.mark.parametrize("name", ["rank_centrality", "released", "win_rate", "borda"])
def test_intervals_of_shares_are_shares(name: str):
    tallies = Tallies.of(scored_replies(people=5, turns=3))
    for one in rank_models(tallies, name, replicates=200).models:
        assert 0 <= one.score.low <= one.score.value <= one.score.high <= 1


def test_no_people_are_nothing_to_rank():
    empty = np.empty(0, dtype=np.intp)
    replies = ScoredReplies(("a", "b"), (), empty, empty, empty, np.empty(0))
    with pytest.raises(DataError, match="there is no battle"):
        rank_models(Tallies.of(replies))
    with pytest.raises(DataError, match="there are no people"):
        rank_models(Tallies.of(replies), "mean_score")


def test_one_person_has_scores_without_intervals():
    found = rank_models(Tallies.of(scored_replies(people=1, turns=30)))
    for one in found.models:
        assert np.isfinite(one.score.value)
        assert np.isnan(one.score.low)
        assert one.score.reason == "fewer than two people scored it"
        assert (one.rank.low, one.rank.high) == (1, 6)


def test_all_ties_are_ranked_alike_or_refused():
    tallies = tallies_from((0, 1, 0), (1, 2, 3), (0, 2, -5))
    found = rank_models(tallies)
    assert [one.rank.rank for one in found.models] == [1, 1, 1]
    with pytest.raises(DataError, match="Bradley-Terry with ties: all 3 battles are ties"):
        rank_models(tallies, "bradley_terry")


def test_a_model_that_never_wins_is_last_or_named():
    tallies = tallies_from((0, 1, 50), (1, 0, 50), (0, 2, 50), (1, 2, 50))
    assert rank_models(tallies).models[-1].model == "m2"
    with pytest.raises(DataError, match="m2 never won or tied, so there is no finite answer"):
        rank_models(tallies, "bradley_terry")


def test_a_model_that_nobody_compared_comes_last_without_a_rank():
    tallies = tallies_from((0, 1, 50), (1, 0, 50), (1, 0, 50), models=3)
    last = rank_models(tallies).models[-1]
    assert (last.model, last.rank.rank, last.battles, last.raters) == ("m2", None, 0, 0)
    assert last.score.reason == "nobody compared it with another model"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["rank_centrality", "bradley_terry", "mean_score"])
def test_intervals_cover_true_ranks_and_scores(name: str, in_full: bool):
    """The truth is what very many people of the same kind say."""
    made = {"models": 8, "spacing": 1.5, "turns": 4}
    aggregate = AGGREGATIONS[name].aggregate
    many = Tallies.of(scored_replies(people=40_000, seed=9, **made))
    weights = many.everyone * 100 / 40_000
    truth = dict(zip(many.models, aggregate(many, weights)[0], strict=True))
    times = 300 if in_full else 60
    ranks = scores = 0
    for sample in range(times):
        tallies = Tallies.of(scored_replies(people=100, seed=1, sample=sample, **made))
        for one in rank_models(tallies, name, seed=sample, replicates=300).models:
            ranks += one.rank.low <= 1 + int(one.model[1:]) <= one.rank.high
            scores += one.score.low <= truth[one.model] <= one.score.high
    assert ranks / (8 * times) > 0.94
    assert scores / (8 * times) > 0.92
    assert scores / (8 * times) < 0.99
