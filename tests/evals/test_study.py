import json
from pathlib import Path

import pandas as pd
import pytest
from inspect_ai.log import list_eval_logs

from evals.cli import main
from evals.indie_value_studies import NUMBERS, STUDIES, WITH, square
from evals.study import read_study
from ratings.indie_value import load_catalog

FEW = ["--data", "sample", "--people", "3", "--probe", "1"]


def typed(capsys, *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        main(["study", *arguments])
    printed = capsys.readouterr()
    return int(caught.value.code or 0), printed.out, printed.err


def logs(folder: Path) -> list[str]:
    return sorted(info.name for info in list_eval_logs(str(folder)))


def test_forms_is_run_drawn_and_not_run_again(tmp_path: Path, capsys):
    command = ["forms", "--model", "respondent/0.7", *FEW, "--out", str(tmp_path / "forms")]
    code, out, err = typed(capsys, *command)
    assert code == 0, err
    assert "refined against polar statements shown (Table 11)" in " ".join(out.split())
    made = logs(tmp_path / "forms" / "logs")
    assert len(made) == 2
    table = pd.read_csv(tmp_path / "forms" / "forms.csv", index_col=0)
    assert list(table.index) == ["polar", "refined"]
    for name in ("accuracy", "probe 1"):
        assert (table[f"{name} low"] <= table[name]).all()
        assert (table[name] <= table[f"{name} high"]).all()
    assert table.loc["refined", "against"] == "polar"
    # The reader does not look at what is shown, so refined statements add nothing.
    assert table.loc["refined", "difference"] == 0
    assert (tmp_path / "forms" / "forms.png").read_bytes().startswith(b"\x89PNG")
    code, out, _ = typed(capsys, *command, "--json")
    assert code == 0
    assert [row["demonstrations"] for row in json.loads(out)] == ["polar", "refined"]
    assert logs(tmp_path / "forms" / "logs") == made


def test_every_study_runs_draws_and_goes_on_where_it_stopped(tmp_path: Path, capsys):
    out = tmp_path / "study"
    command = ["demonstrations", "--model", "respondent/0.6", *FEW, "--out", str(out)]
    code, _, err = typed(capsys, *command)
    assert code == 0, err
    made = logs(out / "logs")
    assert len(made) == 10
    table = pd.read_csv(out / "demonstrations.csv", index_col=0)
    assert list(table.index) == [
        *map(str, NUMBERS),
        *(f"{number}{WITH}" for number in NUMBERS),
    ]
    Path(made[3].removeprefix("file://")).unlink()
    assert typed(capsys, *command)[0] == 0
    again = logs(out / "logs")
    assert len(again) == 10
    assert len(set(again) & set(made)) == 9


def test_categories_is_a_square(tmp_path: Path, capsys):
    out = tmp_path / "categories"
    few = ["--data", "sample", "--people", "1", "--probe", "1"]
    code, printed, err = typed(
        capsys, "categories", "--model", "respondent/1.0", *few, "--out", str(out)
    )
    assert code == 0, err
    table = pd.read_csv(out / "categories.csv", index_col=0)
    names = load_catalog("sample").categories
    assert list(zip(table.index, table["asked"], strict=True)) == [
        (shown, asked) for shown in names for asked in names
    ]
    assert (table["accuracy"] == 100).all()
    assert (square(table) == 100).all(axis=None)
    assert all(name in printed for name in names)
    assert (out / "categories.png").is_file()


def test_an_incomplete_study_says_so_and_writes_nothing(tmp_path: Path, capsys, monkeypatch):
    from evals import study

    monkeypatch.setattr(study, "eval_set", lambda **options: None)
    out = tmp_path / "forms"
    code, printed, err = typed(
        capsys, "forms", "--model", "respondent/0.7", *FEW, "--out", str(out)
    )
    assert (code, printed) == (4, "")
    assert "study forms: 2 of 2 runs are not complete (polar, refined)" in err
    assert not (out / "forms.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["frms", "--model", "x"], 2, "'frms' is not one of"),
        (["forms"], 2, "Missing option '--model'"),
        ([], 2, "Choose from: demonstrations, forms, categories"),
        (["forms", "--model", "x", "--data", "smaple"], 2, "unknown value for data 'smaple'"),
        (
            ["forms", "--model", "respondent/0.7", "--data", "sample", "--people", "0"],
            2,
            "0 is not in",
        ),
        (["forms", "--model", "respondent/5", *FEW], 3, "accuracy must be a number from 0 to 1"),
        (["forms", "--model", "respondent/powr", *FEW], 2, "nearest first): power, "),
        (["forms", "--model", "nobody/x", *FEW], 3, "nobody"),
    ],
)
def test_wrong_options_are_told_in_one_line(arguments, code, told, capsys, tmp_path):
    found, _, err = typed(capsys, *arguments, "--out", str(tmp_path))
    assert found == code
    assert told in err
    assert "Traceback" not in err


def test_variations_differ_in_what_they_ask():
    for study in STUDIES.values():
        variations = study.variations("sample")
        assert len({json.dumps(v.arguments) for v in variations}) == len(variations)
        assert len({v.label for v in variations}) == len(variations)


def test_a_run_that_fails_leaves_an_incomplete_study(tmp_path: Path, capsys):
    """A respondent that cannot answer this benchmark: every sample fails."""
    few = ["--data", "sample", "--people", "1", "--probe", "1"]
    code, _, err = typed(
        capsys, "forms", "--model", "respondent/benevolence", *few, "--out", str(tmp_path)
    )
    assert code == 4
    assert "2 of 2 runs are not complete" in err


def test_a_folder_of_another_study_is_refused(tmp_path: Path, capsys):
    command = ["forms", *FEW, "--out", str(tmp_path)]
    assert typed(capsys, *command, "--model", "respondent/0.7")[0] == 0
    code, _, err = typed(capsys, *command, "--model", "respondent/0.8")
    assert code == 3
    assert "holds the log of another run (respondent/0.7" in err
    assert "with --out" in err


def test_a_folder_with_another_survey_or_prompt_is_refused(tmp_path: Path, capsys, monkeypatch):
    from ratings.survey_source import load_survey

    command = ["forms", *FEW, "--out", str(tmp_path / "out"), "--model", "respondent/0.7"]
    assert typed(capsys, *command)[0] == 0
    monkeypatch.setitem(load_survey("sample").__dict__, "digest", "of other people")
    code, _, err = typed(capsys, *command)
    assert code == 3
    assert "holds runs with another survey than the one at hand" in err
    (tmp_path / "file").write_text("")
    code, _, err = typed(capsys, *command[:-4], "--out", str(tmp_path / "file"), *command[-2:])
    assert (code, err.count("\n")) == (3, 1)
    assert "is a file; --out needs a folder" in err


def test_the_default_folder_is_the_models(tmp_path: Path, capsys, monkeypatch):
    monkeypatch.setattr("evals.study_command.resolve_from_start", lambda path: tmp_path / path)
    assert typed(capsys, "forms", "--model", "respondent/0.7", *FEW)[0] == 0
    assert (tmp_path / "studies" / "forms" / "respondent-0.7" / "forms.csv").is_file()


def test_logs_of_another_model_are_not_mixed_in(tmp_path: Path, capsys):
    command = ["forms", *FEW, "--out", str(tmp_path)]
    assert typed(capsys, *command, "--model", "respondent/0.7")[0] == 0
    common = {"data": "sample", "people": 3, "probe": "1", "seed": 0}
    variations = STUDIES["forms"].variations("sample")
    assert set(read_study(variations, common, "respondent/0.7", tmp_path / "logs")) == {
        "polar",
        "refined",
    }
    assert read_study(variations, common, "respondent/0.8", tmp_path / "logs") == {}
