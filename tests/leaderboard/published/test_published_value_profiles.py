"""The figures of Value Profiles (Sorensen et al., 2025) agree with each other and with its text."""

import csv
import math
import re
from collections import Counter
from importlib import resources

import pytest

from leaderboard.published.figures import DECODED, published_decoders, published_rows
from ratings.data_sets.published.dices_990 import DEMOGRAPHICS as DICES
from ratings.data_sets.published.habermas_likert import DEMOGRAPHICS as HABERMAS
from ratings.data_sets.published.hatespeech_kumar import DEMOGRAPHICS as HATESPEECH
from ratings.data_sets.published.opinionqa import DEMOGRAPHICS as OPINIONS
from ratings.prism.answers import ANSWERS as PRISM
from ratings.representations.names import parse_representation
from ratings.sources.cards import load_card
from scorers.scores.manifests import manifest_of

APART = "tell_profiles_apart"
COLUMNS = ["card", "rater", "source", "score", "value", "settings", "plus_minus"]
# The data sets in the order of Tables 4 to 9, with rows and columns of demographics.
TABLES = {
    "opinionqa_w92": (4, 29, OPINIONS),
    "hatespeech_kumar": (5, 36, HATESPEECH),
    "dices_990": (6, 20, DICES),
    "valueprism": (7, 16, ()),
    "habermas_likert": (8, 25, HABERMAS),
    "prism_chat": (9, 36, PRISM),
}
# Groups of columns, which the paper has for these and nowhere lists.
GROUPS = {"demographics:identity_columns", "demographics:value_columns"}
GROUPED = {"opinionqa_w92", "hatespeech_kumar", "habermas_likert", "prism_chat"}


def lines(benchmark: str) -> list[dict[str, str]]:
    path = resources.files("leaderboard.published") / f"{benchmark}.csv"
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def table(card: str) -> dict[str, dict[str, float]]:
    """Figures of a data set's table, by representation."""
    found: dict[str, dict[str, float]] = {}
    for line in lines(DECODED):
        if line["card"] == card:
            name = line["settings"].removeprefix("representation=")
            assert line["score"] not in found.setdefault(name, {}), line
            found[name][line["score"]] = float(line["value"])
    return found


def most_examples(card: str) -> str:
    rows = table(card)
    return max((n for n in rows if n.startswith("examples:")), key=lambda n: int(n[9:]))


def test_every_line_says_what_manifest_and_cards_know():
    digits = {"accuracy": 1, "loss": 3, "information": 3, "preserved": 0}
    for benchmark in (DECODED, APART):
        manifest = manifest_of(benchmark)
        for line in lines(benchmark):
            assert list(line) == COLUMNS
            assert manifest.cards[line["card"]] == line["card"] == load_card(line["card"]).id
            paper, _, number = line["source"].partition(", Table ")
            assert manifest.paper.startswith(paper)
            assert int(number) == (TABLES[line["card"]][0] if benchmark == DECODED else 2)
            decimals = line["value"].partition(".")[2]
            assert len(decimals) == digits[line["score"]], line
            assert bool(line["plus_minus"]) == (line["score"] in ("accuracy", "loss"))
            if line["score"] != "preserved":
                low, high = manifest.scores[line["score"]].range
                assert low <= float(line["value"]) <= high


@pytest.mark.parametrize("card", TABLES)
def test_a_table_is_whole(card: str):
    """Every row has an accuracy and a loss, and all but the majority the information."""
    rows = table(card)
    assert len(rows) == TABLES[card][1]
    for name, row in rows.items():
        wanted = {"accuracy", "loss"} | ({"information"} if name != "majority" else set())
        assert set(row) - {"preserved"} == wanted, name
        if name != "majority":
            assert parse_representation(name).name == name
    parts = [name for name in rows if name != "majority" and "+" not in name]
    by_demographics = Counter(parse_representation(n).kinds() == {"demographics"} for n in parts)
    grouped = len(GROUPS) * (card in GROUPED)
    assert by_demographics[True] == (len(TABLES[card][2]) + 1 + grouped if TABLES[card][2] else 0)


@pytest.mark.parametrize("card", TABLES)
def test_columns_of_demographics_are_those_that_the_loader_reads(card: str):
    """Table 3 lists them, and Tables 4 to 9 have a row for each."""
    single = {name for name in table(card) if name.startswith("demographics:")}
    columns = {f"demographics:{name}" for name in TABLES[card][2]}
    assert single == columns | (GROUPS if card in GROUPED else set())


@pytest.mark.parametrize("card", TABLES)
def test_information_is_the_drop_of_the_loss(card: str):
    """To rounding: three figures, each within half of a thousandth."""
    rows = table(card)
    for name, row in rows.items():
        if name != "majority":
            assert row["information"] == pytest.approx(
                rows["none"]["loss"] - row["loss"], abs=0.0015 + 1e-9
            ), name


@pytest.mark.parametrize("card", TABLES)
def test_what_is_preserved_is_the_share_of_the_information_of_the_most_examples(card: str):
    """Within what the rounding of the three figures allows."""
    rows = table(card)
    most = rows[most_examples(card)]["information"]
    assert rows[most_examples(card)]["preserved"] == 100
    assert rows["none"]["preserved"] == 0
    for name, row in rows.items():
        if name == "none" or "preserved" not in row:
            continue
        ends = [
            100 * (row["information"] + up) / (most + down)
            for up in (-0.0005, 0.0005)
            for down in (-0.0005, 0.0005)
        ]
        assert min(ends) - 0.5 <= row["preserved"] <= max(ends) + 0.5, name


@pytest.mark.parametrize("card", ["hatespeech_kumar", "prism_chat"])
def test_the_entropy_of_two_choices_is_that_of_the_majority(card: str):
    row = table(card)["majority"]
    share = row["accuracy"] / 100
    entropy = -share * math.log(share) - (1 - share) * math.log(1 - share)
    assert row["loss"] == pytest.approx(entropy, abs=0.001)


# Figure 6, of the four large data sets: what profiles and clusters preserve.
FIGURE_6 = {
    "opinionqa_w92": (43, 76, 56, 69, 77, 74),
    "hatespeech_kumar": (18, 33, -5, 37, 46, 76),
    "dices_990": (-14, -36, 60, 88, 93, 71),
    "valueprism": (72, 78, 0, 20, 23, 94),
}
_COLUMNS_6 = ["profile:9b", "profile:27b", *(f"cluster:{k}(profile:gni)" for k in (2, 4, 8)),
              "profile:gni"]  # fmt: skip


@pytest.mark.parametrize("card", FIGURE_6)
def test_tables_say_what_figure_6_says(card: str):
    rows = table(card)
    assert tuple(rows[name]["preserved"] for name in _COLUMNS_6) == FIGURE_6[card]


def test_tables_say_what_the_text_says_but_for_one_figure():
    """Section 6 has two clusters of OpinionQA preserve 51%; Table 4 and Figure 6 say 56%."""
    preserved = {card: table(card)["cluster:2(profile:gni)"]["preserved"] for card in FIGURE_6}
    assert preserved["dices_990"] == 60
    assert preserved["opinionqa_w92"] == 56 != 51
    for card in FIGURE_6:
        assert table(card)["profile:gni"]["preserved"] > 70
        assert table(card)["cluster:8(profile:gni)"]["preserved"] >= 20


# Instances of Table 1, where all of them fit what Table 2 prints behind the ±.
ASKED = {"opinionqa_w92": 77, "dices_990": 990, "habermas_likert": 1100}


def instances(line: dict[str, str], half: float) -> tuple[float, float]:
    """How many instances a share needs for its standard error to be printed so."""
    share, error = float(line["value"]) / 100, float(line["plus_minus"]) / 100
    ends = (error + half, error - half)
    low, high = (share * (1 - share) / end**2 for end in ends)
    return low, high


def test_table_2_prints_standard_errors_over_all_instances_or_about_a_thousand():
    """It calls them 95% intervals. PRISM's ±.3 fits no number of its 8,000 instances."""
    found = {line["card"]: instances(line, 0.0005) for line in lines(APART)}
    assert set(found) == set(TABLES)
    for card, number in ASKED.items():
        low, high = found[card]
        assert low <= number <= high, card
        assert 1.96**2 * low > 2 * number  # as half of a 95% interval it would need far more
    for card in ("hatespeech_kumar", "valueprism"):
        low, high = found[card]
        assert low <= 1000 <= high
        assert 10 * high < load_card(card).counts["instances"]
    assert found["prism_chat"][0] > load_card("prism_chat").counts["instances"]


def test_rows_are_shown_next_to_runs_of_the_same_representation():
    names = ["information", "accuracy", "loss"]
    (row,) = published_rows(DECODED, "dices_990", names, {"representation": "demographics"})
    assert row == {
        "rater": "gemma2-9b-pt",
        "sources": ["Sorensen et al. (2025), Table 6"],
        "values": {"accuracy": 71.6, "loss": 0.667, "information": 0.002},
        "source_of": dict.fromkeys(names, "Sorensen et al. (2025), Table 6"),
    }
    of_a_file = {"representation": "profile:own.json 0123456789ab"}
    assert published_rows(DECODED, "dices_990", names, of_a_file) == []
    assert published_rows(DECODED, "planted", names, {"representation": "none"}) == []
    (apart,) = published_rows(APART, "dices_990", ["accuracy"], {})
    assert apart["values"] == {"accuracy": 95.5}


def test_decoders_are_found_by_their_representation():
    representations = [
        "none",
        "profile:own.json",
        "cluster:2(profile:own.json)",
        "examples:max",
        "measured",
    ]
    found = published_decoders("habermas_likert", representations)
    assert [row.representation for row in found] == [
        "none", "profile:9b", "profile:27b", "profile:gni", "cluster:2(profile:gni)", "examples:8",
    ]  # fmt: skip
    assert found[0].values == {
        "accuracy": 24.8, "loss": 1.838, "information": 0.0, "preserved": 0.0
    }  # fmt: skip
    assert found[0].plus_minus == {"accuracy": 0.43, "loss": 0.003}
    assert {row.source for row in found} == {"Sorensen et al. (2025), Table 8"}
    assert published_decoders("value_portrait", representations) == []
    assert all(re.match(r"gemma2-9b-pt", row.rater) for row in found)
