import pandas as pd
import pytest

from ratings.data_sets.published.opinionqa import DEMOGRAPHICS, WAVES, load_opinionqa
from ratings.data_sets.registry import load_data_set
from ratings.errors import DataError, DataMissingError
from ratings.sources.cards import load_card

FOLDER = "human_resp/American_Trends_Panel_W27"
ELEVEN = [f"trade {number}" for number in range(11)]
QUESTIONS = {
    "MORE_W27": (["More", "Less", "About the same", "Refused"], [1.0, 2.0, 1.5]),
    "LIKE_W27": (["Yes", "No", "Refused"], [1.0, 2.0]),
    "TRADE_W27": ([*ELEVEN, "Refused"], [1] * 11),
    "WORRY_W27": (["Very", "Somewhat", "Not at all", "Refused"], [1.0, 2.0, 3.0]),
    "SURE_W27": (["Yes", "No", "I'm not sure", "Refused"], [1.0, 2.0, 1.5]),
}
ANSWERS = {
    "MORE_W27": ["More", "Less", "About the same", "Refused"],
    "LIKE_W27": ["Yes", "No", "Refused", "No"],
    "TRADE_W27": ["trade 1", "trade 2", "trade 3", "trade 4"],
    "WORRY_W27": ["Very", "Not at all", "Somewhat", "Very"],
    "SURE_W27": ["I'm not sure", "Yes", "No", None],
}


def info() -> pd.DataFrame:
    rows = [
        {
            "key": key,
            "option_mapping": str(dict(enumerate(options, start=1))),
            "question": f"And what of {key}?",
            "references": str(options),
            "option_ordinal": str(order),
        }
        for key, (options, order) in QUESTIONS.items()
    ]
    return pd.DataFrame(rows)


def responses() -> pd.DataFrame:
    demographics = {name: ["South", "Refused", None, "West"] for name in DEMOGRAPHICS}
    return pd.DataFrame({**ANSWERS, **demographics, "WEIGHT_W27": [1.0, 0.5, 2.0, 1.0]})


def files(first: pd.DataFrame, second: pd.DataFrame, folder: str = FOLDER) -> dict[str, str]:
    return {
        f"{folder}/info.csv": first.to_csv(index=False),
        f"{folder}/responses.csv": second.to_csv(index=False),
    }


def test_options_stand_in_their_order_and_refusals_are_missing(put):
    put("opinionqa_w27", files(info(), responses()))
    data = load_opinionqa(27)
    # the question with eleven options is left out, and with it people with fewer than four answers
    assert list(data.table.instances.index) == ["MORE_W27", "LIKE_W27", "WORRY_W27", "SURE_W27"]
    assert data.table.choices[0] == ("More", "About the same", "Less")
    assert data.table.choices[3] == ("Yes", "I'm not sure", "No")
    assert list(data.table.raters.index) == ["w27-1", "w27-2"]
    assert data.table.positions().tolist() == [[1, 1, 1, 2], [3, 2, 3, 1]]
    assert data.table.instances.loc["LIKE_W27", "text"] == "And what of LIKE_W27?"
    assert data.ordered


def test_eleven_answers_are_known_of_a_rater(put):
    put("opinionqa_w27", files(info(), responses()))
    data = load_opinionqa(27)
    assert data.demographics == DEMOGRAPHICS
    assert len(DEMOGRAPHICS) == 11
    assert data.table.raters.loc["w27-1"].tolist() == ["South"] * 11
    assert data.table.raters.loc["w27-2"].isna().all()


@pytest.mark.parametrize("wave", WAVES)
def test_each_wave_is_a_data_set_with_a_card_and_a_folder_of_its_own(put, wave: int):
    name = f"opinionqa_w{wave}"
    put(name, files(info(), responses(), FOLDER.replace("27", str(wave))))
    data, notes = load_data_set(name)
    assert data.name == name
    assert data.card == load_card(name)
    assert list(data.table.raters.index) == [f"w{wave}-1", f"w{wave}-2"]
    assert any(note.startswith("instances: found 4, the card says ") for note in notes)
    (other,) = set(WAVES) - {wave}
    with pytest.raises(DataMissingError, match=f"American_Trends_Panel_W{other}/info.csv; "):
        load_opinionqa(other)


@pytest.mark.parametrize("wave", WAVES)
def test_each_card_says_why_the_papers_wave_must_be_92(wave: int):
    prose = " ".join(load_card(f"opinionqa_w{wave}").prose.split())
    assert "must have used wave 92" in prose
    assert "Biden" in prose
    assert "was asked in 2017" in prose


def test_the_counts_of_the_papers_table_1_are_on_the_card_of_wave_92():
    assert load_card("opinionqa_w92").counts["instances"] == 77
    assert load_card("opinionqa_w92").counts["ratings"] == 731_000
    assert load_card("opinionqa_w27").counts["instances"] == 96 - 1


def test_a_broken_file_is_named(put):
    folder = put("opinionqa_w27", files(info(), responses().drop(columns=["LIKE_W27", "SEX"])))
    with pytest.raises(DataError) as caught:
        load_opinionqa(27)
    path = folder / FOLDER
    assert str(caught.value) == (f"{path / 'responses.csv'} lacks the column 'LIKE_W27' and 1 more")
    coded = responses().assign(WORRY_W27=["1.0", "2.0", "99.0", "3.0"])
    put("opinionqa_w27", files(info(), coded))
    with pytest.raises(DataError) as caught:
        load_opinionqa(27)
    assert str(caught.value) == (
        f"{path / 'responses.csv'}: no answer in the column 'WORRY_W27' is one of its options "
        "(Very, Somewhat, Not at all); found '1.0'"
    )
    put("opinionqa_w27", files(info().replace({"[1.0, 2.0]": "[1.0]"}), responses()))
    with pytest.raises(DataError) as caught:
        load_opinionqa(27)
    assert str(caught.value) == (
        f"{path / 'info.csv'}: question LIKE_W27 has 2 'references' but the refusal, and "
        "1 in 'option_ordinal'"
    )
    put("opinionqa_w27", files(info().replace({"[1.0, 2.0]": "one, two"}), responses()))
    with pytest.raises(DataError, match="'option_ordinal' of question LIKE_W27 is not a list"):
        load_opinionqa(27)
