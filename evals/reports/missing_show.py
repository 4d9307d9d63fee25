"""What a report says of missing answers: what to raise, and examples of their texts."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.console import RenderableType
from rich.text import Text

from ratings.output.tables import Table
from scorers.answers.missing_answers import missing_advice

if TYPE_CHECKING:  # Inspect takes seconds to import
    from scorers.inspect_adapter.run_log import RunLog


def missing_tables(run: "RunLog", counts: Mapping[str, int]) -> Iterator[RenderableType]:
    """Examples of answers that were not read, and advice where a limit cut many off."""
    from scorers.inspect_adapter.unread_answers import unread_answers

    examples = unread_answers(run)
    if examples:
        table = Table(title="Examples of answers that were not read", title_justify="left")
        for head in ("status", "sample", "asked", "stopped by", "answer"):
            table.add_column(head, overflow="fold")
        for one in examples:
            # quoted as Python quotes, so that nothing in an answer moves the terminal's cursor
            cells = (one.status, one.sample, one.place, one.stop_reason, repr(one.text))
            table.add_row(*(Text(quoted(cell)) for cell in cells))
        yield table
    advice = missing_advice(counts)
    if advice:
        yield Text(advice, style="bold yellow")


def missing_json(run: "RunLog", counts: Mapping[str, int]) -> dict[str, Any]:
    """The same as JSON data: `unread` lists the examples, `advice` is null without any."""
    from scorers.inspect_adapter.unread_answers import unread_answers

    return {
        "unread": [asdict(one) for one in unread_answers(run)],
        "advice": missing_advice(counts),
    }


def quoted(text: str) -> str:
    r"""Text without characters that a terminal acts on: they are written as escapes.

    >>> print(quoted("a\x1b[2Jb"))
    a\x1b[2Jb
    """
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)
