"""Numbers and words of the site's sentences."""

from pathlib import Path

import pytest

from leaderboard.site.build import build_site
from leaderboard.site.paper import latex_row
from leaderboard.site.responses_pages import responses_path
from leaderboard.site.text import label, with_minus
from tests.leaderboard.boards import made_board
from tests.leaderboard.html_pages import Page, text_of

TABLE = "value_portrait-3f9a1c20"
FINDING = "Least like people is o1-mini-2024 on Power (-1.27, -1.50 to -1.04)."
SHOWN = "Least like people is o1-mini-2024 on Power (−1.27, −1.50 to −1.04)."


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site whose findings hold negative numbers."""
    board = made_board(9, seed=3)
    table = board["tables"][0]
    row = next(one for one in table["rows"] if one["change"])
    table["finding"] = ["9 models.", FINDING, FINDING]
    row["finding"] = row["change"]["finding"] = FINDING
    row["verdict"] = {"verdict": "doubtful", "why": "Alpha is -0.10 (0.80 is needed)."}
    # more items of one score than a page holds
    first = table["items"][0]
    first["scores"], first["gap"], first["separating"] = ["Power"], 0.07, -0.1
    table["items"] += [{**first, "instance": f"more-{k}", "gap": -0.07} for k in range(60)]
    folder = tmp_path_factory.mktemp("words") / "site"
    build_site(board, folder)
    return folder


def test_negative_numbers_of_findings_have_a_real_minus_sign_on_every_page(site: Path):
    pages = [path.read_text(encoding="utf-8") for path in site.rglob("*.html")]
    assert sum(SHOWN in page for page in pages) >= 3  # front, benchmark, model
    assert any("Alpha is −0.10" in page for page in pages)
    for text in [*pages, (site / f"data/{TABLE}/rows.js").read_text(encoding="utf-8")]:
        assert "(-1.27" not in text
        assert "is -0.10" not in text


def test_hyphens_of_names_are_kept():
    for name in ("gpt-4o-2024-05-13", "-2+3", "model -7b", "v1-0.5", "a/b-1.5-instruct"):
        assert with_minus(f"{name} is first.") == f"{name} is first."


def test_labels_are_words():
    assert [label(one) for one in ("loss_none", "brier", "sigma_inequity")] == [
        "loss given nothing",
        "Brier score",
        "sigma inequity",
    ]


def test_missing_numbers_of_a_latex_row_are_dashes():
    assert latex_row(["a–b", "–", "−0.13"]) == r"a--b & -- & $-$0.13 \\"


def test_a_verdict_is_said_once(site: Path):
    pages = [Page(path) for path in site.glob("models/*.html")]
    lines = [text_of(one) for page in pages for one in page.all("p")]
    assert [one.count("Alpha is −0.10") for one in lines if "Alpha is" in one] == [1]


def title(site: Path, *page: str | int) -> str:
    return text_of(Page(site / responses_path(TABLE, *page)).one("head").one("title"))


def test_each_page_of_responses_has_a_title_of_its_own(site: Path):
    pages = [("Power", order, k) for order in ("models", "people") for k in (1, 2)]
    titles = [title(site, *page) for page in pages]
    assert len(set(titles)) == 4
    assert "page 2" in titles[1]


def test_a_difference_of_models_and_people_has_a_sign(site: Path):
    page = Page(site / responses_path(TABLE, "Power", "people"))
    said = {text_of(one) for one in page.all("p", class_="about")}
    assert "Between models −0.10 · models minus people +0.07" in said
    assert "Between models −0.10 · models minus people −0.07" in said
    assert "below zero, models differ less than the wordings of one model" in page.shown
