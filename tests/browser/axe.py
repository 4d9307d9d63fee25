"""The rules of axe-core, for the page that is open."""

from typing import Any

import pytest

# Nothing else is used, and to describe all that passes takes as long as to check it; the style
# sheets' text is left out, as a page opened as a file may not read it.
OPTIONS = {"preload": False, "resultTypes": ["violations"]}


def violations(page: Any) -> list[tuple[str, str]]:
    """Each rule that a page violates, with the first element that does."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-core")
    found = axe.Axe().run(page, options=OPTIONS).response["violations"]
    return [(one["id"], one["nodes"][0]["html"][:200]) for one in found]
