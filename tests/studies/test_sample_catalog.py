import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from ratings.sources.cards import load_card, packaged_folder
from ratings.sources.fetch import fetch, verify
from studies.sample_catalog import FOLDER, catalog_files

SAMPLE = load_card("indie_value_sample")
FILES = {
    "polar": f"{FOLDER}/statements_meta_data.jsonl",
    "refined": f"{FOLDER}/refined_statements_meta_data.jsonl",
    "demographics": f"{FOLDER}/demographics_meta_data.jsonl",
}
FORMS = ("polar", "refined")

Rows = dict[str, list[dict[str, Any]]]


def read(paths: Mapping[str, Path]) -> Rows:
    return {
        name: [json.loads(line) for line in paths[path].read_text(encoding="utf-8").splitlines()]
        for name, path in FILES.items()
    }


def plain(text: str) -> str:
    """Letters and digits only, in lower case."""
    return " ".join(re.findall(r"\w+", text.replace("'", "").lower()))


def statements(rows: Iterable[Mapping[str, Any]]) -> set[str]:
    """All statements, those of coded answers filled in."""
    return {
        plain(text.replace("{answer_var}", label))
        for row in rows
        for text in row["converted_statements"]
        for label in row.get("answer_vars_map", {"": ""}).values()
    }


@pytest.fixture(scope="module")
def sample() -> Rows:
    return read(fetch(SAMPLE, ["catalog"]))


@pytest.fixture
def official(mirror: Path) -> Rows:
    if not (mirror / "indie_value").is_dir():
        pytest.skip("needs a mirror of the catalog in VALUEGAUGE_DATA")
    return read(fetch(load_card("indie_value"), ["catalog"]))


def test_the_sample_that_ships_is_what_the_authored_text_expands_to():
    folder = packaged_folder(SAMPLE)
    authored = json.loads((folder / "authored.json").read_text(encoding="utf-8"))
    made = catalog_files(authored)
    assert made.keys() == set(FILES.values())
    for path, content in made.items():
        assert (folder / path).read_bytes() == content.encode("utf-8"), path


def test_the_files_are_those_of_the_card():
    found = verify(SAMPLE)
    assert {status.state for status in found} == {"good"}
    assert all(status.path.stat().st_size == status.file.bytes for status in found)


def test_the_sample_has_the_counts_of_its_card(sample: Rows):
    assert SAMPLE.counts == {
        "questions": len(sample["polar"]),
        "polar_statements": sum(len(row["converted_statements"]) for row in sample["polar"]),
        "refined_statements": sum(len(row["converted_statements"]) for row in sample["refined"]),
        "demographics": len(sample["demographics"]),
    }


@pytest.mark.parametrize("form", FORMS)
def test_statements_are_whole_sentences_that_differ_within_a_question(sample: Rows, form: str):
    for row in sample[form]:
        texts = row["converted_statements"]
        assert len({plain(text) for text in texts}) == len(texts) > 1, row["question_id"]
        for text in texts:
            assert re.fullmatch(r"[A-Z][^{}]*[a-zA-Z)]", text), text
            assert "  " not in text, text
        groups = set(row["answer_ids_to_grouped_answer_ids"].values())
        assert groups == set(range(len(texts))), row["question_id"]
        assert row["is_refined"] == (form == "refined")


def test_no_two_questions_share_their_statements(sample: Rows):
    for form in FORMS:
        together = [frozenset(map(plain, row["converted_statements"])) for row in sample[form]]
        assert len(set(together)) == len(together)


def test_a_code_of_the_demographics_has_one_label(sample: Rows):
    for row in sample["demographics"]:
        if "answer_vars_map" in row:
            assert row["converted_statements"] == [row["statement_template"]]
        else:
            filled = [
                row["statement_template"].replace("{answer_var}", v) for v in row["answer_vars"]
            ]
            assert row["converted_statements"] == filled
            assert len(set(filled)) == len(filled)
            groups = set(row["answer_ids_to_grouped_answer_ids"].values())
            assert groups == set(range(len(filled)))


@pytest.mark.parametrize("form", FORMS)
def test_questions_are_those_of_the_official_catalog(sample: Rows, official: Rows, form: str):
    assert len(sample[form]) == len(official[form])
    for mine, source in zip(sample[form], official[form], strict=True):
        for field in (
            "question_id",
            "question_category",
            "is_refined",
            "answer_ids_to_grouped_answer_ids",
        ):
            assert mine[field] == source[field], source["question_id"]
        assert len(mine["converted_statements"]) == len(source["converted_statements"])


def test_demographics_are_those_of_the_official_catalog(sample: Rows, official: Rows):
    assert len(sample["demographics"]) == len(official["demographics"])
    for mine, source in zip(sample["demographics"], official["demographics"], strict=True):
        for field in ("question_id", "question_id_converted", "question_category"):
            assert mine[field] == source[field]
        assert mine.keys() <= source.keys()
        field = "answer_ids_to_grouped_answer_ids"
        assert mine.get(field) == source.get(field), source["question_id"]
        if "answer_vars_map" in source:
            assert mine["answer_vars_map"].keys() <= source["answer_vars_map"].keys()
        if source["question_id"].startswith("B_COUNTRY"):
            assert mine["answer_vars_map"].keys() == source["answer_vars_map"].keys()
        if source["question_id"] == "B_COUNTRY_to_continent":
            assert mine["answer_vars_map"] == source["answer_vars_map"]


def test_no_statement_is_the_official_wording(sample: Rows, official: Rows):
    theirs = {text for rows in official.values() for text in statements(rows)}
    for name, rows in sample.items():
        assert not statements(rows) & theirs, name
