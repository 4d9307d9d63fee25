"""What a reader takes from a page into a paper: a sentence, rows of a table, a citation."""

import re
from collections.abc import Sequence
from typing import TypedDict

from leaderboard.site.score_groups import Json
from ratings.output.latex import escape_latex

_CITATION = re.compile(
    r"(?P<authors>.+?) \((?P<year>\d{4})\)\. (?P<title>.+?)\.(?: (?P<venue>.+?)\.?)?$"
)


class Paper(TypedDict):
    """Texts for the clipboard.

    Attributes:
        sentence: plain text.
        latex: rows of a `tabular`, or "".
        cite: BibTeX entries.
    """

    sentence: str
    latex: str
    cite: str


def paper(
    sentences: Sequence[str], rows: Sequence[Sequence[str]], table: Json, version: str
) -> Paper:
    """What a page offers to a paper.

    Args:
        sentences: of the finding.
        rows: cells of the rows, as plain text; nothing in them becomes a command.
        table: of the board, for its data card.
        version: of valuegauge.
    """
    return Paper(
        sentence=" ".join(sentences),
        latex="\n".join(map(latex_row, rows)),
        cite=citation(table, version),
    )


def latex_row(cells: Sequence[str]) -> str:
    r"""One row of a `tabular`; minus signs and dashes are set as such.

    `assets/latex.js` does the same in the page.

    >>> print(latex_row(["a_b & c", "\u22120.13", "\u2013"]))
    a\_b \& c & $-$0.13 & -- \\
    """
    escaped = map(escape_latex, cells)
    set_ = (
        cell.replace(r"\texttt{U+2212}", "$-$").replace(r"\texttt{U+2013}", "--")
        for cell in escaped
    )
    return " & ".join(set_) + r" \\"


def citation(table: Json, version: str) -> str:
    """BibTeX of the paper that the table's data card cites, with the data, and of valuegauge."""
    card = table["card"]
    found = _CITATION.fullmatch(" ".join(card["citation"].split()))
    described = (
        {
            "author": " and ".join(re.split(r", | and ", found["authors"])),
            "title": found["title"],
            "year": found["year"],
            "howpublished": found["venue"] or "",
        }
        if found
        else {"title": card["citation"]}
    )
    data = f"Data: {card['homepage']}, revision {card['revision']}"
    tool = {
        "author": "The valuegauge developers",
        "title": "valuegauge: measuring values in language models",
        "note": f"Version {version}, {table['title']} {table['comparability']}",
    }
    return _entry("misc", card["id"], described | {"note": data}) + _entry(
        "software", "valuegauge", tool
    )


def _entry(kind: str, key: str, fields: dict[str, str]) -> str:
    """Text in double braces is printed as it is written."""
    lines = []
    for name, text in fields.items():
        given = escape_latex(text)
        kept = name == "title" or text.startswith("The ")
        if text:
            lines.append(f"  {name} = {{{{{given}}}}}," if kept else f"  {name} = {{{given}}},")
    return "\n".join([f"@{kind}{{{key},", *lines, "}\n"])
