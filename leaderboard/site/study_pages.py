"""Pages of studies: what `valuegauge study` wrote into a folder, read as data that anyone made."""

import base64
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from leaderboard.site import text as site_text
from ratings.errors import DataError, DataMissingError
from ratings.input.strict_files import Document, StrictFields, Text, parse_json, read_text
from ratings.output.interval_cells import estimate_columns, interval_cell
from ratings.output.slugs import page_slug

SHOWN_ROWS = 200
_LARGEST_PICTURE = 8_000_000  # bytes
_PICTURES = {".svg": "image/svg+xml", ".png": "image/png"}
_MINUS_SIGN = re.compile(r"-(?=\d)")
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class StudyFinding(StrictFields):
    """A finding as `findings_json` writes it.

    Attributes:
        name: of its files.
        title: what was asked.
        sentence: the answer.
        notes: what a reader must know.
        rows: a mapping a row of its table.
    """

    name: Text
    title: str
    sentence: str
    notes: tuple[str, ...]
    rows: tuple[dict[str, Any], ...]


@dataclass(frozen=True, eq=False)
class StudyPage:
    """A study's page.

    Attributes:
        study: its name.
        slug: of its files.
        settings: what it was asked, with the seed.
        findings: in the order of a reader, each with its table and picture.
        synthetic: whether its data are made up.
    """

    study: str
    slug: str
    settings: Mapping[str, Any]
    findings: tuple[Mapping[str, Any], ...]
    synthetic: bool

    @property
    def path(self) -> str:
        """Of the page, from the site's root."""
        return f"studies/{self.slug}.html"

    @property
    def sentence(self) -> str:
        """What was found first."""
        return str(self.findings[0]["sentence"]) if self.findings else "Nothing was found."


def read_studies(folders: Sequence[Path]) -> list[StudyPage]:
    """The studies in some folders, a page each.

    Raises:
        DataError: when a folder holds no study, a file is not what a study writes, or a study
            with the same settings is there twice.
    """
    pages: dict[str, StudyPage] = {}
    for folder in folders:
        for page in _of_folder(folder):
            if page.slug in pages:
                raise DataError(
                    f"{folder}: a study {page.study!r:.60} with the same settings is given twice"
                )
            pages[page.slug] = page
    return list(pages.values())


def _of_folder(folder: Path) -> list[StudyPage]:
    if not folder.is_dir():
        raise DataMissingError(f"there is no folder {folder}; --study takes what a study wrote")
    found = []
    for path in sorted(folder.glob("*.json")):
        document = parse_json(read_text(path), str(path))
        if isinstance(document.value, dict) and {"study", "findings"} <= document.value.keys():
            found.append(_page(folder, document))
    if not found:
        raise DataError(f"{folder} holds no study: no JSON file in it has 'study' and 'findings'")
    return found


def _page(folder: Path, document: Document) -> StudyPage:
    facts = dict(document.value)
    given = replace(document, value=facts.pop("findings"), location=("findings",))
    findings = given.check(tuple[StudyFinding, ...])
    study = facts.pop("study")
    facts.pop("finding", None)  # the first finding's sentence again, and no setting
    if not isinstance(study, str) or not study.strip():
        raise document.error(("study",), "must be text that is not blank", "rule")
    names = [one.name for one in findings]
    if len(set(names)) < len(names):
        raise document.error(("findings",), "two findings have one name", "rule")
    settings = json.dumps(facts, sort_keys=True, ensure_ascii=True)
    return StudyPage(
        study=site_text.clean(study),
        slug=page_slug(study, settings),
        settings={str(site_text.clean(name)): site_text.clean(v) for name, v in facts.items()},
        findings=tuple(_finding(folder, one) for one in findings),
        synthetic=facts.get("synthetic") is True,
    )


def _finding(folder: Path, found: StudyFinding) -> dict[str, Any]:
    name = site_text.safe_id("finding", found.name)
    rows = [dict(site_text.clean(row)) for row in found.rows]
    columns = list(dict.fromkeys(str(column) for row in rows for column in row))
    filled = [{column: row.get(column) for column in columns} for row in rows]
    shown = estimate_columns(columns)
    return {
        "name": name,
        "title": site_text.clean(found.title),
        "sentence": site_text.clean(found.sentence),
        "notes": site_text.clean(list(found.notes)),
        "columns": [(column, _numeric(filled, column)) for column in shown],
        "rows": [[_text(row, column) for column in shown] for row in filled[:SHOWN_ROWS]],
        "more": max(len(filled) - SHOWN_ROWS, 0),
        "picture": _picture(folder, name),
        "csv": [columns, *([row[column] for column in columns] for row in filled)],
    }


def _text(row: Mapping[str, Any], column: str) -> str:
    value = row[column]
    if value is None:
        return site_text.NONE
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    cell = interval_cell(row, column)
    return cell if isinstance(value, str) else _MINUS_SIGN.sub(site_text.MINUS, cell)


def _numeric(rows: Sequence[Mapping[str, Any]], column: str) -> bool:
    values = [row[column] for row in rows if row[column] is not None]
    return bool(values) and all(
        isinstance(one, int | float) and not isinstance(one, bool) for one in values
    )


def _picture(folder: Path, name: str) -> str | None:
    """The picture as an address that holds it; in an `img`, nothing of it runs."""
    for suffix, kind in _PICTURES.items():
        path = folder / f"{name}{suffix}"
        if not path.is_file():
            continue
        if path.stat().st_size > _LARGEST_PICTURE:
            raise DataError(f"{path} is larger than {_LARGEST_PICTURE // 1_000_000} MB")
        content = path.read_bytes()
        if suffix == ".png" and not content.startswith(_PNG):
            raise DataError(f"{path} is not a PNG picture")
        return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"
    return None
