"""The study of preferences: on the sample, and on data that hardly say anything."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from evals.cli.main import main
from evals.reports.picture import picture
from evals.studies.findings import Finding, show_findings, write_findings
from evals.studies.preferences import firmness
from evals.studies.preferences.draw import draw_ranks
from evals.studies.preferences.settings import GROUPINGS, PreferenceSettings
from evals.studies.preferences.study import preference_findings, study_facts, subset_of
from ratings.errors import DataError
from ratings.output.console import make_console
from ratings.prism.container import Prism
from ratings.prism.prism import load_prism
from ratings.prism.release import write_release
from scorers.preferences.replies import ScoredReplies

PRISM_READER = "ratings.prism.prism.load_prism"
FEW = PreferenceSettings(replicates=100, permutations=199, least=10)


@pytest.fixture(scope="module")
def prism() -> Prism:
    return load_prism("sample", people=150)


@pytest.fixture(scope="module")
def findings(prism: Prism) -> dict[str, Finding]:
    return {one.name: one for one in preference_findings(prism, FEW)}


def with_scores(prism: Prism, scores: "pd.Series[float]") -> Prism:
    return replace(prism, utterances=prism.utterances.assign(score=scores))


def test_every_question_has_an_answer_with_intervals(findings):
    assert set(findings) == {
        "ranks", "ranks_by_aggregation", "ranks_by_conversation_type",
        *(f"ranks_by_{column}" for column in GROUPINGS),
        "ranks_by_threshold", "ranks_by_regularisation", "ranks_by_subset", "cohorts",
        "explained", "chosen", "scores_by_turn", "use_of_scale", "scores_by_group",
        "frequencies", "pairs", "stated_and_choice", "attributes",
    }  # fmt: skip
    for name, column in (
        ("ranks", "score"), ("ranks_by_conversation_type", "difference"),
        ("ranks_by_gender", "difference"), ("explained", "points"), ("chosen", "share"),
        ("scores_by_turn", "mean"), ("use_of_scale", "value"), ("frequencies", "wins"),
        ("stated_and_choice", "correlation"), ("attributes", "value"),
    ):  # fmt: skip
        table = findings[name].table
        low, value, high = (table[f"{column}{end}"] for end in (" low", "", " high"))
        assert low.notna().mean() > 0.9, name
        assert (low.le(value) & value.le(high))[low.notna()].mean() > 0.9, name


def test_the_planted_order_and_effects_are_found(prism, findings):
    ranked = findings["ranks"].table.set_index("model")["score"]
    worth = pd.Series(prism.truth.worth, list(prism.truth.models))
    assert ranked.corr(worth, method="kendall") > 0.6
    table = findings["explained"].table.set_index("feature")
    for feature, effect in (("if_line_breaks", "line_breaks"), ("text_length", "characters")):
        planted = prism.truth.text_effects[effect]
        assert np.sign(table.loc[feature, "points"]) == np.sign(planted)


def test_a_study_prints_in_a_narrow_terminal_and_as_json(findings, prism, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    show_findings(list(findings.values()), make_console())
    lines = capsys.readouterr().out.splitlines()
    # the sentence, first, is one line where it is piped
    assert max(map(len, lines[1:])) <= 80
    text = json.dumps([one.as_json() for one in findings.values()], allow_nan=False)
    assert len(json.loads(text)) == len(findings)
    facts = study_facts(prism, "sample", FEW)
    assert (facts["synthetic"], facts["seed"], facts["people"]) == (True, 0, 150)


def test_most_scores_may_be_missing_as_long_as_battles_connect_the_models(prism):
    drawn = np.random.default_rng(1).random(len(prism.utterances))
    found = list(
        preference_findings(with_scores(prism, prism.utterances["score"].mask(drawn < 0.6)), FEW)
    )
    assert found[0].table["score"].notna().all()
    with pytest.raises(DataError, match="cannot be compared"):
        list(
            preference_findings(
                with_scores(prism, prism.utterances["score"].mask(drawn < 0.95)), FEW
            )
        )


def test_people_with_one_conversation_are_enough(prism):
    once = prism.utterances.groupby("user_id")["conversation_id"].transform("first")
    kept = prism.utterances[prism.utterances["conversation_id"].eq(once)]
    single = replace(prism, utterances=kept)
    found = {one.name: one for one in preference_findings(single, replace(FEW, subset="all"))}
    assert len(found["ranks"].table) == len(prism.truth.models)


@pytest.mark.parametrize("score", [50.0, np.nan])
def test_scores_that_say_nothing_are_refused_or_tied(prism, score, tmp_path, recwarn):
    flat = with_scores(prism, prism.utterances["score"].mul(0).add(score))
    if np.isnan(score):
        with pytest.raises(DataError, match="no battle"):
            list(preference_findings(flat, FEW))
        return
    found = {one.name: one for one in preference_findings(flat, FEW)}
    write_findings(tmp_path, "preferences", {}, list(found.values()))
    assert not [str(one.message) for one in recwarn if "layout" in str(one.message)]
    table = found["ranks"].table
    assert table["rank"].tolist() == [1] * len(table)
    assert "not shown to differ" in found["ranks_by_gender"].sentence or (
        "Not tested" in found["ranks_by_gender"].sentence
    )


def test_a_model_that_never_wins_is_last(prism):
    loser = prism.utterances["model_name"].eq("model-a")
    beaten = with_scores(prism, prism.utterances["score"].mask(loser, 1.0))
    found = next(preference_findings(beaten, FEW))
    assert found.table["model"].iloc[-1] == "model-a"


def test_models_that_no_battle_connects_are_named(prism):
    low = (
        prism.utterances["model_name"]
        .astype(str)
        .lt("model-k")
        .groupby(prism.utterances["interaction_id"])
    )
    apart = prism.utterances[low.transform("nunique").eq(1)]
    with pytest.raises(DataError, match="cannot be compared"):
        list(preference_findings(replace(prism, utterances=apart), FEW))


@pytest.mark.parametrize("threshold", [0.0, 7.0, 5.5, 99.0])
def test_any_threshold_is_compared_with_the_usual_ones(prism, threshold):
    replies = ScoredReplies.of(prism.openers())
    found = firmness.thresholds(replies, replace(FEW, threshold=threshold))
    assert f"{threshold:g}" in found.table.columns
    assert f"Kendall's tau with {threshold:g} is" in found.sentence


def test_ranks_are_drawn_where_the_first_setting_has_none(tmp_path):
    ranks = pd.DataFrame({"0": [np.nan, np.nan], "5": [1.0, 2.0]}, ["a", "b"])
    with picture(tmp_path / "ranks.png") as axes:
        draw_ranks(axes, ranks)
    assert (tmp_path / "ranks.png").stat().st_size > 0


def test_elo_ranks_though_its_differences_cannot_be_tested(prism):
    settings = replace(FEW, aggregation="elo", replicates=20)
    found = {one.name: one for one in preference_findings(prism, settings)}
    assert len(found["ranks"].table) == len(prism.truth.models)
    assert found["ranks_by_conversation_type"].sentence.startswith("Not tested: elo")
    assert found["ranks_by_gender"].sentence.startswith("Not tested: elo")


def test_conversations_of_one_type_are_ranked_but_not_compared(prism):
    kept = prism.utterances["conversation_type"].eq("unguided")
    talks = prism.conversations["conversation_type"].eq("unguided")
    alone = replace(
        prism, utterances=prism.utterances[kept], conversations=prism.conversations[talks]
    )
    found = {one.name: one for one in preference_findings(alone, FEW)}
    assert found["ranks_by_conversation_type"].sentence.startswith("Not tested")
    assert found["ranks"].table["score"].notna().all()


def test_a_model_that_some_type_of_conversation_lacks_has_no_rank_in_it():
    few = load_prism("sample", people=10)
    found = {one.name: one for one in preference_findings(few, replace(FEW, least=2))}
    table = found["ranks_by_conversation_type"].table
    assert table["rank"].isna().any()
    assert table["difference"][table["rank"].isna()].isna().all()


def test_ranks_are_printed_with_their_intervals(findings, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    show_findings([findings["ranks"]], make_console())
    first = findings["ranks"].table.iloc[0]
    assert f"1 (1 to {first['rank high']})" in capsys.readouterr().out


def test_a_subset_without_conversations_is_refused(prism):
    nobody = replace(prism, survey=prism.survey.assign(included_in_UK_REP=False))
    with pytest.raises(DataError, match="UK"):
        subset_of(nobody, "UK")


def typed(capsys, *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    with pytest.raises(SystemExit) as caught:
        main(["study", "preferences", *arguments])
    printed = capsys.readouterr()
    return int(caught.value.code or 0), printed.out, printed.err


def test_the_command_writes_tables_pictures_and_json(capsys, tmp_path):
    arena = tmp_path / "arena.csv"
    rows = [
        f"{a},{b},{w}"
        for a, b in (("A1", "B1"), ("B1", "C1"), ("A1", "C1"))
        for w in ("model_a", "model_b", "tie (bothbad)", "model_a") * 20
    ]
    arena.write_text("\n".join(["model_a,model_b,winner", *rows]))
    (tmp_path / "names.yaml").write_text("A1: model-a\nB1: model-b\nC1: model-c\n")
    code, out, err = typed(
        capsys, "--data", "sample", "--people", "40", "--by", "gender", "--least", "5",
        "--replicates", "100", "--battles", str(arena), "--names", str(tmp_path / "names.yaml"),
        "--out", str(tmp_path / "out"), "--json",
    )  # fmt: skip
    assert code == 0, err
    found = json.loads(out)
    assert found["study"] == "preferences"
    assert json.loads((tmp_path / "out" / "preferences.json").read_text()) == found
    names = {one["name"] for one in found["findings"]}
    assert {"arena", "ranks_by_gender"} <= names
    assert "ranks_by_age" not in names
    assert all((tmp_path / "out" / f"{name}.csv").is_file() for name in names)
    assert all((tmp_path / "out" / f"{name}.png").is_file() for name in names)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--subset", "FR"), "FR"),
        (("--aggregation", "elo_mel"), "elo_mle"),
        (("--by", "gendre"), "gender"),
        (("--phrases", "nowhere.yaml"), "nowhere.yaml"),
        (("--battles", "nowhere.csv"), "nowhere.csv"),
        (("--data", "nowhere"), "nowhere"),
        (("--by", "self_description"), "gender"),
        (("--by", "timing_duration_s"), "education"),
        (("--threshold", "nan"), "threshold"),
        (("--names", "nowhere.yaml"), "--battles"),
        (("--data", "nowhere", "--people", "40"), "sample"),
    ],
)
def test_what_a_user_mistypes_is_one_line(capsys, tmp_path, monkeypatch, arguments, named):
    monkeypatch.chdir(tmp_path)
    asked = () if "--data" in arguments else ("--data", "sample", "--people", "40")
    code, out, err = typed(capsys, *asked, *arguments)
    assert code in (2, 3)
    assert out == ""
    assert named in err
    assert len(err.strip().splitlines()) == 1
    assert not (tmp_path / "studies").exists()


def test_a_folder_that_cannot_be_written_to_is_refused_before_anything_is_counted(
    capsys, tmp_path, monkeypatch
):
    monkeypatch.setattr(PRISM_READER, lambda *_, **__: pytest.fail("the data were read"))
    (tmp_path / "taken").write_text("mine")
    for out in (tmp_path / "taken", tmp_path / "taken" / "inner"):
        code, printed, err = typed(capsys, "--data", "sample", "--out", str(out))
        assert (code, printed) == (3, "")
        assert "taken" in err
        assert len(err.strip().splitlines()) == 1
    assert (tmp_path / "taken").read_text() == "mine"


def test_groups_of_what_is_true_or_not_have_ranks(prism):
    found = {
        one.name: one
        for one in preference_findings(
            prism, replace(FEW, groupings=("included_in_UK_REP", "lm_usecases_research"))
        )
    }
    for column in ("included_in_UK_REP", "lm_usecases_research"):
        table = found[f"ranks_by_{column}"].table
        assert set(table["group"]) == {"no", "yes"}
        assert table["rank"].notna().all()


HOSTILE = {
    "model-a": "<script>alert(1)</script>",
    "model-b": "=cmd()",
    "model-c": "x" * 300,
    "model-d": "\u202emodel-right-to-left",
    "model-e": "nul\x00name",
    "model-f": "new\nline",
    "model-g": "[bold]m[/bold]",
    "model-h": "$broken",
    "model-i": "$x_1$ \u6a21\u578b",
}


def test_names_of_models_may_be_anything(prism, tmp_path, capsys, recwarn):
    names = prism.utterances["model_name"].astype(str).replace(HOSTILE)
    odd = replace(prism, utterances=prism.utterances.assign(model_name=names))
    found = list(preference_findings(odd, replace(FEW, groupings=("gender",))))
    write_findings(tmp_path, "preferences", {}, found)
    assert not [str(one.message) for one in recwarn if "Glyph" in str(one.message)]
    assert not [str(one.message) for one in recwarn if "layout" in str(one.message)]
    show_findings(found, make_console())
    printed = capsys.readouterr().out
    assert not set("\x00\u202e") & set(printed)
    assert "[bold]m[/bold]" in printed
    assert "'=cmd()" in (tmp_path / "ranks.csv").read_text()


def test_what_nobody_said_is_told_in_words(prism):
    silent = replace(
        prism,
        survey=prism.survey.assign(
            **{name: np.nan for name in prism.survey if name.startswith("stated_prefs_")}
            | {"stated_prefs_other_text": ""}
        ),
        utterances=prism.utterances.assign(if_chosen=False),
    )
    found = {one.name: one.sentence for one in preference_findings(silent, replace(FEW, least=999))}
    assert found["chosen"] == "No turn has one chosen reply among several."
    assert found["attributes"].startswith("Nobody states what matters to them.")
    assert "at no known value" in found["stated_and_choice"]
    assert found["scores_by_group"] == "No group has 999 people with a score."


def test_what_is_not_read_of_the_data_is_noted(capsys, tmp_path):
    write_release(load_prism("sample", people=30), tmp_path / "mine")
    file = tmp_path / "mine" / "survey.jsonl"
    file.write_text(file.read_text().replace('{"user_id"', '{"shoe_size": 44, "user_id"'))
    code, _, err = typed(
        capsys,
        "--data",
        str(tmp_path / "mine"),
        "--replicates",
        "100",
        "--out",
        str(tmp_path / "o"),
    )
    assert code == 0
    assert "survey.jsonl: not in the codebook and not read: shoe_size" in err
