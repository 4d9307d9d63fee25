"""Where logs lie: in files, and below folders."""

from collections.abc import Iterable
from pathlib import Path

from ratings.errors import DataMissingError

LOG_SUFFIXES = (".eval", ".json")


def find_logs(places: Iterable[Path]) -> list[Path]:
    """The logs among files and below folders, each once, sorted within a folder.

    Raises:
        DataMissingError: for a place that is not there.
    """
    found: dict[Path, None] = {}
    for place in places:
        if place.is_dir():
            inside = (path for path in sorted(place.rglob("*")) if path.suffix in LOG_SUFFIXES)
            found.update(dict.fromkeys(path for path in inside if _may_be_log(path)))
        elif place.is_file():
            found[place] = None
        else:
            raise DataMissingError(f"there is no log or folder at {place}")
    return list(found)


def _may_be_log(path: Path) -> bool:
    """Not one of the files that Inspect keeps beside the logs of a set."""
    return path.is_file() and path.name not in ("eval-set.json", "listing.json", "logs.json")
