from pathlib import Path
from typing import Any

from leaderboard.site.build import build_site
from leaderboard.site.pages import model_pages
from leaderboard.site.text import clean
from tests.leaderboard.board_rows import HOSTILE
from tests.leaderboard.boards import made_board
from tests.leaderboard.html_pages import Element, Page, text_of

TABLE = "value_portrait-3f9a1c20"


def section_of(board: dict[str, Any], pages: dict[str, Page], position: int) -> Element:
    """The section of a row of the first table."""
    row = board["tables"][0]["rows"][position]
    path = next(one.path for one in model_pages(board) if any(r is row for _, r in one.entries))
    return pages[path].one("section", id=TABLE)


def table_of(section: Element, words: str) -> Element:
    return next(one for one in section.all("table") if words in text_of(one.all("caption")[0]))


def lines_of(table: Element) -> list[list[str]]:
    return [[text_of(cell) for cell in row.children] for row in table.one("tbody").children]


def shown(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def test_the_finding_is_first_the_profile_next_and_the_facts_last(board, pages):
    section = section_of(board, pages, 1)
    order = [
        one
        for one in section.all("*")
        if one.tag in ("h2", "h3", "figure", "dl") or one.get("class") == "finding"
    ]
    assert [one.tag for one in order[:3]] == ["h2", "p", "figure"]
    assert order[1].text == board["tables"][0]["rows"][1]["finding"]
    assert order[-1].tag == "dl"
    assert [text_of(one) for one in section.all("h3")] == [
        "The numbers",
        "Over the wordings",
        "Among people",
        "Missing answers",
        "Since the run before",
        "The run",
    ]


def test_names_are_the_sites_and_not_the_stores(board, pages):
    row = next(one for one in board["tables"][0]["rows"] if one["kind"] == "recording")
    titles = [text_of(page.one("h1")) for page in pages.values()]
    assert f"{row['name']} recording" in titles
    assert not [one for one in titles if one.startswith("replay/")]


def test_the_numbers_are_the_boards(board, pages):
    row = board["tables"][0]["rows"][1]
    table = table_of(section_of(board, pages, 1), "Schwartz values, in points")
    for line in lines_of(table):
        found = row["scores"][line[0]]
        assert line[1] == shown(found["value"])
        assert line[2] == f"{shown(found['low'])} to {shown(found['high'])}"
        on = found["on_items"]
        assert line[3] == f"{shown(on['low'])} to {shown(on['high'])}"
        assert line[4] == f"{found['rank']} ({found['rank_low']}–{found['rank_high']})"


def test_scores_lead_to_their_responses_with_the_row_lit(board, pages):
    row = board["tables"][0]["rows"][1]
    table = table_of(section_of(board, pages, 1), "Schwartz values, in points")
    links = [one.get("href") or "" for one in table.all("a")]
    assert len(links) == 10
    assert all(one.startswith(f"../items/{TABLE}/") for one in links)
    assert all(one.endswith(f"#lit={row['id']}") for one in links)


def test_what_changed_since_the_run_before_is_said_and_tested(board, pages):
    row = board["tables"][0]["rows"][1]
    section = section_of(board, pages, 1)
    assert row["change"]["finding"] in text_of(section)
    table = table_of(section, "This run less the run before, of 2025-12-01")
    lines = lines_of(table)
    assert len(lines) == len(row["change"]["scores"])
    for line in lines:
        found = row["change"]["scores"][line[0]]
        assert line[1:3] == [shown(found["before"]), shown(found["after"])]
        on = found["on_items"]["difference"]
        assert line[4] == f"{shown(on['low'])} to {shown(on['high'])}"
    changes = [
        abs(row["change"]["scores"][line[0]]["beyond"]["difference"]["value"]) for line in lines
    ]
    assert changes == sorted(changes, reverse=True)
    assert "Since the run before" not in text_of(section_of(board, pages, 2))


def test_printed_figures_have_their_difference_and_source(board, pages):
    rows = board["tables"][0]["rows"]
    position = next(k for k, row in enumerate(rows) if row["published"])
    section = section_of(board, pages, position)
    lines = lines_of(table_of(section, "What a paper prints"))
    assert len(lines) == len(rows[position]["published"])
    for name, printed, ours, difference, source in lines:
        found = rows[position]["published"][name]
        assert printed == shown(found["value"])
        assert ours == shown(rows[position]["scores"][name]["value"])
        assert difference == shown(found["difference"])
        assert source == found["source"]
    assert "What a paper prints" not in text_of(section_of(board, pages, 1))


def test_missing_answers_have_the_texts_that_may_be_shown(board, pages):
    table = board["tables"][0]
    row = table["rows"][2]
    texts = {item["instance"]: item["text"] for item in table["items"]}
    lines = lines_of(table_of(section_of(board, pages, 2), "Refusals and other missing"))
    assert len(lines) == len(row["missing"]) > 5
    with_text = 0
    for item, line in zip(row["missing"], lines, strict=True):
        assert line[0] == item["instance"]
        text = texts.get(item["instance"])
        if text:
            with_text += 1
            assert " ".join(str(clean(text["response"])).split()) in line[3]
        else:
            assert "may not be passed on" in line[3]
    assert with_text > 5


def test_a_score_without_a_value_says_why(board, pages):
    section = section_of(board, pages, 3)
    assert "no valid answer to any of its items" in text_of(section)
    drawn = [one for one in section.all("text", class_="tick") if one.text == "no value"]
    assert len(drawn) == 2 * 2 + 2 * 2, "profile and wordings, each in two drawings"


def test_every_drawing_has_an_id_of_its_own(pages: dict[str, Page]):
    for name, page in pages.items():
        ids = [one.get("id") for one in page.all("svg") if one.get("id")]
        assert len(ids) == len(set(ids)), name


def test_buttons_for_a_paper_lead_to_a_figure_that_is_there(pages: dict[str, Page]):
    for name, page in pages.items():
        if not name.startswith(("models/", "benchmarks/")):
            continue
        ids = {one.get("id") for one in page.all("svg")}
        for one in page.all("div", class_="paper"):
            figure = one.get("data-figure")
            assert figure is None or figure.removeprefix("#") in ids, name


def test_a_latex_row_holds_no_command_of_a_name(board, pages):
    section = section_of(board, pages, 6)
    row = section.one("div", class_="paper").get("data-latex") or ""
    assert row.startswith("@sum(A1)")
    assert r"\{\{ 7 {*} 7 \}\} \$\{x\} \textless{}/table" in row
    assert row.count(" & ") == 10


def test_bounds_are_shown_where_missing_answers_move_a_score(tmp_path: Path):
    board = made_board(2)
    for row in board["tables"][0]["rows"]:
        for score in row["scores"].values():
            score |= {"lowest": score["value"], "highest": score["value"]}
    build_site(board, tmp_path / "same")
    board["tables"][0]["rows"][0]["scores"]["Power"]["highest"] += 0.1
    build_site(board, tmp_path / "moved")
    first = model_pages(board)[0].path
    heads = [
        [text_of(one) for one in Page(tmp_path / name / first).one("section", id=TABLE).all("th")]
        for name in ("same", "moved")
    ]
    assert "Bounds" not in heads[0]
    assert heads[1].count("Bounds") == 1


def test_hostile_names_are_titles_as_text(pages: dict[str, Page]):
    titles = {text_of(page.one("h1")) for name, page in pages.items() if name.startswith("models/")}
    for name in HOSTILE:
        assert " ".join(str(clean(name)).split()) in titles
