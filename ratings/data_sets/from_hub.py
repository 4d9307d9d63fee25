"""Data by request that the Hugging Face hub gives to whoever accepted their terms there.

The source publishes no hash. So the newest commit is looked up once and written down, and what is
read from then on is that commit: a copy of its table as CSV, in the layout of a file by hand.
"""

import re
from pathlib import Path

from ratings.errors import DataMissingError
from ratings.output.atomic_write import write_whole
from ratings.sources.cards import Card
from ratings.sources.fetch import check_terms
from ratings.sources.hub import hub_errors, quiet, resolve_commit
from ratings.sources.locations import cache_root

_COMMIT = re.compile(r"[0-9a-f]{40}")


def fetch_from_hub(card: Card) -> tuple[Path, str]:
    """Download the table of a card that is given by request, unless it is here already.

    Returns:
        The copy on this machine, and the commit of the hub that it is of.

    Raises:
        TermsError: when the card's terms are not accepted.
        DataMissingError: when the hub does not give it; says what to do.
    """
    from datasets import load_dataset

    check_terms(card)
    dataset, _, config = str(card.hub).rpartition("/")
    try:
        commit = pinned_commit(card) or resolve_commit(dataset)
        path = _copy(card, commit)
        if not path.is_file():
            with quiet(), hub_errors(dataset, commit):
                table = load_dataset(dataset, config, split="train", revision=commit)
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, table.with_format(None).to_pandas().to_csv(index=False))
    except DataMissingError as error:
        by_hand = f"VALUEGAUGE_DATA/{card.id}/{config}/{config}.csv"
        raise DataMissingError(f"{error}; a file got by hand goes to {by_hand}") from error
    write_whole(_record(card), commit)
    return path, commit


def pinned_commit(card: Card) -> str | None:
    """The commit that was written down when the card was fetched, or None."""
    try:
        found = _record(card).read_text(encoding="utf-8").strip()
    except OSError:
        return None
    if not _COMMIT.fullmatch(found):
        raise DataMissingError(f"{_record(card)} holds no commit; delete it and fetch {card.id}")
    return found


def copy_from_hub(card: Card) -> tuple[Path, str] | None:
    """The copy that was fetched and its commit, or None where there is none."""
    commit = pinned_commit(card) if card.hub else None
    if commit is None or not _copy(card, commit).is_file():
        return None
    return _copy(card, commit), commit


def _record(card: Card) -> Path:
    return cache_root() / card.id / "hub-commit"


def _copy(card: Card, commit: str) -> Path:
    config = str(card.hub).rpartition("/")[2]
    return cache_root() / card.id / commit / config / f"{config}.csv"
