"""Tables in Markdown, and text escaped for them."""

import re
from collections.abc import Collection, Sequence

from ratings.output.text import one_line

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def markdown_table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], right: Collection[int] = ()
) -> str:
    """A table with a line for each row; cells are as they are given, so escape them first.

    Args:
        heads: of the columns.
        rows: of as many cells.
        right: the positions of the columns that are flush right.

    >>> print(markdown_table(["score", "value"], [["Power", "0.50"]], right=[1]))
    | score | value |
    | --- | ---: |
    | Power | 0.50 |
    """
    rules = ["---:" if column in right else "---" for column in range(len(heads))]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (heads, rules, *rows))


def escape_markdown(text: str) -> str:
    r"""Text that Markdown shows as it is, on one line: no markup, no HTML, no link, no new cell.

    >>> print(escape_markdown("a|b `c` <d>"))
    a\|b \`c\` &lt;d&gt;
    """
    escaped = re.sub(r"[\\`*_\[\]|~$#!]", r"\\\g<0>", one_line(text))
    escaped = re.sub("[&<>]", lambda sign: _ENTITIES[sign[0]], escaped)
    # Some readers turn bare addresses into links.
    return escaped.replace("://", ":\\/\\/").replace("www.", "www\\.").replace("@", "\\@")
