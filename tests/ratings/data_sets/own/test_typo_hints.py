"""What users write for missing answers, in two spellings, or as another number: all is named."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratings.data_sets.data_set import DataSet
from ratings.data_sets.own.numbers import far_numbers, far_ratings, read_numbers
from ratings.data_sets.own.ratings import load_own_ratings
from ratings.data_sets.own.words import MISSING_WORDS, folded
from ratings.errors import DataError

RATERS = "abcdef"


def ratings(*values: object, raters: object = RATERS, mark: str = ",") -> str:
    """Every rater rates five items, with the values in turn."""
    rows = [(rater, f"i{item}") for rater in raters for item in range(5)]
    cells = [
        (rater, item, str(values[position % len(values)]))
        for position, (rater, item) in enumerate(rows)
    ]
    return "\n".join(mark.join(row) for row in [("rater", "instance", "rating"), *cells])


def people(name: str, *values: object, mark: str = ",") -> str:
    rows = [("rater", name), *zip(RATERS, map(str, values), strict=True)]
    return "\n".join(mark.join(row) for row in rows)


@pytest.fixture
def load(tmp_path: Path):
    def write_and_load(text: str | bytes, **others: str) -> tuple[DataSet, tuple[str, ...]]:
        for name, content in {"": text, **{f".{what}": t for what, t in others.items()}}.items():
            whole = content if isinstance(content, bytes) else content.encode()
            (tmp_path / f"m{name}.csv").write_bytes(whole)
        return load_own_ratings(tmp_path / "m.csv")

    return write_and_load


def refused(load, *arguments, **others) -> str:
    with pytest.raises(DataError) as caught:
        load(*arguments, **others)
    return str(caught.value).splitlines()[0]


@pytest.mark.parametrize("word", sorted(MISSING_WORDS))
@pytest.mark.parametrize("kind", ["labels", "numbers"])
def test_a_word_for_missing_is_no_choice(load, word: str, kind: str):
    given = ("yes", "no", word) if kind == "labels" else (1, 2, word)
    data, notes = load(ratings(*given))
    assert data.table.choices[0] == (("no", "yes") if kind == "labels" else ("1", "2"))
    assert len(data.table) == 20 - sum("fewer than" in n for n in notes) * 3
    note = (
        f"10 rows without a rating left out (first: row 4); {word!r} (10 times) counts as missing"
    )
    assert notes[0] == f"{note}, unless listed among the choices"


@pytest.mark.parametrize("word", ["None", "NA", "."])
def test_a_word_is_a_choice_where_it_is_listed(load, word: str):
    items = "instance,text,choices\n" + "".join(
        f"i{item},T,{word}|some|all\n" if item else "i0,T,some|all\n" for item in range(5)
    )
    data, notes = load(ratings(word, "all", "some", word, "all"), instances=items)
    assert data.table.choices[1] == (word, "some", "all")
    # missing where it is not listed, a choice where it is
    assert len(data.table) == 24
    assert (data.table.ratings["rating"][data.table.ratings["instance"] == "i3"] == 1).all()
    assert notes[0].startswith("6 rows without a rating left out (first: row 2)")


@pytest.mark.parametrize("word", ["none", "na", "N.A.", "-", "?", "missing", "Don’t know"])
def test_a_word_that_may_be_an_answer_counts_as_one_and_is_noted(load, word: str):
    data, notes = load(ratings(word, "some", "all"))
    assert word in data.table.choices[0]
    assert notes == (
        f"the rating {word!r} (10 times, first: row 2) counts as an answer; leave the cell empty "
        "if there is none",
    )


def test_words_for_missing_among_raters_are_counted(load):
    data, notes = load(ratings(1, 2), raters=people("age", 20, "NA", 30, ".", "NA", 40))
    assert data.measured == {"own": ("age",)}
    np.testing.assert_array_equal(data.table.raters["age"], [20, np.nan, 30, np.nan, np.nan, 40])
    assert notes == (
        "m.raters.csv: 'age': 'NA' (2 times) and '.' (once) count as missing (first: row 3); "
        "if that is an answer, write another word for it",
    )


def test_names_are_names_whatever_they_are(load):
    data, notes = load(ratings(1, 2, raters=["007", "7", "NA", "null", "."]))
    assert list(data.table.raters.index) == ["007", "7", "NA", "null", "."]
    assert notes == (
        "raters '007' (row 2) and '7' (row 7) differ in zeros only, and count as two",
        "'rater': 'NA' (5 times) and 'null' (5 times) and '.' (5 times) count as names "
        "(first: row 12)",
    )
    assert refused(load, ratings(1, 2).replace("a,i3", ",i3")) == "m.csv: row 5: no rater"


SPELLINGS = {
    "case": (["Agree", "agree", "AGREE"], "agree", "case"),
    "blanks around": (["agree", "agree ", "\u00a0agree", "agree\u200b"], "agree", None),
    "blanks inside": (["so so", "so  so", "so\u00a0so"], "so so", "blanks"),
    "accents": (["\u00e9gal", "e\u0301gal"], "\u00e9gal", "Unicode form"),
    "full width": (["agree", "ａｇｒｅｅ"], "agree", "form of characters"),
    "apostrophes": (["can't", "can\u2019t", "can\u2018t"], "can't", "form of"),
    "hyphens": (["so-so", "so\u2010so", "so\u2013so"], "so-so", "form of characters"),
}


@pytest.mark.parametrize("kind", SPELLINGS)
def test_labels_in_several_spellings_are_one_choice(load, kind: str):
    spelt, meant, how = SPELLINGS[kind]
    text = ratings(spelt[0], *spelt, "no", "no")
    data, notes = load(text)
    assert set(map(folded, data.table.choices[0])) == {folded(meant), "no"}
    others = {label for label in spelt if folded(label.strip("\u200b \u00a0")) and how}
    assert len(notes) == len(others - {max(data.table.choices[0], key=len)}) * bool(how)
    assert all("is read as" in note and str(how) in note for note in notes)
    # where choices are listed, they are read as these
    items = "instance,text,choices\n" + "".join(f"i{n},T,no|{meant}\n" for n in range(5))
    data, notes = load(text, instances=items)
    assert set(data.table.choices) == {("no", meant)}
    assert len(data.table) == 30
    assert all(f"is read as {meant!r}" in note for note in notes)


def test_labels_of_raters_in_several_spellings_are_one(load):
    region = people("region", "North", "north", "North ", "Su\u0308d", "S\u00fcd", "S\u00fcd")
    data, notes = load(ratings(1, 2), raters=region)
    assert set(data.table.raters["region"]) == {"North", "S\u00fcd"}
    assert [note.split(" is read as ")[1].split(";")[0] for note in notes] == ["'North'", "'Süd'"]


def test_names_that_look_alike_are_two_and_noted(load):
    _, notes = load(ratings(1, 2, raters=["Jos\u00e9", "Jose\u0301", "ann", "Ann", "x y", "x  y"]))
    assert [note.split("differ ")[1] for note in notes] == [
        "in how letters with accents are stored (Unicode form) only, and count as two",
        "in case only, and count as two",
        "in blanks only, and count as two",
    ]
    _, notes = load(ratings(1, 2).replace("i4", "I1", 2))
    assert notes == (
        "instances 'i1' (row 3) and 'I1' (row 6) differ in case only, and count as two",
    )


JOINS = {
    "case": (["Ann", "Bob"], ["ann", "BOB"]),
    "accents": (["Jos\u00e9", "Zoe\u0308"], ["Jose\u0301", "Zo\u00eb"]),
    "zeros": (["007", "12"], ["7", "12"]),
    "decimals": (["7.0", "12.0"], ["7", "12"]),
    "blanks": (["x y", "z"], ["x\u00a0y", "z"]),
}


@pytest.mark.parametrize("kind", JOINS)
def test_raters_in_two_files_are_joined_as_people_mean(load, kind: str):
    ours, theirs = JOINS[kind]
    known = f"rater,age\n{theirs[0]},20\n{theirs[1]},30\n"
    data, notes = load(ratings(1, 2, raters=ours), raters=known)
    assert data.table.raters["age"].tolist() == [20, 30]
    assert data.table.raters.index.tolist() == theirs
    assert len(notes) == sum(a != b for a, b in zip(ours, theirs, strict=True))
    assert all("is read as" in note for note in notes)


def test_raters_are_not_joined_where_two_look_alike(load):
    known = "rater,age\nann,20\nANN,30\nbob,40\n"
    assert refused(load, ratings(1, 2, raters=["Ann", "bob"]), raters=known) == (
        "m.csv: row 2: rater 'Ann' is not in m.raters.csv"
    )


@pytest.mark.parametrize(
    ("values", "far"),
    [
        ([1, 2, 3, 4, 5, 99, 5], [99]),
        ([1, 2, 3, 4, 5, 9, 5], [9]),
        ([1, 2, 3, 4, 5, 6, 7, 9], [9]),
        ([1, 2, 3, 4, 5, 88, 99], [88, 99]),
        ([1, 2, 3, 9, 99], [9, 99]),
        ([1, 2, 55], [55]),
        ([1, 2, 5], []),
        ([1, 2, 3, 4, 5], []),
        ([1, 2, 3, 5], []),
        (list(range(1, 11)), []),
        ([1, 4, 10, 15, 23, 31, 40, 51, 60, 72, 81, 90, 99], []),
    ],
)
def test_ratings_far_above_are_noted_with_count_and_row(values: list[int], far: list[int]):
    numbers = pd.Series(
        [*map(float, values), *map(float, values)], index=range(2, 2 + 2 * len(values))
    )
    notes = far_ratings(numbers)
    assert len(notes) == len(far)
    for value, note in zip(far, notes, strict=True):
        assert note.startswith(f"row {2 + values.index(value)}: the rating {value} (")


@pytest.mark.parametrize("code", ["999", "8888", "-99", "-9", "0", "-1"])
def test_codes_outside_any_scale_are_refused_with_rows_and_count(load, code: str):
    first = refused(load, ratings(1, 2, 3, 4, 5, code, 5, 5))
    assert first.startswith("m.csv: row 7 and 3 more: the rating ")
    assert code in first


@pytest.mark.parametrize(
    ("values", "far"),
    [
        ([20, 30, 99, 40, 99, 25], [99]),
        ([20, 30, -9, 40, 35, 25], [-9]),
        ([20, 30, 999, 8888, 35, 25], [999, 8888]),
        ([1.5, 2.25, 9, 4, 3.5, 2], [9]),
        ([1, 2, 3, 4, 5, -1], [-1]),
        ([-0.5, 1.2, -1, 0.3, -2, 2], []),
        ([-3, -2, -1, 0, 1, 2, 3], []),
        ([1, 2, 3, 4, 5, 6, 7, 8, 9], []),
        ([70, 75, 80, 85, 88, 99], []),
        ([20, 99], []),
        ([1500, 2200, 30000, 9000, 1200, 2000], []),
    ],
)
def test_numbers_that_look_like_codes_are_noted(values: list[float], far: list[float]):
    notes = far_numbers(pd.Series(values, dtype=float, index=range(2, 2 + len(values))), "age")
    assert [float(note.split(": ")[1].split(" (")[0]) for note in notes] == far


NUMBERS = {
    "0,5": (";", 0.5),
    "1.234,5": (";", 1234.5),
    "1,234.5": (",", 1234.5),
    "-3": (",", -3.0),
    "\u22123,25": (";", -3.25),
    "５": (",", 5.0),
    "1 234,5": (";", 1234.5),
    "1'234.5": (",", 1234.5),
    "1\u00a0234,5": ("\t", 1234.5),
    "1.234.567": (";", 1234567.0),
    "1,234,567": (",", 1234567.0),
    ",5": (";", 0.5),
    "5.": (",", 5.0),
    "1e-3": (",", 0.001),
    "1,5e2": (";", 150.0),
    "0,500": (",", 0.5),
}
NO_NUMBERS = ("inf", "nan", "1_000", "0x10", "1,2,3", "18-24", "5%", "1.2.3", "", "+", "1e999", "٫")


@pytest.mark.parametrize("text", NUMBERS)
def test_a_number_is_read_as_it_is_meant(text: str):
    mark, expected = NUMBERS[text]
    assert read_numbers(pd.Series([text]), mark).values.tolist() == [expected]


@pytest.mark.parametrize("text", NO_NUMBERS)
@pytest.mark.parametrize("mark", [",", ";"])
def test_other_text_is_no_number(text: str, mark: str):
    assert read_numbers(pd.Series([text]), mark).values.isna().all()


@given(st.lists(st.decimals(-9999, 9999, places=2), min_size=1), st.sampled_from([",", "."]))
def test_a_column_of_decimals_is_read_whatever_its_mark(values, mark: str):
    texts = pd.Series([str(value).replace(".", mark) for value in values], dtype=str)
    found = read_numbers(texts, ";" if mark == "," else ",")
    assert found.values.tolist() == [float(value) for value in values]
    assert found.mixed is None


def test_numbers_in_two_ways_are_refused_and_doubts_are_noted(load):
    two_ways = people("o", "0,5", "1,5", "2.5", "3,5", "1", "2", mark=";")
    assert refused(load, ratings(1, 2, mark=";"), raters=two_ways) == (
        "m.raters.csv: row 4: 'o': '2.5' has a decimal point, and others have a decimal comma"
    )
    words = people("o", "0,5", "1,5", "2.5", "3,5", "often", "2", mark=";")
    assert load(ratings(1, 2, mark=";"), raters=words)[0].demographics == ("o",)
    unquoted = people("o", "0,5", "1,5", "2,5", "3,5", "1", "2")
    assert refused(load, ratings(1, 2), raters=unquoted) == (
        "m.raters.csv: row 2: 3 cells in a table of 2 columns"
    )
    doubt = people("o", '"1,234"', '"2,000"', 500, 1, 2, 3)
    data, notes = load(ratings(1, 2), raters=doubt)
    assert data.table.raters["o"].tolist() == [1234, 2000, 500, 1, 2, 3]
    assert notes == ("m.raters.csv: 'o': row 2: '1,234' is read as 1234",)
    data, notes = load(ratings("1,0", "2,0", "3,0", mark=";"))
    assert data.table.choices[0] == ("1", "2", "3")


def test_a_column_of_two_kinds_is_noted(load):
    _, notes = load(ratings(1, 2), raters=people("sex", "m", "f", "99", "m", "f", "m"))
    assert notes == ("m.raters.csv: 'sex' counts as text; 1 cell is a number (first: row 4: '99')",)
    _, notes = load(ratings(1, 2), raters=people("age", 20, "old", 30, "old", 50, 60))
    assert notes == (
        "m.raters.csv: 'age' counts as text because of row 3 and 1 more: 'old' is not a number",
    )
    _, notes = load(ratings(1, 2), raters=people("share", "5%", "6%", "7%", "8%", "9%", "9%"))
    assert notes == ("m.raters.csv: 'share' counts as text: '5%' (row 2) is not a plain number",)


def test_rounded_names_are_refused(load):
    assert refused(load, ratings(1, 2, raters=["1.23E+17", "b"])) == (
        "m.csv: row 2 and 4 more: the rater '1.23E+17' is a number that was rounded; "
        "save it as text"
    )


def test_letters_of_windows_are_noted_and_a_mixture_is_refused(load):
    text = ratings(1, 2, raters=["José", "Zoë “x”"])
    data, notes = load(text.encode("cp1252"))
    assert list(data.table.raters.index) == ["José", "Zoë “x”"]
    assert notes == (
        "not UTF-8; read as Windows-1252, so that line 2 is 'José,i0,1'; if that is wrong, "
        "save it as CSV UTF-8",
    )
    mixed = text.encode().replace("Zoë".encode(), "Zoë".encode("cp1252"))
    assert refused(load, mixed) == "m.csv: line 7 is not UTF-8 text; save it as CSV UTF-8"
    marked = b"\xef\xbb\xbf" + text.encode("cp1252")
    assert refused(load, marked) == "m.csv: line 2 is not UTF-8 text; save it as CSV UTF-8"
    assert refused(load, bytes(range(256)) * 9).endswith("is not UTF-8 text; save it as CSV UTF-8")
    assert refused(load, b"PK\x03\x04\x14\x00") == "m.csv is not a text file"
    assert "not separated by commas, semicolons" in refused(load, ratings(1, 2, mark=" "))


def test_thousands_of_columns_and_of_notes_are_bearable(load):
    rng = np.random.default_rng(0)
    wide = pd.DataFrame(rng.random(size=(6, 1500)).round(4)).add_prefix("v").astype(object)
    wide.iloc[2, :200] = "NA"
    wide.insert(0, "rater", list(RATERS))
    data, notes = load(ratings(1, 2), raters=wide.to_csv(index=False, sep=";", decimal=","))
    assert len(data.measured["own"]) == 1500
    assert len(notes) == 21
    assert notes[-1] == "m.raters.csv: 180 more notes: columns of raters"
