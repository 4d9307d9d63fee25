"""Where commands print tables and bars: a terminal, or wherever their output goes."""

from rich.console import Console

_NARROWEST = 20
_USUAL = (80, 25)


def make_console(*, stderr: bool = False) -> Console:
    """A console of the terminal's size, or of 80 columns by 25 lines where that is no size.

    Containers, editors and `COLUMNS=0` report a width of none or of a few columns; a table or a
    bar would then come out empty, a letter a line, or as an error.
    """
    found = Console(stderr=stderr)
    if found.width < _NARROWEST:
        found.width = _USUAL[0]
    if found.height < 2:
        found.height = _USUAL[1]
    return found
