import copy
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from leaderboard.exports.tables_latex import tables_latex
from leaderboard.site.paper import latex_row
from ratings.output.latex import escape_latex
from tests.leaderboard.board_rows import HOSTILE
from tests.leaderboard.boards import VALUES, made_board

BOARD = made_board(9)
SMALL = made_board(1)["tables"][1]
SMALL["rows"] = SMALL["rows"][:3]
DOCUMENT = r"""\documentclass{article}
\usepackage{booktabs}
\usepackage{graphicx}
\usepackage{longtable}
\usepackage[T1]{fontenc}
\begin{document}
%s
\end{document}
"""
# What each escape prints, read back.
PRINTED = {
    r"\textbackslash{}": "\\",
    r"\textasciicircum{}": "^",
    r"\textasciitilde{}": "~",
    r"\textless{}": "<",
    r"\textgreater{}": ">",
    r"\textbar{}": "|",
    r"\textquotedbl{}": '"',
    r"\textquotesingle{}": "'",
    r"\textasciigrave{}": "`",
    "{[}": "[",
    "{]}": "]",
    "{*}": "*",
    "-{}": "-",
    ",{}": ",",
    **{"\\" + sign: sign for sign in "{}$&#%_"},
}
TOKEN = re.compile("|".join([r"\\texttt\{U\+([0-9A-F]{4,6})\}", *map(re.escape, PRINTED), "."]))


def printed(escaped: str) -> str:
    """What LaTeX prints of escaped text; refuses any sign that would do something."""
    shown = []
    for token in TOKEN.finditer(escaped):
        text = token[0]
        assert text in PRINTED or token[1] or text not in "\\{}$&#%_^~<>|\"'`[]*", escaped
        shown.append(chr(int(token[1], 16)) if token[1] else PRINTED.get(text, text))
    return "".join(shown)


def depth(text: str) -> list[int]:
    """The depth of braces after each sign; escaped braces are no braces."""
    depths = [0]
    for sign in re.sub(r"\\[\\{}]", "", text):
        depths.append(depths[-1] + {"{": 1, "}": -1}.get(sign, 0))
    return depths


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=60))
@example("\\input{/etc/passwd}")
@example("$x^2$ & 50% #1 _a_ ~b")
@example("[a] *b* --- ,, `` '' ?` !` << >>")
@example("\u202eevil \u0627\u0644 中文 \x00 é ß \ufffd")
def test_any_text_is_printed_as_it_is(text: str):
    found = escape_latex(text)
    assert printed(found) == " ".join(text.split())
    assert min(depth(found)) == 0
    assert depth(found)[-1] == 0
    assert not re.search("--|,,", found)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=40))
def test_any_name_leaves_the_table_in_shape(name: str):
    board = {**BOARD, "tables": [copy.deepcopy(SMALL)]}
    board["tables"][0]["rows"][0]["name"] = name
    text = tables_latex(board)
    assert depth(text)[-1] == 0
    body = text.partition(r"\midrule")[2].partition(r"\bottomrule")[0].strip().splitlines()
    assert len(body) == len(board["tables"][0]["rows"])
    for line in body:
        assert line.endswith(r"\\ \addlinespace")
        assert len(re.findall(r"(?<!\\)&", line)) == 2


def test_each_table_has_its_rows_marks_and_numbers():
    text = tables_latex(BOARD)
    assert text.count(r"\begin{table*}") == len(BOARD["tables"])
    assert text.count("SYNTHETIC SAMPLE") == 1
    for part, table in zip(text.split(r"\begin{table*}")[1:], BOARD["tables"], strict=True):
        body = part.partition(r"\midrule")[2].partition(r"\bottomrule")[0].strip().splitlines()
        ours = sum(row["kind"] != "published" for row in table["rows"])
        assert body.pop(ours) == r"\midrule"
        rows = sorted(table["rows"], key=lambda row: row["kind"] == "published")
        for row, line in zip(rows, body, strict=True):
            assert (r"\textdagger" in line) == (row["kind"] == "published")
            assert ("synthetic" in line) == table["synthetic"]
            for score in table["scores"]:
                found = row["scores"].get(score["name"])
                if score["headline"] and found["value"] is not None:
                    assert f"{abs(found['value']):.2f}" in line
        assert "by source: Table 5 of the paper (1)." in part
        assert "no valid answer to any of its items (" in part


def test_a_minus_is_a_minus():
    assert "$-$" in tables_latex(BOARD)
    assert not re.search(r"[ \[{]-\d\.", tables_latex(BOARD).partition(r"\midrule")[2])


def test_a_very_long_name_is_shortened():
    (name,) = [name for name in HOSTILE if len(name) > 200]
    assert name not in tables_latex(BOARD)
    assert f"{name[:40]} ... {name[-15:]}" in tables_latex(BOARD).replace(r"\allowbreak{}", "")


def test_a_long_table_has_five_scores_a_part_and_every_row_in_each():
    board = made_board(40)
    table = board["tables"][0]
    parts = tables_latex({**board, "tables": [table]}).split(r"\begin{longtable}")[1:]
    assert len(parts) == 2
    assert [re.search(r"Part (\d) of 2", part)[1] for part in parts] == ["1", "2"]
    assert len(set(re.findall(r"\\label{(.*?)}", "".join(parts)))) == 2
    for part, names in zip(parts, (VALUES[:5], VALUES[5:]), strict=True):
        body = part.partition(r"\endfoot")[2].partition(r"\end{longtable}")[0]
        assert len(re.findall(r"\\\\ \\addlinespace$", body, re.M)) == len(table["rows"])
        head = part.partition(r"\endfirsthead")[0].replace(r"\allowbreak{}", "")
        assert re.findall(r"hspace{0pt}(.*?)}", head) == list(names)


@pytest.mark.processes
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="needs pdflatex")
def test_it_compiles(tmp_path: Path):
    letters = "".join(map(chr, range(0x20, 0x180)))
    rows = [latex_row([name, "−0.13"]) for name in (*HOSTILE, "[name] first", "*name")]
    papers = "\n".join(
        [r"\noindent\resizebox{\linewidth}{!}{\begin{tabular}{lr}", *rows, r"\end{tabular}}"]
    )
    # one table for a page, a long one, one long and wide
    wide = made_board(31)["tables"][0]
    wide["scores"] = [score | {"headline": True} for score in wide["scores"]]
    tables = (
        tables_latex(BOARD),
        tables_latex(made_board(40)),
        tables_latex({**BOARD, "tables": [wide]}),
    )
    text = "\n\n".join([*tables, papers, *map(escape_latex, letters)])
    (tmp_path / "board.tex").write_text(DOCUMENT % text, encoding="utf-8")
    command = ["pdflatex", "-no-shell-escape", "-interaction=nonstopmode", "-draftmode", "board"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace")
    wrong = [line for line in done.stdout.splitlines() if line.startswith("!")]
    assert (done.returncode, wrong) == (0, [])
    assert not [line for line in done.stdout.splitlines() if line.startswith("Overfull")]
