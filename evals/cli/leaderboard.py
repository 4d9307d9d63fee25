"""`valuegauge leaderboard`: logs into a store, runs out of it, stores into one, a site."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from evals.exit_codes import MISSING
from ratings.errors import DataMissingError
from ratings.sources.locations import resolve_from_start

_PATH = click.Path(path_type=Path)


def store_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """The option `--store`."""
    return click.option(
        "--store", type=_PATH, required=True, help="The DuckDB file with the runs."
    )(function)


@click.group()
def leaderboard() -> None:
    """Many runs side by side: collect logs, merge stores, build a site."""


@leaderboard.command()
@click.argument("logs", nargs=-1, required=True, type=_PATH)
@store_option
@click.option("--again", is_flag=True, help="Read logs of runs that were removed, too.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def collect(logs: tuple[Path, ...], store: Path, again: bool, as_json: bool) -> int:
    """Read LOGS, Inspect logs or folders of them, into a store, each run once."""
    from leaderboard.store.collect import collect as collect_logs

    found = collect_logs([_here(path) for path in logs], _here(store), again=again)
    for path, reason in found.left_out:
        click.echo(f"left out {path.name}: {reason}", err=True)
    for path in found.superseded:
        click.echo(f"passed over {path.name}: the store has a better log of this run", err=True)
    if as_json:
        output = {
            "added": [path.name for path in found.added],
            "known": [path.name for path in found.known],
            "superseded": [path.name for path in found.superseded],
            "left_out": {path.name: reason for path, reason in found.left_out},
        }
        click.echo(json.dumps(output, indent=2))
    else:
        click.echo(
            f"{_counted(len(found.added), 'log')} went in, {len(found.known):,} were known, "
            f"{len(found.superseded):,} passed over, {len(found.left_out):,} left out"
        )
    read = found.added or found.known or found.superseded
    return 0 if read else MISSING


@leaderboard.command()
@click.argument("runs", metavar="RUN...", nargs=-1, required=True)
@store_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def remove(runs: tuple[str, ...], store: Path, as_json: bool) -> int:
    """Take each RUN, an id or the beginning of one, out of a store.

    Its logs stay known: `collect` passes them over, and `collect --again` reads them.
    """
    from leaderboard.store.store import open_store
    from leaderboard.store.store import remove as remove_runs

    path = _here(store)
    if not path.is_file():
        raise DataMissingError(f"there is no store at {path}")
    with open_store(path, write=True) as connection:
        removed = remove_runs(connection, runs)
    if as_json:
        click.echo(json.dumps({"removed": removed}, indent=2))
    else:
        for run in removed:
            output = f"removed {run['run']}: {run['benchmark']} of {run['rater']} ({run['log']})"
            click.echo(" ".join(output.split()))
    return 0


@leaderboard.command()
@click.argument("stores", nargs=-1, required=True, type=_PATH)
@store_option
def merge(stores: tuple[Path, ...], store: Path) -> int:
    """Join STORES of other groups into a store, without their logs."""
    from leaderboard.store.merge import merge as merge_stores

    went_in, known = merge_stores([_here(path) for path in stores], _here(store))
    click.echo(f"{_counted(went_in, 'run')} went in, {known:,} stayed as they were")
    return 0


@leaderboard.command()
@store_option
@click.option("--out", type=_PATH, required=True, help="The folder of the site.")
@click.option(
    "--study",
    "studies",
    type=_PATH,
    multiple=True,
    help="A folder that a study wrote, for a page of its own; may be repeated.",
)
def build(store: Path, out: Path, studies: tuple[Path, ...]) -> int:
    """Build a static site from a store."""
    from leaderboard.board.kept_board import kept_board
    from leaderboard.site.build import build_site
    from leaderboard.site.study_pages import read_studies

    pages = read_studies([_here(path) for path in studies])
    board = kept_board(_here(store))
    written = build_site(board, _here(out), pages)
    shown, apart = (sum(len(t["rows"]) for t in board["tables"]), len(board["apart"]))
    of_studies = f"; {len(pages)} of studies" if pages else ""
    click.echo(
        f"{_counted(len(written), 'file')}, {_counted(len(board['tables']), 'table')} with "
        f"{_counted(shown, 'row')}; {_counted(apart, 'run')} apart{of_studies}. "
        f"Open {out / 'index.html'}"
    )
    return 0


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _here(path: Path) -> Path:
    return resolve_from_start(str(path))
