"""Pages of studies: what a study wrote, shown as data that anyone may have made."""

import base64
import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from evals.studies.findings import Finding, write_findings
from leaderboard.site.build import build_site
from leaderboard.site.study_pages import read_studies
from ratings.errors import DataError
from tests.leaderboard.board_rows import HOSTILE
from tests.leaderboard.boards import made_board
from tests.leaderboard.html_pages import Pages, text_of

FACTS = {"study": "agreement", "synthetic": True, "seed": 7, "sets": [{"name": "a"}]}


def finding(**changes: Any) -> Finding:
    table = pd.DataFrame(
        {
            "model": ["one", "=two()"],
            "score": [-0.123, 0.5],
            "score low": [-0.3, np.nan],
            "score high": [0.1, np.nan],
            "p": [0.00001, 0.4],
        }
    )
    fields = {
        "name": "scores", "title": "Do they agree?", "sentence": "They do, by -0.12.",
        "table": table, "notes": ("over queries",), "draw": lambda axes: axes.plot([0, 1]),
    }  # fmt: skip
    return Finding(**{**fields, **changes})


def folder_of(path: Path, *findings: Finding, **facts: Any) -> Path:
    whole = {**FACTS, **facts}
    write_findings(path, whole["study"], whole, findings or [finding()])
    return path


def built(tmp_path: Path, *folders: Path) -> Pages:
    out = tmp_path / "site"
    build_site(made_board(3), out, read_studies(folders))
    return Pages(out)


def test_a_study_has_a_page_with_its_parts(tmp_path: Path):
    pages = built(tmp_path, folder_of(tmp_path / "one"))
    (name,) = (one for one in pages if one.startswith("studies/"))
    page = pages[name]
    assert text_of(page.one("h1")).startswith("Study: agreement")
    assert [text_of(one) for one in page.all("h2")] == ["Do they agree?", "Settings"]
    shown = page.shown
    for part in ("They do, by -0.12.", "over queries", "sample data", "seed", "7"):
        assert part in shown
    assert "−0.123 (−0.300 to 0.100)" in shown
    assert "<0.0001" in shown
    heads = [text_of(one) for one in page.one("table").all("th")]
    assert heads == ["model", "score", "p"]


def test_the_picture_is_in_the_page_with_its_text(tmp_path: Path):
    folder = folder_of(tmp_path / "one")
    pages = built(tmp_path, folder)
    (name,) = (one for one in pages if one.startswith("studies/"))
    picture = pages[name].one("img")
    kind, _, content = (picture.get("src") or "").partition(";base64,")
    assert kind == "data:image/png"
    assert base64.b64decode(content) == (folder / "scores.png").read_bytes()
    assert picture.get("alt") == "Picture: Do they agree? They do, by -0.12."


def test_a_vector_picture_is_taken_first_and_nothing_of_it_is_part_of_the_page(tmp_path: Path):
    folder = folder_of(tmp_path / "one")
    (folder / "scores.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>")
    pages = built(tmp_path, folder)
    (name,) = (one for one in pages if one.startswith("studies/"))
    assert (pages[name].one("img").get("src") or "").startswith("data:image/svg+xml;base64,")
    assert not pages[name].all("svg")[1:], "only the site's own mark"


def test_its_numbers_can_be_downloaded_whole(tmp_path: Path):
    pages = built(tmp_path, folder_of(tmp_path / "one"))
    (name,) = (one for one in pages if one.startswith("studies/"))
    (link,) = (one for one in pages[name].all("a") if "download" in one.attributes)
    path = (tmp_path / "site" / name).parent / (link.get("href") or "")
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    assert rows[0] == ["model", "score", "score low", "score high", "p"]
    assert rows[1][1] == "-0.123"
    assert rows[2] == ["'=two()", "0.5", "", "", "0.4"]


def test_the_front_page_leads_to_every_study(tmp_path: Path):
    pages = built(
        tmp_path, folder_of(tmp_path / "one"), folder_of(tmp_path / "two", study="welfare")
    )
    links = {one.get("href") for one in pages["index.html"].all("a")}
    studies = {one for one in pages if one.startswith("studies/")}
    assert len(studies) == 2
    assert studies < links
    assert "#studies" in links
    assert "They do, by -0.12." in pages["index.html"].shown


def test_without_studies_nothing_is_said_of_them(tmp_path: Path):
    pages = built(tmp_path)
    assert "Studies" not in pages["index.html"].shown


def test_a_long_table_is_cut_and_the_file_is_not(tmp_path: Path):
    table = pd.DataFrame({"n": range(450)})
    pages = built(tmp_path, folder_of(tmp_path / "one", finding(table=table)))
    (name,) = (one for one in pages if one.startswith("studies/"))
    assert "250 more are in the CSV file" in pages[name].shown
    (path,) = (tmp_path / "site" / "data" / "studies").iterdir()
    assert len(path.read_text().splitlines()) == 451


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_text(hostile: str, tmp_path: Path):
    table = pd.DataFrame({hostile: [hostile], "nested": [json.dumps({"a": hostile})]})
    one = finding(title=hostile, sentence=hostile, notes=(hostile,), table=table)
    pages = built(
        tmp_path, folder_of(tmp_path / "one", one, study="agreement", sets=[{"name": hostile}])
    )
    (name,) = (one for one in pages if one.startswith("studies/"))
    for page in (pages[name], pages["index.html"]):
        for element in page.all("*"):
            assert not any(attribute.startswith("on") for attribute in element.attributes)
        for script in page.all("script"):
            assert script.get("src") or script.get("type") == "application/json"


def document(**changes: Any) -> dict[str, Any]:
    found = {
        "name": "scores", "title": "T", "sentence": "S", "notes": [], "rows": [{"a": 1}],
    }  # fmt: skip
    return {"study": "s", "seed": 1, "findings": [{**found, **changes}]}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not valid JSON"),
        ("", "the file is empty"),
        ("{}", "holds no study"),
        ('{"study": "s", "findings": 3}', "findings: must be a list"),
        ('{"study": "s", "findings": [3]}', "findings[0]: must be a mapping"),
        ('{"study": "", "findings": []}', "study: must be text that is not blank"),
        ('{"study": 3, "findings": []}', "study: must be text"),
        (json.dumps(document(name="../x")), "finding id '../x' is not made of letters"),
        (json.dumps(document(rows=[3])), "findings[0].rows[0]: must be a mapping"),
        (json.dumps(document(title=None)), "findings[0].title: must be text"),
        (json.dumps(document(more=1)), "unknown key"),
        ('{"study": "s", "seed": NaN, "findings": []}', "not valid JSON"),
    ],
)
def test_a_broken_file_is_one_line(text: str, message: str, tmp_path: Path):
    (tmp_path / "s.json").write_text(text)
    with pytest.raises(DataError, match=".") as caught:
        read_studies([tmp_path])
    assert message in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_two_findings_of_one_name_a_study_twice_and_a_false_picture_are_refused(tmp_path: Path):
    twice = document()
    twice["findings"] *= 2
    (tmp_path / "s.json").write_text(json.dumps(twice))
    with pytest.raises(DataError, match="two findings have one name"):
        read_studies([tmp_path])
    folder = folder_of(tmp_path / "one")
    with pytest.raises(DataError, match="with the same settings is given twice"):
        read_studies([folder, folder])
    (folder / "scores.png").write_text("not a picture")
    with pytest.raises(DataError, match=r"scores\.png is not a PNG picture"):
        read_studies([folder])
    with pytest.raises(DataError, match="there is no folder"):
        read_studies([tmp_path / "gone"])


def test_folders_are_cut_off_paths(tmp_path: Path):
    pages = built(tmp_path, folder_of(tmp_path / "one", tags="/home/ann/secret/tags.yaml"))
    (name,) = (one for one in pages if one.startswith("studies/"))
    assert "secret" not in pages[name].shown
    assert "tags.yaml" in pages[name].shown
