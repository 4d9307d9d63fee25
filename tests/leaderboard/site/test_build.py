import copy
import csv
import io
import json
import math
import re
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leaderboard.site import build as site
from leaderboard.site.build import build_site
from leaderboard.site.text import clean
from ratings.errors import DataError
from ratings.output.kept_folder import LIST
from tests.leaderboard.board_rows import HOSTILE
from tests.leaderboard.boards import made_board
from tests.leaderboard.html_pages import Page, data_of, text_of

TABLE = "value_portrait-3f9a1c20"


def test_the_made_board_is_of_the_layout_that_the_store_gives(board: dict[str, Any]):
    jsonschema = pytest.importorskip("jsonschema", reason="needs jsonschema")
    path = resources.files("leaderboard") / "exports" / "board.schema.json"
    if not path.is_file():
        pytest.skip("needs the layout of the board")
    schema = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.validate(json.loads(json.dumps(board)), schema)


def test_there_is_a_page_for_everything(board: dict[str, Any], built: Path):
    files = {path.relative_to(built).as_posix() for path in built.rglob("*") if path.is_file()}
    raters = {(row["rater"], row["kind"]) for t in board["tables"] for row in t["rows"]}
    assert {"index.html", "compare.html", "methods.html"} < files
    assert {f"benchmarks/{table['id']}.html" for table in board["tables"]} < files
    assert sum(name.startswith("models/") for name in files) == len(raters)
    assert {"assets/base.css", "assets/core.js"} < files


def test_what_is_returned_are_the_files(tmp_path: Path):
    written = build_site(made_board(2), tmp_path / "new" / "site")
    found = {path for path in (tmp_path / "new").rglob("*") if path.is_file()}
    assert {*written, tmp_path / "new" / "site" / LIST} == found
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["site"]


def test_the_same_board_gives_the_same_site(tmp_path: Path):
    one, other = (build_site(made_board(4), tmp_path / name) for name in ("a", "b"))
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in other]


def test_links_within_the_site_lead_somewhere(board: dict[str, Any], built: Path, pages):
    rows = {table["id"]: {row["id"] for row in table["rows"]} for table in board["tables"]}
    for name, page in pages.items():
        for one in page.all("a"):
            href = one.get("href") or ""
            if href.startswith("https://"):
                assert href.startswith("https://example.org/"), href
                continue
            path, _, fragment = href.partition("#")
            target = ((built / name).parent / unquote(path)).resolve() if path else built / name
            assert target.is_file(), (name, href)
            where = target.relative_to(built).as_posix()
            if where == "compare.html" and fragment.startswith("table="):
                query = parse_qs(fragment)
                assert (
                    set(",".join(query.get("rows", [])).split(",")) - {""}
                    <= rows[query["table"][0]]
                )
            elif where.startswith("items/") and fragment.startswith("lit="):
                assert fragment.removeprefix("lit=") in set().union(*rows.values())
            elif fragment:
                assert fragment in {e.get("id") for e in pages[where].all("*")}, (name, href)


def test_nothing_is_loaded_from_any_other_host(built: Path, pages: dict[str, Page]):
    for name, page in pages.items():
        for one in page.all("*"):
            for attribute in ("src", "srcset", "poster", "data", "action", "background"):
                value = one.get(attribute)
                assert value is None or ((built / name).parent / value).is_file(), (name, value)
        for one in page.all("link"):
            href = one.get("href") or ""
            assert href.startswith("data:") or ((built / name).parent / href).is_file(), name
        policy = page.all("meta", **{"http-equiv": "Content-Security-Policy"})[0].get("content")
        assert policy.startswith("default-src 'none'")
    for path in (built / "assets").glob("*.css"):
        assert "url(" not in path.read_text(encoding="utf-8")
        assert "@import" not in path.read_text(encoding="utf-8")
    for path in (built / "assets").glob("*.js"):
        # the name of a namespace is no address that is asked
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|fetch\(|XMLHttp", text)


def test_hostile_text_is_text(board: dict[str, Any], built: Path, pages: dict[str, Page]):
    raters = {row["rater"] for table in board["tables"] for row in table["rows"]}
    assert raters.issuperset(HOSTILE[:6])
    index = pages["index.html"]
    shown = " ".join(index.shown.split())
    for table in board["tables"]:
        for row in table["rows"]:
            if row["id"] in table["shown"]:
                assert " ".join(clean(row["name"]).split()) in shown, row["name"]
    for name, page in pages.items():
        assert not page.all("img"), name
        for one in page.all("*"):
            assert not any(attribute.startswith("on") for attribute in one.attributes), name
            assert not (one.get("href") or "").startswith("javascript:"), name
        for script in page.all("script"):
            if script.get("type") == "application/json":
                json.loads(script.text)
            else:
                assert script.get("src"), name
                assert not script.text, name
    titles = {text_of(page.one("h1")) for name, page in pages.items() if name.startswith("models/")}
    assert HOSTILE[0] in titles
    assert HOSTILE[2] in titles
    for path in (built / "data").rglob("*.js"):
        assert "</script" not in path.read_text(encoding="utf-8")
    names = {row["name"] for row in data_of(built, f"{TABLE}/rows")["rows"]}
    assert names == {row["name"] for row in board["tables"][0]["rows"]}


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(codec=None), min_size=1, max_size=80))
def test_any_name_is_shown_as_text(tmp_path_factory: pytest.TempPathFactory, name: str):
    board = made_board(1)
    board["tables"] = board["tables"][:1]
    board["convergence"] = []
    board["tables"][0]["rows"][0] |= {"rater": name, "name": name}
    out = tmp_path_factory.mktemp("any") / "site"
    build_site(board, out)
    page = Page(out / "index.html")
    names = ["".join(one.text.split()) for one in page.all("a", class_="name")]
    assert "".join(str(clean(name)).split()) in names


def test_no_path_of_the_machine_is_in_it(built: Path):
    secret = ("/home/", "/root", "/tmp", "/work", "somebody", str(Path.cwd()), str(built.parent))
    for path in built.rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            assert [one for one in secret if one in text] == [], path.name


def test_csv_has_every_score_and_no_formula(board: dict[str, Any], built: Path):
    for table in board["tables"]:
        text = (built / "data" / f"{table['id']}.csv").read_text(encoding="utf-8")
        lines = list(csv.DictReader(io.StringIO(text, newline="")))
        assert len(lines) == len(table["rows"]) * len(table["scores"])
        assert {line["data"] for line in lines} == {
            "synthetic sample" if table["synthetic"] else "real"
        }
        for line in lines:
            for cell in line.values():
                if cell.startswith(("=", "+", "-", "@", "\t")):
                    float(cell)
        ours = next((row for row in table["rows"] if row["published"]), None)
        if ours is not None:
            printed = {line["score"]: line for line in lines if line["rater"] == ours["rater"]}
            for name, one in ours["published"].items():
                assert float(printed[name]["published"]) == one["value"]
                assert float(printed[name]["difference"]) == one["difference"]
            assert {line["name"] for line in printed.values()} == {ours["name"]}
            assert printed[name]["maker"].lstrip("'") == (ours["about"]["maker"] or "")
        row = table["rows"][1]
        found = [line for line in lines if line["rater"] == "'=cmd()"]
        assert [line["score"] for line in found] == [score["name"] for score in table["scores"]]
        for line in found:
            score = row["scores"][line["score"]]
            assert line["value"] == ("" if score["value"] is None else str(score["value"]))


@pytest.mark.parametrize("models", [0, 1, 3, 45])
def test_boards_of_any_size_build(tmp_path: Path, models: int):
    for path in build_site(made_board(models, seed=models), tmp_path / "site"):
        if path.suffix == ".html":
            Page(path)


def test_a_board_without_tables_builds(tmp_path: Path):
    empty = {"schema": "1.2", "valuegauge": "0", "tables": [], "apart": [], "convergence": []}
    build_site(empty, tmp_path / "site")
    assert "No finished run" in Page(tmp_path / "site" / "index.html").shown


def test_a_board_of_nothing_but_missing_numbers_builds(tmp_path: Path):
    board = made_board(3)

    def emptied(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: emptied(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [emptied(inner) for inner in value]
        return None if isinstance(value, float) else value

    for table in board["tables"]:
        table |= {"rows": emptied(table["rows"]), "pairs": emptied(table["pairs"])}
        for row in table["rows"]:
            row["published"] = {}  # what a paper prints is always a number
            for score in row["scores"].values():
                score |= dict.fromkeys(("rank", "rank_low", "rank_high", "tie"))
    board["tables"][0]["human"] = emptied(board["tables"][0]["human"])
    board["tables"][0]["human"]["spread"] = {}
    board["tables"][0]["reliability"] = emptied(board["tables"][0]["reliability"])
    board["convergence"] = emptied(board["convergence"])
    build_site(board, tmp_path / "site")
    for path in (tmp_path / "site").rglob("*.html"):
        assert "None" not in Page(path).shown


def test_a_number_that_is_not_finite_becomes_missing(tmp_path: Path):
    board = made_board(2)
    board["tables"][0]["rows"][0]["scores"]["Power"]["value"] = math.nan
    build_site(board, tmp_path / "site")
    scripts = list((tmp_path / "site" / "data").rglob("*.js"))
    assert scripts
    for script in scripts:
        data = script.read_text(encoding="utf-8").split(",", 1)[1].removesuffix(");\n")
        json.loads(data, parse_constant=lambda name: pytest.fail(name))


def test_the_board_is_not_changed(board: dict[str, Any], tmp_path: Path):
    before = copy.deepcopy(board)
    build_site(board, tmp_path / "site")
    assert board == before


def test_a_site_is_replaced_and_nothing_else_is(tmp_path: Path):
    out = tmp_path / "site"
    out.mkdir()
    build_site(made_board(3), out)
    build_site(made_board(1), out)
    assert len(list((out / "models").iterdir())) == len(
        {(r["rater"], r["kind"]) for t in made_board(1)["tables"] for r in t["rows"]}
    )
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_what_is_no_folder_is_refused(tmp_path: Path):
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(DataError, match=r"thesis\.txt is not a folder"):
        build_site(made_board(1), tmp_path / "thesis.txt")
    (tmp_path / "linked").symlink_to(tmp_path)
    with pytest.raises(DataError, match="is not a folder"):
        build_site(made_board(1), tmp_path / "linked")
    with pytest.raises(DataError, match="cannot write to"):
        build_site(made_board(1), tmp_path / "thesis.txt" / "site")
    assert (tmp_path / "thesis.txt").read_text(encoding="utf-8") == "years of work"


def test_a_build_that_fails_leaves_the_old_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    out = tmp_path / "site"
    before = {path: path.read_bytes() for path in build_site(made_board(2), out)}

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(site, "_write_assets", full)
    with pytest.raises(DataError, match="cannot write to .*No space left"):
        build_site(made_board(3), out)
    after = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    del after[out / LIST]
    assert after == before
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda board: board.pop("apart"), "the board has no 'apart'"),
        (lambda board: board.update(schema="9"), "of schema '9', this version reads '1.2'"),
        (lambda board: board["tables"][0].update(id="../up"), "table id '../up' is not made of"),
        (lambda board: board["tables"][0]["rows"][0].update(id="a b"), "row id 'a b' is not made"),
        (lambda board: board["tables"].append(board["tables"][0]), "two tables of one id"),
    ],
)
def test_an_invalid_board_is_refused(tmp_path: Path, change: Any, message: str):
    board = made_board(1)
    change(board)
    with pytest.raises(DataError, match=message):
        build_site(board, tmp_path / "site")
    assert not list(tmp_path.iterdir())
