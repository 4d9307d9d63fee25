from typing import Any

from tests.leaderboard.html_pages import Page, text_of

TABLE = "value_portrait-3f9a1c20"


def test_item_text_is_shown_only_where_the_board_has_it(pages: dict[str, Page]):
    page = pages[f"benchmarks/{TABLE}.html"]
    table = next(t for t in page.all("table") if "between models" in text_of(t.all("caption")[0]))
    first, second = table.all("tbody")[0].children
    assert "I keep what I have <b>learned</b>." in text_of(first)
    assert "terms of the data do not allow" in text_of(second)


def test_a_benchmark_page_has_its_parts(board: dict[str, Any], pages: dict[str, Page]):
    page, table = pages[f"benchmarks/{TABLE}.html"], board["tables"][0]
    assert [text_of(one) for one in page.all("h2")] == [
        "What is measured",
        "Data card",
        "Known limits",
        "Reliability",
        "The people",
        "Schwartz's circle",
        "Models that answer alike",
        "Items that separate models most",
        "Paired differences",
        "Convergence with other benchmarks",
        "Runs kept apart",
    ]
    shown = text_of(page.one("main"))
    for part in (table["about"], *table["limits"], table["card"]["licence"], table["paper"]):
        assert part in shown
    reading = pages["benchmarks/indie_value-77aa01bc.html"]
    assert "Nobody may pass the answers on." in reading.shown


def test_what_other_ones_would_change_is_named_in_the_plural(pages: dict[str, Page]):
    assert "by more than other items would change" in pages[f"benchmarks/{TABLE}.html"].shown
    people = pages["benchmarks/indie_value-77aa01bc.html"].shown
    assert "by more than other people would change" in people


def test_pairs_are_counted(board: dict[str, Any], pages):
    table = board["tables"][0]
    of_power = [pair for pair in table["pairs"] if pair["score"] == "Power"]
    differ = sum(pair["corrected"] < 0.05 for pair in of_power)
    page = pages[f"benchmarks/{TABLE}.html"]
    shown = next(t for t in page.all("table") if "Holm" in text_of(t.all("caption")[0]))
    line = next(row for row in shown.all("tr") if text_of(row.children[0]) == "Power")
    assert text_of(line.children[2]) == f"{differ} of {len(of_power)}"
    on_items = sum(pair["on_items"]["corrected"] < 0.05 for pair in of_power)
    assert text_of(line.children[1]) == f"{on_items} of {len(of_power)}"
