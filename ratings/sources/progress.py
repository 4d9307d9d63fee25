"""A progress bar for downloads, in the shape that pooch asks for."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from ratings.output.console import make_console


class DownloadBar:
    """What pooch calls while a file comes in: `total`, `update`, `reset` and `close`."""

    def __init__(self, progress: Progress, label: str) -> None:
        self._progress = progress
        self._task = progress.add_task(label, total=None)
        self.total: int = 0

    def update(self, count: int) -> None:
        """Count bytes that came in."""
        self._progress.update(self._task, advance=count, total=self.total or None)

    def reset(self) -> None:
        """Start counting again."""
        self._progress.reset(self._task, total=self.total or None)

    def close(self) -> None:
        """Stop counting."""
        self._progress.stop_task(self._task)


@contextmanager
def download_bar(label: str) -> Iterator[DownloadBar]:
    """A bar on standard error for one file."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
    )
    console = make_console(stderr=True)
    hidden = not console.is_terminal  # else it would leave an empty line in a file
    with Progress(*columns, console=console, transient=True, disable=hidden) as progress:
        yield DownloadBar(progress, label)
