"""The leaderboard as a static site: pages, scripts and data that open from the file system."""

import json
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2

from leaderboard.site import text as site_text
from leaderboard.site.benchmark_page import benchmark_page
from leaderboard.site.figures.pair_map import pair_map
from leaderboard.site.figures.strips import strips_file
from leaderboard.site.figures.wordings import wording_key
from leaderboard.site.model_page import ModelSections
from leaderboard.site.overview_page import FACTS, front_page
from leaderboard.site.pages import (
    KINDS,
    TableView,
    model_pages,
    table_views,
)
from leaderboard.site.pair_files import (
    PairTable,
    compared_rows,
    packed_pairs,
    pair_lines,
    pair_table,
    people_row_of,
)
from leaderboard.site.paper import citation
from leaderboard.site.responses_pages import (
    ORDERS,
    item_lines,
    ratings_apart,
    responses_pages,
    responses_paths,
)
from leaderboard.site.row_files import group_data, row_data
from leaderboard.site.study_pages import StudyPage
from ratings.errors import DataError
from ratings.output.csv_text import csv_text
from ratings.output.kept_folder import write_folder

SCHEMA = "1.2"
_PARTS = ("schema", "valuegauge", "tables", "apart", "convergence")
_FILTERS = (
    "number",
    "interval",
    "rank",
    "differs",
    "percent",
    "money",
    "whole",
    "p_value",
    "label",
    "duration",
    "setting",
    "wording",
    "size",
)


def build_site(
    board: Mapping[str, Any], out: Path, studies: Sequence[StudyPage] = ()
) -> list[Path]:
    """Write the whole site into a folder.

    It is built next to the folder and then renamed into place. Text of the board is shown as
    text, whatever is in it; folders are cut off paths.

    Args:
        board: what the store says, as JSON data (NaN is None).
        out: the site's folder; made when it is not there. Of an existing one the files of the last
            build are replaced, and everything else stays.
        studies: that have pages of their own.

    Returns:
        The files written, sorted.

    Raises:
        DataError: when the board is not of this schema, the folder cannot be written, or a file
            that the last build did not write would be overwritten; then nothing is written.
    """
    shown = _checked(board)
    return write_folder(out, lambda folder: _write_site(shown, folder, studies))


def _checked(board: Mapping[str, Any]) -> dict[str, Any]:
    """The board as it may be shown.

    Raises:
        DataError: when a part is missing or an id cannot be part of a file's name.
    """
    missing = [part for part in _PARTS if part not in board]
    if missing:
        raise DataError(f"the board has no {missing[0]!r}; build it again from the store")
    if board["schema"] != SCHEMA:
        raise DataError(
            f"the board is of schema {board['schema']!r}, this version reads {SCHEMA!r}; "
            "build it again from the store"
        )
    shown: dict[str, Any] = site_text.clean(board)
    for table in shown["tables"]:
        site_text.safe_id("table", table["id"])
        table["finding"] = [*map(site_text.with_minus, table["finding"])]
        for row in table["rows"]:
            site_text.safe_id("row", row["id"])
            row["finding"] = row["finding"] and site_text.with_minus(row["finding"])
            for part, key in (("change", "finding"), ("verdict", "why")):
                if row[part]:
                    row[part][key] = site_text.with_minus(row[part][key])
    if len({table["id"] for table in shown["tables"]}) < len(shown["tables"]):
        raise DataError("the board has two tables of one id; build it again from the store")
    return shown


def _write_site(board: Mapping[str, Any], folder: Path, studies: Sequence[StudyPage]) -> None:
    pages = model_pages(board)
    views = table_views(board, pages)
    environment = _environment(board)

    def write(path: str, template: str, root: str = "", **context: object) -> None:
        page = environment.get_template(template).render(root=root, **context)
        _write(folder / path, page)

    tables, samples = front_page(board, views)
    pairs = {name: pair_table(view.table) for name, view in views.items()}
    environment.globals["pair_maps"] = {
        one.table["id"]: pair_map(one.table, pairs[one.table["id"]], one.rows)
        for one in (*tables, *samples)
    }
    write(
        "index.html",
        "overview.html",
        tables=tables,
        samples=samples,
        apart=board["apart"],
        studies=studies,
    )
    for one in (*tables, *samples):
        title = f"{one.table['title']} {one.table['comparability']}"
        figure = strips_file(one.table, one.headline_blocks, one.rows, title)
        name = f"{one.table['id']}/strips"
        _write_script(folder / "data", name, {"name": f"{title} strips", "text": figure})
    write(
        "compare.html",
        "compare.html",
        tables=[one.table for one in (*tables, *samples) if len(one.table["rows"]) > 1],
        people_rows={name: people_row_of(view.table) for name, view in views.items()},
        cites={name: citation(v.table, board["valuegauge"]) for name, v in views.items()},
    )
    write("methods.html", "methods.html")
    for view in views.values():
        path = f"benchmarks/{view.table['id']}.html"
        write(path, "benchmark.html", "../", **benchmark_page(view, board))
        _write_data(view, pairs[view.table["id"]], folder / "data")
        for responses in responses_pages(view.table):
            write(responses.path, "responses.html", "../../", page=responses, orders=ORDERS)
    sections = ModelSections(board, views)
    for page in pages:
        write(page.path, "model.html", "../", page=page, sections=sections.of(page))
    for study in studies:
        write(study.path, "study.html", "../", page=study)
        for found in study.findings:
            data = folder / "data" / "studies" / f"{study.slug}-{found['name']}.csv"
            _write(data, csv_text(found["csv"]))
    _write_assets(folder / "assets")


def _environment(board: Mapping[str, Any]) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("leaderboard.site"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for name in _FILTERS:
        environment.filters[name] = getattr(site_text, name)
    environment.filters |= {"wording_key": wording_key, "responses": responses_paths}
    environment.globals.update(board=board, kinds=KINDS, none=site_text.NONE, fact_titles=FACTS)
    return environment


def _write_data(view: TableView, pairs: PairTable | None, folder: Path) -> None:
    """A table's data: for the scripts, and as CSV."""
    table = view.table
    name = table["id"]
    _write_script(folder, f"{name}/rows", row_data(table, view.groups, view.pages))
    for group in view.groups:
        _write_script(folder, f"{name}/{group.key}", group_data(table, group))
    for row, compared in compared_rows(table):
        _write_script(folder, f"{name}/compare/{row}", compared)
    for row, ratings in ratings_apart(table):
        _write_script(folder, f"{name}/ratings/{row}", ratings)
    _write(folder / f"{name}.csv", csv_text(_score_rows(table)))
    if table["items"]:
        _write(folder / f"{name}-items.csv", csv_text(item_lines(table)))
    if pairs is not None:
        for part, apart in (("main", False), ("apart", True)):
            _write_script(folder, f"{name}/pairs-{part}", packed_pairs(pairs, apart))
        _write(folder / f"{name}-pairs.csv", csv_text(pair_lines(table)))


def _score_rows(table: Mapping[str, Any]) -> list[list[object]]:
    """One line a row and score; rows of sample data say so."""
    ends = ("value", "low", "high", "lowest", "highest", "rank", "rank_low", "rank_high")
    differs = ("differs from", "of")
    about = ("rater", "kind", "source", "valid", "cost")
    facts = ("maker", "released", "size", "open_weights")
    lines: list[list[object]] = [
        [
            "data",
            *about,
            "score",
            "unit",
            *ends,
            "on_low",
            "on_high",
            *(f"{scope} these items: {name}" for scope in ("on", "beyond") for name in differs),
            "reason",
            "name",
            *facts,
            "published",
            "difference",
        ]
    ]
    data = "synthetic sample" if table["synthetic"] else "real"
    for row in table["rows"]:
        for score in table["scores"]:
            found = row["scores"].get(score["name"], {"reason": "not scored in this row"})
            fields = [score["name"], score["unit"], *(found.get(end) for end in ends)]
            fields += [found.get("on_items", {}).get(end) for end in ("low", "high")]
            fields += [
                (found.get("differs", {}).get(scope) or {}).get(key)
                for scope in ("on_items", "beyond")
                for key in ("number", "of")
            ]
            printed = row["published"].get(score["name"], {})
            fields += [found.get("reason"), row["name"], *(row["about"][key] for key in facts)]
            fields += [printed.get("value"), printed.get("difference")]
            lines.append([data, *(row[key] for key in about), *fields])
    return lines


def _write_script(folder: Path, name: str, data: Sequence[Any] | Mapping[str, Any]) -> None:
    """Data as a script, because a page of the file system may not fetch a file."""
    fields = json.dumps(data, separators=(",", ":"), allow_nan=False).replace("</", "<\\/")
    _write(folder / f"{name}.js", f"valuegauge.take({json.dumps(name)},{fields});\n")


def _write_assets(folder: Path) -> None:
    for entry in resources.files("leaderboard.site").joinpath("assets").iterdir():
        if entry.name.endswith((".css", ".js")):
            _write(folder / entry.name, entry.read_text(encoding="utf-8"))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")
