"""Every page, opened from the file system: quiet, readable, within its width, on paper."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.waiting import until

pytestmark = pytest.mark.processes

FOLDER = Path(__file__).parent
CONTRASTS = (FOLDER / "contrasts.js").read_text(encoding="utf-8")
DRAWN = (FOLDER / "drawn_contrasts.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def names(site: Path) -> list[str]:
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))


@pytest.fixture(scope="module")
def some(names: list[str]) -> list[str]:
    """One page of each kind, and a model in every table whose name is hostile."""
    models = [name for name in names if name.startswith("models/script")]
    assert len(models) == 1
    return ["index.html", "methods.html", "compare.html", names[0], names[1], *models]


def width_of(page: Any) -> int:
    return page.evaluate("document.documentElement.scrollWidth")


@pytest.mark.parametrize("first", [1280, 360])
def test_every_page_opens_quietly(site: Path, names: list[str], opened: Callable, first: int):
    """`opened` fails at a message, an error, an alert, or a request that is not for a file.

    Half of the pages are opened wide and narrowed, the others opened narrow and widened.
    """
    wide = first == 1280
    page = opened(site, names[0], width=first)
    for name in names[not wide :: 2]:
        page.set_viewport_size({"width": first, "height": 900})
        page.goto((site / name).as_uri())
        for width in (first, 360 if wide else 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert width_of(page) <= width, name
        assert page.locator("img").count() == 0, name  # a hostile name would have made one
        assert page.locator("body script:not([type='application/json'])").count() == 0, name


def test_wide_tables_scroll_in_an_element_of_their_own(site: Path, opened: Callable):
    page = opened(site, "index.html", width=768)
    scroller = page.locator(".scroller").first
    assert scroller.evaluate("(one) => one.scrollWidth > one.clientWidth")
    scroller.focus()
    page.keyboard.press("ArrowRight")
    until(page, "document.querySelector('.scroller').scrollLeft > 0")
    # the names stay where they are
    name = page.locator("tbody.rows th").first
    assert name.evaluate("(one) => one.getBoundingClientRect().left") >= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_the_contrast_of_aa(site: Path, some: list[str], opened: Callable, scheme: str):
    page = opened(site, some[0], color_scheme=scheme)
    for name in some:
        page.goto((site / name).as_uri())
        found = page.evaluate(CONTRASTS)
        assert len(found) > 10, name
        poor = [one for one in found if one[1] < one[2]]
        assert poor == [], name
    for pair, ratio in page.evaluate(DRAWN).items():
        assert ratio >= 3, (scheme, pair)


@pytest.mark.parametrize("name", ["index.html", "benchmarks/value_portrait-3f9a1c20.html"])
def test_print_is_whole_light_and_without_controls(site: Path, opened: Callable, name: str):
    page = opened(site, name, width=1000, color_scheme="dark")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    for hidden in (".top nav", "#theme", ".controls", ".paper", ".skip"):
        for one in page.locator(hidden).all():
            assert not one.is_visible(), hidden
    for scroller in page.locator(".scroller").all():
        assert scroller.evaluate("(one) => getComputedStyle(one).overflow") == "visible"
    assert width_of(page) <= 1000
    poor = [one for one in page.evaluate(CONTRASTS) if one[1] < one[2]]
    assert poor == []


def test_theme_follows_the_system_and_a_choice_is_kept(site: Path, opened: Callable):
    page = opened(site, "index.html", color_scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.emulate_media(color_scheme="light")
    light = page.evaluate(ground)
    assert dark != light
    button = page.get_by_role("button", name="Theme: system")
    button.click()
    page.get_by_role("button", name="Theme: light").click()
    assert page.evaluate(ground) == dark
    other = opened(site, "methods.html", context=page.context)
    assert other.get_by_role("button", name="Theme: dark").is_visible()
    assert other.evaluate(ground) == dark
    other.get_by_role("button", name="Theme: dark").click()
    assert other.evaluate("document.documentElement.dataset.theme") is None


def test_a_browser_that_refuses_storage_is_no_error(site: Path, opened: Callable, browser: Any):
    context = browser.new_context()
    context.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('refused'); }})"
    )
    page = opened(site, "index.html", context=context)
    page.get_by_role("button", name="Theme: system").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    context.close()


def test_figures_follow_the_theme(site: Path, opened: Callable):
    page = opened(site, "benchmarks/value_portrait-3f9a1c20.html", color_scheme="light")
    label = "document.querySelector('figure .label')"
    before = page.evaluate(f"getComputedStyle({label}).fill")
    page.emulate_media(color_scheme="dark")
    until(page, f"getComputedStyle({label}).fill !== '{before}'")


def test_motion_is_only_for_those_who_want_it(site: Path, opened: Callable):
    page = opened(site, "methods.html", reduced_motion="reduce")
    behaviour = "getComputedStyle(document.documentElement).scrollBehavior"
    assert page.evaluate(behaviour) == "auto"
