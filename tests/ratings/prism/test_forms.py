import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratings.prism.codebook import EMPTY_REPLY
from ratings.prism.container import Prism
from ratings.prism.forms import (
    long_form,
    normalised_scores,
    random_ranks,
    standard_scores,
    wide_form,
)
from ratings.prism.prism import load_prism
from ratings.sources.cards import load_card
from ratings.sources.fetch import verify

SCORES = st.one_of(st.integers(1, 100).map(float), st.just(np.nan))


@given(st.lists(st.tuples(SCORES, st.sampled_from("abc")), min_size=1, max_size=30))
def test_standard_scores_are_those_of_each_person(rows):
    frame = pd.DataFrame(rows, columns=["score", "person"])
    found = standard_scores(frame["score"], frame["person"])
    for person, given_scores in frame.groupby("person")["score"]:
        known = given_scores.dropna()
        mine = found[given_scores.index]
        assert mine[given_scores.isna()].isna().all()
        if len(known) < 2:
            assert mine.isna().all()
        elif known.nunique() == 1:
            assert (mine[known.index] == 0).all()
        else:
            expected = (known - known.mean()) / np.std(known, ddof=1)
            np.testing.assert_allclose(mine[known.index], expected, err_msg=str(person))


def test_normalised_scores_of_openers_ignore_later_turns(sample: Prism):
    rows = sample.utterances
    found = normalised_scores(rows)
    later = rows["turn"].gt(0)
    assert found.loc[later, "normalized_score_openers"].isna().all()
    changed = rows.assign(score=rows["score"].where(~later, 1.0))
    again = normalised_scores(changed)
    pd.testing.assert_series_equal(
        again["normalized_score_openers"], found["normalized_score_openers"]
    )
    assert not again["normalized_score_full"].equals(found["normalized_score_full"])


def test_equal_scores_share_their_rank():
    rows = pd.DataFrame(
        {
            "interaction_id": ["i"] * 4 + ["j"] * 2,
            "user_id": "u",
            "turn": 0,
            "score": [50.0, 90.0, 50.0, np.nan, 1.0, 100.0],
        }
    )
    ranks = normalised_scores(rows)["within_turn_rank"]
    np.testing.assert_array_equal(ranks, [2.5, 1, 2.5, np.nan, 2, 1])
    drawn = [random_ranks(rows, seed) for seed in range(20)]
    for one in drawn:
        assert one[1] == 1
        assert sorted([one[0], one[2]]) == [2, 3]
        assert np.isnan(one[3])
    assert len({tuple(one.dropna()) for one in drawn}) == 2
    pd.testing.assert_series_equal(random_ranks(rows, 3), drawn[3])


def test_the_wide_form_has_the_columns_of_the_authors_and_loses_nothing(sample: Prism):
    rows = sample.utterances
    wide = wide_form(rows)
    assert wide.shape == (rows["interaction_id"].nunique(), 53)
    assert wide.columns[:6].tolist() == [
        "interaction_id", "conversation_id", "turn", "user_prompt", "user_id", "utterance_id_a",
    ]  # fmt: skip
    assert wide.columns[-4:].tolist() == [f"within_turn_rank_{letter}" for letter in "abcd"]
    assert wide["score_a"].dtype == float
    assert wide.loc[wide["turn"].gt(0), "score_c"].isna().all()
    long = long_form(wide).loc[rows.index]
    for name in ("interaction_id", "user_id", "model_name", "model_response", "if_chosen"):
        assert (long[name].to_numpy() == rows[name].to_numpy()).all(), name
    np.testing.assert_array_equal(long["score"], rows["score"])


@pytest.fixture(scope="module")
def published() -> Prism:
    card = load_card("prism")
    parts = ("survey", "conversations", "utterances")
    if any(one.state != "good" for one in verify(card, [*parts, "mappings"])):
        pytest.skip("needs the raw files of PRISM in VALUEGAUGE_DATA/prism")
    return load_prism()


def test_the_published_counts_and_spikes(published: Prism):
    assert published.notes == ()
    empty = published.utterances["model_response"].eq(EMPTY_REPLY)
    scores = published.utterances.loc[empty, "score"]
    assert empty.sum() == 147
    assert (scores.mean().round(2), scores.std().round(2)) == (11.93, 21.73)
    assert len(published.openers()) == 30_049


def test_the_rows_that_the_authors_print(published: Prism):
    wide = wide_form(published.utterances).set_index("interaction_id")
    assert wide.shape == (27_172, 52)
    full = [f"normalized_score_full_{letter}" for letter in "abcd"]
    np.testing.assert_allclose(
        wide.loc[["int10", "int100"], full].astype(float),
        [[0.148532, 0.729744, -0.658707, -1.175340], [0.960099, 0.960099, -0.332401, 0.548849]],
        atol=5e-7,
    )
    openers = wide.loc["int10", ["normalized_score_openers_c", "normalized_score_openers_d"]]
    np.testing.assert_allclose(openers.astype(float), [-0.350719, -0.845851], atol=5e-7)
    ranks = wide.loc["int10", [f"within_turn_rank_{letter}" for letter in "abcd"]]
    assert ranks.tolist() == [2, 1, 3, 4]
    longest = published.utterances.groupby("user_id")["turn"].max() + 1
    assert longest.value_counts().sort_index().to_dict() == {
        2: 74, 3: 264, 4: 327, 5: 281, 6: 186, 7: 110, 8: 59, 9: 35, 10: 40, 11: 9, 12: 5, 13: 5,
        22: 1,
    }  # fmt: skip
