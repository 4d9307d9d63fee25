"""What the static site costs: to build it, to load each kind of page, to print its front page.

    python perf/site_cost.py [--models 58 77 500] [--rounds 3]

The board is made at random: a table of that many models and other rows, with 19 scores; a second
one of half as many; a small sample. With 58 models 60 rows have pairs, the most that there are.
Printed for each number of models: seconds to build; for each kind of page, the largest one, the
bytes that it loads by itself and the median milliseconds from opening it to its first figure;
medians of a sort, a filter and another choice of scores; and the bytes of the front page as PDF.
The budgets: no page loads more than 400 kB, the first figure is there within 0.5 s, the PDF is
under 1 MB, 80 rows are built within 10 s and 500 models within 60 s on two cores. All but the
seconds to build need a Chromium. A busy machine makes times longer; bytes are what they are.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

sys.path.insert(0, str(Path(__file__).parents[1]))

from leaderboard.site.build import build_site
from tests.leaderboard.boards import made_board

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
# Notes when a figure of the page has a size for the first time.
FIRST_FIGURE = """(() => {
    const look = () => {
        const found = [...document.querySelectorAll('main svg[role=img], main .plot svg')]
            .some((one) => one.getBoundingClientRect().width > 0);
        if (found) window.firstFigure = performance.now();
        else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
})()"""
# Each acts, waits until the browser has drawn the result, and returns the milliseconds.
STEPS = {
    "sort by a score": "document.querySelectorAll('th button')[3].click()",
    "filter by name": """(() => {
        const find = document.querySelector('[name=find]');
        find.value = 'model-1';
        find.dispatchEvent(new Event('input', {bubbles: true}));
    })()""",
    "other scores": """(() => {
        const scores = document.querySelector('[name=scores]');
        scores.value = 'big_five';
        scores.dispatchEvent(new Event('change', {bubbles: true}));
    })()""",
}
DRAWN = """async (step) => {
    const section = document.querySelector('section.board');
    const start = performance.now();
    const drawn = new Promise(
        (done) => section.addEventListener('valuegauge:view', done, {once: true}));
    eval(step);
    await drawn;
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    return performance.now() - start;
}"""


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=int, nargs="+", default=[58, 77, 500])
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    for models in arguments.models:
        board = made_board(models, seed=0)
        with tempfile.TemporaryDirectory() as folder:
            site = Path(folder) / "site"
            start, used = time.perf_counter(), time.process_time()
            files = build_site(board, site)
            seconds, used = time.perf_counter() - start, time.process_time() - used
            size = sum(path.stat().st_size for path in files) / 1e6
            rows = len(board["tables"][0]["rows"])
            print(
                f"{models} models, {rows} rows: built in {seconds:.1f} s ({used:.1f} s of the "
                f"processor), {len(files)} files, {size:.1f} MB"
            )
            browser = next(filter(None, map(shutil.which, BROWSERS)), None)
            if browser is None:
                print("no Chromium found: no page was opened")
                continue
            for line in measured(site, addresses(board, site), browser, arguments.rounds):
                print(f"  {line}")


def addresses(board: dict[str, Any], site: Path) -> dict[str, str]:
    """The address of the largest page of each kind; the five heaviest rows are compared."""
    found = {"front page": "index.html", "methods": "methods.html"}
    for folder in ("benchmarks", "models", "items"):
        pages = sorted(site.glob(f"{folder}/**/*.html"), key=lambda path: path.stat().st_size)
        if pages:
            found[folder] = pages[-1].relative_to(site).as_posix()
    table = board["tables"][0]
    files = (site / "data" / table["id"] / "compare").glob("*.js")
    largest = sorted(files, key=lambda path: -path.stat().st_size)[:5]
    chosen = ",".join(path.stem for path in largest)
    return found | {"compare": f"compare.html#table={table['id']}&rows={chosen}"}


def measured(site: Path, pages: dict[str, str], browser: str, rounds: int) -> Iterator[str]:
    """Lines about each page."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=browser, args=list(ARGUMENTS))
        for kind, address in pages.items():
            times, loaded = [], []
            for _ in range(rounds):
                page = launched.new_page(viewport={"width": 1280, "height": 900}, bypass_csp=True)
                page.add_init_script(FIRST_FIGURE)
                page.on("request", lambda request, to=loaded: to.append(request))
                page.goto(f"{site.as_uri()}/{address}", wait_until="load")
                page.wait_for_timeout(1_000)
                times.append(page.evaluate("window.firstFigure ?? null"))
                page.close()
            files = {_file(request.url) for request in loaded}
            size = sum(path.stat().st_size for path in files if path.is_file())
            seen = [one for one in times if one is not None]
            first = f"first figure after {statistics.median(seen):.0f} ms" if seen else "no figure"
            yield f"{kind}: {size / 1e3:.0f} kB in {len(files)} files, {first}"
        page = launched.new_page(viewport={"width": 1280, "height": 900}, bypass_csp=True)
        for name, step in STEPS.items():
            spent = []
            for _ in range(rounds):
                page.goto("about:blank")
                page.goto((site / "index.html").as_uri())
                spent.append(page.evaluate(DRAWN, step))
            yield f"front page, {name}: {statistics.median(spent):.0f} ms"
        page.goto("about:blank")
        page.goto((site / "index.html").as_uri())
        yield f"front page as PDF: {len(page.pdf(prefer_css_page_size=True)) / 1e3:.0f} kB"
        launched.close()


def _file(address: str) -> Path:
    return Path(unquote(urlparse(address).path))


if __name__ == "__main__":
    main()
