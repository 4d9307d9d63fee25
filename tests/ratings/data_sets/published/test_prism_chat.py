from dataclasses import replace

import pandas as pd
import pytest

from ratings.data_sets.published import prism_chat
from ratings.data_sets.published.prism_chat import load_prism_chat
from ratings.errors import TermsError
from ratings.prism.answers import ANSWERS
from ratings.prism.container import Prism
from ratings.prism.prism import load_prism
from ratings.sources.cards import load_card
from ratings.sources.locations import acceptance_record

SCORES = [70.0, 90.0, 80.0, 10.0]  # of the four responses; the second is chosen


def utterances(conversations: int = 40) -> pd.DataFrame:
    """Conversations of two people in turn, with a second turn that must not count."""
    rows = [
        {
            "conversation_id": f"c{number}",
            "user_id": f"user{number % 2}",
            "turn": turn,
            "within_turn_id": position,
            "user_prompt": f"Hello {number}",
            "model_response": f"turn {turn} response {position}",
            "score": score,
            "if_chosen": position == 1,
        }
        for number in range(conversations)
        for turn in (0, 1)
        for position, score in enumerate(SCORES[: 4 - 2 * turn])
    ]
    return pd.DataFrame(rows)


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch):
    """Makes the published data what the test says: made people with these utterances."""
    made = load_prism("sample", people=3)

    def use(rows: pd.DataFrame, survey: pd.DataFrame | None = None) -> Prism:
        prism = replace(made, utterances=rows, survey=made.survey if survey is None else survey)
        monkeypatch.setattr(prism_chat, "load_prism", lambda parts: prism)
        return prism

    return use


def test_the_chosen_response_is_compared_with_the_next_highest_rated(given):
    given(utterances())
    data = load_prism_chat()
    chosen, other = "turn 0 response 1", "turn 0 response 2"
    texts, matrix = data.table.instances["text"], data.table.positions()
    assert not data.ordered
    assert data.table.choices[0] == ("response A", "response B")
    for position, name in enumerate(data.table.instances.index):
        rating = matrix[:, position].max()
        pair = (chosen, other) if rating == 1 else (other, chosen)
        head = f"Hello {name[1:]}"
        assert texts.iloc[position] == f"{head}\nResponse A: {pair[0]}\nResponse B: {pair[1]}"
        assert (matrix[:, position] > 0).sum() == 1
    assert len(data.table) == 40


def test_the_order_of_the_two_is_drawn_by_seed(given):
    given(utterances())
    drawn = [load_prism_chat(seed).table.ratings["rating"].tolist() for seed in (0, 0, 1)]
    assert drawn[0] == drawn[1] != drawn[2]
    # 40 fair draws: fewer than 8 of one kind has a chance below one in ten thousand
    assert 8 <= drawn[0].count(1) <= 32


def test_turns_without_two_rated_responses_are_left_out(given):
    rows = utterances(10)
    rows.loc[rows["conversation_id"].eq("c0"), "if_chosen"] = False
    rows.loc[rows["conversation_id"].eq("c1") & rows["within_turn_id"].ne(1), "score"] = None
    # as high as another, and shown before it
    rows.loc[rows["conversation_id"].eq("c2") & rows["within_turn_id"].eq(0), "score"] = 80.0
    given(rows)
    instances = load_prism_chat().table.instances
    assert sorted(instances.index) == [f"c{number}" for number in range(2, 10)]
    assert "turn 0 response 0" in instances.loc["c2", "text"]
    assert "turn 0 response 2" in instances.loc["c3", "text"]


def test_twenty_answers_are_known_of_a_rater(given):
    survey = load_prism("sample", people=3).survey
    for column in survey.filter(regex="^(lm_usecases|stated_prefs|order_)").columns:
        survey[column] = float("nan")
    told = {
        "age": "Prefer not to say",
        "lm_frequency_use": None,
        "lm_usecases_research": 1,
        "lm_usecases_games": 0,
        "lm_usecases_other": 1,
        "lm_usecases_other_text": "cats",
        "stated_prefs_values": 20,
        "stated_prefs_safety": 80,
        "order_stated_prefs_values": 2,
        "order_stated_prefs_safety": 1,
        "order_lm_usecases_games": 3,
        "order_lm_usecases_research": 1,
        "order_lm_usecases_other": 2,
        "religion_simplified": "No Affiliation",
        "location_birth_country": "Mexico",
        "location_special_region": "Latin America and the Caribbean",
        "ethnicity_simplified": None,
        "ethnicity_self_described": "of the coast",
    }
    for column, value in told.items():
        survey[column] = survey[column].astype(object)
        survey.loc["user0", column] = value
    given(utterances(), survey)
    data = load_prism_chat()
    assert data.demographics == ANSWERS
    assert len(ANSWERS) == 20
    rater = data.table.raters.loc["user0"]
    assert list(data.table.raters.index) == ["user0", "user1"]
    assert rater["lm_usecases"] == "research, other"
    assert rater["stated_prefs"] == "safety, values"
    assert rater["order_stated_prefs"] == "safety, values"
    assert rater["order_lm_usecases"] == "research, other, games"
    assert rater["religion"] == "No Affiliation"
    assert rater["ethnicity"] == "of the coast"
    assert rater["location"] == "Latin America and the Caribbean"
    assert rater[["age", "lm_frequency_use"]].isna().all()
    assert data.table.raters.loc["user1", ["lm_usecases", "stated_prefs"]].isna().all()


def test_its_files_and_terms_are_those_of_prism(tmp_path, monkeypatch):
    monkeypatch.setenv("VALUEGAUGE_DATA", str(tmp_path))
    card = load_card(prism_chat.CARD)
    assert card.of_files() is load_card("prism")
    assert card.files("survey") == load_card("prism").files("survey")
    assert not acceptance_record("prism", card.revision).is_file()
    with pytest.raises(TermsError, match="^prism has terms: you do not try to find out"):
        load_prism_chat()
