"""`valuegauge data`: the sources behind the benchmarks, and their files on this machine."""

import json
from collections.abc import Sequence
from typing import Any

import click

from evals.cli.shared_options.completions import card_names, completing, set_names
from ratings.data_sets.from_hub import fetch_from_hub
from ratings.output.console import make_console
from ratings.output.tables import Table
from ratings.sources.cards import Card, card_ids, load_card
from ratings.sources.croissant import croissant as croissant_of
from ratings.sources.fetch import FileStatus, fetch, verify
from ratings.sources.locations import mirror_root

FAILED, MISSING = 1, 3
_MOST_CHOICES, _MOST_LABELS = 5, 12  # different lists of choices to print, and labels of each

_card = click.argument("card_id", metavar="CARD", shell_complete=completing(card_names))
_groups = click.option(
    "--group", "groups", multiple=True, help="Only this group of files; may be repeated."
)
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def data() -> None:
    """List, fetch and check the files of the data cards."""


@data.command("list")
@_json
def list_cards(as_json: bool) -> None:
    """List the data cards, with the groups of files of each."""
    cards = [load_card(card_id) for card_id in card_ids()]
    if as_json:
        click.echo(json.dumps([_summary(card) for card in cards], indent=2))
        return
    table = Table("card", "what", "licence", "files", "synthetic")
    for card in cards:
        synthetic = "yes" if card.synthetic else "no"
        table.add_row(card.id, card.title, card.licence, str(len(card.files())), synthetic)
    make_console().print(table)


@data.command("fetch")
@_card
@_groups
@click.option("--accept-terms", is_flag=True, help="Accept the source's terms, where it has any.")
@_json
def fetch_files(card_id: str, groups: Sequence[str], accept_terms: bool, as_json: bool) -> None:
    """Make sure that CARD's files are on this machine, downloading what is missing."""
    card = load_card(card_id)
    paths = fetch(card, groups or None, accept_terms=accept_terms)
    mirror = mirror_root()
    by_hand = mirror is not None and (mirror / card_id).is_dir()
    if card.by_request is not None and card.hub is not None and not by_hand:
        path, commit = fetch_from_hub(card)
        _print_paths({path.name: str(path)}, as_json)
        click.echo(f"{card_id}: at commit {commit} of {card.by_request}", err=True)
        return
    if card.by_request is not None:
        _print_paths({}, as_json)
        accepted = "" if card.terms is None else "terms accepted; "
        click.echo(f"{card_id}: {accepted}ask for the data at {card.by_request}", err=True)
        return
    _print_paths({path: str(local) for path, local in paths.items()}, as_json)
    click.echo(f"{card_id}: {len(paths)} files at hand and checked", err=True)


@data.command("path")
@_card
@_groups
@_json
def print_paths(card_id: str, groups: Sequence[str], as_json: bool) -> int:
    """Print where the files of CARD that are at hand lie; downloads nothing."""
    found = verify(load_card(card_id), groups or None)
    there = {status.file.path: str(status.path) for status in found if status.state == "good"}
    _print_paths(there, as_json)
    if len(there) < len(found):
        click.echo(f"{card_id}: {len(found) - len(there)} of {len(found)} files missing", err=True)
    return 0 if len(there) == len(found) else MISSING


@data.command("verify")
@_card
@_groups
@_json
def verify_files(card_id: str, groups: Sequence[str], as_json: bool) -> int:
    """Check the files of CARD that are at hand against the card's hashes; downloads nothing."""
    found = verify(load_card(card_id), groups or None)
    if as_json:
        click.echo(json.dumps([_status_json(status) for status in found], indent=2))
    else:
        for status in found:
            click.echo(f"{status.state:8}{status.file.path}")
    states = [status.state for status in found]
    counts = ", ".join(f"{states.count(s)} {s}" for s in ("good", "missing", "changed"))
    click.echo(f"{card_id}: {counts}", err=True)
    if "changed" in states:
        return FAILED
    return MISSING if "missing" in states else 0


@data.command("croissant")
@_card
def print_croissant(card_id: str) -> None:
    """Print CARD as Croissant JSON-LD."""
    click.echo(json.dumps(croissant_of(load_card(card_id)), indent=2, ensure_ascii=False))


@data.command("check")
@click.argument("name", metavar="NAME", shell_complete=completing(set_names, files=True))
@_json
def check_data_set(name: str, as_json: bool) -> int:
    """Load the data set NAME, or one's own ratings from a file, and check its counts."""
    from ratings.data_sets.registry import load_data_set, read_counts  # pandas takes its time

    found, notes = load_data_set(name)
    counts = read_counts(found)
    choices = [list(labels) for labels in dict.fromkeys(found.table.choices)][:_MOST_CHOICES]
    measured = [column for columns in found.measured.values() for column in columns]
    if as_json:
        listing = {
            "name": found.name,
            "synthetic": found.synthetic,
            "counts": counts,
            "ordered": found.ordered,
            "choices": choices,
            "demographics": list(found.demographics),
            "measured": measured,
        }
        click.echo(json.dumps({**listing, "notes": notes}, indent=2, ensure_ascii=False))
    else:
        for what, number in counts.items():
            click.echo(f"{what.replace('_', ' '):16}{number}")
        if found.card is None:
            for labels in choices:
                click.echo(f"{'choices':16}{_few(labels)}")
            click.echo(f"{'in order':16}{'yes' if found.ordered else 'no'}")
            click.echo(f"{'measured':16}{', '.join(measured) or 'nothing'}")
        for note in notes:
            click.echo(f"{found.name}: {note}", err=True)
    return FAILED if notes and found.card is not None else 0


def _print_paths(paths: dict[str, str], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(paths, indent=2))
        return
    for local in paths.values():
        click.echo(local)


def _few(labels: list[str]) -> str:
    """Labels in a line, only the first and the last of many."""
    shown = labels if len(labels) <= _MOST_LABELS else [*labels[:3], "...", labels[-1]]
    return ", ".join(shown)


def _summary(card: Card) -> dict[str, Any]:
    return {
        "id": card.id,
        "title": card.title,
        "homepage": card.homepage,
        "licence": card.licence,
        "revision": card.revision,
        "synthetic": card.synthetic,
        "by_request": card.by_request,
        "terms": card.of_files().terms,
        "groups": {group: len(files) for group, files in card.of_files().groups.items()},
        "counts": dict(card.counts),
        "rounded": dict(card.rounded),
    }


def _status_json(status: FileStatus) -> dict[str, str]:
    return {"path": status.file.path, "state": status.state, "local": str(status.path)}
