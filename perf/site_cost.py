"""What the static site costs: to build it, and to open its overview in a browser.

    python perf/site_cost.py [--models 60] [--rounds 5]

The board is made at random: a table of that many models with 19 scores, a second one of half as
many, a small sample. Printed: seconds to build, size, and, where there is a Chromium, medians over
the rounds of the milliseconds from opening the overview to its first paint and until its controls
answer, and of a sort, a filter and a change of the scores shown. On a busy machine read the
processor time of opening, which does not wait for others.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

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
# Each acts, waits until the browser has drawn the result, and returns the milliseconds.
STEPS = {
    "sort by a score": "document.querySelectorAll('th button')[3].click()",
    "sort back": "document.querySelectorAll('th button')[1].click()",
    "filter by name": """(() => {
        const find = document.querySelector('[name=find]');
        find.value = 'model-1';
        find.dispatchEvent(new Event('input', {bubbles: true}));
    })()""",
    "other scores": """(() => {
        const family = document.querySelector('[name=family]');
        family.value = 'f2';
        family.dispatchEvent(new Event('change', {bubbles: true}));
    })()""",
}
DRAWN = """async (step) => {
    const start = performance.now();
    eval(step);
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    return performance.now() - start;
}"""


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    board = made_board(arguments.models, seed=0)
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        start = time.perf_counter()
        files = build_site(board, site)
        seconds = time.perf_counter() - start
        size = sum(path.stat().st_size for path in files) / 1e6
        print(f"{arguments.models} models: {len(files)} files, {size:.1f} MB in {seconds:.2f} s")
        index = site / "index.html"
        print(f"overview: {index.stat().st_size / 1e6:.2f} MB")
        browser = next(filter(None, map(shutil.which, BROWSERS)), None)
        if browser is None:
            print("no Chromium found: the overview was not opened")
            return
        for name, times in opened(index, browser, arguments.rounds).items():
            listed = ", ".join(f"{one:.0f}" for one in times)
            print(f"{name}: median {statistics.median(times):.0f} ms of {listed}")


def opened(page_file: Path, browser: str, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each step, a list over rounds."""
    from playwright.sync_api import sync_playwright

    found: dict[str, list[float]] = {}
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=browser, args=list(ARGUMENTS))
        for _ in range(rounds):
            page = launched.new_page(viewport={"width": 1280, "height": 900}, bypass_csp=True)
            measured = page.context.new_cdp_session(page)
            measured.send("Performance.enable", {"timeDomain": "threadTicks"})
            page.goto(page_file.as_uri(), wait_until="load")
            page.evaluate(DRAWN, "")
            metrics = {
                m["name"]: m["value"] for m in measured.send("Performance.getMetrics")["metrics"]
            }
            found.setdefault("processor time", []).append(1000 * metrics["TaskDuration"])
            timing = page.evaluate(
                """() => {
                    const [paint] = performance.getEntriesByName('first-contentful-paint');
                    const [opened] = performance.getEntriesByType('navigation');
                    return {
                        'first paint': paint?.startTime,
                        'controls answer': opened.domContentLoadedEventEnd,
                    };
                }"""
            )
            for name, value in timing.items():
                if value is not None:
                    found.setdefault(name, []).append(value)
            for name, step in STEPS.items():
                found.setdefault(name, []).append(page.evaluate(DRAWN, step))
            page.close()
        launched.close()
    return found


if __name__ == "__main__":
    main()
