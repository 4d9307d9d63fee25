import copy
import importlib.util
import json
import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from leaderboard.exports.every_eval_ever import SCHEMA_VERSION, every_eval_ever, records
from leaderboard.exports.own_runs import left_out, who
from tests.leaderboard.board_rows import HOSTILE
from tests.leaderboard.boards import made_board

BOARD = made_board(10)  # the tenth plays a persona
SMALL = made_board(2)["tables"][1]
SMALL["rows"] = SMALL["rows"][:2]
SMALL["scores"] = SMALL["scores"][:2]
NOW = 1_767_225_600.5
PART = r"[A-Za-z0-9_][\w.@+-]{0,99}"


def found_in(table: str) -> dict[str, dict[str, Any]]:
    """Records of one table of the board, by the name of their model."""
    board = {**BOARD, "tables": [one for one in BOARD["tables"] if one["id"] == table]}
    return {record["model_info"]["name"]: record for record in records(board, NOW).values()}


def schema() -> dict[str, Any] | None:
    """The project's own schema, where its package `every-eval-ever` is installed."""
    package = importlib.util.find_spec("every_eval_ever")
    if package is None or not package.submodule_search_locations:
        return None
    folder = Path(next(iter(package.submodule_search_locations)))
    text = (folder / "schemas" / "eval.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


@pytest.mark.skipif(schema() is None, reason="needs the package every-eval-ever")
def test_records_keep_to_the_projects_schema():
    known = schema()
    assert known is not None
    assert known["version"] == SCHEMA_VERSION
    for text in every_eval_ever(BOARD).values():
        Draft7Validator(known).validate(json.loads(text))


def test_a_record_has_what_the_schema_requires():
    """The required fields and closed lists of version 0.3.0, by hand."""
    assert records(BOARD, NOW)
    for record in records(BOARD, NOW).values():
        assert record["schema_version"] == "0.3.0"
        assert float(record["retrieved_timestamp"]) == NOW
        assert record["source_metadata"]["source_type"] == "evaluation_run"
        assert record["source_metadata"]["source_organization_name"]
        assert record["source_metadata"]["evaluator_relationship"] == "other"
        assert record["eval_library"].keys() >= {"name", "version"}
        model = record["model_info"]
        assert model.keys() >= {"name", "id", "additional_details"}
        assert model["additional_details"]["deployment_type"] in ("self_deployed", "unknown")
        assert model["additional_details"]["model_availability"] == "unknown"
        assert record["evaluation_results"]
        for result in record["evaluation_results"]:
            assert result["evaluation_name"]
            assert result["source_data"].keys() >= {"dataset_name", "source_type", "url"}
            metric, details = result["metric_config"], result["score_details"]
            assert isinstance(metric["lower_is_better"], bool)
            assert metric["score_type"] == "continuous"
            assert metric["min_score"] <= details["score"] <= metric["max_score"]
            for texts in (details["details"], result["generation_config"]["additional_details"]):
                assert all(isinstance(text, str) for text in texts.values())


def test_scores_come_with_their_own_range_direction_and_interval():
    for table in BOARD["tables"][:2]:
        read = found_in(table["id"])
        for row in table["rows"]:
            if row["kind"] != "model":
                continue
            assert read[row["model"]]["evaluation_timestamp"] == row["started"]
            results = read[row["model"]]["evaluation_results"]
            by_name = {result["metric_config"]["metric_name"]: result for result in results}
            assert len({result["evaluation_result_id"] for result in results}) == len(results)
            for score in table["scores"]:
                found = row["scores"][score["name"]]
                if found["value"] is None:
                    assert score["name"] not in by_name
                    continue
                metric = by_name[score["name"]]["metric_config"]
                assert [metric["min_score"], metric["max_score"]] == score["range"]
                assert metric["lower_is_better"] == (score["direction"] == "lower")
                assert metric["additional_details"]["direction"] == score["direction"]
                none = score["direction"] == "none"
                assert ("direction_note" in metric["additional_details"]) == none
                details = by_name[score["name"]]["score_details"]
                assert details["score"] == found["value"]
                interval = details["uncertainty"]["confidence_interval"]
                assert (interval["lower"], interval["upper"]) == (found["low"], found["high"])
                assert interval["confidence_level"] == 0.95
                assert interval["method"] == f"Student's t, clustered by {table['resampling_unit']}"


def test_a_score_without_an_interval_claims_none_and_an_open_range_says_so():
    board = copy.deepcopy(made_board(1))
    table = board["tables"][1]
    table["scores"][0]["range"] = [None, None]
    found = table["rows"][0]["scores"][table["scores"][0]["name"]]
    found |= {"low": None, "high": None, "reason": "one person"}
    record = next(r for path, r in records(board, NOW).items() if "indie_value" in path)
    result = record["evaluation_results"][0]
    assert "uncertainty" not in result["score_details"]
    assert result["score_details"]["details"]["reason"] == "one person"
    assert result["metric_config"]["min_score"] == "-Infinity"
    assert result["metric_config"]["max_score"] == "Infinity"


def test_data_without_an_address_have_none():
    board = copy.deepcopy(made_board(1))
    for table in board["tables"]:
        table["card"] |= {"title": "", "homepage": ""}
    for record in records(board, NOW).values():
        for result in record["evaluation_results"]:
            source = result["source_data"]
            assert (source["source_type"], "url" in source) == ("other", False)
            assert source["dataset_name"] == result["evaluation_name"]


def test_only_a_models_own_runs_on_real_data_are_there():
    board = copy.deepcopy(BOARD)
    kept = [
        (table["id"], row["id"])
        for table in board["tables"]
        for row in table["rows"]
        if row["kind"] in ("model", "recording") and not table["synthetic"]
    ]
    read = records(board, NOW)
    assert len(read) == len(kept)
    names = {record["model_info"]["name"] for record in read.values()}
    assert not names & {"o1-mini (paper)", "people of the survey", "majority", "respondent/power"}
    reasons = "\n".join(left_out(board))
    assert "value_portrait-5a3d9e11 is left out: it is a synthetic sample" in reasons
    assert "1 simulated, 1 published, 1 human" in reasons
    assert "3 baseline, 1 published, 1 human" in reasons
    assert "scores without a value are left out: 2" in reasons


def test_a_recording_and_a_persona_are_said_to_be():
    board = copy.deepcopy(made_board(1))
    row = next(r for r in board["tables"][0]["rows"] if r["kind"] == "recording")
    row["persona"] = "You are Ann, 61."
    read = [r for r in records(board, NOW).values() if r["model_info"]["id"] == "gpt-4o-2024-05-13"]
    assert {r["source_metadata"]["additional_details"]["kind"] for r in read} == {"recording"}
    assert not any("evaluation_timestamp" in r for r in read)
    personas = [
        result["generation_config"]["additional_details"].get("persona")
        for record in read
        for result in record["evaluation_results"][:1]
    ]
    assert personas == ["You are Ann, 61.", None]


def test_paths_are_those_of_the_datastore_and_stay_the_same():
    first, second = every_eval_ever(BOARD), every_eval_ever(BOARD)
    assert first.keys() == second.keys()
    plain = [path for path in first if "/provider-0/model-0-2024-01/" in path]
    assert len(plain) == 1
    for path in first:
        check(path)
    ids = [json.loads(text)["evaluation_id"] for text in first.values()]
    assert len(set(ids)) == len(ids)


def check(path: str) -> None:
    data, *folders, name = path.split("/")
    assert (data, len(folders)) == ("data", 3), path
    for folder in folders:
        assert re.fullmatch(PART, folder, re.ASCII), path
        assert not folder.endswith(".")
        assert folder.lower() != "data"
        assert folder.partition(".")[0].lower() not in ("con", "nul", "com1", "lpt9")
    assert uuid.UUID(name.removesuffix(".json")).version == 4


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.text(max_size=30)
        | st.from_regex(r"[a-z/.:-]{1,12}", fullmatch=True)
        | st.sampled_from(["con", "data/Data", "a/con.x", "a/b.", "../../x", "a//b", "hf/data"]),
        min_size=2,
        max_size=2,
    )
)
def test_any_name_makes_a_path_of_its_own_and_is_kept(names: list[str]):
    table = copy.deepcopy(SMALL)
    for row, name in zip(table["rows"], names, strict=False):
        row |= {"model": name, "rater": name, "kind": "model"}
    read = records({**BOARD, "tables": [table]}, NOW)
    models = [row for row in table["rows"] if row["kind"] in ("model", "recording")]
    assert len(read) == len(models)
    for path in read:
        check(path)
    ids = [record["model_info"]["id"] for record in read.values()]
    assert ids == [who(row).id for row in models]
    json.loads(json.dumps(list(read.values()), allow_nan=False))


@pytest.mark.parametrize(
    ("name", "identity"),
    [
        ("openai/gpt-4o", ("openai/gpt-4o", "openai", "openai", None)),
        ("openai/azure/gpt-4o", ("openai/azure/gpt-4o", "openai", "openai", None)),
        ("together/meta-llama/Llama-3", ("meta-llama/Llama-3", "meta-llama", "together", None)),
        ("hf/Qwen/Qwen3-8B", ("Qwen/Qwen3-8B", "Qwen", None, "transformers")),
        ("hf//mnt/models/secret/llama/", ("llama", None, None, "transformers")),
        ("replay/gpt-4o", ("gpt-4o", None, None, None)),
        ("vllm/", ("vllm/", None, None, None)),
        (HOSTILE[0], (HOSTILE[0], None, None, None)),
        ("flat", ("flat", None, None, None)),
    ],
)
def test_who_a_model_is(name: str, identity: tuple[str | None, ...]):
    model = who({"model": name})
    assert (model.id, model.developer, model.platform, model.engine) == identity
