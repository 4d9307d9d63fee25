"""What assistive technology meets on every page, in both themes, by the rules of axe-core."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.axe import violations

pytestmark = pytest.mark.processes


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_no_page_violates_a_rule(site: Path, opened: Callable, scheme: str, width: int):
    # pages of one kind differ in their data only: a hostile name and two more of each
    kinds: dict[str, list[str]] = {}
    for name in sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html")):
        kinds.setdefault(re.match(r"benchmarks/\w+|\w+", name)[0], []).append(name)
    assert set(kinds) == {
        "benchmarks/indie_value", "benchmarks/value_portrait", "compare", "index", "items",
        "methods", "models",
    }  # fmt: skip
    # what depends on theme and width is of the kind: one page of each shows it
    most = 3 if (scheme, width) == ("light", 1280) else 1
    page = opened(site, "index.html", width=width, color_scheme=scheme)
    found = {}
    for name in [one for kind in kinds.values() for one in kind[:most]]:
        page.goto((site / name).as_uri())
        if violated := violations(page):
            found[name] = violated
    assert found == {}
