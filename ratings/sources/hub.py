"""The Hugging Face hub: which commit a revision is, files and data sets at it, and what it refuses.

Only a commit says what was read, so every revision is looked up once and then read at its commit.
`huggingface_hub` and `datasets` take a second to import, so that is done when they are used.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ratings.errors import DataMissingError

_COMMIT = re.compile(r"[0-9a-f]{40}")
_DATASETS = "https://huggingface.co/datasets/"
_LOG_IN = "log in with `hf auth login`"


def resolve_commit(dataset: str, revision: str | None = None) -> str:
    """The commit that a branch, a tag or the start of a commit names, by default that of `main`.

    A whole commit is taken as it is, so that what is in the cache can be read without a network.

    Raises:
        DataMissingError: when the hub cannot be asked, or has no such data set or revision.
    """
    if revision is not None and _COMMIT.fullmatch(revision):
        return revision
    from huggingface_hub import HfApi

    with hub_errors(dataset, revision):
        sha = HfApi().dataset_info(dataset, revision=revision).sha
    if sha is None:
        raise DataMissingError(f"the hub tells no commit of {dataset}; name one: {dataset}@COMMIT")
    return sha


def hub_file(dataset: str, path: str, revision: str) -> Path:
    """Where a file of a data set lies on this machine, downloaded when it is not there yet.

    Raises:
        DataMissingError: when it cannot be had; says why, and what to do.
    """
    from huggingface_hub import hf_hub_download

    with hub_errors(dataset, revision):
        found = hf_hub_download(dataset, path, repo_type="dataset", revision=revision)
    return Path(found)


@contextmanager
def hub_errors(dataset: str, revision: str | None = None) -> Iterator[None]:
    """Turn what the hub's libraries raise into one line that says what to do."""
    from datasets.exceptions import DatasetNotFoundError
    from huggingface_hub import errors

    at = "" if revision is None else f" at {revision}"
    try:
        yield
    except errors.GatedRepoError as error:
        raise DataMissingError(_gated(dataset)) from error
    except errors.RevisionNotFoundError as error:
        raise DataMissingError(f"{dataset} has no revision {revision!r} on the hub") from error
    except errors.RepositoryNotFoundError as error:
        raise DataMissingError(
            f"the hub has no data set {dataset}, or it is private: then {_LOG_IN}"
        ) from error
    except errors.LocalEntryNotFoundError as error:
        raise DataMissingError(_no_connection(dataset, at)) from error
    except errors.EntryNotFoundError as error:
        raise DataMissingError(f"{dataset}{at} has no such file on the hub") from error
    except DatasetNotFoundError as error:
        text = " ".join(str(error).split())
        raise DataMissingError(_gated(dataset) if "gated" in text else text) from error
    except errors.HfHubHTTPError as error:
        status = getattr(error.response, "status_code", None)
        if status in (401, 403):
            raise DataMissingError(_gated(dataset)) from error
        raise DataMissingError(f"the hub answered {status} for {dataset}{at}") from error
    except (ConnectionError, errors.OfflineModeIsEnabled) as error:
        raise DataMissingError(_no_connection(dataset, at)) from error
    except Exception as error:
        if type(error).__module__.partition(".")[0].startswith("httpx"):
            raise DataMissingError(_no_connection(dataset, at)) from error
        raise


@contextmanager
def quiet() -> Iterator[None]:
    """Without the progress bars and warnings of the hub's libraries; afterwards as before."""
    from datasets.utils.logging import (
        disable_progress_bar,
        enable_progress_bar,
        is_progress_bar_enabled,
    )
    from huggingface_hub.utils.logging import get_verbosity, set_verbosity
    from huggingface_hub.utils.tqdm import (
        are_progress_bars_disabled,
        disable_progress_bars,
        enable_progress_bars,
    )

    shown = is_progress_bar_enabled(), not are_progress_bars_disabled()
    verbosity = get_verbosity()
    disable_progress_bar()
    disable_progress_bars()
    set_verbosity(logging.ERROR)  # it reports every retry
    try:
        yield
    finally:
        set_verbosity(verbosity)
        if shown[0]:
            enable_progress_bar()
        if shown[1]:
            enable_progress_bars()


def _gated(dataset: str) -> str:
    return (
        f"{dataset} is given only to people who accept its conditions: accept them at "
        f"{_DATASETS}{dataset}, {_LOG_IN}, and try again"
    )


def _no_connection(dataset: str, at: str) -> str:
    return f"{dataset}{at} is not in the hub's cache, and the hub cannot be reached"
