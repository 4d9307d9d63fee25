import numpy as np
import pandas as pd
import pytest

from ratings.errors import DataError
from scorers.preferences.battles import battles_of
from scorers.preferences.replies import ScoredReplies
from scorers.preferences.tallies import Tallies
from tests.scorers.preferences.made_replies import scored_replies


def frame(*rows: tuple[str, str, str, float | None]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["interaction_id", "user_id", "model_name", "score"])


def test_replies_are_read_off_a_frame():
    replies = ScoredReplies.of(
        frame(("i1", "u2", "b", 90), ("i1", "u2", "a", None), ("i2", "u1", "a", 1))
    )
    assert (replies.models, replies.people) == (("a", "b"), ("u1", "u2"))
    assert replies.model.tolist() == [1, 0, 0]
    assert replies.person.tolist() == [1, 1, 0]
    assert replies.turn.tolist() == [0, 0, 1]
    assert replies.scored.tolist() == [True, False, True]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (frame(("i", "u", "a", 1)).drop(columns="score"), "scored replies need the columns score"),
        (frame(("i", "u", None, 1)), "1 replies have no model_name"),
        (frame(("i", "u", "a", "good")), "a score is not a number"),
        (frame(("i", "u", "a", np.inf)), "1 scores are infinite"),
        (frame(("i", "u", "a", 1), ("i", "v", "b", 1)), "the replies of i belong to 2 people"),
    ],
)
def test_replies_that_cannot_be_read_are_refused(table: pd.DataFrame, message: str):
    with pytest.raises(DataError, match=message):
        ScoredReplies.of(table)


def test_every_pair_of_a_turn_is_a_battle_whatever_its_size():
    rng = np.random.default_rng(0)
    sizes = rng.integers(1, 6, size=200)
    turn = rng.permutation(np.repeat(np.arange(200), sizes))
    count = len(turn)
    model, score = rng.integers(7, size=count), rng.integers(1, 101, size=count).astype(float)
    score[rng.random(count) < 0.2] = np.nan
    names = tuple("abcdefg")
    people = tuple(f"p{r}" for r in range(200))
    found = battles_of(ScoredReplies(names, people, turn, turn, model, score))
    expected = {
        (turn[i], model[i], model[j], score[i] - score[j])
        for i in range(count)
        for j in range(i + 1, count)
        if turn[i] == turn[j] and model[i] != model[j] and not np.isnan(score[i] - score[j])
    }
    rows = list(zip(found.person, found.first, found.second, found.margin, strict=True))
    assert set(rows) == expected
    assert len(rows) >= len(expected)


def test_no_reply_no_battle():
    empty = np.empty(0, dtype=np.intp)
    replies = ScoredReplies(("a", "b"), (), empty, empty, empty, np.empty(0))
    assert len(battles_of(replies)) == 0
    assert Tallies.of(replies).counts(np.ones((1, 0)))[0].sum() == 0


def test_battles_between_some_models_are_theirs_alone():
    battles = battles_of(scored_replies(people=20))
    some = battles.between(["m4", "m1"])
    tallied, all_tallied = Tallies.of_battles(some), Tallies.of_battles(battles)
    weights = np.ones((1, 20))
    for few, many in zip(tallied.counts(weights), all_tallied.counts(weights), strict=True):
        assert few[0, 0, 1] == many[0, 4, 1]
        assert few[0, 1, 0] == many[0, 1, 4]


def test_counts_are_what_the_people_drawn_said():
    replies = scored_replies(people=12, missing=0.3)
    tallies = Tallies.of(replies)
    weights = np.random.default_rng(0).integers(0, 3, size=(4, 12)).astype(float)
    wins, ties = tallies.counts(weights)
    battles, outcome = tallies.battles, tallies.battles.outcomes()
    for b in range(4):
        expected_wins, expected_ties = np.zeros((6, 6)), np.zeros((6, 6))
        for n, result in enumerate(outcome):
            one, other = battles.first[n], battles.second[n]
            weight = weights[b, battles.person[n]]
            if result == 0:
                expected_ties[one, other] += weight
                expected_ties[other, one] += weight
            else:
                winner, loser = (one, other) if result > 0 else (other, one)
                expected_wins[winner, loser] += weight
        np.testing.assert_array_equal(wins[b], expected_wins)
        np.testing.assert_array_equal(ties[b], expected_ties)


def test_people_left_out_are_people_without_weight():
    tallies = Tallies.of(scored_replies(people=30, missing=0.2))
    kept = np.arange(30) % 3 > 0
    part = tallies.of_people(kept)
    for mine, all_of_them in zip(
        part.counts(part.everyone), tallies.counts(kept[None].astype(float)), strict=True
    ):
        np.testing.assert_array_equal(mine, all_of_them)
    again = Tallies.of_battles(part.battles)
    np.testing.assert_array_equal(again.wins.toarray(), part.wins.toarray())


def test_scores_are_summed_by_person_and_model():
    replies = scored_replies(people=40, missing=0.4)
    sums = Tallies.of(replies).scores
    table = pd.DataFrame(
        {"p": replies.person, "m": replies.model, "t": replies.turn, "s": replies.score}
    ).dropna()
    of_person = table.groupby("p")["s"]
    spread = of_person.transform("std")
    table["z"] = ((table["s"] - of_person.transform("mean")) / spread).where(spread > 0, 0.0)
    table["rank"] = table.groupby("t")["s"].rank(ascending=False)
    table["n"] = table.groupby("t")["s"].transform("size")
    table["beaten"] = (table["n"] - table["rank"]) / (table["n"] - 1)
    grouped = table.groupby(["p", "m"])
    for name, column in (("score", "s"), ("normalised", "z"), ("beaten", "beaten")):
        expected = grouped[column].sum().unstack(fill_value=0).reindex(range(40), fill_value=0)
        np.testing.assert_allclose(getattr(sums, name), expected.fillna(0), atol=1e-9)
    expected = grouped["beaten"].count().unstack(fill_value=0).reindex(range(40), fill_value=0)
    np.testing.assert_array_equal(sums.compared, expected)


def test_one_score_of_everything_is_no_opinion():
    replies = scored_replies(people=5, noise=0, own=0, spacing=0)
    sums = Tallies.of(replies).scores
    assert not sums.normalised.any()
    assert (sums.beaten == sums.compared / 2).all()
