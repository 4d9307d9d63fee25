"""The formats of the leaderboard, and writing one of them."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from leaderboard.exports.board_json import board_json
from leaderboard.exports.every_eval_ever import every_eval_ever
from leaderboard.exports.figure_svg import figure_svg
from leaderboard.exports.hugging_face import hugging_face, personas_left_out
from leaderboard.exports.own_runs import left_out
from leaderboard.exports.selection import why_empty
from leaderboard.exports.table_parts import Board
from leaderboard.exports.tables_csv import runs_csv, scores_csv
from leaderboard.exports.tables_latex import tables_latex
from leaderboard.exports.tables_markdown import tables_markdown
from ratings.errors import DataError, unknown_name
from ratings.output.atomic_write import write_whole
from ratings.output.kept_folder import write_folder

FILES: dict[str, Callable[[Board], str]] = {
    "json": board_json,
    "csv": scores_csv,
    "csv-runs": runs_csv,
    "markdown": tables_markdown,
    "latex": tables_latex,
    "svg-column": partial(figure_svg, width="column"),
    "svg-page": partial(figure_svg, width="page"),
}
# Formats that show headline scores; those asked for by name take their place.
PRINTED = ("markdown", "latex", "svg-column", "svg-page")
FOLDERS: dict[str, Callable[[Board], dict[str, str]]] = {
    "every-eval-ever": every_eval_ever,
    "hugging-face": hugging_face,
}
FORMATS: dict[str, Callable[[Board], object]] = {**FILES, **FOLDERS}


def export(board: Board, format: str, out: Path) -> list[Path]:
    """Write the board in one format.

    Args:
        board: what `leaderboard.board.board` reads from a store.
        format: one of `FORMATS`.
        out: the file to write, replaced if it is there; for a format of many files the folder,
            in which those of the last export are replaced and everything else stays.

    Returns:
        The files written, sorted.

    Raises:
        UnknownNameError: for another format.
        DataError: when `out` cannot be written, a file that the last export did not write would
            be overwritten, or the board has nothing for this format.
    """
    if format not in FORMATS:
        raise unknown_name("export format", format, FORMATS)
    if not out.parent.is_dir():
        raise DataError(f"there is no folder {out.parent} to write {out.name} in")
    if format in FILES:
        return [_write_file(FILES[format](board), out)]
    files = FOLDERS[format](board)
    if not files:
        why = "; ".join(["the tables hold no run of a model", *notes(board, format)])
        raise DataError(f"nothing to export as {format}: {why}")
    return write_folder(out, lambda folder: _write_files(files, folder))


def notes(board: Board, format: str) -> list[str]:
    """What a format leaves out of the board, and why it is empty, one sentence each."""
    if format in FILES:
        reason = why_empty(board)
        return [reason] if reason else []
    return left_out(board) + (personas_left_out(board) if format == "hugging-face" else [])


def one_table(board: Board, table: str) -> dict[str, Any]:
    """The board with one of its tables alone, and what belongs to it.

    Raises:
        UnknownNameError: when the board does not have the table.
    """
    names = [one["id"] for one in board["tables"]]
    if table not in names:
        raise unknown_name("table", table, names)
    return {
        **board,
        "tables": [one for one in board["tables"] if one["id"] == table],
        "apart": [run for run in board["apart"] if run["table"] == table],
        "convergence": [
            one for one in board["convergence"] if table in (one["x"]["table"], one["y"]["table"])
        ],
    }


def _write_file(text: str, out: Path) -> Path:
    if out.is_dir():
        raise DataError(f"{out} is a folder; name a file to write")
    write_whole(out, text)
    return out


def _write_files(files: Mapping[str, str], folder: Path) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
