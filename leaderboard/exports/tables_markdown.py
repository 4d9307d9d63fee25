"""The board as Markdown: one table for each, its headline scores with their intervals."""

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
from ratings.output.markdown import escape_markdown, markdown_table


def tables_markdown(board: Board) -> str:
    """One section for each table, a row for each rater; nothing in a name is markup."""
    sections = [_section(table) for table in board["tables"]]
    return "\n\n".join(sections or [escape_markdown(why_empty(board) or "")]) + "\n"


def _section(table: Table) -> str:
    title = f"{table['title']}, comparability {table['comparability']}"
    heading = f"{title} ({SYNTHETIC})" if table["synthetic"] else title
    about = f"{units(table)} 95% intervals, resampled by {table['resampling_unit']}."
    lines = [f"## {escape_markdown(heading)}", "", escape_markdown(about), "", _scores(table)]
    if sources(table):
        lines += ["", "As published, figures of a paper and no runs, by source:", ""]
        lines += [f"- {escape_markdown(source)} ({count})" for source, count in sources(table)]
    if reasons(table):
        lines += ["", "No value or no interval:", ""]
        lines += [f"- {escape_markdown(reason)} ({count})" for reason, count in reasons(table)]
    return "\n".join(lines)


def _scores(table: Table) -> str:
    names = [score["name"] for score in headline(table)]
    heads = ["Rater", "Kind", "Valid", *map(escape_markdown, names)]
    rows = [_cells(table, row, names) for part in printed_rows(table) for row in part]
    return markdown_table(heads, rows, right=range(2, len(heads)))


def _cells(table: Table, row: Row, names: list[str]) -> list[str]:
    valid = "-" if row["valid"] is None else f"{100 * row['valid']:.1f}%"
    scores = [" ".join(filter(None, value_and_interval(row, name))) for name in names]
    return [escape_markdown(row["name"]), escape_markdown(kind(table, row)), valid, *scores]
