"""The study of participants: on the sample, on other ratings, and on data that say little."""

import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from evals.cli.main import main
from evals.studies.findings import Finding, findings_json, show_findings, write_findings
from evals.studies.participants.census import COUNTRIES, compared, eligible
from evals.studies.participants.flags import EVERY, HUMAN, MODEL, flag_findings
from evals.studies.participants.people import demographics
from evals.studies.participants.raters import rater_findings
from evals.studies.participants.registry import read_registry, registry
from evals.studies.participants.settings import ParticipantSettings
from evals.studies.participants.study import participant_findings, study_facts
from evals.studies.participants.texts import lengths, ngrams, prism_texts
from ratings.data_sets.registry import load_data_set
from ratings.errors import DataError
from ratings.output.console import make_console
from ratings.prism.container import Prism
from ratings.prism.prism import PARTS, load_prism
from ratings.prism.release import write_release
from ratings.sources.cards import load_card

FEW = ParticipantSettings(replicates=100)


@pytest.fixture(scope="module")
def prism() -> Prism:
    return load_prism("sample", people=80, parts=PARTS)


@pytest.fixture(scope="module")
def findings(prism: Prism) -> dict[str, Finding]:
    return {one.name: one for one in participant_findings(prism, FEW)}


def test_counts_are_those_of_the_data(prism, findings):
    people = findings["participants"].table.set_index("people who")["people"]
    talked = prism.conversations["user_id"].nunique()
    assert people.tolist()[:3] == [80, talked, 80 - talked]
    genders = findings["demographics"].table.query("question == 'gender'").set_index("answer")
    for gender, count in prism.survey["gender"].value_counts().items():
        assert genders.loc[gender, "people"] == count
        assert genders.loc[gender, "share"] == count / 80
    born = findings["geography"].table.set_index("country")["people born"]
    assert born.sum() == 80
    assert born["Germany"] == prism.survey["location_birth_country"].eq("Germany").sum()


def test_uses_are_shares_of_those_who_saw_the_question(prism, findings):
    asked = prism.survey["lm_frequency_use"].notna().sum()
    assert 0 < asked < 80
    table = findings["use_cases"].table.set_index("use")
    assert table["answered"].eq(asked).all()
    assert table["missing"].eq(80 - asked).all()
    ticked = prism.survey["lm_usecases_research"].sum()
    assert table.loc["research", "share"] == ticked / asked
    frequency = findings["lm_use"].table.query("question == 'frequency of use'")
    assert frequency["share"].sum() == pytest.approx(1)
    assert frequency["share of all"].sum() == pytest.approx(asked / 80)


def test_what_people_did_is_counted_over_those_who_did_something(prism, findings):
    table = findings["conversations"].table.set_index("what")
    by_person = prism.conversations["user_id"].value_counts()
    row = table.loc["conversations of a person"]
    assert row["people"] == len(by_person)
    assert row["mean"] == pytest.approx(by_person.mean())
    assert row["sd"] == pytest.approx(by_person.std())
    assert row["mean low"] < row["mean"] < row["mean high"]
    raters = prism.utterances.groupby("model_name", observed=True)["user_id"].nunique()
    models = findings["models"].table.set_index("model")
    assert models["raters"].sum() == raters.sum()
    # each pair of a person and a model, counted both ways
    assert table.loc["models that a person rated", "mean"] * len(by_person) == pytest.approx(
        raters.sum()
    )


def test_every_share_lies_in_its_interval(findings):
    for one in findings.values():
        for column in one.table:
            if f"{column} low" in one.table:
                low, high = one.table[f"{column} low"], one.table[f"{column} high"]
                there = low.notna()
                assert (low <= one.table[column] + 1e-9)[there].all(), (one.name, column)
                assert (one.table[column] <= high + 1e-9)[there].all(), (one.name, column)


def test_missing_answers_are_missing_and_those_who_prefer_not_to_say_answered(prism):
    survey = prism.survey.copy()
    survey.loc[survey.index[:10], "gender"] = np.nan
    survey.loc[survey.index[10:15], "gender"] = "Prefer not to say"
    table = demographics(survey).table
    genders = table[table["question"].eq("gender")]
    assert genders["missing"].eq(10).all()
    assert genders["answered"].eq(70).all()
    assert genders["answer"].iloc[-1] == "Prefer not to say"
    assert (
        genders["people"].iloc[-1]
        == 5 + prism.survey["gender"].iloc[15:].eq("Prefer not to say").sum()
    )


@pytest.mark.parametrize("kind", ["one person", "nobody talks", "no metadata", "nobody"])
def test_data_that_hardly_say_anything_have_a_report(prism, kind, tmp_path, capsys):
    talks = prism.conversations["user_id"]
    silent = prism.survey.index[~prism.survey.index.isin(talks)]
    part = {
        "one person": lambda: prism.of_people([talks.iloc[0]]),
        "nobody talks": lambda: prism.of_people(silent),
        "no metadata": lambda: replace(prism, metadata=None),
        "nobody": lambda: prism.of_people([]),
    }[kind]()
    findings = list(participant_findings(part, FEW))
    facts = study_facts(part, kind, FEW)
    write_findings(tmp_path, "participants", facts, findings)
    json.dumps(findings_json(facts, findings), allow_nan=False)
    show_findings(findings, make_console())
    assert not re.search(r"\bnan\b", capsys.readouterr().out)


def test_texts_may_be_empty_long_in_any_script_or_missing(prism):
    survey = prism.survey.copy()
    odd = ["", "  ", "word " * 6_000, "日本語の文です", "twice", "twice", "=1+1", "\x00\n"]
    survey["self_description"] = pd.array([*odd, *[None] * 72], dtype="str")
    texts = {"self_description": prism_texts(replace(prism, survey=survey))["self_description"]}
    row = lengths(texts, FEW).table.iloc[0]
    assert (row["n"], row["min"], row["max"]) == (8, 0, 6_000)
    words = ngrams(texts, FEW).table
    mine = words[words["kind"].eq("words")]
    assert mine["n-gram"].iloc[0] == "word"
    assert mine.set_index("n-gram").loc["twice", ["times", "people"]].tolist() == [2, 2]


def test_a_prompt_counts_once_and_by_the_papers_way_once_a_reply(prism, findings):
    table = findings["texts"].table.set_index("text")["n"]
    assert table["user_prompt"] == prism.utterances["interaction_id"].nunique()
    assert table["user_prompt, once a reply"] == len(prism.utterances)


def test_flags_are_counted_by_kind_author_and_category(prism, findings):
    metadata = prism.metadata
    assert metadata is not None
    flags = findings["flags"].table.set_index(["texts are", "flag"])
    human = metadata["column_id"].ne("model_response")
    assert flags.loc[(HUMAN, "personal details"), "flagged"] == metadata["pii_flag"][human].sum()
    assert (
        flags.loc[("user_prompt", "English"), "texts"]
        == prism.utterances["interaction_id"].nunique()
    )
    # by models, nothing was checked by hand
    assert flags.loc[(MODEL, "personal details, checked by hand"), "texts"] == 0
    accused = findings["moderation"].table.set_index(["texts are", "category"])["flagged"]
    assert accused[EVERY].sum() == flags.loc[(EVERY, "moderation"), "flagged"]  # one each, as made
    assert (accused[HUMAN] + accused[MODEL] == accused[EVERY]).all()


def test_metadata_may_lack_what_a_tool_did_not_say(prism):
    metadata = prism.metadata.copy()
    metadata["moderation_flag"] = None
    metadata["language_flag"] = metadata["language_flag"].mask(np.arange(len(metadata)) % 2 == 0)
    _, moderation, languages = flag_findings(metadata, FEW)
    assert moderation.table.empty
    assert languages.table.set_index("texts are").loc[EVERY, "texts"] == len(metadata) // 2


def test_people_are_compared_with_the_census(prism, mirror):
    for country in COUNTRIES:
        one = compared(prism.survey, country, FEW)
        here = eligible(prism.survey, country)
        assert one.table["have"].sum() == len(here)
        assert one.table["needed"].sum() == pytest.approx(300)
        assert one.table["draw"].sum() <= one.table["have"].sum()
        assert f"{len(here)} people are eligible" in one.sentence
        assert here.notna().all(axis=None)


def test_without_the_files_of_the_census_and_the_registry_a_line_says_so(prism, no_data):
    one = compared(prism.survey, "UK", FEW)
    assert one.sentence.startswith("Not compared: ")
    assert one.table.empty
    assert registry(replace(prism, card=load_card("prism"))).sentence.startswith("Not known: ")


def test_a_file_that_is_no_registry_is_refused(tmp_path):
    (tmp_path / "models.jsonl").write_text('{"short_name": "a"}\n')
    with pytest.raises(DataError, match=r"models\.jsonl is not a registry"):
        read_registry(tmp_path / "models.jsonl")


def test_any_rating_data_set_has_the_tables_that_its_columns_allow():
    data, _ = load_data_set("planted")
    findings = {one.name: one for one in rater_findings(data, FEW)}
    assert findings["ratings"].table["mean"].iloc[0] == pytest.approx(
        len(data.table) / len(data.table.raters)
    )
    regions = findings["demographics"].table.set_index("answer")["people"]
    assert regions.to_dict() == data.table.raters["region"].value_counts().to_dict()
    measured = findings["measured"].table.set_index("column")["mean"]
    for column in data.measured["stances"]:
        assert measured[column] == pytest.approx(data.table.raters[column].mean())
    assert findings["texts"].table["n"].tolist() == [len(data.table.raters)]


def typed(capsys, *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    with pytest.raises(SystemExit) as caught:
        main(["study", "participants", *arguments])
    printed = capsys.readouterr()
    return int(caught.value.code or 0), printed.out, printed.err


def test_the_command_writes_tables_pictures_and_json(capsys, tmp_path, prism):
    write_release(prism, tmp_path / "release")
    code, out, err = typed(
        capsys, "--data", str(tmp_path / "release"), "--replicates", "50",
        "--out", str(tmp_path / "out"), "--json",
    )  # fmt: skip
    assert code == 0, err
    read = json.loads(out)
    assert (read["study"], read["people"], read["metadata"]) == ("participants", 80, True)
    assert json.loads((tmp_path / "out" / "participants.json").read_text()) == read
    assert all((tmp_path / "out" / f"{one['name']}.csv").is_file() for one in read["findings"])
    assert (tmp_path / "out" / "demographics.png").is_file()


def test_a_folder_without_metadata_has_the_other_tables(capsys, tmp_path, prism):
    write_release(prism.of_people(prism.survey.index[:20]), tmp_path / "release")
    (tmp_path / "release" / "metadata.jsonl").unlink()
    code, out, err = typed(
        capsys, "--data", str(tmp_path / "release"), "--replicates", "20",
        "--out", str(tmp_path / "out"), "--json",
    )  # fmt: skip
    assert code == 0, err
    read = json.loads(out)
    assert (read["people"], read["metadata"]) == (20, False)
    assert "flags" not in {one["name"] for one in read["findings"]}


def test_a_users_own_ratings_have_a_report(capsys, tmp_path):
    rows = ["d,w,1", *(f"{who},{what},{1 + (what == 'x')}" for who in "abc" for what in "wxyz")]
    (tmp_path / "own.csv").write_text("\n".join(["rater,instance,rating", *rows]))
    (tmp_path / "own.raters.csv").write_text("rater,gender,years\na,f,20\nb,f,30\nc,,40\nd,m,9\n")
    texts = [f"{what},text {what}" for what in "wxyz"]
    (tmp_path / "own.instances.csv").write_text("\n".join(["instance,text", *texts]))
    code, out, err = typed(
        capsys, "--data", str(tmp_path / "own.csv"), "--replicates", "20",
        "--out", str(tmp_path / "out"), "--json",
    )  # fmt: skip
    assert code == 0, err
    read = json.loads(out)
    assert (read["people"], read["ratings"]) == (3, 12)
    # a rater with too few ratings is left out, and a note says so
    assert read["notes"][0] in err
    tables = {one["name"]: one["rows"] for one in read["findings"]}
    gender = tables["demographics"][0]
    assert (gender["question"], gender["answer"], gender["people"]) == ("gender", "f", 2)
    assert (gender["share"], gender["missing"]) == (1, 1)
    years = tables["measured"][0]
    assert (years["column"], years["mean"], years["min"], years["max"]) == ("years", 30, 20, 40)


@pytest.mark.parametrize("data", ["publishd", "nowhere/at/all", "nowhere.csv"])
def test_what_a_user_mistypes_is_one_line(capsys, tmp_path, monkeypatch, data):
    monkeypatch.chdir(tmp_path)
    code, out, err = typed(capsys, "--data", data)
    assert code in (2, 3)
    assert out == ""
    assert data in err
    assert len(err.strip().splitlines()) == 1
    assert not (tmp_path / "studies").exists()
