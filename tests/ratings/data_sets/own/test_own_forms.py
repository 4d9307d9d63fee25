"""One table in every form that programs export: read as the same table, or refused with why."""

import csv
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ratings.data_sets.data_set import DataSet
from ratings.data_sets.own.ratings import load_own_ratings
from ratings.data_sets.own.words import MISSING_WORDS
from ratings.errors import DataError

LABELS = ("no", "well", "yes")
FORMS = {
    "separator": [",", ";", "\t", "|"],
    "encoding": ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"],
    "line_end": ["\n", "\r\n", "\r"],
    "quoting": [csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC],
    "missing": ["", " ", *sorted(MISSING_WORDS)],
    "decimal": [".", ","],
    "sep_line": [None, "sep={}", '"sep={}"', "SEP={}"],
    "around": ["{}", " {}", "{}\u00a0", "\u200b{} ", '="{}"'],
    "after": ["", "\n", "{0}{0}\n{0}{0}\n\n", "{0}\n"],
    "empty_columns": [0, 2],
    "counted": [None, 0, 1],
    "repeat_header": [False, True],
    "whole": ["{}", "{}.0"],
}


def rows_of(rng: np.random.Generator, names: list[str], numbers: bool) -> pd.DataFrame:
    values = [1, 2, 3] if numbers else LABELS
    rows = [
        (rater, f"item {item}, é", values[rng.integers(3)]) for rater in names for item in range(5)
    ]
    frame = pd.DataFrame(rows, columns=["rater", "instance", "rating"]).astype({"rating": object})
    frame.loc[:2, "rating"] = list(values)  # each occurs
    frame.loc[6, "rating"] = None
    return frame


def people_of(names: list[str]) -> pd.DataFrame:
    size = len(names)
    return pd.DataFrame(
        {
            "rater": names,
            "openness": [None, *np.linspace(-1.5, 2.25, size - 1)],
            "region": ["Süd", None, *["north"] * (size - 2)],
        }
    )


def written(frame: pd.DataFrame, form: dict[str, object]) -> bytes:
    """A table as a CSV file of a form."""
    sep = str(form["separator"])

    def cell(value: object) -> str:
        if value is None or value != value:
            return str(form["missing"])
        if isinstance(value, float):
            return repr(value).replace(".", str(form["decimal"]))
        if isinstance(value, int):
            return str(form["whole"]).format(value)
        return str(form["around"]).format(value)

    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=sep, quoting=form["quoting"], lineterminator="\n")
    empty = [""] * int(form["empty_columns"])
    first = [] if form["counted"] is None else [""]
    rows = [[*first, *frame.columns, *empty]]
    for number, row in enumerate(frame.itertuples(index=False), start=form["counted"] or 0):
        count = [] if form["counted"] is None else [number]
        rows.append([*count, *map(cell, row), *empty])
    if form["repeat_header"] and form["counted"] is None:
        rows.insert(len(rows) // 2, rows[0])
    writer.writerows(rows)
    line = "" if form["sep_line"] is None else str(form["sep_line"]).format(sep) + "\n"
    whole = line + text.getvalue() + str(form["after"]).format(sep)
    return whole.replace("\n", str(form["line_end"])).encode(str(form["encoding"]))


def same(data: DataSet, frame: pd.DataFrame, people: pd.DataFrame, numbers: bool) -> None:
    there = frame.dropna()
    back = data.table.ratings
    labels = ("1", "2", "3") if numbers else LABELS
    assert set(data.table.choices) == {labels}
    assert data.ordered == numbers
    assert back["rater"].astype(str).tolist() == there["rater"].tolist()
    assert back["instance"].astype(str).tolist() == there["instance"].tolist()
    assert [labels[position - 1] for position in back["rating"]] == [
        str(r) for r in there["rating"]
    ]
    assert data.demographics == ("region",)
    assert data.measured == {"own": ("openness",)}
    raters = data.table.raters
    assert raters.index.tolist() == people["rater"].tolist()
    np.testing.assert_array_equal(raters["openness"], people["openness"].astype(float))
    assert raters["region"].fillna("").tolist() == people["region"].fillna("").tolist()


NAMES = st.lists(
    st.one_of(
        st.text("abcdé xü'-", min_size=1, max_size=6).map(str.strip).filter(bool),
        st.integers(10**17, 10**19).map(str),
        st.sampled_from(["007", "2024-01-05", "3.5", "TRUE", 'Ann, of "Here"', "a|b;c", "ANN"]),
    ),
    min_size=3,
    max_size=4,
    unique_by=lambda name: "".join(name.split()).casefold(),
).filter(lambda names: all(not name.startswith("'") for name in names))


@settings(max_examples=50)
@given(
    st.fixed_dictionaries({name: st.sampled_from(forms) for name, forms in FORMS.items()}),
    st.booleans(),
    NAMES,
    st.integers(0, 99),
)
def test_a_table_in_any_form_reads_the_same(tmp_path_factory, form, numbers, names, seed):
    frame, people = rows_of(np.random.default_rng(seed), names, numbers), people_of(names)
    if form["around"] == '="{}"' and any('"' in name for name in names):
        form = {**form, "around": "{}"}
    folder = tmp_path_factory.mktemp("form")
    try:
        (folder / "mine.csv").write_bytes(written(frame, form))
        (folder / "mine.raters.csv").write_bytes(written(people, form))
    except UnicodeEncodeError:  # a zero-width space in Windows-1252
        return
    data, notes = load_own_ratings(folder / "mine.csv")
    same(data, frame, people, numbers)
    missing = str(form["missing"])
    assert any("1 row without a rating left out" in note for note in notes)
    # a word for missing is noted in both files, an empty cell is not
    assert sum(f"{missing!r} (once)" in note for note in notes) == (3 if missing.strip() else 0)


KINDS = {
    "text": lambda f: f,
    "category": lambda f: f.astype({"rating": "category", "rater": "category"}),
    "whole": lambda f: f.assign(rating=pd.array(f["rating"], dtype="Int64")),
    "float": lambda f: f.astype({"rating": "float32"}),
    "index": lambda f: f.set_index("rater"),
    "two": lambda f: f.set_index(["rater", "instance"]),
    "counted": lambda f: f.set_index(pd.Index(range(7, 7 + len(f)))),
    "order": lambda f: f[["rating", "instance", "rater"]],
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("numbers", [True, False])
def test_parquet_of_any_kind_reads_the_same(tmp_path: Path, kind: str, numbers: bool):
    if kind in ("whole", "float"):
        numbers = True
    names = ["007", "é x", "123456789012345678"]
    frame, people = rows_of(np.random.default_rng(1), names, numbers), people_of(names)
    values = frame.assign(rating=pd.array(frame["rating"], "Int64")) if numbers else frame
    KINDS[kind](values).to_parquet(tmp_path / "mine.parquet")
    people.set_index("rater").to_parquet(tmp_path / "mine.raters.parquet")
    data, notes = load_own_ratings(tmp_path / "mine.parquet")
    same(data, frame, people, numbers)
    assert notes == ("1 row without a rating left out (first: row 8)",)


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ([1, 2, 10**17], ["1", "2", "100000000000000000"]),
        ([1.0, 2.0, 3.0], ["1", "2", "3"]),
        (
            pd.to_datetime(["2024-01-05", "2024-02-05", "2024-03-05"]),
            ["2024-01-05", "2024-02-05", "2024-03-05"],
        ),
        ([b"a", b"b", b"c"], ["a", "b", "c"]),
        ([True, False, None], None),
        ([1.5e18, 2e18, 3e18], None),
        ([[1], [2], [3]], None),
    ],
)
def test_names_of_any_kind_in_parquet(tmp_path: Path, values, names):
    raters = pd.Series(np.repeat(np.arange(3), 5)).map(dict(enumerate(values)))
    frame = pd.DataFrame({"rater": raters, "instance": [*range(5)] * 3, "rating": [1, 2, 3] * 5})
    frame.to_parquet(tmp_path / "mine.parquet")
    if names is None:
        with pytest.raises(DataError):
            load_own_ratings(tmp_path / "mine.parquet")
        return
    data, notes = load_own_ratings(tmp_path / "mine.parquet")
    assert data.table.raters.index.tolist() == names
    assert notes == ()


def test_ordered_categories_are_the_choices(tmp_path: Path):
    order = ["never", "None", "at times", "often", "always"]
    rng = np.random.default_rng(2)
    frame = pd.DataFrame(
        [(r, i, order[rng.integers(4)]) for r in "abcdef" for i in range(5)],
        columns=["rater", "instance", "rating"],
    )
    frame["rating"] = pd.Categorical(frame["rating"], categories=order, ordered=True)
    frame.to_parquet(tmp_path / "mine.parquet")
    data, notes = load_own_ratings(tmp_path / "mine.parquet")
    assert data.table.choices[0] == tuple(order)
    assert data.ordered
    assert (data.table.ratings["rating"] - 1).tolist() == frame["rating"].cat.codes.tolist()
    assert notes == ("no rating is 'always', which counts as a choice",)
    alike = pd.Categorical.from_codes(rng.integers(0, 2, 30), ["Yes", "yes "], ordered=True)
    frame.assign(rating=alike).to_parquet(tmp_path / "mine.parquet")
    with pytest.raises(DataError, match="the categories of the ratings, 'Yes', 'yes', are not two"):
        load_own_ratings(tmp_path / "mine.parquet")


def test_an_index_without_a_name_is_named(tmp_path: Path):
    frame = rows_of(np.random.default_rng(1), ["a", "b", "c"], True).set_index("rater")
    frame.rename_axis(None).to_parquet(tmp_path / "mine.parquet")
    with pytest.raises(DataError) as caught:
        load_own_ratings(tmp_path / "mine.parquet")
    assert str(caught.value) == (
        "mine.parquet: row 1: no column 'rater'; the index has no name and is not read"
    )
