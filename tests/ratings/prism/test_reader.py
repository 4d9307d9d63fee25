import json
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ratings.errors import DataError, DataMissingError, HashMismatchError, TermsError
from ratings.prism.codebook import EMPTY_REPLY
from ratings.prism.container import Prism
from ratings.prism.prism import PARTS, load_prism
from ratings.sources.cards import load_card
from ratings.sources.fetch import accept, content_digest

Rows = list[dict]


def edit(path: Path, change: Callable[[Rows], Rows | None]) -> None:
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    changed = change(rows)
    kept = rows if changed is None else changed
    path.write_text("".join(json.dumps(row) + "\n" for row in kept))


def refused(folder: Path, parts=("survey", "conversations", "utterances")) -> str:
    """The message, which is one line, without the path of the folder."""
    with pytest.raises(DataError) as caught:
        load_prism(str(folder), parts=parts)
    assert "\n" not in str(caught.value)
    return str(caught.value).replace(f"{folder}/", "").replace(str(folder), "FOLDER")


def test_what_was_written_is_read_back(sample: Prism, written: Path):
    read = load_prism(str(written), parts=PARTS)
    for part in (*PARTS, "models"):
        pd.testing.assert_frame_equal(getattr(read, part), getattr(sample, part))
    assert read.notes == ()
    assert read.truth is None


def test_the_folders_of_the_repository_serve_as_well(release: Path, sample: Prism, tmp_path: Path):
    for inner, name in (
        ("data", "survey.jsonl"),
        ("data", "conversations.jsonl"),
        ("data", "utterances.jsonl"),
        ("data/metadata", "metadata.jsonl"),
        ("data/storage/mappings", "model_mapping.csv"),
    ):
        (tmp_path / "clone" / inner).mkdir(parents=True, exist_ok=True)
        (release / name).rename(tmp_path / "clone" / inner / name)
    read = load_prism(str(tmp_path / "clone"), parts=PARTS)
    pd.testing.assert_frame_equal(read.utterances, sample.utterances)
    assert read.metadata is not None
    assert read.notes == ()


def test_an_order_that_was_not_recorded_is_missing(release: Path):
    edit(release / "survey.jsonl", lambda rows: rows[2]["order_stated_prefs"].update(values=None))
    order = load_prism(str(release), parts=("survey",)).survey["order_stated_prefs_values"]
    assert np.isnan(order.iloc[2])
    assert order.dtype == float


def test_the_files_hold_long_names_and_nested_answers_as_the_release_does(written: Path):
    reply = json.loads((written / "utterances.jsonl").read_text().splitlines()[0])
    assert reply["model_name"].startswith("provider-")
    assert isinstance(reply["score"], int)
    person = json.loads((written / "survey.jsonl").read_text().splitlines()[0])
    assert set(person["religion"]) == {"self_described", "categorised", "simplified"}
    assert person["generated_datetime"].startswith("2023-")
    talk = json.loads((written / "conversations.jsonl").read_text().splitlines()[0])
    first, second = talk["conversation_history"][:2]
    assert first == {"turn": 0, "role": "user", "content": talk["opening_prompt"]}
    assert second["model_name"].startswith("provider-")
    assert set(second) == set(first) | {
        "model_provider", "model_name", "score", "if_chosen", "within_turn_id",
    }  # fmt: skip


def test_only_the_parts_asked_for_are_read(release: Path):
    (release / "conversations.jsonl").unlink()
    (release / "metadata.jsonl").unlink()
    read = load_prism(str(release), parts=("survey", "utterances"))
    assert len(read.utterances) > 100
    assert len(read.conversations) == 0
    assert "opening_prompt" in read.conversations
    assert read.metadata is None


def test_reading_prints_nothing(release: Path, capfd: pytest.CaptureFixture[str]):
    load_prism(str(release))
    path = release / "utterances.jsonl"
    path.write_text(path.read_text()[:-20])
    refused(release)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("part", PARTS)
def test_a_missing_file_is_named(release: Path, part: str):
    (release / f"{part}.jsonl").unlink()
    others = ", ".join(f"{other}.jsonl" for other in PARTS if other != part)
    assert refused(release, PARTS) == f"FOLDER has no {part}.jsonl; it has {others}"


def test_survey_without_conversations(release: Path):
    for part in ("conversations", "utterances"):
        (release / f"{part}.jsonl").unlink()
    assert refused(release) == "FOLDER has no conversations.jsonl; it has survey.jsonl"


def test_a_folder_that_is_not_there(tmp_path: Path):
    with pytest.raises(DataMissingError, match="is not a folder; PRISM is read as 'published', "):
        load_prism(str(tmp_path / "none"))


def test_a_file_cut_off_within_a_line(release: Path):
    path = release / "utterances.jsonl"
    text = path.read_text()
    path.write_text(text[: len(text) // 2].rstrip("\n"))
    line = path.read_text().count("\n") + 1
    assert re.fullmatch(rf"utterances.jsonl: line {line} is not JSON: .*", refused(release))


def test_a_file_cut_off_within_a_letter(release: Path):
    path = release / "utterances.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:4]) + '{"utterance_id": "é'.encode()[:-1])
    assert refused(release) == "utterances.jsonl: line 5 is not text in UTF-8"


@given(st.sampled_from(PARTS), st.floats(0, 1))
@settings(max_examples=15)
def test_a_file_cut_off_anywhere_is_refused(written: Path, part: str, where: float):
    content = (written / f"{part}.jsonl").read_bytes()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(shutil.copytree(written, Path(name) / "release"))
        cut = int(where * (len(content) - 2))
        (folder / f"{part}.jsonl").write_bytes(content[:cut])
        refused(folder, PARTS)


def test_a_file_cut_off_between_lines(release: Path, sample: Prism):
    edit(release / "utterances.jsonl", lambda rows: rows[:-1])
    last = sample.utterances["conversation_id"].iloc[-1]
    replies = sample.utterances["conversation_id"].eq(last).sum()
    assert refused(release) == (
        f"utterances.jsonl: {replies - 1} of the {replies} replies of {last}: is the file cut off, "
        "or of another revision?"
    )
    edit(release / "conversations.jsonl", lambda rows: rows[:-1])
    who = sample.conversations["user_id"].iloc[-1]
    held = sample.conversations["user_id"].eq(who).sum()
    assert refused(release, ("survey", "conversations")) == (
        f"conversations.jsonl: {held - 1} conversations of {who}, who had {held} by survey.jsonl: "
        "is a file cut off, or of another revision?"
    )


def test_an_empty_file(release: Path):
    (release / "survey.jsonl").write_text("")
    assert refused(release) == "survey.jsonl is empty"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{oops", "utterances.jsonl: line 4 is not JSON: "),
        ("[1, 2]", "utterances.jsonl: line 4 is not a JSON object"),
    ],
)
def test_a_line_that_is_no_object_is_named(release: Path, line: str, message: str):
    path = release / "utterances.jsonl"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:3], line, *lines[4:]]))
    assert refused(release).startswith(message)


def set_field(**fields: object) -> Callable[[Rows], None]:
    """Fields of the third row."""

    def change(rows: Rows) -> None:
        rows[2].update(fields)

    return change


@pytest.mark.parametrize(
    ("part", "change", "message"),
    [
        ("utterances", set_field(score=101), "ut2: score 101 is not in 1 to 100"),
        ("utterances", set_field(score=0), "ut2: score 0 is not in 1 to 100"),
        ("utterances", set_field(score="high"), "line 3: 'score' cannot be \"high\""),
        ("utterances", set_field(turn=None), "line 3 has no 'turn'"),
        ("survey", set_field(generated_datetime="then"),
         "line 3: 'generated_datetime' cannot be \"then\""),
        ("utterances", set_field(if_chosen={"a": 1}), "line 3: 'if_chosen' cannot be {\"a\": 1}"),
        ("utterances", set_field(utterance_id="ut0"), "utterance_id 'ut0' is listed twice"),
        (
            "utterances",
            set_field(conversation_id="c999"),
            "ut2 has the conversation_id 'c999', which conversations.jsonl does not have",
        ),
        (
            "utterances",
            set_field(user_id="user999"),
            "ut2 has the user_id 'user999', which survey.jsonl does not have",
        ),
        (
            "utterances",
            set_field(conversation_type="guided"),
            "ut2: conversation_type 'guided' is not one of unguided, values guided, controversy "
            "guided",
        ),
        ("conversations", set_field(user_id="user999"),
         "c2 has the user_id 'user999', which survey.jsonl does not have"),
        ("conversations", set_field(conversation_id="c0"), "conversation_id 'c0' is listed twice"),
        ("conversations", set_field(conversation_history="no"),
         "line 3: 'conversation_history' cannot be \"no\""),
        ("conversations", lambda rows: rows[2]["choice_attributes"].update(safety=0),
         "c2: choice_attributes_safety 0 is not in 1 to 100"),
        ("survey", set_field(user_id="user0"), "user_id 'user0' is listed twice"),
        ("survey", set_field(religion="none"), "line 3: 'religion' cannot be \"none\""),
        ("survey", lambda rows: rows[2]["stated_prefs"].update(values=100.5),
         "user2: stated_prefs_values 100.5 is not in 0 to 100"),
        ("survey", lambda rows: [row.pop("age") for row in rows] and None,
         "lacks the field 'age'"),
    ],
)  # fmt: skip
def test_a_fault_is_told_in_one_line(release: Path, part: str, change, message: str):
    edit(release / f"{part}.jsonl", change)
    separator = " " if message.startswith("lacks") else ": "
    assert refused(release) == f"{part}.jsonl{separator}{message}"


def test_a_reply_in_the_conversation_of_somebody_else(release: Path, sample: Prism):
    others = sample.survey.index.difference([sample.utterances["user_id"].iloc[2]])
    edit(release / "utterances.jsonl", set_field(user_id=others[0]))
    owner = sample.utterances["user_id"].iloc[2]
    assert refused(release) == (
        f"utterances.jsonl: ut2 of {others[0]} is in c0, a conversation of {owner}"
    )


def test_fields_that_the_codebook_does_not_have_are_noted(release: Path, sample: Prism):
    edit(release / "utterances.jsonl", set_field(extra=[1], more="x"))
    read = load_prism(str(release))
    assert read.notes == ("utterances.jsonl: not in the codebook and not read: extra, more",)
    pd.testing.assert_frame_equal(read.utterances, sample.utterances)


def test_categories_that_the_codebook_does_not_list_come_last(release: Path):
    edit(release / "survey.jsonl", set_field(gender="Another"))
    gender = load_prism(str(release), parts=("survey",)).survey["gender"]
    assert gender.iloc[2] == "Another"
    assert gender.cat.categories[0] == "Male"
    assert gender.cat.categories[-1] == "Another"


def test_without_a_mapping_models_keep_their_names(release: Path, tmp_path, monkeypatch):
    monkeypatch.setenv("VALUEGAUGE_DATA", str(tmp_path))
    (release / "model_mapping.csv").unlink()
    read = load_prism(str(release))
    assert read.models is None
    assert read.utterances["model_name"].iloc[0].startswith("provider-")
    assert read.notes == ("no model_mapping.csv: models are called by the names in the files",)


@pytest.mark.parametrize("column", ["short_name", "long_name"])
def test_a_name_of_two_models_is_refused(release: Path, column: str):
    path = release / "model_mapping.csv"
    table = pd.read_csv(path)
    table.loc[2, column] = table.loc[0, column]
    table.to_csv(path, index=False)
    said = refused(release)
    assert said == (
        f"model_mapping.csv: line 4: {column} {table.loc[0, column]!r} is that of two models"
    )


def test_the_cards_mapping_serves_a_folder_without_one(release: Path, mirror: Path):
    (release / "model_mapping.csv").unlink()
    edit(release / "utterances.jsonl", lambda rows: [
        row.update(model_name="gpt-4-1106-preview") for row in rows
    ] and None)  # fmt: skip
    read = load_prism(str(release))
    assert set(read.utterances["model_name"]) == {"gpt-4-turbo"}
    assert read.models is not None
    assert len(read.models) == 21


def test_empty_replies_and_missing_scores_stay(release: Path):
    edit(release / "utterances.jsonl", set_field(model_response=EMPTY_REPLY, score=None))
    row = load_prism(str(release)).utterances.iloc[2]
    assert row["model_response"] == EMPTY_REPLY
    assert np.isnan(row["score"])


def test_a_nan_is_missing_though_it_is_not_json(release: Path, sample: Prism):
    edit(release / "utterances.jsonl", set_field(score=float("nan")))
    assert np.isnan(load_prism(str(release)).utterances["score"].iloc[2])
    edit(release / "metadata.jsonl", set_field(pii_manual_flag=float("nan")))
    read = load_prism(str(release), parts=("metadata",)).metadata
    pd.testing.assert_frame_equal(read, sample.metadata)


def put(folder: Path, release: Path) -> None:
    """The made files, as a mirror of the card."""
    (folder / "prism/data/storage/mappings").mkdir(parents=True)
    for part in ("survey", "conversations", "utterances"):
        (folder / f"prism/data/{part}.jsonl").write_bytes((release / f"{part}.jsonl").read_bytes())
    target = folder / "prism/data/storage/mappings/model_mapping.csv"
    target.write_bytes((release / "model_mapping.csv").read_bytes())


def test_files_of_another_revision_are_not_used(release: Path, tmp_path: Path, monkeypatch):
    put(tmp_path, release)
    monkeypatch.setenv("VALUEGAUGE_DATA", str(tmp_path))
    path = tmp_path / "prism/data/survey.jsonl"
    with pytest.raises(HashMismatchError) as caught:
        load_prism()
    assert str(caught.value) == (
        f"prism: {path} is not the file of the card: expected git_blob "
        "d868be4ccfce9577f2a0792808b37902538bf682, found "
        f"{content_digest(path, 'git_blob')}. Nothing was used. Delete or replace the file, then "
        "`valuegauge data verify prism`"
    )


def test_a_mirror_with_the_survey_alone(release: Path, tmp_path: Path, monkeypatch):
    put(tmp_path, release)
    monkeypatch.setenv("VALUEGAUGE_DATA", str(tmp_path))
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
    monkeypatch.setattr("ratings.sources.download.FIRST_WAIT", 0.01)
    accept(load_card("prism"))
    (tmp_path / "prism/data/conversations.jsonl").unlink()
    with pytest.raises(DataMissingError) as caught:
        load_prism(parts=("conversations",))
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(
        f"prism: data/conversations.jsonl not found in {tmp_path}/prism or the cache "
    )


def test_a_download_needs_the_terms_once(tmp_path, monkeypatch):
    monkeypatch.setenv("VALUEGAUGE_DATA", str(tmp_path))
    with pytest.raises(TermsError, match="^prism has terms: you do not try to find out who"):
        load_prism()


def test_files_with_the_cards_hashes_are_read_and_their_counts_noted(
    release: Path, tmp_path: Path, monkeypatch
):
    from dataclasses import replace

    from ratings.prism import prism
    from ratings.sources.cards import CardFile

    put(tmp_path, release)
    monkeypatch.setenv("VALUEGAUGE_DATA", str(tmp_path))
    card = load_card("prism")
    groups = {
        group: tuple(
            CardFile(file.path, sha256=content_digest(tmp_path / "prism" / file.path, "sha256"))
            for file in card.groups[group]
        )
        for group in ("survey", "conversations", "utterances", "mappings")
    }
    monkeypatch.setattr(prism, "load_card", lambda _: replace(card, groups=groups))
    read = load_prism()
    assert "people: found 30, the card says 1500" in read.notes
    unseen = read.survey["lm_frequency_use"].isna().sum()
    assert f"survey: {unseen} rows lack lm_frequency_use, the codebook says 247" in read.notes
    found = [note for note in read.notes if "the card says" in note]
    assert len(found) == 8  # the sample has as many models as the card says
