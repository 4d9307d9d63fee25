import itertools
import re
from collections import Counter
from pathlib import Path
from typing import Any

from leaderboard.site.text import clean
from tests.leaderboard.html_pages import Page, text_of

SAMPLE = "value_portrait-5a3d9e11"
TABLE = "value_portrait-3f9a1c20"


def test_pages_have_landmarks_headings_and_names(pages: dict[str, Page]):
    for name, page in pages.items():
        assert page.one("html").get("lang") == "en", name
        assert len(page.all("h1")) == 1, name
        assert page.one("main").get("id") == "main", name
        assert page.one("body").all("header")
        assert page.one("body").all("footer")
        first = page.one("body").children[0]
        assert (first.tag, first.get("href")) == ("a", "#main"), name
        assert text_of(page.one("head").one("title")).removesuffix("· valuegauge").strip(), name
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
                assert set((reference or "").split()) <= ids, (name, reference)
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


def test_the_overview_shows_the_board(board: dict[str, Any], pages: dict[str, Page]):
    for table in board["tables"]:
        table_shown = pages["index.html"].one("table", id=f"t-{table['id']}")
        heads = [text_of(one) for one in table_shown.all("thead")[0].all("th")]
        headline = [score for score in table["scores"] if score["headline"]]
        names = [score["name"].replace("_", " ") for score in headline]
        assert heads[3 : 3 + len(names)] == names
        rows = {one.get("data-row"): one for one in table_shown.all("tr") if one.get("data-row")}
        assert set(rows) == set(table["shown"])
        first = headline[0]["name"]
        for row in table["rows"]:
            if row["id"] not in rows:
                continue
            cells = rows[row["id"]].children
            score = row["scores"][first]
            if score["value"] is None:
                assert text_of(cells[1]) == "–"
                continue
            low, high = score["rank_low"], score["rank_high"]
            assert text_of(cells[1]) == f"{score['rank']} ({low}–{high})"
            differs = score["differs"]["beyond"]
            assert text_of(cells[2]) == f"{differs['number']} of {differs['of']}"
            number = f"{score['value']:.2f}".replace("-", "−")
            assert text_of(cells[3]).startswith(number)


def test_scores_have_two_decimals(pages: dict[str, Page]):
    cells = list(pages["index.html"].all("td", class_="d"))
    assert len(cells) > 200
    for cell in cells:
        assert re.match(r"−?\d+\.\d\d \(", cell.text), cell.text


def test_published_figures_are_marks_in_the_rows_and_pages_of_their_own(board, pages):
    table = board["tables"][0]
    ours = next(row for row in table["rows"] if row["published"])
    line = next(
        one
        for one in pages["index.html"].one("table", id=f"t-{TABLE}").all("tr")
        if one.get("data-row") == ours["id"]
    )
    marked = line.all("td", class_="p")
    assert len(marked) == len(ours["published"])
    for cell in marked:
        assert cell.get("title") == "Han et al. (2025), Table 5 prints 0.10, 0.02 less than here"
        assert cell.get("title") in text_of(cell)
        assert "--p:" in cell.get("style")
    row = next(row for row in table["rows"] if row["kind"] == "published")
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
        folded = [one for one in index.all("details") if section in one.all("section")]
        assert bool(folded) == table["synthetic"]
        assert all("open" not in one.attributes for one in folded)
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
            for figure in section.all("figure", class_="figure"):
                assert "sample data" in text_of(figure.one("figcaption"))
    assert sections > 3


def test_runs_apart_are_in_no_table_and_say_why(board: dict[str, Any], pages: dict[str, Page]):
    index = pages["index.html"]
    lines = index.one("section", id="apart").all("tbody")[0].children
    assert len(lines) == len(board["apart"])
    for run, line in zip(board["apart"], lines, strict=True):
        shown = text_of(line)
        assert run["status"] in shown
        assert clean(run["why"]) in shown
        assert run["rater"] in shown
        assert run["share"] is None or f"{run['share']:.1%}" in shown
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


def test_a_long_table_has_its_first_rows_and_says_where_the_others_are(large: Path):
    section = Page(large / "index.html").one("section", id=TABLE)
    rows = section.one("table", id=f"t-{TABLE}").all("tbody")[0].all("tr")
    assert len(rows) == 40
    rest = section.one("p", class_="rest")
    assert text_of(rest) == "The first 40 of 132 rows; the CSV file has all."
    assert rest.one("a").get("href") == f"data/{TABLE}.csv"
    assert not (large / "data" / f"{TABLE}-pairs.csv").exists()


def test_the_methods_page_explains_what_other_pages_link_to(pages: dict[str, Page]):
    methods = pages["methods.html"]
    ids = {one.get("id") for one in methods.all("*")}
    linked = {
        (one.get("href") or "").partition("methods.html#")[2]
        for page in pages.values()
        for one in page.all("a")
    } - {""}
    assert linked <= ids
    shown = text_of(methods.one("main"))
    for word in (
        "2,000",
        "Holm",
        "silhouette",
        "Ward",
        "80%",
        "Nunnally",
        "Table 4",
        "other items",
    ):
        assert word in shown
