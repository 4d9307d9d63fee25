"""Tables for a terminal of any width: names stay whole, and nothing is cut off."""

from collections.abc import Sequence
from copy import copy
from dataclasses import replace

from rich.console import Console, ConsoleOptions, RenderResult
from rich.markup import escape
from rich.measure import Measurement
from rich.table import Column
from rich.table import Table as RichTable

from ratings.output.text import one_line

_FOLDED = 40  # a longer word, such as the path of a model, is continued on the next line
_NUMBERS = 26  # so long may a number with its interval be to stay on one line


def plain(text: object) -> str:
    r"""Text that anyone may have given, as the markup of a terminal: it shows as it is.

    >>> print(plain("[red]x[/red]\n"))
    \[red]x\[/red]
    """
    return escape(one_line(str(text)))


class Table(RichTable):
    """A table that fits the terminal: where columns do not, they follow in a second table.

    Words are kept whole up to 40 signs, numbers and their intervals up to 26. Every further table
    begins with the columns of names again, and leaves out rows that have nothing there. The title
    is above the first of them, the caption below the last.

    Attributes:
        with_previous: headings of columns that are never parted from the one before them.
    """

    with_previous: Sequence[str] = ()

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The table, or its parts."""
        parts = self._parts(console, options)
        for index, widths in enumerate(parts):
            part = copy(self)
            part.title = self.title if index == 0 else None
            part.caption = self.caption if index == len(parts) - 1 else None
            cells = [list(self.columns[c].cells) for c in widths]
            filled = [n for n in range(len(self.rows)) if any(column[n] != "" for column in cells)]
            part.rows = [self.rows[n] for n in filled]
            part.columns = [
                replace(
                    self.columns[c],
                    width=width,
                    overflow="fold",
                    no_wrap=False,
                    _cells=[column[n] for n in filled],
                )
                for (c, width), column in zip(widths.items(), cells, strict=True)
            ]
            yield from RichTable.__rich_console__(part, console, options)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """Between the widest word and all that there is."""
        return Measurement(1, options.max_width)

    def _parts(self, console: Console, options: ConsoleOptions) -> list[dict[int, int]]:
        """The columns of each part with their widths, without the padding."""
        beside = _padding(self)
        edges = 0 if not self.box else 1 if self.show_edge else -1
        room = max(options.max_width - edges, 2 + 2 * beside)
        needs = [_need(column, console, options) for column in self.columns]
        keys = self._keys(needs, 2 * room // 3, beside)
        held = sum(needs[c][0] + beside for c in keys)
        for c in range(len(keys), len(needs)):
            least = min(needs[c][0], room - held - beside)
            needs[c] = (least, max(least, needs[c][1]))
        parts: list[list[int]] = [[*keys]]
        for group in self._groups(len(keys)):
            used = sum(needs[b][0] + beside for b in [*parts[-1], *group])
            if used > room and len(parts[-1]) > len(keys):
                parts.append([*keys])
            for c in group:
                used = sum(needs[b][0] + beside for b in [*parts[-1], c])
                if used > room and len(parts[-1]) > len(keys):  # not even alone do they fit
                    parts.append([*keys])
                parts[-1].append(c)
        return [_widths({c: needs[c] for c in part}, room - len(part) * beside) for part in parts]

    def _groups(self, start: int) -> list[list[int]]:
        """The columns from one on, those together that are not parted."""
        groups: list[list[int]] = []
        for c in range(start, len(self.columns)):
            if groups and self.columns[c].header in self.with_previous:
                groups[-1].append(c)
            else:
                groups.append([c])
        return groups

    def _keys(self, needs: list[tuple[int, int]], room: int, beside: int) -> list[int]:
        """The columns that every part begins with: those of names, as many as fit two thirds."""
        if not needs:
            return []
        least, full = needs[0]
        least = max(min(least, room - beside), 1)
        needs[0] = (least, max(least, full))
        keys = [0]
        for c in range(1, len(needs) - 1):
            used = sum(needs[b][0] + beside for b in [*keys, c])
            if self.columns[c].justify == "right" or used > room:
                break
            keys.append(c)
        return keys


def _padding(table: RichTable) -> int:
    """Signs that a column takes beside its content: its padding and one line."""
    _, right, _, left = table.padding
    around = max(left, right) if table.collapse_padding else left + right
    return around + (1 if table.box else 0)


def _need(column: Column, console: Console, options: ConsoleOptions) -> tuple[int, int]:
    """The least and the full width of a column's content."""
    cells = [Measurement.get(console, options, cell) for cell in column.cells]
    head = Measurement.get(console, options, column.header)
    numeric = column.justify == "right"
    least = [
        one.maximum if numeric and one.maximum <= _NUMBERS else min(one.minimum, _FOLDED)
        for one in cells
    ]
    full = max([head.maximum, *(one.maximum for one in cells)])
    return max([min(head.minimum, _FOLDED), *least, 1]), full


def _widths(needs: dict[int, tuple[int, int]], room: int) -> dict[int, int]:
    """Full widths, the widest narrowed first until all fit."""
    widths = {c: full for c, (_, full) in needs.items()}
    while sum(widths.values()) > room:
        widest = max(
            (c for c in widths if widths[c] > needs[c][0]), key=lambda c: widths[c], default=None
        )
        if widest is None:
            break
        widths[widest] -= 1
    return widths
