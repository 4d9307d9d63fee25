"""A site made from a board at random, shared by the tests of its parts."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jinja2
import pytest
from jinja2.bccache import Bucket

from leaderboard.site import build
from leaderboard.site.build import build_site
from tests.leaderboard.boards import made_board
from tests.leaderboard.html_pages import Page


class _Compiled(jinja2.BytecodeCache):
    """Compiled templates by name and source, in memory."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()


@pytest.fixture(scope="session", autouse=True)
def _templates_compiled_once() -> Iterator[None]:
    """A site compiles its templates, which is half of building a small one."""
    made, compiled = build._environment, _Compiled()

    def environment(board: Mapping[str, Any]) -> jinja2.Environment:
        new = made(board)
        new.bytecode_cache = compiled
        return new

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "_environment", environment)
        yield


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
