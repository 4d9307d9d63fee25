import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from inspect_ai.log import list_eval_logs, read_eval_log

from evals.cli.main import main
from evals.cli.studies.study import NAMES
from evals.studies.indie_value import NUMBERS, STUDIES, WITH, square
from evals.studies.reasoners import TESTED
from evals.studies.sweep import run_study
from ratings.instruments.indie_value import load_catalog
from ratings.survey.demonstrations import MOST

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


def test_every_study_runs_draws_and_resumes_where_it_stopped(tmp_path: Path, capsys):
    out = tmp_path / "study"
    few = ["--data", "sample", "--people", "1", "--probe", "1"]
    command = ["demonstrations", "--model", "respondent/0.6", *few, "--out", str(out)]
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
    from evals.studies import sweep as study

    monkeypatch.setattr(study, "run_suite", lambda *asked, **options: False)
    out = tmp_path / "forms"
    code, printed, err = typed(
        capsys, "forms", "--model", "respondent/0.7", *FEW, "--out", str(out)
    )
    assert (code, printed) == (4, "")
    assert (
        "study forms: 2 of 2 runs are not complete (polar: not started; refined: not started)"
        in err
    )
    assert not (out / "forms.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["frms", "--model", "x"], 2, "No such command 'frms'"),
        (["forms"], 2, "Missing option '--model'"),
        (["forms", "--model", "x", "--data", "smaple"], 2, "unknown value for data 'smaple'"),
        (
            ["forms", "--model", "respondent/0.7", "--data", "sample", "--people", "0"],
            2,
            "0 is not in",
        ),
        (["forms", "--model", "respondent/5", *FEW], 3, "accuracy must be a number from 0 to 1"),
        (["forms", "--model", "respondent/powr", *FEW], 3, "nearest first): power, "),
        (["forms", "--model", "nobody/x", *FEW], 3, "nobody"),
    ],
)
def test_wrong_options_are_reported_in_one_line(arguments, code, message, capsys, tmp_path):
    found, _, err = typed(capsys, *arguments, "--out", str(tmp_path))
    assert found == code
    assert message in err
    assert "Traceback" not in err


def test_variations_differ_in_what_they_ask():
    for study in STUDIES.values():
        variations = study.variations("sample")
        assert len({json.dumps(v.arguments) for v in variations}) == len(variations)
        assert len({v.label for v in variations}) == len(variations)


def test_every_study_of_one_model_is_a_command():
    assert set(STUDIES) == set(NAMES)


def test_a_run_that_fails_leaves_an_incomplete_study(tmp_path: Path, capsys):
    """A respondent that cannot answer this benchmark: every sample fails, and it says why."""
    few = ["--data", "sample", "--people", "1", "--probe", "1"]
    code, _, err = typed(
        capsys, "forms", "--model", "respondent/benevolence", *few, "--out", str(tmp_path)
    )
    assert code == 4
    assert "2 of 2 runs are not complete (polar: 1 sample ended in an error" in err


def test_a_folder_with_another_survey_or_prompt_is_refused(tmp_path: Path, capsys, monkeypatch):
    from ratings.survey.source import load_survey

    command = ["forms", *FEW, "--out", str(tmp_path / "out"), "--model", "respondent/0.7"]
    assert typed(capsys, *command)[0] == 0
    monkeypatch.setitem(load_survey("sample").__dict__, "digest", "of other people")
    code, _, err = typed(capsys, *command)
    assert code == 3
    assert "with another survey than the one at hand; give this one a folder of its own" in err
    (tmp_path / "file").write_text("")
    code, _, err = typed(capsys, *command[:-4], "--out", str(tmp_path / "file"), *command[-2:])
    assert (code, err.count("\n")) == (3, 1)
    assert "is a file; --out needs a folder" in err


def test_the_default_folder_is_the_models(tmp_path: Path, capsys, monkeypatch):
    monkeypatch.setattr("evals.cli.studies.study.resolve_from_start", lambda path: tmp_path / path)
    assert typed(capsys, "forms", "--model", "respondent/0.7", *FEW)[0] == 0
    assert (tmp_path / "studies" / "forms" / "respondent-0.7" / "forms.csv").is_file()


def test_logs_of_another_model_are_not_mixed_in(tmp_path: Path):
    """Two models in one folder: each has its own runs, and what was asked is asked no more."""
    common = {"data": "sample", "people": 3, "probe": "1", "seed": 0}
    variations = STUDIES["forms"].variations("sample")
    first = run_study(variations, common, ["respondent/0.7"], tmp_path)
    made = logs(tmp_path)
    both = run_study(variations, common, ["respondent/0.7", "respondent/1.0"], tmp_path)
    assert set(made) < set(logs(tmp_path))
    assert not both.left
    found = {name: mine["polar"].accuracy["accuracy"].value for name, mine in both.reports.items()}
    assert found == {
        "respondent/0.7": first.reports["respondent/0.7"]["polar"].accuracy["accuracy"].value,
        "respondent/1.0": 1.0,
    }


def test_reasoners_are_a_grid_of_readers_and_numbers(tmp_path: Path, capsys, monkeypatch):
    """Each question in a prompt of its own; a reader that is always right beats one of 0.6."""
    few = ["--data", "sample", "--people", "2", "--probe", "1", "--out", str(tmp_path)]
    readers, numbers = ["respondent/0.6", "respondent/1.0"], (25, 200)
    monkeypatch.setattr("evals.studies.reasoners.TESTED", numbers)
    command = ["reasoners", "--model", readers[0], "--model", readers[1], *few]
    code, printed, err = typed(capsys, *command)
    assert code == 0, err
    assert all(name in printed for name in readers)
    made = logs(tmp_path / "logs")
    assert len(made) == 4
    asked = [read_eval_log(log, header_only=True).eval.task_args_passed for log in made]
    assert {one["grouping"] for one in asked} == {"each"}
    table = pd.read_csv(tmp_path / "reasoners.csv", index_col=[0, 1])
    assert list(table.index) == [(name, number) for name in readers for number in numbers]
    worse, better = (table.loc[name] for name in readers)
    assert (better["accuracy"] == 100).all()
    assert (better["against"] == readers[0]).all()
    assert worse["against"].isna().all()
    np.testing.assert_allclose(better["difference"], better["accuracy"] - worse["accuracy"])
    assert (better["difference"] > 0).all()
    assert (tmp_path / "reasoners.png").read_bytes().startswith(b"\x89PNG")


def test_the_numbers_of_figure_5_are_eight_up_to_what_everybody_answered():
    assert TESTED == (25, 50, 75, 100, 125, 150, 175, 200)
    assert TESTED[-1] == MOST


def test_a_repeated_reader_is_refused(tmp_path: Path, capsys):
    command = ["--model", "respondent/0.7", "--model", "respondent/0.7", *FEW]
    code, _, err = typed(capsys, "reasoners", *command, "--out", str(tmp_path))
    assert code == 3
    assert "is listed twice" in err
    assert not logs(tmp_path)
