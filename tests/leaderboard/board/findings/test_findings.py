"""Sentences of boards: worked by hand, recomputed from the numbers, and safe whatever the names."""

import copy
import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pytest

from leaderboard.board.board import read_board
from leaderboard.board.findings.table_finding import add_findings
from leaderboard.exports.board_json import board_json
from leaderboard.store.collect import collect
from tests.leaderboard.board_rows import HOSTILE
from tests.leaderboard.boards import VALUES, made_board
from tests.leaderboard.made_logs import choice_log, portrait_log

Json = dict[str, Any]


def estimate(value: float | None, reach: float = 0.2) -> Json:
    if value is None:
        return {"value": None, "low": None, "high": None, "reason": "no valid answer"}
    return {"value": value, "low": value - reach, "high": value + reach, "reason": None}


def score(name: str, direction: str = "none", unit: str = "points", margin: float = 0.2) -> Json:
    families = {"none": ("schwartz", "Schwartz values")}
    family, title = families.get(direction, (name, name.capitalize()))
    return {"name": name, "family": family, "family_title": title, "unit": unit, "headline": True,
            "direction": direction, "margin": margin, "range": [-5, 5], "apart": False}  # fmt: skip


def row(name: str, kind: str = "model", values: Json | None = None, **more: Any) -> Json:
    scores = {
        one: estimate(value)
        | {"per_variant": [], "rank": None, "unlike_people": {"on_items": None, "beyond": None}}
        for one, value in (values or {}).items()
    }
    return {"id": f"id-{name}", "name": name, "model": name, "kind": kind, "scores": scores,
            "run": None if kind == "human" else f"run {name}", "human": None, "answers": 100,
            "statuses": {"valid": 100}} | more  # fmt: skip


def pair(a: Json, b: Json, name: str, on: float | None, beyond: float | None) -> Json:
    gap = a["scores"][name]["value"] - b["scores"][name]["value"]
    return {"a": a["id"], "b": b["id"], "score": name, "difference": estimate(gap, 0.3),
            "corrected": beyond, "on_items": {"difference": estimate(gap, 0.1),
                                              "corrected": on}}  # fmt: skip


def table(rows: list[Json], scores: list[Json], **more: Any) -> Json:
    return {"rows": rows, "scores": scores, "pairs": [], "human": None, "items": [],
            "synthetic": False, "resampling_unit": "query"} | more  # fmt: skip


def found(one: Json) -> list[str]:
    add_findings(one)
    sentences: list[str] = one["finding"]
    return sentences


def three_models() -> Json:
    values = [
        {"Power": -0.9, "Benevolence": 0.8, "Tradition": 0.1},
        {"Power": -0.5, "Benevolence": 0.6, "Tradition": -0.9},
        {"Power": -0.4, "Benevolence": 0.7, "Tradition": 0.2},
    ]
    rows = [row(name, values=mine) for name, mine in zip("abc", values, strict=True)]
    people = row("people (60)", "human", {"Power": 0.0, "Benevolence": 0.5, "Tradition": 0.1})
    for one, distance in zip(rows, (1.0, 1.4, 2.0), strict=True):
        one["human"] = {"distance": estimate(distance, 0.3)}
        one["scores"]["Power"]["unlike_people"] = {"on_items": True, "beyond": False}
        one["scores"]["Tradition"]["unlike_people"] = {"on_items": False, "beyond": False}
    rows[0]["scores"]["Power"]["per_variant"] = [-1.0, -0.8, None]
    rows[1]["scores"]["Power"]["per_variant"] = [-0.9, -0.5, -0.1]
    rows[2]["statuses"] = {"valid": 97, "refusal": 3}
    pairs = [
        pair(rows[0], rows[1], "Power", 0.01, 0.2),
        pair(rows[0], rows[1], "Tradition", 0.6, 0.01),
        pair(rows[0], rows[2], "Power", 0.04, 0.4),
        pair(rows[1], rows[2], "Tradition", 0.2, 0.8),
        pair(people, rows[1], "Tradition", 0.01, 0.01),
    ]
    return table([*rows, people], [score(name) for name in ("Power", "Benevolence", "Tradition")],
                 pairs=pairs, human={"people": 60}, items=[{}] * 12)  # fmt: skip


def test_a_board_of_three_models_worked_by_hand():
    one = three_models()
    assert found(one) == [
        "3 models, 60 people, 12 responses.",
        "On these items 2 of 3 pairs of models differ on some value; beyond them 1.",
        # a reaches to 1.3, where b begins at 1.1 and c at 1.7.
        "Nearest to people is a (distance 1.00, 95% interval 0.70 to 1.30; that of 1 other "
        "overlaps it).",
        "Least like people is b on Tradition (-1.00, 95% interval -1.30 to -0.70 before "
        "correction).",
        "All 3 models put Benevolence above people's mean and Power below it.",
        "Benevolence comes first for all 3 models, Power last for 2.",
        # Ranges 0.2 and 0.8 over wordings; 0.5, 0.2 and 1.1 over models.
        "Wordings move a score by 0.50 at the median, by 0.80 at most (b, Power); on the median "
        "value the models lie 0.50 apart, from lowest to highest.",
    ]
    assert [row["finding"] for row in one["rows"]] == [
        "a puts Benevolence first and Power last; it differs from people on 1 of 2 values on these "
        "items, on none beyond them (corrected over all pairs of this table); all answers could "
        "be read.",
        "b puts Benevolence first and Tradition last; it differs from people on 1 of 2 values on "
        "these items, on none beyond them (corrected over all pairs of this table); all answers "
        "could be read.",
        "c puts Benevolence first and Power last; it differs from people on 1 of 2 values on these "
        "items, on none beyond them (corrected over all pairs of this table); 3 of 100 answers "
        "are missing.",
        "People put Benevolence first and Power last.",
    ]


def test_one_model_and_two_are_said_in_words():
    one = three_models()
    people = one["rows"][3]
    one["rows"] = [one["rows"][0], people]
    assert found(one) == [
        "1 model, 60 people, 12 responses.",
        "Least like people is a on Power (-0.90).",
        "Wordings move a score by 0.20 at the median, by 0.20 at most (a, Power).",
    ]
    two = three_models()
    two["rows"] = [two["rows"][0], two["rows"][1], people]
    assert found(two)[1] == "On these items and beyond them the two models differ on some value."
    two["pairs"] = [one for one in two["pairs"] if one["score"] == "Power"]
    assert found(two)[1] == (
        "On these items the two models differ on some value; beyond them on none."
    )
    two["pairs"][0]["on_items"]["corrected"] = 0.2
    assert found(two)[1] == ("The two models differ on no value on these items or beyond them.")


def test_models_without_people_are_compared_with_each_other_alone():
    one = three_models()
    one["rows"], one["human"] = one["rows"][:3], None
    assert found(one) == [
        "3 models, 12 responses.",
        "On these items 2 of 3 pairs of models differ on some value; beyond them 1.",
        "Benevolence comes first for all 3 models, Power last for 2.",
        "Wordings move a score by 0.50 at the median, by 0.80 at most (b, Power); on the median "
        "value the models lie 0.50 apart, from lowest to highest.",
    ]  # fmt: skip


def test_two_personas_of_one_model_are_raters_and_not_models():
    one = three_models()
    one["rows"][1]["model"] = "a"
    sentences = found(one)
    assert sentences[0] == "3 raters of 2 models, 60 people, 12 responses."
    assert "pairs of raters" in sentences[1]
    assert sentences[4].startswith("All 3 raters put")


@pytest.mark.parametrize(
    ("kinds", "synthetic", "sentence"),
    [
        (["simulated", "simulated"], False, "No language model yet: 2 simulated raters."),
        (["simulated", "baseline"], True,
         "Sample data: no language model yet: 1 simulated rater, 1 baseline."),
        ([], False, "No language model yet."),
        (["published"], False, "No language model yet."),
    ],
)  # fmt: skip
def test_a_table_without_a_model_says_who_is_there(
    kinds: list[str], synthetic: bool, sentence: str
):
    rows = [row(f"r{k}", kind, {"Power": 0.1, "Security": 0.2}) for k, kind in enumerate(kinds)]
    one = table(rows, [score("Power"), score("Security")], synthetic=synthetic)
    assert found(one)[0] == sentence


def readers(*accuracies: float | None) -> list[Json]:
    return [row(f"m{k}", values={"accuracy": mine}) for k, mine in enumerate(accuracies)]


ACCURACY = score("accuracy", "higher", "per cent of statements", margin=2)


def test_achievements_name_the_best_and_the_worst():
    rows = readers(60.04, None, 71.26, 55.0)
    baseline = row("baseline majority", "baseline", {"accuracy": 58.0})
    pairs = [pair(a, b, "accuracy", None, 0.01) for a, b in combinations([rows[0], *rows[2:]], 2)]
    pairs[0]["corrected"] = 0.4
    pairs.append(pair(rows[0], baseline, "accuracy", None, 0.01))
    one = table([*rows, baseline], [ACCURACY], pairs=pairs, resampling_unit="person")
    assert found(one) == [
        "4 models.",
        "Accuracy, per cent of statements: best is m2 (71.3, 71.1 to 71.5), worst m3 (55.0, 54.8 "
        "to 55.2); beyond these people 2 of 3 pairs of models differ.",
        "2 of 3 models are better than the best baseline, baseline majority (58.0).",
    ]
    rows[0]["scores"]["accuracy"]["rank"], rows[2]["scores"]["accuracy"]["rank"] = 2, 1
    found(one)
    assert [row["finding"] for row in one["rows"]] == [
        "m0: Accuracy 60.0, 59.8 to 60.2 (rank 2 of 2); all answers could be read.",
        "m1: all answers could be read.",
        "m2: Accuracy 71.3, 71.1 to 71.5 (rank 1 of 2); all answers could be read.",
        "m3: Accuracy 55.0, 54.8 to 55.2; all answers could be read.",
        "baseline majority: Accuracy 58.0, 57.8 to 58.2; all answers could be read.",
    ]


def test_the_lower_is_the_better_where_a_score_says_so():
    rows = [row(name, values={"loss": value}) for name, value in (("a", 0.9), ("b", 0.61))]
    loss = score("loss", "lower", "nats a rating", margin=0.02)
    one = table(rows, [loss], pairs=[pair(*rows, "loss", 0.01, 0.2)], resampling_unit="rater")
    assert found(one)[1:] == [
        "Loss, nats a rating: best is b (0.610, 0.410 to 0.810), worst a (0.900, 0.700 to 1.100); "
        "the two differ on these raters, not beyond them."
    ]


def test_equal_rows_are_named_together():
    values = {"a": 0.0, "b": 0.1 + 0.2, "c": 0.3, "d": 0.0}
    spread = score("sigma", "lower", margin=2)
    rows = [row(name, values={"sigma": value}) for name, value in values.items()]
    assert found(table(rows, [spread]))[1] == (
        "Sigma, points: best are a (0.0, -0.2 to 0.2) and d (0.0, -0.2 to 0.2), worst b (0.3, 0.1 "
        "to 0.5) and c (0.3, 0.1 to 0.5)."
    )
    assert found(table([rows[0], rows[3]], [spread]))[1] == (
        "Sigma, points: equal are a (0.0, -0.2 to 0.2) and d (0.0, -0.2 to 0.2)."
    )
    many = [row(f"m{n}", values={"sigma": 0.0}) for n in range(7)]
    assert (
        "m2 (0.0, -0.2 to 0.2) and 4 more, worst a"
        in found(table([row("a", values={"sigma": 1.0}), *many], [spread]))[1]
    )


def test_equal_values_of_a_profile_are_named_together():
    one = three_models()
    one["rows"][0]["scores"]["Tradition"]["value"] = one["rows"][0]["scores"]["Power"]["value"]
    found(one)
    assert one["rows"][0]["finding"].startswith(
        "a puts Benevolence first and Power and Tradition last; "
    )
    for name in ("Power", "Benevolence", "Tradition"):
        one["rows"][0]["scores"][name]["value"] = 1.0
    found(one)
    assert one["rows"][0]["finding"].startswith("a has the same score everywhere; ")


def test_a_corrected_index_is_said_in_place_of_the_plain_one():
    spread = [score(name, "lower", margin=2) for name in ("sigma", "sigma_corrected")]
    one = table([row("a", values={"sigma": 3.0, "sigma_corrected": 2.0})], spread)
    assert found(one)[1:] == ["Sigma_corrected, points: a (2.0, 1.8 to 2.2)."]


def texts(board: Json) -> Iterator[str]:
    for one in board["tables"]:
        yield from one["finding"]
        yield from (row["finding"] for row in one["rows"] if row["finding"] is not None)


@pytest.mark.parametrize("models", [0, 1, 2, 3, 9, 33])
def test_sentences_of_made_boards_have_no_holes_and_count_in_good_english(models: int):
    board = made_board(models, seed=models)
    for one in board["tables"]:
        add_findings(one)
    board_json(board)
    for sentence in texts(board):
        plain = sentence
        for hostile in HOSTILE:
            plain = plain.replace(hostile, "X")
        assert sentence.endswith(".")
        assert not re.search(r"\b(None|nan|NaN|inf)\b|–|\{|\bnull\b|  ", plain.replace("{{", "")), (
            sentence
        )
        assert not re.search(
            r"\b1 (models|raters|people|responses|answers|values|pairs|others)\b", plain
        ), sentence
        assert "\n" not in sentence
        assert "\u202e" not in sentence
    for one in board["tables"]:
        for row in one["rows"]:
            assert row["kind"] == "human" or (
                (row["finding"] is None) == (row["kind"] == "published")
            )


def test_a_long_name_is_cut_and_others_are_whole_in_sentences():
    for name in HOSTILE:
        one = table([row(name, values={"accuracy": 60.0})], [ACCURACY])
        sentence = found(one)[1]
        assert len(sentence) < 200
        if len(name) < 80 and "\n" not in name and name.isascii():
            assert name in sentence


def test_numbers_are_those_of_the_board():
    board = made_board(9, seed=4)
    one = board["tables"][0]
    sentences = found(one)
    models = [row for row in one["rows"] if row["kind"] in ("model", "recording")]
    ids, headline = {row["id"] for row in models}, set(VALUES)
    counts = []
    for scope in ("on_items", "beyond"):
        different: dict[frozenset[str], bool] = {}
        for listed in one["pairs"]:
            if {listed["a"], listed["b"]} <= ids and listed["score"] in headline:
                corrected = (listed if scope == "beyond" else listed["on_items"])["corrected"]
                key = frozenset((listed["a"], listed["b"]))
                different[key] = different.get(key, False) or corrected < 0.05
        counts.append((sum(different.values()), len(different)))
    (on, tested), (beyond, _) = counts
    verb = "differ" if on > 1 else "differs"
    assert sentences[1] == (
        f"On these items {on or 'none'} of {tested} pairs of models {verb} on some value; "
        f"beyond them {beyond or 'none'}."
    )
    nearest = min(models, key=lambda row: row["human"]["distance"]["value"])["human"]["distance"]
    assert f"distance {nearest['value']:.2f}, 95% interval {nearest['low']:.2f} to" in sentences[2]
    ranges = [
        np.ptp([value for value in row["scores"][name]["per_variant"] if value is not None])
        for row in models
        for name in VALUES
        if row["scores"][name]["value"] is not None
    ]
    assert f"by {median(ranges):.2f} at the median, by {max(ranges):.2f} at most" in sentences[-1]


def test_findings_are_the_same_when_made_again():
    board = made_board(9, seed=2)
    for one in board["tables"]:
        add_findings(one)
    again = copy.deepcopy(board)
    for one in again["tables"]:
        add_findings(one)
    assert again == board


def test_pairs_are_counted_alike_from_the_tests_and_from_the_list(tmp_path: Path):
    """A table too large to list its pairs says the same of them."""
    for seed in range(3):
        portrait_log(tmp_path / f"{seed}.eval", f"openai/model-{seed}", seed)
        accuracy = 0.4 + seed / 5
        choice_log(tmp_path / f"c{seed}.eval", f"openai/model-{seed}", seed, accuracy=accuracy)
    collect([tmp_path], tmp_path / "board.duckdb")
    board = read_board(tmp_path / "board.duckdb")
    assert len(board["tables"]) == 2
    for one in board["tables"]:
        from_tests = copy.deepcopy(one["finding"])
        assert found(one) == from_tests
        assert any("pairs of models" in sentence for sentence in from_tests)
    assert any("Least like" in s for s in texts(board))


def test_what_no_answers_could_have_shown_is_said(tmp_path: Path):
    """Each value of the sample rests on few queries, and many models make many tests."""
    for seed in range(12):
        portrait_log(tmp_path / f"{seed}.eval", f"openai/model-{seed}", seed)
    collect([tmp_path], tmp_path / "board.duckdb")
    (one,) = read_board(tmp_path / "board.duckdb")["tables"]
    said = one["finding"]
    lost = {
        score["name"]
        for score in one["scores"]
        if score["headline"]
        and all(
            pair["detectable"] is None for pair in one["pairs"] if pair["score"] == score["name"]
        )
    }
    assert lost
    (sentence,) = [s for s in said if "Not testable" in s]
    assert all(name in sentence for name in lost) or "any value" in sentence
    assert "testable" in said[1]
