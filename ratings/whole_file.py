"""Files that are there whole or not at all."""

import os
import tempfile
from pathlib import Path

from ratings.errors import DataError


def write_whole(path: Path, text: str) -> None:
    """Write a text file: aside in the same folder first, then renamed into place.

    Raises:
        DataError: when the folder is missing, or the path is one.
        OSError: when it cannot be written; what was there stays.
    """
    if path.is_dir() or not path.parent.is_dir():
        raise DataError(f"{path} cannot be written: it is a folder, or its folder is not there")
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", text=True)
    aside = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        aside.chmod(0o644)
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
