"""A check against a baseline as a terminal shows it: the conclusion, then two lines a score."""

from typing import TYPE_CHECKING

from rich.box import HORIZONTALS
from rich.console import Console

from evals.check.check_text import most_changed, moved_lines, verdict_of
from evals.check.conclusion import unknown_lengths, yardstick
from ratings.output.console import say
from ratings.output.numbers import ends, number, p_value
from ratings.output.tables import Table, plain

if TYPE_CHECKING:
    from evals.check.regression import Regression

_HEADS = ("score", "before", "after", "change", "scope", "95% interval", "p (Holm)")


def print_check(found: "Regression", console: Console) -> None:
    """Print a check: two lines a score, one a scope, for a terminal of 80 columns."""
    say(console, found.finding)
    for text in (found.sentence, f"{yardstick(found)} {unknown_lengths(found)}".strip()):
        console.print(plain(text), highlight=False)
    table = Table(box=HORIZONTALS, padding=0, show_edge=False)
    table.with_previous = ("95% interval", "p (Holm)")  # the scope, its interval, and its p
    for head in _HEADS:
        table.add_column(head, justify="left" if head in ("score", "scope") else "right")
    table.add_column(f"{found.scope}: verdict (margin)")
    for check in found.scores:
        both = (check.before, check.after, check.difference.value)
        for scope, one in (("on", check.on), ("beyond", check.beyond)):
            first = scope == "on"
            cells = [check.name, *map(number, both)] if first else [""] * 4
            cells += [scope, ends(one.difference), p_value(one.corrected)]
            cells.append(check.verdict if first else f"({check.margin:g})")
            table.add_row(*map(plain, cells), style="bold" if check.fails else None)
    if found.scores:
        console.print(table)
    lines = moved_lines(found.scores)
    lines += most_changed(found)
    lines += [
        f"{check.name}: {verdict_of(check, found)}"
        for check in found.scores
        if check.verdict == "undecided"
    ]
    for line in lines:
        console.print(plain(f"- {line}"), highlight=False)
    console.print()
