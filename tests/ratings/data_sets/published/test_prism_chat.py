import json

import pytest

from ratings.data_sets.published import prism_chat
from ratings.data_sets.published.prism_chat import DEMOGRAPHICS, load_prism_chat
from ratings.errors import DataError, TermsError
from ratings.sources.locations import acceptance_record

SURVEY, UTTERANCES = "data/survey.jsonl", "data/utterances.jsonl"
SCORES = [70, 90, 80, 10]  # of the four responses; the second is chosen


def survey() -> list[dict]:
    return [
        {
            "user_id": user,
            **dict.fromkeys(DEMOGRAPHICS, "some"),
            "age": "Prefer not to say",
            "lm_usecases": {"research": 1, "games": 0, "other": 1, "other_text": "cats"},
            "stated_prefs": {"values": 20, "safety": 80, "other": None},
            "order_stated_prefs": {"values": 2, "safety": 1},
            "order_lm_usecases": {"games": 3, "research": 1, "other": 2},
            "religion": {"self_described": "none at all", "simplified": "No Affiliation"},
            "location": {"birth_country": "Chile", "special_region": "Latin America"},
            "lm_frequency_use": None,
        }
        for user in ("u1", "u2", "u3")
    ]


def utterances(conversations: int = 40) -> list[dict]:
    """Conversations of u1 and u2 in turn, with a second turn that must not count."""
    rows = []
    for number in range(conversations):
        for turn in (0, 1):
            for position, score in enumerate(SCORES[: 4 - 2 * turn]):
                rows.append(
                    {
                        "conversation_id": f"c{number}",
                        "user_id": f"u{1 + number % 2}",
                        "turn": turn,
                        "within_turn_id": position,
                        "user_prompt": f"Hello {number}",
                        "model_response": f"turn {turn} response {position}",
                        "score": score,
                        "if_chosen": position == 1,
                    }
                )
    return rows


def files(asked: list[dict], said: list[dict]) -> dict[str, str]:
    return {
        SURVEY: "\n".join(map(json.dumps, asked)),
        UTTERANCES: "\n".join(map(json.dumps, said)),
    }


def test_the_chosen_response_is_paired_with_the_next_highest_rated(put_as_the_cards):
    put_as_the_cards(prism_chat, files(survey(), utterances()))
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


def test_the_order_of_the_two_is_drawn_by_seed(put_as_the_cards):
    put_as_the_cards(prism_chat, files(survey(), utterances()))
    drawn = [load_prism_chat(seed).table.ratings["rating"].tolist() for seed in (0, 0, 1)]
    assert drawn[0] == drawn[1] != drawn[2]
    # 40 fair draws: fewer than 8 of one kind has a chance below one in ten thousand
    assert 8 <= drawn[0].count(1) <= 32


def test_turns_without_two_rated_responses_are_left_out(put_as_the_cards):
    said = utterances(10)
    for row in said:
        if row["conversation_id"] == "c0":
            row["if_chosen"] = False
        if row["conversation_id"] == "c1" and row["within_turn_id"] != 1:
            row["score"] = None
        if row["conversation_id"] == "c2" and row["within_turn_id"] == 0:
            row["score"] = 80  # as high as another, and shown before it
    put_as_the_cards(prism_chat, files(survey(), said))
    instances = load_prism_chat().table.instances
    assert sorted(instances.index) == [f"c{number}" for number in range(2, 10)]
    assert "turn 0 response 0" in instances.loc["c2", "text"]
    assert "turn 0 response 2" in instances.loc["c3", "text"]


def test_twenty_answers_are_known_of_a_rater(put_as_the_cards):
    put_as_the_cards(prism_chat, files(survey(), utterances()))
    data = load_prism_chat()
    assert data.demographics == DEMOGRAPHICS
    assert len(DEMOGRAPHICS) == 20
    rater = data.table.raters.loc["u1"]
    assert list(data.table.raters.index) == ["u1", "u2"]
    assert rater["lm_usecases"] == "research, other"
    assert rater["stated_prefs"] == "safety, values"
    assert rater["order_lm_usecases"] == "research, other, games"
    assert rater["religion"] == "No Affiliation"
    assert rater["location"] == "Latin America"
    assert rater[["age", "lm_frequency_use"]].isna().all()


def test_a_broken_file_is_named(put_as_the_cards):
    asked = survey()
    for row in asked:
        row["study_region"] = row.pop("study_locale")
    folder = put_as_the_cards(prism_chat, files(asked, utterances()))
    with pytest.raises(DataError) as caught:
        load_prism_chat()
    assert str(caught.value) == f"{folder / SURVEY} lacks the column 'study_locale'"
    folder = put_as_the_cards(prism_chat, {SURVEY: "", UTTERANCES: "[1]"})
    with pytest.raises(DataError) as caught:
        load_prism_chat()
    assert str(caught.value) == f"{folder / SURVEY} lacks the column 'user_id' and 20 more"


def test_a_download_needs_the_terms(tmp_path, monkeypatch):
    monkeypatch.setenv("VALUEGAUGE_DATA", str(tmp_path))
    card = prism_chat.load_card(prism_chat.CARD)
    assert not acceptance_record(card.id, card.revision).is_file()
    with pytest.raises(TermsError, match="^prism_chat has terms: you do not try to find out"):
        load_prism_chat()
