import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratings.data_sets.own.ratings import load_own_ratings
from ratings.errors import DataError, DataMissingError

RATERS = [f"r{number:03d}" for number in range(200)]
ITEMS = [f"item {number}" for number in range(12)]
LABELS = ("bad", "so so", "good")


@pytest.fixture
def people() -> pd.DataFrame:
    """200 people who rated six of twelve items each, with labels."""
    rng = np.random.default_rng(3)
    rows = [
        (rater, item, LABELS[rng.integers(3)])
        for rater in RATERS
        for item in rng.permutation(ITEMS)[:6]
    ]
    return pd.DataFrame(rows, columns=["rater", "instance", "rating"])


@pytest.fixture
def items() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "instance": ITEMS,
            "text": [f"What of {item}, then?" for item in ITEMS],
            "choices": "bad | so so | good",
            "group": [item[-1] for item in ITEMS],
        }
    )


@pytest.fixture
def known() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "rater": RATERS,
            "region": ["north", None] * 100,
            "openness": np.linspace(-1, 1, 200),
        }
    )


@pytest.fixture
def load(tmp_path: Path) -> Callable:
    """Writes tables as CSV files next to each other, and loads them."""

    def write_and_load(ratings: pd.DataFrame | str, **others: pd.DataFrame):
        path = tmp_path / "mine.csv"
        text = ratings if isinstance(ratings, str) else ratings.to_csv(index=False)
        path.write_text(text, encoding="utf-8")
        for what, frame in others.items():
            frame.to_csv(tmp_path / f"mine.{what}.csv", index=False)
        return load_own_ratings(path)

    return write_and_load


def refusal(load: Callable, *arguments, **others) -> str:
    with pytest.raises(DataError) as caught:
        load(*arguments, **others)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_two_hundred_people_are_read_with_what_is_known_of_them(load, people, items, known):
    data, notes = load(people, instances=items, raters=known)
    assert notes == ()
    assert (data.name, data.ordered, data.groups, data.card) == ("mine", True, "group", None)
    assert data.table.choices[0] == LABELS
    assert len(data.table) == 1200
    back = data.table.ratings
    assert [LABELS[rating - 1] for rating in back["rating"]] == people["rating"].tolist()
    assert back["instance"].astype(str).tolist() == people["instance"].tolist()
    assert data.table.instances.loc["item 3", "text"] == "What of item 3, then?"
    assert data.demographics == ("region",)
    assert data.measured == {"own": ("openness",)}
    assert data.table.raters["openness"].iloc[-1] == 1.0
    assert data.table.raters["region"].isna().sum() == 100


def test_without_other_tables_items_stand_for_themselves(load, people):
    data, notes = load(people)
    assert notes == ()
    # no order is known of labels, which are sorted
    assert not data.ordered
    assert data.table.choices[0] == ("bad", "good", "so so")
    assert data.table.instances["text"].tolist() == data.table.instances.index.tolist()
    assert (data.demographics, data.measured, data.groups) == ((), {}, None)


def test_numbers_are_positions_counted_from_one(load, people, items):
    numbers = people.assign(rating=people["rating"].map({"bad": 1, "so so": 2, "good": 5}))
    data, _ = load(numbers)
    assert data.ordered
    assert data.table.choices[0] == ("1", "2", "3", "4", "5")
    assert data.table.ratings["rating"].tolist() == numbers["rating"].tolist()
    # among labels in words a number is a position
    positions = people.assign(
        rating=people["rating"].map({"bad": 1, "so so": "2.0", "good": "good"})
    )
    data, _ = load(positions, instances=items)
    assert [LABELS[position - 1] for position in data.table.ratings["rating"]] == list(
        people["rating"]
    )
    # where labels are numbers, it is a label
    data, _ = load(numbers, instances=items.assign(choices="5|2|1|0"))
    assert set(data.table.ratings["rating"]) == {1, 2, 3}
    assert data.table.ratings["rating"].eq(1).tolist() == numbers["rating"].eq(5).tolist()


def test_items_may_have_choices_of_their_own(load, people, items):
    mixed = items.assign(choices=["no|yes", "bad|so so|good"] + [None] * 10)
    ratings = people.assign(rating="3")
    ratings.loc[ratings["instance"].eq("item 0"), "rating"] = "yes"
    ratings.loc[ratings["instance"].eq("item 1"), "rating"] = "good"
    data, _ = load(ratings, instances=mixed)
    assert data.table.choices[:3] == (("no", "yes"), LABELS, ("1", "2", "3"))
    assert data.table.choice_counts().tolist() == [2, *[3] * 11]


FAULTS = {
    "a typo in a column": (
        lambda f: f.rename(columns={"instance": "instnace"}),
        "mine.csv: row 1: unknown column 'instnace'; did you mean 'instance'?",
    ),
    "a column too many": (
        lambda f: f.assign(time="noon"),
        "mine.csv: row 1: unknown column 'time'; the table has no such column",
    ),
    "a column missing": (lambda f: f[["rater", "instance"]], "mine.csv: row 1: no column 'rating'"),
    "an unknown rating": (
        lambda f: f.assign(rating=f["rating"].where(f.index != 40, "goood")),
        "mine.csv: row 42: the rating 'goood' is not one of the choices of {40}: bad, so so, good",
    ),
    "a position beyond the last": (
        lambda f: f.assign(rating=f["rating"].where(f.index != 7, "4")),
        "mine.csv: row 9: the rating '4' is not one of the choices of {7}: bad, so so, good",
    ),
    "an unknown item": (
        lambda f: f.assign(instance=f["instance"].where(f.index != 3, "item 33")),
        "mine.csv: row 5: instance 'item 33' is not in mine.instances.csv",
    ),
    "an unknown rater": (
        lambda f: f.assign(rater=f["rater"].where(f.index != 1199, "r999")),
        "mine.csv: row 1201: rater 'r999' is not in mine.raters.csv",
    ),
    "no rater": (
        lambda f: f.assign(rater=f["rater"].where(f.index != 10)),
        "mine.csv: row 12: no rater",
    ),
    "a row twice": (
        lambda f: pd.concat([f, f.iloc[[100]]]),
        "mine.csv: rows 102 and 1202: rater 'r016' rates instance {100} twice",
    ),
    "two different ratings": (
        lambda f: pd.concat([f.iloc[[5]].assign(rating="bad"), f]),
        "mine.csv: rows 2 and 8: rater 'r000' rates instance {5} twice",
    ),
    "no ratings": (lambda f: f.assign(rating=None), "mine.csv: no row has a rating"),
    "no rows": (lambda f: f.iloc[:0], "mine.csv has a header and no rows"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_among_two_hundred_people_is_named_with_its_row(
    load, people, items, known, fault: str
):
    plant, message = FAULTS[fault]
    expected = message.format(*[f"{name!r}" for name in people["instance"]])
    assert refusal(load, plant(people), instances=items, raters=known) == expected


def test_faults_of_several_kinds_are_all_named_a_line_each(load, people, items, known):
    rows = people[["rater", "instance", "rating"]].copy()
    rows.loc[[40, 90], "rating"] = ["goood", "4"]
    rows.loc[10, "rater"] = None
    alone = pd.DataFrame([("ann", "item 1", "bad")], columns=rows.columns)
    rows = pd.concat([rows, alone, rows.iloc[[100]]])
    rows = rows.rename(columns={"rating": "ratting"})
    everybody = pd.concat([known, pd.DataFrame({"rater": ["ann"]})])
    with pytest.raises(DataError) as caught:
        load(rows, instances=items, raters=everybody)
    at = people["instance"]
    assert str(caught.value).splitlines() == [
        "mine.csv: row 1: unknown column 'ratting'; did you mean 'rating'?",
        "mine.csv: row 12: no rater",
        f"mine.csv: rows 102 and 1203: rater 'r016' rates instance {at[100]!r} twice",
        f"mine.csv: row 42: the rating 'goood' is not one of the choices of {at[40]!r}: "
        "bad, so so, good",
        f"mine.csv: row 92: the rating '4' is not one of the choices of {at[90]!r}: "
        "bad, so so, good",
        "rater 'ann' has 1 rating (row 1202); raters with fewer than 4 are left out",
    ]


def test_a_table_of_faults_does_not_fill_the_screen(load, people, items):
    with pytest.raises(DataError) as caught:
        load(people.assign(rating="goood"), instances=items)
    lines = str(caught.value).splitlines()
    assert len(lines) == 21
    assert lines[-1] == "mine.csv: there may be more; mend these first"


def test_what_looks_like_a_slip_among_ratings_is_noted(load, people):
    """Nobody said what the choices are, so it may be meant."""
    rows = people.assign(rating=people["rating"].where(people.index != 40, "goood"))
    data, notes = load(rows)
    assert data.table.choices[0] == ("bad", "good", "goood", "so so")
    assert notes == (
        "row 42: the rating 'goood' occurs once and counts as a choice; is it 'good'?",
    )
    numbers = people.assign(rating=people["rating"].map({"bad": 1, "so so": 2, "good": 5}))
    numbers.loc[77, "rating"] = 55
    data, notes = load(numbers)
    assert len(data.table.choices[0]) == 55
    assert notes == ("row 79: the rating 55 makes a scale of 55 choices; all others are 5 or less",)


def test_a_fault_in_the_tables_of_raters_and_instances_is_named_with_its_row(
    load, people, items, known
):
    wrong = items.rename(columns={"choices": "choises"})
    assert refusal(load, people, instances=wrong) == (
        "mine.instances.csv: row 1: unknown column 'choises'; did you mean 'choices'?"
    )
    twice = pd.concat([items, items.iloc[[2]]])
    assert refusal(load, people, instances=twice) == (
        "mine.instances.csv: rows 4 and 14: instance 'item 2' is listed twice"
    )
    few = items.assign(choices=["bad|so so|good"] * 11 + ["good|good"])
    assert refusal(load, people, instances=few) == (
        "mine.instances.csv: row 13: the choices 'good|good' are not two or more different "
        "labels separated by '|'"
    )
    silent = items.assign(text=items["text"].where(items.index != 0))
    assert refusal(load, people, instances=silent) == "mine.instances.csv: row 2: no text"
    named = known.rename(columns={"rater": "person"})
    assert refusal(load, people, instances=items, raters=named) == (
        "mine.raters.csv: row 1: no column 'rater'"
    )


def test_ratings_of_two_kinds_are_blamed_on_the_fewer(load, people):
    rows = people.assign(rating=people["rating"].where(people.index != 30, "2"))
    assert refusal(load, rows) == (
        "mine.csv: row 32: the rating '2' is a number, and others are labels"
    )
    rows = people.assign(rating=3).astype({"rating": object})
    for odd in ("fine", "0", "1.5", "-1", "inf"):
        rows.loc[50, "rating"] = odd
        assert refusal(load, rows) == (
            f"mine.csv: row 52: the rating '{odd}' is not a whole number from 1 on"
        )
    rows.loc[50, "rating"] = "2000"
    assert refusal(load, rows) == (
        "mine.csv: row 52: the rating 2000 is more than 127, the largest number of choices"
    )
    assert refusal(load, people.assign(rating="good")) == (
        "mine.csv: every rating is 'good'; there must be two choices"
    )


def test_raters_with_few_ratings_are_left_out_with_a_note(load, people, items, known):
    rows = people.drop(index=[*range(12, 17), 20, 21, 22, *range(24, 30)])
    data, notes = load(rows, instances=items, raters=known)
    assert len(data.table.raters) == 197
    left_out = "raters with fewer than 4 are left out"
    # r002 is left with its last row, r003 with its first two and its last, r004 with none
    assert notes == (
        f"rater 'r002' has 1 rating (row 14); {left_out}",
        f"rater 'r003' has 3 ratings (from row 15 on); {left_out}",
        f"rater 'r004' has no rating; {left_out}",
    )
    assert refusal(load, people.groupby("rater").head(3)) == "mine: no rater has 4 ratings or more"


def test_many_raters_with_few_ratings_are_summed_up(load, people):
    rows = people[people["rater"].lt("r100") | people["instance"].eq("item 1")]
    _, notes = load(rows)
    assert len(notes) == 21
    assert notes[-1].endswith(" raters more; raters with fewer than 4 are left out")


def test_an_empty_rating_is_no_rating(load, people):
    rows = people.assign(rating=people["rating"].where(~people.index.isin([4, 9])))
    data, notes = load(rows)
    assert len(data.table) == 1198
    assert notes == ("2 rows without a rating left out (first: row 6)",)


def test_a_number_with_a_slip_makes_a_column_text_and_is_noted(load, people, items, known):
    slip = known.astype({"openness": object})
    slip.loc[9, "openness"] = "0.3x"
    data, notes = load(people, instances=items, raters=slip)
    assert data.demographics == ("region", "openness")
    assert notes == (
        "mine.raters.csv: 'openness' counts as text because of row 11: '0.3x' is not a number",
    )


def test_what_spreadsheets_write_is_read(load, people):
    semicolons = "\ufeff" + people.head(60).to_csv(index=False, sep=";") + ";;\n;;\n"
    data, notes = load(semicolons.replace("\n", "\r\n"))
    assert (len(data.table), notes) == (60, ())
    quoted = people.head(60).assign(instance=lambda f: f["instance"] + ',\nwith "more"')
    data, _ = load(quoted)
    assert data.table.instances.index[0].endswith(',\nwith "more"')


def test_files_that_are_no_tables_are_named(load, people, tmp_path):
    head = "rater,instance,rating\nann,q1,good\nann,q2,good,or not\n"
    assert refusal(load, head) == "mine.csv: row 3: 4 cells in a table of 3 columns"
    assert refusal(load, "") == "mine.csv: row 1 names no columns"
    every = "rater,instance,rating\nann,q1,good,x\nann,q2,good,y\n"
    assert refusal(load, every) == "mine.csv: row 2: 4 cells in a table of 3 columns"
    assert refusal(load, "rater,rater,rating\n1,2,3\n") == "mine.csv: row 1: two columns 'rater'"
    open_quote = 'rater,instance,rating\nann,"q1,good\nann,q2,good\n'
    assert refusal(load, open_quote).startswith("mine.csv: row 2: cannot be read as CSV: ")
    with pytest.raises(DataMissingError, match="nowhere.csv is not there; give a CSV or Parquet"):
        load_own_ratings(tmp_path / "nowhere.csv")
    other = tmp_path / "mine.xlsx"
    other.write_text("x")
    with pytest.raises(DataError, match="^mine.xlsx is neither a CSV nor a Parquet file$"):
        load_own_ratings(other)


def test_parquet_reads_as_csv_does(load, people, items, known, tmp_path):
    pytest.importorskip("pyarrow")
    expected, _ = load(people, instances=items, raters=known)
    folder = tmp_path / "other"
    folder.mkdir()
    people.to_parquet(folder / "mine.parquet")
    items.to_parquet(folder / "mine.instances.parquet")
    known.to_csv(folder / "mine.raters.csv", index=False)
    data, notes = load_own_ratings(folder / "mine.parquet")
    assert notes == ()
    pd.testing.assert_frame_equal(data.table.ratings, expected.table.ratings)
    pd.testing.assert_frame_equal(data.table.raters, expected.table.raters)
    numbers = people.assign(rating=[1.0, np.nan, 3.0] * 400)
    numbers.to_parquet(folder / "mine.parquet")
    (folder / "mine.instances.parquet").unlink()
    data, notes = load_own_ratings(folder / "mine.parquet")
    assert data.table.choices[0] == ("1", "2", "3")
    assert notes[0] == "400 rows without a rating left out (first: row 3)"


def test_parquet_without_pyarrow_and_two_tables_of_a_kind_are_refused(
    load, people, items, tmp_path, monkeypatch
):
    (tmp_path / "mine.instances.parquet").write_bytes(b"")
    assert refusal(load, people, instances=items) == (
        "mine.instances.csv and mine.instances.parquet are next to mine.csv; keep one of the two"
    )
    path = tmp_path / "mine.parquet"
    path.write_bytes(b"PAR1")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "fastparquet", None)
    with pytest.raises(DataError, match="needs pyarrow; install it with `pip install pyarrow`$"):
        load_own_ratings(path)


WORD = st.text("abcxyz é|;", min_size=1, max_size=5).map(str.strip).filter(bool)


@given(
    st.lists(
        st.tuples(WORD, st.lists(WORD, min_size=4, max_size=6, unique=True)),
        min_size=1,
        max_size=4,
        unique_by=lambda pair: pair[0],
    ),
    st.data(),
)
def test_whatever_the_names_a_table_comes_back_as_it_was(tmp_path_factory, rated, drawn):
    rows = [
        (rater, item, drawn.draw(st.sampled_from(["no", "well", "yes"]), label=f"{rater} {item}"))
        for rater, items in rated
        for item in items
    ]
    frame = pd.DataFrame(rows, columns=["rater", "instance", "rating"])
    if frame["rating"].nunique() < 2:
        frame.loc[0, "rating"] = "no" if frame["rating"].iloc[0] == "yes" else "yes"
    path = tmp_path_factory.mktemp("own") / "any.csv"
    frame.to_csv(path, index=False)
    data, notes = load_own_ratings(path)
    back = data.table.ratings
    labels = data.table.choices[0]
    assert all(" only, and count as two" in note for note in notes)
    assert back["rater"].astype(str).tolist() == frame["rater"].tolist()
    assert back["instance"].astype(str).tolist() == frame["instance"].tolist()
    assert [labels[position - 1] for position in back["rating"]] == frame["rating"].tolist()
