"""The runs of several logs, and of all logs below folders."""

from collections.abc import Callable, Sequence
from pathlib import Path

from ratings.errors import DataError
from scorers.inspect_adapter.log_files import find_logs, without_replaced
from scorers.inspect_adapter.run_log import RunLog, read_run


def read_runs(places: Sequence[Path], left_out: Callable[[str], object]) -> list[RunLog]:
    """The runs of logs that can be read, without those that were tried again and finished.

    Args:
        places: logs, or folders that are searched for logs.
        left_out: is told in one line of each log in a folder that is left out, and why.

    Raises:
        DataError: when a log that was named cannot be read, or when there is none.
    """
    runs = []
    for path in find_logs(places):
        try:
            runs.append(read_run(path))
        except DataError as error:
            if path in places:
                raise
            left_out(f"left out: {' '.join(str(error).split())}")
    kept = without_replaced(runs)
    for run in runs:
        if run not in kept:
            left_out(f"left out: {run.path.name} was tried again, and finished")
    if not kept:
        raise DataError(f"there is no log of a benchmark in {', '.join(map(str, places))}")
    return kept
