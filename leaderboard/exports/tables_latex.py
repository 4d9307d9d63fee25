r"""The board as LaTeX: one booktabs table for each, to be read by `\input`."""

import re
from collections.abc import Sequence

from leaderboard.exports.selection import printed_rows, why_empty
from leaderboard.exports.table_parts import (
    SYNTHETIC,
    Board,
    Row,
    Table,
    headline,
    kind,
    reasons,
    sources,
    units,
    value_and_interval,
)
from ratings.output.latex import escape_latex
from ratings.output.text import one_line

_WIDTH = 60
_ROWS_OF_A_PAGE = 30  # of two lines each
_SCORES_ACROSS = 5  # of a table that cannot be scaled to the width of the page
_DAGGER = r"\textsuperscript{\textdagger}"
_BREAK = r"\allowbreak{}"
# Letters that are kept on one line; LaTeX hyphenates words, but none that is a name.
_RUN_OF_NAME, _RUN_OF_SCORE = 10, 18


def tables_latex(board: Board) -> str:
    """One table for each of the board, a row for each rater; nothing in a name is a command.

    A table that does not fit on a page is a `longtable`, and one more for every further five
    scores.
    """
    head = (
        f"% Tables by valuegauge {one_line(board['valuegauge'])}.\n"
        "% Needs \\usepackage{booktabs}, \\usepackage{graphicx}, \\usepackage{longtable} and "
        "\\usepackage[T1]{fontenc}.\n"
    )
    reason = why_empty(board)
    empty = [f"% {one_line(reason)}\n"] if reason else []
    return "\n".join([head, *empty, *(_table(table) for table in board["tables"])])


def _table(table: Table) -> str:
    names = [score["name"] for score in headline(table)]
    if len(table["rows"]) <= _ROWS_OF_A_PAGE:
        return _floating(table, names)
    parts = [names[k : k + _SCORES_ACROSS] for k in range(0, len(names), _SCORES_ACROSS)] or [[]]
    return "\n".join(
        _long(table, part, number, len(parts)) for number, part in enumerate(parts, start=1)
    )


def _floating(table: Table, names: Sequence[str]) -> str:
    """A table of one page, scaled down where it is wider."""
    return "\n".join(
        [
            r"\begin{table*}[tbp]",
            r"\centering\footnotesize\setlength{\tabcolsep}{3pt}",
            rf"\caption{{{escape_latex(_caption(table))}}}",
            rf"\label{{{_label(table)}}}",
            r"\resizebox{\ifdim\width>\linewidth\linewidth\else\width\fi}{!}{%",
            rf"\begin{{tabular}}{{p{{13em}}{'r' * len(names)}}}",
            *_heads(names, "4.6em"),
            *_body(table, names, r"\scriptsize"),
            r"\bottomrule",
            r"\end{tabular}}",
            *_notes(table),
            r"\end{table*}",
            "",
        ]
    )


def _long(table: Table, names: Sequence[str], number: int, of: int) -> str:
    """One of the tables of some scores that go on over pages."""
    part = f" Part {number} of {of}." if of > 1 else ""
    label = _label(table) + (f"-{number}" if number > 1 else "")
    heads = _heads(names, r"0.148\linewidth")
    return "\n".join(
        [
            r"{\scriptsize\setlength{\tabcolsep}{2pt}",
            rf"\begin{{longtable}}{{p{{0.19\linewidth}}{'r' * len(names)}}}",
            rf"\caption{{{escape_latex(_caption(table) + part)}}}\label{{{label}}}\\",
            *heads,
            r"\endfirsthead",
            *heads,
            r"\endhead",
            r"\bottomrule",
            r"\endfoot",
            *_body(table, names, r"\tiny"),
            r"\end{longtable}",
            *(_notes(table) if number == of else []),
            "}",
            "",
        ]
    )


def _label(table: Table) -> str:
    return f"tab:{re.sub(r'[^A-Za-z0-9_.:-]', '-', table['id'])}"


def _heads(names: Sequence[str], width: str) -> list[str]:
    r"""The head of a table; names of scores have as many lines as they need."""
    boxes = [
        rf"\parbox[b]{{{width}}}{{\raggedleft\hspace{{0pt}}{_breakable(name, _RUN_OF_SCORE)}}}"
        for name in names
    ]
    return [r"\toprule", " & ".join(["Rater", *boxes]) + r" \\", r"\midrule"]


def _body(table: Table, names: Sequence[str], small: str) -> list[str]:
    """The rows, those of papers last; intervals are in the font size `small`."""
    runs, papers = (
        [
            " & ".join([_rater(table, row), *(_cell(row, name, small) for name in names)])
            + r" \\ \addlinespace"
            for row in part
        ]
        for part in printed_rows(table)
    )
    return [*runs, *([r"\midrule"] if runs and papers else []), *papers]


def _caption(table: Table) -> str:
    synthetic = f"{SYNTHETIC}. " if table["synthetic"] else ""
    return (
        f"{synthetic}{table['title']}, comparability {table['comparability']}. {units(table)} "
        f"In brackets 95% intervals, resampled by {table['resampling_unit']}."
    )


def _rater(table: Table, row: Row) -> str:
    named = _breakable(_shortened(row["name"]), _RUN_OF_NAME) + (
        _DAGGER if row["kind"] == "published" else ""
    )
    # A model is what a reader expects; what is something else is said to be.
    shown = kind(table, row)
    return named if shown == "model" else f"{named} ({escape_latex(shown)})"


def _breakable(text: str, run: int) -> str:
    """Escaped text that may go on in another line after a sign, and after so many letters."""
    pieces = rf"[^\W_]{{1,{run}}}[/_.:@=-]?|."
    words = (_BREAK.join(map(escape_latex, re.findall(pieces, word))) for word in text.split())
    return " ".join(words)


def _shortened(name: str) -> str:
    return name if len(name) <= _WIDTH else f"{name[: _WIDTH - 20]} ... {name[-15:]}"


def _cell(row: Row, name: str, small: str) -> str:
    value, interval = value_and_interval(row, name)
    lines = rf"{_number(value)}\\{{{small} {_number(interval or '')}}}"
    above = rf"\begin{{tabular}}[t]{{@{{}}r@{{}}}}{lines}\end{{tabular}}"
    return above if interval else _number(value)


def _number(text: str) -> str:
    return re.sub("-(?=[0-9])", "$-$", text)


def _notes(table: Table) -> list[str]:
    lines = [
        rf"{mark}{words}: {'; '.join(f'{escape_latex(text)} ({count})' for text, count in found)}."
        for mark, words, found in (
            ("", "No value or no interval", reasons(table)),
            (_DAGGER, "As published, figures of a paper and no runs, by source", sources(table)),
        )
        if found
    ]
    return [
        rf"\par\smallskip\noindent\parbox{{\textwidth}}{{\footnotesize {line}}}" for line in lines
    ]
