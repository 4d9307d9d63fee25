from dataclasses import replace

import pytest

from ratings.data_sets.published.value_portrait_humans import load_value_portrait_humans
from ratings.data_sets.registry import (
    DATA_SETS,
    check_counts,
    data_set_names,
    load_data_set,
    read_counts,
)
from ratings.errors import DataError, UnknownNameError
from ratings.sources.cards import load_card

PAPER = (
    "opinionqa_w92",
    "hatespeech_kumar",
    "dices_990",
    "valueprism",
    "habermas_likert",
    "prism_chat",
)


def test_the_six_of_the_paper_come_first_and_have_cards():
    assert tuple(data_set_names()[:6]) == PAPER
    for name in PAPER:
        card = load_card(name)
        assert set(card.rounded) <= set(card.counts)
        assert set(card.counts) == {
            "raters",
            "instances",
            "ratings",
            "fewest_choices",
            "most_choices",
            "demographics",
        }


# the one that is left out would be downloaded without asking
@pytest.mark.parametrize("name", [name for name in PAPER if name != "dices_990"])
def test_what_is_not_at_hand_says_so_in_one_line(name: str, tmp_path, monkeypatch):
    monkeypatch.setenv("VALUEGAUGE_DATA", str(tmp_path))
    with pytest.raises(DataError) as caught:
        load_data_set(name)
    assert load_card(name).of_files().id in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_sample_loads_by_name_with_nothing_to_note():
    data, notes = load_data_set("value_portrait_humans_sample")
    assert notes == ()
    assert data.synthetic
    assert read_counts(data) == {
        "raters": 240,
        "instances": 120,
        "ratings": 9600,
        "fewest_choices": 6,
        "most_choices": 6,
        "demographics": 0,
    }


def test_the_planted_raters_are_as_their_card_says():
    data, notes = load_data_set("planted")
    assert notes == ()
    assert read_counts(data)["raters"] == load_card("planted").counts["raters"]


def test_an_unknown_name_names_the_nearest():
    with pytest.raises(UnknownNameError) as caught:
        load_data_set("dices")
    assert (caught.value.name, caught.value.allowed[0]) == ("dices", "dices_990")
    assert set(DATA_SETS) == set(data_set_names())


def test_counts_are_compared_as_they_are_printed():
    data = load_value_portrait_humans("sample")
    assert data.card is not None
    card = replace(
        data.card,
        counts={"raters": 300, "ratings": 9700, "most_choices": 5},
        rounded={"raters": 100, "ratings": 100},
    )
    # 240 raters round to 200; 9,600 ratings to 9,600; the number of choices is not rounded
    assert check_counts(replace(data, card=card)) == (
        "raters: found 240, the card says about 300",
        "ratings: found 9600, the card says about 9700",
        "most choices: found 6, the card says 5",
    )
    near = replace(card, counts={"raters": 200, "ratings": 9600, "most_choices": 6})
    assert check_counts(replace(data, card=near)) == ()
    assert check_counts(replace(data, card=None)) == ()


def test_only_instances_that_somebody_rated_count():
    data = load_value_portrait_humans("sample")
    alone = data.of_raters(data.table.raters.index[:1])
    assert read_counts(alone)["instances"] == read_counts(alone)["ratings"] == 40
    assert len(alone.table.instances) == 120
