"""Files of a card: found in the mirror or the cache, or downloaded; never used unchecked."""

import hashlib
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote

from ratings.errors import DataError, DataMissingError, HashMismatchError, TermsError
from ratings.output.atomic_write import written_aside
from ratings.sources.cards import Card, CardFile, packaged_folder
from ratings.sources.download import DownloadError, WrongContentError, clear_leftovers, download
from ratings.sources.locations import acceptance_record, cache_root, mirror_root


@dataclass(frozen=True)
class FileStatus:
    """Where a file was found and whether it is what the card says.

    Attributes:
        state: `good`, `missing` or `changed` (another hash than the card's).
    """

    file: CardFile
    path: Path
    state: str


def content_digest(path: Path, algorithm: str) -> str:
    """Hexadecimal digest of a file: `sha256`, or `git_blob`, the SHA-1 that git names it by."""
    if algorithm == "sha256":
        digest = hashlib.sha256()
    else:
        digest = hashlib.sha1(f"blob {path.stat().st_size}\0".encode(), usedforsecurity=False)
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def fetch(
    card: Card, groups: Iterable[str] | None = None, *, accept_terms: bool = False
) -> dict[str, Path]:
    """Paths of the checked files of some groups (default: all), downloading what is not at hand.

    Looks in the package (samples), then `VALUEGAUGE_DATA/<card id>/<path>` (or the card's folder
    there), then the user's
    cache, then downloads into the cache: aside first, checked, then renamed; see `download` for
    what happens when that fails. Where the source does not answer and the card names the same
    files on the Hugging Face hub, they come from there. What killed downloads of the card left
    behind is deleted.

    Returns:
        The source's path of each file, and where it lies on this machine.

    Raises:
        DataMissingError: a file is nowhere and could not be downloaded.
        HashMismatchError: a file is there with another content; it is not used.
        TermsError: a download, or data asked for from its owner, needs terms to be accepted
            first.
        UnknownNameError: for a group that the card does not have.
    """
    card = card.of_files()
    if card.by_request is not None:
        check_terms(card, accept_terms)
    wanted = [card.files(group) for group in groups] if groups is not None else [card.files()]
    if card.download is not None:
        absent = [_cache_folder(card) / file.path for files in wanted for file in files]
        clear_leftovers(cache_root() / card.id, [path for path in absent if not path.is_file()])
    return {file.path: _fetch_file(card, file, accept_terms) for files in wanted for file in files}


def verify(card: Card, groups: Iterable[str] | None = None) -> list[FileStatus]:
    """State of each file of some groups (default: all), without downloading anything."""
    card = card.of_files()
    wanted = [card.files(group) for group in groups] if groups is not None else [card.files()]
    return [_status(card, file) for files in wanted for file in files]


def accept(card: Card) -> None:
    """Record that the user accepted the card's terms at its revision."""
    record = acceptance_record(card.id, card.revision)
    record.parent.mkdir(parents=True, exist_ok=True)
    record.write_text(card.terms or "", encoding="utf-8")


def check_terms(card: Card, accept_terms: bool = False) -> None:
    """Make sure that the user accepted the card's terms, where it has any, once for all.

    Raises:
        TermsError: when they did not; says how to.
    """
    if card.terms is None or acceptance_record(card.id, card.revision).is_file():
        return
    if not accept_terms:
        raise TermsError(
            f"{card.id} has terms: {card.terms.strip()} "
            f"To accept them: valuegauge data fetch {card.id} --accept-terms"
        )
    accept(card)


def candidate_paths(card: Card) -> list[Path]:
    """Everywhere the card's files are looked for, the place that is used first of each first."""
    card = card.of_files()
    return [path for file in card.files() for path in _candidates(card, file)]


def _candidates(card: Card, file: CardFile) -> list[Path]:
    if card.packaged is not None:
        return [packaged_folder(card) / file.path]
    if card.own_folder is not None:
        return [Path(card.own_folder) / file.path]
    mirror = mirror_root()
    folders = [mirror / (card.mirror or card.id)] if mirror is not None else []
    return [folder / file.path for folder in [*folders, _cache_folder(card)]]


def _cache_folder(card: Card) -> Path:
    return cache_root() / card.id / card.revision


def _status(card: Card, file: CardFile) -> FileStatus:
    candidates = _candidates(card, file)
    path = next((path for path in candidates if path.is_file()), None)
    if path is None:
        return FileStatus(file, candidates[-1], "missing")
    good = content_digest(path, file.algorithm) == file.digest
    return FileStatus(file, path, "good" if good else "changed")


def _fetch_file(card: Card, file: CardFile, accept_terms: bool) -> Path:
    status = _status(card, file)
    if status.state == "changed":
        found = content_digest(status.path, file.algorithm)
        remedy = "Nothing was used. Delete or replace the file"
        raise _mismatch(card, file, status.path, found, remedy)
    if status.state == "good":
        return status.path
    if card.download is None:
        raise DataMissingError(
            f"{card.id}: {file.path} is missing from the installed package; reinstall valuegauge"
        )
    check_terms(card, accept_terms)
    return _download(card, file)


def _download(card: Card, file: CardFile) -> Path:
    target = _cache_folder(card) / file.path
    address = str(card.download).format(revision=card.revision, path=quote(file.path))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        digest = partial(content_digest, algorithm=file.algorithm)
        download(address, target, file.path, digest, file.digest)
    except DownloadError as error:
        if not _from_hub(card, file, target):
            raise DataMissingError(_missing_message(card, file, str(error))) from error
    except WrongContentError as error:
        remedy = f"The download from {address} was thrown away; try again"
        raise _mismatch(card, file, target, str(error), remedy) from error
    except OSError as error:
        reason = error.strerror or error
        raise DataMissingError(
            f"{card.id}: {file.path} cannot be written to the cache {target.parent}: {reason}"
        ) from error
    return target


def _from_hub(card: Card, file: CardFile, target: Path) -> bool:
    """Whether the hub gave the file that it has instead of this one.

    Its newest state will do, because the digest says which content is meant.
    """
    if card.hub is None or file.hub is None:
        return False
    from ratings.sources.hub import hub_file

    try:
        found = hub_file(card.hub, file.hub, "main")
    except DataMissingError:
        return False
    digest = content_digest(found, file.algorithm)
    if digest != file.digest:
        remedy = f"What came from {card.hub} on the hub was thrown away; try again later"
        raise _mismatch(card, file, found, digest, remedy)
    with written_aside(target) as aside:
        shutil.copyfile(found, aside)
    return True


def _missing_message(card: Card, file: CardFile, reason: str) -> str:
    mirror = mirror_root()
    searched = [str(mirror / (card.mirror or card.id)) if mirror else "VALUEGAUGE_DATA (not set)"]
    searched.append(f"the cache {_cache_folder(card)}")
    return (
        f"{card.id}: {file.path} not found in {' or '.join(searched)}, and the download failed "
        f"({reason}). Either run `valuegauge data fetch {card.id}` where there is "
        f"a network, or set VALUEGAUGE_DATA to a folder of mirrors"
    )


def _mismatch(card: Card, file: CardFile, path: Path, found: str, remedy: str) -> DataError:
    return HashMismatchError(
        f"{card.id}: {path} is not the file of the card: expected {file.algorithm} {file.digest}, "
        f"found {found}. {remedy}, then `valuegauge data verify {card.id}`"
    )
