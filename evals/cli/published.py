"""`valuegauge published`: the tables of the Value Portrait paper, recomputed cell by cell."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from ratings.errors import DataMissingError
from ratings.output.console import make_console
from ratings.output.json_values import json_object
from ratings.output.numbers import interval, number
from ratings.output.tables import Table

if TYPE_CHECKING:
    from leaderboard.published.recomputed import Alpha, Cell

WAYS = ("careful", "parser", "tags", "published")


@click.command()
@click.option(
    "--model",
    "models",
    multiple=True,
    help="A model as the paper's tables name it; may be given several times. One that is not at "
    "hand is downloaded. Default: all that are at hand.",
)
@click.option("--all", "everything", is_flag=True, help="All 33 models, up to 260 MB to download.")
@click.option("--json", "as_json", is_flag=True, help="Print every cell as JSON.")
def published(models: tuple[str, ...], everything: bool, as_json: bool) -> None:
    """Recompute Tables 4 to 7 of the Value Portrait paper from recorded answers.

    Every printed cell is compared with our reading and, step by step, with that of the source.
    """
    from leaderboard.published import recomputed

    printed = recomputed.printed_models()
    named = printed if everything else models or recomputed.models_at_hand()
    chosen = list(dict.fromkeys(named))
    if not chosen:
        raise DataMissingError(
            "no recording of the paper's models is at hand; name some with --model, take --all, or "
            "set VALUEGAUGE_DATA to a folder of mirrors"
        )
    cells = recomputed.recomputed_cells(chosen)
    alphas = recomputed.recomputed_alphas(chosen)
    if as_json:
        document = {"models": chosen, "of": len(printed), **_as_json(cells, alphas)}
        click.echo(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False))
        return
    console = make_console()
    console.print(
        f"Cells of Han et al. (2025) that the recorded answers come to, {len(chosen)} of its "
        f"{len(printed)} models:"
    )
    for name, way in recomputed.WAYS.items():
        console.print(f"  {name}: {way.added}", highlight=False)
    for title in dict.fromkeys(cell.table for cell in cells):
        console.print(_hits(title, [cell for cell in cells if cell.table == title]))
    console.print(_hits("Together", cells, by_model=False))
    for name in ("careful", "published"):
        missed = [cell for cell in cells if not cell.hit(name)]
        if missed:
            console.print(_missed(name, missed))
    _print_alphas(alphas, console)


def _hits(title: str, cells: "Sequence[Cell]", *, by_model: bool = True) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("model" if by_model else "", overflow="fold")
    for head in ("cells", *WAYS):
        table.add_column(head, justify="right")
    models = list(dict.fromkeys(cell.rater for cell in cells))
    parts = [(m, [cell for cell in cells if cell.rater == m]) for m in models] if by_model else []
    for name, part in [*parts, ("all", cells)]:
        table.add_row(name, str(len(part)), *(str(sum(c.hit(way) for c in part)) for way in WAYS))
    return table


def _missed(way: str, cells: "Sequence[Cell]") -> Table:
    table = Table(title=f"Cells that {way} does not come to", title_justify="left")
    for head in ("table", "model", "score"):
        table.add_column(head, overflow="fold")
    for head in ("printed", way):
        table.add_column(head, justify="right")
    for cell in cells:
        values = number(cell.printed), number(cell.values[way], 4)
        table.add_row(cell.table, cell.rater, cell.score, *values)
    return table


def _print_alphas(alphas: "Sequence[Alpha]", console: Console) -> None:
    if not alphas:
        return
    table = Table(
        title="Table 4: Cronbach's alpha in the source's reading, over "
        f"{alphas[0].models} of its 27 models in six variants; printed are those of all 27",
        title_justify="left",
    )
    table.add_column("value")
    for head in ("printed", "alpha", "95% interval", "complete rows"):
        table.add_column(head, justify="right")
    for one in alphas:
        found = number(one.found.value), interval(one.found)
        table.add_row(one.name, number(one.printed), *found, str(one.rows))
    console.print(table)


def _as_json(cells: "Sequence[Cell]", alphas: "Sequence[Alpha]") -> dict[str, Any]:

    tables = dict.fromkeys(cell.table for cell in cells)
    return json_object(
        {
            "tables": {title: _counts([c for c in cells if c.table == title]) for title in tables},
            "together": _counts(cells),
            "cells": [
                {**asdict(cell), "hits": [way for way in WAYS if cell.hit(way)]} for cell in cells
            ],
            "table_4": [asdict(one) for one in alphas],
        }
    )


def _counts(cells: "Sequence[Cell]") -> dict[str, int]:
    return {"cells": len(cells), **{way: sum(cell.hit(way) for cell in cells) for way in WAYS}}
