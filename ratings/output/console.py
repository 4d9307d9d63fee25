"""Where commands print tables and bars: a terminal, or wherever their output goes."""

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from ratings.output.text import one_line

_NARROWEST = 20
_USUAL = (80, 25)


def make_console(*, stderr: bool = False) -> Console:
    """A console of the terminal's size, or of 80 columns by 25 lines where that is not valid.

    Containers, editors and `COLUMNS=0` report a width of none or of a few columns; a table or a
    bar would then come out empty, a letter a line, or as an error.
    """
    found = Console(stderr=stderr, emoji=False)
    if found.width < _NARROWEST:
        found.width = _USUAL[0]
    if found.height < 2:
        found.height = _USUAL[1]
    return found


def say(console: Console, sentence: str) -> None:
    """Print a conclusion, whatever is in the names that it has.

    A terminal shows it wrapped between words; elsewhere it is one line, which `head -1` takes.
    """
    console.print(Text(one_line(sentence), style="bold"), soft_wrap=not console.is_terminal)


def progress_bar(*columns: ProgressColumn) -> Progress:
    """A bar on standard error that goes when it is done; nothing where that is not a terminal.

    Args:
        columns: what it shows; how many of how many and the time taken by default.
    """
    usual = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
             TimeElapsedColumn())  # fmt: skip
    console = make_console(stderr=True)
    hidden = not console.is_terminal  # else it would leave an empty line in a file
    return Progress(*(columns or usual), console=console, transient=True, disable=hidden)
