import copy
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from leaderboard.exports.hugging_face import hugging_face
from leaderboard.exports.own_runs import who
from leaderboard.exports.text import metric_id
from ratings.output.slugs import file_slug
from tests.leaderboard.board_rows import HOSTILE
from tests.leaderboard.boards import made_board

BOARD = made_board(10)  # the tenth plays a persona
FILES = hugging_face(BOARD)
SMALL = made_board(1)["tables"][1]
SMALL["rows"] = SMALL["rows"][:2]
SMALL["scores"] = SMALL["scores"][:2]
MODELS = [
    (table, row)
    for table in BOARD["tables"]
    for row in table["rows"]
    if row["kind"] in ("model", "recording") and not table["synthetic"] and row["persona"] is None
]


def index(model: str) -> dict[str, Any]:
    block = yaml.safe_load(FILES[f"{file_slug(model)}/model-index.yaml"])
    assert list(block) == ["model-index"]
    (entry,) = block["model-index"]
    assert isinstance(entry, dict)
    return entry


def entries(table: dict[str, Any], row: dict[str, Any]) -> list[dict[str, Any]]:
    name = file_slug(f"{table['id']} {row['id']}")
    found = yaml.safe_load(FILES[f"{file_slug(who(row).id)}/.eval_results/{name}.yaml"])
    assert isinstance(found, list)
    return found


def test_there_is_a_folder_for_each_model_and_a_file_for_each_table():
    folders = {file_slug(who(row).id) for _, row in MODELS}
    assert {path.partition("/")[0] for path in FILES} == folders
    assert sum("/.eval_results/" in path for path in FILES) == len(MODELS)
    assert sum(path.endswith("/model-index.yaml") for path in FILES) == len(folders)
    names = "\n".join(FILES.values())
    assert "o1-mini (paper)" not in names
    assert "majority" not in names
    assert "value_portrait-5a3d9e11" not in names
    assert "You are Ann" not in names
    assert any(row["persona"] for table in BOARD["tables"] for row in table["rows"])


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_text(name: str):
    entry = index(who({"model": name}).id)
    assert entry["name"] == who({"model": name}).id
    assert all(text.isascii() for path, text in FILES.items() if path.startswith(file_slug(name)))


def test_model_index_has_what_the_model_card_requires():
    for model in {who(row).id for _, row in MODELS}:
        results = index(model)["results"]
        assert len(results) == sum(who(row).id == model for _, row in MODELS)
        for result in results:
            assert result["task"]["type"] == "text-generation"
            assert result["dataset"].keys() >= {"type", "name"}
            for metric in result["metrics"]:
                assert isinstance(metric["type"], str)
                assert isinstance(metric["value"], float)
                assert metric["verified"] is False


def test_each_value_has_its_own_interval_in_both_layouts():
    for table, row in MODELS:
        results = index(who(row).id)["results"]
        (result,) = [one for one in results if one["dataset"]["type"] == table["card"]["id"]]
        metrics = {metric["name"]: metric for metric in result["metrics"]}
        tasks = {entry["dataset"]["task_id"]: entry for entry in entries(table, row)}
        valued = {name for name, found in row["scores"].items() if found["value"] is not None}
        assert metrics.keys() == valued
        assert len(tasks) == len(valued)
        for name in valued:
            found, metric = row["scores"][name], metrics[name]
            entry = tasks[metric_id(table["benchmark"], name)]
            assert metric["value"] == entry["value"] == found["value"]
            assert metric["args"]["confidence_interval"] == [found["low"], found["high"]]
            assert f"95% interval {found['low']:.4g} to {found['high']:.4g}" in entry["notes"]
            assert entry["dataset"]["revision"] == table["card"]["revision"]
            assert "comparability 1-A" in entry["notes"]
            recorded = row["kind"] == "recording"
            assert entry.get("date") == (None if recorded else row["started"])
            assert ("recorded by the source" in entry["notes"]) == recorded


def test_a_score_without_a_value_is_a_comment():
    missing = [
        (table, row)
        for table, row in MODELS
        if any(found["value"] is None for found in row["scores"].values())
    ]
    assert missing
    for table, row in missing:
        folder = file_slug(who(row).id)
        texts = [
            FILES[f"{folder}/model-index.yaml"],
            FILES[f"{folder}/.eval_results/{file_slug(table['id'] + ' ' + row['id'])}.yaml"],
        ]
        for name in (n for n, found in row["scores"].items() if found["value"] is None):
            line = f"# no value for {metric_id(table['benchmark'], name)}: no valid answer"
            assert all(line in text for text in texts)


def test_a_score_without_an_interval_claims_none():
    board = copy.deepcopy(made_board(1))
    for found in board["tables"][0]["rows"][0]["scores"].values():
        found |= {"low": None, "high": None, "reason": "one query"}
    files = hugging_face({**board, "tables": board["tables"][:1]})
    texts = [text for path, text in files.items() if path.startswith(file_slug(HOSTILE[0]))]
    assert len(texts) == 2
    assert not any("interval" in text for text in texts)


def test_a_data_set_of_the_hub_is_named_and_any_other_is_said_to_be_none():
    board = copy.deepcopy(made_board(1))
    elsewhere = hugging_face(board)
    assert all(text.startswith("# dataset.id is") for p, text in elsewhere.items() if "/.ev" in p)
    for table in board["tables"]:
        table["card"]["homepage"] = "https://huggingface.co/datasets/some-lab/values"
    for path, text in hugging_face(board).items():
        read = yaml.safe_load(text)
        if "/.eval_results/" in path:
            assert {entry["dataset"]["id"] for entry in read} == {"some-lab/values"}
            assert "# dataset.id is" not in text
        else:
            types = {one["dataset"]["type"] for one in read["model-index"][0]["results"]}
            assert types == {"some-lab/values"}


def test_a_hostile_reason_stays_a_comment():
    board = copy.deepcopy(made_board(1))
    found = board["tables"][0]["rows"][0]["scores"]["Power"]
    found |= {"value": None, "low": None, "high": None, "reason": "x\n- evil: 1\u2028- more: 2"}
    texts = hugging_face(board)
    assert sum("# no value for" in text for text in texts.values()) == 2
    for text in texts.values():
        assert "evil" not in str(yaml.safe_load(text))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40))
def test_any_name_comes_back_from_yaml(name: str):
    table = copy.deepcopy(SMALL)
    table["rows"][0] |= {"model": name, "rater": name}
    files = hugging_face({**BOARD, "tables": [table]})
    model = who({"model": name}).id
    read = yaml.safe_load(files[f"{file_slug(model)}/model-index.yaml"])
    assert read["model-index"][0]["name"] == model
    assert len(files) == 2 * len(table["rows"])
