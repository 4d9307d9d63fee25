"""What a reader finds on the front page of `site`."""

from typing import Any

TABLE = "value_portrait-3f9a1c20"
SAMPLE = "value_portrait-5a3d9e11"
STRIPS = f"#strips-{TABLE}"
DOTS = "(one) => [...one.querySelectorAll('.dot')].map((dot) => dot.getAttribute('d')).join('')"


def section(page: Any) -> Any:
    return page.locator(f"#{TABLE}")


def view(page: Any) -> Any:
    return section(page).locator("form.view")


def strip(page: Any, score: str) -> Any:
    return section(page).locator(f".strip[data-score='{score}'] .strip-plot")


def rows_shown(page: Any) -> list[str]:
    return page.locator(f"#t-{TABLE} tbody tr").evaluate_all(
        "(all) => all.map((one) => one.dataset.row)"
    )


def headings(page: Any) -> list[str]:
    return page.locator(f"#t-{TABLE} thead th.s:visible").all_inner_texts()


def sort(page: Any, name: str) -> None:
    page.locator(f"#t-{TABLE} thead").get_by_role("button", name=name, exact=True).click()


def order_of(table: dict[str, Any], score: str) -> list[str]:
    """Rows shown first that have a value, the highest first."""
    there = [
        row
        for row in table["rows"]
        if row["id"] in table["shown"] and row["scores"][score]["value"] is not None
    ]
    there.sort(key=lambda row: -row["scores"][score]["value"])
    return [row["id"] for row in there]


def state(page: Any) -> str:
    """All that a reader sees of the view: strips, names, numbers, what the controls say."""
    return section(page).evaluate(
        """(one) => [
            [...one.querySelectorAll('.strip')].filter((s) => s.checkVisibility())
                .map((s) => s.textContent + s.querySelector('.marks').innerHTML),
            one.querySelector('table.ranking').innerText,
            one.dataset.scope,
            one.querySelector('.lit-said').textContent,
            [...one.querySelectorAll('form.view :is(input, select)')]
                .map((c) => c.type === 'checkbox' || c.type === 'radio' ? c.checked : c.value),
        ].join('\\n')"""
    )


def settled(page: Any) -> None:
    """Wait until a change has been drawn.

    The page has no timers: it is done once two frames have passed with no script of data awaited.
    """
    for _ in range(200):
        if page.evaluate(
            """async () => {
                const loaded = () => [...document.scripts].every((one) => !one.src || one.ended);
                for (let frames = 0; frames < 2; frames++) {
                    if (!loaded()) return false;
                    await new Promise((give) => requestAnimationFrame(give));
                }
                return loaded();
            }"""
        ):
            return
        page.wait_for_timeout(50)
    raise AssertionError("scripts of data do not load")
