"""Folders where files of the cards are looked for, and remembered."""

import os
from pathlib import Path

import platformdirs

# Inspect changes the working directory while it loads a task by path, so a relative
# VALUEGAUGE_DATA is resolved against the folder in which the user started.
try:
    _STARTED_IN = Path.cwd()
except OSError:  # it was deleted meanwhile, which the command line says in one line
    _STARTED_IN = Path(os.environ.get("PWD", "/"))


def mirror_root() -> Path | None:
    """The folder of mirrors named by `VALUEGAUGE_DATA`, absolute, or None when unset.

    A relative path is taken from the folder the process started in; when this module
    was first imported after a change of folder, from the shell's own idea of it (`PWD`).
    """
    value = os.environ.get("VALUEGAUGE_DATA", "").strip()
    if not value:
        return None
    return resolve_from_start(value)


def resolve_from_start(value: str) -> Path:
    """An absolute path for what a user typed, whatever folder the process is in now."""
    path = Path(os.path.expanduser(value))  # noqa: PTH111 - Path's own raises for an unknown user
    if path.is_absolute():
        return path
    starts = [_STARTED_IN, Path(os.environ.get("PWD", _STARTED_IN))]
    found = (start / path for start in starts if os.path.exists(start / path))  # noqa: PTH110
    return next(found, _STARTED_IN / path).resolve()


def cache_root() -> Path:
    """The user's cache folder of the package, which may not exist yet."""
    return platformdirs.user_cache_path("valuegauge")


def acceptance_record(card_id: str, revision: str) -> Path:
    """The file whose presence records that the user accepted a card's terms."""
    return platformdirs.user_config_path("valuegauge") / "accepted" / f"{card_id}-{revision}"
