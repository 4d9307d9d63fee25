"""Items of a table: who answered what, and whose texts may be shown."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from leaderboard.board.board import read_board
from leaderboard.board.table_items import item_texts
from leaderboard.store.collect import collect
from ratings.instruments import value_portrait
from ratings.instruments.dimensions import ALL_DIMENSIONS
from ratings.instruments.value_portrait import load_human_ratings, load_instrument
from ratings.sources.cards import card_ids, load_card
from scorers.scores.manifests import manifest_of
from tests.leaderboard.made_logs import choice_log, portrait_log, portrait_ratings

MANIFEST = manifest_of("value_portrait")
ITEMS = 120


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("items")
    for seed in range(3):
        ratings = portrait_ratings(seed, ITEMS)
        if seed == 1:
            ratings[5, :2], ratings[6] = np.nan, np.nan
        portrait_log(folder / f"{seed}.eval", f"openai/model-{seed}", ratings=ratings)
    portrait_log(folder / "simulated.eval", "respondent/power", 8)
    choice_log(folder / "choice.eval")
    collect([folder], folder / "board.duckdb")
    return {table["benchmark"]: table for table in read_board(folder / "board.duckdb")["tables"]}


@pytest.fixture(scope="module")
def items(tables: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tables["value_portrait"]["items"]
    return found


def test_every_item_is_there_once_with_the_scores_it_counts_for(
    tables: dict[str, dict[str, Any]], items: list[dict[str, Any]]
):
    instrument = load_instrument("sample")
    assert sorted(one["instance"] for one in items) == sorted(instrument.items.index)
    queries = instrument.items["query"].astype(str)
    assert all(one["cluster"] == queries[one["instance"]] for one in items)
    known = {score["name"] for score in tables["value_portrait"]["scores"]}
    assert all(set(one["scores"]) <= known for one in items)
    power = instrument.tagged()[ALL_DIMENSIONS.index("Power")]
    tagged = set(instrument.items.index[power])
    assert {one["instance"] for one in items if "Power" in one["scores"]} == tagged


def test_ratings_are_means_over_the_valid_answers_of_each_row(
    tables: dict[str, dict[str, Any]], items: list[dict[str, Any]]
):
    rows = {row["rater"]: row for row in tables["value_portrait"]["rows"]}
    order = list(load_instrument("sample").items.index)
    by_instance = {one["instance"]: one for one in items}
    for seed in range(3):
        mine = rows[f"openai/model-{seed}"]["id"]
        expected = portrait_ratings(seed, ITEMS)
        if seed == 1:
            expected[5, :2], expected[6] = np.nan, np.nan
        for i, instance in enumerate(order):
            found = by_instance[instance]["ratings"][mine]
            if seed == 1 and i == 6:
                assert found is None
            else:
                assert found == pytest.approx(np.nanmean(expected[i]), abs=1e-4)


def test_people_are_counted_by_point_of_the_scale(items: list[dict[str, Any]]):
    table = load_human_ratings("sample")
    matrix = table.matrix()
    columns = {str(instance): i for i, instance in enumerate(table.instances.index)}
    for one in items:
        column = matrix[:, columns[one["instance"]]]
        rated = column[~np.isnan(column)]
        people = one["people"]
        assert people["people"] == len(rated) == sum(people["histogram"])
        assert people["histogram"] == [int((rated == point).sum()) for point in range(1, 7)]
        assert people["mean"] == pytest.approx(rated.mean())


def test_the_gap_is_of_models_and_not_of_simulated_raters(
    tables: dict[str, dict[str, Any]], items: list[dict[str, Any]]
):
    rows = tables["value_portrait"]["rows"]
    models = [row["id"] for row in rows if row["kind"] == "model"]
    assert len(models) == 3
    for one in items:
        there = [one["ratings"][model] for model in models if one["ratings"][model] is not None]
        assert one["gap"] == pytest.approx(np.mean(there) - one["people"]["mean"], abs=1e-3)
    best = {one["instance"]: one["ratio"] for one in tables["value_portrait"]["separating"]}
    by_instance = {one["instance"]: one["separating"] for one in items}
    assert all(by_instance[instance] == pytest.approx(ratio) for instance, ratio in best.items())


def test_a_benchmark_of_choices_has_no_items(tables: dict[str, dict[str, Any]]):
    assert tables["indie_value"]["items"] == []


def key_of(card: str) -> dict[str, Any]:
    return {"card": card, "card_revision": load_card(card).revision}


def test_texts_are_shown_where_the_card_lets_anybody_pass_them_on(
    items: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
):
    known = load_instrument("sample").items
    for one in items:
        item = known.loc[one["instance"]]
        assert one["text"]["response"] == item["response"]
        assert one["text"]["query"] == f"{item['title']} {item['text']}".strip()
    other = {**key_of("value_portrait_sample"), "card_revision": "0"}
    assert item_texts(MANIFEST, other) == {}
    monkeypatch.setattr(
        value_portrait, "item_texts", lambda data: {"1-1": {"query": "q" * 900, "response": "r"}}
    )
    (cut,) = item_texts(MANIFEST, key_of("value_portrait_sample")).values()
    assert len(cut["query"]) == 500
    assert cut["query"].endswith("q…")


@pytest.mark.parametrize("licence", ["CC-BY-NC-4.0", "see the source", "not stated by the source"])
def test_texts_under_any_other_licence_or_terms_are_not(
    licence: str, monkeypatch: pytest.MonkeyPatch
):
    card = load_card("value_portrait_sample")
    key = key_of("value_portrait_sample")
    for closed in (replace(card, licence=licence), replace(card, terms="you hold your own copy")):
        monkeypatch.setattr("leaderboard.board.table_items.load_card", lambda _, card=closed: card)
        assert item_texts(MANIFEST, key) == {}


def test_the_survey_and_whatever_has_terms_may_not_be_passed_on():
    allowed = {card for card in card_ids() if load_card(card).may_be_passed_on}
    assert {"value_portrait", "value_portrait_sample"} <= allowed
    assert not allowed & {
        "world_values_survey", "indie_value", "european_social_survey", "opinionqa_w27",
        "opinionqa_w92", "valueprism", "hatespeech_kumar", "prism", "dices_990",
    }  # fmt: skip


@pytest.mark.usefixtures("mirror")
def test_the_published_items_have_their_texts():
    texts = item_texts(MANIFEST, key_of("value_portrait"))
    assert len(texts) == 520
    assert all(text["query"] and text["response"] for text in texts.values())


@pytest.mark.usefixtures("no_data")
def test_nothing_is_downloaded_for_texts(tmp_path: Path):
    assert item_texts(MANIFEST, key_of("value_portrait")) == {}
