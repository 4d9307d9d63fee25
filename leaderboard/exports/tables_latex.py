r"""The board as LaTeX: one booktabs table for each, to be read by `\input`."""

import re

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
_DAGGER = r"\textsuperscript{\textdagger}"


def tables_latex(board: Board) -> str:
    """One table for each of the board, a row for each rater; nothing in a name is a command.

    A table that does not fit on a page is a `longtable`.
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
    runs, papers = (
        [
            " & ".join([_rater(table, row), *(_cell(row, name) for name in names)])
            + r" \\ \addlinespace"
            for row in part
        ]
        for part in printed_rows(table)
    )
    body = [*runs, *([r"\midrule"] if runs and papers else []), *papers]
    title = rf"\caption{{{escape_latex(_caption(table))}}}"
    label = rf"\label{{tab:{re.sub(r'[^A-Za-z0-9_.:-]', '-', table['id'])}}}"
    columns = f"l{'r' * len(names)}"
    heads = [r"\toprule", " & ".join(["Rater", *map(escape_latex, names)]) + r" \\", r"\midrule"]
    if len(table["rows"]) > _ROWS_OF_A_PAGE:
        return "\n".join(
            [
                r"{\scriptsize\setlength{\tabcolsep}{2pt}",
                rf"\begin{{longtable}}{{{columns}}}",
                rf"{title}{label}\\",
                *heads,
                r"\endfirsthead",
                *heads,
                r"\endhead",
                r"\bottomrule",
                r"\endfoot",
                *body,
                r"\end{longtable}",
                *_notes(table),
                "}",
                "",
            ]
        )
    return "\n".join(
        [
            r"\begin{table*}[tbp]",
            r"\centering\footnotesize\setlength{\tabcolsep}{3pt}",
            title,
            label,
            r"\resizebox{\ifdim\width>\linewidth\linewidth\else\width\fi}{!}{%",
            rf"\begin{{tabular}}{{{columns}}}",
            *heads,
            *body,
            r"\bottomrule",
            r"\end{tabular}}",
            *_notes(table),
            r"\end{table*}",
            "",
        ]
    )


def _caption(table: Table) -> str:
    synthetic = f"{SYNTHETIC}. " if table["synthetic"] else ""
    return (
        f"{synthetic}{table['title']}, comparability {table['comparability']}. {units(table)} "
        f"In brackets 95% intervals, resampled by {table['resampling_unit']}."
    )


def _rater(table: Table, row: Row) -> str:
    named = escape_latex(_shortened(row["name"])) + (_DAGGER if row["kind"] == "published" else "")
    # A model is what a reader expects; what is something else is said to be.
    shown = kind(table, row)
    return named if shown == "model" else f"{named} ({escape_latex(shown)})"


def _shortened(name: str) -> str:
    return name if len(name) <= _WIDTH else f"{name[: _WIDTH - 20]} ... {name[-15:]}"


def _cell(row: Row, name: str) -> str:
    value, interval = value_and_interval(row, name)
    above = rf"\shortstack[r]{{{_number(value)}\\{{\scriptsize {_number(interval or '')}}}}}"
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
    return [rf"\par\smallskip\parbox{{\textwidth}}{{\footnotesize {line}}}" for line in lines]
