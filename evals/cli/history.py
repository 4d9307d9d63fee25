"""`valuegauge history`: what drifted over many checks."""

import json
from pathlib import Path

import click

from evals.exit_codes import GATE_FAILED
from ratings.output.console import make_console, say
from ratings.output.numbers import number
from ratings.output.tables import Table, plain
from ratings.output.text import one_line
from ratings.sources.locations import resolve_from_start

_PATH = click.Path(path_type=Path)

_CAPTION = (
    "average: of the differences so far, begun at 0, the latest weighing most; it has drifted "
    "where it is beyond its limit"
)


@click.command()
@click.argument("folder", type=_PATH)
@click.option("--picture", type=_PATH, help="Draw control charts to an .svg, .png or .pdf file.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def history(folder: Path, picture: Path | None, as_json: bool) -> int:
    """Say what drifted over the checks in FOLDER, files that `check --json` wrote.

    Exit code 1 when a score has drifted.
    """
    from evals.check.history import draw_history, read_history

    found = read_history(resolve_from_start(str(folder)))
    if picture:
        draw_history(resolve_from_start(str(picture)), found)
    if len(found) > len({one.benchmark for one in found}):
        click.echo(
            f"{folder} holds checks of several models or baselines; each is charted by itself",
            err=True,
        )
    drifted = any(one.drifted for one in found)
    if as_json:
        click.echo(json.dumps([one.as_json() for one in found], indent=2, allow_nan=False))
        return GATE_FAILED if drifted else 0
    console = make_console()
    for one in found:
        say(console, one.sentence)
        table = Table(box=None, padding=(0, 1, 0, 0), header_style="dim", caption=_CAPTION)
        table.caption_justify = "left"
        table.add_column("score")
        for head in ("checks", "first", "last", "average", "limit"):
            table.add_column(head, justify="right")
        table.add_column("")
        for score, part in one.table.groupby("score", sort=False):
            last = part.iloc[-1]
            numbers = (
                part["difference"].iloc[0],
                last["difference"],
                last["average"],
                last["limit"],
            )
            cells = [plain(one_line(str(score))), str(len(part)), *map(number, numbers)]
            table.add_row(*cells, "drifted" if last["drifted"] else "")
        console.print(table)
    return GATE_FAILED if drifted else 0
