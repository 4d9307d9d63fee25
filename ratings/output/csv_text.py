"""CSV that a spreadsheet takes for data and never for formulas: what every command writes."""

import csv
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

# A spreadsheet runs a cell that starts so, or drops the sign and reads on.
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-](\d+([.,]\d+)?|[.,]\d+)([eE][+-]?\d+)?")


def csv_text(rows: Iterable[Iterable[object]], line_end: str = "\r\n") -> str:
    """Rows as CSV; None and NaN are empty cells.

    Text that a spreadsheet would take for a formula gets a leading apostrophe; numbers, also as
    text, keep their sign.

    Args:
        rows: of cells; a header is a row like any other.
        line_end: the default is that of RFC 4180.

    >>> print(csv_text([["=cmd()", -0.5, "-0.35", None, "a, b"]]).rstrip())
    '=cmd(),-0.5,-0.35,,"a, b"
    """
    # With this line end, the writer quotes cells with a lone CR or LF in them, too.
    lines = _Lines()
    csv.writer(lines, lineterminator="\r\n").writerows(
        [_cell(cell) for cell in row] for row in rows
    )
    return "".join(line.removesuffix("\r\n") + line_end for line in lines)


class _Lines(list[str]):
    """A list of lines that can be written to."""

    write = list.append


def table_csv(table: "pd.DataFrame", *, index: bool = False) -> str:
    """A table as `csv_text` has it, with the names of its columns and lines that end in LF.

    Args:
        table: of any cells.
        index: whether its index is written, too, as the first columns.
    """
    if index:
        table = table.reset_index(names=[name or "" for name in table.index.names])
    columns = [column.astype(object).where(column.notna(), None) for _, column in table.items()]
    return csv_text([list(table.columns), *zip(*columns, strict=True)], "\n")


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula.

    >>> harmless("@sum(1)"), harmless("-1+cmd"), harmless("-1.5e-3"), harmless("tea")
    ("'@sum(1)", "'-1+cmd", '-1.5e-3', 'tea')
    """
    return f"'{text}" if text.startswith(_STARTS) and not _NUMBER.fullmatch(text) else text


def _cell(value: object) -> str:
    if value is None or value != value:
        return ""
    return harmless(value) if isinstance(value, str) else str(value)
