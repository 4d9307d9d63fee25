"""What assistive technology meets on every page, in both themes, by the rules of axe-core."""

from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.processes

AXE = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-core")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_no_page_violates_a_rule(site: Path, opened: Callable, scheme: str, width: int):
    names = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    # pages of one kind differ in their data only: a hostile name and two more of each
    kinds: dict[str, list[str]] = {}
    for name in names:
        kinds.setdefault(name.partition("/")[0], []).append(name)
    page = opened(site, "index.html", width=width, color_scheme=scheme)
    found = {}
    for name in [one for kind in kinds.values() for one in kind[:3]]:
        page.goto((site / name).as_uri())
        # without the style sheets' text, which a page opened as a file may not read
        violations = AXE.Axe().run(page, options={"preload": False}).response["violations"]
        if violations:
            found[name] = [(one["id"], one["nodes"][0]["html"][:200]) for one in violations]
    assert found == {}
