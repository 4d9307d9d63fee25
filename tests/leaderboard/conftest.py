"""A site made from a board at random, shared by the tests of its parts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from leaderboard.site.build import build_site
from tests.leaderboard.boards import made_board
from tests.leaderboard.html_pages import Page


@pytest.fixture(scope="session", autouse=True)
def _logs_are_read_in_this_process() -> Iterator[None]:
    """A worker process takes seconds to start; the commands that tests type start theirs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("leaderboard.store.collect._ALONE", 1_000)
        yield


@pytest.fixture(scope="session")
def board() -> dict[str, Any]:
    """The board of the site; nobody changes it."""
    return made_board(12, seed=1)


@pytest.fixture(scope="session")
def built(board: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site."""
    folder = tmp_path_factory.mktemp("site") / "site"
    build_site(board, folder)
    return folder


@pytest.fixture(scope="session")
def pages(built: Path) -> dict[str, Page]:
    """Its pages, by their path."""
    return {
        path.relative_to(built).as_posix(): Page(path) for path in sorted(built.rglob("*.html"))
    }


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a site whose first table is long."""
    folder = tmp_path_factory.mktemp("large") / "site"
    build_site(made_board(130, seed=2), folder)
    return folder
