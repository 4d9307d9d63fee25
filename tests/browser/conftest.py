"""A Chromium of the system, driven by Playwright, and sites for it to open from the file system."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from leaderboard.site.build import build_site
from tests.leaderboard.boards import made_board

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# Marks each script that has been loaded or could not be.
ENDED = """for (const kind of ["load", "error"])
    document.addEventListener(kind, ({ target }) => { target.ended = true; }, true);"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser for a module's tests: Playwright's event loop must not outlive them."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip(f"needs a Chromium: none of {', '.join(BROWSERS)} is on the path")
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    with playwright.sync_playwright() as running:
        launched = running.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small site, with every kind of row."""
    folder = tmp_path_factory.mktemp("browser") / "site"
    build_site(made_board(9, seed=3), folder)
    return folder


@pytest.fixture(scope="session")
def table() -> dict[str, Any]:
    """The first table of `site`."""
    return made_board(9, seed=3)["tables"][0]


@pytest.fixture(scope="session")
def large_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site whose first table has more rows than are in the page at once."""
    folder = tmp_path_factory.mktemp("browser") / "large"
    build_site(made_board(130, seed=4), folder)
    return folder


@pytest.fixture
def opened(browser: Any) -> Iterator[Callable[..., Any]]:
    """Opens a page of a site; fails the test when it complains or asks for anything else."""
    contexts, complaints = [], []

    def asked(request: Any) -> None:
        if not request.url.startswith(("file:", "data:", "blob:")):
            complaints.append(f"request: {request.url}")

    def failed(request: Any) -> None:
        # what is saved is not opened, and a reader may leave before data are there
        left = "/data/" in request.url and request.failure == "net::ERR_ABORTED"
        if not left and not request.url.endswith(".csv"):
            complaints.append(f"failed: {request.url}")

    def note(page: Any) -> None:
        page.on(
            "console", lambda message: complaints.append(f"console {message.type}: {message.text}")
        )
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on("requestfailed", failed)
        page.on("request", asked)
        page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))

    def open_page(folder: Path, path: str, width: int = 1280, **options: Any) -> Any:
        context = options.pop("context", None)
        if context is None:
            context = browser.new_context(viewport={"width": width, "height": 900}, **options)
            contexts.append(context)
        page = context.new_page()
        note(page)
        page.add_init_script(ENDED)
        name, _, fragment = path.partition("#")
        page.goto((folder / name).as_uri() + (f"#{fragment}" if fragment else ""))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
