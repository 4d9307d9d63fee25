"""The manual as it is built: groups, formulas, links, phones, dark pages, and its board."""

import importlib.util
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.waiting import until

pytestmark = pytest.mark.processes

DOCS = Path(__file__).parents[2] / "docs"
SOURCES = sorted(DOCS.glob("*.md"))
BOARD = "board/index.html"  # made by another command, tested below
WIDE = ("pre", ".table-wrapper", ".formula")
SCROLLS = """(all) => all.some((box) => box.scrollWidth > box.clientWidth && box.tabIndex === 0
    && getComputedStyle(box).overflowX === 'auto')"""
# A root, "plus or minus", an index in brackets, a sum.
TYPED = r"\bsqrt ?\(|[)a-z0-9] -\+ |\b[a-zA-Z]\[[a-z](, ?[a-z])?\]|\bsum over \w of "


def sphinx(source: Path, out: Path) -> subprocess.CompletedProcess[str]:
    for module in ("sphinx", "furo", "math_core", "myst_parser"):
        pytest.importorskip(module, reason="needs the extra docs")
    command = [sys.executable, "-m", "sphinx", "--fail-on-warning", "--nitpicky", "--quiet"]
    return subprocess.run([*command, str(source), str(out)], capture_output=True, text=True)


@pytest.fixture(scope="module")
def manual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("manual")
    built = sphinx(DOCS, out)
    assert built.returncode == 0, built.stderr
    return out


@pytest.fixture(scope="module")
def pages(manual: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(manual.glob("*.html"))}


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("board") / "board"
    command = [sys.executable, str(DOCS / "sample_board.py"), str(out)]
    subprocess.run(command, check=True, capture_output=True)
    return out


def test_every_page_is_in_one_of_the_four_groups():
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    trees = re.findall(r"```\{toctree\}\n:hidden:\n:caption: (\w+)\n\n(.*?)```", index, re.DOTALL)
    assert [caption for caption, _ in trees] == ["Start", "Guides", "Reference", "Methods"]
    listed = Counter(name for _, names in trees for name in names.split())
    assert listed == Counter(path.stem for path in SOURCES if path.stem != "index")
    for name in listed:
        assert f"({name}.md)" in index, "the text of the first page leads to each"


def test_a_formula_is_mathml_and_a_slip_in_it_an_error():
    math_core = pytest.importorskip("math_core", reason="needs the extra docs")
    spec = importlib.util.spec_from_file_location("mathml", DOCS / "mathml.py")
    mathml = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(mathml)
    found = mathml.to_mathml(r"\frac{a}{b}", block=True)
    assert found.startswith('<math display="block">')
    assert "<mfrac><mi>a</mi><mi>b</mi></mfrac>" in found
    assert "<mo>&lt;</mo>" in mathml.to_mathml("a < b", block=False)
    for slip in (r"\frc{a}{b}", r"\frac{a"):
        with pytest.raises(math_core.LatexError):
            mathml.to_mathml(slip, block=False)


def test_a_formula_that_cannot_be_set_ends_the_build(tmp_path: Path):
    for name in ("conf.py", "mathml.py"):
        (tmp_path / name).write_text((DOCS / name).read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "_static").mkdir()
    (tmp_path / "index.md").write_text("# One\n\nA slip: $\\frc{a}{b}$.\n", encoding="utf-8")
    built = sphinx(tmp_path, tmp_path / "out")
    assert built.returncode != 0
    assert "index.md:3: WARNING: formula '\\\\frc{a}{b}'" in built.stderr


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_no_formula_is_typed_as_text(path: Path):
    fence = re.compile(r"^ *```(.*?)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
    text = fence.sub(lambda found: found[2] * (found[1] == "text"), path.read_text("utf-8"))
    assert not re.search(TYPED, re.sub(r"\$[^$\n]*\$", "", text))


def test_formulas_are_set(pages: dict[str, str]):
    assert pages["statistics.html"].count('<div class="formula"><math display="block">') >= 40
    for name, page in pages.items():
        assert not re.search(r"\\(frac|sum|text|sqrt)\b", page), name


def test_nothing_in_a_page_comes_from_another_host(manual: Path, pages: dict[str, str]):
    for name, page in pages.items():
        elements = re.findall(r"<(?:script|link|img|iframe|source|object)\b[^>]*>", page)
        assert elements
        for element in elements:
            assert not re.search(r"""(?:src|href|srcset|data)=["']?(?:https?:)?//""", element), name
    for path in manual.rglob("*.css"):
        style = path.read_text(encoding="utf-8")
        assert not re.search(r"""(?:url\(|@import)\s*["']?(?:https?:)?//""", style), path.name


def test_links_within_the_manual_lead_somewhere(manual: Path, pages: dict[str, str]):
    ids = {name: set(re.findall(r'\bid="([^"]+)"', page)) for name, page in pages.items()}
    for name, page in pages.items():
        for link in re.findall(r'<a\b[^>]*\bhref="([^"]*)"', page):
            target, _, anchor = link.partition("#")
            if re.match(r"https?:|mailto:", link) or target == BOARD:
                continue
            assert not target or (manual / target).is_file(), (name, link)
            assert not anchor or anchor in ids[target or name], (name, link)
    assert f'href="{BOARD}"' in pages["index.html"]
    assert f'href="{BOARD}"' in pages["leaderboard.html"]


def test_no_page_is_wider_than_a_phone(manual: Path, pages: dict[str, str], opened: Callable):
    page = opened(manual, "index.html", width=360)
    scrolled = set()
    for name in pages:
        page.goto((manual / name).as_uri())
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 360, name
        scrolled |= {kind for kind in WIDE if page.eval_on_selector_all(kind, SCROLLS)}
    assert scrolled == set(WIDE)


def test_no_formula_is_cut_on_a_desk(manual: Path, pages: dict[str, str], opened: Callable):
    page = opened(manual, "index.html", width=1280)
    for name, text in pages.items():
        if "<math" in text:
            page.goto((manual / name).as_uri())
            widths = page.eval_on_selector_all(
                ".formula", "(all) => all.map((one) => one.scrollWidth - one.clientWidth)"
            )
            assert max(widths, default=0) <= 0, name


@pytest.mark.parametrize(("scheme", "dark"), [("light", False), ("dark", True)])
def test_a_page_is_dark_where_the_system_is(
    manual: Path, opened: Callable, scheme: str, dark: bool
):
    page = opened(manual, "statistics.html", color_scheme=scheme)
    for part, is_dark in (("backgroundColor", dark), ("color", not dark)):
        found = page.evaluate(f"getComputedStyle(document.body).{part}")
        shades = [int(shade) for shade in re.findall(r"\d+", found)[:3]]
        assert all(shade < 90 if is_dark else shade > 165 for shade in shades), (part, found)


def test_the_picture_of_the_first_page_is_there(manual: Path, opened: Callable):
    page = opened(manual, "index.html")
    picture = page.locator("article img").first
    assert picture.get_attribute("alt")
    assert picture.evaluate("(one) => one.complete && one.naturalWidth > 600")


def test_a_search_from_disk_finds_every_page_of_a_word(manual: Path, opened: Callable):
    page = opened(manual, "index.html")
    page.locator(".sidebar-search").fill("jackknife")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?**")
    until(page, "document.querySelectorAll('#search-results li').length > 1")
    assert "Statistics" in page.locator("#search-results").inner_text()


def test_the_board_of_the_sample_says_what_it_is(board: Path, opened: Callable):
    for width in (1280, 360):
        page = opened(board, "index.html", width=width)
        assert "sample" in page.locator("main").inner_text().lower()
        assert "respondent/power" in page.content()
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width
