import copy
import csv
import doctest
import io
import itertools
import json
import math
import re
from collections import Counter
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leaderboard import site, site_figures, site_pages, site_text
from leaderboard.site import MARKER, build_site
from leaderboard.site_text import clean, csv_text
from ratings.errors import DataError
from tests.leaderboard.boards import HOSTILE, made_board
from tests.leaderboard.html_pages import Element, Page

SAMPLE = "value_portrait-5a3d9e11"
TABLE = "value_portrait-3f9a1c20"


@pytest.fixture(scope="module")
def board() -> dict[str, Any]:
    return made_board(12, seed=1)


@pytest.fixture(scope="module")
def folder(board: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site") / "site"
    build_site(board, out)
    return out


@pytest.fixture(scope="module")
def pages(folder: Path) -> dict[str, Page]:
    return {
        path.relative_to(folder).as_posix(): Page(path) for path in sorted(folder.rglob("*.html"))
    }


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("large") / "site"
    build_site(made_board(130, seed=2), out)
    return out


def data_of(folder: Path, name: str) -> Any:
    text = (folder / "data" / f"{name}.js").read_text(encoding="utf-8")
    found = re.fullmatch(r'valuegauge\.take\("([^"]+)",(.*)\);\n', text, re.DOTALL)
    assert found
    assert found[1] == name
    return json.loads(found[2])


def text_of(element: Element) -> str:
    return " ".join(element.text.split())


def test_the_made_board_is_of_the_layout_that_the_store_gives(board: dict[str, Any]):
    jsonschema = pytest.importorskip("jsonschema", reason="needs jsonschema")
    path = resources.files("leaderboard") / "exports" / "board.schema.json"
    if not path.is_file():
        pytest.skip("needs the layout of the board")
    schema = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.validate(json.loads(json.dumps(board)), schema)


def test_there_is_a_page_for_everything(board: dict[str, Any], folder: Path):
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    raters = {(row["rater"], row["kind"]) for t in board["tables"] for row in t["rows"]}
    assert {"index.html", "compare.html", "methods.html", MARKER} < files
    assert {f"benchmarks/{table['id']}.html" for table in board["tables"]} < files
    assert sum(name.startswith("models/") for name in files) == len(raters)
    assert {"assets/plotly.min.js", "assets/base.css", "assets/core.js"} < files


def test_what_is_returned_are_the_files(tmp_path: Path):
    written = build_site(made_board(2), tmp_path / "new" / "site")
    assert written == sorted(p for p in (tmp_path / "new").rglob("*") if p.is_file())
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["site"]


def test_the_same_board_gives_the_same_site(tmp_path: Path):
    one, other = (build_site(made_board(4), tmp_path / name) for name in ("a", "b"))
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in other]


def test_pages_have_landmarks_headings_and_names(pages: dict[str, Page]):
    for name, page in pages.items():
        assert page.one("html").get("lang") == "en", name
        assert len(page.all("h1")) == 1, name
        assert page.one("main").get("id") == "main", name
        assert page.one("body").all("header")
        assert page.one("body").all("footer")
        first = page.one("body").children[0]
        assert (first.tag, first.get("href")) == ("a", "#main"), name
        assert text_of(page.one("title")).removesuffix("· valuegauge").strip(), name
        ids = [one.get("id") for one in page.all("*") if one.get("id")]
        assert [one for one, times in Counter(ids).items() if times > 1] == [], name
        levels = [int(one.tag[1]) for one in page.all("*") if re.fullmatch("h[1-6]", one.tag)]
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_everything_with_a_role_has_a_name(pages: dict[str, Page]):
    for name, page in pages.items():
        ids = {one.get("id") for one in page.all("*")}
        for one in page.all("*"):
            if one.tag == "nav" or one.get("role") in ("region", "img"):
                label = one.get("aria-label") or one.get("aria-labelledby")
                assert label, (name, one.tag)
            for reference in (one.get("aria-labelledby"), one.get("aria-controls")):
                assert reference is None or reference in ids, (name, reference)
        for one in (*page.all("input"), *page.all("select")):
            above = one
            while above is not None and above.tag != "label":
                above = above.parent
            assert above is not None or one.get("aria-label"), (name, one.attributes)
        for one in page.all("button"):
            assert text_of(one) or one.get("aria-label"), name


def test_tables_are_tables(pages: dict[str, Page]):
    tables = [(name, table) for name, page in pages.items() for table in page.all("table")]
    assert len(tables) > 40
    for name, table in tables:
        assert table.children[0].tag == "caption", name
        assert text_of(table.children[0]), name
        assert table.all("th")
        for head in table.all("th"):
            assert head.get("scope") in ("col", "row"), name
        columns = len(table.all("thead")[0].all("th"))
        for row in (row for body in table.all("tbody") for row in body.all("tr")):
            assert len(row.children) == columns, (name, text_of(table.children[0]))
            assert row.children[0].get("scope") == "row", name


def test_every_figure_has_a_table_beside_it(pages: dict[str, Page]):
    for name, page in pages.items():
        for figure in page.all("figure"):
            data = json.loads(figure.one_script())
            near = figure.parent
            while near is not None and near.tag not in ("div", "section"):
                near = near.parent
            text = " ".join(text_of(table) for table in near.all("table"))
            for label in data.get("categories", []) or data.get("y", []):
                assert label in text, (name, label)


def test_links_within_the_site_lead_somewhere(board: dict[str, Any], folder: Path, pages):
    rows = {table["id"]: {row["id"] for row in table["rows"]} for table in board["tables"]}
    for name, page in pages.items():
        for one in page.all("a"):
            href = one.get("href") or ""
            if href.startswith("https://"):
                assert href.startswith("https://example.org/"), href
                continue
            path, _, fragment = href.partition("#")
            target = ((folder / name).parent / unquote(path)).resolve() if path else folder / name
            assert target.is_file(), (name, href)
            where = target.relative_to(folder).as_posix()
            if where == "compare.html" and fragment.startswith("table="):
                told = parse_qs(fragment)
                assert (
                    set(",".join(told.get("rows", [])).split(",")) - {""} <= rows[told["table"][0]]
                )
            elif fragment:
                assert fragment in {e.get("id") for e in pages[where].all("*")}, (name, href)


def test_nothing_is_asked_of_any_other_place(folder: Path, pages: dict[str, Page]):
    for name, page in pages.items():
        for one in page.all("*"):
            for attribute in ("src", "srcset", "poster", "data", "action", "background"):
                value = one.get(attribute)
                assert value is None or ((folder / name).parent / value).is_file(), (name, value)
        for one in page.all("link"):
            href = one.get("href") or ""
            assert href.startswith("data:") or ((folder / name).parent / href).is_file(), name
        policy = page.all("meta", **{"http-equiv": "Content-Security-Policy"})[0].get("content")
        assert policy.startswith("default-src 'none'")
    for path in (folder / "assets").glob("*.css"):
        assert "url(" not in path.read_text(encoding="utf-8")
        assert "@import" not in path.read_text(encoding="utf-8")
    for path in (folder / "assets").glob("*.js"):
        if path.name != "plotly.min.js":
            assert not re.search(r"https?://|fetch\(|XMLHttp", path.read_text(encoding="utf-8"))


def test_figures_load_plotly_only_where_they_are(pages: dict[str, Page]):
    for name, page in pages.items():
        loads = any("plotly.min.js" in (one.get("src") or "") for one in page.all("script"))
        assert loads == (bool(page.all("figure")) or name == "compare.html"), name


def test_hostile_text_is_text(board: dict[str, Any], folder: Path, pages: dict[str, Page]):
    raters = {row["rater"] for table in board["tables"] for row in table["rows"]}
    assert raters.issuperset(HOSTILE[:6])
    index = pages["index.html"]
    shown = " ".join(index.shown.split())
    for rater in raters:
        assert " ".join(clean(rater).split()) in shown, rater
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
    for path in (folder / "data").glob("*.js"):
        assert "</script" not in path.read_text(encoding="utf-8")
    names = {row["name"] for row in data_of(folder, TABLE)["rows"]}
    assert names == {row["rater"] for row in board["tables"][0]["rows"]}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(codec=None), min_size=1, max_size=80))
def test_any_name_is_shown_as_text(tmp_path_factory: pytest.TempPathFactory, name: str):
    board = made_board(1)
    board["tables"] = board["tables"][:1]
    board["convergence"] = []
    board["tables"][0]["rows"][0]["rater"] = name
    out = tmp_path_factory.mktemp("any") / "site"
    build_site(board, out)
    page = Page(out / "index.html")
    names = ["".join(one.text.split()) for one in page.all("a", class_="name")]
    assert "".join(str(clean(name)).split()) in names


def test_no_path_of_the_machine_is_in_it(folder: Path):
    secret = ("/home/", "/root", "/tmp", "/work", "somebody", str(Path.cwd()), str(folder.parent))
    for path in folder.rglob("*"):
        if path.is_file() and path.name != "plotly.min.js":
            text = path.read_text(encoding="utf-8")
            assert [one for one in secret if one in text] == [], path.name


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("cannot open /home/ann/keys/a.txt", "cannot open a.txt"),
        ("FileNotFoundError: '/mnt/x y/log.eval'", "FileNotFoundError: 'x y/log.eval'"),
        ("file:///C:/Users/ann/x.eval", "x.eval"),
        (r"C:\Users\ann\x.eval is gone", "x.eval is gone"),
        ("hf//data/models/llama-3", "hf/llama-3"),
        ("vllm//data/models/llama-3 as Ann", "vllm/llama-3 as Ann"),
        ("openrouter/google/gemma-2", "openrouter/google/gemma-2"),
        ("</script> and 1/2/3 of a/b", "</script> and 1/2/3 of a/b"),
        ("https://example.org/home/ann/x", "https://example.org/home/ann/x"),
        ("half a pair \ud800, a bell \x07", "half a pair \ufffd, a bell \ufffd"),
    ],
)
def test_text_is_cleaned(told: str, shown: str):
    assert clean(told) == shown


def test_csv_has_every_score_and_no_formula(board: dict[str, Any], folder: Path):
    for table in board["tables"]:
        text = (folder / "data" / f"{table['id']}.csv").read_text(encoding="utf-8")
        lines = list(csv.DictReader(io.StringIO(text, newline="")))
        assert len(lines) == len(table["rows"]) * len(table["scores"])
        assert {line["data"] for line in lines} == {
            "synthetic sample" if table["synthetic"] else "real"
        }
        for line in lines:
            for cell in line.values():
                if cell.startswith(("=", "+", "-", "@", "\t")):
                    float(cell)
        row = table["rows"][1]
        found = [line for line in lines if line["rater"] == "'=cmd()"]
        assert [line["score"] for line in found] == [score["name"] for score in table["scores"]]
        for line in found:
            score = row["scores"][line["score"]]
            assert line["value"] == ("" if score["value"] is None else str(score["value"]))


@given(
    st.lists(
        st.lists(st.one_of(st.none(), st.floats(allow_nan=False), st.text()), min_size=1),
        min_size=1,
    )
)
def test_csv_comes_back_whole(rows: list[list[object]]):
    read = csv.reader(io.StringIO(csv_text(rows), newline=""))
    for cells, row in zip(read, rows, strict=True):
        for cell, told in zip(cells or [""], row, strict=True):
            if isinstance(told, str):
                formula = told.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
                assert cell == (f"'{told}" if formula else told)
            else:
                assert cell == ("" if told is None else str(told))


def test_the_overview_shows_the_board(board: dict[str, Any], pages: dict[str, Page]):
    for table in board["tables"]:
        shown = pages["index.html"].one("table", id=f"t-{table['id']}")
        heads = [text_of(one) for one in shown.all("thead")[0].all("th")]
        names = [score["name"].replace("_", " ") for score in table["scores"]]
        assert heads[3 : 3 + len(names)] == names
        rows = {
            one.all("input")[0].get("value"): one for one in shown.all("tr") if one.all("input")
        }
        assert set(rows) == {row["id"] for row in table["rows"]}
        first = table["scores"][0]["name"]
        for row in table["rows"]:
            cells = rows[row["id"]].children
            score = row["scores"][first]
            if score["value"] is None:
                assert text_of(cells[1]) == "–"
                continue
            low, high = score["rank_low"], score["rank_high"]
            assert text_of(cells[1]) == f"{score['rank']} ({low}–{high})"
            assert text_of(cells[2]) == str(score["tie"])
            number = f"{score['value']:.2f}".replace("-", "−")
            assert text_of(cells[3]).startswith(number)
            assert float(cells[3].get("data-v")) == pytest.approx(score["value"], abs=1e-6)


def test_scores_have_two_decimals(pages: dict[str, Page]):
    cells = list(pages["index.html"].all("td", class_="d"))
    assert len(cells) > 200
    for cell in cells:
        assert re.match(r"−?\d+\.\d\d( |\()", cell.text), cell.text


def test_intervals_are_drawn_in_place(board: dict[str, Any], pages: dict[str, Page]):
    table = board["tables"][0]
    shown = pages["index.html"].one("table", id=f"t-{table['id']}")
    drawn: dict[float, float] = {}
    for cell in shown.all("td", class_="g0"):
        if cell.get("style"):
            style = dict(part.split(":") for part in cell.get("style").split(";"))
            places = [float(style[f"--{end}"]) for end in "lvh"]
            assert places == sorted(places)
            assert places[0] >= 0
            assert places[2] <= 100
            drawn[float(cell.get("data-v"))] = places[1]
    values = sorted(drawn)
    assert [drawn[value] for value in values] == sorted(drawn.values())


def test_ties_are_divided(pages: dict[str, Page]):
    body = pages["index.html"].one("table", id=f"t-{TABLE}").all("tbody", class_="rows")[0]
    ties = [text_of(row.children[2]) for row in body.children]
    divided = ["group" in row.get("class").split() for row in body.children]
    assert divided == [False] + [a != b for a, b in itertools.pairwise(ties)]
    assert len(set(ties)) > 2


def test_published_rows_say_so_with_their_source(board: dict[str, Any], pages: dict[str, Page]):
    row = next(row for row in board["tables"][0]["rows"] if row["kind"] == "published")
    (line,) = pages["index.html"].one("table", id=f"t-{TABLE}").all("tr", class_="kind-published")
    assert "as published" in text_of(line)
    assert row["source"] in text_of(line)
    own = next(page for page in pages.values() if text_of(page.one("h1")).startswith(row["rater"]))
    (note,) = own.all("p", class_="published")[:1]
    assert "As published" in text_of(note)
    assert row["source"] in text_of(note)


def test_sample_data_is_marked_wherever_it_is_shown(board: dict[str, Any], pages):
    index = pages["index.html"]
    for table in board["tables"]:
        section = index.one("section", id=table["id"])
        assert bool(section.all("p", class_="sample")) == table["synthetic"]
        assert ("sample data" in text_of(section.all("caption")[0])) == table["synthetic"]
    sample = pages[f"benchmarks/{SAMPLE}.html"]
    assert sample.all("p", class_="sample")
    assert sample.all("figcaption")
    assert all("sample data" in text_of(one) for one in sample.all("figcaption"))
    assert not pages[f"benchmarks/{TABLE}.html"].all("p", class_="sample")
    sections = 0
    for page in pages.values():
        for section in page.all("section", id=SAMPLE):
            sections += 1
            assert section.all("p", class_="sample")
            for figure in section.all("figure"):
                assert json.loads(figure.one_script())["synthetic"] is True
    assert sections > 3


def test_runs_apart_are_in_no_table_and_say_why(board: dict[str, Any], pages: dict[str, Page]):
    index = pages["index.html"]
    lines = index.one("section", id="apart").all("tbody")[0].children
    assert len(lines) == len(board["apart"])
    for run, line in zip(board["apart"], lines, strict=True):
        told = text_of(line)
        assert run["status"] in told
        assert clean(run["why"]) in told
        assert run["rater"] in told
        assert run["share"] is None or f"{run['share']:.1%}" in told
    late = next(run["rater"] for run in board["apart"] if run["status"] == "unfinished")
    assert late not in text_of(index.one("table", id=f"t-{TABLE}"))


def test_nothing_missing_is_shown_as_a_number_or_a_word_of_code(pages: dict[str, Page]):
    for name, page in pages.items():
        words = set(re.findall(r"[\w.]+", page.shown))
        assert words.isdisjoint({"None", "nan", "NaN", "null", "undefined", "inf"}), name
        for one in page.all("span", class_="none"):
            assert one.get("title"), name
            assert one.get("title") in one.text, name
    assert "no valid answer to any of its items" in pages["index.html"].shown


def test_item_text_is_shown_only_where_the_board_has_it(pages: dict[str, Page]):
    page = pages[f"benchmarks/{TABLE}.html"]
    table = next(t for t in page.all("table") if "between models" in text_of(t.all("caption")[0]))
    first, second = table.all("tbody")[0].children
    assert "I keep what I have <b>learned</b>." in text_of(first)
    assert "terms of the data do not allow" in text_of(second)


def test_a_model_page_has_its_parts(board: dict[str, Any], pages: dict[str, Page]):
    page = next(p for p in pages.values() if text_of(p.one("h1")) == "=cmd()")
    assert {text_of(one) for one in page.all("h3")} >= {
        "Profile",
        "By prompt variant",
        "Sensitivity",
        "Missing answers",
        "Calibration",
    }
    sections = {one.get("id"): one for one in page.all("section")}
    assert set(sections) == {table["id"] for table in board["tables"]}
    row = board["tables"][0]["rows"][1]
    told = text_of(sections[TABLE])
    assert row["verdict"]["verdict"] in told
    assert row["verdict"]["why"] in told
    for item in row["missing"]:
        assert item["instance"] in told
    for variant in board["tables"][0]["variants"]:
        assert variant.replace("_", " ") in told
    profile = json.loads(sections[TABLE].all("figure")[0].one_script())
    assert profile["others"] == {
        "table": TABLE,
        "row": row["id"],
        "scores": [score["name"] for score in board["tables"][0]["scores"][:10]],
    }
    assert [one["name"] for one in profile["series"]] == ["=cmd()", "559 people"]


def test_a_benchmark_page_has_its_parts(board: dict[str, Any], pages: dict[str, Page]):
    page, table = pages[f"benchmarks/{TABLE}.html"], board["tables"][0]
    assert [text_of(one) for one in page.all("h2")] == [
        "What is measured",
        "Data card",
        "Known limits",
        "Reliability",
        "The people",
        "Schwartz's circle",
        "Models that answer alike",
        "Items that separate models most",
        "Paired differences",
        "Convergence with other benchmarks",
        "Runs kept apart",
    ]
    told = text_of(page.one("main"))
    for part in (table["about"], *table["limits"], table["card"]["licence"], table["paper"]):
        assert part in told
    reading = pages["benchmarks/indie_value-77aa01bc.html"]
    assert "Nobody may pass the answers on." in reading.shown


def test_pairs_are_counted_and_given_in_full(board: dict[str, Any], folder: Path, pages):
    table = board["tables"][0]
    pairs = data_of(folder, f"{TABLE}-pairs")
    assert len(pairs) == len(table["pairs"])
    a, b, score, *numbers = pairs[0]
    first = table["pairs"][0]
    assert table["rows"][a]["id"] == first["a"]
    assert table["rows"][b]["id"] == first["b"]
    assert table["scores"][score]["name"] == first["score"]
    assert numbers[0] == pytest.approx(first["difference"]["value"], abs=1e-6)
    of_power = [pair for pair in table["pairs"] if pair["score"] == "Power"]
    differ = sum(pair["corrected"] < 0.05 for pair in of_power)
    page = pages[f"benchmarks/{TABLE}.html"]
    shown = next(t for t in page.all("table") if "Holm" in text_of(t.all("caption")[0]))
    line = next(row for row in shown.all("tr") if text_of(row.children[0]) == "Power")
    assert text_of(line.children[1]) == f"{differ} of {len(of_power)}"


def test_a_long_table_puts_the_rest_where_it_costs_nothing(large: Path):
    page = Page(large / "index.html")
    section = page.one("section", id=TABLE)
    rest = section.one("noscript", class_="rest")
    first = section.all("table")[0].all("tbody", class_="rows")[0].children
    assert len(first) == 50
    ids = [one.get("value") for one in section.all("input", class_="pick")]
    assert len(ids) == len(set(ids)) == 134
    assert len(rest.all("input", class_="pick")) == 84
    assert "more than 40 rows" in Page(large / f"benchmarks/{TABLE}.html").shown
    assert not (large / "data" / f"{TABLE}-pairs.js").exists()


def test_the_methods_page_explains_what_other_pages_link_to(pages: dict[str, Page]):
    methods = pages["methods.html"]
    ids = {one.get("id") for one in methods.all("*")}
    linked = {
        (one.get("href") or "").partition("methods.html#")[2]
        for page in pages.values()
        for one in page.all("a")
    } - {""}
    assert linked <= ids
    told = text_of(methods.one("main"))
    for word in ("2,000", "Holm", "silhouette", "Ward", "80%", "Nunnally", "Table 4", "Mantel"):
        assert word in told


@pytest.mark.parametrize("models", [0, 1, 3, 45])
def test_boards_of_any_size_build(tmp_path: Path, models: int):
    for path in build_site(made_board(models, seed=models), tmp_path / "site"):
        if path.suffix == ".html":
            Page(path)


def test_a_board_without_tables_builds(tmp_path: Path):
    empty = {"schema": "1.0", "valuegauge": "0", "tables": [], "apart": [], "convergence": []}
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
            for score in row["scores"].values():
                score |= dict.fromkeys(("rank", "rank_low", "rank_high", "tie"))
    board["tables"][0]["human"] = emptied(board["tables"][0]["human"])
    board["tables"][0]["reliability"] = emptied(board["tables"][0]["reliability"])
    board["convergence"] = emptied(board["convergence"])
    build_site(board, tmp_path / "site")
    for path in (tmp_path / "site").rglob("*.html"):
        assert "None" not in Page(path).shown


def test_a_number_that_is_not_finite_becomes_missing(tmp_path: Path):
    board = made_board(2)
    board["tables"][0]["rows"][0]["scores"]["Power"]["value"] = math.nan
    build_site(board, tmp_path / "site")
    assert "NaN" not in (tmp_path / "site" / "data" / f"{TABLE}.js").read_text(encoding="utf-8")


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


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path):
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(DataError, match="holds something else than a site of ours"):
        build_site(made_board(1), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
    with pytest.raises(DataError, match=r"thesis\.txt is not a folder"):
        build_site(made_board(1), tmp_path / "thesis.txt")
    (tmp_path / "linked").symlink_to(tmp_path)
    with pytest.raises(DataError, match="is not a folder"):
        build_site(made_board(1), tmp_path / "linked")
    with pytest.raises(DataError, match="cannot write the site"):
        build_site(made_board(1), tmp_path / "thesis.txt" / "site")


def test_a_build_that_fails_leaves_the_old_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    out = tmp_path / "site"
    before = {path: path.read_bytes() for path in build_site(made_board(2), out)}

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(site, "_write_assets", full)
    with pytest.raises(DataError, match="cannot write the site .*No space left"):
        build_site(made_board(3), out)
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda board: board.pop("apart"), "the board has no 'apart'"),
        (lambda board: board.update(schema="9"), "of schema '9', this version reads '1.0'"),
        (lambda board: board["tables"][0].update(id="../up"), "table id '../up' is not made of"),
        (lambda board: board["tables"][0]["rows"][0].update(id="a b"), "row id 'a b' is not made"),
        (lambda board: board["tables"].append(board["tables"][0]), "two tables of one id"),
    ],
)
def test_a_board_that_is_none_is_refused(tmp_path: Path, change: Any, message: str):
    board = made_board(1)
    change(board)
    with pytest.raises(DataError, match=message):
        build_site(board, tmp_path / "site")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("module", [site_text, site_pages, site_figures])
def test_examples_in_docstrings(module: Any):
    found = doctest.testmod(module)
    assert found.attempted
    assert not found.failed
