import pandas as pd
import pytest

from ratings.data_sets.published import dices_990
from ratings.data_sets.published.dices_990 import DEMOGRAPHICS, load_dices_990
from ratings.data_sets.registry import check_counts, read_counts
from ratings.errors import DataError, HashMismatchError

PATH = "990/diverse_safety_adversarial_dialog_990.csv"
ANSWERS = {
    "1": ["Yes", "No", "Unsure", "No", "Yes"],
    "2": ["No", "No", "No", "Unsure", None],
    "3": ["Yes", "Yes", "No", None, None],
}


def table() -> pd.DataFrame:
    rows = [
        {
            "id": f"{rater}{item}",
            "rater_id": rater,
            "rater_gender": "Woman" if rater == "1" else "Man",
            "rater_locale": "IN",
            "rater_race": "Other",
            "rater_race_raw": "Prefer not to answer" if rater == "2" else "Indian, and more",
            "rater_age": "gen z",
            "rater_education": "College degree or higher",
            "item_id": item,
            "context": f"USER: may I ask, number {item}?\nBOT: you may.",
            "response": 'Ask, "do".',
            "Q_overall": answer,
        }
        for rater, given in ANSWERS.items()
        for item, answer in zip("abcde", given, strict=True)
    ]
    return pd.DataFrame(rows)


def test_a_rating_is_the_answer_over_all_questions(put_as_the_cards):
    put_as_the_cards(dices_990, {PATH: table().to_csv(index=False)})
    data = load_dices_990()
    assert data.table.choices[0] == ("Not Toxic", "Unsure", "Toxic")
    assert data.ordered
    # rater 3 gave three ratings; an empty answer is no rating
    assert data.table.positions().tolist() == [[3, 1, 2, 1, 3], [1, 1, 1, 2, 0]]
    text = 'USER: may I ask, number a?\nBOT: you may.\nLast response: Ask, "do".'
    assert data.table.instances.loc["a", "text"] == text


def test_a_rater_is_known_by_five_columns(put_as_the_cards):
    put_as_the_cards(dices_990, {PATH: table().to_csv(index=False)})
    data = load_dices_990()
    assert data.demographics == DEMOGRAPHICS
    raters = data.table.raters
    assert raters["rater_race_raw"].isna().tolist() == [False, True]
    assert raters.loc["1", "rater_race_raw"] == "Indian, and more"
    assert read_counts(data)["demographics"] == 5


def test_the_counts_of_a_download_are_compared_with_the_card(put_as_the_cards):
    put_as_the_cards(dices_990, {PATH: table().to_csv(index=False)})
    assert check_counts(load_dices_990()) == (
        "raters: found 2, the card says 160",
        "instances: found 5, the card says 990",
        "ratings: found 9, the card says about 65000",
    )


def test_an_unknown_answer_and_a_missing_column_are_named(put_as_the_cards):
    broken = table().replace({"Q_overall": {"Unsure": "Perhaps"}})
    folder = put_as_the_cards(dices_990, {PATH: broken.to_csv(index=False)})
    with pytest.raises(DataError) as caught:
        load_dices_990()
    assert str(caught.value) == (
        f"{folder / PATH}: the column 'Q_overall' holds 'Perhaps', which is not one of No, "
        "Unsure, Yes"
    )
    lacking = table().drop(columns=["rater_age", "response"])
    put_as_the_cards(dices_990, {PATH: lacking.to_csv(index=False)})
    with pytest.raises(DataError) as caught:
        load_dices_990()
    assert str(caught.value) == f"{folder / PATH} lacks the column 'response' and 1 more"


def test_another_file_than_the_cards_is_not_read(put):
    put("dices_990", {PATH: table().to_csv(index=False)})
    with pytest.raises(HashMismatchError, match="expected git_blob e91e8532601486be19"):
        load_dices_990()
