import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaderboard.site_text import clean, csv_text


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("cannot open /home/ann/keys/a.txt", "cannot open a.txt"),
        ("FileNotFoundError: '/mnt/x y/log.eval'", "FileNotFoundError: 'x y/log.eval'"),
        ("file:///C:/Users/ann/x.eval", "x.eval"),
        (r"C:\Users\ann\x.eval is gone", "x.eval is gone"),
        ("hf//data/models/llama-3", "hf/llama-3"),
        ("vllm//data/models/llama-3 as Ann", "vllm/llama-3 as Ann"),
        ("openrouter/google/gemma-2", "openrouter/google/gemma-2"),
        ("</script> and 1/2/3 of a/b", "</script> and 1/2/3 of a/b"),
        ("https://example.org/home/ann/x", "https://example.org/home/ann/x"),
        ("half a pair \ud800, a bell \x07", "half a pair \ufffd, a bell \ufffd"),
    ],
)
def test_text_is_cleaned(told: str, shown: str):
    assert clean(told) == shown


@given(
    st.lists(
        st.lists(st.one_of(st.none(), st.floats(allow_nan=False), st.text()), min_size=1),
        min_size=1,
    )
)
def test_csv_comes_back_whole(rows: list[list[object]]):
    read = csv.reader(io.StringIO(csv_text(rows), newline=""))
    for cells, row in zip(read, rows, strict=True):
        for cell, told in zip(cells or [""], row, strict=True):
            if isinstance(told, str):
                formula = told.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
                assert cell == (f"'{told}" if formula else told)
            else:
                assert cell == ("" if told is None else str(told))
