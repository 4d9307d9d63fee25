"""The study of topics: on the sample, on topics planted by group, on data of hardly anybody."""

import json
from dataclasses import replace

import numpy as np
import pytest

from evals.cli.main import main
from evals.studies.findings import Finding, show_findings, write_findings
from evals.studies.topics import study
from evals.studies.topics.settings import BASES, TopicSettings
from evals.studies.topics.study import study_facts, topic_findings
from ratings.errors import DataError
from ratings.output.console import make_console
from ratings.prism.container import Prism
from ratings.prism.prism import load_prism
from tests.evals.topics.test_clusters import corpus
from tests.evals.topics.test_names import saying

FEW = TopicSettings(replicates=100, draws=3)


@pytest.fixture(scope="module")
def prism() -> Prism:
    return load_prism("sample", people=150)


def found_in(prism: Prism, tmp_path, settings: TopicSettings = FEW) -> dict[str, Finding]:
    return {one.name: one for one in topic_findings(prism, settings, tmp_path / "logs")}


def with_prompts(prism: Prism, prompts: list[str]) -> Prism:
    return replace(prism, conversations=prism.conversations.assign(opening_prompt=prompts))


@pytest.fixture(scope="module")
def findings(prism, tmp_path_factory) -> dict[str, Finding]:
    return found_in(prism, tmp_path_factory.mktemp("study"))


def test_every_question_has_an_answer_with_intervals(findings, prism):
    assert list(findings) == [
        "topics", "prevalence", "over_representation", "regressions", "neighbourhoods",
        "field_sites", "repeats",
    ]  # fmt: skip
    for name, column in (
        ("topics", "stability"), ("over_representation", "by people"),
        ("over_representation", "by texts"), ("regressions", "value"),
    ):  # fmt: skip
        table = findings[name].table.dropna(subset=[f"{column} low", f"{column} high"])
        assert len(table), (name, column)
        assert (table[f"{column} low"].le(table[column] + 1e-9)).all()
        assert (table[f"{column} high"].ge(table[column] - 1e-9)).mean() > 0.95
    topics = findings["topics"].table
    assert topics["prompts"].sum() <= len(prism.conversations)
    assert topics["stability"].between(0, 1).all()
    groups = findings["over_representation"].table.groupby("grouping")["group"].unique()
    assert set(groups.index) == {*BASES, "conversation_type"}
    assert "Prefer not to say" not in np.concatenate(groups.to_list())
    assert (findings["over_representation"].table["group people"] >= FEW.least).all()
    tested = findings["regressions"].table
    assert not tested["group"].isin([*BASES.values(), "unguided"]).any()
    assert len(tested) % len(topics) == 0


def test_a_study_prints_in_a_narrow_terminal_and_is_written_whole(
    findings, prism, capsys, monkeypatch, tmp_path
):
    monkeypatch.setenv("COLUMNS", "80")
    show_findings(list(findings.values()), make_console())
    lines = capsys.readouterr().out.splitlines()
    # the sentence, first, is one line where it is piped
    assert max(map(len, lines[1:])) <= 80
    facts = study_facts(prism, "sample", FEW)
    write_findings(tmp_path, "topics", facts, list(findings.values()))
    assert {path.name for path in tmp_path.iterdir()} == {
        "topics.json", "topics.csv", "topics.png", "prevalence.csv", "prevalence.png",
        "over_representation.csv", "regressions.csv", "neighbourhoods.csv", "neighbourhoods.png",
        "field_sites.csv", "repeats.csv",
    }  # fmt: skip
    written = json.loads((tmp_path / "topics.json").read_text())
    assert (written["seed"], written["model"], written["synthetic"]) == (0, "tfidf", True)


def test_a_topic_planted_for_a_group_is_found(prism, tmp_path):
    """Women write on the first topic four times as often as men; ages do not differ."""
    texts, topic = corpus(4_000, seed=1)
    rng = np.random.default_rng(2)
    gender = prism.survey["gender"].astype(str)[prism.conversations["user_id"]].to_numpy()
    chances = np.where(gender == "Female", 0.57, 0.25)
    wanted = np.where(rng.random(len(gender)) < chances, 0, rng.integers(1, 4, len(gender)))
    pools = [np.flatnonzero(topic == t) for t in range(4)]
    prompts = [texts[rng.choice(pools[t])] for t in wanted]
    found = found_in(with_prompts(prism, prompts), tmp_path, replace(FEW, smallest=40))
    names = found["topics"].table["topic"]
    assert len(names) == 4
    factors = found["over_representation"].table.set_index(["group", "topic"])["by texts low"]
    (planted,) = [name for name in names if factors["Female", name] > 1]
    tested = found["regressions"].table
    holm = tested.set_index(["grouping", "group", "topic"])["clustered p holm"]
    assert holm["gender", "Female", planted] < 0.01
    assert holm[holm.index.get_level_values("grouping") != "gender"].dropna().ge(0.01).all()


def test_a_model_names_topics(prism, tmp_path, monkeypatch):
    monkeypatch.setattr(study, "build_model", lambda choice: saying("Dogs", "Some Subject"))
    found = found_in(prism, tmp_path, replace(FEW, name_with="mockllm/model"))
    names = found["topics"].table["topic"]
    assert names[0] == "Some Subject"
    assert names[1] == "Some Subject (2)"
    assert set(found["regressions"].table["topic"]) == set(names)


def test_odd_texts_are_of_a_topic_or_of_none(prism, tmp_path):
    prompts = prism.conversations["opening_prompt"].tolist()
    prompts[:6] = ["", None, "x" * 30_000, "word " * 6_000, "如何种植玫瑰", prompts[10]]
    found = found_in(with_prompts(prism, prompts), tmp_path)
    assert found["topics"].table["prompts"].sum() > 0.5 * len(prompts)


def test_one_participant_and_texts_all_the_same_are_refused_in_one_line(prism, tmp_path):
    user = prism.conversations["user_id"].iloc[0]
    for odd in (
        prism.of_people([user]),
        with_prompts(prism, ["hello"] * len(prism.conversations)),
        replace(prism, conversations=prism.conversations.iloc[:0]),
    ):
        with pytest.raises(DataError) as error:
            found_in(odd, tmp_path)
        assert "\n" not in str(error.value)


def test_one_participant_with_many_texts_has_topics_but_no_intervals(prism, tmp_path):
    user = prism.conversations["user_id"].iloc[0]
    texts, _ = corpus(len(prism.conversations))
    rows = prism.conversations.assign(user_id=user, opening_prompt=texts)
    alone = replace(prism, survey=prism.survey.loc[[user]], conversations=rows)
    found = found_in(alone, tmp_path, replace(FEW, least=2))
    assert len(found["topics"].table) > 1
    assert found["regressions"].table["clustered p"].isna().all()


def test_texts_without_a_topic_are_said_to_have_none(prism, tmp_path):
    rng = np.random.default_rng(0)
    prompts = [" ".join(rng.choice([f"word{n}" for n in range(3_000)], 8))
               for _ in range(len(prism.conversations))]  # fmt: skip
    settings = replace(FEW, smallest=200, replies=False)
    found = found_in(with_prompts(prism, prompts), tmp_path, settings)
    assert "no topic of at least 200" in found["topics"].sentence
    assert list(found) == ["topics", "neighbourhoods", "repeats"]


def test_the_command_prints_conclusions_and_json(tmp_path, capsys):
    args = ["study", "topics", "--data", "sample", "--people", "60", "--replicates", "50"]
    with pytest.raises(SystemExit) as ended:
        main([*args, "--out", str(tmp_path / "out")])
    assert ended.value.code == 0
    out = capsys.readouterr().out
    assert "fall into" in out
    assert "Made-up people" in out
    with pytest.raises(SystemExit):
        main([*args, "--out", str(tmp_path / "out"), "--json"])
    assert json.loads(capsys.readouterr().out)["findings"][0]["name"] == "topics"


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        (["--name-with", "nowhere/model"], "nowhere/model cannot be asked"),
        (["--people", "4"], "too few for topics"),
        (["--data", "nowhere"], "nowhere"),
    ],
)
def test_what_a_user_can_mend_is_said_in_one_line(extra, said, tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["study", "topics", "--data", "sample", "--smallest", "20", *extra,
              "--out", str(tmp_path)])  # fmt: skip
    assert ended.value.code not in (0, 70)
    assert said in capsys.readouterr().err
