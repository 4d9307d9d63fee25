"""The board as Markdown: one table for each, its headline scores with their intervals."""

import re

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
from leaderboard.exports.text import plain

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def tables_markdown(board: Board) -> str:
    """One section for each table, a row for each rater; nothing in a name is markup."""
    sections = [_section(table) for table in board["tables"]]
    return "\n\n".join(sections or ["No table."]) + "\n"


def inert(text: str) -> str:
    r"""Text that Markdown shows as it is, on one line: no markup, no HTML, no link, no new cell.

    >>> print(inert("a|b `c` <d>"))
    a\|b \`c\` &lt;d&gt;
    """
    escaped = re.sub(r"[\\`*_\[\]|~$#!]", r"\\\g<0>", plain(text))
    escaped = re.sub("[&<>]", lambda sign: _ENTITIES[sign[0]], escaped)
    # Some readers turn bare addresses into links.
    return escaped.replace("://", ":\\/\\/").replace("www.", "www\\.").replace("@", "\\@")


def _section(table: Table) -> str:
    title = f"{table['title']}, comparability {table['comparability']}"
    heading = f"{title} ({SYNTHETIC})" if table["synthetic"] else title
    about = f"{inert(units(table))} 95% intervals, resampled by {inert(table['resampling_unit'])}."
    lines = [f"## {inert(heading)}", "", about, "", *_lines(table)]
    if sources(table):
        lines += ["", "As published, figures of a paper and no runs, by source:", ""]
        lines += [f"- {inert(source)} ({count})" for source, count in sources(table)]
    if reasons(table):
        lines += ["", "No value or no interval:", ""]
        lines += [f"- {inert(reason)} ({count})" for reason, count in reasons(table)]
    return "\n".join(lines)


def _lines(table: Table) -> list[str]:
    names = [score["name"] for score in headline(table)]
    heads = ["Rater", "Kind", "Valid", *map(inert, names)]
    rules = ["---", "---", "---:", *("---:" for _ in names)]
    rows = [_cells(table, row, names) for row in table["rows"]]
    return ["| " + " | ".join(cells) + " |" for cells in (heads, rules, *rows)]


def _cells(table: Table, row: Row, names: list[str]) -> list[str]:
    valid = "-" if row["valid"] is None else f"{100 * row['valid']:.1f}%"
    scores = [" ".join(filter(None, value_and_interval(row, name))) for name in names]
    return [inert(row["rater"]), inert(kind(table, row)), valid, *scores]
