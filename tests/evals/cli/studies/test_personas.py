"""`valuegauge study personas` as a user runs it."""

import json
from pathlib import Path

import pandas as pd
import pytest

from evals.cli.main import main
from evals.studies.personas.prompts import load_personas
from ratings.instruments.dimensions import SCHWARTZ
from ratings.sources.cards import load_card
from ratings.sources.fetch import accept
from tests.ratings.survey.made_european_social_survey import ITEMS, made_survey, written

FEW = ("--data", "sample", "--variants", "v1,v2", "--limit", "60")


def typed(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error."""
    with pytest.raises(SystemExit) as caught:
        main(["study", "personas", *arguments])
    printed = capsys.readouterr()
    return int(caught.value.code or 0), printed.out, printed.err


@pytest.fixture
def survey(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A made-up survey in which men care for power and women for security."""
    monkeypatch.delenv("VALUEGAUGE_ESS", raising=False)
    accept(load_card("european_social_survey"))
    effects = {("gndr", 1): {"Power": 0.8}, ("gndr", 2): {"Security": 0.8}}
    return written(made_survey(300, effects=effects), tmp_path)


def model(tmp_path: Path, follows: float) -> list[str]:
    """A model with people's views of men and women, in some size."""
    text = {one.name: one.text for one in load_personas(groupings=["gender"])}
    wanted = {
        text["Male"]: dict.fromkeys(SCHWARTZ, 0.0) | {"Power": 0.35, "Security": -0.35},
        text["Female"]: dict.fromkeys(SCHWARTZ, 0.0) | {"Power": -0.35, "Security": 0.35},
    }
    profiles = tmp_path / "profiles.json"
    profiles.write_text(json.dumps(wanted), encoding="utf-8")
    return [
        *("--model", "respondent/personas", "-M", f"profiles={profiles}"),
        *("-M", "noise=0.4", "-M", f"follows={follows}", *FEW),
    ]


def test_a_model_that_follows_is_compared_with_a_survey(tmp_path: Path, capsys, survey: str):
    out = tmp_path / "out"
    command = [*model(tmp_path, 1.0), "--groupings", "Gender", "--ess", survey]
    code, printed, err = typed(capsys, *command, "--country", "DE", "--out", str(out))
    assert code == 0, err
    assert "3 runs, 360 calls, cost in US dollars 0 (local)" in err
    said = " ".join(printed.split())
    assert " Made-up items: a sample. Does the model follow, ignore or exaggerate" in said
    assert said.startswith(json.loads((out / "personas.json").read_text())["finding"])
    assert "European Social Survey round 11, edition 4.1, DE: 300 people (Han et al." in said
    assert "There are no human figures for traits" in said
    table = pd.read_csv(out / "amplification.csv")
    assert table[["grouping", "scope", "groups"]].to_numpy().tolist() == [
        ["Gender", "on these items", 2],
        ["Gender", "beyond these items", 2],
    ]
    assert (table["slope low"] > 0.3).all()
    assert table["slope"].between(table["slope low"], table["slope high"]).all()
    every = pd.read_csv(out / "differences.csv")
    assert len(every) == 20
    male = every[every["group"] == "Male"].set_index("score")
    assert male.loc["Power", "people low"] > 0
    assert male.loc["Security", "people high"] < 0
    found = json.loads((out / "personas.json").read_text(encoding="utf-8"))
    assert found["synthetic"]
    assert found["human"].endswith("edition 4.1, DE")
    assert (out / "profile_1_gender.png").read_bytes().startswith(b"\x89PNG")

    code, printed, err = typed(capsys, *command, "--country", "DE", "--out", str(out), "--json")
    assert code == 0, err  # read off the logs
    assert json.loads(printed)["findings"] == found["findings"]


def test_groups_without_human_figures_are_not_compared(tmp_path: Path, capsys):
    personas = tmp_path / "personas.yaml"
    personas.write_text("Pets: {Cat: You have a cat., Dog: You have a dog.}", encoding="utf-8")
    command = ["--model", "respondent/power", "--personas", str(personas), *FEW]
    code, printed, err = typed(capsys, *command, "--out", str(tmp_path / "out"))
    assert code == 0, err
    said = " ".join(printed.split())
    assert "Not compared: there are no human figures for two groups of any grouping asked." in said
    assert "no human figures: Pets" in said
    assert "There are no human figures for Pets." in said
    assert (tmp_path / "out" / "profile_1_pets.png").is_file()


def test_the_printed_tables_are_compared(tmp_path: Path, capsys):
    code, printed, err = typed(capsys, "--published", "--out", str(tmp_path / "out"))
    assert code == 0, err
    said = " ".join(printed.split())
    assert "differences between groups are 0.19 times as large in GPT-4o as in people" in said
    assert "31 of 34 do; not quite: people: Self-Direction falls with age" in said
    pictures = sorted(path.name for path in (tmp_path / "out").glob("*.png"))
    assert pictures == [
        "profile_1_gender.png",
        "profile_2_age.png",
        "profile_3_political_orientation.png",
        "profile_4_education.png",
        "profile_5_race.png",
        "profile_6_religion.png",
        "profile_7_income.png",
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ([], 2, "say who answers with --model, or take --published"),
        (["--published", "--model", "respondent/power"], 2, "--published asks nobody"),
        (["--model", "respondent/power", "--groupings", ","], 2, "--groupings takes names"),
        (["--model", "respondent/power", "--groupings", "Sex"], 2, "unknown grouping of personas"),
        (["--model", "respondent/power", "--personas", "no.yaml"], 3, "there is no file of system"),
        (["--model", "respondent/power", "--ess", "no.csv"], 3, "no.csv is not there; give its"),
        (["--model", "respondent/power", "--country", "DE"], 3, "no European Social Survey was"),
        (["--model", "respondent/power", "-M", "noise"], 2, "-M takes NAME=VALUE"),
    ],
)
def test_what_makes_no_sense_is_said_in_one_line(arguments, code, message, capsys, monkeypatch):
    monkeypatch.delenv("VALUEGAUGE_ESS", raising=False)
    found, out, err = typed(capsys, *arguments)
    assert (found, out, len(err.splitlines())) == (code, "", 1), err
    assert message in err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Gender: {Male: ''}", "Gender.Male: must be text that is not blank"),
        ("Gender: [Male]", "Gender: must be a mapping"),
        ("Gender: {Male: x, Male: y}", "the key 'Male' is listed twice"),
        ("", "the file is empty"),
    ],
)
def test_a_file_that_is_not_one_of_personas_is_refused(text, message, tmp_path: Path, capsys):
    path = tmp_path / "personas.yaml"
    path.write_text(text, encoding="utf-8")
    code, _, err = typed(capsys, "--model", "respondent/power", "--personas", str(path))
    assert (code, len(err.splitlines())) == (2, 1)
    assert message in err


def test_a_survey_without_value_items_is_refused_by_name(tmp_path: Path, capsys, survey: str):
    command = ("--model", "respondent/power", "--ess", survey)
    code, _, err = typed(capsys, *command, "--country", "Germany")
    assert (code, len(err.splitlines())) == (2, 1)
    assert "unknown country of ESS11e04_1.csv 'Germany'" in err
    written(made_survey(20).drop(columns=list(ITEMS)), tmp_path)
    code, _, err = typed(capsys, *command)
    assert (code, len(err.splitlines())) == (3, 1)
    assert "lacks the value items ipcrtiva, impricha, ipeqopta and 18 more" in err
