"""`valuegauge export`: the leaderboard in the formats of others."""

from pathlib import Path

import click

from evals.cli.shared_options.completions import completing


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
@click.option(
    "--rows",
    metavar="NAMES",
    multiple=True,
    help="Only these rows: names with commas between them; may be repeated.",
)
@click.option(
    "--scores",
    metavar="NAMES",
    multiple=True,
    help="Only these scores, or families of scores; likewise.",
)
@click.option(
    "--push",
    "repository",
    metavar="OWNER/NAME",
    help="With --format hugging-face: put the tables on the hub as this data set, made private "
    "when it is not there yet.",
)
@click.option("--public", is_flag=True, help="With --push: everybody may read a new data set.")
def export(
    store: Path,
    name: str,
    out: str,
    table: str | None,
    rows: tuple[str, ...],
    scores: tuple[str, ...],
    repository: str | None,
    public: bool,
) -> int:
    """Write the tables of a store as JSON, CSV, Markdown, LaTeX, SVG, or for other collections.

    What is left out of a format is said on standard error.
    """
    from leaderboard import exports
    from leaderboard.board.kept_board import kept_board
    from leaderboard.exports.formats import FILES, FOLDERS, PRINTED
    from leaderboard.exports.push import push
    from leaderboard.exports.selection import names_in, row_names, selected
    from ratings.errors import unknown_name

    if name not in exports.FORMATS:
        raise unknown_name("export format", name, exports.FORMATS)
    if repository is not None and name != "hugging-face":
        raise click.UsageError("--push goes with --format hugging-face")
    if public and repository is None:
        raise click.UsageError("--public goes with --push")
    if out == "-" and name in FOLDERS and repository is None:
        raise click.UsageError(f"{name} writes a folder; name it with --out")
    for option, given in (("--rows", rows), ("--scores", scores)):
        if given and not names_in(given, ()):
            raise click.UsageError(f"{option} names nothing: {', '.join(given)[:80]!r}")
    board = kept_board(store)
    if table is not None:
        board = exports.one_table(board, table)
    board = selected(
        board,
        names_in(rows, row_names(board)),
        names_in(scores, ()),
        headline=name in PRINTED,
    )
    if repository is not None:
        click.echo(push(board, repository, public=public))
    if out == "-" and name in FILES:
        click.echo(FILES[name](board).encode(), nl=False)
    elif out != "-":
        for path in exports.export(board, name, Path(out)):
            click.echo(path)
    for note in exports.notes(board, name):
        click.echo(note, err=True)
    return 0
