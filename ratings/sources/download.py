"""Downloads that try again, resume where they broke off, and leave nothing half done behind."""

import hashlib
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from ratings.sources.progress import download_bar

if TYPE_CHECKING:
    import requests
    from tenacity import RetryCallState

MOST_TRIES = 5  # in a row that brought nothing new
_WRONG_TRIES = 2
FIRST_WAIT, _LONGEST_WAIT = 0.5, 30.0
_PATIENCE = 2.0
_PREFIX, _LOCK = ".download-", ".lock"
_TRANSIENT = frozenset({408, 416, 425, 429, 500, 502, 503, 504})
_CHUNK = 1 << 11  # what is lost of a broken connection is less than this


class DownloadError(Exception):
    """A file could not be downloaded; the message is the reason, in a few words."""


class WrongContentError(Exception):
    """A file came in whole with another content; the message is the digest found."""


def download(
    address: str, target: Path, label: str, digest: Callable[[Path], str], expected: str
) -> None:
    """Download a file into place: aside first, checked, then renamed.

    After a broken connection, a time-out or a status such as 503, it is tried again after longer
    and longer waits, until five tries in a row have brought nothing new. What has come in is kept
    and resumed, also by the next process, if the server sends parts; else the file is begun
    again. One process at a time downloads a file; another waits, and finds it.

    Args:
        address: of the file.
        target: where it goes, in a folder that exists.
        label: what the bar calls it.
        digest: of a file.
        expected: the digest of the right content.

    Raises:
        DownloadError: when the server could not be reached or did not send it.
        WrongContentError: when what came in is another content, twice.
        OSError: when it cannot be written.
    """
    part = _part(target)
    with _alone(part, label):
        if target.is_file() and digest(target) == expected:
            return
        coming = _Coming(address, part, label)
        for wrong in range(1, _WRONG_TRIES + 1):
            # a download that was killed may have been whole
            if not (part.is_file() and digest(part) == expected):
                coming.bring()
            found = digest(part)
            if found == expected:
                part.replace(target)
                return
            part.unlink()
            if wrong == _WRONG_TRIES:
                raise WrongContentError(found)


def clear_leftovers(folder: Path, wanted: Iterable[Path]) -> None:
    """Delete what killed downloads left in a folder and those below it.

    Parts of the wanted files stay, to resume from, and so do those of downloads that are running.
    """
    keep = {_part(target) for target in wanted}
    for path in list(folder.rglob(f"{_PREFIX}*")):
        part = path.with_name(path.name.removesuffix(_LOCK))
        if part not in keep:
            _delete_unless_running(part)


def _part(target: Path) -> Path:
    """Where a file comes in; a name of any length makes a short one."""
    return target.with_name(_PREFIX + hashlib.sha256(target.name.encode()).hexdigest()[:16])


def _delete_unless_running(part: Path) -> None:
    from filelock import FileLock, Timeout

    lock = part.with_name(part.name + _LOCK)
    with suppress(Timeout, OSError), FileLock(lock, timeout=0):
        part.unlink(missing_ok=True)
        lock.unlink(missing_ok=True)


@contextmanager
def _alone(part: Path, label: str) -> Iterator[None]:
    """While no other process downloads the same file; the lock ends with its process."""
    from filelock import FileLock, Timeout

    path = part.with_name(part.name + _LOCK)
    lock = FileLock(path)
    try:
        lock.acquire(timeout=_PATIENCE)
    except Timeout:
        print(f"{label}: another process is downloading it; waiting", file=sys.stderr)
        lock.acquire()
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        lock.release()


class _Coming:
    """A file that comes in over several tries."""

    def __init__(self, address: str, part: Path, label: str) -> None:
        self._address, self._part, self._label = address, part, label
        self._takes_parts = False
        self._most, self._tries, self._in_vain = 0, 0, 0

    def bring(self) -> None:
        """Bring the file in, trying again as long as there is hope."""
        import requests
        from tenacity import Retrying, retry_if_exception

        self._tries = self._in_vain = 0
        tries = Retrying(
            retry=retry_if_exception(_may_pass), stop=self._hopeless, wait=self._wait, reraise=True
        )
        try:
            tries(self._go_on)
        except requests.RequestException as error:
            after = f", after {self._tries} tries" if self._tries > 1 else ""
            raise DownloadError(f"{_reason(error)}{after}") from error
        finally:
            whole = sys.exc_info()[0] is None
            if not whole and (not self._takes_parts or self._size() == 0):
                self._part.unlink(missing_ok=True)

    def _go_on(self) -> None:
        import pooch

        begun = self._size()
        # Compressed, a part of the file would not be a part of what is sent.
        headers = {"Accept-Encoding": "identity"}
        if begun:
            headers["Range"] = f"bytes={begun}-"
        with (
            ExitStack() as responses,
            self._part.open("ab") as stream,
            download_bar(self._label) as bar,
        ):

            def answered(response: "requests.Response", **_: object) -> None:
                responses.callback(response.close)
                self._answered(response, begun, stream)

            fetch = pooch.HTTPDownloader(
                progressbar=bar, chunk_size=_CHUNK, headers=headers, hooks={"response": answered}
            )
            fetch(self._address, stream, None)

    def _answered(self, response: "requests.Response", begun: int, stream: BinaryIO) -> None:
        """Begin again where the server does not send what was asked for."""
        import requests

        if response.status_code in (200, 206):
            by_bytes = response.headers.get("Accept-Ranges") == "bytes"
            self._takes_parts = response.status_code == 206 or by_bytes
        asked = response.headers.get("Content-Range", "").startswith(f"bytes {begun}-")
        other_part = response.status_code == 206 and not asked
        if response.status_code in (200, 416) or other_part:
            stream.truncate(0)
        if other_part:
            raise requests.ConnectionError("another part than asked for", response=response)

    def _size(self) -> int:
        return self._part.stat().st_size if self._part.is_file() else 0

    def _hopeless(self, state: "RetryCallState") -> bool:
        size = self._size()
        self._tries += 1
        self._in_vain = 0 if size > self._most else self._in_vain + 1
        self._most = max(size, self._most)
        return self._in_vain >= MOST_TRIES

    def _wait(self, state: "RetryCallState") -> float:
        error = state.outcome.exception() if state.outcome else None
        response = getattr(error, "response", None)
        reached = response is not None or self._size() > 0
        wait = (FIRST_WAIT if reached else FIRST_WAIT / 2) * 2.0**self._in_vain
        asked = "" if response is None else str(response.headers.get("Retry-After", ""))
        return min(max(wait, float(asked) if asked.isdecimal() else 0.0), _LONGEST_WAIT)


def _may_pass(error: BaseException) -> bool:
    """Whether a failure may be over at the next try."""
    import requests

    if isinstance(error, requests.HTTPError) and error.response is not None:
        return error.response.status_code in _TRANSIENT
    lasting = (requests.exceptions.SSLError, requests.exceptions.InvalidURL)
    return isinstance(error, requests.RequestException) and not isinstance(error, lasting)


def _reason(error: "requests.RequestException") -> str:
    if error.response is not None:
        return f"HTTP status {error.response.status_code}"
    kind = type(error).__name__
    if "ChunkedEncoding" in kind:
        return "the connection broke off"
    return "no connection" if "onnection" in kind or "Timeout" in kind else kind
