"""The study of welfare: on the sample, and on data that hardly say anything."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from evals.cli.main import main
from evals.studies.findings import Finding, show_findings
from evals.studies.welfare.settings import WelfareSettings
from evals.studies.welfare.study import study_facts, welfare_findings
from ratings.errors import DataError
from ratings.output.console import make_console
from ratings.prism.container import Prism
from ratings.prism.prism import load_prism
from scorers.welfare.plan import load_plan

FEW = WelfareSettings(
    populations=("balanced",), draws=100, replicates=40, grid=(5, 100), worlds=100
)
PLAN = """
groups:
  everyone: {}
  women: {column: gender, only: [Female]}
  old: {column: age, only: [65+ years old]}
schemes:
  all_20: {pool: everyone, people: 20}
  women_20: {pool: women, people: 20}
compared_with: all_20
stakeholders: [everyone, women, old]
deciders: [women]
"""


@pytest.fixture(scope="module")
def prism() -> Prism:
    return load_prism("sample", people=150)


@pytest.fixture(scope="module")
def findings(prism: Prism) -> dict[str, Finding]:
    return found_in(prism)


def found_in(prism: Prism, settings: WelfareSettings = FEW) -> dict[str, Finding]:
    return {one.name: one for one in welfare_findings(prism, load_plan(), settings)}


def of_people(prism: Prism, people: list[str]) -> Prism:
    return prism.balanced().of_people(people)


def test_every_question_has_an_answer_with_intervals(findings):
    measured = ("enough", "gains", "outcomes", "imputed")
    assert next(iter(findings)) == "enough_balanced_rating"
    assert set(findings) == {
        *(f"{name}_balanced_{kind}" for name in measured for kind in ("rating", "choice")),
        "models_balanced", "rules_balanced",
    }  # fmt: skip
    for name, column in (
        ("enough_balanced_rating", "chance"), ("gains_balanced_choice", "gain"),
        ("outcomes_balanced_rating", "mean"), ("models_balanced", "MEANCHOICE"),
    ):  # fmt: skip
        table = findings[name].table
        low, value, high = (table[f"{column}{end}"] for end in (" low", "", " high"))
        assert low.notna().mean() > 0.9, name
        assert (low.le(value) & value.le(high))[low.notna()].all(), name


def test_the_tables_have_a_row_for_each_scheme_group_and_decider(findings):
    outcomes = findings["outcomes_balanced_rating"].table
    assert len(outcomes) == 7 * 4
    assert outcomes.loc[outcomes["scheme"].eq("rep_100"), "dominated"].isna().all()
    assert outcomes.loc[outcomes["scheme"].ne("rep_100"), "p"].notna().all()
    gains = findings["gains_balanced_rating"].table
    assert gains["decides"].nunique() == 6
    assert set(gains["stakeholder"]) >= {"everyone", "nonmale", "male"}
    enough = findings["enough_balanced_rating"].table
    assert enough["group"].iloc[0] == "every group"
    assert set(enough["people"]) == {5, 100}


def test_welfare_is_ordered_as_planted(prism):
    """More people choose better; what is worth most is what was planted to be."""
    large = load_prism("sample", people=600, seed=1)
    found = {
        one.name: one.table
        for one in welfare_findings(large, load_plan(), replace(FEW, draws=400, replicates=20))
    }
    means = found["outcomes_balanced_rating"].set_index(["group", "scheme"])["mean"]
    for group in ("everyone", "nonmale", "nonwhite", "below_45"):
        ordered = [means[group, f"rep_{people}"] for people in (10, 20, 50, 100)]
        assert np.diff(ordered).min() > -0.2
        assert ordered[-1] - ordered[0] > 0.5
    models = found["models_balanced"]
    everyone = models[models["group"].eq("everyone")].set_index("model")["MEANRATING"]
    planted = pd.Series(large.truth.worth, list(large.truth.models))
    assert everyone.corr(planted, method="kendall") > 0.8
    worst = planted.idxmin()
    assert found["rules_balanced"]["most often chosen"].ne(worst).all()


def test_a_study_prints_in_a_narrow_terminal_and_as_json(findings, prism, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    show_findings(list(findings.values()), make_console())
    lines = capsys.readouterr().out.splitlines()
    # the sentence, first, is one line where it is piped
    assert max(map(len, lines[1:])) <= 80
    assert "people" in "".join(lines)
    text = json.dumps([one.as_json() for one in findings.values()], allow_nan=False)
    assert len(json.loads(text)) == len(findings)
    facts = study_facts(prism, "sample", "paper", FEW)
    assert (facts["synthetic"], facts["seed"], facts["plan"]) == (True, 0, "paper")


def test_one_participant_is_enough_to_print(prism):
    single = of_people(prism, [str(prism.balanced().survey.index[0])])
    found = found_in(single)
    assert "Not compared" in found["gains_balanced_rating"].sentence
    assert found["enough_balanced_rating"].sentence == (
        "Not said: that needs 20 people who rated a model, in all and of some group."
    )
    assert "Not imputed" in found["imputed_balanced_rating"].sentence
    outcomes = found["outcomes_balanced_rating"]
    assert outcomes.table.groupby("group")["mean"].nunique().eq(1).all()
    assert any("Left out" in note for note in outcomes.notes)


def test_a_group_of_one_and_groups_of_nobody(prism):
    quick = replace(FEW, replicates=20, draws=20, worlds=20)
    survey = prism.survey.assign(ethnicity_simplified="White")
    survey.loc[prism.balanced().survey.index[0], "ethnicity_simplified"] = "Black"
    found = found_in(replace(prism, survey=survey), quick)
    gains = found["gains_balanced_rating"].table
    assert "nonwhite" not in set(gains["stakeholder"])
    outcomes = found["outcomes_balanced_rating"]
    assert outcomes.table["group"].eq("nonwhite").sum() == 7
    survey["ethnicity_simplified"] = "White"
    nobody = found_in(replace(prism, survey=survey), quick)
    notes = nobody["outcomes_balanced_rating"].notes
    assert any("Left out, as nobody is in them: nonwhite." in note for note in notes)


def test_a_model_that_nobody_rated_is_there_without_a_worth(prism):
    hidden = prism.utterances["model_name"].eq("model-c")
    scores = prism.utterances["score"].mask(hidden)
    found = found_in(replace(prism, utterances=prism.utterances.assign(score=scores)))
    models = found["models_balanced"].table
    assert models.loc[models["model"].eq("model-c"), "MEANRATING"].isna().all()
    assert models.loc[models["model"].eq("model-c"), "MEANCHOICE"].notna().all()


def test_scores_that_are_all_the_same_show_no_gain(prism):
    flat = prism.utterances.assign(score=50.0)
    found = found_in(replace(prism, utterances=flat))
    assert found["gains_balanced_rating"].sentence.startswith("No group is shown to gain or lose")
    outcomes = found["outcomes_balanced_rating"].table
    assert outcomes["mean"].eq(50.0).all()
    assert outcomes["dominated"].dropna().all()  # weakly, as printed
    assert outcomes["verdict"].dropna().eq("not distinguished").all()


@pytest.mark.parametrize("missing", [0.9, 0.995])
def test_most_scores_may_be_missing(prism, missing):
    drawn = np.random.default_rng(1).random(len(prism.utterances))
    scores = prism.utterances["score"].mask(drawn < missing)
    few = replace(FEW, replicates=20, draws=20, worlds=20)
    found = found_in(replace(prism, utterances=prism.utterances.assign(score=scores)), few)
    enough = found["enough_balanced_rating"]
    if missing > 0.99:  # hardly anybody rated a model
        assert enough.sentence.startswith("Not said")
        assert enough.table.empty
    else:
        assert enough.table["chance"].between(0, 1 + 1e-12).all()


def test_few_people_do_not_say_how_many_are_enough(prism):
    """Scores are noise alone, so the interval is wide; groups of hardly anybody are left out."""
    few = of_people(prism, [str(name) for name in prism.balanced().survey.index[:30]])
    scores = np.random.default_rng(0).integers(1, 101, len(few.utterances)).astype(float)
    few = replace(few, utterances=few.utterances.assign(score=scores))
    quick = replace(FEW, replicates=20, draws=20)
    enough = found_in(few, quick)["enough_balanced_rating"]
    assert enough.sentence.startswith("These data do not say how many people are enough: with ")
    every = enough.table[enough.table["group"].eq("every group")]
    assert (every["chance high"] - every["chance low"]).max() > 0.5
    (note,) = [one for one in enough.notes if one.startswith("Left out, with fewer than 20")]
    assert not set(note.split(": ")[1].strip(".").split(", ")) & set(enough.table["pool"])


def test_people_who_answered_the_survey_only_are_in_no_population(prism):
    found = found_in(prism, replace(FEW, populations=("all",), replicates=20, draws=20, worlds=20))
    talked = prism.utterances["user_id"].nunique()
    assert talked < len(prism.survey)
    assert f"to {talked} people" in found["models_all"].title


def test_an_empty_population_is_refused(prism):
    nobody = replace(prism, survey=prism.survey.assign(included_in_UK_REP=False))
    with pytest.raises(DataError, match="UK"):
        found_in(nobody, replace(FEW, populations=("UK",)))
    missing = prism.utterances.assign(score=np.nan)
    with pytest.raises(DataError, match="no reply"):
        found_in(replace(prism, utterances=missing))


def typed(capsys, *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    with pytest.raises(SystemExit) as caught:
        main(["study", "welfare", *arguments])
    printed = capsys.readouterr()
    return int(caught.value.code or 0), printed.out, printed.err


def test_the_command_writes_tables_pictures_and_json(capsys, tmp_path):
    (tmp_path / "plan.yaml").write_text(PLAN)
    code, out, err = typed(
        capsys, "--data", "sample", "--people", "120", "--population", "all", "--draws", "50",
        "--replicates", "20", "--plan", str(tmp_path / "plan.yaml"), "--margin", "8",
        "--out", str(tmp_path / "out"), "--json",
    )  # fmt: skip
    assert code == 0, err
    found = json.loads(out)
    assert (found["study"], found["margin"]) == ("welfare", 8)
    assert json.loads((tmp_path / "out" / "welfare.json").read_text()) == found
    names = {one["name"] for one in found["findings"]}
    assert "outcomes_all_rating" in names
    assert all((tmp_path / "out" / f"{name}.csv").is_file() for name in names)
    for name in ("outcomes_all_rating", "gains_all_choice", "enough_all_rating"):
        assert (tmp_path / "out" / f"{name}.png").is_file()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--population", "FR"), "FR"),
        (("--plan", "nowhere.yaml"), "nowhere.yaml"),
        (("--margin", "-1"), "-1"),
        (("--draws", "0"), "0"),
        (("--data", "nowhere"), "nowhere"),
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
