"""What the compare page loads, and that its states are Python's."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlparse
from urllib.request import url2pathname

import numpy as np
import pytest

from leaderboard.site.build import build_site
from scorers.comparison.differences import SIGNIFICANCE
from tests.browser.compare_page import address, compared, ids, with_predicted
from tests.browser.waiting import until
from tests.leaderboard.board_rows import correct
from tests.leaderboard.boards import made_board

pytestmark = pytest.mark.processes


def data_file(folder: Path, table: dict[str, Any], row: str) -> Path:
    return folder / "data" / table["id"] / "compare" / f"{row}.js"


def weight_of(page: Any, rows: list[str]) -> int:
    """Bytes of the compare page and of all that it loads by itself."""
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.reload()
    compared(page, rows)
    files = {url2pathname(urlparse(url).path) for url in requests if url.startswith("file:")}
    assert any(name.endswith("/compare.html") for name in files)
    return sum(Path(name).stat().st_size for name in files)


def test_the_page_is_light(site: Path, opened: Callable, table):
    rows = ids(table, 0, 1)
    page = opened(site, address(table, rows))
    compared(page, rows)
    assert 50_000 < weight_of(page, rows) < 150_000


@pytest.fixture(scope="module")
def sixty(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A site whose table shows sixty rows, each two tested on 29 scores, ten of them apart."""
    board = with_predicted(made_board(58, seed=5))
    folder = tmp_path_factory.mktemp("sixty") / "site"
    build_site(board, folder)
    return folder, board["tables"][0]


def test_any_five_of_sixty_rows_are_light(sixty, opened: Callable):
    folder, table = sixty
    assert (len(table["shown"]), len(table["scores"])) == (60, 29)
    size = {row: data_file(folder, table, row).stat().st_size for row in table["shown"]}
    rows = sorted(table["shown"], key=lambda row: -size[row])[:5]
    page = opened(folder, address(table, rows))
    compared(page, rows)
    assert page.locator("#compared .pair-details").count() == 10
    assert sum(size[row] for row in rows) < weight_of(page, rows) < 400_000


# The states that the page shows, by pair, score and scope.
STATES = """async ([table, rows, apart]) => {
    const data = await valuegauge.data(`${table}/rows`);
    const load = async (id) => [id, await valuegauge.data(`${table}/compare/${id}`)];
    const files = new Map(await Promise.all(rows.map(load)));
    const chosen = rows.map((id) => data.rows.find((one) => one.id === id));
    const pairs = valuegauge.pairsOf(data, files, chosen, new Set(apart));
    return pairs.flatMap(({a, b, differences}) => differences.map(
        (one) => [a.id, b.id, one.score, one.on.state, one.beyond.state]));
}"""


def test_states_are_pythons_at_every_threshold(tmp_path: Path, opened: Callable):
    board = with_predicted(made_board(8, seed=11))
    table = board["tables"][0]
    rng = np.random.default_rng(12)
    for pair in table["pairs"]:
        for test in (pair, pair["on_items"]):
            if rng.uniform() < 0.1:
                test |= {"p": None, "corrected": None, "equivalent": None}
            elif rng.uniform() < 0.5:
                test["p"] = 0.05 / float(rng.integers(1, 300))
    build_site(board, tmp_path / "site")
    page = opened(tmp_path / "site", "compare.html")
    until(page, "document.querySelector('#chosen').textContent !== ''")
    apart = frozenset(one["name"] for one in table["scores"] if one["apart"])
    seen = set()
    for size in (2, 3, 5, 5, 5):
        rows = rng.permutation(table["shown"])[:size].tolist()
        some = copy.deepcopy([one for one in table["pairs"] if {one["a"], one["b"]} <= set(rows)])
        correct(some, set(rows), apart)
        expected = {}
        for pair in some:
            ends = sorted((pair["a"], pair["b"]), key=rows.index)
            expected[*ends, pair["score"]] = [state(pair["on_items"]), state(pair)]
        found = page.evaluate(STATES, [table["id"], rows, sorted(apart)])
        assert {tuple(one[:3]): one[3:] for one in found} == expected
        seen |= {one for of in expected.values() for one in of}
    assert seen == {"differs", "equivalent", "undecided", "untested"}


def state(test: dict[str, Any]) -> str:
    if test["p"] is None:
        return "untested"
    if test["corrected"] < SIGNIFICANCE:
        return "differs"
    return "equivalent" if test["equivalent"] else "undecided"
