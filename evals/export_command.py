"""`valuegauge export`: the leaderboard in the formats of others."""

from pathlib import Path

import click

from evals.completions import completing


def _format_names() -> list[str]:
    from leaderboard import exports

    return list(exports.FORMATS)


@click.command()
@click.option("--store", required=True, type=click.Path(path_type=Path), help="The store of runs.")
@click.option(
    "--format",
    "name",
    required=True,
    shell_complete=completing(_format_names),
    help="What to write; an unknown one lists all.",
)
@click.option(
    "--out", default="-", show_default=True, help="File or folder to write; - prints one file."
)
@click.option("--table", help="Only the table of this id.")
def export(store: Path, name: str, out: str, table: str | None) -> int:
    """Write the tables of a store as JSON, CSV, Markdown, LaTeX, or for other collections.

    What is left out of a format is said on standard error.
    """
    from leaderboard import exports
    from leaderboard.board import read_board
    from leaderboard.exports.formats import FILES, FOLDERS
    from ratings.errors import unknown_name

    if name not in exports.FORMATS:
        raise unknown_name("export format", name, exports.FORMATS)
    if out == "-" and name in FOLDERS:
        raise click.UsageError(f"{name} writes a folder; name it with --out")
    board = read_board(store)
    if table is not None:
        board = exports.one_table(board, table)
    if out == "-":
        click.echo(FILES[name](board).encode(), nl=False)
    else:
        for path in exports.export(board, name, Path(out)):
            click.echo(path)
    for note in exports.notes(board, name):
        click.echo(note, err=True)
    return 0
